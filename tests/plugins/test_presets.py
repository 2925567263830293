"""Presets that packages offer."""

import pytest

from lmc.diagnostics import LmcError
from lmc.quantization.presets import PRESETS, find_preset, presets

WIDER = "[weights.in_proj]\nbits = 5\n"


def test_a_preset_of_a_package_has_a_name(lmc, install) -> None:
    install("wider", "[lmc.presets]\nw5a8 = wider\n", {"wider/w5a8.toml": WIDER})
    assert find_preset("w5a8").weights.in_proj.bits == 5
    assert find_preset("w4a8") == PRESETS["w4a8"].config
    listed = lmc("presets", "--json").json["presets"]
    assert [one["name"] for one in listed] == [*PRESETS, "w5a8"]
    assert listed[0]["origin"] == "lmc"
    assert listed[-1] == {
        "name": "w5a8",
        "summary": "in_proj: weights of 5 bits, activations of 8; "
        "out_proj: weights of 4 bits, activations of 8",
        "origin": "package wider 1.2",
    }
    assert "package wider 1.2" in lmc("presets").output
    with pytest.raises(LmcError, match="did you mean 'w5a8'"):
        find_preset("w5a9")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("w4a8", WIDER, "offers the preset 'w4a8', which exists already as a preset of lmc"),
        ("w5a8", "bits = 5\n", r"w5a8\.toml: there is no key 'bits'; there are rotation, "),
        ("other", None, r"offers the preset 'other', but has no other\.toml"),
    ],
)
def test_what_a_package_cannot_offer(name: str, text: str | None, sentence: str, install) -> None:
    files = {"ours/__init__.py": ""} if text is None else {f"ours/{name}.toml": text}
    install("ours", f"[lmc.presets]\n{name} = ours\n", files)
    with pytest.raises(LmcError, match=sentence):
        presets()
