"""What lmc's own ops ask of a design besides vectors and tables, as their patterns make it."""

from lmc.dialects import ssm
from lmc.ir.editing import symbol
from lmc.lowering.demand_rules import OpDemand, Words, demands


@demands(ssm.CausalConv1dStepOp)
def conv(op: ssm.CausalConv1dStepOp, words: Words) -> OpDemand:
    """All taps of a few channels at once, and the window but for its newest element."""
    channels, past = ssm.shape_of(op.state.type)
    operand = ssm.format_of(op.input.type)
    assert isinstance(operand, ssm.FixedType)
    bits = operand.bits.data * past
    state = words.packed("the conv state", channels, words.lanes, bits)
    return OpDemand({symbol(op.weight): words.lanes * (past + 1)}, conv_states=(state,))


@demands(ssm.SelectiveStateUpdateOp)
def state_update(op: ssm.SelectiveStateUpdateOp, _words: Words) -> OpDemand:
    """D one by one."""
    return OpDemand({symbol(op.d): 1})


@demands(ssm.DecayOp)
def decay(op: ssm.DecayOp, words: Words) -> OpDemand:
    """A of each element of the state goes with the state's blocks."""
    by_state = len(ssm.shape_of(op.result.type)) == 2
    return OpDemand(blocks={symbol(op.weight): words.block} if by_state else {})
