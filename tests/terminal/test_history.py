"""Where ops come from, through the compile's steps and the user's own."""

from lmc.explorer import Exploration
from lmc.explorer.lineage import Kind
from lmc.explorer.steps import Step
from lmc.terminal.history import History
from lmc.terminal.pass_choice import completed


def numbers(history: History, entry: int, name: str) -> list[int]:
    return [n for n, op in enumerate(history.entries[entry].step.ops) if op.name == name]


def test_a_family_has_ancestors_and_descendants_and_tasks(
    history: History, exploration: Exploration
) -> None:
    above, last = exploration.above, history.compiled - 1
    linear = numbers(history, above, "ssm.linear")[0]
    family = history.family(above, {linear})
    assert list(family) == list(range(history.compiled))
    source = history.entries[above].step.ops[linear].source
    assert source in {history.entries[0].step.ops[op].source for op in family[0]}
    tasks = history.tasks_in(family[last])
    assert tasks
    # The way back from each of these tasks leads to the op.
    for op in family[last]:
        assert linear in history.family(last, {op})[above]


def test_words_for_what_passes_did(history: History) -> None:
    assert history.deed(0, {0: {1}}) == "traced"
    for number, entry in enumerate(history.entries[1:], start=1):
        assert entry.links is not None
        for op, link in enumerate(entry.links):
            word = history.deed(number, {number: {op}})
            kinds = {Kind.SAME: "kept", Kind.CHANGED: "changed"}
            assert word == kinds.get(link.kind, "made")


def test_an_op_that_went_away_was_taken_away(history: History) -> None:
    gone = next(
        (number, op)
        for number in range(1, history.compiled)
        for op in range(len(history.entries[number - 1].step.ops))
        if op not in history.after(number)
    )
    number, op = gone
    assert history.deed(number, {number - 1: {op}, number: set()}) == "took away"


def test_steps_of_ones_own_are_a_branch(history: History) -> None:
    base = history.entries[2].step
    text = base.text.replace("ssm.rms_norm", "ssm.other_norm")
    step = Step("mine", "", ("mine",), base.level, text, base.ops)
    number = history.add(history.made(2, step))
    entry = history.entries[number]
    assert (entry.before, entry.is_own) == (2, True)
    assert entry.links is not None
    assert {link.kind for link in entry.links} == {Kind.SAME}
    family = history.family(2, {5})
    assert family[number] == {5}
    assert 3 in family
    # The other steps of the compile are not on the way from one's own.
    assert set(history.family(number, {5})) == {0, 1, 2, number}
    assert history.undo() == entry
    assert history.undo() is None
    assert len(history.entries) == history.compiled


def test_text_of_passes_is_completed_at_its_end() -> None:
    assert completed("", "cse") == "cse"
    assert completed("quantize{preset=w4a8},c", "cse") == "quantize{preset=w4a8},cse"
    assert completed("a{b=1,c=2", "cse") == "a{b=1,c=2"
