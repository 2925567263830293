"""Runs a module of the `ssm` dialect with numpy: float above the quantization line, integer below.

Arrays carry leading axes [T, B] of tokens and independent sequences (states carry [B]); the IR
itself is one decode step of one sequence. `docs/number-formats.md` says what the integers mean.
"""

from lmc.interpreter import float_ops, integer_linear, integer_ops, integer_state
from lmc.interpreter.generate import generate, greedy
from lmc.interpreter.program import Listener, Program, RunResult, run
from lmc.interpreter.registry import Kernel, register
from lmc.interpreter.values import BlockValue, PseudoFloatValue, Value, real_values, same_values

_IMPLEMENTATIONS = (float_ops, integer_linear, integer_ops, integer_state)
"""Modules that register the dialect's ops when they are imported."""

__all__ = [
    "BlockValue",
    "Kernel",
    "Listener",
    "Program",
    "PseudoFloatValue",
    "RunResult",
    "Value",
    "generate",
    "greedy",
    "real_values",
    "register",
    "run",
    "same_values",
]
