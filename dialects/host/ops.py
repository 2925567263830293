"""What a host program is made of: buffers, transfers, scalars, runs of kernels."""

from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    FlatSymbolRefAttrConstr,
    IntegerAttr,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    i64,
)
from xdsl.ir import Attribute, ParametrizedAttribute, SSAValue
from xdsl.ir import TypeAttribute as Type
from xdsl.irdl import (
    IRDLOperation,
    eq,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow import SCALAR_TYPE, BankOp
from lmc.dialects.dataflow.names import verify_name
from lmc.dialects.dataflow.traits import Closed

PROMPT_TOKEN, LOGITS_TOKEN = "prompt_token", "logits_token"
EACH: Mapping[str, str] = {"prompt": PROMPT_TOKEN, "tokens": LOGITS_TOKEN, "logits": LOGITS_TOKEN}
"""By what moves with every launch: what its buffer has bytes for."""

SCALARS = ("n_tokens", "n_prompt", "n_logits")
"""What the host sets with each launch: steps, prompt ids, steps with logits."""


@irdl_attr_definition
class BufferType(ParametrizedAttribute, Type):
    """A buffer of the device, and its copy in the host's memory."""

    name = "host.buffer"


def verify_one_of(value: StringAttr, allowed: Sequence[str], where: str) -> None:
    """VerifyException when a word is none of those allowed."""
    if value.data not in allowed:
        raise VerifyException(f"{where} is {value}: one of {', '.join(allowed)}")


@irdl_op_definition
class BufferOp(IRDLOperation):
    """The buffer of the design's bank of the same name.

    It has `bytes` bytes, or so many for `each` id of the longest prompt of a launch
    ("prompt_token") or each step with logits ("logits_token"). `memory` is the linker's name of the
    memory that it is in.
    """

    name = "host.buffer"
    sym_name = prop_def(SymbolNameConstraint())
    bytes = prop_def(IntegerAttr[I64])
    each = opt_prop_def(StringAttr)
    memory = prop_def(StringAttr)
    buffer = result_def(eq(BufferType()))
    traits = traits_def(Closed())
    assembly_format = "$sym_name `bytes` $bytes (`each` $each^)? `in` $memory attr-dict"

    def __init__(self, name: str, size: int, memory: str, each: str | None = None):
        properties: dict[str, Attribute] = {
            "sym_name": StringAttr(name),
            "bytes": IntegerAttr(size, i64),
            "memory": StringAttr(memory),
        }
        if each is not None:
            properties["each"] = StringAttr(each)
        super().__init__(properties=properties, result_types=[BufferType()])

    def verify_(self) -> None:
        """VerifyException when it is empty, or counts something unknown."""
        name = self.sym_name.data
        verify_name("buffer", name)
        if self.bytes.value.data < 1:
            raise VerifyException(f"buffer {name} has no bytes")
        if self.each is not None:
            verify_one_of(self.each, (PROMPT_TOKEN, LOGITS_TOKEN), f"what buffer {name} counts")


@irdl_op_definition
class FillOp(IRDLOperation):
    """Fills a buffer with a file of the folder of images, which has to have its checksum there, and
    copies it to the device."""

    name = "host.fill"
    buffer = operand_def(eq(BufferType()))
    image = prop_def(StringAttr)
    traits = traits_def(Closed())
    assembly_format = "$buffer `from` $image attr-dict"

    def __init__(self, buffer: SSAValue, image: str):
        super().__init__(operands=[buffer], properties={"image": StringAttr(image)})


@irdl_op_definition
class ClearOp(IRDLOperation):
    """Fills a buffer with zeros, and copies it to the device: states begin as zero."""

    name = "host.clear"
    buffer = operand_def(eq(BufferType()))
    traits = traits_def(Closed())
    assembly_format = "$buffer attr-dict"

    def __init__(self, buffer: SSAValue):
        super().__init__(operands=[buffer])


@irdl_op_definition
class ScalarOp(IRDLOperation):
    """The design's run-time scalar of the same name: the launch's steps (`n_tokens`), its prompt
    ids (`n_prompt`) or its steps with logits (`n_logits`)."""

    name = "host.scalar"
    sym_name = prop_def(SymbolNameConstraint())
    result = result_def(eq(SCALAR_TYPE))
    traits = traits_def(Closed())
    assembly_format = "$sym_name attr-dict"

    def __init__(self, name: str):
        super().__init__(properties={"sym_name": StringAttr(name)}, result_types=[SCALAR_TYPE])

    def verify_(self) -> None:
        """VerifyException when the host does not know the scalar."""
        verify_one_of(self.sym_name, SCALARS, "a scalar of the host")


@irdl_op_definition
class SendOp(IRDLOperation):
    """Copies the launch's prompt ids ("prompt") to the device."""

    name = "host.send"
    what = prop_def(StringAttr)
    buffer = operand_def(eq(BufferType()))
    traits = traits_def(Closed())
    assembly_format = "$what $buffer attr-dict"

    def __init__(self, what: str, buffer: SSAValue):
        super().__init__(operands=[buffer], properties={"what": StringAttr(what)})

    def verify_(self) -> None:
        """VerifyException when it is nothing that the host has."""
        verify_one_of(self.what, ("prompt",), "what is sent")


@irdl_op_definition
class ReceiveOp(IRDLOperation):
    """Copies the ids that the launch has chosen ("tokens"), or its logits ("logits"), to the host,
    where they are wanted."""

    name = "host.receive"
    what = prop_def(StringAttr)
    buffer = operand_def(eq(BufferType()))
    traits = traits_def(Closed())
    assembly_format = "$what $buffer attr-dict"

    def __init__(self, what: str, buffer: SSAValue):
        super().__init__(operands=[buffer], properties={"what": StringAttr(what)})

    def verify_(self) -> None:
        """VerifyException when it is nothing that the host takes."""
        verify_one_of(self.what, ("tokens", "logits"), "what is received")


@irdl_op_definition
class RunOp(IRDLOperation):
    """Starts a kernel. Arguments go by their position in the kernel's signature; positions of
    streams are left out, they are the linker's. All runs of a launch are on the device at once.

        host.run @load(0 = %prompt : !host.buffer, 3 = %n_tokens : ui32)
    """

    name = "host.run"
    kernel = prop_def(FlatSymbolRefAttrConstr)
    positions = prop_def(ArrayAttr[IntegerAttr[I64]])
    arguments = var_operand_def()
    traits = traits_def(Closed())

    def __init__(self, kernel: str, arguments: Sequence[tuple[int, SSAValue]]):
        super().__init__(
            operands=[[value for _, value in arguments]],
            properties={
                "kernel": SymbolRefAttr(kernel),
                "positions": ArrayAttr([IntegerAttr(place, i64) for place, _ in arguments]),
            },
        )

    @property
    def kernel_name(self) -> str:
        """The kernel's name."""
        return self.kernel.root_reference.data

    @property
    def bindings(self) -> list[tuple[int, SSAValue]]:
        """(position, value) of each argument."""
        places = [place.value.data for place in self.positions]
        return list(zip(places, self.arguments, strict=True))

    def verify_(self) -> None:
        """VerifyException when positions are not one for each argument, in order."""
        places = [place.value.data for place in self.positions]
        if len(places) != len(self.arguments):
            raise VerifyException(
                f"the run of {self.kernel_name} has {len(places)} positions for "
                f"{len(self.arguments)} arguments"
            )
        if sorted(set(places)) != places or any(place < 0 for place in places):
            raise VerifyException(
                f"the run of {self.kernel_name} has arguments at {places}: positions ascend"
            )
        for value in self.arguments:
            if value.type not in (BufferType(), SCALAR_TYPE):
                raise VerifyException(
                    f"the run of {self.kernel_name} sets buffers and scalars, not {value.type}"
                )

    def print(self, printer: Printer) -> None:
        """`@kernel(position = %value : type, ...)`."""
        printer.print_string(" ")
        printer.print_attribute(self.kernel)

        def binding(pair: tuple[int, SSAValue]) -> None:
            printer.print_string(f"{pair[0]} = ")
            printer.print_ssa_value(pair[1])
            printer.print_string(" : ")
            printer.print_attribute(pair[1].type)

        printer.print_string("(")
        printer.print_list(self.bindings, binding)
        printer.print_string(")")
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> "RunOp":
        """The reverse of `print`."""
        kernel = parser.parse_symbol_name()

        def binding() -> tuple[int, SSAValue]:
            place = parser.parse_integer(allow_boolean=False)
            parser.parse_punctuation("=")
            value = parser.parse_unresolved_operand()
            parser.parse_punctuation(":")
            return place, parser.resolve_operand(value, parser.parse_type())

        bindings = parser.parse_comma_separated_list(parser.Delimiter.PAREN, binding)
        op = cls(kernel.data, bindings)
        op.attributes.update(parser.parse_optional_attr_dict())
        return op


def buffer_of(value: SSAValue) -> BufferOp:
    """What declares a value of type buffer."""
    assert isinstance(value.owner, BufferOp)
    return value.owner


def buffer_size(bank: BankOp) -> tuple[int, str | None]:
    """Bytes of a bank's buffer, and what it has so many for each of, if anything."""
    kind, word = bank.segments[0].kind() if bank.segments else "", bank.word_bits // 8
    # The words of prompt and tokens are how many there may be, those of logits are of one step.
    words = 1 if kind in ("prompt", "tokens") else bank.words.value.data
    return word * words, EACH.get(kind)
