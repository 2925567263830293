"""The names of all `lmc.*` attributes of levels 0 to 3; `verification` says what each holds.

Those of level 4 belong to the `dataflow` dialect.
"""

PREFIX = "lmc."
"""What all of them begin with. Plugins use prefixes of their own."""

MODEL = "lmc.model"
"""Of the module: the model's name."""
CONFIG = "lmc.config"
"""Of the module: the model's configuration."""
WEIGHTS = "lmc.weights"
"""Of the module: where its weights are: a name, a folder, `random:NAME:SEED`."""
FINGERPRINT = "lmc.fingerprint"
"""Of the module: what its weights must hash to."""
ARTIFACTS = "lmc.artifacts"
"""Of the module: the folder in which artifacts are looked up first."""
PASSES = "lmc.passes"
"""Of the module: the passes that were applied, as pipeline text, oldest first."""
MODULE_CLASSES = "lmc.module_classes"
"""Of a level-0 module: path of a PyTorch module → name of its class."""
POWER_OF_TWO = "lmc.power_of_two"
"""Of the module: a token's multiplications by scales, before `rewrite-power-of-two` and after: in
all, for each value that takes some, and what those are for that remain."""
OPTIMIZED_WEIGHTS = "lmc.optimized_weights"
"""Of the module: calibration tokens, and for each weight the error on them that `optimize-weights`
has left, in percent of that of rounding; or why nothing was done."""
COMPUTATION_ORDER = "lmc.computation_order"
"""Of the module: the order that `reorder-computation` has given to each linear layer."""
ALLOCATION = "lmc.allocation"
"""Of the module: what `allocate-resources` has chosen of the target."""

MODULE_PATH = "lmc.module"
"""Of a level-0 operator: path of the PyTorch module whose forward ran it."""

PARAMETER = "lmc.parameter"
"""Of an argument of the level-0 function: the parameter's name."""
STATE = "lmc.state"
"""Of an argument of the level-0 function: `conv_state` or `ssm_state`, which alternate."""
STATE_ORDER = "lmc.state_order"
"""Of a state's function argument: {axis, order}, how its channels lie along an axis."""
