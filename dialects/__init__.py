"""Op, type and attribute definitions, one module a dialect."""
