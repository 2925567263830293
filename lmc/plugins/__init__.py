"""What plugins add to lmc's own, from packages and from files, and where a plugin has failed.

Passes and dialects are in `lmc.ir.registry`, which loads plugin files; other kinds are tables of
`lmc.plugins.offers`, and data is files of packages, `lmc.plugins.data_files`.
"""
