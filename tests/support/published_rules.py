"""What other libraries' published code makes of their configurations, as one small reference model.

mamba_ssm (state-spaces), mistral-inference and flash-linear-attention are not installed where the
tests run. `Rules` is what their classes read, `*_rules` the arguments and defaults of each library,
and `logits` the function that all of them compute, with the options that lmc does not compile.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Rules:
    """A model as its library's classes build it."""

    mamba2: bool
    d_model: int
    layers: int
    rows: int
    d_inner: int
    d_state: int
    d_conv: int
    dt_rank: int = 1
    head_dim: int = 1
    groups: int = 1
    eps: float = 1e-5
    norm_width: int = 1
    dt_limit: tuple[float, float] = (0.0, math.inf)
    rmsnorm: bool = True
    norm_before_gate: bool = False
    d_has_hdim: bool = False
    tied: bool = True
    bias: bool = False
    conv_bias: bool = True

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Tensors by the names of mamba_ssm's checkpoints."""
        inner, heads = self.d_inner, self.d_inner // self.head_dim
        conv = inner + 2 * self.groups * self.d_state if self.mamba2 else inner
        projected = inner + conv + heads if self.mamba2 else 2 * inner
        mixer: dict[str, tuple[int, ...]] = {
            "in_proj.weight": (projected, self.d_model),
            "conv1d.weight": (conv, 1, self.d_conv),
            "out_proj.weight": (self.d_model, inner),
        }
        if self.bias:
            mixer |= {"in_proj.bias": (projected,), "out_proj.bias": (self.d_model,)}
        if self.conv_bias:
            mixer["conv1d.bias"] = (conv,)
        if self.mamba2:
            mixer |= {"dt_bias": (heads,), "A_log": (heads,)}
            mixer["D"] = (inner if self.d_has_hdim else heads,)
            if self.rmsnorm:
                mixer["norm.weight"] = (inner,)
        else:
            mixer["x_proj.weight"] = (self.dt_rank + 2 * self.d_state, inner)
            mixer |= {"dt_proj.weight": (inner, self.dt_rank), "dt_proj.bias": (inner,)}
            mixer |= {"A_log": (inner, self.d_state), "D": (inner,)}
        shapes: dict[str, tuple[int, ...]] = {
            "backbone.embedding.weight": (self.rows, self.d_model)
        }
        for layer in range(self.layers):
            shapes[f"backbone.layers.{layer}.norm.weight"] = (self.d_model,)
            shapes |= {f"backbone.layers.{layer}.mixer.{k}": v for k, v in mixer.items()}
        shapes["backbone.norm_f.weight"] = (self.d_model,)
        return shapes if self.tied else shapes | {"lm_head.weight": (self.rows, self.d_model)}

    def weights(self, seed: int) -> dict[str, Tensor]:
        """Random weights, none of them at a value that hides a mistake."""
        generator = torch.manual_seed(seed)
        result: dict[str, Tensor] = {}
        for name, shape in self.shapes().items():
            drawn = torch.randn(shape, generator=generator)
            norm = name.endswith(("norm.weight", "norm_f.weight"))
            result[name] = 1 + 0.3 * drawn if norm else 0.4 * drawn
        return result

    def logits(self, weights: Mapping[str, Tensor], ids: Tensor) -> Tensor:
        """Token ids [T] → logits [T, rows], from the cold state."""
        hidden = weights["backbone.embedding.weight"][ids]
        for layer in range(self.layers):
            prefix = f"backbone.layers.{layer}."
            mixer = {
                name.removeprefix(f"{prefix}mixer."): tensor
                for name, tensor in weights.items()
                if name.startswith(f"{prefix}mixer.")
            }
            x = _rms(hidden, self.eps) * weights[f"{prefix}norm.weight"]
            hidden = hidden + self._mixer(mixer, x)
        hidden = _rms(hidden, self.eps) * weights["backbone.norm_f.weight"]
        return hidden @ weights["backbone.embedding.weight" if self.tied else "lm_head.weight"].T

    def _mixer(self, w: Mapping[str, Tensor], hidden: Tensor) -> Tensor:
        inner, state = self.d_inner, self.d_state
        projected = functional.linear(hidden, w["in_proj.weight"], w.get("in_proj.bias"))
        if not self.mamba2:
            x, z = projected.split(inner, -1)
            x = self._conv(w, x)
            dt, b, c = (x @ w["x_proj.weight"].T).split([self.dt_rank, state, state], -1)
            dt = functional.softplus(functional.linear(dt, w["dt_proj.weight"], w["dt_proj.bias"]))
            y = _scan(x, dt, -w["A_log"].exp(), b[:, None], c[:, None]) + w["D"] * x
            gated = y * functional.silu(z)
        else:
            width = inner + 2 * self.groups * state
            z, xbc, dt = projected.split([inner, width, inner // self.head_dim], -1)
            x, b, c = self._conv(w, xbc).split(
                [inner, self.groups * state, self.groups * state], -1
            )
            dt = functional.softplus(dt + w["dt_bias"]).clamp(*self.dt_limit)
            dt, a = (v.repeat_interleave(self.head_dim, -1) for v in (dt, -w["A_log"].exp()))
            shared = inner // self.groups
            b, c = (v.unflatten(-1, (self.groups, state)) for v in (b, c))
            b, c = (v.repeat_interleave(shared, -2) for v in (b, c))
            d = w["D"] if self.d_has_hdim else w["D"].repeat_interleave(self.head_dim)
            gated = self._gate(w, _scan(x, dt, a[:, None], b, c) + d * x, z)
        return functional.linear(gated, w["out_proj.weight"], w.get("out_proj.bias"))

    def _gate(self, w: Mapping[str, Tensor], y: Tensor, z: Tensor) -> Tensor:
        if not self.rmsnorm:
            return y * functional.silu(z)
        if self.norm_before_gate:
            return _rms(y, self.eps, self.norm_width) * w["norm.weight"] * functional.silu(z)
        return _rms(y * functional.silu(z), self.eps, self.norm_width) * w["norm.weight"]

    def _conv(self, w: Mapping[str, Tensor], x: Tensor) -> Tensor:
        padded = functional.pad(x.T, (self.d_conv - 1, 0))[None]
        weight, bias = w["conv1d.weight"], w.get("conv1d.bias")
        out = functional.conv1d(padded, weight, bias, groups=weight.shape[0])
        return functional.silu(out[0].T)


def _rms(x: Tensor, eps: float, width: int | None = None) -> Tensor:
    groups = x.unflatten(-1, (-1, width or x.shape[-1]))
    return (groups * torch.rsqrt(groups.square().mean(-1, keepdim=True) + eps)).flatten(-2)


def _scan(x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """x and dt [T, C], a [C, N or 1], b and c [T, C or 1, N] → y [T, C]."""
    state, outputs = torch.zeros(x.shape[1], b.shape[-1]), []
    for xt, dtt, bt, ct in zip(x, dt, b, c, strict=True):
        state = torch.exp(dtt[:, None] * a) * state + (dtt * xt)[:, None] * bt
        outputs.append((state * ct).sum(-1))
    return torch.stack(outputs)


def state_spaces_rules(values: Mapping[str, Any]) -> Rules:
    """mamba_ssm's MambaConfig, MambaLMHeadModel, Mamba and Mamba2 (release 2.3)."""
    ssm = dict(values.get("ssm_cfg") or {})
    mamba2 = ssm.get("layer", "Mamba1") == "Mamba2"
    d_model, rows = values["d_model"], values.get("vocab_size", 50277)
    multiple = values.get("pad_vocab_size_multiple", 8)
    rows += -rows % multiple
    inner = int(ssm.get("expand", 2) * d_model)
    rank = ssm.get("dt_rank", "auto")
    d_has_hdim = ssm.get("D_has_hdim", False)
    return Rules(
        mamba2=mamba2,
        d_model=d_model,
        layers=values["n_layer"],
        rows=rows,
        d_inner=inner,
        d_state=ssm.get("d_state", 128 if mamba2 else 16),
        d_conv=ssm.get("d_conv", 4),
        dt_rank=math.ceil(d_model / 16) if rank == "auto" else rank,
        head_dim=ssm.get("headdim", 64) if mamba2 else 1,
        groups=ssm.get("ngroups", 1),
        norm_width=inner // ssm.get("ngroups", 1),
        dt_limit=tuple(ssm.get("dt_limit", (0.0, math.inf))),
        rmsnorm=ssm.get("rmsnorm", True),
        norm_before_gate=ssm.get("norm_before_gate", False),
        d_has_hdim=d_has_hdim,
        tied=values.get("tie_embeddings", True),
        bias=ssm.get("bias", False),
        conv_bias=ssm.get("conv_bias", True),
    )


def mistral_rules(values: Mapping[str, Any]) -> Rules:
    """mistral-inference's Mamba: mamba_ssm's model with n_groups alone in its ssm_cfg."""
    return state_spaces_rules(
        {
            "d_model": values["dim"],
            "n_layer": values["n_layers"],
            "vocab_size": values["vocab_size"],
            "pad_vocab_size_multiple": values["pad_vocab_size_multiple"],
            "tie_embeddings": values["tie_embeddings"],
            "ssm_cfg": {"layer": "Mamba2", "ngroups": values["n_groups"]},
        }
    )


def fla_rules(values: Mapping[str, Any]) -> Rules:
    """flash-linear-attention's Mamba and Mamba2; keys with dt_ from April 2026 on."""
    mamba2, d_model = values["model_type"] == "mamba2", values["hidden_size"]
    recent = "dt_limit" in values
    inner, groups = int(values["expand"] * d_model), values.get("n_groups", 1)
    rank = values.get("dt_rank", values.get("time_step_rank", "auto"))
    limit = values.get("dt_limit", values.get("time_step_limit", (0.0, math.inf)))
    return Rules(
        mamba2=mamba2,
        d_model=d_model,
        layers=values["num_hidden_layers"],
        rows=values["vocab_size"],
        d_inner=inner,
        d_state=values["state_size"],
        d_conv=values["conv_kernel"],
        dt_rank=math.ceil(d_model / 16) if rank == "auto" else rank,
        head_dim=values.get("head_dim", 1),
        groups=groups,
        eps=values["norm_eps"],
        norm_width=inner // groups if recent else inner,
        dt_limit=(float(limit[0]), float(limit[1])),
        rmsnorm=values.get("rmsnorm", True),
        norm_before_gate=values.get("norm_before_gate", False),
        d_has_hdim=values.get("D_has_hdim", False),
        tied=values.get("tie_word_embeddings", False),
        bias=values["use_bias"],
        conv_bias=values["use_conv_bias"],
    )
