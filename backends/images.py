"""Weight images: the bytes that a design's banks hold, as their layouts say.

Bit i of a word is bit i % 8 of its byte i // 8 (little endian). Elements never straddle words;
element i of a word has its lowest bit at i times the element's width.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, StringAttr, SymbolRefAttr

from lmc.backends.bits import field_bits, nibbles, pack_elements
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, DesignOp
from lmc.lowering.images import TABLE_BASE_BITS, TABLE_SLOPE_BITS
from lmc.lowering.tiling import EngineShape, MatrixTiling, planes_of
from lmc.numerics.tables import PiecewiseTable
from lmc.numerics.weight_quantization import QuantizedMatrix
from lmc.weights.store import WeightStore, layer_format
from lmc.weights.tables import RsqrtTable

WORD_BITS = 512
IMAGE_SUFFIX = ".bin"
Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all)."""


def image_banks(design: DesignOp) -> list[BankOp]:
    """The banks that are filled before the first launch, in the design's order."""
    filled = ("vector", "table", "rows", "matrix", "scales")
    return [bank for bank in banks(design) if layout_kind(bank) in filled]


def banks(design: DesignOp) -> list[BankOp]:
    """All banks of a design."""
    return [op for op in design.body.block.ops if isinstance(op, BankOp)]


def layout_kind(bank: BankOp) -> str:
    """What a bank holds; LmcError when it does not say."""
    if bank.layout is None or not bank.layout.data:
        raise LmcError(f"memory image {bank.sym_name.data} has no layout, so nothing can fill it")
    return _text(bank.layout.data[0], "kind")


def write_images(
    design: DesignOp, store: WeightStore, folder: Path, progress: Progress | None = None
) -> None:
    """Writes `<bank>.bin` for each image; weights are made layer by layer, each only once.

    Raises:
        LmcError: a weight can't be made, or an image comes out in another size than its bank's.
    """
    wanted = image_banks(design)
    matrix_banks = [bank for bank in wanted if layout_kind(bank) in ("matrix", "scales")]
    _write_matrices(matrix_banks, store, folder, progress)
    for bank in wanted:
        if bank not in matrix_banks:
            writer = {"vector": _vectors, "table": _tables, "rows": _rows}[layout_kind(bank)]
            with (folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}").open("wb") as file:
                for words in writer(bank, store):
                    file.write(words)
    for bank in wanted:
        _check_size(bank, folder)


def _check_size(bank: BankOp, folder: Path) -> None:
    size = (folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}").stat().st_size
    expected = bank.words.value.data * bank.port.type.word_type.width.data // 8
    if size != expected:
        raise LmcError(f"image {bank.sym_name.data} has {size} bytes, its bank {expected}")


def _text(entry: DictionaryAttr, name: str) -> str:
    return cast("StringAttr", entry.data[name]).data


def _number(entry: DictionaryAttr, name: str) -> int:
    return cast("IntegerAttr", entry.data[name]).value.data


def _symbol(entry: DictionaryAttr, name: str = "weight") -> str:
    return cast("SymbolRefAttr", entry.data[name]).root_reference.data


def _layers(store: WeightStore, symbol: str) -> int | None:
    layers = store.weight(symbol).layers
    return None if layers is None else layers.value.data


def _layer_plan(
    entries: list[DictionaryAttr], store: WeightStore
) -> Iterator[tuple[int, int | None]]:
    """(entry, layer) in the image's order: layer after layer, then what is behind them."""
    counts = [_layers(store, _symbol(entry)) for entry in entries]
    for layer in range(max((count or 0 for count in counts), default=0)):
        for index, count in enumerate(counts):
            if count is not None:
                yield index, layer
    for index, count in enumerate(counts):
        if count is None:
            yield index, None


def _vectors(bank: BankOp, store: WeightStore) -> Iterator[bytes]:
    assert bank.layout is not None
    entries = list(bank.layout.data)
    for index, layer in _layer_plan(entries, store):
        entry = entries[index]
        lanes, bits = _number(entry, "lanes"), _number(entry, "bits")
        values = store.integers(_symbol(entry), layer).reshape(-1, lanes)
        yield pack_elements(field_bits(values, bits), WORD_BITS)


def _tables(bank: BankOp, store: WeightStore) -> Iterator[bytes]:
    assert bank.layout is not None
    for entry in bank.layout.data:
        table = store.table(_symbol(entry, "table"))
        if isinstance(table, PiecewiseTable):
            base = field_bits(table.base[:, None], TABLE_BASE_BITS)
            slope = field_bits(table.slope[:, None], TABLE_SLOPE_BITS)
            yield pack_elements(np.concatenate([base, slope], axis=1), WORD_BITS)
        else:
            values = table.mantissas if isinstance(table, RsqrtTable) else table.values
            yield pack_elements(field_bits(values[:, None], _number(entry, "bits")), WORD_BITS)


_ROWS_AT_ONCE = 1024


def _rows(bank: BankOp, store: WeightStore) -> Iterator[bytes]:
    """Rows of an embedding: weights and their scale in an element, each row in whole words."""
    assert bank.layout is not None
    entry = bank.layout.data[0]
    lanes = _number(entry, "lanes")
    matrix = store.matrix(_symbol(entry))
    bits = store.weight(_symbol(entry)).type.element_type.bits.data  # pyright: ignore[reportAttributeAccessIssue]
    rows, columns = matrix.q.shape
    per_group = matrix.group // lanes
    for start in range(0, rows, _ROWS_AT_ONCE):
        part = slice(start, min(start + _ROWS_AT_ONCE, rows))
        elements = matrix.q[part].reshape(-1, lanes)
        fields = [field_bits(elements, bits)]
        scales = (("mantissa_bits", matrix.mantissa), ("exponent_bits", matrix.exponent))
        for name, values in scales:
            repeated = np.repeat(values[part], per_group, axis=1).reshape(-1, 1)
            fields.append(field_bits(repeated, _number(entry, name)))
        joined = np.concatenate(fields, axis=1).reshape(part.stop - start, columns // lanes, -1)
        yield b"".join(pack_elements(row, WORD_BITS) for row in joined)


def _write_matrices(
    wanted: list[BankOp], store: WeightStore, folder: Path, progress: Progress | None
) -> None:
    """All lanes' weights and scales side by side, so that each matrix is made once."""
    if not wanted:
        return
    assert wanted[0].layout is not None
    plan = list(_layer_plan(list(wanted[0].layout.data), store))
    files = {bank: (folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}").open("wb") for bank in wanted}
    scales = {bank: _ScaleWriter(files[bank]) for bank in wanted if layout_kind(bank) == "scales"}
    try:
        for done, (index, layer) in enumerate(plan):
            _write_matrix(files, scales, index, layer, store)
            if progress is not None:
                progress(done + 1, len(plan))
        for writer in scales.values():
            writer.finish()
    finally:
        for file in files.values():
            file.close()


def _write_matrix(
    files: Mapping[BankOp, BinaryIO],
    scales: dict[BankOp, "_ScaleWriter"],
    index: int,
    layer: int | None,
    store: WeightStore,
) -> None:
    matrix: QuantizedMatrix | None = None
    for bank, file in files.items():
        assert bank.layout is not None
        entry = bank.layout.data[index]
        matrix = store.matrix(_symbol(entry), layer) if matrix is None else matrix
        lane, shape = _number(entry, "lane"), _shape(entry)
        if bank in scales:
            scales[bank].add(scale_elements(matrix, lane, shape), behind_layers=layer is None)
            continue
        bits = layer_format(store.weight(_symbol(entry)), layer).bits
        rows, columns = matrix.q.shape
        tiling = MatrixTiling(rows, columns, matrix.group, _number(entry, "block"), shape.inputs)
        file.write(lane_words(matrix, lane, shape, tiling, planes_of(bits)))


def _shape(entry: DictionaryAttr) -> EngineShape:
    return EngineShape(
        _number(entry, "lanes"),
        _number(entry, "rows"),
        _number(entry, "inputs"),
        _number(entry, "block"),
        0,
        _number(entry, "mantissa_bits"),
        _number(entry, "exponent_bits"),
    )


def lane_words(
    matrix: QuantizedMatrix, lane: int, shape: EngineShape, tiling: MatrixTiling, planes: int
) -> bytes:
    """One lane's words of a matrix, in the order in which it reads them: row block, tile, plane."""
    placed = np.zeros(
        (tiling.row_blocks(shape) * shape.all_rows, tiling.tiles * shape.inputs), np.int8
    )
    placed[: tiling.rows, tiling.column_places()] = matrix.q
    grid = placed.reshape(-1, shape.ports, shape.rows, tiling.tiles, shape.inputs)
    tiles = grid[:, lane].transpose(0, 2, 1, 3)
    cut = [(tiles >> (4 * plane)) & 0xF for plane in range(planes)]
    return nibbles(np.stack(cut, axis=2)).tobytes()


def scale_elements(matrix: QuantizedMatrix, lane: int, shape: EngineShape) -> NDArray[np.uint8]:
    """Bits of one lane's scales, [row blocks · groups, rows · (mantissa + exponent bits)]."""
    rows, groups = matrix.mantissa.shape
    blocks = -(-rows // shape.all_rows)
    padded = np.zeros((2, blocks * shape.all_rows, groups), np.int64)
    padded[0, :rows], padded[1, :rows] = matrix.mantissa, matrix.exponent
    grid = padded.reshape(2, blocks, shape.ports, shape.rows, groups)[:, :, lane]
    mantissa, exponent = grid.transpose(0, 1, 3, 2).reshape(2, blocks * groups, shape.rows)
    joined = mantissa | (exponent << shape.scale_mantissa_bits)
    return field_bits(joined, shape.scale_bits)


class _ScaleWriter:
    """Packs scales without gaps over all matrices of the layers, then over those behind them."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._rest: NDArray[np.uint8] | None = None
        self._behind_layers = False

    def add(self, elements: NDArray[np.uint8], *, behind_layers: bool) -> None:
        """Appends elements; those behind the layers begin a new word."""
        if behind_layers and not self._behind_layers:
            self.finish()
            self._behind_layers = True
        if self._rest is not None:
            elements = np.concatenate([self._rest, elements])
        whole = elements.shape[0] - elements.shape[0] % (WORD_BITS // elements.shape[1])
        self._file.write(pack_elements(elements[:whole], WORD_BITS))
        self._rest = elements[whole:]

    def finish(self) -> None:
        """Writes the last word, partly filled."""
        if self._rest is not None and self._rest.shape[0]:
            self._file.write(pack_elements(self._rest, WORD_BITS))
        self._rest = None
