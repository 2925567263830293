"""What all passes share of the IR: text in and out, levels, registry, editing, the base of passes.

Nothing here knows a pass.
"""
