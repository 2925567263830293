"""Whole launches of a design's RTL, held to the cycle simulator and to the integer interpreter."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.golden import GoldenLaunch, record
from lmc.backends.hls.printer import find_design
from lmc.backends.rtl.bench.build import BuiltBench, build_bench
from lmc.backends.rtl.bench.launches import RtlLaunch, RtlResult, RtlRun, run_launches
from lmc.backends.rtl.kernel.files import design_rtl
from lmc.dataflow.banks import bank_of_kind, image_banks, logits_of
from lmc.design.folder import Design, attach_weights
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, ScalarOp
from lmc.ir.levels import DATAFLOW, QUANTIZED, SCHEDULED
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, read_text
from lmc.memory_layout.words import IMAGE_SUFFIX
from lmc.simulation import Simulator
from lmc.simulation.launch import SCALARS
from lmc.simulation.result import Result
from lmc.weights import WeightStore, open_source

BUILD = Path("build/rtl")
"""Where the RTL of a design is written and built, in its folder."""
_SLACK, _HOSTILE_SLACK = 2, 50
"""A launch of the RTL that takes so many times the simulated cycles is taken not to end; and one
with hostile memories."""


@dataclass
class RtlCheck:
    """Launches of the RTL beside what they should be, and a sentence for each difference."""

    run: RtlRun
    simulated: list[Result]
    golden: list[GoldenLaunch]
    deviations: list[str] = field(default_factory=list[str])


class RtlSimulation:
    """The RTL of a design folder; built when it is made, kept in the folder's `build/rtl`.

    `plugins` are the files that define ops of the design's IR.

    Raises:
        LmcError: the design has no module of the dataflow level or of integers, is not of a
        language model, or has something that lmc makes no RTL of; Verilator is missing or fails.
    """

    def __init__(self, folder: Design, plugins: Sequence[Path] = ()):
        self._folder = folder
        self._context = make_context(load_registry(plugins))
        self.design: DesignOp = find_design(self._module(DATAFLOW))
        self._scalars = [
            op.sym_name.data for op in self.design.body.block.ops if isinstance(op, ScalarOp)
        ]
        if set(self._scalars) != set(SCALARS):
            raise LmcError(
                f"design {self.design.sym_name.data} has no scalars {', '.join(SCALARS)}: only "
                "designs of language models have launches that lmc knows"
            )
        rtl = design_rtl(self.design, folder.target)
        self._bench: BuiltBench = build_bench(rtl, folder.target, folder.path / BUILD)

    def check(
        self, plan: Sequence[tuple[int, int]], *, seed: int = 1, hostile: bool = False
    ) -> RtlCheck:
        """Runs launches with so many (ids of the prompt, new tokens) each, and compares.

        Each goes on from the states of the one before it, the first from zeros. Ends of tasks and
        fills of FIFOs are compared with the cycle simulator's, tokens, logits and states with the
        integer interpreter's. `seed` draws what registers hold before the reset. With memories
        that are `hostile` (`run_launches`) cycles and fills are not compared.

        Raises:
            LmcError: a launch does not end, here or in the simulator, or the model's weights can't
            be had.
        """
        golden = self._golden(plan)
        scalars = [self._setting(*one) for one in plan]
        simulated = [Simulator(self.design, self._folder.target, one).run() for one in scalars]
        launches = [
            RtlLaunch(setting, self._contents(one, number == 0))
            for number, (setting, one) in enumerate(zip(scalars, golden, strict=True))
        ]
        slack = _HOSTILE_SLACK if hostile else _SLACK
        limit = slack * max(result.cycles for result in simulated) + 1000
        steps = max(chosen for _, chosen in plan)
        run = run_launches(self._bench, launches, limit, steps, seed=seed, hostile=hostile)
        made = RtlCheck(run, simulated, golden)
        if not hostile:
            made.deviations += _cycle_deviations(run, simulated)
        for number, (result, one) in enumerate(zip(run.launches, golden, strict=True), 1):
            made.deviations += (f"launch {number}: {what}" for what in self._wrong(result, one))
        return made

    def _module(self, level: int) -> ModuleOp:
        path = self._folder.ir_file(level)
        module = parse_module(self._context, read_text(str(path)), path.name)
        attach_weights(module, self._folder.path)
        return module

    def _golden(self, plan: Sequence[tuple[int, int]]) -> list[GoldenLaunch]:
        level = SCHEDULED if self._folder.has_ir(SCHEDULED) else QUANTIZED
        integers = self._module(level)
        return record(integers, self.design, WeightStore(integers, open_source(integers)), plan)

    def _setting(self, prompt: int, chosen: int) -> dict[str, int]:
        values = dict(zip(SCALARS, (prompt + chosen - 1, prompt, chosen), strict=True))
        return {name: values[name] for name in self._scalars}

    def _contents(self, golden: GoldenLaunch, is_first: bool) -> dict[str, bytes]:
        """What the host sends before a launch."""
        prompt = bank_of_kind(self.design, "prompt").sym_name.data
        found = {prompt: np.array(golden.prompt, "<u4").tobytes()}
        if is_first:
            for bank in image_banks(self.design):
                path = self._folder.path / "weights" / f"{bank.sym_name.data}{IMAGE_SUFFIX}"
                try:
                    found[bank.sym_name.data] = path.read_bytes()
                except OSError as error:
                    raise LmcError(f"{path} cannot be read: {error.strerror}") from error
        return found

    def _wrong(self, result: RtlResult, golden: GoldenLaunch) -> Iterator[str]:
        """What memory holds after a launch and should not."""
        count = len(golden.tokens)
        bank = bank_of_kind(self.design, "tokens").sym_name.data
        tokens = tuple(np.frombuffer(result.banks[bank], "<u4")[:count].tolist())
        if tokens != golden.tokens:
            yield f"the tokens are {tokens}; the integer interpreter's are {golden.tokens}"
        bank_op, kind = bank_of_kind(self.design, "logits"), logits_of(self.design)
        stride = bank_op.words.value.data * bank_op.word_bits // 8
        data = result.banks[bank_op.sym_name.data]
        for step, digest in enumerate(golden.logits):
            logits = data[step * stride : step * stride + kind.length.data * 4]
            if hashlib.sha256(logits).hexdigest() != digest:
                yield f"the logits of token {step + 1} are not the integer interpreter's"
        for bank, digests in golden.states.items():
            layers = np.frombuffer(result.banks[bank], np.uint8).reshape(len(digests), -1)
            for layer, digest in enumerate(digests):
                if hashlib.sha256(layers[layer].tobytes()).hexdigest() != digest:
                    yield f"layer {layer} of {bank} is not the integer interpreter's"


def _cycle_deviations(run: RtlRun, simulated: Sequence[Result]) -> Iterator[str]:
    for number, (launch, result) in enumerate(zip(run.launches, simulated, strict=True), 1):
        for task, use in result.tasks.items():
            if (end := launch.ends.get(task)) != use.end:
                yield (
                    f"launch {number}: task {task} has ended in cycle {end}; the cycle simulator "
                    f"says {use.end}"
                )
        if launch.cycles != result.cycles:
            yield (
                f"launch {number} took {launch.cycles} cycles; the cycle simulator says "
                f"{result.cycles}"
            )
    for name in simulated[0].streams:
        most = max(result.streams[name].most for result in simulated)
        passed = sum(result.streams[name].elements for result in simulated)
        for what, one, other in (
            ("held at most", run.most, most),
            ("passed on", run.passed, passed),
        ):
            yield from _differs(name, what, one, other)


def _differs(stream: str, what: str, rtl: Mapping[str, int], simulated: int) -> Iterator[str]:
    if rtl[stream] != simulated:
        yield (f"FIFO {stream} {what} {rtl[stream]} elements; the cycle simulator says {simulated}")
