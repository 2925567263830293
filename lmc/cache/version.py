"""The version of everything that computes: another one never reads what this one has kept."""

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import entry_points, version
from pathlib import Path

import lmc

PLUGIN_PREFIX = "lmc_plugin_"
"""What the modules of plugin files are called in `sys.modules`."""

_PACKAGES = ("numba", "numpy", "safetensors", "scipy", "tokenizers", "torch", "torch-mlir", "xdsl")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def has_plugins() -> bool:
    """Whether plugin files are loaded: what they import and compute is not known here."""
    return any(name.startswith(PLUGIN_PREFIX) for name in sys.modules)


@cache
def code_version() -> str:
    """SHA-256 of lmc's source files, of what they stand on, and of the machine.

    The machine, because sums of floats depend on the processor and on the number of threads.
    """
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    facts = [
        platform.python_version(),
        *(f"{name} {version(name)}" for name in _PACKAGES),
        *sorted(_plugin_packages()),
        platform.machine(),
        _processor(),
        str(os.cpu_count()),
        *(f"{name}={os.environ.get(name)}" for name in _THREADS),
    ]
    digest.update("\n".join(facts).encode())
    return digest.hexdigest()


def _sources() -> list[Path]:
    """All Python files of the package, those behind its symbolic links too, in one order."""
    folder = Path(lmc.__file__).parent
    walk = os.walk(folder, followlinks=True)
    return sorted(
        Path(top) / name for top, _, names in walk for name in names if name[-3:] == ".py"
    )


def _plugin_packages() -> set[str]:
    """Packages that bring dialects, passes and adapters of their own, with their versions."""
    found = (*entry_points(group="xdsl.universe"), *entry_points(group="lmc.adapters"))
    return {f"{one.dist.name} {one.dist.version}" for one in found if one.dist is not None}


def _processor() -> str:
    """The processor's model and what it can do, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    wanted = ("model name", "flags", "Features", "CPU part")
    return "\n".join(sorted({line for line in lines if line.startswith(wanted)}))
