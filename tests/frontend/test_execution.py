"""Level 0 runs in PyTorch, and what it cannot run is named."""

import pytest
import torch
from xdsl.dialects.builtin import StringAttr

from lmc.diagnostics import LmcError
from lmc.dialects.torch import OperatorOp
from lmc.frontend import import_module
from lmc.frontend.execution import run_traced
from lmc.frontend.watching import cold_states, decode_logits
from lmc.models.config import Mamba1Config
from lmc.models.language_model import load_module
from lmc.models.weights import RandomWeights

CONFIG = Mamba1Config(
    vocab_size=16,
    padded_vocab_size=16,
    d_model=8,
    n_layers=1,
    d_inner=16,
    d_state=4,
    d_conv=4,
    dt_rank=2,
)


def test_the_trace_computes_the_decode_step_and_names_what_it_cannot() -> None:
    given = load_module(CONFIG, RandomWeights(CONFIG, 0))
    module = import_module(given, name="m")
    parameters = dict(given.named_parameters(remove_duplicate=False))
    ids, seen = [3, 1, 4, 1, 5], list[OperatorOp]()
    states = cold_states(given, CONFIG)
    logits = run_traced(module, ids, parameters, states, lambda op, _: seen.append(op))
    wanted = decode_logits(given, CONFIG, torch.tensor(ids).numpy())
    torch.testing.assert_close(logits, wanted)
    silu = next(op for op in seen if op.operator.data == "aten.silu")
    silu.properties["operator"] = StringAttr("aten.no_such")
    with pytest.raises(LmcError, match=r"no operator aten\.no_such"):
        run_traced(module, ids, parameters, states, lambda *_: None)
    silu.properties["operator"] = StringAttr("aten.silu")
    with pytest.raises(LmcError, match=r"but a token and 1 states are what it is called with"):
        run_traced(module, ids, parameters, states[:1], lambda *_: None)
    del parameters["backbone.norm_f.weight"]
    with pytest.raises(LmcError, match=r"no parameter backbone\.norm_f\.weight"):
        run_traced(module, ids, parameters, states, lambda *_: None)
