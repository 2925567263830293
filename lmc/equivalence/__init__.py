"""Whether two modules compute the same in float: what passes prove of themselves."""
