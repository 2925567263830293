"""The frame of a host program: the program, its loop over tokens, the launch in that."""

from collections.abc import Sequence
from itertools import takewhile
from typing import TypeVar

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    FlatSymbolRefAttrConstr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    i64,
)
from xdsl.ir import Block, Operation, Region
from xdsl.irdl import IRDLOperation, irdl_op_definition, prop_def, region_def, traits_def
from xdsl.traits import HasParent, IsolatedFromAbove, NoTerminator
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow import ID_BITS, DesignOp
from lmc.dialects.dataflow.traits import Closed
from lmc.dialects.host.ops import (
    EACH,
    SCALARS,
    BufferOp,
    ClearOp,
    FillOp,
    ReceiveOp,
    RunOp,
    ScalarOp,
    SendOp,
    buffer_of,
    verify_one_of,
)
from lmc.dialects.host.verification import verify_design

TEXTS = ("bytes", "tokenizer", "ids")
"""What a prompt may be besides token ids: a text whose bytes are tokens, a text that a
tokenizer.json makes tokens of, or nothing."""

OpT = TypeVar("OpT", bound=Operation)


@irdl_op_definition
class LaunchOp(IRDLOperation):
    """A launch of all kernels, of at most `most_steps` decode steps unless the user asks for more
    new tokens at a time. It sends, runs, waits for all kernels, then receives."""

    name = "host.launch"
    most_steps = prop_def(IntegerAttr[I64])
    body = region_def("single_block")
    traits = traits_def(NoTerminator(), Closed())
    assembly_format = "`most_steps` $most_steps attr-dict-with-keyword $body"

    def __init__(self, most_steps: int, ops: Sequence[Operation]):
        super().__init__(
            properties={"most_steps": IntegerAttr(most_steps, i64)}, regions=[Region(Block(ops))]
        )

    def verify_(self) -> None:
        """VerifyException when it has no step, lacks a scalar or a transfer, or is in another
        order."""
        if self.most_steps.value.data < 1:
            raise VerifyException("a launch has at least one step")
        _verify_order(self, (ScalarOp, SendOp, RunOp, ReceiveOp))
        scalars = [op.sym_name.data for op in self.body.block.ops if isinstance(op, ScalarOp)]
        if sorted(scalars) != sorted(SCALARS):
            raise VerifyException(
                f"a launch has the scalars {', '.join(SCALARS)}, not {', '.join(scalars) or 'none'}"
            )
        moved = [op.what.data for op in self.body.block.ops if isinstance(op, SendOp | ReceiveOp)]
        if sorted(moved) != sorted(EACH):
            raise VerifyException(
                f"a launch moves {', '.join(EACH)}, each once, not {', '.join(moved) or 'nothing'}"
            )


@irdl_op_definition
class TokenLoopOp(IRDLOperation):
    """Continues a text: launches until all new tokens are there, or one of `end_tokens` is.

    `vocabulary` is how many token ids there are. `text` says what a prompt may be besides ids:
    "bytes", "tokenizer" (of the model's tokenizer.json) or only "ids".
    """

    name = "host.token_loop"
    text = prop_def(StringAttr)
    vocabulary = prop_def(IntegerAttr[I64])
    end_tokens = prop_def(ArrayAttr[IntegerAttr[I64]])
    body = region_def("single_block")
    traits = traits_def(NoTerminator(), Closed())
    assembly_format = (
        "`text` $text `vocabulary` $vocabulary `end_tokens` $end_tokens "
        "attr-dict-with-keyword $body"
    )

    def __init__(
        self, text: str, vocabulary: int, end_tokens: Sequence[int], ops: Sequence[Operation]
    ):
        super().__init__(
            properties={
                "text": StringAttr(text),
                "vocabulary": IntegerAttr(vocabulary, i64),
                "end_tokens": ArrayAttr([IntegerAttr(token, i64) for token in end_tokens]),
            },
            regions=[Region(Block(ops))],
        )

    def verify_(self) -> None:
        """VerifyException when a number is none of tokens, or there is not one launch."""
        verify_one_of(self.text, TEXTS, "a text")
        size = self.vocabulary.value.data
        if self.text.data == "bytes" and size != 256:
            raise VerifyException(f"a text of bytes has 256 tokens, not {size}")
        for token in (token.value.data for token in self.end_tokens):
            if not 0 <= token < 1 << ID_BITS:
                raise VerifyException(f"the end token {token} is no id of {ID_BITS} bits")
        _verify_order(self, (ClearOp, LaunchOp))
        only(LaunchOp, self.body.block, "a token loop")


@irdl_op_definition
class ProgramOp(IRDLOperation):
    """What the host does with the design of the module that it names.

    `memories` are the linker's names of all memories of the board: an xclbin that has a buffer in
    another one of them is of another design.
    """

    name = "host.program"
    design = prop_def(FlatSymbolRefAttrConstr)
    memories = prop_def(ArrayAttr[StringAttr])
    body = region_def("single_block")
    traits = traits_def(IsolatedFromAbove(), NoTerminator(), HasParent(ModuleOp), Closed())
    assembly_format = "$design `memories` $memories attr-dict-with-keyword $body"

    def __init__(self, design: str, memories: Sequence[str], ops: Sequence[Operation]):
        super().__init__(
            properties={
                "design": SymbolRefAttr(design),
                "memories": ArrayAttr([StringAttr(name) for name in memories]),
            },
            regions=[Region(Block(ops))],
        )

    @property
    def buffers(self) -> list[BufferOp]:
        """The buffers, in order."""
        return [op for op in self.body.block.ops if isinstance(op, BufferOp)]

    @property
    def images(self) -> dict[BufferOp, str]:
        """The file of each buffer that is filled from one."""
        fills = [op for op in self.body.block.ops if isinstance(op, FillOp)]
        return {buffer_of(op.buffer): op.image.data for op in fills}

    @property
    def token_loop(self) -> TokenLoopOp:
        """The loop over tokens."""
        return only(TokenLoopOp, self.body.block, "a host program")

    @property
    def launch(self) -> LaunchOp:
        """The launch in the loop."""
        return only(LaunchOp, self.token_loop.body.block, "a token loop")

    @property
    def scalars(self) -> list[ScalarOp]:
        """The scalars of a launch, in order."""
        return [op for op in self.launch.body.block.ops if isinstance(op, ScalarOp)]

    @property
    def runs(self) -> list[RunOp]:
        """The runs of a launch, in the order in which they are started."""
        return [op for op in self.launch.body.block.ops if isinstance(op, RunOp)]

    def moved(self, what: str) -> BufferOp:
        """The buffer that is sent or received with every launch: prompt, tokens or logits."""
        ops = [op for op in self.launch.body.block.ops if isinstance(op, SendOp | ReceiveOp)]
        return buffer_of(next(op.buffer for op in ops if op.what.data == what))

    def verify_(self) -> None:
        """VerifyException when it is not about the module's design, each part of it once."""
        _verify_order(self, (BufferOp, FillOp, TokenLoopOp))
        only(TokenLoopOp, self.body.block, "a host program")
        name, module = self.design.root_reference.data, self.parent_op()
        assert isinstance(module, ModuleOp)
        before = takewhile(lambda op: op is not self, module.ops)
        for design in [op for op in before if isinstance(op, DesignOp)]:
            if design.sym_name.data == name:
                verify_design(self, design)
                return
        raise VerifyException(f"the host program is for design {name}, which is not before it")


def only(kind: type[OpT], block: Block, where: str) -> OpT:
    """The one op of a kind in a block; VerifyException when there is another number of them."""
    found = [op for op in block.ops if isinstance(op, kind)]
    if len(found) != 1:
        raise VerifyException(f"{where} has one {kind.name}, not {len(found)}")
    return found[0]


def _verify_order(op: Operation, kinds: Sequence[type[Operation]]) -> None:
    """VerifyException unless an op's body has ops of these kinds alone, in this order."""
    (block,) = op.regions[0].blocks
    if block.args:
        raise VerifyException(f"{op.name} has a body with arguments: it takes none")
    place = 0
    for inner in block.ops:
        own = next((n for n, kind in enumerate(kinds) if isinstance(inner, kind)), None)
        if own is None:
            raise VerifyException(f"{inner.name} can't be in {op.name}")
        if own < place:
            raise VerifyException(f"{inner.name} comes after {kinds[place].name} in {op.name}")
        place = own
