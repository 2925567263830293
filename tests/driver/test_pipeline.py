"""Pipelines: parsing, order, what is recorded in a module, and what remains to be done."""

import pytest
from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError, UsageError
from lmc.driver.pipeline import (
    SCHEDULES,
    applied_passes,
    default_pipeline,
    insert_after,
    parse_passes,
    recorded_option,
    remaining,
    run_passes,
    start_record,
)
from lmc.ir.registry import PASSES, load_registry
from lmc.ir.text import make_context
from lmc.passes.allocate_resources import AllocateResources

REGISTRY = load_registry()


def parse(text: str):
    return parse_passes(REGISTRY, text)


def test_every_pass_of_lmc_loads_under_its_name():
    assert [REGISTRY.pass_class(name).name for name in PASSES] == list(PASSES)


def test_the_default_pipeline_has_lmcs_passes_in_order():
    names = [one.name for one in parse(default_pipeline("w4a4-pot", "u280"))]
    assert names == list(PASSES)
    # LightMamba's recipe rounds, and keeps the gated norm's scale apart.
    names = [one.name for one in parse(default_pipeline("lightmamba", "u280"))]
    left_out = ("fold-gated-scale", "optimize-weights")
    assert names == [name for name in PASSES if name not in left_out]


def test_a_schedule_says_which_passes_of_level_3_there_are():
    chosen = {
        name: [one.name for one in parse(default_pipeline("w4a4-pot", "u280", schedule=name))]
        for name in SCHEDULES
    }
    assert chosen["default"] == list(PASSES)
    assert chosen["reordered"] == [name for name in PASSES if name != "tile-and-fuse"]
    both = ("reorder-computation", "tile-and-fuse")
    assert chosen["naive"] == [name for name in PASSES if name not in both]
    assert chosen["lightmamba"] == list(PASSES)
    with pytest.raises(UsageError, match="no schedule 'ordered'; did you mean 'reordered'"):
        default_pipeline("w4a8", "u280", schedule="ordered")


def test_lightmambas_schedule_pins_its_lanes():
    text = default_pipeline("w4a8", "lightmamba-vck190", schedule="lightmamba")
    (pinned,) = (one for one in parse(text) if isinstance(one, AllocateResources))
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
            for one in parse(default_pipeline("w4a8", "u280", schedule=other))
            if isinstance(one, AllocateResources)
        )
        assert free == AllocateResources(target="u280")


def test_passes_are_inserted_after_the_last_of_a_name():
    passes = insert_after(parse("cse,dce,cse"), "cse", parse("canonicalize,dce"))
    assert [one.name for one in passes] == ["cse", "dce", "cse", "canonicalize", "dce"]
    with pytest.raises(UsageError, match="did you mean 'cse'"):
        insert_after(parse("cse"), "csee", [])


def test_passes_record_themselves_only_where_a_record_was_started():
    module = ModuleOp([])
    run_passes(make_context(REGISTRY), module, parse("cse"))
    assert applied_passes(module) == []
    start_record(module)
    run_passes(make_context(REGISTRY), module, parse("cse,dce"))
    assert applied_passes(module) == ["cse", "dce"]


def test_what_remains_comes_after_the_last_applied_pass():
    passes = parse("cse,canonicalize,dce")
    assert [one.name for one in remaining(passes, ["cse", "my-pass"])] == ["canonicalize", "dce"]
    assert remaining(passes, ["dce"]) == []
    assert len(remaining(passes, [])) == 3
    with pytest.raises(LmcError, match="which is not a pass"):
        remaining(passes, ["{"])


def test_recorded_options_include_defaults():
    assert recorded_option(REGISTRY, ["cse", "quantize"], "quantize", "preset") == "w4a8"
    assert recorded_option(REGISTRY, ["quantize{preset=w8a8}"], "quantize", "preset") == "w8a8"
    assert recorded_option(REGISTRY, ["cse"], "quantize", "preset") is None


def test_the_observer_sees_the_module_before_and_after_each_pass():
    seen: list[tuple[int, str | None]] = []
    run_passes(
        make_context(REGISTRY),
        ModuleOp([]),
        parse("cse,dce"),
        lambda number, one, _: seen.append((number, one.name if one else None)),
    )
    assert seen == [(0, None), (1, "cse"), (2, "dce")]
