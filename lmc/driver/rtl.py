"""Whole launches of a design's RTL, held to the cycle simulator and to the integer interpreter."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.golden import GoldenLaunch, record
from lmc.backends.hls.printer import find_design
from lmc.backends.rtl.bench.build import BuiltBench, build_bench, check_waves
from lmc.backends.rtl.bench.launches import (
    BenchOptions,
    RtlLaunch,
    RtlResult,
    RtlRun,
    run_launches,
    watch_launch,
)
from lmc.backends.rtl.bench.waves import save_file
from lmc.backends.rtl.kernel.files import design_rtl
from lmc.dataflow.banks import bank_of_kind, image_banks, logits_of
from lmc.design.folder import Design
from lmc.design.modules import design_module
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, ScalarOp
from lmc.ir.levels import DATAFLOW, QUANTIZED, SCHEDULED
from lmc.memory_layout.words import IMAGE_SUFFIX
from lmc.simulation import Simulator
from lmc.simulation.launch import SCALARS
from lmc.simulation.result import Result
from lmc.weights import WeightStore, open_source

_BUILD = Path("build")
"""In the design's folder; RTL is written and built in `rtl` there, with waves in `rtl-fst`."""
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

    `plugins` are the files that define ops of the design's IR. All signals of launches go into the
    file `waves`, .fst or .vcd, with a save file for GTKWave beside it; that takes another build,
    kept in `build/rtl-fst` or `build/rtl-vcd`. The SystemVerilog is in the folder `sources`.

    Raises:
        UsageError: `waves` has another suffix.
        LmcError: the design has no module of the dataflow level or of integers, is not of a
        language model, or has something that lmc makes no RTL of; Verilator is missing or fails.
    """

    def __init__(self, folder: Design, plugins: Sequence[Path] = (), waves: Path | None = None):
        form = None if waves is None else check_waves(waves)
        self._folder, self._waves = folder, waves
        self._plugins = plugins
        self.design: DesignOp = find_design(self._module(DATAFLOW))
        self._scalars = [
            op.sym_name.data for op in self.design.body.block.ops if isinstance(op, ScalarOp)
        ]
        if set(self._scalars) != set(SCALARS):
            raise LmcError(
                f"design {self.design.sym_name.data} has no scalars {', '.join(SCALARS)}: only "
                "designs of language models have launches that lmc knows"
            )
        # By the scalars of a launch: windows of a text are alike.
        self._cycles: dict[tuple[int, ...], int] = {}
        rtl = design_rtl(self.design, folder.target)
        build = folder.path / _BUILD / ("rtl" if form is None else f"rtl-{form}")
        self.sources = build / "rtl"
        self._bench: BuiltBench = build_bench(rtl, folder.target, build, form)
        if waves is not None:
            self._save(waves.with_suffix(".gtkw"), save_file(rtl, self._bench.top, waves))

    def check(
        self, plan: Sequence[tuple[int, int]], *, seed: int = 1, hostile: bool = False
    ) -> RtlCheck:
        """Runs launches with so many (ids of the prompt, new tokens) each, and compares.

        Each goes on from the states of the one before it, the first from zeros. Ends of tasks and
        fills of FIFOs are compared with the cycle simulator's, tokens, logits and states with the
        integer interpreter's. `seed` draws what registers hold before the reset. With memories
        that are `hostile` (`run_launches`) cycles and fills are not compared.

        Raises:
            LmcError: there is no room in memory for ids or tokens; a launch does not end, here or
            in the simulator, or the model's weights can't be had.
        """
        for prompt, chosen in plan:
            self._check_room("prompt", prompt)
            self._check_room("tokens", chosen)
        golden = self._golden(plan)
        scalars = [self._setting(*one) for one in plan]
        simulated = [self._simulated(one) for one in scalars]
        launches = [
            RtlLaunch(setting, self._contents(one, number == 0))
            for number, (setting, one) in enumerate(zip(scalars, golden, strict=True))
        ]
        limit = _limit(max(result.cycles for result in simulated), hostile=hostile)
        steps = max(1, *(chosen for _, chosen in plan))
        options = BenchOptions(seed, hostile, self._waves)
        run = run_launches(self._bench, launches, limit, steps, options)
        made = RtlCheck(run, simulated, golden)
        if not hostile:
            made.deviations += _cycle_deviations(run, simulated)
        for number, (result, one) in enumerate(zip(run.launches, golden, strict=True), 1):
            made.deviations += (f"launch {number}: {what}" for what in self._wrong(result, one))
        return made

    def cycles(self, prompt: int, chosen: int) -> int:
        """The cycles of a launch with so many ids and new tokens, by the cycle simulator."""
        return self._cycles_of(self._setting(prompt, chosen))

    def scoring_cycles(self, length: int) -> int:
        """The cycles of a launch of `logits` with so many ids, by the cycle simulator."""
        self._check_room("prompt", length)
        return self._cycles_of(self._scoring(length))

    def generate(
        self, prompt: Sequence[int], count: int, *, hostile: bool = False
    ) -> Iterator[int]:
        """`count` greedy tokens after the prompt, in one launch from states of zero; each as soon
        as it is in memory.

        Raises:
            LmcError: the prompt is empty, has ids outside of the vocabulary, or there is no room
            in memory for it or for the tokens; the launch does not end.
        """
        self._check_ids(prompt)
        self._check_room("prompt", len(prompt))
        self._check_room("tokens", count)
        if not count:
            return
        setting = self._setting(len(prompt), count)
        launch = RtlLaunch(setting, self._images() | self._prompt(prompt))
        bank = bank_of_kind(self.design, "tokens").sym_name.data
        most = _limit(self._cycles_of(setting), hostile=hostile), count
        for word in watch_launch(self._bench, launch, bank, most, BenchOptions(hostile=hostile)):
            yield from np.frombuffer(word, "<u4").tolist()

    def logits(self, ids: Sequence[int], *, hostile: bool = False) -> NDArray[np.int32]:
        """Integers of the logits [T, V] for T token ids, in a launch from states of zero.

        Raises as `generate`.
        """
        self._check_ids(ids)
        self._check_room("prompt", len(ids))
        setting = self._scoring(len(ids))
        launch = RtlLaunch(setting, self._images() | self._prompt(ids))
        limit = _limit(self._cycles_of(setting), hostile=hostile)
        options = BenchOptions(hostile=hostile)
        (result,) = run_launches(self._bench, [launch], limit, len(ids), options).launches
        return np.stack([self._logits_of(result, step) for step in range(len(ids))])

    def _module(self, level: int) -> ModuleOp:
        return design_module(self._folder, level, self._plugins)

    def _golden(self, plan: Sequence[tuple[int, int]]) -> list[GoldenLaunch]:
        level = SCHEDULED if self._folder.has_ir(SCHEDULED) else QUANTIZED
        integers = self._module(level)
        return record(integers, self.design, WeightStore(integers, open_source(integers)), plan)

    def _simulated(self, setting: Mapping[str, int]) -> Result:
        return Simulator(self.design, self._folder.target, setting).run()

    def _cycles_of(self, setting: Mapping[str, int]) -> int:
        key = tuple(setting.values())
        if key not in self._cycles:
            self._cycles[key] = self._simulated(setting).cycles
        return self._cycles[key]

    def _check_ids(self, ids: Sequence[int]) -> None:
        """LmcError where ids are wrong."""
        if not ids:
            raise LmcError("the prompt is empty; give at least one token")
        vocabulary = logits_of(self.design).length.data
        for token in ids:
            if not 0 <= token < vocabulary:
                raise LmcError(
                    f"token id {token} is outside of the vocabulary of {vocabulary} tokens"
                )

    def _check_room(self, kind: str, count: int) -> None:
        """LmcError where a bank has no room for so many ids."""
        bank = bank_of_kind(self.design, kind)
        room = bank.words.value.data * bank.word_bits // 32
        if count > room:
            raise LmcError(
                f"{count} ids are too many for bank {bank.sym_name.data}, which has room for "
                f"{room}: give a shorter prompt, or fewer new tokens"
            )

    def _save(self, path: Path, text: str) -> None:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise LmcError(f"{path} cannot be written: {error.strerror}") from error

    def _setting(self, prompt: int, chosen: int) -> dict[str, int]:
        values = dict(zip(SCALARS, (prompt + max(chosen, 1) - 1, prompt, chosen), strict=True))
        return {name: values[name] for name in self._scalars}

    def _scoring(self, length: int) -> dict[str, int]:
        """A launch with logits of each token."""
        return {**self._setting(length, 1), SCALARS[2]: length}

    def _contents(self, golden: GoldenLaunch, is_first: bool) -> dict[str, bytes]:
        """What the host sends before a launch."""
        return self._prompt(golden.prompt) | (self._images() if is_first else {})

    def _prompt(self, ids: Sequence[int]) -> dict[str, bytes]:
        prompt = bank_of_kind(self.design, "prompt").sym_name.data
        return {prompt: np.array(ids, "<u4").tobytes()}

    def _images(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for bank in image_banks(self.design):
            path = self._folder.path / "weights" / f"{bank.sym_name.data}{IMAGE_SUFFIX}"
            try:
                found[bank.sym_name.data] = path.read_bytes()
            except OSError as error:
                raise LmcError(f"{path} cannot be read: {error.strerror}") from error
        return found

    def _logits_of(self, result: RtlResult, step: int) -> NDArray[np.int32]:
        bank, count = bank_of_kind(self.design, "logits"), logits_of(self.design).length.data
        stride = bank.words.value.data * bank.word_bits // 8
        return np.frombuffer(result.banks[bank.sym_name.data], "<i4", count, step * stride)

    def _wrong(self, result: RtlResult, golden: GoldenLaunch) -> Iterator[str]:
        """What memory holds after a launch and should not."""
        count = len(golden.tokens)
        bank = bank_of_kind(self.design, "tokens").sym_name.data
        tokens = tuple(np.frombuffer(result.banks[bank], "<u4")[:count].tolist())
        if tokens != golden.tokens:
            yield f"the tokens are {tokens}; the integer interpreter's are {golden.tokens}"
        for step, digest in enumerate(golden.logits):
            if hashlib.sha256(self._logits_of(result, step).tobytes()).hexdigest() != digest:
                yield f"the logits of token {step + 1} are not the integer interpreter's"
        for bank, digests in golden.states.items():
            layers = np.frombuffer(result.banks[bank], np.uint8).reshape(len(digests), -1)
            for layer, digest in enumerate(digests):
                if hashlib.sha256(layers[layer].tobytes()).hexdigest() != digest:
                    yield f"layer {layer} of {bank} is not the integer interpreter's"


def _limit(cycles: int, *, hostile: bool) -> int:
    """The cycles after which a launch that should take so many is taken not to end."""
    return (_HOSTILE_SLACK if hostile else _SLACK) * cycles + 1000


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
