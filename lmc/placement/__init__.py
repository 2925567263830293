"""Which die of a device (SLR, super logic region) each task of a design is in."""

from lmc.placement.design import SlrUse, place_tasks, slr_use

__all__ = ["SlrUse", "place_tasks", "slr_use"]
