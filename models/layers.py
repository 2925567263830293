"""Modules that Mamba and Mamba-2 share, each one region of an exported graph.

B is the batch, T the number of tokens, C channels, K the convolution's taps. `forward` handles one
token, `scan` several in a row.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class RMSNorm(nn.Module):
    """x / rms(x) · weight over the last axis, of `width` channels (arXiv 1910.07467)."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.empty(width))

    def forward(self, x: Tensor) -> Tensor:
        """x [..., width] → [..., width]."""
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.eps) * self.weight


class GatedRMSNorm(nn.Module):
    """norm(y · silu(z)) · weight, the root mean square taken over groups of channels.

    Mamba-2 (arXiv 2405.21060, section 7); groups as for tensor parallelism, section 8.
    """

    def __init__(self, width: int, group_size: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.group_size = group_size
        self.weight = nn.Parameter(torch.empty(width))

    def forward(self, y: Tensor, z: Tensor) -> Tensor:
        """y and z [..., width] → [..., width]."""
        gated = y * functional.silu(z)
        grouped = gated.unflatten(-1, (-1, self.group_size))
        scale = torch.rsqrt(grouped.square().mean(-1, keepdim=True) + self.eps)
        return (grouped * scale).flatten(-2) * self.weight


class CausalConv1d(nn.Module):
    """Depthwise convolution over the current input and the K - 1 inputs before it."""

    def __init__(self, channels: int, taps: int, bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels, 1, taps))
        self.bias = nn.Parameter(torch.empty(channels)) if bias else None

    def forward(self, x: Tensor, conv_state: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, C], conv_state [B, C, K-1], oldest first → output [B, C], new conv_state."""
        window = torch.cat([conv_state, x.unsqueeze(-1)], dim=-1)
        out = (window * self.weight.squeeze(1)).sum(-1)
        if self.bias is not None:
            out = out + self.bias
        return out, window[..., 1:]

    def scan(self, x: Tensor, conv_state: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, C], conv_state [B, C, K-1] → output [B, T, C], new conv_state."""
        window = torch.cat([conv_state, x.transpose(1, 2)], dim=-1)
        out = functional.conv1d(window, self.weight, self.bias, groups=self.weight.shape[0])
        return out.transpose(1, 2), window[..., -conv_state.shape[-1] :]


class LMHead(nn.Linear):
    """Hidden state [..., d_model] → logits [..., padded_vocab_size], without bias."""

    def __init__(self, d_model: int, padded_vocab_size: int) -> None:
        super().__init__(d_model, padded_vocab_size, bias=False)
