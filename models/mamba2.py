"""The Mamba-2 mixer (arXiv 2405.21060, section 7) in plain PyTorch, as a recurrence.

B is the batch, T the number of tokens, H heads of P channels, G groups, N = d_state, K = d_conv,
C = d_inner + 2·G·N the channels of the convolution.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from lmc.models.config import Mamba2Config
from lmc.models.layers import CausalConv1d, GatedRMSNorm


class Mamba2Mixer(nn.Module):
    """One projection to z, x, B, C, dt; causal convolution; SSM by head; gated norm."""

    def __init__(self, config: Mamba2Config) -> None:
        super().__init__()
        self.config = config
        inner, bias = config.d_inner, config.use_bias
        projected = inner + config.conv_dim + config.n_heads
        self.in_proj = nn.Linear(config.d_model, projected, bias=bias)
        self.conv1d = CausalConv1d(config.conv_dim, config.d_conv, config.conv_bias)
        self.dt_bias = nn.Parameter(torch.empty(config.n_heads))
        self.A_log = nn.Parameter(torch.empty(config.n_heads))
        self.D = nn.Parameter(torch.empty(config.n_heads))
        self.norm = GatedRMSNorm(inner, config.norm_group_size, config.eps)
        self.out_proj = nn.Linear(inner, config.d_model, bias=bias)

    def forward(
        self, hidden: Tensor, conv_state: Tensor, ssm_state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One token: hidden [B, d_model], conv_state [B, C, K-1], ssm_state [B, H, P, N].

        Returns output [B, d_model] and both new states.
        """
        z, xbc, dt = self._project(hidden)
        xbc, conv_state = self.conv1d(xbc, conv_state)
        x, b, c = self._split_heads(functional.silu(xbc))
        y, ssm_state = self._update(ssm_state, x, dt, b, c)
        return self.out_proj(self.norm(y.flatten(-2), z)), conv_state, ssm_state

    def scan(
        self, hidden: Tensor, conv_state: Tensor, ssm_state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Several tokens: hidden [B, T, d_model] and states as in `forward`."""
        z, xbc, dt = self._project(hidden)
        xbc, conv_state = self.conv1d.scan(xbc, conv_state)
        x, b, c = self._split_heads(functional.silu(xbc))
        outputs: list[Tensor] = []
        for t in range(hidden.shape[1]):
            y, ssm_state = self._update(ssm_state, x[:, t], dt[:, t], b[:, t], c[:, t])
            outputs.append(y)
        y = torch.stack(outputs, dim=1)
        return self.out_proj(self.norm(y.flatten(-2), z)), conv_state, ssm_state

    def _project(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Gate z [..., H·P], convolution input [..., C] and dt [..., H], positive and clamped."""
        config = self.config
        sizes = [config.d_inner, config.conv_dim, config.n_heads]
        z, xbc, dt = self.in_proj(hidden).split(sizes, dim=-1)
        dt = functional.softplus(dt + self.dt_bias)
        if config.dt_limit != (0.0, float("inf")):
            dt = dt.clamp(*config.dt_limit)
        return z, xbc, dt

    def _split_heads(self, xbc: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x [..., H, P], B and C [..., H, N], each group's repeated for its heads."""
        config = self.config
        grouped = config.n_groups * config.d_state
        x, b, c = xbc.split([config.d_inner, grouped, grouped], dim=-1)
        x = x.unflatten(-1, (config.n_heads, config.head_dim))
        return x, self._repeat_for_heads(b), self._repeat_for_heads(c)

    def _repeat_for_heads(self, grouped: Tensor) -> Tensor:
        config = self.config
        by_group = grouped.unflatten(-1, (config.n_groups, 1, config.d_state))
        repeats = config.n_heads // config.n_groups
        return by_group.expand(*by_group.shape[:-2], repeats, -1).flatten(-3, -2)

    def _update(
        self, state: Tensor, x: Tensor, dt: Tensor, b: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor]:
        """state · exp(dt·A) + dt·x ⊗ B for one token; output state·C + D·x, [B, H, P]."""
        decay = torch.exp(dt * -torch.exp(self.A_log))[..., None, None]
        state = state * decay + (dt.unsqueeze(-1) * x).unsqueeze(-1) * b.unsqueeze(-2)
        y = (state * c.unsqueeze(-2)).sum(-1) + self.D.unsqueeze(-1) * x
        return y, state
