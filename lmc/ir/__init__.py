"""lmc's IR as a whole: the names of its attributes, and what holds for a module at every level.

Ops and types are the dialects'; what is here is between them.
"""
