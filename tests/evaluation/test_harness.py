"""The adapter for lm-evaluation-harness against the harness' own model on the same checkpoint."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

pytest.importorskip("lm_eval")
pytest.importorskip("accelerate")

from lm_eval import simple_evaluate
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager
from transformers import Mamba2Config, Mamba2ForCausalLM, PreTrainedTokenizerFast

from lmc.diagnostics import LmcError, UsageError
from lmc.evaluation.harness import LmcModel

PLUGIN = Path(__file__).parents[2] / "examples/hard-silu/lmc_hard_silu.py"
WORDS = [
    *("the", "captain", "of", "old", "ship", "was", "waiting"),
    *("for", "him", "and", "sea", "went", "down"),
]


@dataclass
class Request:
    args: tuple


def requests(*arguments):
    return [Request(one) for one in arguments]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A Mamba-2 with random weights and a tokenizer of words that puts <s> before a text."""
    path = tmp_path_factory.mktemp("harness") / "model"
    tokens = ["<s>", "</s>", "<unk>", *WORDS]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(tokens)}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 0)]
    )
    tokenizer.add_special_tokens(["<s>", "</s>", "<unk>"])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    fast.save_pretrained(path)
    torch.manual_seed(0)
    config = Mamba2Config(
        hidden_size=32, num_hidden_layers=2, vocab_size=len(tokens), state_size=16, expand=2,
        num_heads=4, head_dim=16, n_groups=1, bos_token_id=0, eos_token_id=1, pad_token_id=1,
        tie_word_embeddings=True, initializer_range=0.5, chunk_size=8,
    )  # fmt: skip
    Mamba2ForCausalLM(config).save_pretrained(path)
    return path


@pytest.fixture(scope="module", params=[12, 2048])
def both(request, folder):
    """lmc's float engine and the harness' own model, with windows of as many tokens."""
    options = {"max_length": request.param, "batch_size": 3}
    ours = LmcModel(model=str(folder), engine="float", **options)
    return ours, HFLM(pretrained=str(folder), device="cpu", dtype="float32", **options)


TEXTS = [" ".join(WORDS[(3 * i + k) % len(WORDS)] for i in range(k)) for k in (1, 4, 11, 30)]
PAIRS = [
    ("", "the old ship"),
    ("the captain", " went down"),
    ("the captain ", "went down"),
    ("the captain of the old ship was waiting for him", " and the sea"),
    ("<s> the captain", " was"),
    ("", "<s> the sea"),
    (TEXTS[3], " went down"),
]


def test_log_likelihoods_are_those_of_the_harness_own_model(both):
    ours, theirs = (model.loglikelihood(requests(*PAIRS)) for model in both)
    assert [one[1] for one in ours] == [one[1] for one in theirs]
    assert [one[0] for one in ours] == pytest.approx([one[0] for one in theirs], rel=1e-4)


def test_rolling_windows_are_those_of_the_harness_own_model(both):
    texts = [(text,) for text in TEXTS]
    ours, theirs = (model.loglikelihood_rolling(requests(*texts)) for model in both)
    assert ours == pytest.approx(theirs, rel=1e-4)


def test_greedy_text_is_that_of_the_harness_own_model(both):
    stop = {"until": ["captain"], "max_gen_toks": 9}
    asked = [(text, dict(stop)) for text in ("the old ship", TEXTS[3], "him")]
    # The harness pads prompts of a batch on the left, which a state would see.
    ours, theirs = ([model.generate_until(requests(one))[0] for one in asked] for model in both)
    assert ours == theirs
    with pytest.raises(LmcError, match="sampling"):
        both[0].generate_until(requests(("the", {"do_sample": True, "temperature": 0.7})))


@pytest.fixture
def accuracy(tmp_path, monkeypatch):
    """Runs a task of two questions, and gives the likelihoods of its choices."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    rows = [
        {"question": "the captain of the", "choices": ["old ship", "sea"], "answer": 0},
        {"question": "him and the sea", "choices": ["was", "went down"], "answer": 1},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "words.yaml").write_text(
        f"""task: words
dataset_path: json
dataset_kwargs:
  data_files: {{test: "{tmp_path / "rows.jsonl"}"}}
  cache_dir: "{tmp_path / "cache"}"
output_type: multiple_choice
test_split: test
doc_to_text: question
doc_to_choice: choices
doc_to_target: answer
metric_list: [{{metric: acc}}]
"""
    )

    def run(**model):
        result = simple_evaluate(
            model="lmc",
            model_args=model,
            tasks=["words"],
            batch_size=2,
            task_manager=TaskManager(include_path=str(tmp_path), include_defaults=False),
            bootstrap_iters=0,
        )
        assert 0 <= result["results"]["words"]["acc,none"] <= 1
        samples = sorted(result["samples"]["words"], key=lambda sample: sample["doc_id"])
        return [float(x[0]) for one in samples for x in one["filtered_resps"]]

    return run


def test_a_task_runs_on_integers(folder, accuracy):
    real, integer = (
        accuracy(model=str(folder), engine=engine, preset="w8a8") for engine in ("float", "integer")
    )
    assert integer == pytest.approx(real, rel=0.15)
    assert integer != real


def test_a_task_runs_on_a_design_with_an_op_of_a_plugin(lmc, folder, accuracy, tmp_path):
    passes = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,hard-silu{knee=2},quantize"
    options = ["-t", "vck190", "-o", tmp_path / "design", "--plugin", PLUGIN]
    compiled = lmc("compile", folder, *options, "--pipeline", passes)
    assert compiled.status == 0, compiled.errors
    design = {"design": str(tmp_path / "design"), "engine": "integer"}
    with pytest.raises(LmcError, match=r"hard\.silu is not registered"):
        accuracy(**design)
    integer = accuracy(**design, plugin=str(PLUGIN))
    assert integer == pytest.approx(accuracy(model=str(folder), engine="float"), rel=0.5)


def test_what_is_missing_is_one_sentence():
    with pytest.raises(UsageError, match="design=DIR or model=NAME"):
        LmcModel()
    with pytest.raises(LmcError, match=r"there is no plugin file a\.py"):
        LmcModel(model="bookbyte-mamba1", plugin=os.pathsep.join(["a.py", "b.py"]))
    bytes_model = LmcModel(model="bookbyte-mamba1", engine="float")
    with pytest.raises(LmcError, match="prefix_token=ID"):
        bytes_model.loglikelihood(requests(("", "a")))
