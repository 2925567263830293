"""A traced operator takes what PyTorch's schema says, and makes what PyTorch makes of it."""

import pytest

from lmc.diagnostics import LmcError
from lmc.driver.source import read_module
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context

X, HALF, INT = "!torch.vtensor<[1,6],f32>", "!torch.vtensor<[1,3],f32>", "!torch.int"
LIST, NONE = "!torch.list<vtensor>", "!torch.none"
CONSTANTS = {
    "none": ("none", "", NONE),
    "one": ("int", "{value = 1 : i64}", INT),
    "two": ("int", "{value = 2 : i64}", INT),
    "six": ("int", "{value = 6 : i64}", INT),
    "many": ("int", "{value = 99 : i64}", INT),
    "half": ("float", "{value = 0.5 : f64}", "!torch.float"),
    "yes": ("bool", "{value = true}", "!torch.bool"),
    "cpu": ("device", '{value = "cpu"}', "!torch.Device"),
    "abacus": ("device", '{value = "abacus"}', "!torch.Device"),
}
TYPES = {"x": X, "w": "!torch.vtensor<[8,6],f32>"} | {n: c[2] for n, c in CONSTANTS.items()}
ZEROS = ("s", "prim.ListConstruct", "one six", "!torch.list<int>")
CHUNK = ("c", "aten.chunk", "x two one", LIST)
MOST = "!torch.vtensor<[1,1],f32>"


def read(*ops: tuple[str, str, str, str]) -> None:
    """Reads a function of operators: names of results, operator, names of operands, types."""
    lines = [
        f'%{name} = torch.operator "constant.{kind}"() {value} : () -> {type_}'
        for name, (kind, value, type_) in CONSTANTS.items()
    ]
    types = dict(TYPES)
    for results, operator, operands, made in ops:
        names, given = results.split(), operands.split()
        types |= dict(zip(names, made.split(" "), strict=True))
        lines.append(
            f'{", ".join(f"%{name}" for name in names)} = torch.operator "{operator}"'
            f"({', '.join(f'%{name}' for name in given)}) : "
            f"({', '.join(types[name] for name in given)}) -> ({', '.join(made.split(' '))})"
        )
    arguments = f"%x: {TYPES['x']}, %w: {TYPES['w']}"
    text = "\n".join([f"func.func @f({arguments}) {{", *lines, "func.return", "}"])
    read_module(make_context(load_registry()), text, "m.mlir")


@pytest.mark.parametrize(
    "ops",
    [
        [("y", "aten.linear", "x w none", "!torch.vtensor<[1,8],f32>")],
        [("y", "aten.add.Tensor", "x x half", X)],
        [ZEROS, ("y", "aten.zeros", "s six none cpu none", X)],
        [CHUNK, ("a b", "prim.ListUnpack", "c", f"{HALF} {HALF}")],
        [CHUNK, ("y", "aten.cat", "c one", X)],
        [("y at", "aten.max.dim", "x one yes", f"{MOST} !torch.vtensor<[1,1],si64>")],
    ],
)
def test_what_pytorch_runs_is_read(ops: list[tuple[str, str, str, str]]) -> None:
    read(*ops)


@pytest.mark.parametrize(
    ("ops", "sentence"),
    [
        ([("y", "aten.liner", "x w none", X)], "PyTorch has no operator aten.liner"),
        ([("y", "aten.add_.Tensor", "x x one", X)], "aten.add_.Tensor writes in place"),
        ([("y", "aten.linear", "x w", X)], r"takes (input: Tensor, weight: Tensor, bias: Option"),
        ([("y", "aten.add.Tensor", "x x cpu", X)], "takes a number as alpha, not !torch.Device"),
        ([("y at", "aten.max.dim", "x one one", f"{MOST} {MOST}")], "takes a bool as keepdim, not"),
        ([("y", "aten.linear", "x x none", X)], "makes !torch.vtensor<[1,1],f32> of its operands"),
        ([("y", "aten.mm", "x w", X)], "aten.mm cannot be run by PyTorch: "),
        (
            [("y at", "aten.max.dim", "x one yes", f"{MOST} {MOST}")],
            "makes (!torch.vtensor<[1,1],f",
        ),
        ([ZEROS, ("y", "aten.zeros", "s many none cpu none", X)], "ScalarType as dtype, which 99"),
        ([ZEROS, ("y", "aten.zeros", "s six none abacus none", X)], "aten.zeros cannot be run"),
        ([CHUNK, ("a b", "prim.ListUnpack", "c", f"{HALF} {X}")], "prim.ListUnpack makes (!torch"),
        ([CHUNK, ("a", "prim.ListUnpack", "c", HALF)], "prim.ListUnpack makes (!torch"),
        ([("y", "aten.add.Tensor", "x x one", LIST)], f"makes {X} of its operands, not {LIST}"),
        ([("l", "prim.ListConstruct", "one half", "!torch.list<int>")], "of a !torch.float"),
    ],
)
def test_what_pytorch_does_not_run_is_refused(
    ops: list[tuple[str, str, str, str]], sentence: str
) -> None:
    with pytest.raises(LmcError) as raised:
        read(*ops)
    assert sentence in str(raised.value)
    assert "torch.operator" in str(raised.value)
    assert "\n" not in str(raised.value)
