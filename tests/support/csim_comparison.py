"""The C simulation of a design against the integer interpreter, bit for bit."""

import tempfile
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiny_designs import interpreter

from lmc.backends.csim.build import Headers
from lmc.backends.csim.simulate import Simulation
from lmc.interpreter import generate

TOKENS = 48
PROMPT = [1, 2, 3]
SEED = 12


def generate_with_logits(
    simulation: Simulation, prompt: list[int], count: int
) -> tuple[list[int], NDArray[np.int32]]:
    """`count` greedy tokens after the prompt, and the logits [count, V] they come from."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "logits"
        arguments = ["--new", str(count), "--logits", str(path)]
        tokens = list(simulation._run(Path(scratch), prompt, arguments))
        return tokens, simulation._read_logits(path)


def assert_equal(
    design: Path,
    *,
    tokens: int = TOKENS,
    new: int = 20,
    headers: Headers = "fast",
    prompt: list[int] = PROMPT,
) -> Simulation:
    """All logits of random ids, and greedy tokens launched at once and in chunks."""
    simulation, program = Simulation(design, headers), interpreter(design)
    vocabulary = simulation.logits(np.array([0])).shape[1]
    ids = np.random.default_rng(SEED).integers(0, vocabulary, tokens)
    expected = program.run(ids[:, None]).logits[:, 0]
    found = simulation.logits(ids)
    wrong = np.argwhere(found != expected)
    assert not wrong.size, f"first difference at [token, id] {wrong[0]}, {len(wrong)} in all"
    assert len(np.unique(found)) > found.size // 2  # the comparison means something
    chosen, logits = generate_with_logits(simulation, prompt, new)
    assert chosen == list(islice(generate(program, prompt), new))
    steps = np.array([*prompt, *chosen[:-1]])
    run = program.run(steps[:, None]).logits[len(prompt) - 1 :, 0]
    assert np.array_equal(logits, run)
    # States stay on the device between launches; there were 16 new tokens in the first one above.
    for chunk in (1, 7):
        assert list(simulation.generate(prompt, new, chunk=chunk)) == chosen
    return simulation
