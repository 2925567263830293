"""Golden vectors: which launches there are, and what is written of them."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from tiny_designs import MAMBA2, allocated_module, interpreter, last_module
from xdsl.dialects.builtin import ModuleOp

from lmc.backends import golden
from lmc.backends.golden import GOLDEN, GoldenLaunch, golden_text, is_recorded, record
from lmc.backends.hls.printer import find_design
from lmc.backends.project import emit_project
from lmc.dataflow.banks import banks
from lmc.dialects.dataflow import StateAttr
from lmc.targets import load_target
from lmc.weights import WeightStore, open_source


def launches_of(design: Path) -> list[list[list[str]]]:
    """The launches of a design's file: lines, split into words."""
    text = (design / "weights" / GOLDEN).read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines()]
    starts = [i for i, row in enumerate(rows) if row[0] == "launch"]
    return [rows[i:j] for i, j in zip(starts, [*starts[1:], len(rows)], strict=True)]


def test_tokens_and_logits_are_the_interpreters(mamba2_design: Path) -> None:
    program, ids = interpreter(mamba2_design), list[int]()
    for launch, tokens, logits, *_ in launches_of(mamba2_design):
        prompt, chosen = [int(word) for word in launch[2:]], [int(word) for word in tokens[1:]]
        assert int(launch[1]) == len(prompt) + len(chosen) - 1
        ids += [*prompt, *chosen[:-1]]
        run = program.run(np.array(ids)[:, None]).logits[-len(chosen) :, 0]
        assert run.argmax(1).tolist() == chosen
        digests = [hashlib.sha256(row.astype("<i4").tobytes()).hexdigest() for row in run]
        assert logits[1:] == digests
        assert len(set(digests)) == len(digests)
    assert len(set(ids)) > 5
    assert max(ids) < int(str(MAMBA2["vocab_size"]))


def test_each_layer_of_each_state_has_a_digest(mamba2_design: Path) -> None:
    states = {
        bank.sym_name.data: kind.layers.data
        for bank in banks(find_design(last_module(mamba2_design)))
        for kind in bank.segments
        if isinstance(kind, StateAttr)
    }
    for _, _, _, *rows in launches_of(mamba2_design):
        assert {row[1]: len(row) - 2 for row in rows} == states
        assert all(row[0] == "state" for row in rows)


def test_a_large_model_has_fewer_steps(
    mamba2_design: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design, integers = find_design(last_module(mamba2_design)), allocated_module(mamba2_design)
    store = WeightStore(integers, open_source(integers))
    monkeypatch.setattr(golden, "SHORT_FROM", 1000)
    short = record(integers, design, store)
    assert [(len(one.prompt), len(one.tokens)) for one in short] == [(4, 1), (1, 2)]
    assert is_recorded(integers)
    monkeypatch.setattr(golden, "NONE_FROM", 1000)
    assert not is_recorded(integers)


def test_the_text() -> None:
    launch = GoldenLaunch((5, 6), (7, 8), ("a", "b"), {"conv": ("c",), "ssm": ("d",)})
    assert golden_text([launch, launch]) == 2 * (
        "launch 3 5 6\ntokens 7 8\nlogits a b\nstate conv c\nstate ssm d\n"
    )


def test_a_module_that_cannot_be_run_has_none(mamba2_design: Path, tmp_path: Path) -> None:
    """As with a plugin's op that the interpreter does not have."""
    module = last_module(mamba2_design)
    emit_project(
        module, tmp_path, target=load_target("kv260"), integers=ModuleOp([]), is_checked=True
    )
    assert (tmp_path / "weights/tables.bin").exists()
    assert not (tmp_path / "weights" / GOLDEN).exists()


def test_the_manifest_has_them(mamba2_design: Path) -> None:
    manifest = json.loads((mamba2_design / "manifest.json").read_text(encoding="utf-8"))
    content = (mamba2_design / "weights" / GOLDEN).read_bytes()
    assert manifest["files"][f"weights/{GOLDEN}"] == hashlib.sha256(content).hexdigest()
