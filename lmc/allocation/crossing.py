"""Wires that a candidate is expected to need between the dies (SLRs) of a device.

An estimate before there is a design; `place-kernels` counts the wires of what was built. Lanes fill
the SLR of their memory's ports first. Those that have no room there are in the next one, with their
readers and the FIFOs of these, and with the units that are not lanes; so whatever these get from a
memory behind the full SLR crosses, too.
"""

from collections import Counter

from lmc.allocation.choices import LanePort, Place
from lmc.allocation.cost import Board, Candidate
from lmc.dataflow.wires import HANDSHAKE, read_port_wires
from lmc.memory_layout.tiling import MatrixUnitShape

LANE_LUT = 7000
"""LUTs of a lane without its products and the shifts of their sums, with port, FIFOs and what deals
out its words: a planning figure, about what `lmc.dataflow.resources` estimates of lanes with
512-bit words."""
SHIFT_LUT = 107
"""LUTs of the shift of a block's sum for one row, from the same estimates: those of lanes with one
and with eight blocks of activations in a tile differ by it."""
LANES_OF_SLR = 0.85
"""Share of an SLR's budget of LUTs that lanes may take."""


def crossing_wires(board: Board, candidate: Candidate, product_lut: float) -> int:
    """Wires across the boundary of the SLR that has more lanes than it has room for.

    0: no SLR has, or the target has none. `product_lut` are the LUTs of a product.
    """
    lanes = Counter(_slr(board, lane) for lane in candidate.lanes)
    each, word = lane_lut(board.demand.shape, product_lut), board.demand.shape.word_bits
    wires = 0
    for slr, budget in board.target.slr_budgets().items():
        spilled = lanes[slr] - int(LANES_OF_SLR * budget["lut"] / each)
        if spilled > 0:
            words = spilled * read_port_wires(word)
            wires = max(wires, words + _others(board, candidate, slr))
    return wires


def lane_lut(shape: MatrixUnitShape, product_lut: float) -> float:
    """LUTs of a lane with a set of rows."""
    products = shape.word_bits // 4 * product_lut
    return LANE_LUT + SHIFT_LUT * shape.rows * shape.blocks + products


def _others(board: Board, candidate: Candidate, slr: str) -> int:
    """Wires of all but the weights: states and parameters behind this SLR, and between lanes."""
    demand, at_once = board.demand, candidate.state_blocks
    banks = candidate.state_ports
    state = demand.state.value_bits + demand.state.exponent_bits
    wires = 0
    for place in banks:
        if _slr(board, place) == slr:
            wires += 2 * (at_once // len(banks) * state + 2 * HANDSHAKE)
    if banks and _slr(board, banks[0]) == slr:
        wires += sum(2 * (conv.bits + HANDSHAKE) for conv in demand.conv_states)
    if _slr(board, candidate.side) == slr:
        vectors = [parameter.at(at_once) for parameter in demand.side.parameters]
        wires += sum(vector.bits + HANDSHAKE for vector in vectors)
    # Activations go to the spilled lanes, and about as wide sums of rows come back.
    return wires + 2 * (demand.shape.tile_bits + HANDSHAKE)


def _slr(board: Board, place: Place | LanePort) -> str | None:
    return board.memories[place.memory].slr_of(place.channel)
