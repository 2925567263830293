"""The target as lmc finds it in this environment."""

from lmc.targets import load_target, target_names


def test_it_is_found_by_its_name() -> None:
    assert "kr260" in target_names()


def test_it_has_the_module_of_the_kv260() -> None:
    board, kv260 = load_target("kr260"), load_target("kv260")
    assert (board.name, board.part) == ("kr260", kv260.part)
    for field in ("lut", "ff", "dsp", "bram36", "uram"):
        assert getattr(board.resources, field) == getattr(kv260.resources, field)
