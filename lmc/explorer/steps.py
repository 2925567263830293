"""The steps of a compile that a design folder keeps: the IR after passes, and its ops."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lmc.design.folder import MEASURED, REWRITES, Design, file_digest
from lmc.diagnostics import LmcError
from lmc.explorer.bits import Bits, find_bits
from lmc.explorer.ops import Op, scan
from lmc.ir.text import read_text

Work = tuple[str, str]
"""A pass and a pattern that it has applied."""


@dataclass(frozen=True)
class Taken:
    """What the passes of a step took together; the first step is the making of its module.

    `peak_bytes` is the most memory that the process held meanwhile, None where it is not known.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: int | None


@dataclass(frozen=True)
class Step:
    """The IR after `passes`, which were applied to the step before; none for the first step.

    `level` is None for a step between two levels' last ones, of which the folder does not say it.
    `taken` is None where the folder does not keep it. `work` has for ops, by number, the patterns
    of the step's passes that made or changed them, in their order.
    """

    name: str
    file: str
    passes: tuple[str, ...]
    level: int | None
    text: str
    ops: Sequence[Op]
    taken: Taken | None = None
    work: Mapping[int, tuple[Work, ...]] = field(default_factory=dict[int, tuple[Work, ...]])

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Ops by name, the most frequent first."""
        found = Counter(op.name for op in self.ops)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def bits(self) -> Bits | None:
        """Bits of weights and activations; LmcError as `find_bits`."""
        return find_bits(self.ops, self.file or self.name)

    @cached_property
    def work_counts(self) -> Mapping[Work, int]:
        """How many ops of the step each pattern has made or changed."""
        return Counter(work for works in self.work.values() for work in works)


def read_steps(design: Design) -> tuple[Step, ...]:
    """The steps of a design.

    Raises LmcError where the folder lacks IR that the manifest names, where the record of patterns
    has not its digest, and where times are of other passes.
    """
    manifest = design.manifest
    for key in ("files", "ir", "pipeline", "model", "target", "preset"):
        if key not in manifest:
            raise LmcError(f"{design.path}/manifest.json has no {key!r}; compile the model again")
    found = design.ir_files
    if not found:
        raise LmcError(f"the design {design.path} has no IR in ir/; compile the model again")
    _check_rewrites(design)
    pipeline: list[str] = list(manifest["pipeline"])
    # A compile that went on from a file counts its own passes; the pipeline has those before, too.
    earlier = len(pipeline) - found[-1][0]
    levels = _levels(found, manifest["ir"])
    steps: list[Step] = []
    before = None
    for number, name, file in found:
        path = design.path / file
        if not path.is_file():
            raise LmcError(f"the design {design.path} lacks {file}; compile the model again")
        text = read_text(str(path))
        first = earlier + (number if before is None else before)
        passes = tuple(pipeline[first : earlier + number])
        ops = scan(text, file)
        taken = _taken(design, before, number, passes)
        work = _work(design, file, len(ops))
        steps.append(Step(name, file, passes, levels[file], text, ops, taken, work))
        before = number
    return tuple(steps)


def _taken(design: Design, before: int | None, number: int, passes: Sequence[str]) -> Taken | None:
    """What the passes after number `before` up to `number` took; all of them for the first step.

    Raises LmcError where the folder keeps it of other passes.
    """
    if design.measured is None:
        return None
    runs = design.measured[0 if before is None else before + 1 : number + 1]
    names = [run["name"] for run in runs]
    if not runs or (before is not None and names != [one.partition("{")[0] for one in passes]):
        raise LmcError(
            f"{design.path / MEASURED} is of another compile than the design; remove it, or "
            "compile the model again"
        )
    peaks = [run["peak_bytes"] for run in runs]
    return Taken(
        sum(run["seconds"] for run in runs),
        sum(run["processor_seconds"] for run in runs),
        None if None in peaks else max(peaks),
    )


def _check_rewrites(design: Design) -> None:
    """Raises LmcError where the record of patterns is not the one that the compile wrote."""
    path, wanted = design.path / REWRITES, design.manifest["files"].get(REWRITES)
    found = file_digest(path) if path.is_file() else None
    if found != wanted:
        what = "is not what the compile wrote" if found else "is not there"
        raise LmcError(f"{path} {what}; compile the model again")


def _work(design: Design, file: str, count: int) -> Mapping[int, tuple[Work, ...]]:
    """The patterns whose work the ops of a file are; LmcError for ops that it does not have."""
    found: dict[int, list[Work]] = defaultdict(list)
    for name, patterns in design.rewrites.get(file, {}).items():
        for pattern, runs in patterns.items():
            for first, length in runs:
                for number in range(first, first + length):
                    found[number].append((name, pattern))
    if max(found, default=0) >= count:
        raise LmcError(
            f"{design.path / REWRITES} is of other IR than {file}; compile the model again"
        )
    return {number: tuple(found[number]) for number in sorted(found)}


def _levels(
    found: Sequence[tuple[int, str, str]], last: Mapping[str, str]
) -> Mapping[str, int | None]:
    """The level of each file: that of the next one which is the last of its level."""
    ends = {file: int(level) for level, file in last.items()}
    levels: dict[str, int | None] = {}
    level: int | None = None
    for _, _, file in reversed(found):
        level = ends.get(file, level)
        levels[file] = level
    return levels
