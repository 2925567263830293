"""Names that a level-0 module uses, for those who read one without importing PyTorch."""

FUNCTION = "decode_step"
"""The traced function: (parameters, ids, states) → (logits, states)."""
MODULE_CLASSES = "lmc.module_classes"
"""Attribute of the module op: module path → class name."""
MODULE_PATH = "lmc.module"
"""Attribute of an operator: path of the module whose forward ran it."""
PARAMETER = "lmc.parameter"
"""Attribute of an argument: the parameter's name."""
STATE = "lmc.state"
"""Attribute of an argument: one of `STATES`, which alternate."""

STATES = ("conv_state", "ssm_state")
"""The states of a layer, in the order of the function's arguments and results."""
