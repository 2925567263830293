"""The Kria KR260 as a target of lmc: kr260.toml, which lmc finds by an entry point."""
