"""Running passes on a step by hand, and saving what they make."""

from dataclasses import dataclass
from pathlib import Path

from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.driver.pipeline import Pipeline
from lmc.driver.rewrite import rewrite
from lmc.explorer.ops import scan
from lmc.explorer.steps import Step
from lmc.ir.registry import Registry
from lmc.terminal.history import Entry


@dataclass(frozen=True)
class Bench:
    """The design whose modules passes run on, and the passes that there are."""

    design: Design
    registry: Registry

    def run(self, entry: Entry, text: str) -> Step:
        """What passes, as pipeline text, make of an entry.

        Raises UsageError for pipeline text that is not right, LmcError as `lmc opt` does.
        """
        passes = Pipeline.parse(self.registry, text)
        if not passes.passes:
            raise LmcError("there is no pass to run")
        name = self._name(entry)
        made = rewrite(self.registry, passes, entry.step.text, name, self.design.path)
        title = ",".join(passes.names)
        specs = tuple(str(one.pipeline_pass_spec()) for one in passes.passes)
        return Step(title, "", specs, made.level, made.text, scan(made.text, title))

    def save(self, entry: Entry, path: Path) -> None:
        """Write the module of an entry to a new file, `~` being the home folder.

        Raises LmcError if that can't be done.
        """
        try:
            path = path.expanduser()
            with path.open("x", encoding="utf-8") as file:
                file.write(entry.step.text)
        except FileExistsError as error:
            raise LmcError(f"{path} exists already; choose another name") from error
        except OSError as error:
            raise LmcError(f"{path} cannot be written: {error.strerror}") from error
        except RuntimeError as error:
            raise LmcError(f"{path} cannot be written: there is no such home folder") from error

    def _name(self, entry: Entry) -> str:
        """The file of an entry, or what was run to make it, for the places of errors."""
        return (
            str(self.design.path / entry.step.file) if entry.step.file else f"<{entry.step.name}>"
        )
