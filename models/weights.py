"""Where weights come from: one tensor at a time, by canonical name, always as float32.

Canonical names are those of the state-spaces checkpoints (`backbone.embedding.weight`,
`backbone.layers.N.mixer.in_proj.weight`, ..., `lm_head.weight`). No source holds a whole model:
a 2.7B model is read, or drawn at random, tensor by tensor. Checkpoint files are in `checkpoint`.
"""

import hashlib
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba2Config, ModelConfig, tensor_shapes
from lmc.models.spellings import advice_for, canonical_name

if TYPE_CHECKING:
    from torch import Tensor, nn

EMBEDDING = "backbone.embedding.weight"
LM_HEAD = "lm_head.weight"

FloatArray = NDArray[np.float32]


class WeightSource(Protocol):
    """Weights by canonical name. A tied LM head is not listed, yet can be asked for by name."""

    @property
    def description(self) -> str:
        """What the weights are, for messages and reports; says so when they are random."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hexadecimal SHA-256 that identifies the content of all tensors."""
        ...

    def names(self) -> list[str]:
        """Canonical names of all stored tensors, in a fixed order."""
        ...

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor; raises LmcError if there is none of that name."""
        ...

    def load(self, name: str) -> FloatArray:
        """Load one tensor, finite float32; raises LmcError if it is missing or not finite."""
        ...


def require_finite(array: FloatArray, name: str, where: str) -> FloatArray:
    """Return the array; raises LmcError naming the tensor when it holds a NaN or infinity."""
    # One reduction without a mask as large as the tensor: NaN and infinity survive min and max.
    if array.size and not (math.isfinite(array.min()) and math.isfinite(array.max())):
        bad = int(array.size - np.isfinite(array).sum())
        raise LmcError(f"{where}: tensor {name} holds {bad} values that are NaN or infinite")
    return array


def check_weights(config: ModelConfig, source: WeightSource) -> None:
    """Check that a source holds exactly the tensors of a model, each in its shape.

    Values are not read here: `load` checks that they are finite. Raises LmcError naming the first
    tensor that is missing, has another shape than the config says, or belongs to no part.
    """
    expected = tensor_shapes(config)
    found = source.names()
    for name, shape in expected.items():
        if name not in found:
            raise _missing(source, name, shape, found)
        if source.shape(name) != shape:
            raise _misfit(
                source,
                f"tensor {name} has shape {list(source.shape(name))}, but the model's config asks "
                f"for {list(shape)}",
            )
    extra = [name for name in found if name not in expected]
    if extra:
        raise _misfit(
            source,
            f"tensor {extra[0]} belongs to no part of the model that its config describes",
        )


def _misfit(source: WeightSource, problem: str) -> LmcError:
    advice = advice_for(source.names())
    return LmcError(f"{source.description}: {problem}" + (f"; {advice}" if advice else ""))


def _missing(source: WeightSource, name: str, shape: tuple[int, ...], found: list[str]) -> LmcError:
    """What is there instead of a tensor, and what to do."""
    problem = f"{source.description}: tensor {name} of shape {list(shape)} is missing"
    if not found:
        return LmcError(f"{problem}; there are no tensors at all")
    advice = advice_for(found)
    if not advice and name == LM_HEAD:
        advice = (
            "the config says that the LM head is not tied to the embedding; set "
            "tie_word_embeddings (or tie_embeddings) to true if the model uses the embedding's "
            "tensor, or save the head with the model"
        )
    if not advice and EMBEDDING not in found:
        advice = (
            "no name there is one of a Mamba model's: save the whole language model's state_dict, "
            "or rename its tensors as docs/models.md says"
        )
    held = f"there are {len(found)} tensors, the first is {found[0]}"
    return LmcError("; ".join(part for part in (problem, held, advice) if part))


class RandomWeights:
    """Seeded weights with the statistics of an untrained Mamba, drawn when they are asked for.

    Each tensor has its own generator, seeded by the seed and the tensor's name, so order does not
    matter. The initialization follows Mamba (arXiv 2312.00752, section 3.6) and Mamba-2:
    A_log = log(1..d_state) or log of U[1, 16], dt log-uniform in [1e-3, 1e-1], projections
    U[±1/sqrt(fan_in)], out_proj scaled by 1/sqrt(n_layers); norm scales jitter by 5 % around one,
    so that folding them is not the identity.
    """

    def __init__(self, config: ModelConfig, seed: int) -> None:
        self.config = config
        self.seed = seed
        self._shapes = tensor_shapes(config)

    @property
    def description(self) -> str:
        """Says that the weights are random."""
        return f"random weights (seed {self.seed})"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of config and seed, which determine every value."""
        return hashlib.sha256(f"random-weights 1 {self.seed} {self.config!r}".encode()).hexdigest()

    def names(self) -> list[str]:
        """Canonical names in the order of the layers."""
        return list(self._shapes)

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor; raises LmcError if the model has none of that name."""
        return self._shapes[self._stored(name)]

    def load(self, name: str) -> FloatArray:
        """Draw one tensor; the same call always gives the same values.

        The embedding, which is the largest and which one pass after another reads, is drawn once
        and cannot be written to.
        """
        stored = self._stored(name)
        if stored == EMBEDDING:
            return _embedding(self.config, self.seed)
        return self.draw(stored)

    def draw(self, stored: str) -> FloatArray:
        """Draw a tensor anew, by the name under which it is stored."""
        digest = hashlib.sha256(f"{self.seed} {stored}".encode()).digest()
        rng = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))
        return np.ascontiguousarray(self._draw(stored, rng), dtype=np.float32)

    def _stored(self, name: str) -> str:
        name = canonical_name(name)
        if name == LM_HEAD and self.config.tie_embeddings:
            return EMBEDDING
        if name not in self._shapes:
            raise LmcError(f"the model has no tensor named {name}")
        return name

    def _draw(self, name: str, rng: np.random.Generator) -> FloatArray:
        shape = self._shapes[name]
        part = name.rsplit(".mixer.")[-1]
        if part == "A_log":
            return self._draw_a_log(rng)
        if part == "D":
            return np.ones(shape, np.float32)
        if part in ("dt_bias", "dt_proj.bias"):
            return _inverse_softplus_of_log_uniform(rng, shape)
        if part.endswith(("norm.weight", "norm_f.weight")):
            return 1 + _uniform(rng, shape, 0.05)
        if name in (EMBEDDING, LM_HEAD):
            values = rng.standard_normal(shape, np.float32)
            values *= np.float32(0.02)
            return values
        if part == "out_proj.weight":
            return _uniform(rng, shape, (shape[-1] * self.config.n_layers) ** -0.5)
        return _uniform(rng, shape, self._fan_in(name) ** -0.5)

    def _draw_a_log(self, rng: np.random.Generator) -> FloatArray:
        if isinstance(self.config, Mamba2Config):
            return np.log(1 + 15 * rng.random(self.config.n_heads, np.float32))
        rates = np.log(np.arange(1, self.config.d_state + 1, dtype=np.float32))
        return np.tile(rates, (self.config.d_inner, 1))

    def _fan_in(self, name: str) -> int:
        weight = name.removesuffix(".bias").removesuffix(".weight") + ".weight"
        return self._shapes[weight][-1]


@lru_cache(maxsize=1)
def _embedding(config: ModelConfig, seed: int) -> FloatArray:
    values = RandomWeights(config, seed).draw(EMBEDDING)
    values.flags.writeable = False
    return values


class ModuleWeights:
    """The weights of a torch module in memory, under canonical names."""

    def __init__(self, module: "nn.Module") -> None:
        state: dict[str, Tensor] = module.state_dict(keep_vars=True)
        self._tensors = {canonical_name(name): tensor for name, tensor in state.items()}
        self._kind = type(module).__name__
        self._fingerprint = ""
        # A tied head is the very same parameter, not an equal one.
        if LM_HEAD in self._tensors and self._tensors[LM_HEAD] is self._tensors.get(EMBEDDING):
            del self._tensors[LM_HEAD]

    @property
    def description(self) -> str:
        """Names the module's class."""
        return f"weights of the {self._kind} module"

    @property
    def fingerprint(self) -> str:
        """SHA-256 over names, shapes and values as float32, taken at the first call."""
        if not self._fingerprint:
            digest = hashlib.sha256()
            for name in self.names():
                digest.update(f"{name} {self.shape(name)}\n".encode())
                digest.update(self.load(name).tobytes())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def names(self) -> list[str]:
        """Canonical names in the order of the module's state dict."""
        return list(self._tensors)

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor; raises LmcError if the module has none of that name."""
        return tuple(self._find(name).shape)

    def load(self, name: str) -> FloatArray:
        """Copy one tensor; raises LmcError if it is missing, not finite or on the meta device."""
        tensor = self._find(name)
        if tensor.is_meta:
            raise LmcError(f"{self.description}: tensor {name} is on the meta device, has no data")
        array: FloatArray = tensor.detach().cpu().float().numpy().copy()
        return require_finite(array, name, self.description)

    def _find(self, name: str) -> "Tensor":
        name = canonical_name(name)
        if name == LM_HEAD and name not in self._tensors:
            name = EMBEDDING
        if name not in self._tensors:
            raise LmcError(f"{self.description}: there is no tensor named {name}")
        return self._tensors[name]


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], bound: float) -> FloatArray:
    values = rng.random(shape, np.float32)
    values *= np.float32(2 * bound)
    values -= np.float32(bound)
    return values


def _inverse_softplus_of_log_uniform(
    rng: np.random.Generator, shape: tuple[int, ...]
) -> FloatArray:
    low, high = math.log(1e-3), math.log(1e-1)
    dt = np.exp(low + (high - low) * rng.random(shape))
    return (dt + np.log(-np.expm1(-dt))).astype(np.float32)
