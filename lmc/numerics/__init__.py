"""The mathematics of the number formats, on numpy arrays and plain integers.

Nothing here knows ops or passes. The interpreter, the passes and the lowering take their constants
(shifts, multipliers, tables, widths) from here, so they cannot drift apart.
`docs/number-formats.md` is the specification.
"""
