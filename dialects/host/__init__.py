"""The host dialect: what the host does with a design, beside the design itself.

    host.program @decode_step memories ["DDR", "LPDDR"] {
      %tables = host.buffer @tables bytes 81920 in "DDR"
      %prompt = host.buffer @prompt bytes 4 each "prompt_token" in "DDR"
      ...
      host.fill %tables from "tables.bin"
      host.token_loop text "bytes" vocabulary 256 end_tokens [] {
        host.clear %prompt
        ...
        host.launch most_steps 128 {
          %n_tokens = host.scalar @n_tokens
          ...
          host.send "prompt" %prompt
          host.run @load(0 = %prompt : !host.buffer, 3 = %n_tokens : ui32)
          ...
          host.receive "tokens" %tokens
        }
      }
    }

Where a transfer stands says when it is made: in the program once, in the token loop at the start of
a text, in the launch with each launch. The host program in C++, the one in Python and the `host`
part of schedule.json are printed from it.
"""

from xdsl.ir import Dialect

from lmc.dialects.host.ops import (
    BufferOp,
    BufferType,
    ClearOp,
    FillOp,
    ReceiveOp,
    RunOp,
    ScalarOp,
    SendOp,
    buffer_of,
    buffer_size,
)
from lmc.dialects.host.program import TEXTS, LaunchOp, ProgramOp, TokenLoopOp

Host = Dialect(
    "host",
    [
        ProgramOp,
        BufferOp,
        FillOp,
        TokenLoopOp,
        ClearOp,
        LaunchOp,
        ScalarOp,
        SendOp,
        RunOp,
        ReceiveOp,
    ],
    [BufferType],
)
"""The dialect, to be registered in a context."""

__all__ = [
    "TEXTS",
    "BufferOp",
    "BufferType",
    "ClearOp",
    "FillOp",
    "Host",
    "LaunchOp",
    "ProgramOp",
    "ReceiveOp",
    "RunOp",
    "ScalarOp",
    "SendOp",
    "TokenLoopOp",
    "buffer_of",
    "buffer_size",
]
