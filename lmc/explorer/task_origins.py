"""Which ops of the last step above the tasks a task is for, as the task itself says."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import ArrayAttr
from xdsl.parser import Parser

from lmc.dialects.dataflow import OriginAttr
from lmc.explorer.ops import Op, SourceLine
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context

_MARK = re.compile(r" origins? (?=[\[<])")
_Key = tuple[str, tuple[str, ...], str]


class TaskOrigins:
    """The ops of a step by what tasks call them."""

    def __init__(self, above: Sequence[Op]):
        """Take the ops of the last step above the tasks; none for a compile that began below."""
        self._context = make_context(load_registry())
        # An op of a plugin may have types that are of no interest here.
        self._context.allow_unregistered = True
        self._numbers: dict[_Key, list[int]] = defaultdict(list)
        for number, op in enumerate(above):
            self._numbers[op.name, op.results, _short(op.source)].append(number)

    def of(self, ops: Sequence[Op]) -> Mapping[int, tuple[int, ...]]:
        """By number of an op in `ops`, the numbers of the ops that it is for, if it has some."""
        named = {number: keys for number, op in enumerate(ops) if (keys := self._keys(op.text))}
        users: dict[_Key, list[int]] = defaultdict(list)
        for number, keys in named.items():
            for key in keys:
                users[key].append(number)
        found: dict[int, set[int]] = defaultdict(set)
        for key, numbers in users.items():
            above = self._numbers.get(key, [])
            # Ops that are called alike have their tasks in the same order.
            is_paired = len(above) == len(numbers)
            for place, number in enumerate(numbers):
                found[number].update(above[place : place + 1] if is_paired else above)
        return {number: tuple(sorted(found[number])) for number in sorted(found) if found[number]}

    def _keys(self, text: str) -> list[_Key]:
        mark = _MARK.search(text)
        if mark is None:
            return []
        start = "#dataflow.origin" if text[mark.end()] == "<" else ""
        attribute = Parser(self._context, start + text[mark.end() :]).parse_attribute()
        origins = attribute if isinstance(attribute, ArrayAttr) else [attribute]
        return [_key(origin) for origin in origins if isinstance(origin, OriginAttr)]


def _key(origin: OriginAttr) -> _Key:
    results = tuple(result.value_name.data for result in origin.results)
    return origin.op_name.data, results, origin.source.data


def _short(source: SourceLine | None) -> str:
    return "" if source is None else f"{source.file.rpartition('/')[2]}:{source.line}"
