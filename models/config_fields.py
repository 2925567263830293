"""Typed look-ups in the JSON object of a configuration, each key accounted for.

A reader asks for what it understands, says which keys change nothing, and ends with `finish`, which
refuses the first key that nobody asked for: a configuration is understood as a whole or not at all.
"""

import math
from collections.abc import Iterable, Mapping
from typing import cast

from lmc.diagnostics import LmcError


class Fields:
    """The keys of one JSON object; every mistake is an LmcError that names the key."""

    def __init__(self, values: Mapping[str, object], prefix: str = "") -> None:
        self.values = values
        self.prefix = prefix
        self._seen: set[str] = set()

    def has(self, *keys: str) -> bool:
        """Whether any of the keys is given."""
        return any(key in self.values for key in keys)

    def get(self, key: str) -> object:
        """The value of a key as it is, None if it is not given."""
        self._seen.add(key)
        return self.values.get(key)

    def number(self, key: str, default: float | None = None) -> float:
        """A number."""
        value = self._required(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{key} is {value!r}, not a number")
        return float(value)

    def size(self, key: str, default: int | None = None) -> int:
        """A whole number above 0."""
        value = self._required(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.error(f"{key} is {value!r}, not a whole number above 0")
        return value

    def product(self, key: str, default: float, factor: str, count: int) -> int:
        """A number times `count`, what `factor` says; it must come out whole."""
        product = self.number(key, default) * count
        whole = round(product)
        if abs(product - whole) > 1e-9 * count:  # a ratio that was divided out is not exact
            raise self.error(f"{key} times {factor} is {product}, not a whole number")
        return whole

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._required(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key} is {value!r}, not true or false")
        return value

    def size_or_auto(self, key: str, auto: int) -> int:
        """A whole number above 0; `auto` if the value is "auto" or not given."""
        self._seen.add(key)
        return auto if self.values.get(key, "auto") == "auto" else self.size(key)

    def limits(self, key: str) -> tuple[float, float]:
        """A pair of numbers, (0, infinity) if it is not given."""
        value = self._required(key, (0.0, math.inf))
        if not isinstance(value, list | tuple) or len(cast("list[object]", value)) != 2:
            raise self.error(f"{key} is {value!r}, not a pair of numbers")
        low, high = (self._float(key, item) for item in cast("list[object]", value))
        return low, high

    def harmless(self, keys: Iterable[str]) -> None:
        """Keys that change nothing of what the model computes, whatever their value."""
        self._seen.update(keys)

    def only(self, key: str, supported: tuple[object, ...], advice: str = "") -> None:
        """Refuse a value that is not one of `supported`; an absent key has the first of them."""
        self._seen.add(key)
        value = self.values.get(key, supported[0])
        if not any(_same(value, one) for one in supported):
            advice = advice or f"lmc compiles {supported[0]!r}"
            raise self.error(f"{key} {value!r} is not supported; {advice}")

    def absent(self, key: str, advice: str) -> None:
        """Refuse a key that is given and not empty, zero, false or null."""
        value = self.get(key)
        if value:
            raise self.error(f"{key} {value!r} is not supported; {advice}")

    def agrees(self, key: str, other: str, value: object) -> None:
        """A key of another library: it must say what `other`, which counts, says already."""
        given = self.get(key)
        if key not in self.values or _same(_plain(given), _plain(value)):
            return
        raise self.error(
            f"{key} is {given!r}, but {other}, which counts in a configuration of this form, is "
            f"{value!r}; set {other} to what the model was trained with and remove {key}"
        )

    def finish(self, form: str) -> None:
        """Refuse the first key, by alphabet, that nobody asked for; `form` says whose they are."""
        unknown = sorted(self.values.keys() - self._seen)
        if unknown:
            key = unknown[0]
            raise self.error(
                f"the key {key!r} ({self.values[key]!r}) is not known to lmc in {form}; remove it "
                f"if it changes nothing of what the model computes"
            )

    def error(self, message: str) -> LmcError:
        """An error about this object."""
        return LmcError(f"{self.prefix}{message}")

    def _float(self, key: str, value: object) -> float:
        # transformers writes infinity as an object, because JSON has none.
        if isinstance(value, dict):
            value = cast("dict[str, object]", value).get("__float__")
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.error(f"{key} holds {value!r}, not a number")
        try:
            return float(value)
        except ValueError:
            raise self.error(f"{key} holds {value!r}, not a number") from None

    def _required(self, key: str, default: object) -> object:
        self._seen.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise self.error(f"{key} is missing")
        return value


def _plain(value: object) -> object:
    """A value without what JSON forces on it: lists for pairs, objects for infinity."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[object]", value)]
    if value == {"__float__": "Infinity"}:
        return math.inf
    return value


def _same(value: object, other: object) -> bool:
    # In Python True equals 1; a flag that is a number is not what the library meant.
    return value == other and isinstance(value, bool) == isinstance(other, bool)
