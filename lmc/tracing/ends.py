"""The logits of the steps that the interpreter doesn't run: the trace in PyTorch, the C++."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute

from lmc.backends.csim.simulate import Simulation
from lmc.design.folder import SAVED_WEIGHTS, Design, attach_weights
from lmc.diagnostics import LmcError
from lmc.interpreter.common import check_ids
from lmc.ir.config_attribute import config_of_module
from lmc.models.config import parameter_count
from lmc.weights import open_source

_MOST_PARAMETERS = 1_000_000_000
"""Of a model that is held in memory as a PyTorch module."""


def traced_logits(module: ModuleOp, design: Design, tokens: Sequence[int]) -> NDArray[np.float32]:
    """Logits [T, V] of a design's module of level 0, run op by op in PyTorch from a cold state.

    Raises LmcError for a model whose PyTorch module is not lmc's own or too large to be held, and
    as `run_traced` does.
    """
    import torch

    from lmc.frontend.execution import run_traced
    from lmc.frontend.watching import cold_states
    from lmc.models.language_model import load_module

    if design.manifest["model"]["weights"] == SAVED_WEIGHTS:
        raise LmcError(
            "the model was a PyTorch module in memory, which the folder does not hold; the compile "
            "has compared both"
        )
    config = config_of_module(module)
    if parameter_count(config) > _MOST_PARAMETERS:
        raise LmcError(
            f"a PyTorch module of {parameter_count(config):,} parameters is too large to be held "
            "in memory; the compile has compared its first layers"
        )
    ids = check_ids(np.array(tokens, np.int64), config.padded_vocab_size)
    attach_weights(module, design.path)
    given = load_module(config, open_source(module))
    parameters = dict(given.named_parameters(remove_duplicate=False)) | dict(given.named_buffers())
    with torch.no_grad():
        states = cold_states(given, config)
        logits = run_traced(module, ids.tolist(), parameters, states, lambda _op, _results: None)
    return logits.float().cpu().numpy()


def emitted_logits(design: Design, tokens: Sequence[int]) -> tuple[NDArray[np.int64], Attribute]:
    """Integers of the logits [T, V] of a design's C++ in C simulation, and their format.

    Raises LmcError where the simulation can't be built, or fails.
    """
    simulation = Simulation(design.path)
    logits = simulation.logits(np.array(tokens, np.int64)).astype(np.int64)
    return logits, simulation.logits_format
