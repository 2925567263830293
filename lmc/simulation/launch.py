"""A launch of a language model's design in numbers: tokens a second, and what limits them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lmc.dataflow.machines import RTL, Machine
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, ScalarOp
from lmc.simulation.result import Result
from lmc.simulation.simulator import Simulator
from lmc.targets import Target

SCALARS: tuple[str, ...] = ("n_tokens", "n_prompt", "n_logits")
"""A launch's steps, its prompt's tokens, and its last steps with logits (docs/generated-design)."""


@dataclass(frozen=True)
class Launch:
    """A launch that reads a prompt and chooses new tokens, simulated from start to end.

    `step_ends` are the cycles at which all of a step is done, its last word in memory.
    `decode_bytes` are the bytes that a step with logits moves, by memory, `prefill_bytes` those of
    one without. `decode_cycles` are the cycles that a step with logits takes each task if it never
    waits.
    """

    design: DesignOp
    simulator: Simulator
    target: Target
    prompt_length: int
    new_tokens: int
    result: Result
    step_ends: tuple[int, ...]
    decode_bytes: Mapping[str, int]
    prefill_bytes: Mapping[str, int]
    decode_cycles: Mapping[str, int]

    @property
    def machine(self) -> Machine:
        """What the design is simulated as."""
        return self.simulator.plan.machine

    @cached_property
    def cycles_per_token(self) -> float:
        """Cycles between two new tokens, when those before have been forgotten."""
        ends = self.step_ends[self.prompt_length - 1 :]
        # Nothing comes after the last step, so it ends as no other does.
        return _steady(ends[:-1] if len(ends) > 2 else ends)

    @cached_property
    def prefill_cycles_per_token(self) -> float | None:
        """Cycles between two tokens of the prompt, likewise; None for a prompt of fewer than 3."""
        ends = self.step_ends[: self.prompt_length - 1]
        return _steady(ends) if len(ends) > 1 else None

    @property
    def tokens_per_second(self) -> float:
        """New tokens a second."""
        return self.result.clock_mhz * 1e6 / self.cycles_per_token

    @property
    def time_to_first_token(self) -> float:
        """Seconds from the launch until the first new token is in memory."""
        return self.step_ends[self.prompt_length - 1] / (self.result.clock_mhz * 1e6)

    def utilization(self, memory: str) -> float:
        """The share of a memory's sustained bandwidth that new tokens use."""
        sustained = self.result.memories[memory].sustained
        return self.decode_bytes[memory] / (self.cycles_per_token * sustained)

    @property
    def bandwidth_utilization(self) -> float:
        """The same share, of all memories that the design uses together."""
        used = [name for name, count in self.decode_bytes.items() if count]
        sustained = sum(self.result.memories[name].sustained for name in used)
        moved = sum(self.decode_bytes.values())
        return moved / (self.cycles_per_token * sustained) if used else 0.0

    def occupancy(self, task: str) -> float:
        """The share of a new token's cycles that a task would need if it never waited."""
        return self.decode_cycles[task] / self.cycles_per_token

    @property
    def slowest_task(self) -> str:
        """The task that takes the most cycles for a new token, waits left out."""
        return max(self.decode_cycles, key=self.decode_cycles.__getitem__)

    @property
    def task_bound_tokens_per_second(self) -> float:
        """Tokens a second if the slowest task never waited."""
        return self.result.clock_mhz * 1e6 / self.decode_cycles[self.slowest_task]

    @property
    def bound_tokens_per_second(self) -> float | None:
        """Tokens a second if the busiest memory never paused; None without memories."""
        cycles = max(
            (
                count / self.result.memories[name].sustained
                for name, count in self.decode_bytes.items()
            ),
            default=0.0,
        )
        return self.result.clock_mhz * 1e6 / cycles if cycles else None


def scalars(prompt: int, new: int) -> dict[str, int]:
    """The scalars of a launch with a prompt of so many tokens and so many new ones."""
    return dict(zip(SCALARS, (prompt + new - 1, prompt, new), strict=True))


def simulate_launch(
    design: DesignOp,
    target: Target,
    prompt_length: int,
    new_tokens: int,
    machine: Machine = RTL,
) -> Launch:
    """Simulates a launch with a prompt of so many tokens and so many new ones (2 at the least).

    Raises:
        LmcError: the design is not that of a language model, or can't be simulated to its end.
    """
    names = {op.sym_name.data for op in design.walk() if isinstance(op, ScalarOp)}
    if names != set(SCALARS):
        raise LmcError(
            f"design {design.sym_name.data} has no scalars {', '.join(SCALARS)}: only designs of "
            "language models have tokens to count"
        )

    simulator = Simulator(design, target, scalars(prompt_length, new_tokens), machine)
    moved, more_new, more_prompt = (
        simulator.bytes_moved(scalars(prompt_length + prompt, new_tokens + new))
        for prompt, new in ((0, 0), (0, 1), (1, 0))
    )
    cycles, more_cycles = (
        simulator.unblocked_cycles(scalars(prompt_length, new_tokens + new)) for new in (0, 1)
    )
    result = simulator.run()
    return Launch(
        design,
        simulator,
        target,
        prompt_length,
        new_tokens,
        result,
        _step_ends(result, prompt_length + new_tokens - 1),
        _difference(more_new, moved),
        _difference(more_prompt, moved),
        _difference(more_cycles, cycles),
    )


def _difference(more: Mapping[str, int], less: Mapping[str, int]) -> dict[str, int]:
    return {name: more[name] - less[name] for name in more}


def _step_ends(result: Result, steps: int) -> tuple[int, ...]:
    """When the last of the tasks that use memory in each step has ended its round."""
    rounds = [task.rounds for task in result.tasks.values() if len(task.rounds) == steps]
    if not rounds:
        raise LmcError(f"no task of the design uses memory once in each of {steps} steps")
    return tuple(max(ends) for ends in zip(*rounds, strict=True))


def _steady(ends: tuple[int, ...]) -> float:
    """Cycles of a step in the later half."""
    steps = len(ends) - 1
    return (ends[-1] - ends[steps // 2]) / (steps - steps // 2)
