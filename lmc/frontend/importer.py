"""An exported decode step → level 0: `func` and the `torch` dialect in xDSL.

torch-mlir's FX importer translates the graph. Weights are arguments tagged with their names, so
no data enters the IR; every operator carries its PyTorch source location and the path of its
module, which travel through torch-mlir as two frames of a stack trace.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind
from torch_mlir import ir
from torch_mlir.dialects import torch as torch_mlir_dialect
from torch_mlir.extras.fx_importer import FxImporter
from xdsl.context import Context
from xdsl.dialects.builtin import (
    ArrayAttr,
    Builtin,
    CallSiteLoc,
    DictionaryAttr,
    FileLineColLoc,
    FunctionType,
    LocationAttr,
    ModuleOp,
    StringAttr,
    UnknownLoc,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.parser import Parser

from lmc.diagnostics import LmcError
from lmc.dialects.torch import TORCH, OperatorOp
from lmc.frontend.names import FUNCTION, STATES
from lmc.frontend.source import SourceNames
from lmc.ir.attributes import MODULE_CLASSES, MODULE_PATH, PARAMETER, STATE

_UNKNOWN = UnknownLoc()
# How the path of the model itself travels: a frame's file name cannot be empty.
_ROOT = "."


def import_program(program: ExportedProgram, *, prefix: str) -> ModuleOp:
    """Level-0 module of an exported decode step; `prefix` is cut from all module paths.

    The function `decode_step` takes the parameters, each with its name in `lmc.parameter`, then
    the ids, then the states, which have `lmc.state` ("conv_state" or "ssm_state"); it returns the
    logits and the new states in the same order. The module's attribute `lmc.module_classes` maps
    module paths to class names. Raises LmcError if torch-mlir cannot import an operator.
    """
    classes = _annotate_nodes(program, prefix)
    names = _parameters_to_inputs(program, prefix)
    traced = _import(program)
    body = traced.body.operations[0].regions[0].blocks[0]
    arguments = _argument_attributes(names, len(body.arguments))
    return ModuleOp(
        [_convert_function(body, arguments)],
        {MODULE_CLASSES: DictionaryAttr({k: StringAttr(v) for k, v in classes.items()})},
    )


def _annotate_nodes(program: ExportedProgram, prefix: str) -> dict[str, str]:
    """Make each node's stack trace (module path, source line); classes of the paths found."""
    source_names = SourceNames()
    classes: dict[str, str] = {}
    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        stack = list((node.meta.get("nn_module_stack") or {}).values())
        for path, kind in stack[bool(prefix) :]:
            name = kind if isinstance(kind, str) else kind.__qualname__
            classes[_cut(path, prefix)] = name.rsplit(".", 1)[-1]
        path = _cut(stack[-1][0], prefix) if stack else ""
        file, line = source_names.of_trace(node.meta.get("stack_trace"))
        node.meta["stack_trace"] = f'File "{path or _ROOT}", line 0,\nFile "{file}", line {line},'
    return dict(sorted(classes.items()))


def _cut(path: str, prefix: str) -> str:
    """The path below `prefix` ("model."); the wrapper around the model counts as the model."""
    return f"{path}.".removeprefix(prefix).removesuffix(".")


def _parameters_to_inputs(program: ExportedProgram, prefix: str) -> list[str]:
    """Turn the program's parameters and buffers into its first inputs; their names, in order."""
    names: list[str] = []
    for spec in program.graph_signature.input_specs:
        if spec.kind in (InputKind.PARAMETER, InputKind.BUFFER):
            names.append(str(spec.target).removeprefix(prefix))
            spec.kind, spec.target = InputKind.USER_INPUT, None
    return names


def _import(program: ExportedProgram) -> Any:
    """torch-mlir's module, which holds the function."""
    context = ir.Context()  # pyright: ignore[reportAttributeAccessIssue]: made at import
    torch_mlir_dialect.register_dialect(context)
    importer = FxImporter(context=context)
    try:
        importer.import_program(program, func_name=FUNCTION)
    except (NotImplementedError, ValueError) as error:
        raise LmcError(f"torch-mlir cannot import the traced model: {error}") from error
    return importer.module


@cache
def _context() -> Context:
    context = Context()
    for dialect in (Builtin, TORCH):
        context.load_dialect(dialect)
    return context


@lru_cache(maxsize=4096)
def _attribute(text: str) -> Attribute:
    """A type or an attribute of torch-mlir; a trace has thousands, but few that differ."""
    return Parser(_context(), text).parse_attribute()


@lru_cache(maxsize=4096)
def _location(text: str) -> LocationAttr:
    location = Parser(_context(), text).parse_optional_location()
    assert location is not None, text
    return location


def _types(values: Iterable[Any]) -> list[Attribute]:
    return [_attribute(str(value.type)) for value in values]


def _argument_attributes(parameters: list[str], count: int) -> ArrayAttr[DictionaryAttr]:
    """Tags of the function's arguments: parameters, the ids, then states."""
    tags = [DictionaryAttr({PARAMETER: StringAttr(name)}) for name in parameters]
    tags.append(DictionaryAttr({}))
    states = count - len(tags)
    tags += [DictionaryAttr({STATE: StringAttr(STATES[i % 2])}) for i in range(states)]
    return ArrayAttr(tags)


def _convert_function(body: Any, arguments: ArrayAttr[DictionaryAttr]) -> FuncOp:
    """The function of torch-mlir's `body` with `torch.operator` ops, equal constants merged."""
    block = Block(arg_types=_types(body.arguments))
    values: dict[Any, SSAValue] = dict(zip(body.arguments, block.args, strict=True))
    constants: dict[object, Operation] = {}
    outputs: list[SSAValue] = []
    for op in body.operations:
        operands = [values[operand] for operand in op.operands]
        if op.name == ReturnOp.name:
            outputs = operands
            block.add_op(ReturnOp(*outputs))
            continue
        new = _convert_operator(op, operands, constants)
        if new.parent is None:
            block.add_op(new)
        values.update(zip(op.results, new.results, strict=True))
    kind = FunctionType.from_lists(block.arg_types, [value.type for value in outputs])
    return FuncOp(FUNCTION, kind, Region(block), arg_attrs=arguments)


def _convert_operator(
    op: Any, operands: list[SSAValue], constants: dict[object, Operation]
) -> Operation:
    name = op.name.removeprefix("torch.")
    attributes = {key: _attribute(str(value)) for key, value in op.attributes.items()}
    types = _types(op.results)
    if not _is_constant(name, operands):
        path, location = _split_location(_location(str(op.location)))
        return OperatorOp(name, operands, types, attributes | {MODULE_PATH: path}, location)
    key = (name, tuple(operands), tuple(types), _key(attributes))
    if key not in constants:
        constants[key] = OperatorOp(name, operands, types, attributes, _UNKNOWN)
    return constants[key]


def _is_constant(name: str, operands: list[SSAValue]) -> bool:
    """A constant, or a list of nothing but constants."""
    if name.startswith("constant."):
        return True
    owners = [operand.owner for operand in operands]
    return name == "prim.ListConstruct" and all(
        isinstance(owner, OperatorOp) and owner.operator.data.startswith("constant.")
        for owner in owners
    )


def _key(attributes: Mapping[str, Attribute]) -> tuple[tuple[str, Attribute], ...]:
    return tuple(sorted(attributes.items(), key=lambda item: item[0]))


def _split_location(location: LocationAttr) -> tuple[StringAttr, LocationAttr]:
    """Module path and source location from what `_annotate_nodes` wrote."""
    assert isinstance(location, CallSiteLoc), f"{location} on an imported operator"
    source, region = location.callee, location.caller
    assert isinstance(source, FileLineColLoc)
    assert isinstance(region, FileLineColLoc)
    path = StringAttr("") if region.filename.data == _ROOT else region.filename
    return path, _UNKNOWN if source.filename.data == "unknown" else source
