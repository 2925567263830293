"""`raise-to-ssm`: the traced PyTorch program → the `ssm` ops that its module regions stand for.

An operator belongs to the region of the module whose forward ran it (`lmc.module`), and the class
of that module says what the region computes: a mixer is one thing, however its author spells it.
What is outside of such regions is a residual addition or changes nothing but a shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, ModuleOp, TensorType, f32, f64, i32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.utils.hints import isa

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import AddOp, EmbeddingOp, LinearOp, RMSNormOp, shape_of
from lmc.dialects.torch import OperatorOp
from lmc.frontend import check_traced
from lmc.frontend.names import FUNCTION, STATES
from lmc.ir.attributes import MODULE_CLASSES
from lmc.ir.config_attribute import config_of_module
from lmc.ir.editing import refuse
from lmc.ir.pass_base import Effect, LmcPass
from lmc.ir.rewriting import at_work
from lmc.models.config import ModelConfig, tensor_shapes
from lmc.models.weights import EMBEDDING, LM_HEAD, canonical_name
from lmc.raising.mixers import Builder, MixerValues, build_mixer
from lmc.raising.traced_regions import (
    EMBEDDINGS,
    MIXERS,
    NORMS,
    ModuleRegion,
    TracedProgram,
    dimensions,
    operators,
    read_traced,
)

_SHAPE_OPERATORS = {
    f"aten.{name}"
    for name in ("reshape", "select.int", "slice.Tensor", "squeeze.dim", "unsqueeze", "view")
}


@dataclass(frozen=True)
class RaiseToSSM(LmcPass):
    """Raise a traced decode step to the `ssm` dialect.

    Weights become `ssm.weight` symbols that load the checkpoint's tensors by their canonical
    names; tensors lose the batch dimension, the id becomes a scalar. Mixers are built from
    `lmc.config`.
    """

    name = "raise-to-ssm"
    effect: ClassVar[Effect] = Effect.FLOAT

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Replace the traced function.

        Raises LmcError naming a module or operator not known, and as `check_traced`.
        """
        program = read_traced(op)
        check_traced(op)
        raiser = _Raiser(program, config_of_module(op))
        function = raiser.raise_function()
        program.function.detach()
        program.function.erase()
        op.body.block.add_ops([*raiser.builder.weights.values(), function])
        del op.attributes[MODULE_CLASSES]


class _Raiser:
    """Translates a traced function in one walk over its operators."""

    def __init__(self, program: TracedProgram, config: ModelConfig) -> None:
        self.program = program
        self.config = config
        self.builder = Builder(config, Block())
        self.values: dict[SSAValue, SSAValue] = {}
        """Traced value → raised value."""

    def raise_function(self) -> FuncOp:
        """The function on `ssm` ops, with the id, then the states as arguments."""
        function, block = self.program.function, self.builder.block
        regions = self.program.regions()
        _check_parameters(self.program, self.config)
        self._add_arguments()
        for op in operators(function):
            region = regions.get(op)
            if region is None:
                with at_work(self._raise_operator):
                    self._raise_operator(op)
            elif op is region.ops[0]:
                with at_work(self._raise_region):
                    self._raise_region(region)
        returned = function.get_return_op()
        assert returned is not None, "read_traced has seen it"
        block.add_op(ReturnOp(*(self._value(operand) for operand in returned.operands)))
        types = [v.type for v in block.args], [self._value(v).type for v in returned.operands]
        return FuncOp(FUNCTION, types, Region(block))

    def _add_arguments(self) -> None:
        block = self.builder.block
        for argument in self.program.function.args:
            if argument in self.program.parameters:
                continue
            state = self.program.states.get(argument)
            new_type = TensorType(i32, [])
            if state is not None:
                new_type = TensorType(f32, dimensions(argument)[1:])
            new = block.insert_arg(new_type, len(block.args))
            new.name_hint = "id" if state is None else STATES[state % 2]
            self.values[argument] = new

    def _value(self, traced: SSAValue) -> SSAValue:
        if traced not in self.values:
            owner = traced.owner
            if isinstance(owner, OperatorOp):
                raise refuse(owner, "its result is read before its module has finished")
            raise LmcError(f"the traced model reads {traced.type} in a way lmc does not know")
        return self.values[traced]

    def _raise_operator(self, op: OperatorOp) -> None:
        """An operator between regions: a residual addition, or one that moves no data."""
        name = op.operator.data
        if self.program.is_adapter(op) or (name in _SHAPE_OPERATORS and _keeps_size(op)):
            self.values[op.results[0]] = self._value(op.operands[0])
        elif name == "aten.add.Tensor" and _integer(op.operands[2]) == 1:
            lhs, rhs = (self._value(operand) for operand in op.operands[:2])
            shape = {"hidden": shape_of(lhs.type)}
            (self.values[op.results[0]],) = self.builder.add(AddOp, [lhs, rhs], shape, op.location)
        else:
            raise refuse(op, f"lmc cannot compile {name} between the layers of a model")

    def _raise_region(self, region: ModuleRegion) -> None:
        if region.kind in MIXERS:
            self._raise_mixer(region)
            return
        interface = self.program.interface(region)
        if len(interface.inputs) != 1 or len(interface.outputs) != 1:
            raise refuse(region.ops[0], f"{region.path} has more than one operand or result")
        x = self._value(interface.inputs[0])
        if region.kind in EMBEDDINGS:
            raised = self._raise_embedding(region, interface.parameters, x)
        elif region.kind in NORMS:
            raised = self._raise_norm(region, x)
        else:
            raised = self._raise_head(region, interface.parameters, x)
        self.values[interface.outputs[0]] = raised

    def _raise_embedding(self, region: ModuleRegion, read: list[str], x: SSAValue) -> SSAValue:
        self._expect_parameter(region, read, EMBEDDING)
        weight = self.builder.weight(EMBEDDING, region.location)
        shape = {"hidden": [self.config.d_model]}
        return self.builder.add(EmbeddingOp, [x], shape, region.location, weight=weight)[0]

    def _raise_norm(self, region: ModuleRegion, x: SSAValue) -> SSAValue:
        weight = self.builder.weight(f"{region.path}.weight", region.location)
        eps = FloatAttr(self.config.eps, f64)
        shape = {"normed": shape_of(x.type)}
        return self.builder.add(RMSNormOp, [x], shape, region.location, weight=weight, eps=eps)[0]

    def _raise_head(self, region: ModuleRegion, read: list[str], x: SSAValue) -> SSAValue:
        self._expect_parameter(region, read, LM_HEAD)
        tensor = EMBEDDING if self.config.tie_embeddings else LM_HEAD
        weight = self.builder.weight(tensor, region.location, symbol="lm_head")
        shape = {"logits": [self.config.padded_vocab_size]}
        return self.builder.add(LinearOp, [x], shape, region.location, weight=weight)[0]

    def _expect_parameter(self, region: ModuleRegion, read: list[str], name: str) -> None:
        tied = (EMBEDDING, LM_HEAD) if self.config.tie_embeddings else (name,)
        if len(read) != 1 or canonical_name(read[0]) not in tied:
            raise refuse(region.ops[0], f"{region.path} reads {', '.join(read)}, not just {name}")

    def _raise_mixer(self, region: ModuleRegion) -> None:
        if MIXERS[region.kind] != self.config.arch:
            raise refuse(region.ops[0], f"{region.path} does not fit a {self.config.arch} config")
        interface = self.program.interface(region)
        old, hidden = _split_states(interface.inputs, self.program.states)
        new, result = _split_states(interface.outputs, self.program.new_states)
        if old.keys() != new.keys() or len(old) != 2 or len(hidden) != 1 or len(result) != 1:
            raise refuse(
                region.ops[0],
                f"{region.path} does not take and return a hidden vector and one layer's states",
            )
        conv, ssm = sorted(old)
        inputs = MixerValues(*(self._value(value) for value in (hidden[0], old[conv], old[ssm])))
        made = build_mixer(self.builder, region.path, inputs, self.program.places(region))
        self.values |= {
            result[0]: made.hidden,
            new[conv]: made.conv_state,
            new[ssm]: made.ssm_state,
        }


def _split_states(
    values: list[SSAValue], numbers: Mapping[SSAValue, int]
) -> tuple[dict[int, SSAValue], list[SSAValue]]:
    """Those of the values that are states, by number, and the others."""
    states = {numbers[value]: value for value in values if value in numbers}
    return states, [value for value in values if value not in numbers]


def _check_parameters(program: TracedProgram, config: ModelConfig) -> None:
    """Compare the traced parameters with what the configuration says."""
    wanted = tensor_shapes(config)
    if config.tie_embeddings:
        wanted[LM_HEAD] = wanted[EMBEDDING]
    found = {canonical_name(name): dimensions(v) for v, name in program.parameters.items()}
    for name, shape in found.items():
        if shape != wanted.get(name):
            says = f"has {list(wanted[name])}" if name in wanted else "has no such parameter"
            raise LmcError(
                f"the traced parameter {name} has shape {list(shape)}, but lmc.config {says}"
            )
    missing = (
        wanted.keys() - found.keys() - ({EMBEDDING, LM_HEAD} if config.tie_embeddings else set())
    )
    if missing:
        raise LmcError(
            f"the traced model has no parameter {min(missing)}, which lmc.config asks for"
        )


def _keeps_size(op: OperatorOp) -> bool:
    return prod(dimensions(op.operands[0])) == prod(dimensions(op.results[0]))


def _integer(value: SSAValue) -> int | None:
    """The value of an integer constant."""
    if not isinstance(value.owner, OperatorOp):
        return None
    constant = value.owner.attributes.get("value")
    return constant.value.data if isa(constant, IntegerAttr) else None
