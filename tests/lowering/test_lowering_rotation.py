"""How the online Hadamard is cut into tasks, each a Kronecker factor of the matrix."""

from functools import reduce

import numpy as np
import pytest
from integer_modules import parse

from lmc.allocation import Allocation, LanePort, Place, set_allocation
from lmc.diagnostics import LmcError
from lmc.driver.pipeline import parse_passes, run_passes
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.lowering.rotation import rotation_stages
from lmc.numerics.hadamard import hadamard, paley_order, sylvester

BLOCKS = [1, 2, 8, 12, 20, 64, 72, 96, 384, 512, 1536, 1792]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_the_product_of_all_stages_is_the_matrix(block: int, lanes: int) -> None:
    lanes = min(lanes, block // paley_order(block))
    stages = rotation_stages(block, lanes)
    stride = 1
    for stage in stages:
        assert stage.stride == stride
        assert stage.order <= 60
        stride *= stage.order
    assert stride * lanes == block
    factors = [hadamard(stage.order) for stage in reversed(stages)]
    assert np.array_equal(reduce(np.kron, [*factors, sylvester(lanes)]), hadamard(block))


def test_real_widths_need_few_sums_at_once() -> None:
    shapes = {
        block: [(stage.order, stage.stride) for stage in rotation_stages(block, 8)]
        for block in (64, 512, 1536, 4096, 5120)
    }
    assert shapes == {
        64: [(8, 1)],
        512: [(8, 1), (8, 8)],
        1536: [(8, 1), (2, 8), (12, 16)],
        4096: [(8, 1), (8, 8), (8, 64)],
        5120: [(8, 1), (4, 8), (20, 32)],
    }


def test_a_factor_that_is_too_large_is_refused() -> None:
    module = parse(
        """
        ssm.weight @e : tensor<16x68x!ssm.wint<8, 68, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>]
        ssm.weight @w : tensor<68x68x!ssm.wint<4, 68, 8, 3, 14>> layers 2 = [
          #ssm.step<load, {name = "w.{layer}"}>]
        func.func @step(%id: tensor<i32>) -> tensor<68x!ssm.fixed<24, 14>> {
          %first = ssm.embedding %id, @e : (tensor<i32>) -> tensor<68x!ssm.fixed<24, 14>>
          %last = ssm.layers %first count(2) carried(1) {
          ^layer(%h: tensor<68x!ssm.fixed<24, 14>>):
            %r = ssm.rotate %h block(68)
              : (tensor<68x!ssm.fixed<24, 14>>) -> tensor<68x!ssm.fixed<31, 14>>
            %q = ssm.quantize %r rounding("up")
              : (tensor<68x!ssm.fixed<31, 14>>) -> tensor<68x!ssm.bfp<8, 4, 14>>
            %o = ssm.linear %q, @w
              : (tensor<68x!ssm.bfp<8, 4, 14>>) -> tensor<68x!ssm.fixed<32, 16>>
            %h_new = ssm.add %h, %o : (tensor<68x!ssm.fixed<24, 14>>, tensor<68x!ssm.fixed<32, 16>>)
              -> tensor<68x!ssm.fixed<24, 14>>
            ssm.yield %h_new : tensor<68x!ssm.fixed<24, 14>>
          } : (tensor<68x!ssm.fixed<24, 14>>) -> (tensor<68x!ssm.fixed<24, 14>>)
          func.return %last : tensor<68x!ssm.fixed<24, 14>>
        }"""
    )
    registry, place = load_registry(), Place(memory="DDR4")
    lanes = (LanePort(memory="DDR4"),)
    set_allocation(
        module,
        Allocation(target="vck190", clock_mhz=300, port_bits=512, lanes=lanes, side_port=place),
    )
    with pytest.raises(LmcError, match=r"ssm.rotate %r: block 68 has a factor of order 68"):
        run_passes(make_context(registry), module, parse_passes(registry, "lower-to-dataflow"))
