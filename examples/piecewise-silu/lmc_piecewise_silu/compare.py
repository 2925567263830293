"""A model with and without the pass: bits per byte of a text, LUTs and memory blocks.

python -m lmc_piecewise_silu.compare MODEL TARGET TEXT SEGMENTS...
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lmc

COLUMNS = ("pieces", "bits per byte (measured)", "LUT (estimated)", "BRAM36 (estimated)")


def rows(
    model: str, target: str, text: Path, segments: list[int], tokens: int = 8192
) -> Iterator[tuple[str, float, int, float]]:
    """What the columns say of the model as it is, and with each number of pieces.

    Bits per byte are those of the integer model on `tokens` tokens of the text; resources are
    estimated (docs/resources.md).
    """
    with TemporaryDirectory() as folder:
        for count in (None, *segments):
            passes = [] if count is None else [f"piecewise-silu{{segments={count}}}"]
            design = lmc.compile(
                model,
                target=target,
                output=Path(folder) / str(count),
                insert_after=[("rewrite-power-of-two", one) for one in passes],
            )
            used = design.predict().resources
            loss = _loss(design.path, text, tokens)
            label = "1024, as it is" if count is None else str(count)
            yield label, loss, used["lut"]["used"], used["bram36"]["used"]


def _loss(design: Path, text: Path, tokens: int) -> float:
    command = ["lmc", "eval", design, "--text", text, "--engine", "integer", "--json"]
    program = [sys.executable, "-c", "import sys; from lmc.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*program, *map(str, command[1:]), "--tokens", str(tokens)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found["engines"]["integer"]["bits_per_byte"]


def main() -> None:
    """Print the comparison."""
    model, target, text, *segments = sys.argv[1:]
    print(*COLUMNS, sep=" | ")
    for label, loss, lut, bram in rows(model, target, Path(text), [int(one) for one in segments]):
        print(label, f"{loss:.4f}", f"{lut:,}", f"{bram:g}", sep=" | ", flush=True)


if __name__ == "__main__":
    main()
