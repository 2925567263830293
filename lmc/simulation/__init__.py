"""The cycle simulator of the dataflow level."""

from lmc.simulation.result import MemoryUse, PortUse, Result, StreamUse, TaskUse
from lmc.simulation.simulator import Simulator

__all__ = [
    "MemoryUse",
    "PortUse",
    "Result",
    "Simulator",
    "StreamUse",
    "TaskUse",
]
