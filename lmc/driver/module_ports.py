"""What goes into a model's linear layers, norms and embedding and comes out, at levels 0 and 1.

These are the places at which a PyTorch module can be watched too, by its path.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import FileLineColLoc, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from lmc.dialects.ssm import BiasOp, EmbeddingOp, GatedNormOp, LinearOp, RMSNormOp, WeightOp
from lmc.dialects.torch import OperatorOp
from lmc.interpreter import Value, run
from lmc.ir.attributes import MODULE_PATH
from lmc.ir.editing import ops_of, symbol, users, weights_of
from lmc.models.config import ModelConfig
from lmc.models.weights import LM_HEAD, WeightSource
from lmc.raising.traced_regions import ModuleRegion, operators, read_traced
from lmc.weights import WeightStore

if TYPE_CHECKING:
    from torch import nn

FloatArray = NDArray[np.float32]
_WATCHED = (EmbeddingOp, GatedNormOp, LinearOp, RMSNormOp)


@dataclass(frozen=True)
class Port:
    """A value [T, elements] that goes into the PyTorch module at `path` or comes out of it.

    The path is that of the module's weight, in whoever's spelling; the model's logits have none.
    """

    path: str
    is_input: bool
    value: FloatArray
    op: str
    """The op that made the value, by its name."""
    source: str
    """Where it was written, as words that end a sentence."""


@dataclass(frozen=True)
class _Place:
    path: str
    is_input: bool
    value: SSAValue


def traced_ports(
    module: ModuleOp,
    given: "nn.Module",
    config: ModelConfig,
    ids: NDArray[np.int64],
    paths: Mapping[str, object],
) -> list[Port]:
    """Run level 0 in PyTorch on the parameters of a module; the ports of the given `paths`.

    They are in the order of computation, the logits last. Raises LmcError as `run_traced`.
    """
    import torch

    from lmc.frontend.execution import run_traced
    from lmc.frontend.watching import cold_states

    places = list(_traced_places(module, paths))
    needed = {place.value for place in places}
    rows: dict[SSAValue, list[FloatArray]] = defaultdict(list)

    def listen(op: OperatorOp, results: Sequence[object]) -> None:
        for value, result in zip(op.results, results, strict=True):
            if value in needed and isinstance(result, torch.Tensor):
                rows[value].append(result.float().cpu().numpy().reshape(-1))

    parameters = dict(given.named_parameters(remove_duplicate=False))
    parameters |= dict(given.named_buffers())
    with torch.no_grad():
        run_traced(module, ids.tolist(), parameters, cold_states(given, config), listen)
    return [_port(place, np.stack(rows[place.value])) for place in places if rows[place.value]]


def raised_ports(module: ModuleOp, weights: WeightSource, ids: NDArray[np.int64]) -> list[Port]:
    """Run level 1, its layers not rolled, in the interpreter; as `traced_ports`."""
    places = list(_raised_places(module))
    needed = {place.value for place in places}
    found: dict[SSAValue, FloatArray] = {}
    results: Counter[Operation] = Counter()

    def listen(_name: str, _layer: int | None, op: Operation, value: Value) -> None:
        made = op.results[results[op]]
        results[op] += 1
        if made in needed and isinstance(value, np.ndarray):
            found[made] = value.astype(np.float32).reshape(len(ids), -1)

    run(module, ids[:, None], weights=WeightStore(module, weights), listener=listen)
    return [_port(place, found[place.value]) for place in places if place.value in found]


def _port(place: _Place, value: FloatArray) -> Port:
    op = place.value.owner
    assert isinstance(op, Operation), "arguments are not recorded"
    location = op.location
    known = isinstance(location, FileLineColLoc)
    return Port(
        place.path,
        place.is_input,
        value,
        op.operator.data if isinstance(op, OperatorOp) else op.name,
        f" ({location.filename.data}:{location.line.data})" if known else "",
    )


def _traced_places(module: ModuleOp, paths: Mapping[str, object]) -> Iterator[_Place]:
    program = read_traced(module)
    regions: dict[str, ModuleRegion] = {}
    for op in operators(program.function):
        path = op.attributes[MODULE_PATH]
        assert isinstance(path, StringAttr), "the importer writes it"
        if path.data in paths:
            region = regions.setdefault(
                path.data, ModuleRegion(path.data, program.classes[path.data])
            )
            region.ops.append(op)
    for path, region in regions.items():
        interface = program.interface(region)
        yield from (_Place(path, True, value) for value in interface.inputs)
        yield from (_Place(path, False, value) for value in interface.outputs)
    yield _Place("", False, _logits(program.function))


def _raised_places(module: ModuleOp) -> Iterator[_Place]:
    weights = weights_of(module)
    for function in ops_of(module, FuncOp):
        for op in function.body.block.ops:
            if not isinstance(op, _WATCHED) or op.weight is None:
                continue
            path = _path(op, weights[symbol(op.weight)])
            made = op.results[0]
            for user in users(made):
                # PyTorch's linear layers have their bias in them.
                if isinstance(user, BiasOp) and _path(user, weights[symbol(user.weight)]) == path:
                    made = user.results[0]
            yield from (_Place(path, True, operand) for operand in op.operands)
            yield _Place(path, False, made)
        yield _Place("", False, _logits(function))


def _path(op: Operation, weight: WeightOp) -> str:
    """The path of the PyTorch module that has a weight; a head that is tied has the embedding's."""
    name = weight.recipe.data[0].options.data["name"]
    assert isinstance(name, StringAttr), "the verifier asks for it"
    is_head = isinstance(op, LinearOp) and weight.sym_name.data == "lm_head"
    return (LM_HEAD if is_head else name.data).rpartition(".")[0]


def _logits(function: FuncOp) -> SSAValue:
    returned = function.body.block.last_op
    assert isinstance(returned, ReturnOp), "a function ends in it"
    return returned.operands[0]
