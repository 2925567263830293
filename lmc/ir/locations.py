"""Source locations as text: the file's own name and the line, the same on every machine."""

from pathlib import PurePosixPath

from xdsl.dialects.builtin import CallSiteLoc, FileLineColLoc, NameLoc
from xdsl.ir import Attribute


def source_line(location: Attribute) -> str | None:
    """`file.py:12` for a location that has one, the innermost named one for call sites; or None."""
    if isinstance(location, FileLineColLoc):
        return f"{PurePosixPath(location.filename.data).name}:{location.line.data}"
    if isinstance(location, CallSiteLoc):
        return source_line(location.callee)
    if isinstance(location, NameLoc):
        inner = source_line(location.location)
        return location.desc.data if inner is None else f"{location.desc.data}, {inner}"
    return None
