"""Names that a design may use: each becomes an identifier of C++, a file or a module of a tool."""

import re

from xdsl.utils.exceptions import VerifyException

LONGEST_NAME = 80
"""Characters; HLS tools make file and module names of names."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

_KEYWORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
char32_t class co_await co_return co_yield compl concept const const_cast consteval constexpr
constinit continue decltype default delete do double dynamic_cast else enum explicit export extern
false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr
operator or or_eq private protected public register reinterpret_cast requires return short signed
sizeof static static_assert static_cast struct switch template this thread_local throw true try
typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq
"""

_TAKEN = """
main std hls lmc ap_int ap_uint LMC_TASK LMC_JOIN
"""
"""What C++, its library or the printed code itself means by a name."""

HEADERS = frozenset(["ap_int", "hls_stream", "lmc_ops", "lmc_task"])
"""Headers beside that of a design, which is named after it."""

RESERVED = frozenset([*_KEYWORDS.split(), *_TAKEN.split()])
"""Names that a design can't use."""


def name_fault(name: str) -> str | None:
    """What keeps a name from being an identifier of the printed C++, as `NAME ...`; or None."""
    if not _IDENTIFIER.fullmatch(name):
        return f"{name!r} is no identifier: letters, digits and _, no digit first"
    if len(name) > LONGEST_NAME:
        return f"{name} has {len(name)} characters: {LONGEST_NAME} are allowed"
    if name.startswith("__") or re.match("_[A-Z]", name):
        return f"{name} is reserved for C++ compilers: choose one that does not begin like this"
    if name in RESERVED:
        return f"{name} means something else in the printed C++: choose another one"
    return None


def verify_name(kind: str, name: str) -> None:
    """VerifyException when a name can't be one of a `kind` of thing."""
    fault = name_fault(name)
    if fault is not None:
        raise VerifyException(f"the {kind} name {fault}")
