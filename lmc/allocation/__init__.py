"""What a design uses of a board: choices, what a model asks for, and the search between them."""

from lmc.allocation.choices import (
    Allocation,
    LanePort,
    Place,
    allocation_of,
    set_allocation,
)

__all__ = ["Allocation", "LanePort", "Place", "allocation_of", "set_allocation"]
