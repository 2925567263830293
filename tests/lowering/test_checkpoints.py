"""Who can be at fault where memory holds something wrong, by the graph of a design."""

from pathlib import Path

import pytest
from design_builder import DesignBuilder
from tiny_designs import last_module

from lmc.backends.hls.printer import find_design
from lmc.dataflow.graph import design_graph
from lmc.dialects.dataflow import DesignOp
from lmc.lowering.checkpoints import Checkpoint, Suspects, checkpoints


@pytest.fixture(scope="module", params=["chip", "memory"])
def design(request: pytest.FixtureRequest, mamba1_design: Path, mamba2_design: Path) -> DesignOp:
    """Mamba-1 with states on the chip, and Mamba-2 with states in memory."""
    return find_design(last_module(mamba1_design if request.param == "chip" else mamba2_design))


def by_bank(design: DesignOp) -> dict[str, Checkpoint]:
    return {one.bank: one for one in checkpoints(design)}


def tasks(suspects: Suspects) -> set[str]:
    return {name for _, names in suspects.kernels for name in names}


def kernels(suspects: Suspects) -> list[str]:
    return [kernel for kernel, _ in suspects.kernels]


def test_checkpoints_are_in_the_order_of_the_data(design: DesignOp) -> None:
    found = checkpoints(design)
    names = [one.bank for one in found]
    assert names[0] == "conv_state_state"
    assert names[-2:] == ["logits", "tokens"]
    assert all(name.startswith("ssm_state") for name in names[1:-2])
    assert [one.is_state for one in found] == [True] * (len(found) - 2) + [False] * 2


def test_the_first_layer_takes_the_embedding_and_later_ones_the_layer_before(
    design: DesignOp,
) -> None:
    conv = by_bank(design)["conv_state_state"]
    assert kernels(conv.first)[0] == "load"
    assert {"choose_token", "embedding_2", "rms_norm", "split", "conv1d"} <= tasks(conv.first)
    assert not {"leave_layer", "state_update", "choose_greedily"} & tasks(conv.first)
    assert {"state_update", "add", "leave_layer", "rms_norm", "conv1d"} <= tasks(conv.later)
    assert not {"embedding_2", "choose_token", "softplus", "silu"} & tasks(conv.later)


def test_what_the_conv_state_shows_is_no_suspect_for_the_ssm_state(design: DesignOp) -> None:
    ssm = by_bank(design)[next(name for name in by_bank(design) if name.startswith("ssm"))]
    for suspects in (ssm.first, ssm.later):
        assert kernels(suspects)[0] == "after_in_proj"
        assert {"conv1d", "softplus", "state_update"} <= tasks(suspects)
        assert not {"rms_norm", "enter_layer", "add", "quantize"} & tasks(suspects)
        assert dict(suspects.loaders).keys() == {"load"}


def test_a_stream_that_the_conv_state_shows_in_part(mamba2_design: Path) -> None:
    """`dt` comes with what the convolution takes, through a task that adds a bias to both."""
    design = find_design(last_module(mamba2_design))
    ssm = by_bank(design)["ssm_state_0_state"]
    assert "matrix" not in kernels(ssm.first)
    assert [kernel for _, kernel in ssm.first.unseen] == ["matrix"]
    assert "split" in tasks(ssm.first)


def test_parts_of_one_state_are_not_before_each_other(mamba2_design: Path) -> None:
    found = by_bank(find_design(last_module(mamba2_design)))
    parts = [one for name, one in found.items() if name.startswith("ssm_state")]
    assert len(parts) == 4
    assert all("state_update" in tasks(one.first) for one in parts)


def test_a_linear_layer_is_not_before_those_that_follow_it(design: DesignOp) -> None:
    """All go through the tasks of one unit."""
    logits, tokens = by_bank(design)["logits"], by_bank(design)["tokens"]
    assert {"add", "leave_layer", "fork_logits"} <= tasks(logits.first)
    assert not {"conv1d", "rms_norm", "enter_layer"} & tasks(logits.first)
    assert kernels(tokens.first) == ["after_lm_head", "store"]


def test_all_suspects_are_tasks_of_their_kernels(design: DesignOp) -> None:
    kernel_of = {task.name: task.kernel for task in design_graph(design).tasks}
    for one in checkpoints(design):
        for suspects in (one.first, one.later):
            for kernel, names in (*suspects.kernels, *suspects.loaders):
                assert [kernel_of[name] for name in names] == [kernel] * len(names)


def test_a_design_that_writes_no_such_bank_has_none() -> None:
    design = DesignBuilder("empty")
    assert checkpoints(find_design(design.module())) == []
