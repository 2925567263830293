"""The function of a module on `ssm` ops: the decode step (id, states) → (logits, states)."""

from collections.abc import Iterator, Sequence

from xdsl.dialects.builtin import DictionaryAttr, ModuleOp, TensorType, i32
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import EmbeddingOp, LayersOp, WeightOp, shape_of
from lmc.dialects.ssm.recipes import named_tensors
from lmc.dialects.ssm.step_kinds import ARTIFACT_TENSOR
from lmc.ir.attributes import CONFIG
from lmc.ir.config_attribute import config_from_attribute
from lmc.ir.op_errors import InvalidOpError, blaming
from lmc.models.config import ModelConfig, state_shapes, tensor_shapes
from lmc.models.weights import EMBEDDING, LM_HEAD

Shape = tuple[int, ...]
_ID = TensorType(i32, [])


def verify_decode_step(module: ModuleOp) -> None:
    """Raise VerifyException for a function on `ssm` ops that is no decode step.

    One that takes an id returns logits and, in their order, what its other arguments are. Where
    the module has a configuration, there is one function, and its shapes are the model's, but for
    states that are left out altogether. A function without an id, in a module without a
    configuration, is a fragment, which can be anything; so is what is not at levels 1 to 3.
    """
    attribute = module.attributes.get(CONFIG)
    config = None if not isinstance(attribute, DictionaryAttr) else _config(attribute)
    if config is not None:
        _verify_tensors(module, config)
    functions = [op for op in module.body.block.ops if isinstance(op, FuncOp)]
    functions = [op for op in functions if not op.is_declaration and _is_on_ssm(op)]
    for function in functions:
        with blaming(function):
            if config is not None or _ID in list(function.function_type.inputs):
                _verify_signature(function)
            if config is not None:
                _verify_shapes(function, config)
    if config is not None and len(functions) > 1:
        raise InvalidOpError(
            functions[1],
            f"func.func @{functions[1].sym_name.data}: a model has one decode step, but the module "
            f"has @{functions[0].sym_name.data} too",
        )


def _verify_tensors(module: ModuleOp, config: ModelConfig) -> None:
    """Recipes name tensors that the model has, in the shapes that their steps need."""
    known = tensor_shapes(config)
    # A tied head can be asked for by its own name.
    known.setdefault(LM_HEAD, known[EMBEDDING])
    for weight in module.body.block.ops:
        if not isinstance(weight, WeightOp):
            continue
        where = f"{weight.name} @{weight.sym_name.data}"
        for written, shape in named_tensors(weight.recipe.data, weight.type.get_shape()):
            if written.startswith(ARTIFACT_TENSOR):
                continue
            for layer in sorted({0, weight.layer_count - 1}):
                name = written.replace("{layer}", str(layer))
                if name not in known:
                    raise VerifyException(f"{where}: by {CONFIG} there is no tensor {name}")
                if shape is not None and known[name] != shape:
                    raise VerifyException(
                        f"{where}: by {CONFIG} the tensor {name} has shape {list(known[name])}, "
                        f"but {list(shape)} is needed"
                    )


def _config(attribute: DictionaryAttr) -> ModelConfig:
    try:
        return config_from_attribute(attribute)
    except LmcError as error:
        raise VerifyException(f"builtin.module: {error}") from error


def _is_on_ssm(function: FuncOp) -> bool:
    return any(op.name.startswith("ssm.") for op in function.body.block.ops)


def _verify_signature(function: FuncOp) -> None:
    kind, name = function.function_type, f"func.func @{function.sym_name.data}"
    inputs, outputs = list(kind.inputs), list(kind.outputs)
    if not inputs or inputs[0] != _ID or inputs.count(_ID) != 1:
        raise VerifyException(
            f"{name}: a decode step takes one id, {_ID}, as its first argument, not "
            f"({_listed(inputs)})"
        )
    logits = outputs[0] if outputs else None
    if not isinstance(logits, TensorType) or len(logits.get_shape()) != 1:
        raise VerifyException(f"{name}: a decode step's first result is a vector of logits")
    if outputs[1:] != inputs[1:]:
        raise VerifyException(
            f"{name}: a decode step returns states as it takes them, ({_listed(inputs[1:])}), not "
            f"({_listed(outputs[1:])})"
        )


def _verify_shapes(function: FuncOp, config: ModelConfig) -> None:
    name = f"func.func @{function.sym_name.data}"
    kind, layers = function.function_type, config.n_layers
    rolled = [op for op in function.body.block.ops if isinstance(op, LayersOp)]
    wanted = state_shapes(config)
    if rolled:
        # The two states of a layer, those of all layers stacked.
        wanted = [(layers, *shape) for shape in wanted[:2]]
    found = [shape_of(state) for state in list(kind.inputs)[1:]]
    if found and len(found) != len(wanted):
        raise VerifyException(
            f"{name}: by {CONFIG} there are {len(wanted)} states, not {len(found)}"
        )
    if found and found != wanted:
        # Those of one layer are enough to see what is wrong.
        wanted = wanted[:2]
        found = next(pair for pair in _pairs(found) if pair != wanted)
        raise VerifyException(
            f"{name}: by {CONFIG} the states have the shapes {_shapes(wanted)}, not "
            f"{_shapes(found)}"
        )
    (logits,) = shape_of(next(iter(kind.outputs)))
    if logits != config.padded_vocab_size:
        raise VerifyException(
            f"{name}: by {CONFIG} there are {config.padded_vocab_size} logits, not {logits}"
        )
    for op in function.body.block.ops:
        if isinstance(op, EmbeddingOp) and shape_of(op.result.type) != (config.d_model,):
            raise InvalidOpError(
                op,
                f"{op.name}: by {CONFIG} the hidden vector has {config.d_model} elements, not "
                f"{op.result.type}",
            )
        if isinstance(op, LayersOp) and op.count.value.data != layers:
            raise InvalidOpError(
                op, f"{op.name}: by {CONFIG} there are {layers} layers, not {op.count.value.data}"
            )


def _pairs(shapes: Sequence[Shape]) -> Iterator[list[Shape]]:
    """The two states of each layer."""
    for at in range(0, len(shapes), 2):
        yield list(shapes[at : at + 2])


def _listed(types: Sequence[Attribute]) -> str:
    return ", ".join(map(str, types))


def _shapes(shapes: Sequence[Shape]) -> str:
    return ", ".join(str(list(shape)) for shape in shapes) or "(none)"
