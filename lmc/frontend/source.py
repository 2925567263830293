"""Where PyTorch code comes from: short source locations that are the same on every machine."""

import inspect
import re
import sys
from pathlib import PurePath

_FRAME = re.compile(r'File "([^"]+)", line ([0-9]+)')
_LIBRARY = "torch/"


class SourceNames:
    """Files by their module's name: `/any/where/lmc/models/mamba2.py` is `lmc/models/mamba2.py`."""

    def __init__(self) -> None:
        """Take the modules that are loaded now."""
        self._names: dict[str, str] = {}
        for module_name, module in sorted(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and module_name != "__main__":
                self._names.setdefault(file, _relative_path(module_name, file))

    def of_file(self, file: str) -> str:
        """The short name of a source file; its last part if it is no loaded module's."""
        return self._names.get(file, PurePath(file).name)

    def of_trace(self, stack_trace: str | None) -> tuple[str, int]:
        """Innermost frame of an exported node that is not PyTorch's own code: file and line.

        PyTorch's own innermost frame if there is no other; ("unknown", 0) without a trace.
        """
        frames = [
            (self.of_file(file), int(line)) for file, line in _FRAME.findall(stack_trace or "")
        ]
        outside = [frame for frame in frames if not frame[0].startswith(_LIBRARY)]
        return (outside or frames or [("unknown", 0)])[-1]

    def of_class(self, kind: type) -> str:
        """`file:line` of a class, or the class's module where its source cannot be found."""
        try:
            file = inspect.getsourcefile(kind)
            line = inspect.getsourcelines(kind)[1]
        except (OSError, TypeError):
            return kind.__module__
        return f"{self.of_file(file or '')}:{line}"


def _relative_path(module_name: str, file: str) -> str:
    path = module_name.replace(".", "/")
    name = PurePath(file).name
    return f"{path}/{name}" if name == "__init__.py" else f"{path}.py"
