"""Whether two modules compute the same in float: what passes test of themselves."""
