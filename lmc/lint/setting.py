"""An example setting of the run-time scalars, for the sentences of rules."""

from collections.abc import Mapping


def for_setting(scalars: Mapping[str, int]) -> str:
    """The end of a sentence: ` for n = 2`, or nothing where there are no scalars."""
    setting = ", ".join(f"{name} = {value}" for name, value in scalars.items())
    return f" for {setting}" if setting else ""
