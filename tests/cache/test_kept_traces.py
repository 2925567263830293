"""A model is traced and compared with PyTorch once: what is kept is never another model's."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_designs import MAMBA2, write_model
from xdsl.dialects.builtin import ModuleOp

from lmc.cache import version
from lmc.cache.folder import entries_folder
from lmc.diagnostics import LmcError
from lmc.driver.ahead_jobs import check_first_layers
from lmc.driver.module_check import ModuleChecker, ModuleReport
from lmc.driver.pipeline import Pipeline
from lmc.driver.second_process import Job
from lmc.driver.source import Source, import_named, shallow
from lmc.frontend import check_traced, import_module
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.models.language_model import build_module, load_module


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))
    for name in [name for name in sys.modules if name.startswith(version.PLUGIN_PREFIX)]:
        monkeypatch.delitem(sys.modules, name)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What PyTorch was used for, in order."""
    used: list[str] = []

    def listen(where: str, what: str) -> None:
        module, _, name = where.rpartition(".")
        own = getattr(sys.modules.get(module) or __import__(module, fromlist=[name]), name)

        def spy(*given: object, **named: object) -> object:
            used.append(what)
            return own(*given, **named)

        monkeypatch.setattr(where, spy)

    listen("lmc.frontend.export.export_decode_step", "trace")
    listen("lmc.frontend.operator_check.check_operators", "operators")
    listen("lmc.driver.module_check.traced_ports", "level 0")
    listen("lmc.driver.module_check.raised_ports", "level 1")
    return used


def source_of(folder: Path, seed: int = 0, **changed: object) -> Source:
    shutil.rmtree(folder, ignore_errors=True)
    return import_named(str(write_model(folder, MAMBA2 | changed, seed)))


def checked(source: Source, passes: str = "raise-to-ssm") -> ModuleReport:
    registry = load_registry()
    context = make_context(registry)
    checker = ModuleChecker(context, source)
    Pipeline.parse(registry, passes).run(context, source.module, checker.observe)
    assert checker.report is not None
    return checker.report


ALL = ["trace", "operators", "level 0", "operators", "operators", "level 1"]
"""A trace that is run has its operators checked too."""


def test_a_second_compile_needs_nothing_of_pytorch(tmp_path: Path, ran: list[str]):
    first = source_of(tmp_path / "m")
    text = module_text(first.module)
    report = checked(first)
    assert set(ran) == set(ALL)
    ran.clear()
    second = source_of(tmp_path / "m")
    assert module_text(second.module) == text
    again = checked(second)
    assert ran == []
    assert (again.level_0, again.level_1) == (report.level_0, report.level_1)
    assert module_text(second.module) == module_text(first.module)


_IMPORT = """
import sys
from lmc.cli import main
assert main(["compile", sys.argv[1], "-t", "vck190", "-o", sys.argv[2], "--json",
             "--pipeline", "raise-to-ssm,roll-layers"]) == 0
print("torch" in sys.modules, file=sys.stderr)
"""


def test_torch_is_not_imported(tmp_path: Path):
    folder = write_model(tmp_path / "m", MAMBA2)
    for expected in ("True", "False"):
        command = [sys.executable, "-c", _IMPORT, str(folder), str(tmp_path / expected)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert done.stderr.split()[-1] == expected
    first, second = (sorted((tmp_path / name / "ir").iterdir()) for name in ("True", "False"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_names_are_those_of_the_model_at_hand(tmp_path: Path):
    one, other = source_of(tmp_path / "one"), source_of(tmp_path / "other")
    text = module_text(one.module)
    for old, new in ((str(tmp_path / "one"), str(tmp_path / "other")), ('"one"', '"other"')):
        assert old in text
        text = text.replace(old, new)
    assert module_text(other.module) == text


@pytest.mark.parametrize(
    "changed", [{"num_hidden_layers": 1}, {"layer_norm_epsilon": 1e-3}, {"vocab_size": 41}]
)
def test_another_configuration_has_another_trace(
    tmp_path: Path, ran: list[str], changed: dict[str, object]
):
    checked(source_of(tmp_path / "m"))
    ran.clear()
    source = source_of(tmp_path / "m", **changed)
    assert ran == ["trace"]
    fresh = import_module(build_module(source.config), name="m", weights=str(tmp_path / "m"))
    fresh.attributes |= source.module.attributes
    assert module_text(source.module) == module_text(fresh)
    ran.clear()
    checked(source)
    assert {"level 0", "level 1"} <= set(ran)


def test_other_weights_are_compared_again(tmp_path: Path, ran: list[str]):
    checked(source_of(tmp_path / "m"))
    ran.clear()
    checked(source_of(tmp_path / "m", seed=1))
    assert "trace" not in ran
    assert {"level 0", "level 1"} <= set(ran)


def test_another_version_begins_anew(
    tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
):
    checked(source_of(tmp_path / "m"))
    ran.clear()
    monkeypatch.setattr("lmc.cache.entries.code_version", lambda: "another")
    checked(source_of(tmp_path / "m"))
    assert set(ran) == set(ALL)


def test_the_version_knows_who_traces(monkeypatch: pytest.MonkeyPatch):
    first = version.code_version.__wrapped__()
    own = version.version
    monkeypatch.setattr(version, "version", lambda name: own(name) + ".1" * (name == "torch-mlir"))
    assert version.code_version.__wrapped__() != first


@pytest.mark.parametrize("keep", [0, 64, -3])
def test_a_damaged_cache_is_not_read(tmp_path: Path, ran: list[str], keep: int):
    first = source_of(tmp_path / "m")
    text = module_text(first.module)
    checked(first)
    ran.clear()
    for path in entries_folder().iterdir():
        path.write_bytes(path.read_bytes()[:keep])
    again = source_of(tmp_path / "m")
    assert module_text(again.module) == text
    checked(again)
    assert set(ran) == set(ALL)


def test_a_trace_that_was_edited_is_not_read(tmp_path: Path, ran: list[str]):
    source_of(tmp_path / "m")
    (entry,) = entries_folder().glob("trace-*")
    text = module_text(source_of(tmp_path / "m").module)
    entry.write_bytes(entry.read_bytes().replace(b"aten.silu", b"aten.relu"))
    ran.clear()
    assert module_text(source_of(tmp_path / "m").module) == text
    assert ran == ["trace"]


def test_the_first_layers_of_a_large_model(
    tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lmc.driver.module_check.is_large", lambda _: True)
    report = checked(source_of(tmp_path / "m", num_hidden_layers=3))
    assert (report.layers, report.all_layers) == (2, 3)
    assert ran.count("trace") == 2
    ran.clear()
    assert checked(source_of(tmp_path / "m", num_hidden_layers=3)).layers == 2
    assert ran == []


def test_first_layers_that_a_second_process_has_checked(
    tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lmc.driver.module_check.is_large", lambda _: True)
    source = source_of(tmp_path / "m", num_hidden_layers=3)
    passes = "raise-to-ssm,roll-layers"
    asked = {"model": str(tmp_path / "m"), "random_weights": False, "seed": 0, "passes": passes}
    check_first_layers(lambda *_: None, **asked)
    assert {"level 0", "level 1"} <= set(ran)
    ran.clear()
    assert checked(source, passes).layers == 2
    # The traces of all layers have operators of their own.
    assert set(ran) <= {"operators"}


def test_a_check_that_a_second_process_could_not_do_is_done_here(
    tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lmc.driver.module_check.is_large", lambda _: True)
    source = source_of(tmp_path / "m", num_hidden_layers=3)
    registry = load_registry()
    context, job = make_context(registry), Job()
    checker = ModuleChecker(context, source, job)
    pipeline = Pipeline.parse(registry, "raise-to-ssm,roll-layers")
    pipeline.run(context, source.module, checker.observe)
    assert checker.report is None
    assert "level 0" not in ran
    job.answer(["failed"])

    def wrong(*_: object) -> object:
        raise LmcError("level 1 differs")

    with monkeypatch.context() as patched:
        patched.setattr("lmc.driver.module_check.raised_ports", wrong)
        with pytest.raises(LmcError, match="level 1 differs"):
            checker.finish(source.module)

    again = ModuleChecker(context, source_of(tmp_path / "m", num_hidden_layers=3), job)
    again.observe(0, None, source.module)
    for number, one in enumerate(pipeline.passes, start=1):
        again.observe(number, one, source.module)
    again.finish(source.module)
    assert again.report is not None
    assert again.report.layers == 2


def test_a_module_that_is_wrong_is_refused_each_time(
    tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
):
    def refused() -> None:
        with pytest.raises(LmcError, match="level 1"):
            checked(source_of(tmp_path / "m"))

    # As if raising lost something: what level 1 comes to is compared with other weights.
    other = source_of(tmp_path / "other", seed=1).weights
    own = sys.modules["lmc.driver.module_check"].raised_ports

    def wrong(module: ModuleOp, _weights: object, ids: object) -> object:
        return own(module, other, ids)

    with monkeypatch.context() as patched:
        patched.setattr("lmc.driver.module_check.raised_ports", wrong)
        refused()
        refused()
    ran.clear()
    checked(source_of(tmp_path / "m"))
    assert "level 1" in ran
    assert "level 0" not in ran


def test_of_a_module_in_memory_nothing_is_kept(tmp_path: Path, ran: list[str]):
    for _ in range(2):
        source = source_of(tmp_path / "m")
        module = load_module(source.config, source.weights)
        ran.clear()
        checked(Source(source.module, source.config, source.weights, module))
        assert {"level 0", "level 1"} <= set(ran)
    given = Source(source.module, source.config, source.weights, module)
    ran.clear()
    shallow(given, 1)
    assert ran == ["trace"]


def test_a_trace_that_is_wrong_is_refused_each_time(tmp_path: Path, ran: list[str]):
    text = module_text(source_of(tmp_path / "m").module)
    context = make_context(load_registry())
    wrong = text.replace('"aten.silu"', '"aten.sili"')
    assert wrong != text
    for _ in range(2):
        with pytest.raises(LmcError, match=r"aten\.sili"):
            check_traced(parse_module(context, wrong, "m"))
    ran.clear()
    check_traced(parse_module(context, text, "m"))
    check_traced(parse_module(context, text, "m"))
    assert ran == ["operators"]
