"""Pipelines: parsing, order, what is recorded in a module, and what remains to be done."""

from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError, UsageError
from lmc.driver.default import SCHEDULES, default_pipeline
from lmc.driver.pipeline import (
    Edit,
    Pipeline,
    applied_passes,
    read_pipeline,
    recorded_option,
    start_record,
)
from lmc.ir.registry import PASSES, load_registry
from lmc.ir.text import make_context
from lmc.passes.allocate_resources import AllocateResources

REGISTRY = load_registry()
DEFAULT = [name for name in PASSES if name != "keep-layers"]
"""What a compile runs that is not told more."""


def parse(text: str) -> Pipeline:
    return Pipeline.parse(REGISTRY, text)


def test_every_pass_of_lmc_loads_under_its_name():
    assert [REGISTRY.pass_class(name).name for name in PASSES] == list(PASSES)


def test_a_class_that_is_no_dataclass_has_no_options(tmp_path: Path):
    plugin = tmp_path / "plain.py"
    plugin.write_text(
        "from lmc.ir.pass_base import LmcPass\n\n\nclass Plain(LmcPass):\n"
        "    name = 'plain'\n    x: int = 1\n\n    def apply(self, ctx, op): ...\n"
    )
    with pytest.raises(UsageError, match=r"has none: fields .* after @dataclass\(frozen=True\)"):
        Pipeline.parse(load_registry([plugin]), "plain{x=2}")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("clock-mhz=fast", "option clock-mhz takes an integer, not 'fast'"),
        ("target=1", "option target takes a text, not '1'"),
        ("prefetch=1,2", "option prefetch takes an integer, not '1,2'"),
    ],
)
def test_a_value_of_another_type_is_named(given: str, words: str):
    with pytest.raises(UsageError, match=words):
        parse(f"allocate-resources{{{given}}}")


def test_the_default_pipeline_has_lmcs_passes_in_order():
    names = parse(default_pipeline("w4a4-pot", "u280")).names
    assert names == DEFAULT
    # LightMamba's recipe rounds, and keeps the gated norm's scale apart.
    names = parse(default_pipeline("lightmamba", "u280")).names
    left_out = ("fold-gated-scale", "optimize-weights")
    assert names == [name for name in DEFAULT if name not in left_out]


def test_a_schedule_says_which_passes_of_level_3_there_are():
    chosen = {
        name: parse(default_pipeline("w4a4-pot", "u280", schedule=name)).names for name in SCHEDULES
    }
    assert chosen["default"] == DEFAULT
    assert chosen["reordered"] == [name for name in DEFAULT if name != "tile-and-fuse"]
    both = ("reorder-computation", "tile-and-fuse")
    assert chosen["naive"] == [name for name in DEFAULT if name not in both]
    assert chosen["lightmamba"] == DEFAULT
    with pytest.raises(UsageError, match="no schedule 'ordered'; did you mean 'reordered'"):
        default_pipeline("w4a8", "u280", schedule="ordered")


def test_lightmambas_schedule_pins_its_lanes():
    text = default_pipeline("w4a8", "lightmamba-vck190", schedule="lightmamba")
    (pinned,) = (one for one in parse(text).passes if isinstance(one, AllocateResources))
    assert pinned == AllocateResources(
        target="lightmamba-vck190",
        lanes="DDR4:1x4",
        state="DDR4",
        state_blocks=1,
        side="DDR4",
        vector_lanes=8,
        prefetch=32,
        multipliers="fabric",
    )
    for other in set(SCHEDULES) - {"lightmamba"}:
        (free,) = (
            one
            for one in parse(default_pipeline("w4a8", "u280", schedule=other)).passes
            if isinstance(one, AllocateResources)
        )
        assert free == AllocateResources(target="u280")


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        (Edit("insert-after", "cse", "canonicalize,dce"), "cse dce cse canonicalize dce"),
        (Edit("insert-before", "cse", "canonicalize"), "canonicalize cse dce cse"),
        (Edit("replace", "dce", "canonicalize,canonicalize"), "cse canonicalize canonicalize cse"),
        (Edit("skip", "dce"), "cse cse"),
    ],
)
def test_a_pipeline_is_edited(edit: Edit, names: str) -> None:
    assert parse("cse,dce,cse").edit(edit, parse(edit.passes)).names == names.split()


def test_an_edit_needs_its_pass() -> None:
    for kind in ("insert-after", "insert-before", "replace", "skip"):
        with pytest.raises(UsageError, match=f"--{kind}: there is no pass 'csee'.*mean 'cse'"):
            parse("cse").edit(Edit(kind, "csee", "dce"), parse("dce"))
    for kind in ("replace", "skip"):
        with pytest.raises(UsageError, match="has 2 passes 'cse'; write it out with --pipeline"):
            parse("cse,dce,cse").edit(Edit(kind, "cse"), parse(""))


def test_a_pipeline_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.passes"
    lines = ("# what I run", "cse,   # first", "  quantize{preset=w4a8", "  seed=1},", "", "dce")
    file.write_text("\n".join(lines), encoding="utf-8")
    read = parse(read_pipeline(file))
    assert read.names == ["cse", "quantize", "dce"]
    assert (read.options("quantize", "preset"), read.options("quantize", "seed")) == (["w4a8"], [1])


def test_passes_record_themselves_only_where_a_record_was_started():
    module = ModuleOp([])
    parse("cse").run(make_context(REGISTRY), module)
    assert applied_passes(module) == []
    start_record(module)
    parse("cse,dce").run(make_context(REGISTRY), module)
    assert applied_passes(module) == ["cse", "dce"]


def test_what_remains_comes_after_the_last_applied_pass():
    passes = parse("cse,canonicalize,dce")
    assert passes.remaining(["cse", "my-pass"]).names == ["canonicalize", "dce"]
    assert passes.remaining(["dce"]).names == []
    assert passes.remaining([]) == passes
    with pytest.raises(LmcError, match="which is not a pass"):
        passes.remaining(["{"])


def test_recorded_options_include_defaults():
    assert recorded_option(REGISTRY, ["cse", "quantize"], "quantize", "preset") == "w4a8"
    assert recorded_option(REGISTRY, ["quantize{preset=w8a8}"], "quantize", "preset") == "w8a8"
    assert recorded_option(REGISTRY, ["cse"], "quantize", "preset") is None


def test_the_observer_sees_the_module_before_and_after_each_pass():
    seen: list[tuple[int, str | None]] = []
    parse("cse,dce").run(
        make_context(REGISTRY),
        ModuleOp([]),
        lambda number, one, _: seen.append((number, one.name if one else None)),
    )
    assert seen == [(0, None), (1, "cse"), (2, "dce")]
