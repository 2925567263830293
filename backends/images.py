"""Weight images: the bytes that a design's banks hold, as their layouts say.

Bit i of a word is bit i % 8 of its byte i // 8 (little endian). Elements never straddle words;
element i of a word has its lowest bit at i times the element's width.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from lmc.backends.bits import Bytes, pack_elements
from lmc.backends.compiled_bits import pack_nibbles
from lmc.dataflow.banks import first_segment, image_banks
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    TABLE_BASE_BITS,
    TABLE_SLOPE_BITS,
    BankOp,
    DesignOp,
    MatrixAttr,
    RowsAttr,
    SegmentAttr,
    TableAttr,
    VectorAttr,
)
from lmc.ir.editing import symbol
from lmc.memory_layout.tiling import MatrixTiling, planes_of
from lmc.memory_layout.words import IMAGE_SUFFIX, WORD_BITS
from lmc.numerics.tables import PiecewiseTable
from lmc.numerics.weight_quantization import QuantizedMatrix
from lmc.progress import StepsDone
from lmc.weights.store import WeightStore, layer_format
from lmc.weights.tables import RsqrtTable

CHECKSUMS = "SHA256SUMS"
"""The file beside the images that has their checksums, as sha256sum prints and checks them."""
SegmentT = TypeVar("SegmentT", bound=SegmentAttr)


def write_images(
    design: DesignOp, store: WeightStore, folder: Path, progress: StepsDone | None = None
) -> None:
    """Writes `<bank>.bin` for each image, and their checksums.

    Weights are made layer by layer, each only once.

    Raises:
        LmcError: a weight can't be made, or an image comes out in another size than its bank's.
    """
    wanted = image_banks(design)
    matrix_banks = [bank for bank in wanted if isinstance(first_segment(bank), MatrixAttr)]
    _write_matrices(matrix_banks, store, folder, progress)
    for bank in wanted:
        if bank not in matrix_banks:
            writer = _WRITERS[type(first_segment(bank))]
            with (folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}").open("wb") as file:
                for words in writer(bank, store):
                    file.write(words.data)
    for bank in wanted:
        _check_size(bank, folder)
    lines = [_checksum(folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}") for bank in wanted]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _check_size(bank: BankOp, folder: Path) -> None:
    size = (folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}").stat().st_size
    expected = bank.words.value.data * bank.word_bits // 8
    if size != expected:
        raise LmcError(f"image {bank.sym_name.data} has {size} bytes, its bank {expected}")


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n"


def _segments(bank: BankOp, kind: type[SegmentT]) -> list[SegmentT]:
    """A bank's segments, all of which are of this kind."""
    found = [segment for segment in bank.segments if isinstance(segment, kind)]
    assert len(found) == len(bank.segments)
    return found


def _symbol(segment: MatrixAttr | VectorAttr | TableAttr | RowsAttr) -> str:
    return symbol(segment.symbol)


def _layers(store: WeightStore, symbol: str) -> int | None:
    layers = store.weight(symbol).layers
    return None if layers is None else layers.value.data


def _layer_plan(
    entries: Sequence[MatrixAttr | VectorAttr], store: WeightStore
) -> Iterator[tuple[int, int | None]]:
    """(entry, layer) in the image's order: layer after layer, then what is after them."""
    counts = [_layers(store, _symbol(entry)) for entry in entries]
    for layer in range(max((count or 0 for count in counts), default=0)):
        for index, count in enumerate(counts):
            if count is not None:
                yield index, layer
    for index, count in enumerate(counts):
        if count is None:
            yield index, None


def _vectors(bank: BankOp, store: WeightStore) -> Iterator[Bytes]:
    entries = _segments(bank, VectorAttr)
    for index, layer in _layer_plan(entries, store):
        entry = entries[index]
        lanes, bits = entry.lanes.data, entry.bits.data
        values = store.integers(_symbol(entry), layer).reshape(-1, lanes)
        yield pack_elements(values, [bits] * lanes, WORD_BITS)


def _tables(bank: BankOp, store: WeightStore) -> Iterator[Bytes]:
    for entry in _segments(bank, TableAttr):
        table = store.table(_symbol(entry))
        if isinstance(table, PiecewiseTable):
            entries = np.stack([table.base, table.slope], axis=1)
            yield pack_elements(entries, [TABLE_BASE_BITS, TABLE_SLOPE_BITS], WORD_BITS)
        else:
            values = table.mantissas if isinstance(table, RsqrtTable) else table.values
            yield pack_elements(values[:, None], [entry.bits.data], WORD_BITS)


_ROWS_AT_ONCE = 1024


def _rows(bank: BankOp, store: WeightStore) -> Iterator[Bytes]:
    """Rows of an embedding: weights and their scale in an element, each row in whole words."""
    (entry,) = _segments(bank, RowsAttr)
    lanes = entry.lanes.data
    matrix = store.matrix(_symbol(entry))
    bits = store.weight(_symbol(entry)).type.element_type.bits.data  # pyright: ignore[reportAttributeAccessIssue]
    rows, columns = matrix.q.shape
    widths = [bits] * lanes + [entry.mantissa_bits.data, entry.exponent_bits.data]
    per_group = matrix.group // lanes
    for start in range(0, rows, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        weights = matrix.q[part].reshape(-1, columns // lanes, lanes)
        scales = np.stack([matrix.mantissa[part], matrix.exponent[part]], axis=2)
        fields = [weights.astype(np.int64), np.repeat(scales, per_group, axis=1)]
        yield pack_elements(np.concatenate(fields, axis=2), widths, WORD_BITS)


_WRITERS: Mapping[type[SegmentAttr], Callable[[BankOp, WeightStore], Iterator[Bytes]]] = {
    VectorAttr: _vectors,
    TableAttr: _tables,
    RowsAttr: _rows,
}


def _write_matrices(
    wanted: list[BankOp], store: WeightStore, folder: Path, progress: StepsDone | None
) -> None:
    """The images of all lanes side by side, so that each matrix is made once."""
    if not wanted:
        return
    plan = list(_layer_plan(_segments(wanted[0], MatrixAttr), store))
    with ExitStack() as stack:
        files = {
            bank: stack.enter_context((folder / f"{bank.sym_name.data}{IMAGE_SUFFIX}").open("wb"))
            for bank in wanted
        }
        for done, (index, layer) in enumerate(plan):
            _write_matrix(files, index, layer, store)
            if progress is not None:
                progress(done + 1, len(plan))


def _write_matrix(
    files: Mapping[BankOp, BinaryIO], index: int, layer: int | None, store: WeightStore
) -> None:
    matrix: QuantizedMatrix | None = None
    for bank, file in files.items():
        entry = _segments(bank, MatrixAttr)[index]
        matrix = store.matrix(_symbol(entry), layer) if matrix is None else matrix
        bits = layer_format(store.weight(_symbol(entry)), layer).bits
        rows, columns = matrix.q.shape
        lane = LaneImage(
            entry.first_row.data,
            entry.sets.data,
            entry.round_rows.data,
            entry.rows.data,
            MatrixTiling(rows, columns, matrix.group, entry.block.data, entry.inputs.data),
            planes_of(bits),
            (entry.mantissa_bits.data, entry.exponent_bits.data),
        )
        file.write(lane.words(matrix).data)


@dataclass(frozen=True)
class LaneImage:
    """What one lane reads of a matrix: `sets` sets of `rows` rows from `first_row` on, of each
    round of `round_rows` rows."""

    first_row: int
    sets: int
    round_rows: int
    rows: int
    tiling: MatrixTiling
    planes: int
    scale_bits: tuple[int, int]

    def words(self, matrix: QuantizedMatrix) -> Bytes:
        """Memory words [words, bytes]: a word of scales, the weight words that they are for, ...

        Weight words are in the order of rounds, tiles, planes and sets.
        """
        tiling = self.tiling
        scales = self.scale_elements(matrix)
        word_bits = 4 * self.rows * tiling.inputs
        widths = [sum(self.scale_bits)] * self.rows
        each = tiling.tiles_per_group * self.planes
        span = word_bits // sum(widths) * each
        scale_words = pack_elements(scales, widths, word_bits)
        words = np.zeros((len(scales) * each + len(scale_words), word_bits // 8), np.uint8)
        words[:: span + 1] = scale_words
        pack_nibbles(matrix.q, _input_columns(tiling), self._sets(), self.planes, span, words)
        return words

    def scale_elements(self, matrix: QuantizedMatrix) -> NDArray[np.int64]:
        """Scales [rounds · groups · sets, rows], the exponent above the mantissa."""
        rows, groups = matrix.mantissa.shape
        joined = np.zeros((self._rounds * self.round_rows, groups), np.int64)
        joined[:rows] = matrix.exponent.astype(np.int64) << self.scale_bits[0]
        joined[:rows] |= matrix.mantissa
        own = joined[self._sets()[..., None] + np.arange(self.rows)]
        return own.transpose(0, 3, 1, 2).reshape(-1, self.rows)

    @property
    def _rounds(self) -> int:
        return -(-self.tiling.rows // self.round_rows)

    def _sets(self) -> NDArray[np.int64]:
        """The first row of each of the lane's sets, [rounds, sets]."""
        first = self.first_row + np.arange(self.sets) * self.rows
        return np.arange(self._rounds)[:, None] * self.round_rows + first


@lru_cache(maxsize=4)
def _input_columns(tiling: MatrixTiling) -> NDArray[np.int64]:
    """The column that each input of a tile has, -1 for none: [tiles, inputs]."""
    columns = np.full(tiling.tiles * tiling.inputs, -1, np.int64)
    columns[tiling.column_places()] = np.arange(tiling.columns)
    return columns.reshape(-1, tiling.inputs)
