"""What clang-format wants of printed text, with the `.clang-format` that lies beside the kernels.

The printer lays its lines out itself: a design may have a hundred thousand of them, and where they
break is known when they are made. So the style has no column limit, which leaves breaks alone.
"""

import re
from collections.abc import Iterable

CLANG_FORMAT = """# Kernels are printed in this style. Without a column limit line breaks stay.
BasedOnStyle: Google
ColumnLimit: 0
Standard: c++17
DerivePointerAlignment: false
AlignAfterOpenBracket: DontAlign
SortIncludes: Never
"""

_ASSIGNMENT = re.compile(r"(?<=\w)=(?=\w)")


def laid_out(lines: Iterable[str]) -> str:
    """Lines as a file: clang-format takes what a pragma sets for an assignment."""
    return "\n".join(
        _ASSIGNMENT.sub(" = ", line) if line.startswith("#pragma") else line for line in lines
    )
