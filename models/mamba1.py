"""The Mamba mixer (arXiv 2312.00752, section 3 and figure 3) in plain PyTorch.

B is the batch, T the number of tokens, E = d_inner, N = d_state, K = d_conv.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from lmc.models.config import Mamba1Config
from lmc.models.layers import CausalConv1d


class MambaMixer(nn.Module):
    """Projection, causal convolution, selective SSM with a state for each channel, gate."""

    def __init__(self, config: Mamba1Config) -> None:
        super().__init__()
        self.config = config
        inner, bias = config.d_inner, config.use_bias
        self.in_proj = nn.Linear(config.d_model, 2 * inner, bias=bias)
        self.conv1d = CausalConv1d(config.conv_dim, config.d_conv, config.conv_bias)
        self.x_proj = nn.Linear(inner, config.dt_rank + 2 * config.d_state, bias=False)
        self.dt_proj = nn.Linear(config.dt_rank, inner)
        self.A_log = nn.Parameter(torch.empty(inner, config.d_state))
        self.D = nn.Parameter(torch.empty(inner))
        self.out_proj = nn.Linear(inner, config.d_model, bias=bias)

    def forward(
        self, hidden: Tensor, conv_state: Tensor, ssm_state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One token: hidden [B, d_model], conv_state [B, E, K-1], ssm_state [B, E, N].

        Returns output [B, d_model] and both new states.
        """
        x, z = self.in_proj(hidden).chunk(2, dim=-1)
        x, conv_state = self.conv1d(x, conv_state)
        x = functional.silu(x)
        dt, b, c = self._select(x)
        y, ssm_state = self._update(ssm_state, x, dt, b, c)
        return self.out_proj(y * functional.silu(z)), conv_state, ssm_state

    def scan(
        self, hidden: Tensor, conv_state: Tensor, ssm_state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Several tokens: hidden [B, T, d_model] and states as in `forward`."""
        x, z = self.in_proj(hidden).chunk(2, dim=-1)
        x, conv_state = self.conv1d.scan(x, conv_state)
        x = functional.silu(x)
        dt, b, c = self._select(x)
        outputs: list[Tensor] = []
        for t in range(hidden.shape[1]):
            y, ssm_state = self._update(ssm_state, x[:, t], dt[:, t], b[:, t], c[:, t])
            outputs.append(y)
        gated = torch.stack(outputs, dim=1) * functional.silu(z)
        return self.out_proj(gated), conv_state, ssm_state

    def _select(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Input-dependent dt [..., E], B and C [..., N] from x [..., E]."""
        sizes = [self.config.dt_rank, self.config.d_state, self.config.d_state]
        dt, b, c = _normed(self.x_proj(x).split(sizes, dim=-1), self.config.projection_eps)
        return functional.softplus(self.dt_proj(dt)), b, c

    def _update(
        self, state: Tensor, x: Tensor, dt: Tensor, b: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor]:
        """state · exp(dt·A) + dt·B·x for one token; output C·state + D·x, [B, E]."""
        decay = torch.exp(dt.unsqueeze(-1) * -torch.exp(self.A_log))
        state = state * decay + (dt * x).unsqueeze(-1) * b.unsqueeze(1)
        y = (state * c.unsqueeze(1)).sum(-1) + self.D * x
        return y, state


def _normed(pieces: tuple[Tensor, ...], eps: float | None) -> tuple[Tensor, ...]:
    """Each piece over its root mean square, as Falcon-Mamba has it (arXiv 2410.05355).

    Without an epsilon there are no norms.
    """
    if eps is None:
        return pieces
    return tuple(x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) for x in pieces)
