"""`lmc doctor`: is everything here that lmc needs?"""

import importlib.util
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

import typer

from lmc.backends.vitis.installed import installed_tools
from lmc.cache import LIMIT_BYTES, cache_folder, used_bytes
from lmc.cli.options import Json
from lmc.cli.output import print_json, print_table

_PACKAGES = ("torch", "torch-mlir", "xdsl", "numpy", "safetensors", "tokenizers")


def doctor(
    json_output: Json = False,
) -> None:
    """Show what lmc and its designs need, what of it is here, and how to get the rest."""
    found = [_python(), _compiler(), *map(_package, _PACKAGES), _xilinx_headers()]
    found += [
        _check(tool.name, tool.found, tool.remark, needed=False) for tool in installed_tools()
    ]
    found.append(_cache())
    missing = [check for check in found if check["needed"] and not check["found"]]
    if json_output:
        print_json({"ok": not missing, "checks": found})
    else:
        rows = [[c["name"], c["found"] or "missing", c["remark"]] for c in found]
        print_table(["what", "found", "remark"], rows)
    if missing:
        raise typer.Exit(1)


def _check(name: str, found: str, remark: str, *, needed: bool = True) -> dict[str, object]:
    return {"name": name, "found": found, "remark": remark, "needed": needed}


def _python() -> dict[str, object]:
    return _check("Python", platform.python_version(), "")


def _compiler() -> dict[str, object]:
    path = shutil.which("g++")
    if path is None:
        return _check("g++", "", "for C simulation: apt-get install g++")
    done = subprocess.run([path, "-dumpfullversion"], capture_output=True, text=True, check=False)
    return _check("g++", done.stdout.strip() or "unknown version", "for C simulation")


def _package(name: str) -> dict[str, object]:
    try:
        return _check(name, version(name), "")
    except PackageNotFoundError:
        return _check(name, "", f"pip install {name}")


def _xilinx_headers() -> dict[str, object]:
    present = importlib.util.find_spec("hls4ml") is not None
    remark = "optional, for C simulation with Xilinx's ap_int: pip install --no-deps hls4ml==1.3.0"
    return _check("Xilinx's ap_int", version("hls4ml") if present else "", remark, needed=False)


def _cache() -> dict[str, object]:
    remark = f"{cache_folder()}; may be deleted at any time"
    return _check("cache", f"{used_bytes() / 1e9:.2f} GB of {LIMIT_BYTES / 1e9:.1f}", remark)
