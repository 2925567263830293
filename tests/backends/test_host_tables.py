"""What differs between host programs: golden files of a small design; and the model's tokenizer."""

import json
import os
import shutil
from pathlib import Path

import pytest
from byte_pairs import byte_pairs
from tiny_designs import last_module
from xdsl.dialects.builtin import StringAttr

from lmc.backends.hls.printer import find_design
from lmc.backends.host.program import find_program, print_host
from lmc.backends.project import emit_project
from lmc.driver.pipeline import Pipeline
from lmc.ir.attributes import FINGERPRINT, WEIGHTS
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.passes.derive_host import DeriveHost
from lmc.targets import load_target

GOLDEN = Path(__file__).parent / "host/golden"
DESIGN = Path(__file__).parents[1] / "filecheck/passes/derive-host.mlir"


@pytest.mark.parametrize("name", ["design.h", "design.json"])
def test_golden(name: str) -> None:
    """Set LMC_UPDATE_GOLDEN=1 to write the files anew, and read the difference."""
    registry = load_registry()
    context = make_context(registry)
    first = DESIGN.read_text(encoding="utf-8").partition("// -----")[0]
    module = parse_module(context, first, "m")
    Pipeline.parse(registry, "derive-host").run(context, module)
    design = find_design(module)
    text = print_host(find_program(module, design), design, load_target("u280"))[name]
    golden = GOLDEN / name
    if os.environ.get("LMC_UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_models_tokenizer_comes_along(mamba1_design: Path, tmp_path: Path) -> None:
    """A text is the tokenizer's matter where the model's folder has one."""
    module, model = last_module(mamba1_design), tmp_path / "model"
    given = module.attributes[WEIGHTS]
    assert isinstance(given, StringAttr)
    shutil.copytree(given.data, model)
    byte_pairs("ä水x").save(str(model / "tokenizer.json"))
    (model / "generation_config.json").write_text('{"eos_token_id": [7, 9]}', encoding="utf-8")
    module.attributes[WEIGHTS] = StringAttr(str(model))
    del module.attributes[FINGERPRINT]
    DeriveHost().apply(make_context(load_registry()), module)
    folder = tmp_path / "design"
    folder.mkdir()
    emit_project(module, folder, target=load_target("vck190"), is_checked=True)
    tables = json.loads((folder / "host/design.json").read_text(encoding="utf-8"))
    assert (tables["text"], tables["end_tokens"]) == ("tokenizer", [7, 9])
    copied = (folder / "host/tokenizer.json").read_bytes()
    assert copied == (model / "tokenizer.json").read_bytes()
    assert not (mamba1_design / "host/tokenizer.json").exists()
