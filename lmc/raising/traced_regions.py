"""Module regions of a traced program: which operators each module ran, what goes in and out.

A leaf is a module that is raised as a whole, whatever operators it ran; containers are modules
whose own operators are raised one by one; adapters only widen and narrow a foreign model's
convolution window by a column that it does not use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, LocationAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.torch import OperatorOp, VTensorType
from lmc.ir.attributes import MODULE_CLASSES, MODULE_PATH, PARAMETER, STATE
from lmc.ir.editing import refuse
from lmc.raising.mixers import Places

EMBEDDINGS = ("Embedding",)
NORMS = ("RMSNorm", "MambaRMSNorm", "Mamba2RMSNorm", "FalconMambaRMSNorm")
MIXERS = {"MambaMixer": "mamba1", "Mamba2Mixer": "mamba2", "FalconMambaMixer": "mamba1"}
"""Class name → architecture."""
HEADS = ("LMHead", "Linear")
_LEAVES = (*EMBEDDINGS, *NORMS, *MIXERS, *HEADS)
_CONTAINERS = (
    *("MambaLM", "Backbone", "Block"),
    *("MambaForCausalLM", "MambaModel", "MambaBlock"),
    *("Mamba2ForCausalLM", "Mamba2Model", "Mamba2Block"),
    *("FalconMambaForCausalLM", "FalconMambaModel", "FalconMambaBlock"),
)
_ADAPTERS = ("PrependOldest", "DropOldest")


@dataclass
class ModuleRegion:
    """The operators of a leaf, those of the modules in it included."""

    path: str
    kind: str
    """Name of the module's class."""
    ops: list[OperatorOp] = field(default_factory=list[OperatorOp])

    @property
    def location(self) -> LocationAttr:
        """Source location of the region's first operator."""
        return self.ops[0].location


@dataclass(frozen=True)
class Interface:
    """Values that go into a region and come out of it, in the order of their first use."""

    parameters: list[str]
    inputs: list[SSAValue]
    """Constants and parameters aside."""
    outputs: list[SSAValue]
    """Results that operators outside of the region read."""


@dataclass(frozen=True)
class TracedProgram:
    """The function of a traced module and what the importer says of its arguments."""

    function: FuncOp
    classes: Mapping[str, str]
    """Path of a module → name of its class."""
    parameters: Mapping[SSAValue, str]
    """Argument → the parameter's name."""
    states: Mapping[SSAValue, int]
    """Argument, or what an adapter makes of it → its number among the states."""
    new_states: Mapping[SSAValue, int]
    """Value that is returned, or of which an adapter makes it → number of the state it becomes."""

    def regions(self) -> dict[OperatorOp, ModuleRegion]:
        """The region of each operator that is in a leaf.

        Raises LmcError naming an operator of a module that lmc cannot compile.
        """
        by_path: dict[str, ModuleRegion] = {}
        regions: dict[OperatorOp, ModuleRegion] = {}
        for op in operators(self.function):
            path = _leaf_path(op, self.classes)
            if path is not None:
                region = by_path.setdefault(path, ModuleRegion(path, self.classes[path]))
                region.ops.append(op)
                regions[op] = region
        return regions

    def interface(self, region: ModuleRegion) -> Interface:
        """What goes into a region and comes out of it."""
        inside = set(region.ops)
        parameters: dict[str, None] = {}
        inputs: dict[SSAValue, None] = {}
        for operand in (operand for op in region.ops for operand in op.operands):
            if operand in self.parameters:
                parameters[self.parameters[operand]] = None
            elif operand.owner not in inside and not _is_constant(operand):
                inputs[operand] = None
        results: list[SSAValue] = [result for op in region.ops for result in op.results]
        outputs = [v for v in results if any(use.operation not in inside for use in v.uses)]
        return Interface(list(parameters), list(inputs), outputs)

    def places(self, region: ModuleRegion) -> Places:
        """Source locations in a region, by PyTorch operator and by parameter relative to it."""
        known: dict[str, LocationAttr] = {}
        for op in region.ops:
            known.setdefault(op.operator.data, op.location)
            for operand in op.operands:
                if operand in self.parameters:
                    name = self.parameters[operand].removeprefix(f"{region.path}.")
                    known.setdefault(name, op.location)
        return Places(known, region.location)

    def is_adapter(self, op: OperatorOp) -> bool:
        """Whether an operator only widens or narrows a convolution window."""
        return self.classes.get(_path(op)) in _ADAPTERS


def read_traced(module: ModuleOp) -> TracedProgram:
    """The traced program of a level-0 module.

    Raises LmcError if it is not one, or naming an operator of a module whose class is not given.
    """
    function = module.body.block.first_op
    classes = module.attributes.get(MODULE_CLASSES)
    if not isinstance(function, FuncOp) or not isinstance(classes, DictionaryAttr):
        raise LmcError(
            f"raise-to-ssm takes a traced model: a function of torch operators and a module "
            f"attribute {MODULE_CLASSES}"
        )
    names = {path: kind.data for path, kind in classes.data.items() if isinstance(kind, StringAttr)}
    for op in operators(function):
        if _path(op) not in names:
            raise refuse(
                op, f"the module {_path(op)!r} that ran it has no class in {MODULE_CLASSES}"
            )
    states: dict[SSAValue, int] = {
        argument: number for number, argument in enumerate(_tagged(function, STATE))
    }
    count = len(states)
    returned = function.get_return_op()
    if returned is None or len(returned.operands) != count + 1:
        raise LmcError("the traced function does not return the logits and its states")
    new_states: dict[SSAValue, int] = {
        value: number for number, value in enumerate(returned.operands[1:])
    }
    adapters = [op for op in operators(function) if names.get(_path(op)) in _ADAPTERS]
    for op in adapters:
        if op.operands[0] in states:
            states[op.results[0]] = states[op.operands[0]]
        if op.results[0] in new_states:
            new_states[op.operands[0]] = new_states[op.results[0]]
    return TracedProgram(function, names, _tagged(function, PARAMETER), states, new_states)


def operators(function: FuncOp) -> list[OperatorOp]:
    """The operators that belong to a module, constants left out."""
    ops = function.body.block.ops
    return [op for op in ops if isinstance(op, OperatorOp) and MODULE_PATH in op.attributes]


def dimensions(value: SSAValue) -> tuple[int, ...]:
    """The shape of a traced tensor; raises LmcError if the value is no tensor."""
    if not isinstance(value.type, VTensorType):
        raise LmcError(f"the traced function has an argument or result of type {value.type}")
    return value.type.dimensions


def _tagged(function: FuncOp, tag: str) -> dict[SSAValue, str]:
    attributes = function.arg_attrs or ArrayAttr([DictionaryAttr({}) for _ in function.args])
    tagged: dict[SSAValue, str] = {}
    for argument, entries in zip(function.args, attributes, strict=True):
        value = entries.data.get(tag)
        if isinstance(value, StringAttr):
            tagged[argument] = value.data
    return tagged


def _leaf_path(op: OperatorOp, classes: Mapping[str, str]) -> str | None:
    """Path of the outermost leaf around an operator, None in a container or adapter."""
    path = _path(op)
    parts = path.split(".") if path else []
    for length in range(len(parts) + 1):
        prefix = ".".join(parts[:length])
        # A ModuleList runs nothing, so it has no class.
        kind = classes.get(prefix)
        if kind in _LEAVES:
            return prefix
        if kind is not None and kind not in _CONTAINERS + _ADAPTERS:
            raise refuse(op, f"{prefix} is a {kind}, which lmc cannot compile")
    return None


def _path(op: OperatorOp) -> str:
    path = op.attributes.get(MODULE_PATH)
    return path.data if isinstance(path, StringAttr) else ""


def _is_constant(value: SSAValue) -> bool:
    return isinstance(value.owner, OperatorOp) and MODULE_PATH not in value.owner.attributes
