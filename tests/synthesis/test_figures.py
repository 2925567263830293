"""All formats in which reports write numbers."""

from xml.etree import ElementTree

import pytest

from lmc.diagnostics import LmcError
from lmc.synthesis.figures import Span, amount, parse_element, parse_figure


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("12", Span(12, 12)),
        (" 1,024\n", Span(1024, 1024)),
        ("7.331", Span(7.331, 7.331)),
        ("9.452e+09", Span(9.452e9, 9.452e9)),
        ("2 ~ 65", Span(2, 65)),
        ("2~65", Span(2, 65)),
        ("0 ns ~ 630.5 ns", Span(0, 630.5)),
        ("3.33 ns", Span(3.33, 3.33)),
        ("~0", Span(0, 0)),
        ("1669 (4%)", Span(1669, 1669)),
        ("13 (~0%)", Span(13, 13)),
        ("1879 [  0.18%]", Span(1879, 1879)),
        ("990176 [100.00%]", Span(990176, 990176)),
    ],
)
def test_figures(text: str, span: Span) -> None:
    assert parse_figure(text, "here") == span


@pytest.mark.parametrize(
    "text", [None, "", "  ", "-", "?", "undef", "UNDEF", "N/A", "NA", "? ~ ?", "0 ~ undef"]
)
def test_what_is_not_known(text: str | None) -> None:
    assert parse_figure(text, "here") is None
    assert amount(parse_figure(text, "here")) == 0


@pytest.mark.parametrize("text", ["twelve", "12 LUT", "1.2.3", "0x10", "1 ~ 2 ~ 3", "12 %"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(LmcError, match=r"^here: .*is no figure that lmc knows"):
        parse_figure(text, "here")


def test_a_range_that_ends_below_its_beginning() -> None:
    with pytest.raises(LmcError, match="here: the range '65 ~ 2' ends below"):
        parse_figure("65 ~ 2", "here")


@pytest.mark.parametrize(
    ("xml", "span"),
    [
        ("<Latency>12</Latency>", Span(12, 12)),
        ("<Latency>4 ~ 65</Latency>", Span(4, 65)),
        ("<Latency><range><min>4</min><max>65</max></range></Latency>", Span(4, 65)),
        ("<Latency>\n<range>\n<min>4</min>\n<max>?</max>\n</range>\n</Latency>", None),
        ("<Latency>undef</Latency>", None),
        ("<Latency/>", None),
    ],
)
def test_elements(xml: str, span: Span | None) -> None:
    assert parse_element(ElementTree.fromstring(xml), "here") == span
    assert parse_element(None, "here") is None


def test_an_element_with_a_range_that_is_upside_down() -> None:
    element = ElementTree.fromstring("<a><range><min>9</min><max>1</max></range></a>")
    with pytest.raises(LmcError, match="here: the range 9 to 1 ends below"):
        parse_element(element, "here")


def test_figures_keep_all_their_digits() -> None:
    assert str(Span(1_799_680, 1_799_680)) == "1,799,680"
    assert str(Span(7.331, 9.452e9)) == "7.331 ~ 9,452,000,000"
