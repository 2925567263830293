"""The steps of a compile that a design folder keeps: the IR after passes, and its ops."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.explorer.ops import Op, scan
from lmc.ir.text import read_text


@dataclass(frozen=True)
class Step:
    """The IR after `passes`, which were applied to the step before; none for the first step.

    `level` is None for a step between two levels' last ones, of which the folder does not say it.
    """

    name: str
    file: str
    passes: tuple[str, ...]
    level: int | None
    text: str
    ops: Sequence[Op]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Ops by name, the most frequent first."""
        found = Counter(op.name for op in self.ops)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def read_steps(design: Design) -> tuple[Step, ...]:
    """The steps of a design; raises LmcError where the folder lacks IR that the manifest names."""
    manifest = design.manifest
    for key in ("files", "ir", "pipeline", "model", "target", "preset"):
        if key not in manifest:
            raise LmcError(f"{design.path}/manifest.json has no {key!r}; compile the model again")
    found = design.ir_files
    if not found:
        raise LmcError(f"the design {design.path} has no IR in ir/; compile the model again")
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
        steps.append(Step(name, file, passes, levels[file], text, scan(text, file)))
        before = number
    return tuple(steps)


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
