"""Build files of a small design, and stand-ins for AMD's tools that write down how they are called.

The stand-ins make the files that the real tools are documented to make, and nothing else: what is
tested is the command lines, not what the tools would do with them.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from design_builder import DesignBuilder

from lmc.backends.hls.printer import find_design
from lmc.backends.hls.system import print_connectivity
from lmc.backends.rtl.kernel.files import design_rtl
from lmc.backends.vitis.hls_input import print_hls_inputs
from lmc.backends.vitis.makefile import print_makefile
from lmc.backends.vitis.rtl_input import print_rtl_inputs
from lmc.dialects.dataflow import DesignOp, LogitsAttr, PromptAttr, ui
from lmc.targets import Target, load_target

KERNELS = ("reader", "writer")
VOCABULARY = 256

_RECORD = """#!/bin/sh
case "$*" in
  *-version*) echo "****** NAME vRELEASE (64-bit)"; exit 0 ;;
esac
for argument in "$(basename "$0")" "$@"; do printf '%s\\t' "$argument" >> "$TOOL_LOG"; done
printf '\\n' >> "$TOOL_LOG"
previous=''
for argument in "$@"; do
  case $previous in
    -o) mkdir -p "$(dirname "$argument")" && : > "$argument" ;;
    --od) : > "$argument/emconfig.json" ;;
    --package.out_dir) mkdir -p "$argument" && : > "$argument/sd_card.img"
      printf '#!/bin/sh\\necho "launched $*"\\n' > "$argument/launch_hw_emu.sh"
      chmod +x "$argument/launch_hw_emu.sh" ;;
    -source) kernel=$(basename "$argument" .tcl) && kernel=${kernel#package_}
      case $kernel in synthesize) ;; *) : > "$kernel.xo" ;; esac ;;
    -tclargs) mkdir -p "$argument" && : > "$argument/utilization.rpt" ;;
    -f) kernel=$(basename "$argument" .tcl) && : > "$kernel.xo" ;;
    --config) config=$argument ;;
    --work_dir) work=$argument ;;
  esac
  previous=$argument
done
case "$*" in
  *"--mode hls --package"*)
    name=$(basename "$config" .cfg)
    if grep -q format=xo "$config"; then end=xo; else end=zip; fi
    mkdir -p "$work" && : > "$work/$name.$end" ;;
esac
"""
TOOLS = ("v++", "vitis-run", "vitis_hls", "vivado", "emconfigutil", "g++", "aarch64-linux-gnu-g++")
_ALWAYS = (
    *("sh", "make", "mkdir", "rm", "cp", "touch", "find", "head", "sed", "grep", "basename"),
    *("dirname", "chmod", "cat", "printf", "echo", "env"),
)


def small_design() -> DesignOp:
    """A design of two kernels: one reads, one writes logits."""
    design = DesignBuilder("small")
    numbers = LogitsAttr.of(words=4, length=VOCABULARY, lanes=16, bits=32, frac=20, mul=1)
    prompt = design.bank("prompt", words=4, memory="ddr", layout=[PromptAttr.of()])
    logits = design.bank("logits", words=4, direction="write", memory="ddr", layout=[numbers])
    words = design.stream("words", ui(512), depth=16)
    with design.kernel("reader") as kernel, kernel.task("read_words") as task:
        task.burst_read(prompt, 0, 4, words)
    with design.kernel("writer") as kernel, kernel.task("write_words") as task:
        task.burst_write(words, logits, 0, 4)
    return find_design(design.module())


def board(name: str) -> Target:
    """A target of lmc, with a memory that the small design can be in."""
    target = load_target(name)
    memory = target.memories[0].model_copy(update={"name": "ddr", "linker": "DDR"})
    return target.model_copy(update={"memories": [memory]})


def build_files(target: Target, *, byte_tokens: bool = True) -> dict[str, str]:
    """The build files of the small design, by their path in a design folder."""
    design = small_design()
    return {
        "Makefile": print_makefile(design, target, byte_tokens=byte_tokens),
        **{f"hls/{name}": text for name, text in print_hls_inputs(design, target).items()},
    }


def rtl_files(target: Target) -> dict[str, str]:
    """The SystemVerilog of the small design and what Vivado reads, by their path in `rtl/`."""
    rtl = design_rtl(small_design(), target)
    scripts = {f"vivado/{name}": text for name, text in print_rtl_inputs(rtl, target).items()}
    return rtl.files | scripts


def link_tools(folder: Path, *more: str) -> None:
    """A new folder for the PATH with what POSIX has, make, and more of this machine's programs."""
    folder.mkdir()
    for name in (*_ALWAYS, *more):
        found = shutil.which(name)
        assert found is not None, name
        (folder / name).symlink_to(found)


def write_tool(folder: Path, name: str, release: str) -> None:
    """A stand-in for a tool of a release."""
    path = folder / name
    path.write_text(_RECORD.replace("NAME vRELEASE", f"{name} v{release}"), encoding="utf-8")
    path.chmod(0o755)


@dataclass(frozen=True)
class Made:
    """What make ended with, and the tools that it called, each with its arguments."""

    status: int
    output: str
    errors: str
    calls: list[list[str]]

    def call(self, tool: str) -> list[str]:
        """The arguments of the only call of a tool."""
        (found,) = [call[1:] for call in self.calls if call[0] == tool]
        return found


class BuildFolder:
    """A design folder with build files, and what make finds on the machine."""

    def __init__(self, root: Path, target: Target, *, byte_tokens: bool = True):
        self.path, self.tools, self._log = root / "design", root / "tools", root / "log"
        for name, text in build_files(target, byte_tokens=byte_tokens).items():
            self.write(name, text)
        self.write("hls/connectivity.cfg", print_connectivity(small_design(), target))
        for source in (*(f"hls/{kernel}.cpp" for kernel in KERNELS), "hls/small.h"):
            self.write(source, "")
        for kernel in KERNELS:
            self.write(f"testbench/{kernel}.cpp", "")
        for source in ("host/host.cpp", "host/system.cpp", "host/design.h", "csim/recording.cpp"):
            self.write(source, "")
        for image in ("weights/prompt.bin", "weights/SHA256SUMS"):
            self.write(image, "")
        link_tools(self.tools)

    def write(self, name: str, text: str) -> Path:
        """A file of the folder."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def add_rtl(self, target: Target) -> None:
        """What `lmc compile --rtl` writes beside the rest."""
        for name, text in rtl_files(target).items():
            self.write(f"rtl/{name}", text)

    def install(self, *names: str, release: str = "2024.2") -> None:
        """Put stand-ins on the PATH."""
        for name in names:
            write_tool(self.tools, name, release)

    def make(
        self, *arguments: str, environment: Mapping[str, str] | None = None, **variables: str
    ) -> Made:
        """Run make with these variables, and an environment that else knows only the stand-ins."""
        self._log.unlink(missing_ok=True)
        given = [f"{name}={value}" for name, value in variables.items()]
        always = {"PATH": str(self.tools), "TOOL_LOG": str(self._log), "LC_ALL": "C"}
        done = subprocess.run(
            ["make", "--no-print-directory", *arguments, *given],
            cwd=self.path,
            env={**(environment or {}), **always},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        calls = [line.rstrip("\t").split("\t") for line in lines]
        return Made(done.returncode, done.stdout, done.stderr, calls)

    def add_platform(self, name: str) -> str:
        """A platform; returns what PLATFORM_REPO_PATHS is to be set to."""
        folder = self.path.parent / "platforms"
        (folder / name).mkdir(parents=True)
        (folder / name / f"{name}.xpfm").touch()
        return str(folder)

    def add_sysroot(self) -> str:
        """A sysroot with XRT's headers; returns what SYSROOT is to be set to."""
        folder = self.path.parent / "sysroot"
        header = folder / "usr/include/xrt/xrt/xrt_device.h"
        header.parent.mkdir(parents=True)
        header.touch()
        return str(folder)

    def add_image(self) -> str:
        """A common image; returns what EDGE_COMMON_SW is to be set to."""
        folder = self.path.parent / "image"
        folder.mkdir()
        for name in ("Image", "rootfs.ext4"):
            (folder / name).touch()
        return str(folder)

    def add_xrt(self) -> str:
        """An installation of XRT; returns what XILINX_XRT is to be set to."""
        folder = self.path.parent / "xrt"
        (folder / "include/xrt").mkdir(parents=True)
        (folder / "include/xrt/xrt_device.h").touch()
        return str(folder)


def equipped(root: Path, name: str) -> tuple[BuildFolder, dict[str, str]]:
    """A folder on a machine that has everything, and the variables that say where."""
    target = board(name)
    folder = BuildFolder(root, target)
    folder.add_rtl(target)
    folder.install(*TOOLS, release=target.flow.vitis)
    variables = {
        "PLATFORM_REPO_PATHS": folder.add_platform(target.platform or "own_platform"),
        "SYSROOT": folder.add_sysroot(),
        "EDGE_COMMON_SW": folder.add_image(),
        "XILINX_XRT": folder.add_xrt(),
        "PROMPT": "It",
    }
    return folder, variables if target.platform else {**variables, "PLATFORM": "own_platform"}


def refusal(made: Made) -> str:
    """The one sentence that make ended with."""
    (line,) = [line for line in made.errors.splitlines() if "***" in line]
    found = re.fullmatch(r"Makefile:\d+: \*\*\* (.*)\.  Stop\.", line)
    assert found is not None, line
    assert made.status == 2
    return found[1]
