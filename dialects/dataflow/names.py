"""Names that a design may use: each becomes an identifier of C++, a file or a module of a tool."""

import re

from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.reserved_names import is_of_c_library, is_of_posix, is_reserved

LONGEST_NAME = 80
"""Characters; HLS tools make file and module names of names."""

LONGEST_KERNEL_NAME = 30
"""Characters; an xclbin keeps 64 bytes, the last of them 0, for `KERNEL:KERNEL_1`, a kernel and its
compute unit (m_name of ip_data in XRT's xclbin.h)."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def verify_name(kind: str, name: str) -> None:
    """VerifyException when a name can't be one of a `kind` of thing."""
    fault = _name_fault(name)
    if fault is not None:
        raise VerifyException(f"the {kind} name {fault}")


def verify_task_name(name: str) -> None:
    """The same for a task, which becomes a function: the C library has no such one."""
    verify_name("task", name)
    _verify_function("task", name, is_of_c_library(name))


def verify_kernel_name(name: str) -> None:
    """The same for a kernel: it has C linkage, and an xclbin has room for its name."""
    verify_name("kernel", name)
    _verify_function("kernel", name, is_of_c_library(name) or is_of_posix(name))
    if len(name) > LONGEST_KERNEL_NAME:
        raise VerifyException(
            f"the kernel name {name} has {len(name)} characters: {LONGEST_KERNEL_NAME} are "
            "allowed, for an xclbin has 64 bytes for a kernel and its compute unit: choose a "
            "shorter one, or a shorter name for the weight that it is called after"
        )


def _verify_function(kind: str, name: str, is_taken: bool) -> None:
    if is_taken:
        raise VerifyException(f"the {kind} name {name} is the C library's: choose another one")


def identifier(text: str) -> str:
    """The text as an identifier: other characters become `_`, words of C++ get a `_` at the end."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII).rstrip("_") or "value"
    name = f"v{name}" if name[0].isdigit() else name
    return f"{name}_" if is_reserved(name) else name


def legal_name(wish: str) -> str:
    """A name that a value or weight of level 3 gives to something of a design, as an identifier."""
    return wish if _name_fault(wish) is None else identifier(wish)


def _name_fault(name: str) -> str | None:
    """What keeps a name from being an identifier of the printed C++, as `NAME ...`; or None."""
    if not _IDENTIFIER.fullmatch(name):
        return f"{name!r} is no identifier: letters, digits and _, no digit first"
    if len(name) > LONGEST_NAME:
        return f"{name} has {len(name)} characters: {LONGEST_NAME} are allowed"
    if name.startswith("__") or re.match("_[A-Z]", name):
        return f"{name} is reserved for C++ compilers: choose one that does not begin like this"
    if is_reserved(name):
        return f"{name} means something else in the printed C++: choose another one"
    return None
