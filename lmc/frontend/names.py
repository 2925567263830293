"""Names that a level-0 module uses, for those who read one without importing PyTorch."""

FUNCTION = "decode_step"
"""The traced function: (parameters, ids, states) → (logits, states)."""

STATES = ("conv_state", "ssm_state")
"""The states of a layer, in the order of the function's arguments and results."""
