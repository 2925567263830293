"""Weights are made while the passes of the dataflow level go on, which do not change them."""

from types import TracebackType

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from lmc.dialects.ssm import WeightOp
from lmc.interpreter.threads import thread_count
from lmc.ir.levels import DATAFLOW, level_of
from lmc.weights import WeightStore, open_source
from lmc.weights.ahead import MatricesAhead


class WeightsAhead:
    """Observes a pipeline; from level 4 on, matrices are made on the cores that are left."""

    def __init__(self) -> None:
        self._ahead: MatricesAhead | None = None

    def __enter__(self) -> "WeightsAhead":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._ahead is not None:
            self._ahead.stop()

    def observe(self, _number: int, _one: ModulePass | None, module: ModuleOp) -> None:
        """Begin at level 4; see `lmc.driver.pipeline.Observer`."""
        if self._ahead is not None or level_of(module) != DATAFLOW:
            return
        weights = [op.clone() for op in module.body.block.ops if isinstance(op, WeightOp)]
        copy = ModuleOp(weights, dict(module.attributes))
        store = WeightStore(copy, open_source(copy), cache_bytes=0)
        self._ahead = MatricesAhead(store, thread_count() - 1)

    def finish(self) -> None:
        """Return when all are made, if any are."""
        if self._ahead is not None:
            self._ahead.finish()
