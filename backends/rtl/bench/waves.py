"""What GTKWave shows of a design's waves: kernels, tasks, FIFOs and banks in named groups."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lmc.backends.rtl.bench.top import TOP, BenchTop, bank_borders, outer_name, unit_name
from lmc.backends.rtl.kernel.files import DesignRtl
from lmc.backends.rtl.kernel.ports import BankPort
from lmc.backends.rtl.kernel.tasks import KernelTasks, ways_of
from lmc.backends.rtl.kernel.text import STREAM_WAYS, way_width

_OPEN, _OPEN_END = "@800200", "@1000200"
_CLOSED, _CLOSED_END = "@c00200", "@1401200"
"""Lines of a save file before the name of a group, at its beginning and at its end."""
_COMMENT, _BIT, _WORD = "@200", "@28", "@22"
"""Before a comment, bits, and words in hexadecimal digits."""


_HEAD = ("[timestart] 0", _COMMENT, "-a cycle is 1000 units of time")


def is_own(text: str) -> bool:
    """Whether a save file is as `save_file` makes it; GTKWave begins those that it saves anew."""
    return text.split("\n")[1 : 1 + len(_HEAD)] == list(_HEAD)


def save_file(rtl: DesignRtl, top: BenchTop, waves: Path) -> str:
    """The save file (.gtkw) beside a file of waves."""
    lines = [f'[dumpfile] "{waves.absolute()}"', *_HEAD]
    lines += _signals(TOP, [("clk", 1), ("start", 1), ("done", 1)])
    lines += _group("kernels", (_kernel(kernel) for kernel in rtl.kernels))
    lines += _group("tasks", (_task(rtl, *one) for one in top.tasks.items()))
    lines += _group("FIFOs", (_fifo(*one) for one in top.fifos.items()))
    lines += _group("banks", (_bank(*one) for one in bank_borders(rtl)))
    return "\n".join(lines) + "\n"


def _group(name: str, inner: Iterable[list[str]]) -> list[str]:
    return [_OPEN, f"-{name}", *(line for one in inner for line in one), _OPEN_END, f"-{name}"]


def _closed(name: str, signals: list[str]) -> list[str]:
    return [_CLOSED, f"-{name}", *signals, _CLOSED_END, f"-{name}"]


def _signals(path: str, signals: Iterable[tuple[str, int]]) -> list[str]:
    """Signals of an instance by their names and bits."""
    lines: list[str] = []
    for name, bits in signals:
        rest = "" if bits == 1 else f"[{bits - 1}:0]"
        lines += [_BIT if bits == 1 else _WORD, f"TOP.{path}.{name}{rest}"]
    return lines


def _kernel(kernel: KernelTasks) -> list[str]:
    path = f"{TOP}.{unit_name(kernel)}"
    signals = _signals(path, [("start", 1), ("done", 1)])
    for name in kernel.tasks.values():
        signals += _signals(f"{path}.{name}", [("done", 1)])
    return _closed(kernel.kernel.sym_name.data, signals)


def _task(rtl: DesignRtl, meter: str, task: str) -> list[str]:
    first, parts = rtl.alike[task]
    netlist, path = rtl.netlists[first.name], meter.removesuffix(".meter")
    signals = _signals(path, [("done", 1), *_wide(rtl.modules[first.name].shown)])
    for stream, bits in [*netlist.reads.items(), *netlist.writes.items()]:
        signals += [_COMMENT, f"-{parts[stream]}"]
        widths = zip(STREAM_WAYS, (1, 1, bits.width), strict=True)
        signals += _signals(path, [(f"{stream}_{way}", w) for way, w in widths])
    return _closed(task, signals)


def _wide(shown: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Without vectors of one bit, which each program calls otherwise."""
    return ((name, bits) for name, bits in shown if bits > 1)


def _fifo(meter: str, stream: str) -> list[str]:
    path = meter.removesuffix(".meter")
    ends = [(f"{end}_{way}", 1) for end in ("in", "out") for way in ("valid", "ready")]
    return _closed(stream, _signals(path, ends) + _signals(meter, [("elements", 64)]))


def _bank(kernel: KernelTasks, port: BankPort) -> list[str]:
    name, data = outer_name(kernel, port), port.bank.word_bits
    ways = [(f"{name}_{way}", way_width(way, data)) for way in ways_of(port)]
    return _closed(f"{port.bank.sym_name.data} of {kernel.name}", _signals(TOP, ways))
