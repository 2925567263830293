"""Ops that are in a design only between the steps of lowering, while it is flat.

A flat design has its tasks side by side, without kernels. Ops of this module stand for tasks that
do not exist yet; each names the pass that replaces it. Nothing after `outline-kernels` knows them.

    dataflow.matrix_unit sets array<i64: 1, 3> rows 4 inputs 32 ...
    %p = dataflow.weight_vector @bias_parameters of @bias count 4 lanes 2 layers 24
      : !dataflow.stream<ui32>
    %t = dataflow.function_table @exp_table of @exp entries 64 : !dataflow.stream<ui64>
    %y = dataflow.matrix_vector @y of @w %tiles rows 8 columns 64 ...
    %old = dataflow.state @conv_state takes %new fields [""] in ["DDR4"] channels [0] ...
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    DenseArrayBase,
    FlatSymbolRefAttrConstr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.io import stream_element
from lmc.dialects.dataflow.names import verify_name
from lmc.dialects.dataflow.provenance import CarriedAttr, OriginAttr
from lmc.dialects.dataflow.traits import Closed
from lmc.dialects.dataflow.types import StreamType, is_signed

CHIP_MEMORIES = ("uram", "bram")
"""Kinds of buffers that hold a state on the chip."""
RESULT_BITS = 32
"""Width of a row's result on its way out of the matrix unit; no product's result is wider."""


@dataclass(frozen=True)
class Step(Closed):
    """An op that is in flat designs only, until a pass makes tasks of it."""

    replaced_by: str
    """The pass."""


def step_of(op: Operation) -> Step | None:
    """What makes an op one that is in flat designs only; None where it is another one."""
    return op.get_trait(Step)


def integers(**values: int) -> dict[str, Attribute]:
    """Properties that are integers."""
    return {name: IntegerAttr(value, i64) for name, value in values.items()}


def _positive(op: Operation, names: Iterable[str], least: int = 1) -> None:
    for name in names:
        value = op.properties.get(name)
        if isinstance(value, IntegerAttr) and value.value.data < least:
            raise VerifyException(f"{op.name}: {name} is {value.value.data}, less than {least}")


def _verify_symbol(op: Operation, reference: SymbolRefAttr) -> None:
    """VerifyException when the module around an op does not define what it refers to."""
    module = op.get_toplevel_object()
    if isinstance(module, ModuleOp) and SymbolTable.lookup_symbol(module, reference) is None:
        raise VerifyException(f"{op.name}: the module has no weight or table {reference}")


def _lane_bits(op: Operation, stream: SSAValue, lanes: int) -> int:
    """Bits of one of a word's `lanes` elements."""
    element = stream_element(stream)
    bits, rest = divmod(element.width.data, lanes)
    if is_signed(element) or rest or not bits:
        raise VerifyException(f"{op.name}: {element} is no unsigned word of {lanes} elements")
    return bits


@irdl_op_definition
class MatrixUnitOp(IRDLOperation):
    """The unit that the design's matrix-vector products share; see `MatrixUnitShape`.

    A lane for each of `sets`. A tile of activations is `inputs` elements of `activation_bits` bits,
    then for each `block` of them an exponent of `exponent_bits` bits, then as many mantissas of
    `activation_mantissa_bits` bits. A row's scale has a mantissa and an exponent.
    """

    name = "dataflow.matrix_unit"
    traits = traits_def(Step("share-matrix-unit"))
    sets = prop_def(DenseArrayBase.constr(i64))
    rows = prop_def(IntegerAttr[I64])
    inputs = prop_def(IntegerAttr[I64])
    block = prop_def(IntegerAttr[I64])
    packed = prop_def(IntegerAttr[I64])
    activation_bits = prop_def(IntegerAttr[I64])
    activation_mantissa_bits = prop_def(IntegerAttr[I64])
    exponent_bits = prop_def(IntegerAttr[I64])
    scale_mantissa_bits = prop_def(IntegerAttr[I64])
    scale_exponent_bits = prop_def(IntegerAttr[I64])
    assembly_format = (
        "`sets` $sets `rows` $rows `inputs` $inputs `block` $block `packed` $packed "
        "`activation` $activation_bits `mantissa` $activation_mantissa_bits `exponent` "
        "$exponent_bits `scale_mantissa` $scale_mantissa_bits `scale_exponent` "
        "$scale_exponent_bits attr-dict"
    )

    def __init__(self, sets: tuple[int, ...], **numbers: int):
        properties = integers(**numbers) | {"sets": DenseArrayBase.from_list(i64, sets)}
        super().__init__(properties=properties)

    @property
    def tile_bits(self) -> int:
        """Bits of an activation tile."""
        inputs, blocks = self.inputs.value.data, self.inputs.value.data // self.block.value.data
        scale = self.exponent_bits.value.data + self.activation_mantissa_bits.value.data
        return inputs * self.activation_bits.value.data + blocks * scale

    def verify_(self) -> None:
        """VerifyException when a number is out of range or does not divide what it must."""
        _positive(self, ("rows", "inputs", "block", "packed", "activation_bits"))
        _positive(self, ("scale_mantissa_bits", "exponent_bits"))
        _positive(self, ("activation_mantissa_bits", "scale_exponent_bits"), least=0)
        if not self.sets.get_values() or min(self.sets.get_values()) < 1:
            raise VerifyException(f"{self.name}: each of its lanes has a set of rows or more")
        for whole, part in (("inputs", "block"), ("rows", "packed")):
            if getattr(self, whole).value.data % getattr(self, part).value.data:
                raise VerifyException(f"{self.name}: {part} does not divide {whole}")


@irdl_op_definition
class MatrixVectorOp(IRDLOperation):
    """A weight matrix times a vector: tiles of activations in, words of `lanes` results out.

    Once for each token and layer where it has `layers`, else once for each token with logits. The
    sums, of `sum_bits` bits, are shifted right by `shift`, then left by `left`. In layer L a tile
    is passed over `planes[L]` times. A row's `columns` are in groups of `weight_group` that share a
    scale; the columns of a group go to the unit in blocks of `block` (see `MatrixTiling`).
    """

    name = "dataflow.matrix_vector"
    traits = traits_def(Step("share-matrix-unit"))
    sym_name = prop_def(SymbolNameConstraint())
    weight = prop_def(FlatSymbolRefAttrConstr)
    tiles = operand_def(StreamType)
    rows = prop_def(IntegerAttr[I64])
    columns = prop_def(IntegerAttr[I64])
    weight_group = prop_def(IntegerAttr[I64])
    block = prop_def(IntegerAttr[I64])
    planes = prop_def(DenseArrayBase.constr(i64))
    sum_bits = prop_def(IntegerAttr[I64])
    shift = prop_def(IntegerAttr[I64])
    left = prop_def(IntegerAttr[I64])
    lanes = prop_def(IntegerAttr[I64])
    layers = opt_prop_def(IntegerAttr[I64])
    origin = opt_prop_def(OriginAttr)
    carries = opt_prop_def(CarriedAttr)
    result = result_def(StreamType)
    assembly_format = (
        "$sym_name `of` $weight $tiles `rows` $rows `columns` $columns `group` $weight_group "
        "`block` $block `planes` $planes `sums` $sum_bits `shift` $shift `left` $left `lanes` "
        "$lanes (`layers` $layers^)? (`origin` $origin^)? (`carries` $carries^)? attr-dict `:` "
        "type($tiles) `->` type($result)"
    )

    def verify_(self) -> None:
        """VerifyException when sizes do not go together or the result is too wide."""
        verify_name("product", self.sym_name.data)
        _positive(self, ("rows", "columns", "weight_group", "block", "sum_bits", "lanes", "layers"))
        _positive(self, ("shift", "left"), least=0)
        _verify_symbol(self, self.weight)
        for whole, part in (("columns", "weight_group"), ("weight_group", "block")):
            if getattr(self, whole).value.data % getattr(self, part).value.data:
                raise VerifyException(f"{self.name}: {part} does not divide {whole}")
        layers = 1 if self.layers is None else self.layers.value.data
        planes = self.planes.get_values()
        if len(planes) != layers or min(planes) < 1:
            raise VerifyException(f"{self.name}: planes are {layers} numbers, one for each layer")
        if self.rows.value.data % self.lanes.value.data:
            raise VerifyException(f"{self.name}: lanes does not divide rows")
        if self.result_bits > RESULT_BITS:
            raise VerifyException(f"{self.name}: a result has more than {RESULT_BITS} bits")
        self._verify_unit()

    def _verify_unit(self) -> None:
        """VerifyException when the design's unit is missing or takes other tiles."""
        block = self.parent
        units = [] if block is None else [op for op in block.ops if isinstance(op, MatrixUnitOp)]
        if block is not None and len(units) != 1:
            raise VerifyException(f"{self.name}: the design has {len(units)} matrix units, not one")
        width = stream_element(self.tiles).width.data
        if units and units[0].tile_bits != width:
            raise VerifyException(
                f"{self.name}: tiles of {width} bits, and the unit takes {units[0].tile_bits}"
            )

    @property
    def result_bits(self) -> int:
        """Bits of one result."""
        return _lane_bits(self, self.result, self.lanes.value.data)


@irdl_op_definition
class WeightVectorOp(IRDLOperation):
    """The integers of a weight vector: `count` words of `lanes` consecutive elements.

    Once for each token and layer where it has `layers`, else once for each token with logits.
    """

    name = "dataflow.weight_vector"
    traits = traits_def(Step("stream-images"))
    sym_name = prop_def(SymbolNameConstraint())
    weight = prop_def(FlatSymbolRefAttrConstr)
    count = prop_def(IntegerAttr[I64])
    lanes = prop_def(IntegerAttr[I64])
    layers = opt_prop_def(IntegerAttr[I64])
    carries = opt_prop_def(CarriedAttr)
    result = result_def(StreamType)
    assembly_format = (
        "$sym_name `of` $weight `count` $count `lanes` $lanes (`layers` $layers^)? "
        "(`carries` $carries^)? attr-dict `:` type($result)"
    )

    def verify_(self) -> None:
        """VerifyException when a size is not positive or a word is not of `lanes` elements."""
        verify_name("weight vector", self.sym_name.data)
        _positive(self, ("count", "lanes", "layers"))
        _verify_symbol(self, self.weight)
        _lane_bits(self, self.result, self.lanes.value.data)

    @property
    def bits(self) -> int:
        """Bits of one element."""
        return _lane_bits(self, self.result, self.lanes.value.data)


@irdl_op_definition
class FunctionTableOp(IRDLOperation):
    """The entries of a function's table, once when a launch begins."""

    name = "dataflow.function_table"
    traits = traits_def(Step("stream-images"))
    sym_name = prop_def(SymbolNameConstraint())
    table = prop_def(FlatSymbolRefAttrConstr)
    entries = prop_def(IntegerAttr[I64])
    result = result_def(StreamType)
    assembly_format = "$sym_name `of` $table `entries` $entries attr-dict `:` type($result)"

    def verify_(self) -> None:
        """VerifyException when there are no entries."""
        verify_name("function table", self.sym_name.data)
        _positive(self, ("entries",))
        _verify_symbol(self, self.table)
        _lane_bits(self, self.result, 1)

    @property
    def bits(self) -> int:
        """Bits of an entry."""
        return _lane_bits(self, self.result, 1)


@irdl_op_definition
class StateOp(IRDLOperation):
    """A state of the layers, of `count` elements in each: gives old ones, and takes new ones.

    An element's fields have a stream and a bank each: `fields` are what the banks' names add to
    the state's, `memories` and `channels` where they are. With `chip`, a kind of buffer, the state
    is on the chip from a launch's beginning to its end; else it is read and written in every step.
    """

    name = "dataflow.state"
    traits = traits_def(Step("stream-images"))
    sym_name = prop_def(SymbolNameConstraint())
    new = var_operand_def(StreamType)
    fields = prop_def(ArrayAttr[StringAttr])
    memories = prop_def(ArrayAttr[StringAttr])
    channels = prop_def(DenseArrayBase.constr(i64))
    count = prop_def(IntegerAttr[I64])
    layers = prop_def(IntegerAttr[I64])
    chip = opt_prop_def(StringAttr)
    old = var_result_def(StreamType)
    assembly_format = (
        "$sym_name `takes` $new `fields` $fields `in` $memories `channels` $channels `count` "
        "$count `layers` $layers (`chip` $chip^)? attr-dict `:` type($new) `->` type($old)"
    )

    def verify_(self) -> None:
        """VerifyException when the parts are not equally many, or one is out of range."""
        verify_name("state", self.sym_name.data)
        _positive(self, ("count", "layers"))
        channels = self.channels.get_values()
        numbers = [len(self.fields), len(self.memories), len(channels), len(self.new)]
        if len(set(numbers)) > 1 or not numbers[0]:
            raise VerifyException(f"{self.name}: a memory, a channel and a stream for each field")
        if len({field.data for field in self.fields}) < len(self.fields):
            raise VerifyException(f"{self.name}: two fields have one name")
        if min(channels) < 0:
            raise VerifyException(f"{self.name}: a channel's number is 0 or more")
        if [value.type for value in self.new] != [value.type for value in self.old]:
            raise VerifyException(f"{self.name}: old elements are of other types than new ones")
        for value in self.new:
            _lane_bits(self, value, 1)
        if self.chip is not None and self.chip.data not in CHIP_MEMORIES:
            raise VerifyException(f"{self.name}: on the chip it is in {' or '.join(CHIP_MEMORIES)}")


STEP_OPS: list[type[Operation]] = [
    MatrixUnitOp,
    MatrixVectorOp,
    WeightVectorOp,
    FunctionTableOp,
    StateOp,
]
"""The ops that are in flat designs only."""

__all__ = [
    "RESULT_BITS",
    "STEP_OPS",
    "FunctionTableOp",
    "MatrixUnitOp",
    "MatrixVectorOp",
    "StateOp",
    "Step",
    "WeightVectorOp",
    "integers",
    "step_of",
]
