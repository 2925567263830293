"""Where in a plugin an error came from."""

import sys
import traceback

from lmc.cache.version import PLUGIN_PREFIX
from lmc.diagnostics import LmcError


class PluginError(LmcError):
    """A plugin has failed; the message says which, in which file and line, and how."""


def plugin_place(error: BaseException, package: str = "") -> str | None:
    """`FILE, line N` of the innermost call in a plugin that an error came through; None if none.

    Calls in the file of a plugin count, and those in a `package` that is none of lmc's.
    """
    calls = [
        (str(frame.f_globals.get("__name__", "")), f"{frame.f_code.co_filename}, line {line}")
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    foreign = package not in ("", "lmc", "xdsl")
    places = [
        place
        for module, place in calls
        if module.startswith(PLUGIN_PREFIX) or (foreign and module.split(".")[0] == package)
    ]
    return places[-1] if places else None


def module_place(name: str) -> str:
    """Where a loaded module is: the file of a plugin's; lmc and xDSL by their names."""
    own = {"lmc": "lmc's own", "xdsl": "xDSL's own"}.get(name.split(".")[0])
    return own or f"in {sys.modules[name].__file__}"


def plugin_failure(what: str, error: Exception, package: str) -> PluginError | None:
    """The error that says where in a plugin `what` has failed; None if it was not in a plugin."""
    place = plugin_place(error, package)
    if place is None:
        return None
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return PluginError(f"{what} fails in the plugin {place}: {said}")
