"""FIFO and pipeline control, proved for small parameters; what is broken by hand is refuted."""

from pathlib import Path

import pytest
from yosys import LIBRARY, holds

pytest.importorskip("pyosys")

HERE = Path(__file__).parent
FIFO = [LIBRARY / "lmc_fifo.sv", HERE / "fifo_proof.sv"]
PIPELINE = [
    LIBRARY / "lmc_pipeline.sv",
    LIBRARY / "lmc_delay.sv",
    LIBRARY / "lmc_stages.sv",
    HERE / "pipeline_proof.sv",
]


@pytest.mark.parametrize(
    ("style", "depth"),
    [("srl", 1), ("srl", 2), ("srl", 3), ("lutram", 3), ("bram", 1), ("bram", 3), ("uram", 4)],
)
def test_fifo_is_a_queue(style: str, depth: int) -> None:
    assert holds("fifo_proof", FIFO, {"STYLE": style, "DEPTH": depth})


@pytest.mark.parametrize(("stages", "interval"), [(1, 1), (2, 1), (4, 1), (2, 2), (5, 2), (5, 3)])
def test_pipeline_moves_each_iteration_once_and_in_order(stages: int, interval: int) -> None:
    assert holds("pipeline_proof", PIPELINE, {"STAGES": stages, "INTERVAL": interval})


def broken(files: list[Path], old: str, new: str, folder: Path) -> list[Path]:
    """The same files, but for one place in the first one that has this text."""
    changed = next(file for file in files if old in file.read_text())
    copy = folder / changed.name
    copy.write_text(changed.read_text().replace(old, new, 1))
    return [copy if file is changed else file for file in files]


@pytest.mark.parametrize(
    ("style", "old", "new"),
    [
        pytest.param("srl", "<= !is_almost_full", "<= 1'b1", id="writes when full"),
        pytest.param("srl", "<= !is_single;", "<= 1'b1;", id="reads when empty"),
        pytest.param("srl", "places[oldest]", "places[0]", id="gives the newest first"),
        pytest.param("srl", "if (push && !pop)", "if (push)", id="forgets a read"),
        pytest.param("srl", "DEPTH - 2)", "DEPTH - 1)", id="one element too many"),
        pytest.param("lutram", "if (pop) begin", "if (pop || push) begin", id="skips an element"),
        pytest.param("lutram", "read_after == LastAddress ? '0 : ", "", id="no way back to 0"),
        pytest.param("bram", "push && write_address == block_address", "1'b0", id="no bypass"),
        pytest.param("uram", "pop ? read_after : read_address", "read_address", id="reads late"),
    ],
)
def test_broken_fifo_is_refuted(style: str, old: str, new: str, tmp_path: Path) -> None:
    files = broken(FIFO, old, new, tmp_path)
    assert not holds("fifo_proof", files, {"STYLE": style, "DEPTH": 3})


@pytest.mark.parametrize(
    ("interval", "old", "new"),
    [
        pytest.param(1, "valid & ok;", "valid;", id="goes while not possible"),
        pytest.param(
            1, "go = able & ~(full >> INTERVAL)", "go = able", id="goes into a full stage"
        ),
        pytest.param(
            1, "~(full >> INTERVAL)", "(~full >> INTERVAL)", id="no room after the last stage"
        ),
        pytest.param(1, "&& !(go[0] && is_last)", "&& !go[0]", id="one iteration only"),
        pytest.param(1, "valid[s] && !go[s]", "valid[s]", id="iterations twice"),
        pytest.param(1, "go[s-1] || (valid[s]", "(valid[s]", id="iterations lost"),
        pytest.param(1, " && valid[STAGES-2:0] == '0", "", id="done too early"),
        pytest.param(2, "d < INTERVAL; d++)", "d < 1; d++)", id="iterations too close"),
        pytest.param(1, "if (in_go) begin", "if (out_go) begin", id="delay written late"),
        pytest.param(1, "if (out_go) read", "if (in_go) read", id="delay read early"),
        pytest.param(1, "if (go[i]) held", "if (go[0]) held", id="registers move together"),
    ],
)
def test_broken_pipeline_is_refuted(interval: int, old: str, new: str, tmp_path: Path) -> None:
    files = broken(PIPELINE, old, new, tmp_path)
    assert not holds("pipeline_proof", files, {"STAGES": 4, "INTERVAL": interval})
