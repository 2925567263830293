"""What the panel says, as text."""

from dataclasses import replace

from lmc.explorer import Exploration
from lmc.terminal.history import History
from lmc.terminal.panel import Panel, step_line


def test_large_amounts_keep_all_their_digits(history: History, exploration: Exploration) -> None:
    assert exploration.hardware is not None
    name, *_, share = exploration.hardware.budget[0]
    task = exploration.hardware.tasks[0]
    large = replace(task, resources={**task.resources, "lut": 1_234_567, "bram36": 1_000.5})
    hardware = replace(
        exploration.hardware, budget=[(name, 1_799_680, 2_607_360, share)], tasks=[large]
    )
    panel = Panel(history, replace(exploration, hardware=hardware))
    assert f"{name}: 1,799,680 of 2,607,360, {share}" in panel.overview("design").plain
    told = panel.task(large).plain
    assert "1,234,567 LUT" in told
    assert "1,000.5 BRAM36" in told


def test_a_step_has_its_time_and_memory_and_an_op_its_patterns(
    history: History, exploration: Exploration
) -> None:
    panel = Panel(history, exploration)
    number = [step.name for step in exploration.steps].index("quantize")
    step = exploration.steps[number]
    assert step.taken is not None
    assert step.taken.peak_bytes is not None
    told = panel.entry(number, number - 1).plain
    assert f"{step.taken.processor_seconds:,.3f} s of processor time" in told
    assert f"{step.taken.seconds:,.3f} s by the clock" in told
    assert f"{step.taken.peak_bytes / 1e6:,.0f} MB held at most" in told
    op, ((name, pattern), *_) = next(iter(step.work.items()))
    module, _, short = pattern.rpartition(".")
    assert f"By the pattern {short} of {module}, in {name}\n" in panel.op(number, op).plain
    entry = history.entries[number]
    history.entries[number] = replace(entry, step=replace(step, taken=None, work={}))
    assert "processor time" not in panel.entry(number, number - 1).plain
    assert "By the pattern" not in panel.op(number, op).plain


def test_a_step_says_its_bits_and_what_it_costs(
    history: History, run_exploration: Exploration
) -> None:
    panel = Panel(history, run_exploration)
    assert run_exploration.numerics is not None
    steps = {step.name: number for number, step in enumerate(run_exploration.steps)}
    told = {name: panel.entry(n, max(n - 1, 0)).plain for name, n in steps.items()}
    quantized = run_exploration.numerics.steps[steps["quantize"]].of_float
    assert quantized is not None
    wanted = f"Logits against the float model: {quantized.distance.decibels} dB, errors of "
    assert wanted in told["quantize"]
    assert f"the same choice after {quantized.agreeing} of 20 tokens" in told["quantize"]
    assert "Activations of linear layers: 8 bits (before: 32)" in told["quantize"]
    assert "Its logits are those of the float model." in told["raise-to-ssm"]
    assert "float model." not in told["traced"]
    assert "Logits against the step run before: the same bits" in told["check-dataflow"]
    assert "Logits" not in told["size-fifos"]
    assert "4.43" not in step_line("0", history.entries[0])
    bits = run_exploration.steps[-1].bits
    assert bits is not None
    assert f" {bits.of_a_weight:.2f}/8 " in step_line("1", history.entries[-1])
