"""One change to the text of a module: a name, a number, a type, an attribute or a token.

Each class of change is a function of the text and a seeded generator. It returns the changed text,
or None where the text has nothing of that kind. Whether the result parses is not its concern.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

TextChange = Callable[[str, random.Random], str | None]

_STRING = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(
    rf"{_STRING}|[@%^!#][\w.$-]+(?:#\d+)?|-?\d+\.\d*(?:e[+-]?\d+)?|-?\d+|[A-Za-z_][\w.]*|->|\S"
)
_SYMBOL = re.compile(rf"@(?:[\w.$-]+|{_STRING})")
_SHAPE = re.compile(r"(?<=[<x])\d+(?=x)")
_BITS = re.compile(
    r"(?<=\b[su]i)\d+\b|(?<=!ssm\.\w{4}<)\d+|(?<=!ssm\.\w{5}<)\d+|(?<=!ssm\.bfp<)\d+"
)
_FRAC = re.compile(r"(?<=, )-?\d+(?=[^<>:=\[\]{}]*>)")
_FORMAT = re.compile(r"!ssm\.\w+<[^<>]*>")
_SIGN = re.compile(r"\b([su]?)i(\d+)\b")
_TYPE = re.compile(
    r"!?\b(?:tensor|memref)<[^<>]*(?:<[^<>]*>)?>|!\w+\.\w+<[^<>]*(?:<[^<>]*>)?>|"
    r"\b(?:[su]?i\d+|f32|f64|index)\b"
)
_NUMBER = re.compile(r"(?<![\w.%@#x<!^])-?\d+(?:\.\d+(?:e[+-]?\d+)?)?(?![\w.x])")
_TYPED = re.compile(r"(?<=\d) : (?:i\d+|index|f\d+)\b")
_DEPTH = re.compile(r"(?<=depth )\d+")
_RATE = re.compile(r"(?<=rate \[)[^\]]*(?=\])")
_LENGTH = re.compile(r"(?:(?<=words )|(?<=count )|(?<=length )|(?<=layers )|(?<=layers = ))\d+")
_MODE = re.compile(
    r"\b(?:pipeline|unroll|cascade|drains|exact|ii \d+|latency \d+|requested_ii \d+|impl \"\w+\"|"
    r"independent \[[^\]]*\])"
)


def _match(pattern: re.Pattern[str], text: str, source: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return source.choice(found) if found else None


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def other_number(number: int, source: random.Random) -> int:
    """Another number: near, of another sign, or far away."""
    near = (number + 1, number - 1, 2 * number, -number, 0, 1, number // 2)
    far = (64, 1024, 2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 10**30, -(2**40))
    return source.choice([one for one in (*near, *near, *far) if one != number])


def _renumber(pattern: re.Pattern[str], positive: bool = False) -> TextChange:
    def change(text: str, source: random.Random) -> str | None:
        match = _match(pattern, text, source)
        if match is None:
            return None
        number = other_number(int(match.group()), source)
        return _put(text, match, str(abs(number) if positive else number))

    return change


def rename_symbol(text: str, source: random.Random) -> str | None:
    """A definition or a use gets a name of its own, or that of another symbol."""
    match = _match(_SYMBOL, text, source)
    if match is None:
        return None
    others = sorted({other.group() for other in _SYMBOL.finditer(text)} - {match.group()})
    fresh = ["@nowhere", match.group() + "_1", "@class", "@é", '@"a b"']
    return _put(
        text, match, source.choice([source.choice(others)] * 3 + fresh if others else fresh)
    )


def _shape(text: str, source: random.Random) -> str | None:
    match = _match(_SHAPE, text, source)
    if match is None:
        return None
    number = abs(other_number(int(match.group()), source))
    text = _put(text, match, f"{number}")
    kind = source.random()
    if kind < 0.2:
        return text[: match.start()] + f"{number}x" + text[match.start() :]
    if kind < 0.3:
        return text[: match.start()] + text[match.start() + len(str(number)) + 1 :]
    return text


def _frac(text: str, source: random.Random) -> str | None:
    format_ = _match(_FORMAT, text, source)
    if format_ is None:
        return None
    new = _renumber(_FRAC)(format_.group(), source)
    return None if new is None else _put(text, format_, new)


def _sign(text: str, source: random.Random) -> str | None:
    match = _match(_SIGN, text, source)
    if match is None:
        return None
    sign = source.choice([one for one in ("s", "u", "") if one != match[1]])
    return _put(text, match, f"{sign}i{match[2]}")


def _type(text: str, source: random.Random) -> str | None:
    match = _match(_TYPE, text, source)
    if match is None:
        return None
    others = sorted({other.group() for other in _TYPE.finditer(text)} - {match.group()})
    more = ["f64", "i1", "i128", "tensor<*xf32>", "vector<4xf32>", "none", "tensor<?xf32>"]
    return _put(text, match, source.choice([source.choice(others)] * 5 + more if others else more))


def _value(text: str, source: random.Random) -> str | None:
    """Another value of an attribute: a number, or a string."""
    strings = list(re.finditer(_STRING, text))
    if strings and source.random() < 0.4:
        match = source.choice(strings)
        odd = ['""', '"a b"', '"é"', '"\\n"', f'"{"x" * 300}"', '"{layer}"', '"../w"']
        other = source.choice(strings).group()
        new = source.choice([other] * 5 + odd)
        return None if new == match.group() else _put(text, match, new)
    match = _match(_NUMBER, text, source)
    if match is None:
        return None
    if "." in match.group():
        new = source.choice(["0.0", "-1.0", "1e400", "3.5", "1e-9"])
        return _put(text, match, new)
    return _put(text, match, str(other_number(int(match.group()), source)))


def _attribute_type(text: str, source: random.Random) -> str | None:
    """The type of an attribute's number, or a string for a number and a number for a string."""
    kind = source.random()
    if kind < 0.5:
        match = _match(_TYPED, text, source)
        types = ("", " : i32", " : i64", " : index", " : si8", " : f32", " : f64")
        if match is None:
            return None
        return _put(text, match, source.choice([one for one in types if one != match.group()]))
    pattern = re.compile(_STRING) if kind < 0.75 else _NUMBER
    match = _match(pattern, text, source)
    if match is None:
        return None
    others = ["3 : i64", "unit", "@name", "[]", "{}", "i32", "true", '"3"', "array<i64: 3>", "1.5"]
    return _put(text, match, source.choice(others))


def entries(text: str) -> list[tuple[int, int]]:
    """Where `name = value` or `name` stands between the braces of dictionaries."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    tokens = list(_TOKEN.finditer(text))
    for number, token in enumerate(tokens):
        word = token.group()
        if word in "([{<" and len(word) == 1:
            opened.append((word, number))
        elif word in ")]}>" and len(word) == 1 and opened:
            opener, first = opened.pop()
            inner = tokens[first + 1 : number]
            if opener == "{" and inner and _is_name(inner):
                found += _split(inner)
    return found


def _is_name(inner: Sequence[re.Match[str]]) -> bool:
    named = re.fullmatch(r'[A-Za-z_][\w.]*|"[\w.]+"', inner[0].group()) is not None
    return named and (len(inner) == 1 or inner[1].group() in "=,")


def _split(inner: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    depth, start = 0, inner[0].start()
    for token, after in zip(inner, [*inner[1:], None], strict=True):
        depth += (token.group() in "([{<") - (token.group() in ")]}>")
        if depth == 0 and (after is None or after.group() == ","):
            found.append((start, token.end()))
        if depth == 0 and token.group() == "," and after is not None:
            start = after.start()
    return found


def _entry(text: str, source: random.Random) -> tuple[int, int] | None:
    found = entries(text)
    return source.choice(found) if found else None


def drop_attribute(text: str, source: random.Random) -> str | None:
    """An entry of a dictionary is left out, with one of its commas."""
    place = _entry(text, source)
    if place is None:
        return None
    start, end = place
    after = re.match(r",\s*", text[end:])
    if after is not None:
        end += after.end()
    else:
        before = re.search(r",\s*$", text[:start])
        start = start if before is None else before.start()
    return text[:start] + text[end:]


def rename_attribute(text: str, source: random.Random) -> str | None:
    """An entry of a dictionary gets another name."""
    place = _entry(text, source)
    if place is None:
        return None
    start, end = place
    entry = text[start:end]
    name = re.split(r"\s*=", entry, maxsplit=1)[0]
    names = [
        name[:-1],
        name + "_",
        "lmc." + name.removeprefix("lmc."),
        "sym_name",
        "value",
        "mine.x",
    ]
    return text[:start] + source.choice(names) + entry[len(name) :] + text[end:]


def add_attribute(text: str, source: random.Random) -> str | None:
    """One more entry in a dictionary."""
    place = _entry(text, source)
    if place is None:
        return None
    entries_ = [
        "note",
        "lmc.ii = 3 : i64",
        "lmc.fast",
        "depth = 2 : i64",
        'mine.note = "x"',
        "exact",
    ]
    return text[: place[0]] + source.choice(entries_) + ", " + text[place[0] :]


def _mode(text: str, source: random.Random) -> str | None:
    """What says how something is made is left out, twice there, another one or another number."""
    match = _match(_MODE, text, source)
    if match is None:
        return None
    others = sorted({other.group() for other in _MODE.finditer(text)} - {match.group()})
    words = ["", f"{match.group()}, {match.group()}", *([source.choice(others)] if others else [])]
    number = re.search(r"\d+", match.group())
    if number is not None:
        other = other_number(int(number.group()), source)
        words += 2 * [_put(match.group(), number, str(other))]
    return _put(text, match, source.choice(words))


def _rate(text: str, source: random.Random) -> str | None:
    match = _match(_RATE, text, source)
    if match is None:
        return None
    parts = match.group().split(", ")
    place = source.randrange(len(parts))
    if source.random() < 0.2:
        del parts[place]
    else:
        number, _, type_ = parts[place].partition(" :")
        parts[place] = str(other_number(int(number), source)) + (type_ and f" :{type_}")
    return _put(text, match, ", ".join(parts))


def change_token(text: str, source: random.Random) -> str | None:
    """A token is dropped, doubled, changed for another one or swapped with the next one."""
    tokens = list(_TOKEN.finditer(text))
    number = source.randrange(len(tokens) - 1)
    one, after = tokens[number], tokens[number + 1]
    kind = source.randrange(4)
    if kind == 0:
        return _put(text, one, "")
    if kind == 1:
        return _put(text, one, f"{one.group()} {one.group()}")
    if kind == 2:
        return _put(text, one, source.choice(tokens).group())
    between = text[one.end() : after.start()]
    return text[: one.start()] + after.group() + between + one.group() + text[after.end() :]


PRETTY: dict[str, TextChange] = {
    "symbol renamed": rename_symbol,
    "shape": _shape,
    "width": _renumber(_BITS, positive=True),
    "frac": _frac,
    "sign": _sign,
    "type": _type,
    "depth": _renumber(_DEPTH),
    "rate": _rate,
    "length": _renumber(_LENGTH),
    "mode": _mode,
    "token": change_token,
}
"""Classes of change to the text as lmc prints it."""

GENERIC: dict[str, TextChange] = {
    "attribute value": _value,
    "attribute type": _attribute_type,
    "attribute dropped": drop_attribute,
    "attribute renamed": rename_attribute,
    "attribute added": add_attribute,
}
"""Classes of change to the generic text, in which all properties are dictionaries."""
