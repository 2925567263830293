"""Errors that an IR file says it has, in comments, as in MLIR's tests.

    // expected-error @+1 {{needs equal shapes}}
    %c = ssm.mul %a, %b : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>

`@+N` and `@-N` are lines after and before the comment's, `@below` and `@above` the next ones,
`@unknown` is an error without a place; without any it is the comment's own line.
"""

import re
from dataclasses import dataclass

from lmc.diagnostics import LmcError, SourceError

_COMMENT = re.compile(r"//\s*expected-(?P<kind>\S*?)\s*(?P<at>@\S+)?\s*\{\{(?P<text>.*?)\}\}")
_STARTS = re.compile(r"//\s*expected-(?:error|warning|note|remark)")
_AT = re.compile(r"@([+-]\d+|above|below|unknown)")


@dataclass(frozen=True)
class ExpectedError:
    """Words of an error, its line, or None for one without a place, and the comment's own line."""

    text: str
    line: int | None
    written: int

    def is_met_by(self, error: LmcError) -> bool:
        """Whether this error was meant."""
        line = error.line if isinstance(error, SourceError) else None
        return self.text in str(error) and line == self.line


def expected_errors(text: str, name: str) -> list[ExpectedError]:
    """What the comments of a text expect; raises LmcError for a comment that is none of these."""
    found: list[ExpectedError] = []
    for number, line in enumerate(text.split("\n"), start=1):
        comments = list(_COMMENT.finditer(line))
        if len(comments) != len(_STARTS.findall(line)):
            raise LmcError(
                f"{name}:{number}: an expected error is written "
                "// expected-error @+1 {{words of the message}}"
            )
        for comment in comments:
            if comment["kind"] != "error":
                raise LmcError(
                    f"{name}:{number}: expected-{comment['kind']} is not checked: lmc has errors "
                    "alone, as expected-error"
                )
            line_meant = _line(comment["at"], number, name)
            found.append(ExpectedError(comment["text"], line_meant, number))
    return found


def compare(expected: list[ExpectedError], error: LmcError | None, name: str) -> None:
    """Raise LmcError if the one error of a text, or that there is none, is not what it expects."""
    if error is not None and not any(one.is_met_by(error) for one in expected):
        raise error
    missing = [one for one in expected if error is None or not one.is_met_by(error)]
    if missing:
        raise LmcError(
            f"{name}:{missing[0].written}: the error {missing[0].text!r} is expected here and "
            f"{'none came' if error is None else 'another one came, and the first ends it'}"
        )


def _line(at: str | None, number: int, name: str) -> int | None:
    match = None if at is None else _AT.fullmatch(at)
    if at is not None and match is None:
        raise LmcError(f"{name}:{number}: {at} is none of @+N, @-N, @above, @below, @unknown")
    meant = "+0" if match is None else match[1]
    if meant == "unknown":
        return None
    return number + int({"above": "-1", "below": "+1"}.get(meant, meant))
