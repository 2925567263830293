"""What a figure of speed or of resources is the result of: one of five labels."""

from enum import StrEnum


class Label(StrEnum):
    """What a figure is the result of. Printed as its value, the same word wherever figures are."""

    SILICON = "silicon"
    """Measured on a device."""
    RTL = "rtl"
    """From RTL: its simulation, synthesis or place and route by a tool."""
    SIMULATED = "simulated"
    """Computed by lmc's cycle simulator (docs/simulation.md)."""
    ESTIMATED = "estimated"
    """Computed by a formula; the source says which."""
    ASSUMED = "assumed"
    """Put in, not computed; the source says why this much."""


def simulated(machine: str) -> str:
    """The label of a simulation, with the name of the machine (docs/simulation.md)."""
    return f"{Label.SIMULATED}: {machine}"


def estimated(source: str) -> str:
    """The label of an estimate, with what it is computed from."""
    return f"{Label.ESTIMATED}: {source}"


def assumed(source: str) -> str:
    """The label of an assumption, with why it is made."""
    return f"{Label.ASSUMED}: {source}"


def rtl(tool: str) -> str:
    """The label of what a tool made of RTL, with the tool."""
    return f"{Label.RTL}: {tool}"
