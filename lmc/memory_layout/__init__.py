"""How values lie in memory: words, tiles of a matrix, tables; data alone, no IR and no tasks."""
