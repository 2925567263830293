"""lmc: a compiler from PyTorch Mamba language models to FPGA accelerators."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

    from lmc.api.design import Design

__all__ = ["__version__", "compile", "open"]

__version__ = "0.1.0"


def compile(
    model: "nn.Module | str | None" = None,
    *,
    target: str,
    output: str | Path | None = None,
    name: str | None = None,
    preset: str | None = None,
    config: str | Path | None = None,
    calibration_text: str | Path | None = None,
    random_weights: bool = False,
    seed: int = 0,
    clock: int | None = None,
    calibration: str | Path | None = None,
    schedule: str = "default",
    pipeline: str | None = None,
    pipeline_file: str | Path | None = None,
    insert_after: Sequence[tuple[str, str]] = (),
    insert_before: Sequence[tuple[str, str]] = (),
    replace: Sequence[tuple[str, str]] = (),
    skip: Sequence[str] = (),
    plugins: Sequence[str | Path] = (),
    from_file: str | Path | None = None,
    check: bool = False,
    dump_ir: bool = False,
    rtl: bool = False,
) -> "Design":
    """Compile a language model to a design folder, as `lmc compile` does: docs/python.md.

    `model` is a name, a folder, a hub id or a torch module: one of lmc's own or an unmodified
    `MambaForCausalLM`, `Mamba2ForCausalLM` or `FalconMambaForCausalLM` of transformers, whose
    weights are saved in the design. In its place `from_file` is an IR file of a compile to go on
    from. `output` is build/NAME if it is not given. `preset` is a name, `config` a .toml file with
    a quantization configuration in its place; calibration is on the model's own text unless a file
    is given.
    `clock` is the clock to plan with in MHz, from the target's range, and the target's own if it is
    not given. `calibration` is a file of `lmc report` that resources are estimated with.
    `schedule` is "default", "reordered", "naive" or "lightmamba". `pipeline` is all passes as
    pipeline text, `pipeline_file` a file with it. The pipeline is edited with pairs of a pass and
    the passes, as pipeline text, that come after it, before it or in its place, and with passes to
    skip: first `skip`, then `replace`, `insert_before`, `insert_after`.
    `rtl` writes SystemVerilog of the kernels, too.
    Raises `lmc.diagnostics.LmcError`, with one sentence, for whatever cannot be compiled; nothing
    is written then.
    """
    # Imported late: `import lmc` and the command line's help load nothing of the compiler.
    from lmc.api.design import Design
    from lmc.driver.compile import compile_design
    from lmc.driver.pipeline import Edit
    from lmc.driver.request import CompileRequest

    request = CompileRequest(
        target=target,
        model=model,
        name=name or (None if model is None or isinstance(model, str) else type(model).__name__),
        output=Path(output) if output is not None else None,
        preset=preset,
        config=None if config is None else Path(config),
        calibration_text=None if calibration_text is None else str(calibration_text),
        random_weights=random_weights,
        seed=seed,
        clock_mhz=clock,
        calibration=None if calibration is None else str(calibration),
        schedule=schedule,
        pipeline=pipeline,
        pipeline_file=None if pipeline_file is None else Path(pipeline_file),
        edits=(
            *(Edit("skip", name) for name in skip),
            *(Edit("replace", name, passes) for name, passes in replace),
            *(Edit("insert-before", name, passes) for name, passes in insert_before),
            *(Edit("insert-after", name, passes) for name, passes in insert_after),
        ),
        plugins=tuple(Path(plugin) for plugin in plugins),
        from_file=None if from_file is None else str(from_file),
        check=check,
        dump_ir=dump_ir,
        rtl=rtl,
    )
    return Design(compile_design(request).design.path)


def open(path: str | Path) -> "Design":
    """The design in a folder that a compile has left; raises `lmc.diagnostics.LmcError` if none."""
    from lmc.api.design import open_design

    return open_design(path)
