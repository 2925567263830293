"""What can run a model: the interpreter on float or integer IR, the emitted C++, the RTL."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from lmc.dataflow.banks import logits_of
from lmc.dataflow.clocks import design_clock
from lmc.design.folder import Design
from lmc.design.modules import design_module
from lmc.design.plugins import naming_plugins
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.ssm import FixedType
from lmc.driver.default import RAISING, integer_pipeline
from lmc.driver.pipeline import Pipeline
from lmc.interpreter import Program, generate, real_values
from lmc.interpreter.freed_memory import keep_freed_memory
from lmc.ir.levels import MODEL, QUANTIZED, SCHEDULED
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.labels import simulated
from lmc.models.tokenizer import Tokenizer
from lmc.quantization.presets import DEFAULT_PRESET

if TYPE_CHECKING:
    from lmc.models.zoo import ResolvedModel

ENGINES = ("float", "integer", "csim", "rtl")
_LEVELS = {"float": MODEL, "integer": QUANTIZED}


class Engine(Protocol):
    """Something that runs a model."""

    def generate(self, prompt: Sequence[int], count: int) -> Iterator[int]:
        """`count` greedy tokens after the prompt, each as soon as it is there."""
        ...

    @property
    def vocabulary(self) -> int:
        """The number of logits for a token."""
        ...

    def pieces(self, ids: NDArray[np.int64], length: int) -> Iterator[NDArray[np.float64]]:
        """Real values of the logits for ids [T, B], each column from a cold state.

        They come for up to `length` tokens at a time, [length, B, V].
        """
        ...


class InterpreterEngine:
    """The numpy interpreter on a module of level 1 (float) or 2 (integer)."""

    def __init__(self, program: Program):
        keep_freed_memory()
        self._program = program

    def generate(self, prompt: Sequence[int], count: int) -> Iterator[int]:
        """See `Engine`."""
        return islice(generate(self._program, prompt), count)

    @property
    def vocabulary(self) -> int:
        """See `Engine`."""
        return self._program.vocabulary

    def pieces(self, ids: NDArray[np.int64], length: int) -> Iterator[NDArray[np.float64]]:
        """See `Engine`."""
        states = None
        for start in range(0, len(ids), length):
            result = self._program.run(ids[start : start + length], states=states)
            states = result.states
            yield real_values(result.logits, result.logits_format)


class CSimEngine:
    """The emitted C++ of a design, compiled by g++."""

    def __init__(self, folder: Path, memory_seed: int | None = None):
        from lmc.backends.csim.simulate import Simulation

        self._simulation = Simulation(folder, memory_seed=memory_seed)

    def generate(self, prompt: Sequence[int], count: int) -> Iterator[int]:
        """See `Engine`."""
        return self._simulation.generate(prompt, count)

    @property
    def vocabulary(self) -> int:
        """See `Engine`."""
        return self._simulation.vocabulary

    def pieces(self, ids: NDArray[np.int64], length: int) -> Iterator[NDArray[np.float64]]:
        """See `Engine`."""
        # A launch starts from a cold state and goes to the end.
        columns = [self._simulation.logits(column) for column in ids.T]
        for start in range(0, len(ids), length):
            piece = np.stack([column[start : start + length] for column in columns], axis=1)
            yield real_values(piece.astype(np.int64), self._simulation.logits_format)


class RtlEngine:
    """The RTL of a design in Verilator, a cycle at a time."""

    def __init__(self, design: Design, plugins: Sequence[Path] = (), *, hostile: bool = False):
        from lmc.driver.rtl import RtlSimulation

        self._simulation = RtlSimulation(design, plugins)
        self._hostile = hostile
        self._clock_mhz = design_clock(self._simulation.design, design.target)

    def remark(self, prompt: int, count: int) -> str:
        """What there is to say of the time that a launch takes."""
        cycles = self._simulation.cycles(prompt, count)
        milliseconds = cycles / self._clock_mhz / 1000
        return (
            f"Verilator goes through up to {cycles:,} cycles of this launch, which takes the "
            f"design {milliseconds:,.2f} ms at {self._clock_mhz} MHz ({simulated('rtl')})"
        )

    def scoring_remark(self, length: int, count: int) -> str:
        """What there is to say of the time that the logits of `count` windows take."""
        cycles = self._simulation.scoring_cycles(length)
        return (
            f"Verilator goes through {cycles:,} cycles for each window of {length} tokens, "
            f"{count * cycles:,} in all ({simulated('rtl')})"
        )

    def generate(self, prompt: Sequence[int], count: int) -> Iterator[int]:
        """See `Engine`."""
        return self._simulation.generate(prompt, count, hostile=self._hostile)

    @property
    def vocabulary(self) -> int:
        """See `Engine`."""
        return logits_of(self._simulation.design).length.data

    def pieces(self, ids: NDArray[np.int64], length: int) -> Iterator[NDArray[np.float64]]:
        """See `Engine`."""
        kind = logits_of(self._simulation.design)
        form = FixedType.of(kind.bits.data, kind.frac.data, kind.mul.data)
        columns = [
            self._simulation.logits(column.tolist(), hostile=self._hostile) for column in ids.T
        ]
        for start in range(0, len(ids), length):
            piece = np.stack([column[start : start + length] for column in columns], axis=1)
            yield real_values(piece.astype(np.int64), form)


def design_engine(
    design: Design, name: str, plugins: Sequence[Path] = (), memory_seed: int | None = None
) -> Engine:
    """An engine for a compiled design; raises LmcError if the design lacks what it runs.

    `plugins` are the files that define ops of its IR; with a `memory_seed` memory uses all freedom
    that the emitted C++, or the RTL, leaves it.
    """
    _check_name(name)
    if name == "csim":
        return CSimEngine(design.path, memory_seed)
    if name == "rtl":
        with naming_plugins(design, plugins):
            return RtlEngine(design, plugins, hostile=memory_seed is not None)
    return InterpreterEngine(design_program(design, name, plugins))


def design_program(design: Design, name: str, plugins: Sequence[Path] = ()) -> Program:
    """A design's module made ready for the interpreter engine `name`, float or integer."""
    level = _LEVELS[name]
    # A design that went on from a scheduled module has no other of integers.
    if level == QUANTIZED and not design.has_ir(level) and design.has_ir(SCHEDULED):
        level = SCHEDULED
    module = design_module(design, level, plugins)
    with naming_plugins(design, plugins):
        return Program(module)


def design_tokenizer(design: Design, plugins: Sequence[Path] = ()) -> Tokenizer | None:
    """The tokenizer of a design's model; None if it has none here.

    `plugins` are loaded first: an adapter among them may be what reads it. Raises LmcError as
    `load_registry`, and where the model is not here.
    """
    load_registry(plugins)
    with naming_plugins(design, plugins):
        return find_tokenizer(design.weights)


def model_engine(
    model: str,
    name: str,
    *,
    preset: str = DEFAULT_PRESET,
    random_weights: bool = False,
    seed: int = 0,
) -> Engine:
    """An engine for a model that is not compiled, with a preset where it is quantized."""
    _check_name(name)
    if name not in _LEVELS:
        raise LmcError(
            f"{model} is not a design folder; `lmc compile {model}` makes what engine {name} runs"
        )
    module = model_module(
        model, _LEVELS[name], preset=preset, random_weights=random_weights, seed=seed
    )
    return InterpreterEngine(Program(module))


def model_module(
    model: str,
    level: int,
    *,
    preset: str = DEFAULT_PRESET,
    calibration_text: str | None = None,
    random_weights: bool = False,
    seed: int = 0,
) -> ModuleOp:
    """The module of level 1 (as raised) or the last of level 2 of a compile with the preset."""
    from lmc.driver.source import import_named

    registry = load_registry()
    module = import_named(model, random_weights=random_weights, seed=seed).module
    raised = ",".join(RAISING)
    text = raised if level == MODEL else integer_pipeline(preset, calibration_text, seed)
    Pipeline.parse(registry, text).run(make_context(registry), module)
    return module


def find_tokenizer(weights: str) -> Tokenizer | None:
    """The tokenizer of a model, from the reference of its weights; None if it has none here."""
    return _find_model(weights).tokenizer


def find_end_tokens(weights: str) -> tuple[int, ...]:
    """The ids after which a model's text ends, from the reference of its weights."""
    return _find_model(weights).end_tokens


def until_end(tokens: Iterator[int], ends: Sequence[int]) -> Iterator[int]:
    """Tokens up to the first that ends a text, and that one."""
    for token in tokens:
        yield token
        if token in ends:
            return


def _find_model(weights: str) -> "ResolvedModel":
    from lmc.models.zoo import resolve

    random = weights.startswith("random:")
    name = weights.removeprefix("random:").rpartition(":")[0] if random else weights
    return resolve(name, random_weights=random)


def _check_name(name: str) -> None:
    if name not in ENGINES:
        raise UsageError(f"there is no engine {name!r}; there are {', '.join(ENGINES)}")
