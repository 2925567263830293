"""Runs a PyTorch model on a few tokens and keeps what its parts took and made."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lmc.frontend.export import evaluation_mode
from lmc.frontend.hugging_face import DecodeStep
from lmc.models.config import Mamba2Config, ModelConfig, state_shapes
from lmc.models.language_model import MambaLM

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Watched:
    """What a part of a model took and made: arrays of [T, elements], in the order of arguments."""

    inputs: list[FloatArray]
    output: FloatArray


@dataclass(frozen=True)
class WatchedRun:
    """The logits [T, V] of a run, and the parts that were called, by their paths."""

    logits: FloatArray
    parts: Mapping[str, Watched]


def prefill_logits(module: nn.Module, ids: NDArray[np.int64]) -> Tensor:
    """Logits [T, V] of a model that is given all ids [T] at once, from the cold state."""
    device = next(module.parameters()).device
    tokens = torch.from_numpy(ids).to(device)[None]
    with torch.no_grad(), evaluation_mode(module):
        if isinstance(module, MambaLM):
            return module.prefill(tokens)[0][0]
        with _short_chunks(module, len(ids)):
            return module(tokens, return_dict=True).logits[0]


def decode_logits(module: nn.Module, config: ModelConfig, ids: NDArray[np.int64]) -> Tensor:
    """Logits [T, V] of a model that is given one id after the other, from the cold state."""
    step = module if isinstance(module, MambaLM) else DecodeStep(module)
    states, logits = cold_states(module, config), list[Tensor]()
    with torch.no_grad(), evaluation_mode(module):
        for token in torch.from_numpy(ids).to(states[0].device):
            output, *states = step(token[None], *states)
            logits.append(output[0])
    return torch.stack(logits)


def watch_prefill(module: nn.Module, ids: NDArray[np.int64]) -> WatchedRun:
    """`prefill_logits`, with what the model's linear layers, norms and embedding took and made."""
    with _listening(module) as calls:
        return _watched(prefill_logits(module, ids), calls)


def watch_decoding(module: nn.Module, config: ModelConfig, ids: NDArray[np.int64]) -> WatchedRun:
    """`decode_logits`, watched as in `watch_prefill`."""
    with _listening(module) as calls:
        return _watched(decode_logits(module, config, ids), calls)


def cold_states(module: nn.Module, config: ModelConfig) -> list[Tensor]:
    """The states of a model before its first token, batch 1, on the module's device."""
    like = next(module.parameters())
    return [like.new_zeros((1, *shape)) for shape in state_shapes(config)]


def decodes_as_it_prefills(module: nn.Module, config: ModelConfig) -> bool:
    """Whether a model's decode step computes what its prefill does.

    The cached step of transformers leaves out the limits of the time step; lmc follows the prefill.
    """
    limited = isinstance(config, Mamba2Config) and config.dt_limit != (0.0, float("inf"))
    return isinstance(module, MambaLM) or not limited


@dataclass(frozen=True)
class _Call:
    inputs: list[Tensor]
    output: Tensor


class _Listener:
    """A hook that keeps the calls of the module at a path."""

    def __init__(self, calls: list[_Call]) -> None:
        self._calls = calls

    def __call__(
        self, _module: nn.Module, inputs: tuple[Any, ...], named: dict[str, Any], output: Tensor
    ) -> None:
        given = [value for value in (*inputs, *named.values()) if isinstance(value, Tensor)]
        self._calls.append(_Call(given, output))


@contextmanager
def _listening(module: nn.Module) -> Generator[dict[str, list[_Call]]]:
    """The calls of a model's linear layers, norms and embedding while the block runs, by path.

    These are the modules that have weights and no modules in them, but for the convolution, whose
    results have other tokens than its inputs.
    """
    calls: dict[str, list[_Call]] = {}
    with ExitStack() as stack:
        for path, child in module.named_modules():
            leaf = not list(child.children()) and list(child.parameters())
            if leaf and not isinstance(child, nn.Conv1d):
                hook = _Listener(calls.setdefault(path, []))
                stack.callback(child.register_forward_hook(hook, with_kwargs=True).remove)
        yield calls


def _watched(logits: Tensor, calls: dict[str, list[_Call]]) -> WatchedRun:
    parts: dict[str, Watched] = {}
    tokens = len(logits)
    for path, made in calls.items():
        if made:
            columns = zip(*(call.inputs for call in made), strict=True)
            inputs = [_by_token(column, tokens) for column in columns]
            parts[path] = Watched(inputs, _by_token([call.output for call in made], tokens))
    return WatchedRun(_by_token([logits], tokens), parts)


def _by_token(calls: Sequence[Tensor], tokens: int) -> FloatArray:
    """One call for all tokens, or one for each, as [T, elements]."""
    rows = tokens // len(calls)
    return np.concatenate([call.detach().float().cpu().reshape(rows, -1).numpy() for call in calls])


@contextmanager
def _short_chunks(module: nn.Module, length: int) -> Generator[None]:
    """Let transformers' Mamba-2 scan in chunks of a short prompt's length.

    It pads a prompt to whole chunks, and a chunk takes the time and memory of its square.
    """
    mixers: list[Any] = [one for one in module.modules() if hasattr(one, "chunk_size")]
    sizes = [mixer.chunk_size for mixer in mixers]
    try:
        for mixer in mixers:
            mixer.chunk_size = min(mixer.chunk_size, length)
        yield
    finally:
        for mixer, size in zip(mixers, sizes, strict=True):
            mixer.chunk_size = size
