"""The launches that testbenches repeat, and how much memory their ports see."""

from lmc.dialects.dataflow import BankOp, LogitsAttr

RECORDED_RUN = ("--prompt-tokens", "0,1", "--new", "3", "--chunk", "2", "--ignore-eos")
"""What the host program is told. It makes two launches of it: one of three steps, of which the last
two have logits and the third takes the token that the second has chosen, and one of a step, whose
states are not zero any more."""

_STEPS_WITH_LOGITS = 2
"""Of a launch of that run, at most."""


def port_words(bank: BankOp) -> int:
    """The words that a testbench has for a port to this bank: all that recorded launches reach.

    It is the port's `depth` as well (UG1399, "pragma HLS interface"): for co-simulation the tool
    copies that many words before and after a call of the kernel. In synthesis it means nothing.
    """
    words = bank.words.value.data
    has_logits = any(isinstance(segment, LogitsAttr) for segment in bank.segments)
    return words * _STEPS_WITH_LOGITS if has_logits else words
