"""What holds for a module as a whole, beyond what each op verifies of itself.

Symbols are there once, `lmc.*` attributes are known ones with values of their types, and the
function is the decode step of the model that the module names.
"""

from collections.abc import Iterator, Mapping

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.irdl import AttrConstraint, BaseAttr, VerificationContext
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import suggestion
from lmc.dialects.dataflow import AllocationAttr
from lmc.dialects.ssm import RunOrderAttr, WeightOp
from lmc.dialects.ssm.constraints import Value, one_of
from lmc.dialects.ssm.step_kinds import TEXT, integers_of
from lmc.ir import attributes as names
from lmc.ir.decode_step import verify_decode_step
from lmc.ir.op_errors import InvalidOpError, blaming

_LEVEL4 = "dataflow"
"""The dialect whose ops and attributes verify themselves."""


def _is_count(value: Attribute) -> bool:
    return isinstance(value, IntegerAttr) and value.type == i64 and value.value.data >= 0


def _holds_texts(value: Attribute) -> bool:
    entries = value.data.values() if isinstance(value, DictionaryAttr) else [value]
    return all(isinstance(entry, StringAttr) for entry in entries)


def _counts_multiplications(value: Attribute) -> bool:
    """Whether the totals are the sums of what is listed."""
    if not isinstance(value, DictionaryAttr):
        return False
    keys = {"multiplications_before", "multiplications_after", "values", "remaining"}
    listed, remaining = value.data.get("values"), value.data.get("remaining")
    if set(value.data) != keys or not isinstance(listed, DictionaryAttr):
        return False
    pairs = [integers_of(entry) for entry in listed.data.values()]
    if not isinstance(remaining, DictionaryAttr) or not all(
        pair is not None and len(pair) == 2 for pair in pairs
    ):
        return False
    before, after = (sum(pair[side] for pair in pairs if pair) for side in (0, 1))
    counts = [_count(value.data[f"multiplications_{name}"]) for name in ("before", "after")]
    return counts == [before, after] and after == sum(map(_count, remaining.data.values()))


def _count(value: Attribute) -> int:
    return value.value.data if isinstance(value, IntegerAttr) and value.type == i64 else -1


def _is_state_order(value: Attribute) -> bool:
    return (
        isinstance(value, DictionaryAttr)
        and set(value.data) == {"axis", "order"}
        and _is_count(value.data["axis"])
        and isinstance(value.data["order"], RunOrderAttr)
    )


def _are_passes(value: Attribute) -> bool:
    return isinstance(value, ArrayAttr) and all(isinstance(entry, StringAttr) for entry in value)


_Rules = Mapping[str, AttrConstraint]
_DICTIONARY = BaseAttr(DictionaryAttr)
_TEXTS = Value(
    "a dictionary of strings",
    lambda value: isinstance(value, DictionaryAttr) and _holds_texts(value),
)
_OF_MODULE: _Rules = {
    names.MODEL: TEXT,
    names.CONFIG: _DICTIONARY,
    names.WEIGHTS: TEXT,
    names.FINGERPRINT: TEXT,
    names.ARTIFACTS: TEXT,
    names.PASSES: Value("a list of pipeline texts", _are_passes),
    names.MODULE_CLASSES: _TEXTS,
    names.POWER_OF_TWO: Value(
        "{multiplications_before, multiplications_after, values, remaining}, totals and the counts "
        "they are of,",
        _counts_multiplications,
    ),
    names.OPTIMIZED_WEIGHTS: Value(
        "a dictionary of i64 counts, or a string",
        lambda value: (
            isinstance(value, StringAttr)
            or (isinstance(value, DictionaryAttr) and all(map(_is_count, value.data.values())))
        ),
    ),
    names.COMPUTATION_ORDER: _TEXTS,
    names.ALLOCATION: BaseAttr(AllocationAttr),
}
_OF_OPS: _Rules = {
    names.MODULE_PATH: BaseAttr(StringAttr),
}
_OF_ARGUMENTS: _Rules = {
    names.PARAMETER: TEXT,
    names.STATE: one_of("a kind of state", ("conv_state", "ssm_state")),
    names.STATE_ORDER: Value("{axis = ... : i64, order = #ssm.order<...>}", _is_state_order),
}


def verify_symbol_names(module: ModuleOp) -> None:
    """Raise VerifyException if two ops of a module define one symbol."""
    known: dict[str, Operation] = {}
    for op in module.body.block.ops:
        name = op.get_attr_or_prop("sym_name")
        if not isinstance(name, StringAttr):
            continue
        first = known.setdefault(name.data, op)
        if first is not op:
            raise InvalidOpError(
                op,
                f"{op.name} @{name.data}: the module has this symbol twice, first for {first.name}",
            )


def verify_function_types(module: ModuleOp) -> None:
    """Raise VerifyException at the first argument or result that is not of its function's type.

    A decode step has two states a layer: a sentence with all types would not be read.
    """
    for function in module.body.block.ops:
        if not isinstance(function, FuncOp) or function.is_declaration:
            continue
        kind, block, label = function.function_type, function.body.blocks[0], _label(function)
        with blaming(function):
            _compare_types(label, "argument", list(block.arg_types), list(kind.inputs))
        last = block.last_op
        if isinstance(last, ReturnOp):
            returned = [value.type for value in last.operands]
            with blaming(last):
                _compare_types(label, "result", returned, list(kind.outputs))


def _compare_types(where: str, kind: str, found: list[Attribute], stated: list[Attribute]) -> None:
    if len(found) != len(stated):
        raise VerifyException(f"{where} has {len(found)} {kind}s, its type says {len(stated)}")
    for number, (one, other) in enumerate(zip(found, stated, strict=True)):
        if one != other:
            raise VerifyException(f"{where}: {kind} {number} is {one}, its type says {other}")


def verify_module(module: ModuleOp) -> None:
    """Raise VerifyException naming an attribute or a function that is not what it should be.

    The module's ops have verified themselves before.
    """
    _verify_attributes(module, module.attributes, _OF_MODULE)
    _verify_weight_names(module)
    for op in module.body.block.ops:
        if _dialect(op) == _LEVEL4:
            continue
        for inner in op.walk():
            # Most ops have no attributes, and a module has many ops.
            if inner.attributes:
                with blaming(inner):
                    _verify_attributes_of(inner)
        if isinstance(op, FuncOp):
            with blaming(op):
                _verify_arguments(op)
            for block in op.body.blocks:
                _verify_order(block, set())
    verify_decode_step(module)


def _verify_weight_names(module: ModuleOp) -> None:
    """What passes have noted of weights is of weights that the module has."""
    weights = {op.sym_name.data for op in module.body.block.ops if isinstance(op, WeightOp)}
    for attribute in (names.OPTIMIZED_WEIGHTS, names.COMPUTATION_ORDER):
        noted = module.attributes.get(attribute)
        entries = list(noted.data) if isinstance(noted, DictionaryAttr) else []
        unknown = [name for name in entries if name not in (*weights, "tokens")]
        if unknown:
            raise VerifyException(
                f"builtin.module: {attribute} is of a weight @{unknown[0]}, which is not there"
            )


def _verify_order(block: Block, known: set[SSAValue]) -> None:
    """Every value is made before it is read, in the block or around it."""
    known = known | set(block.args)
    for op in block.ops:
        for operand in op.operands:
            if operand not in known:
                raise InvalidOpError(
                    op, f"{_label(op)} reads {_read(operand)}, which is made later"
                )
        for region in op.regions:
            for inner in region.blocks:
                _verify_order(inner, known)
        known.update(op.results)


def _verify_attributes_of(op: Operation) -> None:
    own = op.attributes
    # Other dialects than lmc's own have attributes of level 4 in pieces of a design.
    if any(name in _OF_OPS for name in own) or _dialect(op) in ("ssm", "torch", "func"):
        _verify_attributes(op, own, _OF_OPS)
    if _dialect(op) != "ssm":
        return
    plain = [name for name in own if "." not in name]
    if plain:
        properties = list(op.properties)
        hint = suggestion(plain[0], properties, "attributes of plugins have a prefix, as in a.b")
        raise VerifyException(
            f"{op.name} has the attribute {plain[0]!r}, which it does not take; {hint}"
        )


def _verify_arguments(function: FuncOp) -> None:
    tags = function.arg_attrs
    if tags is None:
        return
    for argument, own in zip(function.args, tags, strict=True):
        where = f"argument {argument.index}"
        _verify_attributes(function, own.data, _OF_ARGUMENTS, where)
        entry = own.data.get(names.STATE_ORDER)
        if isinstance(entry, DictionaryAttr):
            _verify_state_order(f"{_label(function)}, {where}", entry, argument.type)


def _verify_state_order(where: str, entry: DictionaryAttr, state: Attribute) -> None:
    axis, order = entry.data["axis"], entry.data["order"]
    assert isinstance(axis, IntegerAttr)
    assert isinstance(order, RunOrderAttr)
    shape = state.get_shape() if isinstance(state, TensorType) else ()
    channels, at = sum(order.data.lengths), axis.value.data
    if at >= len(shape) or shape[at] != channels:
        raise VerifyException(
            f"{where}: {names.STATE_ORDER} puts {channels} channels along axis {at} of {state}"
        )


def _verify_attributes(
    op: Operation, given: Mapping[str, Attribute], known: _Rules, where: str = ""
) -> None:
    """Each of an op's attributes with lmc's prefix is a known one and has a value of its type."""
    for name, value in given.items():
        if not name.startswith(names.PREFIX):
            continue
        place = ", ".join(filter(None, (_label(op), where)))
        if name not in known:
            hint = suggestion(name, known, f"known are {', '.join(known)}")
            raise VerifyException(
                f"{place} has the attribute {name}, which lmc does not know; {hint}"
            )
        try:
            known[name].verify(value, VerificationContext())
        except VerifyException as error:
            raise VerifyException(f"{place}: {name}: {error}") from error


def _label(op: Operation) -> str:
    """The op's name, with that of its first result or its symbol."""
    names_of = (*_result_names(op), *_symbol_names(op))
    return " ".join((op.name, *names_of))


def _read(value: SSAValue) -> str:
    """A value by its name, or where it has none by the op that makes it."""
    if value.name_hint is not None:
        return f"%{value.name_hint}"
    owner = value.owner
    return f"the result of {owner.name}" if isinstance(owner, Operation) else "an argument"


def _result_names(op: Operation) -> Iterator[str]:
    if op.results and op.results[0].name_hint is not None:
        yield f"%{op.results[0].name_hint}"


def _symbol_names(op: Operation) -> Iterator[str]:
    name = op.get_attr_or_prop("sym_name")
    if isinstance(name, StringAttr):
        yield f"@{name.data}"


def _dialect(op: Operation) -> str:
    return op.name.partition(".")[0]
