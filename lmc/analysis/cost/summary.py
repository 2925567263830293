"""The cost of a decode step in two lines."""

from lmc.analysis.cost.token_cost import GROUPS, TokenCost

_PREFIXES = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def summary(cost: TokenCost) -> str:
    """Two lines: the arithmetic of a token, then the bits it moves; numbers in three digits."""
    products = [f"{short(cost.products[key])} {key[0]} x {key[1]}" for key in sorted(cost.products)]
    others = [f"{short(cost.multiplied_for(name))} {name}" for name in GROUPS]
    return (
        f"each token: products {', '.join(products)}; multiplications {', '.join(others)}\n"
        f"            {short(cost.shifts.total())} shifts; "
        f"{short(cost.weight_bits, 'bit')} of weights, {short(cost.state_bits, 'bit')} of states, "
        f"{short(cost.table_bits_read, 'bit')} of tables read "
        f"({short(cost.table_bits, 'bit')} stored)"
    )


def short(number: int, unit: str = "") -> str:
    """Three digits with a decimal prefix and a unit: 1234567 bits are "1.23 Mbit"."""
    for size, prefix in _PREFIXES:
        # What would round to four digits takes the next prefix.
        if number >= 0.9995 * size:
            return f"{number / size:.3g} {prefix}{unit}"
    return f"{number} {unit}".strip()
