"""Divisors that are powers of two."""


def power_of_two_divisor(value: int, limit: int) -> int:
    """The largest power of two up to `limit` that divides `value`, both at least 1."""
    # The lowest set bit is the largest power of two that divides a number.
    return min(value & -value, 1 << (limit.bit_length() - 1))
