"""Tables for people."""

import pytest

from lmc.cli.output import print_table


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.123456, "0.1235"),
        (12.5, "12.5"),
        (999.96, "1000"),
        (1234.4, "1,234"),
        (12345.6, "12,346"),
        (-184387.0, "-184,387"),
        (1_799_680, "1,799,680"),
    ],
)
def test_a_number_keeps_the_digits_before_its_point(
    value: float, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_table(["number"], [[value]])
    assert capsys.readouterr().out.split() == ["number", shown]
