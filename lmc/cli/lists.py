"""`lmc models`, `lmc targets`, `lmc presets` and `lmc passes`."""

import inspect
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from lmc.cli.options import Json, Plugins
from lmc.cli.output import print_json, print_table
from lmc.diagnostics import LmcError
from lmc.labels import Label

if TYPE_CHECKING:
    from lmc.targets import Target


def models(
    plugin: Plugins = None,
    json_output: Json = False,
) -> None:
    """List models that have a name, families of adapters, and families that are not compiled."""
    from lmc.ir.registry import load_registry
    from lmc.models.adapters import ADAPTERS
    from lmc.models.other_families import OTHER_FAMILIES, PURE
    from lmc.models.zoo import list_models

    load_registry(plugin or ())
    infos, adapters = list_models(), ADAPTERS.all()
    if json_output:
        others = [{"name": family.name, "reason": family.reason} for family in OTHER_FAMILIES]
        read = [
            {"name": one.value.name, "summary": one.value.summary, "origin": one.origin}
            for one in adapters
        ]
        print_json({"models": [vars(info) for info in infos], "adapters": read, "refused": others})
        return
    rows = [[i.name, i.arch, f"{i.parameters / 1e6:,.1f} M", i.location] for i in infos]
    print_table(["model", "architecture", "parameters", "weights"], rows)
    if adapters:
        print("read by an adapter:")
    for one in adapters:
        print(f"{one.value.name} ({one.origin}): {one.value.summary}")
    print(f"not compiled, because {PURE}:")
    for family in OTHER_FAMILIES:
        print(f"{family.name}: {family.reason}")


def targets(json_output: Json = False) -> None:
    """List the boards."""
    from lmc.targets import load_target, target_names

    found = [load_target(name) for name in target_names()]
    if json_output:
        print_json({"targets": [target.model_dump() for target in found]})
        return
    rows: list[list[object]] = []
    for target in found:
        have = target.resources
        memory = ", ".join(f"{m.name} {m.sustained_gbps:g} GB/s" for m in target.memories)
        counts = [have.lut, have.ff, have.dsp, have.bram36, have.uram]
        rows.append([target.name, target.part, *counts, _clock(target), memory])
    columns = ["target", "part", "LUT", "FF", "DSP", "BRAM36", "URAM", "clock", "sustained memory"]
    print_table(columns, rows)
    print(f"clocks and sustained rates are {Label.ASSUMED}; --json has the source of each")
    for target in found:
        for note in target.notes:
            print(f"{target.name}: {note}")


def _clock(target: "Target") -> str:
    """The clock that is planned with, and those that `--clock` can choose."""
    own = f"{target.clock_mhz} MHz"
    return own if target.clock.range is None else f"{own}, {target.clock.range}"


def presets(json_output: Json = False) -> None:
    """List the quantizations that have a name."""
    from lmc.quantization.presets import presets as all_presets

    found = [
        {"name": name, "summary": preset.summary, "origin": preset.origin}
        for name, preset in all_presets().items()
    ]
    if json_output:
        print_json({"presets": found})
        return
    print_table(
        ["preset", "from", "what it is"], [[p["name"], p["origin"], p["summary"]] for p in found]
    )


def passes(
    plugin: Plugins = None,
    json_output: Json = False,
) -> None:
    """List lmc's passes in their order, then those of packages and plugins, and their options."""
    from lmc.ir.registry import PASSES, load_registry

    registry = load_registry(plugin or ())
    offered = registry.package_passes | registry.plugin_passes
    found: list[dict[str, Any]] = []
    for name in [*PASSES, *sorted(offered)]:
        try:
            pass_class = registry.pass_class(name)
        except LmcError as error:
            broken = {"name": name, "effect": "unknown", "options": [], "summary": str(error)}
            found.append(broken)
            continue
        effect = getattr(pass_class, "effect", None)
        found.append(
            {
                "name": name,
                "effect": effect.value if effect is not None else "unknown",
                "options": [f.name.replace("_", "-") for f in fields(pass_class)],
                "summary": (inspect.getdoc(pass_class) or "").partition("\n")[0],
            }
        )
    others = sorted(set(registry.passes) - set(PASSES) - offered)
    if json_output:
        print_json({"passes": found, "others": others})
        return
    rows = [[p["name"], ", ".join(p["options"]), p["effect"], p["summary"]] for p in found]
    print_table(["pass", "options", "module after it", "what it does"], rows)
    print(f"and {len(others)} of xDSL, which `lmc opt` runs too")
