"""What of AMD's tools, XRT and the platforms is on this machine, and what that is good for."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lmc.targets import Flow, Target, load_target, target_names

_RELEASE = re.compile(r"\b(20\d\d\.\d)\b")
_VERSION_OPTION = {"v++": "--version", "vitis_hls": "-version"}
"""Of the tools that are known to have one."""
_XRT_VERSION = re.compile(r'\bxrt_build_version\[\] = "([\d.]+)"|"BUILD_VERSION"\s*:\s*"([\d.]+)"')
_XRT_FILES = ("include/version.h", "include/xrt/detail/version.h", "version.json")
"""In an installation of XRT."""
_UNKNOWN = "unknown version"


@dataclass(frozen=True)
class Installed:
    """A tool: the version or names of what is found, "" for nothing, and what to know about it."""

    name: str
    found: str
    remark: str


def installed_tools() -> list[Installed]:
    """Make, XRT, the tools of Vitis and the platforms, found as a design's Makefile finds them."""
    targets = [load_target(name) for name in target_names()]
    return [
        _make(),
        _xrt(),
        _linker(targets),
        _hls_tool(targets, "v++", "vitis-run", "packages kernels"),
        _hls_tool(targets, "vitis_hls", "vitis_hls", "synthesizes and packages kernels"),
        _platforms(targets),
    ]


def builds_with(flow: Flow, release: str) -> bool:
    """Whether a release of Vitis, as 2024.2, builds for a board."""
    return flow.vitis <= release and (flow.last_vitis is None or release <= flow.last_vitis)


def _make() -> Installed:
    path = shutil.which("make")
    if path is None:
        return Installed("make", "", "to build a design folder: apt-get install make")
    found = re.search(r"\d+(\.\d+)+", _output([path, "--version"]))
    return Installed("make", found[0] if found else _UNKNOWN, "builds design folders")


def _xrt() -> Installed:
    home = os.environ.get("XILINX_XRT")
    include = Path(home) / "include" if home else Path("/usr/include/xrt")
    if not (include / "xrt/xrt_device.h").is_file():
        remark = f"to compile the host program of a card: no headers in {include}; "
        remark += "source setup.sh of XRT or apt-get install libxrt-dev"
        return Installed("XRT", "", remark)
    places = [Path(home) / name for name in _XRT_FILES] if home else [include / "version.h"]
    texts = (path.read_text(encoding="utf-8") for path in places if path.is_file())
    found = next(filter(None, map(_XRT_VERSION.search, texts)), None)
    version = next(filter(None, found.groups())) if found else _UNKNOWN
    return Installed("XRT", version, "compiles the host program of a card")


def _linker(targets: list[Target]) -> Installed:
    release = _release("v++")
    if not release:
        remark = "to synthesize and link: source settings64.sh of Vitis, " + _wanted(targets)
        return Installed("Vitis (v++)", "", remark)
    boards = [target.name for target in targets if builds_with(target.flow, release)]
    if release == _UNKNOWN:
        remark = "wanted is " + _wanted(targets)
    elif boards:
        remark = "builds for " + ", ".join(boards)
    else:
        remark = "builds for no target of lmc: wanted is " + _wanted(targets)
    return Installed("Vitis (v++)", release, remark)


def _hls_tool(targets: list[Target], hls: str, name: str, use: str) -> Installed:
    boards = ", ".join(target.name for target in targets if target.flow.hls == hls)
    release = _release(name)
    remark = f"{use} for {boards}"
    return Installed(name, release, remark if release else f"not on the PATH; it {remark}")


def _platforms(targets: list[Target]) -> Installed:
    """Platforms by name; where one of a target is here, which."""
    folders = [Path(name) for name in os.environ.get("PLATFORM_REPO_PATHS", "").split(":") if name]
    if vitis := os.environ.get("XILINX_VITIS"):
        folders += [Path(vitis) / "base_platforms", Path(vitis) / "platforms"]
    folders.append(Path("/opt/xilinx/platforms"))
    files = {
        path.stem
        for folder in folders
        for pattern in ("*.xpfm", "*/*.xpfm")
        for path in folder.glob(pattern)
    }
    ready = [target.name for target in targets if target.platform in files]
    if not files:
        remark = "to link: install the platform of the board, and set PLATFORM_REPO_PATHS to its "
        remark += "folder"
    elif ready:
        remark = "of " + ", ".join(ready)
    else:
        remark = "of no target of lmc: name one as PLATFORM, or install the board's"
    return Installed("platforms", ", ".join(sorted(files)), remark)


def _wanted(targets: list[Target]) -> str:
    """Which releases build for which boards."""
    boards: dict[str, list[str]] = {}
    for target in targets:
        boards.setdefault(target.flow.releases, []).append(target.name)
    return "; ".join(f"{releases} for {', '.join(names)}" for releases, names in boards.items())


def _release(tool: str) -> str:
    """The release of a tool on the PATH, from its folder's name or what it says; "" if none is."""
    path = shutil.which(tool)
    if path is None:
        return ""
    text = str(Path(path).resolve())
    if not _RELEASE.search(text) and tool in _VERSION_OPTION:
        text = _output([path, _VERSION_OPTION[tool]])
    # The tools write v2024.2, where no word begins at the year.
    found = _RELEASE.search(text.replace(" v", " "))
    return found[1] if found else _UNKNOWN


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr
