"""A reference executor of level 4: what a `dataflow.design` computes.

Written from docs/dataflow-level.md alone, in plain Python on Python's integers, slow and without
cycles: values, blocking streams, the end or the deadlock of a launch. It shares no code with the
printer or the C simulation, so that they can be held against each other. A design that
breaks a precondition, whose C++ would do anything, is an error here.
"""

from lmc.reference.design import Outcome, Waiting, execute
from lmc.reference.limits import UndefinedError

__all__ = ["Outcome", "UndefinedError", "Waiting", "execute"]
