"""Lines of SystemVerilog as they are read: the same tokens in other lines."""

from lmc.backends.rtl.verilog.layout import WIDTH, laid_out


def test_declarations_that_follow_each_other_are_one() -> None:
    lines = [
        "  logic [3:0] x;",
        "  logic [3:0] y, z;",
        "  logic signed [3:0] w;",
        "  logic [3:0] v;",
        "    logic [3:0] deeper;",
    ]
    assert laid_out(lines) == [
        "  logic [3:0] x, y, z;",
        "  logic signed [3:0] w;",
        "  logic [3:0] v;",
        "    logic [3:0] deeper;",
    ]


def test_memories_wires_and_ports_stay_as_they_are() -> None:
    lines = ["logic [3:0] x[4];", "logic [3:0] y[4];", "    input  logic a,", "wire logic b = c;"]
    assert laid_out(lines) == lines


def test_long_lines_end_after_commas_and_operators() -> None:
    names = [f"a_name_{number}" for number in range(40)]
    line = f"  assign all = {{{', '.join(names)}}} + {' && '.join(names)};"
    found = laid_out([line])
    assert len(found) > 5
    assert all(len(one) <= WIDTH for one in found)
    assert all(one.startswith("      ") for one in found[1:])
    assert {one[-1] for one in found[:-1]} <= set(",&+={")
    assert " ".join(one.strip() for one in found) == line.strip()


def test_comments_are_not_broken() -> None:
    line = f"// {'word, ' * 40}"
    assert laid_out([line]) == [line]
