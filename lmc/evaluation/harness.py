# The harness is an optional extra without full types: what it gives is checked where it enters lmc.
# pyright: basic, reportMissingImports=false
"""EleutherAI's lm-evaluation-harness on lmc's engines.

    python -m lmc.evaluation.harness --model lmc --model_args design=DIR,engine=integer --tasks ...

runs the harness' own command with the model `lmc` added. Tokens, the start token, truncation and
rolling windows are those of the harness' model `hf`.
"""

import os
import sys
from pathlib import Path
from typing import Any

from lmc.design.folder import open_design
from lmc.diagnostics import LmcError, UsageError
from lmc.evaluation.engines import (
    Engine,
    design_engine,
    design_tokenizer,
    find_end_tokens,
    find_tokenizer,
    model_engine,
)
from lmc.evaluation.likelihood import Continuation, greedy_text, score, start_token
from lmc.ir.registry import load_registry
from lmc.models.tokenizer import JsonTokenizer, Tokenizer
from lmc.quantization.presets import DEFAULT_PRESET

try:
    from lm_eval.api.model import TemplateLM
    from lm_eval.api.registry import register_model
    from lm_eval.models.utils import handle_stop_sequences, has_bos_prefix, normalize_gen_kwargs
    from lm_eval.utils import get_rolling_token_windows, make_disjoint_window
except ImportError as error:
    raise LmcError(
        f"lm-evaluation-harness cannot be imported ({error}); install it with "
        f"`pip install 'lmc-fpga[lm-eval]'`"
    ) from error

_AUTOMATIC_BATCH = 16
_NEW_TOKENS = 256


@register_model("lmc")
class LmcModel(TemplateLM):
    """A design or a model as the harness sees it."""

    def __init__(
        self,
        design: str | None = None,
        model: str | None = None,
        engine: str = "integer",
        preset: str = DEFAULT_PRESET,
        max_length: int = 2048,
        prefix_token: int | None = None,
        plugin: str | None = None,
        batch_size: int | str = 1,
        # The harness gives these to every model, a GPU as the device if nobody asked for another.
        max_batch_size: int | None = None,  # noqa: ARG002
        device: str | None = None,  # noqa: ARG002
    ) -> None:
        """Open a design folder, or a model that is not compiled.

        `max_length` tokens are read at most, in a rolling window too. `prefix_token` stands before
        a text that has no context; without it, it is the tokenizer's start or end token.
        `batch_size` sequences are run together. `plugin` are the Python files that define ops or an
        adapter of the model, with the system's path separator between them. Raises LmcError if
        there is no tokenizer, and as `open_design`, `load_registry` and `model_engine`; UsageError
        unless one of `design` and `model` is given.
        """
        super().__init__()
        if (design is None) == (model is None):
            raise UsageError("give either design=DIR or model=NAME in --model_args")
        plugins = tuple(Path(one) for one in plugin.split(os.pathsep)) if plugin else ()
        # First of all: an adapter among them may be what reads the model.
        load_registry(plugins)
        weights, tokenizer, self._engine = _open(design, model, engine, preset, plugins)
        if tokenizer is None:
            raise LmcError(f"{design or model} has no tokenizer here, so no text can be scored")
        self._text_tokenizer = tokenizer
        self._ends = find_end_tokens(weights)
        self._prefix = start_token(tokenizer) if prefix_token is None else int(prefix_token)
        self._name = weights
        self.max_length = int(max_length)
        self.batch_size = _AUTOMATIC_BATCH if str(batch_size).startswith("auto") else batch_size

    @property
    def eot_token_id(self) -> int:
        """The token that ends a text."""
        return self._ends[0] if self._ends else self.prefix_token_id

    @property
    def prefix_token_id(self) -> int:
        """The token that stands before a text without a context; LmcError if none is known."""
        if self._prefix is None:
            raise LmcError(
                "the tokenizer names no start or end token (tokenizer_config.json), and a text "
                "without a context needs one: give prefix_token=ID in --model_args"
            )
        return self._prefix

    @property
    def tokenizer_name(self) -> str:
        """What distinguishes requests that were tokenized before."""
        return self._name.replace("/", "__")

    def tok_encode(
        self, string: str, add_special_tokens: bool | None = None, **_options: Any
    ) -> list[int]:
        """Token ids of a text, with the tokenizer's special ones unless they are there already."""
        special = add_special_tokens
        if special is None:
            special = not has_bos_prefix(string, self._start_text())
        return self._text_tokenizer.encode(string, special_tokens=special)

    def _start_text(self) -> str | None:
        tokenizer = self._text_tokenizer
        if self._prefix is None or not isinstance(tokenizer, JsonTokenizer):
            return None
        return tokenizer.token_text(self._prefix)

    def _loglikelihood_tokens(
        self, requests: list[Any], disable_tqdm: bool = False, **_options: Any
    ) -> list[tuple[float, bool]]:
        del disable_tqdm
        scores = self._score([(context, tokens) for _, context, tokens in requests])
        for (request, _, _), result in zip(requests, scores, strict=True):
            if request is not None:
                self.cache_hook.add_partial("loglikelihood", request, result)
        return scores

    def loglikelihood_rolling(self, requests: list[Any], disable_tqdm: bool = False) -> list[float]:
        """The log-likelihood of whole texts, by windows that each read `max_length` tokens."""
        del disable_tqdm
        results = []
        for (text,) in (request.args for request in requests):
            windows = get_rolling_token_windows(
                self.tok_encode(text), self.prefix_token_id, self.max_length, 1
            )
            scores = self._score([make_disjoint_window(window) for window in windows])
            results.append(sum(likelihood for likelihood, _ in scores))
            self.cache_hook.add_partial("loglikelihood_rolling", (text,), results[-1])
        return results

    def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        """Greedy text, one request after the other; LmcError for a request to sample."""
        del disable_tqdm
        results = []
        for context, options in (request.args for request in requests):
            wanted = dict(normalize_gen_kwargs(options, _NEW_TOKENS))
            if wanted.get("do_sample") or wanted.get("temperature"):
                raise LmcError("lmc chooses the likeliest token; the task asks for sampling")
            count = wanted["max_gen_toks"]
            room = self.max_length - count
            if room <= 0:
                raise LmcError(f"{count} new tokens leave no room in max_length={self.max_length}")
            stops = [stop for stop in handle_stop_sequences(wanted["until"], eos=None) if stop]
            prompt = self.tok_encode(context)[-room:]
            results.append(
                greedy_text(self._engine, self._text_tokenizer, prompt, count, stops, self._ends)
            )
            self.cache_hook.add_partial("generate_until", (context, options), results[-1])
        return results

    def _score(self, pairs: list[tuple[list[int], list[int]]]) -> list[tuple[float, bool]]:
        continuations = [Continuation(context, tokens) for context, tokens in pairs]
        scores = score(
            self._engine,
            continuations,
            max_length=self.max_length,
            batch=int(self.batch_size),
        )
        return [(one.log_likelihood, one.is_greedy) for one in scores]


def _open(
    design: str | None, model: str | None, engine: str, preset: str, plugins: tuple[Path, ...]
) -> tuple[str, Tokenizer | None, Engine]:
    """The reference of the weights, the tokenizer, None if there is none here, and the engine."""
    if design is not None:
        opened = open_design(Path(design))
        tokenizer = design_tokenizer(opened, plugins)
        return opened.weights, tokenizer, design_engine(opened, engine, plugins)
    assert model is not None
    return model, find_tokenizer(model), model_engine(model, engine, preset=preset)


def main() -> None:
    """Run the harness' command."""
    from lm_eval.__main__ import cli_evaluate

    try:
        cli_evaluate()
    except LmcError as error:
        notes: list[str] = getattr(error, "__notes__", [])
        print("\n".join((f"error: {error}", *notes)), file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)


if __name__ == "__main__":
    main()
