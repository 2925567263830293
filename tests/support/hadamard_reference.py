"""The matrix of `ssm.rotate`, entry by entry: docs/number-formats.md in plain Python."""


def rotated_blocks(x: list[int], block: int) -> list[int]:
    return [
        sum(x[start + i] * hadamard_sign(block, i, j) for i in range(block))
        for start in range(0, len(x), block)
        for j in range(block)
    ]


def hadamard_sign(order: int, i: int, j: int) -> int:
    odd = order // (order & -order)
    if odd == 1:
        return (-1) ** (i & j).bit_count()
    rest = order // (4 * odd)
    sylvester = (-1) ** (i % rest & j % rest).bit_count()
    return sylvester * paley_sign(4 * odd, i // rest, j // rest)


def paley_sign(order: int, i: int, j: int) -> int:
    p = order - 1
    if all(p % divisor for divisor in range(2, p)):
        return 1 if i == j or i == 0 else -1 if j == 0 else quadratic_character(i - j, p)
    p = order // 2 - 1
    row, column = i % 2, j % 2
    if i // 2 == j // 2:
        return 1 if (row, column) == (0, 0) else -1
    on_border = 0 in (i // 2, j // 2)
    entry = 1 if on_border else quadratic_character(i // 2 - j // 2, p)
    return -entry if (row, column) == (1, 1) else entry


def quadratic_character(a: int, p: int) -> int:
    return 1 if pow(a % p, (p - 1) // 2, p) == 1 else -1
