"""What becomes of a mutant: who refuses it, or that it is a program, or the hole that it shows."""

from __future__ import annotations

import re
import signal
import traceback
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from mutants import Mutant, nameless_text
from random_designs import Launch
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import ParseError

from lmc.backends.hls.printable import check_printable
from lmc.backends.hls.printer import print_design
from lmc.backends.hls.system import print_system
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, DesignOp, ScalarOp
from lmc.driver.module_check import ModuleChecker
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import read_module
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.lint import findings
from lmc.passes.raise_to_ssm import RaiseToSSM
from lmc.reference import Outcome, UndefinedError, execute

PARSER, VERIFIER, RULES, PRINTER, COMPILE = "parser", "verifier", "rules", "printer", "compile"
SAME, PROGRAM, UNDEFINED, LONG, HOLE = "same module", "program", "undefined", "long", "hole"
ENDS = (PARSER, VERIFIER, RULES, PRINTER, COMPILE, UNDEFINED, LONG, PROGRAM, SAME, HOLE)

_SECONDS = 120
"""Of the processor: a mutant that takes longer to be judged is a hole, lmc hangs."""
_RUN_SECONDS = 5
"""Of the processor: a mutant that takes longer to be executed is not run: its loops are long."""
_MOST_WORDS = 2**16
"""A mutant with a larger bank is not run."""
_LONGEST = 1200
"""Characters of a sentence; those of check-dataflow are up to five."""

_NAMED = re.compile(
    r"\b(?:builtin|func|ssm|torch|dataflow|host|scf|arith|memref)\.\w+|[@%]\w|"
    r"#(?:ssm|dataflow)\.\w+|"
    r"\b(?:design|kernel|task|loop|stream|bank|scalar|buffer|burst|argument|lmc|weight|allocation)\b"
)
"""What names an op, a part of a design, a symbol or an attribute."""


class _TooLongError(BaseException):
    pass


@dataclass(frozen=True)
class Verdict:
    """How a mutant ended: who refused it with which sentence, or why it is what it is.

    A design that was executed has an `outcome`, with which its C++ can be compared.
    """

    mutant: Mutant
    end: str
    sentence: str = ""
    launch: Launch | None = None
    outcome: Outcome | None = None


@contextmanager
def _limit(seconds: float) -> Generator[None]:
    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def judge(mutant: Mutant) -> Verdict:
    """The verdict on a mutant; whatever is neither a refusal nor a program is a hole."""
    try:
        with _limit(_SECONDS):
            verdict, module = _judge(make_context(load_registry()), mutant)
    except _TooLongError:
        return Verdict(mutant, HOLE, f"hangs: longer than {_SECONDS} s")
    except Exception:
        return Verdict(mutant, HOLE, "crashes: " + traceback.format_exc())
    if module is None or mutant.original.launch is None:
        return verdict
    return _run(mutant, module, mutant.original.launch)


def _judge(context: Context, mutant: Mutant) -> tuple[Verdict, ModuleOp | None]:
    try:
        module, _ = read_module(context, mutant.text, "m.mlir")
    except LmcError as error:
        return _refused(mutant, error), None
    hole = _lost(context, mutant, module)
    if hole:
        return Verdict(mutant, HOLE, hole), None
    if nameless_text(module) == mutant.original.nameless:
        return Verdict(mutant, SAME), None
    for design in module.body.block.ops:
        if isinstance(design, DesignOp) and not design.is_flat:
            refused = _refused_design(mutant, design)
            if refused is not None:
                return refused, None
    refused = _refused_trace(context, mutant, module)
    return (refused, None) if refused is not None else (Verdict(mutant, PROGRAM), module)


def _refused(mutant: Mutant, error: LmcError) -> Verdict:
    if isinstance(error.__cause__, ParseError):
        return _sentence(mutant, PARSER, str(error))
    if _NAMED.search(str(error).removeprefix("m.mlir")) is None:
        return Verdict(mutant, HOLE, f"names nothing: {error}")
    return _sentence(mutant, VERIFIER, str(error))


def _sentence(mutant: Mutant, end: str, sentence: str) -> Verdict:
    if "\n" in sentence or len(sentence) > _LONGEST or "Traceback" in sentence:
        return Verdict(mutant, HOLE, f"no sentence: {sentence}")
    return Verdict(mutant, end, sentence)


def _lost(context: Context, mutant: Mutant, module: ModuleOp) -> str:
    """What is not kept when the module is printed; empty if all is."""
    text, known = module_text(module), nameless_text(module)
    again = parse_module(context, text, "again")
    if nameless_text(again) != known:
        return "its text is of another module"
    if module_text(again) != text:
        return "its text changes when it is printed again"
    return ""


def _refused_design(mutant: Mutant, design: DesignOp) -> Verdict | None:
    try:
        found = [finding.sentence for finding in findings(design)]
    except LmcError as error:
        found = [str(error)]
    if found:
        if any(_NAMED.search(sentence) is None for sentence in found):
            return Verdict(mutant, HOLE, f"names nothing: {found}")
        return _sentence(mutant, RULES, found[0])
    try:
        check_printable(design)
    except LmcError as error:
        return _sentence(mutant, PRINTER, str(error))
    print_design(design)
    print_system(design)
    return None


def _refused_trace(context: Context, mutant: Mutant, module: ModuleOp) -> Verdict | None:
    """What a compile says of a trace: it is raised, and computes what the PyTorch module does."""
    source = mutant.original.source
    if source is None:
        return None
    checker = ModuleChecker(context, source)
    passes = Pipeline((RaiseToSSM(),))
    try:
        passes.run(context, module, checker.observe)
    except LmcError as error:
        return _sentence(mutant, COMPILE, str(error))
    return None


def _given(
    design: DesignOp, launch: Launch
) -> tuple[Mapping[str, int], Mapping[str, Sequence[int]]] | None:
    """The scalars and banks of a launch for the design as it is now; None if it is too large."""
    scalars: dict[str, int] = {}
    banks: dict[str, Sequence[int]] = {}
    values = iter(launch.scalars.values())
    for op in design.body.block.ops:
        if isinstance(op, ScalarOp):
            scalars[op.sym_name.data] = next(values, 1)
        elif isinstance(op, BankOp):
            if op.words.value.data > _MOST_WORDS:
                return None
            bits, words = op.port.type.word_type.width.data, launch.banks.get(op.sym_name.data, ())
            known = [word & (2**bits - 1) for word in words[: op.words.value.data]]
            banks[op.sym_name.data] = known + [0] * (op.words.value.data - len(known))
    return scalars, banks


def _run(mutant: Mutant, module: ModuleOp, launch: Launch) -> Verdict:
    design = next((op for op in module.body.block.ops if isinstance(op, DesignOp)), None)
    if design is None:
        return Verdict(mutant, PROGRAM)
    given = _given(design, launch)
    if given is None:
        return Verdict(mutant, LONG)
    launch = Launch(design, *given)
    try:
        with _limit(_RUN_SECONDS):
            outcome = execute(design, launch.scalars, launch.banks)
    except _TooLongError:
        return Verdict(mutant, LONG)
    except UndefinedError as error:
        return Verdict(mutant, UNDEFINED, str(error))
    except Exception:
        return Verdict(mutant, HOLE, "the executor crashes: " + traceback.format_exc())
    return Verdict(mutant, PROGRAM, "", launch, outcome)
