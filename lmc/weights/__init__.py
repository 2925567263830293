"""Weights and tables of a module: from the checkpoint through their recipes, a layer at a time."""

from lmc.dialects.ssm.constraints import INTEGER, NUMBER
from lmc.dialects.ssm.step_kinds import ORDER, SIZE, SIZES, STEPS, TEXT
from lmc.numerics.weight_quantization import QuantizedMatrix
from lmc.weights.recipes import RecipeFunction, register_step
from lmc.weights.source import open_end_tokens, open_source, open_tokenizer
from lmc.weights.store import WeightStore
from lmc.weights.tables import TableData, make_table

__all__ = [
    "INTEGER",
    "NUMBER",
    "ORDER",
    "SIZE",
    "SIZES",
    "STEPS",
    "TEXT",
    "QuantizedMatrix",
    "RecipeFunction",
    "TableData",
    "WeightStore",
    "make_table",
    "open_end_tokens",
    "open_source",
    "open_tokenizer",
    "register_step",
]
