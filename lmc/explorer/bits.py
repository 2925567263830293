"""How many bits a step gives to weights, and to the activations that linear layers multiply."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError

from lmc.analysis.cost.memory import element_bits, weight_bits
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import OriginAttr
from lmc.dialects.ssm import LinearOp, WeightOp, WeightType, format_of
from lmc.explorer.ops import Op
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context

_PARAMETER = re.compile(r"!torch\.vtensor<\[([\d,]*)\],[a-z]+(\d+)> \{lmc\.parameter = ")
_TORCH_LINEAR = "aten.linear"
_TORCH_INPUT = re.compile(r" : \(!torch\.vtensor<\[[\d,]*\],[a-z]+(\d+)>")
_OPERANDS = " : ("
_ORIGIN = re.compile(r" origins? (?=[\[<])")


@dataclass(frozen=True)
class Bits:
    """Number formats of a step.

    `weights` has how many weights there are of so many bits each, `stored_bits` what all of them
    take with the scales of their groups. `activations` are the widths of what linear layers
    multiply, without the scales of their blocks.
    """

    weights: Mapping[int, int]
    stored_bits: int
    activations: tuple[int, ...]

    @property
    def of_a_weight(self) -> float:
        """Bits that a weight takes on average, with the scales of groups."""
        return self.stored_bits / sum(self.weights.values())


def find_bits(ops: Sequence[Op], file: str) -> Bits | None:
    """The bits of a module's weights and activations; None for one without weights.

    Modules of level 0 have the parameters of the PyTorch model as weights. Dialects of plugins are
    not needed. Raises LmcError where `ssm.weight` or `ssm.linear` is not as lmc prints it.
    """
    try:
        weights, stored = Counter[int](), 0
        for bits, count, taken in _weights(ops):
            weights[bits] += count
            stored += taken
        widths = set(_activations(ops))
    except (ParseError, IndexError) as error:
        raise LmcError(f"{file} is not IR as lmc prints it; compile the model again") from error
    if not weights:
        return None
    return Bits(dict(sorted(weights.items())), stored, tuple(sorted(widths)))


def _weights(ops: Sequence[Op]) -> Iterator[tuple[int, int, int]]:
    """Bits of a weight, how many there are of them, and what they take together."""
    for op in ops:
        for shape, bits in _PARAMETER.findall(op.text) if op.name == "func.func" else ():
            count = math.prod(int(size) for size in shape.split(",") if size)
            yield int(bits), count, int(bits) * count
    texts = [op.text for op in ops if op.name == WeightOp.name]
    module = Parser(_context(), "\n".join(["builtin.module {", *texts, "}"])).parse_module()
    for weight in module.ops:
        assert isinstance(weight, WeightOp)
        count = math.prod(weight.type.get_shape())
        for layer in range(weight.layer_count):
            taken = weight_bits(weight, layer)
            element = format_of(weight.type)
            is_matrix = isinstance(element, WeightType)
            yield weight.widths[layer] if is_matrix else element_bits(element), count, taken


def _activations(ops: Sequence[Op]) -> Iterator[int]:
    """The widths of what linear layers multiply; at level 4 of the layers that tasks are for."""
    for op in ops:
        if op.name == LinearOp.name:
            types = op.text[op.text.index(_OPERANDS) + len(_OPERANDS) :]
            yield element_bits(format_of(Parser(_context(), types).parse_type()))
        elif op.called == _TORCH_LINEAR and (found := _TORCH_INPUT.search(op.text)):
            yield int(found[1])
        elif f'"{LinearOp.name}"' in op.text and (mark := _ORIGIN.search(op.text)):
            start = "#dataflow.origin" if op.text[mark.end()] == "<" else ""
            found = Parser(_context(), start + op.text[mark.end() :]).parse_attribute()
            for origin in found if isinstance(found, ArrayAttr) else [found]:
                if isinstance(origin, OriginAttr) and origin.op_name.data == LinearOp.name:
                    yield element_bits(format_of(origin.operands.data[0].type))


@cache
def _context() -> Context:
    """Of lmc's own dialects; what plugins have in types and recipes is of no interest here."""
    context = make_context(load_registry())
    context.allow_unregistered = True
    return context
