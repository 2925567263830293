"""Weight images, read back bit by bit as docs/generated-design.md describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_designs import last_module
from xdsl.dialects.builtin import IntegerAttr, ModuleOp

from lmc.backends.hls.printer import find_design
from lmc.backends.images import write_images
from lmc.dataflow.banks import image_banks, layout_kind
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import BankOp
from lmc.ir.editing import symbol
from lmc.numerics.tables import PiecewiseTable
from lmc.weights import WeightStore, open_source
from lmc.weights.tables import RsqrtTable

WORD_BITS = 512


@dataclass(frozen=True)
class Images:
    """A design's images as integers, and the weights that they should hold."""

    folder: Path
    module: ModuleOp
    store: WeightStore

    def banks(self, kind: str) -> list[BankOp]:
        design = find_design(self.module)
        return [bank for bank in image_banks(design) if layout_kind(bank) == kind]

    def words(self, bank: BankOp) -> list[int]:
        width = bank.port.type.word_type.width.data // 8
        data = (self.folder / "weights" / f"{bank.sym_name.data}.bin").read_bytes()
        assert len(data) == bank.words.value.data * width
        return [
            int.from_bytes(data[at : at + width], "little") for at in range(0, len(data), width)
        ]

    @property
    def round_rows(self) -> int:
        """Rows that all lanes finish together."""
        return sum(
            entry["sets"] * entry["rows"]
            for entry in (entries_of(bank)[0] for bank in self.banks("matrix"))
        )

    def weight(self, name: str) -> ssm.WeightOp:
        return self.store.weight(name)

    def plan(self, entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int | None]]:
        """Entries with the layers in the order in which they lie in memory."""
        layered = [entry for entry in entries if self.weight(entry["symbol"]).layers is not None]
        layers = self.weight(layered[0]["symbol"]).layers
        assert layers is not None
        for layer in range(layers.value.data):
            yield from ((entry, layer) for entry in layered)
        yield from ((entry, None) for entry in entries if entry not in layered)


@pytest.fixture(scope="module", params=["mamba1_design", "mamba2_design"])
def images(request: pytest.FixtureRequest) -> Images:
    folder = request.getfixturevalue(request.param)
    module = last_module(folder)
    return Images(folder, module, WeightStore(module, open_source(module)))


def entries_of(bank: BankOp) -> list[dict[str, Any]]:
    """The fields of each segment, its weight or table by the name `symbol`."""
    return [
        {"symbol": symbol(segment.parameters[0]), **segment.fields()}  # pyright: ignore
        for segment in bank.segments
    ]


def bits_of(word: int, low: int, width: int) -> int:
    return word >> low & (1 << width) - 1


def signed(value: int, width: int) -> int:
    return value - (1 << width) if value >> (width - 1) else value


def elements(words: Iterator[int], count: int, width: int) -> list[int]:
    """The next `count` elements of `width` bits, as many whole ones to a word as fit."""
    found: list[int] = []
    per = WORD_BITS // width
    while len(found) < count:
        word = next(words)
        found += [bits_of(word, i * width, width) for i in range(min(per, count - len(found)))]
    return found


def test_matrices(images: Images) -> None:
    """Every lane's words: scales, then the weights that they are for, for all that it has."""
    banks = images.banks("matrix")
    weights: dict[tuple[str, int | None], np.ndarray] = {}
    scales: dict[tuple[str, int | None], np.ndarray] = {}
    rows_before = 0
    for bank in banks:
        words = iter(images.words(bank))
        entries = entries_of(bank)
        for entry, layer in images.plan(entries):
            assert entry["first_row"] == rows_before
            key = (entry["symbol"], layer)
            matrix = images.store.matrix(*key)
            lane = Lane(entry, planes_of(images.weight(entry["symbol"])), matrix.group)
            lane.read(
                words,
                weights.setdefault(key, np.zeros(matrix.q.shape, np.int64)),
                scales.setdefault(key, np.zeros((*matrix.mantissa.shape, 2), np.int64)),
            )
        assert next(words, None) is None
        rows_before += entries[0]["sets"] * entries[0]["rows"]
        assert {entry["round_rows"] for entry in entries} == {images.round_rows}
    assert rows_before == images.round_rows
    assert weights
    for key, found in weights.items():
        matrix = images.store.matrix(*key)
        assert np.array_equal(found, matrix.q), key
        assert np.array_equal(scales[key][..., 0], matrix.mantissa), key
        assert np.array_equal(scales[key][..., 1], matrix.exponent), key


def planes_of(weight: ssm.WeightOp) -> int:
    found = ssm.format_of(weight.type)
    assert isinstance(found, ssm.WeightType)
    return -(-found.bits.data // 4)


@dataclass(frozen=True)
class Lane:
    """An entry of a lane's image: which part of a matrix it holds, and in which order."""

    entry: dict[str, Any]
    planes: int
    group: int
    """Columns of a weight group."""

    def read(self, words: Iterator[int], weights: np.ndarray, scales: np.ndarray) -> None:
        """Adds what the entry's words say to weights [rows, columns] and scales."""
        (rows, columns), groups = weights.shape, scales.shape[1]
        places = places_of(columns, self.group, self.entry["block"], self.entry["inputs"])
        tiles = 1 + max(tile for tile, _ in places)
        firsts = self.first_rows(rows)
        # What a scale is for, in the order of scales and in that of weight words.
        owners = [
            (first, group) for round_ in firsts for group in range(groups) for first in round_
        ]
        blocks = [
            (first, tile, plane)
            for round_ in firsts
            for tile in range(tiles)
            for plane in range(self.planes)
            for first in round_
        ]
        while owners:
            count = min(self.scales_in_a_word, len(owners))
            self.add_scales(scales, next(words), owners[:count])
            used = count * (tiles // groups) * self.planes
            for block in blocks[:used]:
                self.add_weights(weights, next(words), block, places)
            owners, blocks = owners[count:], blocks[used:]
        assert not blocks

    def first_rows(self, rows: int) -> list[list[int]]:
        """Of each round, the first row of each of the lane's sets."""
        entry = self.entry
        return [
            [start + entry["first_row"] + number * entry["rows"] for number in range(entry["sets"])]
            for start in range(0, rows, entry["round_rows"])
        ]

    @property
    def scale_bits(self) -> int:
        return self.entry["mantissa_bits"] + self.entry["exponent_bits"]

    @property
    def scales_in_a_word(self) -> int:
        """Elements, of a scale for each row of a set."""
        word = self.entry["rows"] * self.entry["inputs"] * 4
        return word // (self.entry["rows"] * self.scale_bits)

    def add_scales(self, target: np.ndarray, word: int, owners: list[tuple[int, int]]) -> None:
        for first, group in owners:
            for row in range(self.entry["rows"]):
                scale = bits_of(word, 0, self.scale_bits)
                word >>= self.scale_bits
                mantissa = bits_of(scale, 0, self.entry["mantissa_bits"])
                exponent = scale >> self.entry["mantissa_bits"]
                if first + row < len(target):
                    target[first + row, group] += (mantissa, exponent)
                else:
                    assert scale == 0
        assert word == 0

    def add_weights(
        self,
        target: np.ndarray,
        word: int,
        block: tuple[int, int, int],
        places: list[tuple[int, int]],
    ) -> None:
        (first, tile, plane), used = block, 0
        for row in range(first, min(first + self.entry["rows"], len(target))):
            for column, (column_tile, position) in enumerate(places):
                if column_tile != tile:
                    continue
                low = 4 * ((row - first) * self.entry["inputs"] + position)
                nibble = bits_of(word, low, 4)
                used |= nibble << low
                value = signed(nibble, 4) if plane == self.planes - 1 else nibble
                target[row, column] += value << (4 * plane)
        assert used == word  # what no weight uses is zero


def places_of(columns: int, group: int, block: int, inputs: int) -> list[tuple[int, int]]:
    """(tile, position) of each column: blocks in slots of 2^n inputs, a group begins a tile."""
    slot = 1
    while slot < block:
        slot *= 2
    places: list[tuple[int, int]] = []
    tile, position = -1, inputs
    for column in range(columns):
        if column % group % block == 0:
            position = -(-position // slot) * slot
            if position == inputs or column % group == 0:
                tile, position = tile + 1, 0
        places.append((tile, position))
        position += 1
    return places


def test_vectors(images: Images) -> None:
    (bank,) = images.banks("vector")
    words = iter(images.words(bank))
    seen: set[str] = set()
    for entry, layer in images.plan(entries_of(bank)):
        expected = images.store.integers(entry["symbol"], layer).reshape(-1)
        lanes, bits = entry["lanes"], entry["bits"]
        found = [
            signed(bits_of(element, i * bits, bits), bits)
            for element in elements(words, expected.size // lanes, lanes * bits)
            for i in range(lanes)
        ]
        assert found == expected.tolist(), (entry, layer)
        seen.add(entry["symbol"])
    assert next(words, None) is None
    assert {"conv_weight", "dt_bias"} <= {name.lower() for name in seen}


def test_tables(images: Images) -> None:
    (bank,) = images.banks("table")
    words = iter(images.words(bank))
    for entry in entries_of(bank):
        table = images.store.table(entry["symbol"])
        if isinstance(table, PiecewiseTable):
            found = elements(words, table.base.size, 64)
            assert [signed(bits_of(value, 0, 32), 32) for value in found] == table.base.tolist()
            assert [signed(value >> 32, 32) for value in found] == table.slope.tolist()
        else:
            values = table.mantissas if isinstance(table, RsqrtTable) else table.values
            assert elements(words, values.size, 32) == values.tolist()
    assert next(words, None) is None


def test_embedding_rows(images: Images) -> None:
    """A row begins a word; an element is some weights of the row and the scale they share."""
    (bank,) = images.banks("rows")
    (entry,) = entries_of(bank)
    matrix = images.store.matrix(entry["symbol"])
    rows, columns = matrix.q.shape
    lanes, mantissa = entry["lanes"], entry["mantissa_bits"]
    words = iter(images.words(bank))
    width = 8 * lanes + mantissa + entry["exponent_bits"]
    for row in range(rows):
        for index, element in enumerate(elements(words, columns // lanes, width)):
            group = index * lanes // matrix.group
            weights = [signed(bits_of(element, 8 * i, 8), 8) for i in range(lanes)]
            assert weights == matrix.q[row, index * lanes : (index + 1) * lanes].tolist()
            assert bits_of(element, 8 * lanes, mantissa) == matrix.mantissa[row, group]
            assert element >> (8 * lanes + mantissa) == matrix.exponent[row, group]
    assert next(words, None) is None


def test_an_image_of_another_size_than_its_bank_is_refused(
    mamba1_design: Path, tmp_path: Path
) -> None:
    module = last_module(mamba1_design)
    design = find_design(module)
    bank = next(bank for bank in image_banks(design) if layout_kind(bank) == "table")
    bank.words = IntegerAttr(bank.words.value.data + 1, bank.words.type)
    with pytest.raises(LmcError, match=r"image tables has \d+ bytes, its bank \d+"):
        write_images(design, WeightStore(module, open_source(module)), tmp_path)


def test_writing_twice_gives_the_same_bytes(mamba2_design: Path, tmp_path: Path) -> None:
    module = last_module(mamba2_design)
    store = WeightStore(module, open_source(module))
    steps: list[tuple[int, int]] = []
    write_images(
        find_design(module), store, tmp_path, lambda done, total: steps.append((done, total))
    )
    written = sorted(path.name for path in tmp_path.iterdir())
    images = {path.name for path in (mamba2_design / "weights").iterdir()} - {"golden.txt"}
    assert written == sorted(images)
    for name in written:
        assert (tmp_path / name).read_bytes() == (mamba2_design / "weights" / name).read_bytes()
    # One step a matrix: in_proj and out_proj of two layers, then the head.
    assert steps == [(number, 5) for number in range(1, 6)]
