"""How values lie in memory: words and tiles of a matrix; data alone, no IR and no tasks."""
