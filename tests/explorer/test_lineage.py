"""Links between steps: what is kept, changed, made, and of what."""

from collections import Counter

from lmc.explorer import Exploration
from lmc.explorer.lineage import Kind, Link, links
from lmc.explorer.ops import Op, scan


def module(*lines: str) -> list[Op]:
    return scan("\n".join(["builtin.module {", *(f"  {line}" for line in lines), "}"]), "m")


def test_numbers_of_values_are_no_change() -> None:
    before = module("%1 = a.b %0 : i32", "%2 = a.c %1 : i32")
    after = module("%7 = a.b %6 : i32", "%8 = a.c %7 : i32")
    assert links(before, after, {}) == [Link(Kind.SAME, (n,)) for n in range(3)]


def test_an_op_with_the_same_results_has_changed() -> None:
    before = module("%x = a.b %0 : f32", "%y = a.c %x : f32")
    after = module("%n = a.new %0 : i8", "%x_1 = a.b %n : i8", "%y = a.c %x_1 : f32")
    found = links(before, after, {})
    assert [link.kind for link in found] == [Kind.SAME, Kind.NEW, Kind.CHANGED, Kind.SAME]
    assert found[2].before == (1,)


def test_a_symbol_is_followed_to_another_scope() -> None:
    before = module("d.stream @s depth 1 : i8", "d.kernel @k() {", "}")
    after = module("d.kernel @k() {", "  d.stream @s depth 1 : i8", "}")
    assert links(before, after, {})[2] == Link(Kind.SAME, (1,))


def test_new_ops_are_made_of_what_is_gone_from_their_line_in_their_layer() -> None:
    at = 'loc("m.py":3:0)'
    before = module(
        f'%1 = t.o "p"(%0) {{lmc.module = "l.0.n"}} : i8 {at}',
        f'%2 = t.o "q"(%1) {{lmc.module = "l.0.n"}} : i8 {at}',
        f'%3 = t.o "p"(%2) {{lmc.module = "l.1.n"}} : i8 {at}',
        't.o "z"(%3) : i8 loc("m.py":4:0)',
    )
    after = module(f"%a = s.norm %0 : i8 {at}", f"%b = s.norm %a : i8 {at}")
    found = links(before, after, {})
    assert found[1:] == [Link(Kind.LINE, (1, 2)), Link(Kind.LINE, (3,))]


def test_every_op_of_a_layer_has_a_task(exploration: Exploration) -> None:
    """Of the last step above the tasks, all that computes is some task's origin."""
    steps, above = exploration.steps, exploration.steps[exploration.above]
    made_of = {
        number
        for of in exploration.links[exploration.above + 1 :]
        for link in of
        if link.kind == Kind.ORIGIN
        for number in link.before
    }
    computing = {
        number
        for number, op in enumerate(above.ops)
        if op.name.startswith("ssm.")
        and op.last == op.line
        and op.name not in ("ssm.weight", "ssm.table", "ssm.yield")
    }
    assert made_of == computing
    assert steps[exploration.above].level == 3


def test_tasks_and_streams_are_followed_to_the_end(exploration: Exploration) -> None:
    """From the step that makes kernels on, no task is new: each goes back to one before."""
    names = [step.name for step in exploration.steps]
    kinds = Counter[Kind]()
    for number in range(names.index("outline-kernels"), len(names)):
        for op, link in zip(exploration.steps[number].ops, exploration.links[number], strict=True):
            if op.name == "dataflow.task":
                kinds[link.kind] += 1
                assert exploration.steps[number - 1].ops[link.before[0]].name == op.name
    assert set(kinds) == {Kind.SAME, Kind.CHANGED}


def test_links_go_to_ops_that_there_are(exploration: Exploration) -> None:
    for number, of in enumerate(exploration.links):
        assert len(of) == len(exploration.steps[number].ops)
        for link in of:
            step = exploration.above if link.kind == Kind.ORIGIN else number - 1
            assert all(0 <= one < len(exploration.steps[step].ops) for one in link.before)
            assert bool(link.before) == (link.kind != Kind.NEW)
