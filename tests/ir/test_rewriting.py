"""Which pattern made or changed which op."""

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i32
from xdsl.dialects.test import TestOp
from xdsl.ir import Operation
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from lmc.driver.rewrites import Rewrite, RewriteRecord, rewrites_json
from lmc.ir.editing import create_before
from lmc.ir.rewriting import RewriteLog, apply, at_work, note, rewrite


class Double(RewritePattern):
    """x · 2 is x + x."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: arith.MuliOp, rewriter: PatternRewriter) -> None:
        rewriter.replace(op, arith.AddiOp(op.lhs, op.lhs))


class Chooses(RewritePattern):
    """Leaves the work to another pattern."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        apply(Double(), op, rewriter)


class Never(RewritePattern):
    """Fits nothing."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        pass


def module() -> ModuleOp:
    """%two, then %x · %two, which an op reads."""
    two = arith.ConstantOp(IntegerAttr(2, i32))
    x = TestOp(result_types=[i32])
    product = arith.MuliOp(x.results[0], two.result)
    return ModuleOp([two, x, product, TestOp([product.result])])


def names(log: RewriteLog) -> dict[str, tuple[str, ...]]:
    found = {op.name: patterns for op, patterns in log.take().items()}
    return {op: tuple(name.rpartition(".")[2] for name in some) for op, some in found.items()}


def test_the_pattern_that_did_it_is_noted_and_what_reads_its_result_too() -> None:
    log, op = RewriteLog(), module()
    with log.listening():
        rewrite(op.body, [Never(), Double()])
    assert names(log) == {"arith.addi": ("Double",), "test.op": ("Double",)}
    assert log.take() == {}


def test_a_chosen_pattern_is_named_and_not_the_one_that_chooses() -> None:
    log, op = RewriteLog(), module()
    with log.listening():
        rewrite(op.body, [Chooses()])
    assert names(log)["arith.addi"] == ("Double",)


def test_rewriting_is_the_same_when_nobody_listens() -> None:
    heard, unheard = module(), module()
    with RewriteLog().listening():
        rewrite(heard.body, [Never(), Double()])
    rewrite(unheard.body, [Never(), Double()])
    assert str(heard) == str(unheard)
    assert "arith.muli" not in str(heard)


def make_constant(anchor: Operation) -> arith.ConstantOp:
    properties = {"value": IntegerAttr(3, i32)}
    return create_before(anchor, arith.ConstantOp, [], [i32], properties)


def test_a_pattern_that_is_a_function() -> None:
    log, op = RewriteLog(), module()
    first = next(iter(op.ops))
    with log.listening():
        with at_work(make_constant):
            made = make_constant(first)
        make_constant(first)
        with at_work(test_a_pattern_that_is_a_function):
            note(op, whole=True)
    found = {one: [n.rpartition(".")[2] for n in patterns] for one, patterns in log.take().items()}
    own = "test_a_pattern_that_is_a_function"
    assert found.pop(made) == ["make_constant", own]
    assert set(map(tuple, found.values())) == {(own,)}
    assert len(found) == len(list(op.walk())) - 1


def test_work_is_that_of_the_passes_since_the_file_before() -> None:
    record = RewriteRecord()
    op = module()
    with record.log.listening(), at_work(make_constant):
        note(op, whole=True)
    record.add(1, None)
    first = record.of(list(op.walk()))
    rewrite_ = Rewrite(1, "", f"{__name__}.make_constant")
    assert first == {rewrite_: [0, 1, 2, 3, 4]}
    with record.log.listening(), at_work(names):
        note(next(iter(op.ops)))
    record.add(2, None)
    text = rewrites_json([("a.mlir", 1, first), ("b.mlir", 2, record.of(list(op.walk())))])
    assert text == (
        f'{{"a.mlir":{{"":{{"{__name__}.make_constant":[[0,5]]}}}},'
        f'"b.mlir":{{"":{{"{__name__}.names":[[1,1]]}}}}}}\n'
    )
