"""The host programs of a design, in C++ and in Python: what is the same for all, and its tables."""

import json
from pathlib import Path
from typing import Any

import jinja2
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import VerifyException

from lmc.backends.host.checks import print_checks
from lmc.backends.host.tables import host_tables
from lmc.dataflow.banks import banks
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.dialects.host import ProgramOp
from lmc.ir.text import one_line
from lmc.targets import Target

_SOURCE = Path(__file__).parent / "source"
_ENDINGS = (".cpp", ".h", ".py")


def find_program(module: ModuleOp, design: DesignOp) -> ProgramOp:
    """What the host does with a design of a module.

    Raises:
        LmcError: the module does not say, or says something that is not about the design.
    """
    for op in module.ops:
        if isinstance(op, ProgramOp) and op.design.root_reference.data == design.sym_name.data:
            try:
                op.verify()
            except VerifyException as error:
                raise LmcError(f"the host program can't be printed: {one_line(error)}") from error
            return op
    raise LmcError(
        f"the module does not say what the host does with design {design.sym_name.data}: "
        "run derive-host"
    )


def print_host(program: ProgramOp, design: DesignOp, target: Target) -> dict[str, str]:
    """The files of the host programs, for XRT's native C++ API and for pyxrt, by name.

    `host.cpp` with its headers and `run.py` with its modules are the same for all designs;
    `design.h`, `checks.h` and `design.json` have the tables of this one.

    Raises:
        LmcError: the program is for another board.
    """
    _check_board(program, design, target)
    tables = host_tables(program, design)
    files = sorted(path for path in _SOURCE.rglob("*") if path.suffix in _ENDINGS)
    same = {path.relative_to(_SOURCE).as_posix(): path.read_text("utf-8") for path in files}
    made = {
        "design.h": _print_header(tables),
        "checks.h": print_checks(design),
        "design.json": json.dumps(tables, indent=1) + "\n",
    }
    return {**same, **made}


def _check_board(program: ProgramOp, design: DesignOp, target: Target) -> None:
    memories = {buffer.sym_name.data: buffer.memory.data for buffer in program.buffers}
    for bank in banks(design):
        name, found = bank.sym_name.data, memories[bank.sym_name.data]
        wanted = target.memory(bank.memory.data).linker_name(bank.channel_number)
        if found != wanted:
            raise LmcError(
                f"the host has buffer {name} in {found}; {target.name} has it in {wanted}: run "
                "derive-host for this board"
            )


def _print_header(tables: dict[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lmc.backends.host", "."),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    names = [buffer["name"] for buffer in tables["buffers"]]
    return environment.get_template("design.h.j2").render(tables, buffer_names=names)
