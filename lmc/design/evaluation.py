"""What `lmc eval` has measured of a design's text, kept in its folder for the pages about it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from lmc.design.folder import EVALUATION, Design
from lmc.diagnostics import LmcError

ENGINES: Mapping[str, str] = {
    "float": "float model",
    "integer": "integer interpreter",
    "csim": "C simulation",
    "rtl": "RTL in Verilator",
}
"""What an engine runs, for people."""


@dataclass(frozen=True)
class EngineLoss:
    """What an engine makes of a text; see `lmc.evaluation.bits_per_byte.Measurement`."""

    bits_per_byte: float
    kl_to_float: float | None
    top1_agreement: float | None


@dataclass(frozen=True)
class Evaluation:
    """The loss of a design's engines, by name, on `tokens` tokens of a text.

    `text_sha256` is of the text's bytes; the state is cold again after `window` tokens.
    """

    text: str
    text_sha256: str
    tokens: int
    window: int
    engines: Mapping[str, EngineLoss]

    @property
    def source(self) -> str:
        """What the figures were measured on."""
        return f"lmc eval: {self.tokens:,} tokens of {self.text} in windows of {self.window:,}"

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """For each engine what it runs, bits per byte, and how it compares with the float model."""
        return [
            (
                ENGINES.get(name, name),
                f"{one.bits_per_byte:.4f}",
                "" if one.kl_to_float is None else f"{one.kl_to_float:.5f}",
                "" if one.top1_agreement is None else f"{one.top1_agreement:.2%}",
            )
            for name, one in self.engines.items()
        ]


def write_evaluation(design: Design, found: Evaluation) -> Evaluation:
    """Keep a measurement in the design's folder, and return what is kept there now.

    What other engines made of the same tokens stays; another text or another compile goes. Raises
    LmcError where nothing can be written.
    """
    kept = read_evaluation(design)
    if kept is not None and _subject(kept) == _subject(found):
        found = replace(found, engines={**kept.engines, **found.engines})
    path = design.path / EVALUATION
    scratch = path.with_name(f".{path.name}.new")
    content = {
        "design": design.digest,
        "model": design.model,
        "preset": design.manifest["preset"],
        **asdict(found),
    }
    try:
        scratch.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error
    return found


def read_evaluation(design: Design) -> Evaluation | None:
    """What was measured of this design; None where nothing was, or only of another compile.

    Raises LmcError for a file that `lmc eval` has not written.
    """
    content = _content(design)
    if content is None or content.get("design") != design.digest:
        return None
    try:
        engines = {name: EngineLoss(**one) for name, one in content["engines"].items()}
        own = {name: content[name] for name in ("text", "text_sha256", "tokens", "window")}
        return Evaluation(**own, engines=engines)
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable(design) from error


def why_not_evaluated(design: Design) -> str:
    """Why pages show no measurement of a design, and how to get one; empty where they do.

    Raises LmcError as `read_evaluation`.
    """
    if design.is_random:
        return "The weights are random, so its text means nothing and has no accuracy."
    if read_evaluation(design) is not None:
        return ""
    if _content(design) is None:
        return (
            "The folder has no measurement of bits per byte: `lmc eval DIR --text FILE` measures "
            "them, beside those of the float model, and keeps them there."
        )
    return (
        f"{EVALUATION} in the folder is of another compile, so its bits per byte are not shown: "
        "`lmc eval DIR --text FILE` measures this one."
    )


def _content(design: Design) -> Mapping[str, Any] | None:
    path = design.path / EVALUATION
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(design) from error
    if not isinstance(content, dict):
        raise _unreadable(design)
    return content


def _unreadable(design: Design) -> LmcError:
    return LmcError(
        f"{design.path / EVALUATION} is not what `lmc eval` writes; remove it, or measure again"
    )


def _subject(one: Evaluation) -> tuple[str, int, int]:
    return one.text_sha256, one.tokens, one.window
