"""Rules of `lmc lint` that plugins offer: checked, listed with their origin, and refused."""

import re
from pathlib import Path

import pytest
from documented import python_blocks

from lmc.diagnostics import LmcError
from lmc.ir.registry import load_registry
from lmc.lint import OFFERED, RULES, rules
from lmc.plugins.place import PluginError

SOUND = Path(__file__).parents[1] / "dialects" / "sound_design.mlir"
RULE = """
from lmc.lint.rule import Rule

def check(subject):
    {body}

RULE = Rule("few-tasks", "our floorplan", check)
"""
FINDS = 'yield f"{len(subject.graph.tasks)} tasks are too many"'
FAILS = "yield subject.graph.no_such_thing"
ENTRY = "[lmc.lint_rules]\nfew-tasks = ours:RULE\n"


def plugin(folder: Path, body: str, name: str = "ours") -> Path:
    path = folder / f"{name}.py"
    path.write_text(RULE.format(body=body))
    return path


def test_a_rule_of_a_file_is_checked_wherever_rules_are(lmc, tmp_path: Path) -> None:
    path = plugin(tmp_path, FINDS)
    found = lmc("lint", SOUND, "--plugin", path)
    assert found.status == 1
    first, last = found.output.splitlines()
    assert re.fullmatch(r"few-tasks: \d+ tasks are too many \[our floorplan\]", first)
    assert last == f"1 findings, {len(RULES) + 1} rules checked"
    passed = lmc("opt", SOUND, "--plugin", path, "-p", "check-dataflow")
    assert passed.status == 1
    assert "tasks are too many (few-tasks)" in passed.errors


def test_a_rule_that_fails_names_its_file_and_line(lmc, tmp_path: Path) -> None:
    path = plugin(tmp_path, FAILS)
    found = lmc("lint", SOUND, "--plugin", path)
    assert (found.status, found.output) == (1, "")
    assert f"error: the rule few-tasks fails in the plugin {path}, line 5: Attr" in found.errors


def test_a_rule_of_a_package_too(install) -> None:
    site = install("ours", ENTRY, {"ours.py": RULE.format(body=FAILS)})
    from lmc.backends.hls.printer import find_design
    from lmc.ir.text import make_context, parse_module
    from lmc.lint import findings

    module = parse_module(make_context(load_registry()), SOUND.read_text(), "d")
    with pytest.raises(PluginError, match=f"fails in the plugin {site}/ours.py, line 5: "):
        list(findings(find_design(module)))


def test_the_list_says_where_rules_are_from(lmc, install, tmp_path: Path) -> None:
    install(
        "their",
        "[lmc.lint_rules]\nother = their:RULE\n",
        {"their.py": RULE.format(body=FINDS).replace("few-tasks", "other")},
    )
    path = plugin(tmp_path, FINDS)
    listed = lmc("lint", "--list", "--json", "--plugin", path).json["rules"]
    assert [one["origin"] for one in listed[: len(RULES)]] == ["lmc"] * len(RULES)
    assert listed[len(RULES) :] == [
        {"rule": "few-tasks", "source": "our floorplan", "origin": f"plugin {path}"},
        {"rule": "other", "source": "our floorplan", "origin": "package their 1.2"},
    ]
    assert "package their 1.2" in lmc("lint", "--list").output
    assert lmc("lint").status == lmc("lint", SOUND, "--list").status == 2


def test_the_example_of_the_page(lmc, tmp_path: Path) -> None:
    (code,) = [code for code in python_blocks("plugin-api.md") if "= Rule(" in code]
    path = tmp_path / "few_tasks.py"
    path.write_text(code)
    assert lmc("lint", SOUND, "--plugin", path).status == 0
    path.write_text(code.replace("16", "1"))
    assert lmc("lint", SOUND, "--plugin", path).output.startswith("few-tasks: the design has ")


@pytest.mark.parametrize(
    ("entry", "before", "after", "sentence"),
    [
        ("few-tasks = ours:RULE", "few-tasks", "few", "which calls itself 'few'; give both one"),
        ("reach = ours:RULE", "few-tasks", "reach", "'reach', which exists already (lmc's own)"),
        ("few-tasks = ours:check", "", "", "as ours:check, which is a function and no Rule"),
        ("few-tasks = ours:NONE", "", "", "does not load: AttributeError: module 'ours'"),
        ("few-tasks = ours:RULE", "def check", "1 / 0\ndef check", "ours.py, line 4): ZeroDiv"),
        (
            "few-tasks = ours:RULE",
            "def check",
            "LMC_API_VERSION = 7\ndef check",
            "the rule 'few-tasks' of the package ours 1.2 is written for version 7",
        ),
        (
            "few-tasks = ours:RULE",
            ", check)",
            ", check, after=('zz',))",
            "is after 'zz', and there is no such rule",
        ),
        (
            "few-tasks = ours:RULE",
            ", check)",
            ", check, after=('few-tasks',))",
            "can't be checked: the rules few-tasks are after each other",
        ),
    ],
)
def test_what_a_package_cannot_offer(
    entry: str, before: str, after: str, sentence: str, install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(__import__("sys").modules, "ours", raising=False)
    text = RULE.format(body=FINDS).replace(before, after) if before else RULE.format(body=FINDS)
    install("ours", f"[lmc.lint_rules]\n{entry}\n", {"ours.py": text})
    with pytest.raises(LmcError, match=re.escape(sentence)):
        rules()


def test_a_rule_may_be_after_one_whose_name_comes_later(tmp_path: Path) -> None:
    """Which of them is checked first is said by `after`, not by the alphabet."""
    path = plugin(tmp_path, FINDS)
    made = "\n".join(
        f"RULE_{name} = Rule({name!r}, 'x', check, after={after!r})"
        for name, after in (("a", ("c", "reach")), ("b", ()), ("c", ("few-tasks",)))
    )
    path.write_text(f"{path.read_text()}\n{made}\n")
    load_registry([path])
    names = [one.rule.name for one in rules()[len(RULES) :]]
    assert names == ["b", "few-tasks", "c", "a"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """The second one's module would take the first one's place, and its rules with it."""
    other = tmp_path / "other"
    other.mkdir()
    first, second = plugin(tmp_path, FINDS), plugin(other, FINDS.replace("few", "less"))
    with pytest.raises(LmcError, match=r"ours\.py have one name; rename one of them"):
        load_registry([first, second])


def test_a_rule_of_a_function_of_another_module_is_refused(tmp_path: Path) -> None:
    path = plugin(tmp_path, FINDS)
    text = path.read_text()
    path.write_text(text + "\nimport functools\nRULE = Rule('x', 'y', functools.partial(check))\n")
    with pytest.raises(LmcError, match=r"makes the rule 'x' of a function that is not its own; "):
        load_registry([path])
    path.write_text("from lmc.lint import RULES\nTHEIRS = RULES[0]\n" + text)
    load_registry([path])
    assert [one.value.name for one in OFFERED.all()] == ["few-tasks"]


def test_two_plugins_of_one_name_are_refused(install, tmp_path: Path) -> None:
    first = plugin(tmp_path, FINDS)
    second = plugin(tmp_path, FINDS, "second")
    load_registry([first])
    load_registry([first])
    with pytest.raises(LmcError, match=r"second\.py offers the rule 'few-tasks', which exists alr"):
        load_registry([second])
