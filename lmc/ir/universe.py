"""What lmc offers to the xDSL tools of the environment through the entry point `xdsl.universe`."""

from xdsl.universe import Universe

from lmc.ir.registry import DIALECTS, PASSES, dialect_loader, pass_loader

UNIVERSE = Universe(
    all_dialects={name: dialect_loader(where) for name, where in DIALECTS.items()},
    all_passes={name: pass_loader(name) for name in PASSES},
)
