"""What a second process does ahead of a compile: results that do not depend on what goes on here.

Before the model is traced it begins to compare the first layers with PyTorch, or to generate the
text for the calibration. At level 4 it makes the matrices, then the files of the weights, while
FIFOs are sized. Whatever it could not do is done here, so that errors are the same.
"""

from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from lmc.cache import Entry
from lmc.dataflow.schedule import is_scheduled
from lmc.dialects.dataflow import DesignOp
from lmc.dialects.ssm import WeightOp
from lmc.driver.ahead_jobs import fill_cache, store_of
from lmc.driver.observers import Texts
from lmc.driver.request import Resolved
from lmc.driver.second_process import Job, SecondProcess
from lmc.frontend import has_trace
from lmc.interpreter.threads import thread_count
from lmc.ir.levels import DATAFLOW, level_of
from lmc.ir.text import module_text
from lmc.models.config import is_large, parameter_count
from lmc.progress import StepsDone
from lmc.weights.store import is_worth_keeping

_JOBS = "lmc.driver.ahead_jobs"
_WORTH_A_PROCESS = 1_000_000
"""Parameters from which on a text takes longer than to start a process that generates it."""


class Ahead:
    """A compile's second process: none where one thread is to do it all, or nothing is kept."""

    def __init__(self, resolved: Resolved, folder: Path, texts: Texts) -> None:
        """`texts` has what golden vectors are made from; files lie beside `folder` until then."""
        self._request, self._pipeline = resolved.request, resolved.pipeline
        self._texts = texts
        self._folder = folder.parent / "weights"
        self._process = SecondProcess(_JOBS)
        # The cache is what hands results over.
        self._works = thread_count() > 1 and Entry("ahead").is_kept
        self._begun: ModuleOp | None = None
        self._asked: tuple[str, str | None] | None = None
        self._files: Job | None = None
        self.check: Job | None = None
        """The comparison of a model's first layers with PyTorch."""
        self._text: Job | None = None

    def __enter__(self) -> "Ahead":
        self._process.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._process.__exit__(*error)

    def begin(self) -> None:
        """Begin what needs no trace, for a named model that was not traced before.

        Raises LmcError as `lmc.models.zoo.resolve`.
        """
        from lmc.models.zoo import resolve

        model, seed = self._request.model, self._request.seed
        if not self._works or not isinstance(model, str):
            return
        random = self._request.random_weights
        found = resolve(model, random_weights=random, seed=seed)
        if has_trace(found.config):
            return
        if is_large(found.config):
            passes = ",".join(str(one.pipeline_pass_spec()) for one in self._pipeline.passes)
            asked = {"model": model, "random_weights": random, "seed": seed, "passes": passes}
            self.check = self._process.ask("check", asked)
        elif not random and parameter_count(found.config) >= _WORTH_A_PROCESS:
            for text_seed in self._text_seeds()[:1]:
                self._text = self._process.ask("text", {"model": model, "seed": text_seed})

    def _text_seeds(self) -> list[int]:
        """The seeds of the texts that the model generates for `quantize`."""
        of = self._pipeline.options
        texts = zip(of("quantize", "text"), of("quantize", "seed"), strict=True)
        return [seed for text, seed in texts if text is None]

    def wait_for_text(self) -> None:
        """Return when no text is being generated."""
        if self._text is not None:
            self._text.wait()

    def observe(self, _number: int, _one: ModulePass | None, module: ModuleOp) -> None:
        """Begin with the weights at level 4; see `lmc.driver.pipeline.Observer`."""
        if not self._works or level_of(module) != DATAFLOW:
            return
        # Images are imported late: a compile that stops above level 4 does without.
        from lmc.backends.weight_files import weights_of

        if self._begun is None and _has_large_matrices(module):
            self._begun = weights_of(module)
            self._process.ask("matrices", {"weights": module_text(self._begun)})
        if self._begun is not None and self._files is None and _is_scheduled(module):
            # From here on no pass changes what the banks hold; `take_weights` makes sure.
            design, integers = self._asked = self._wanted(module)
            self._folder.mkdir()
            asked = {"design": design, "integers": integers, "folder": str(self._folder)}
            self._files = self._process.ask("weights", asked)

    def take_weights(self, module: ModuleOp, folder: Path, progress: StepsDone) -> bool:
        """Put the files of the weights into their folder, if they are those of this module."""
        if self._begun is not None:
            fill_cache(store_of(self._begun), thread_count() - 1, from_the_end=True)
        if self._files is None or self._asked != self._wanted(module):
            return False
        if not self._files.wait(progress):
            return False
        folder.mkdir(exist_ok=True)
        for file in self._folder.iterdir():
            file.rename(folder / file.name)
        return True

    def _wanted(self, module: ModuleOp) -> tuple[str, str | None]:
        """All that the files of the weights depend on."""
        from lmc.backends.weight_files import weights_and_banks

        lowered = self._texts.lowered
        return module_text(weights_and_banks(module)), None if lowered is None else lowered.text


def _has_large_matrices(module: ModuleOp) -> bool:
    weights = (op for op in module.body.block.ops if isinstance(op, WeightOp))
    return any(map(is_worth_keeping, weights))


def _is_scheduled(module: ModuleOp) -> bool:
    designs = [op for op in module.body.block.ops if isinstance(op, DesignOp)]
    return len(designs) == 1 and is_scheduled(designs[0])
