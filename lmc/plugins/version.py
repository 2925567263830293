"""The version of the plugin API (docs/plugin-api.md), and whether a plugin is written for it."""

import sys

from lmc.diagnostics import LmcError

API_VERSION = 1
"""Grows with each change by which a plugin may stop working; what is only added leaves it."""

STATEMENT = "LMC_API_VERSION"
"""The name by which a module of a plugin states the version that it is written for."""


def check_version(module: str, plugin: str) -> None:
    """Refuse a plugin that is written for another version; one that states none is taken as it is.

    `module` is the name of a loaded module of the plugin, `plugin` what a user knows it by.
    Raises LmcError.
    """
    stated: object = vars(sys.modules[module]).get(STATEMENT, API_VERSION)
    if type(stated) is not int or stated < 1:
        raise LmcError(f"{plugin} states {STATEMENT} = {stated!r}; it is a number from 1 on")
    if stated != API_VERSION:
        newer = "a newer lmc" if stated > API_VERSION else "an older lmc, or a newer plugin,"
        raise LmcError(
            f"{plugin} is written for version {stated} of lmc's plugin API, and this lmc has "
            f"version {API_VERSION}: {newer} is needed"
        )
