"""Weight images, read back bit by bit as docs/generated-design.md describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_designs import last_module
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, SymbolRefAttr

from lmc.backends.hls.printer import find_design
from lmc.backends.images import image_banks, layout_kind, write_images
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import BankOp
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

    def weight(self, name: str) -> ssm.WeightOp:
        return self.store.weight(name)

    def plan(self, entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int | None]]:
        """Entries with the layers in the order in which they lie in memory."""
        layered = [entry for entry in entries if self.weight(entry["weight"]).layers is not None]
        layers = self.weight(layered[0]["weight"]).layers
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
    assert bank.layout is not None
    plain: list[dict[str, Any]] = []
    for entry in bank.layout.data:
        fields: dict[str, Any] = {}
        for name, value in entry.data.items():
            if isinstance(value, IntegerAttr):
                fields[name] = value.value.data
            elif isinstance(value, SymbolRefAttr):
                fields[name] = value.root_reference.data
        plain.append(fields)
    return plain


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
    """Every lane's words: row block, tile, plane; in a word row by row, input by input."""
    decoded: dict[tuple[str, int | None], np.ndarray] = {}
    banks = images.banks("matrix")
    assert len(banks) == 3
    for lane, bank in enumerate(banks):
        words = iter(images.words(bank))
        for entry, layer in images.plan(entries_of(bank)):
            assert (entry["lane"], entry["lanes"]) == (lane, len(banks))
            key = (entry["weight"], layer)
            expected = images.store.matrix(*key)
            target = decoded.setdefault(key, np.zeros(expected.q.shape, np.int64))
            add_lane(target, words, entry, images.weight(entry["weight"]), expected.group)
        assert next(words, None) is None
    assert decoded
    for key, matrix in decoded.items():
        assert np.array_equal(matrix, images.store.matrix(*key).q), key


def add_lane(
    target: np.ndarray,
    words: Iterator[int],
    entry: dict[str, Any],
    weight: ssm.WeightOp,
    group: int,
) -> None:
    rows, columns = target.shape
    found = ssm.format_of(weight.type)
    assert isinstance(found, ssm.WeightType)
    planes = -(-found.bits.data // 4)
    places = places_of(columns, group, entry["block"], entry["inputs"])
    tiles = 1 + max(tile for tile, _ in places)
    round_rows = entry["lanes"] * entry["rows"]
    for first in range(0, rows, round_rows):
        for tile in range(tiles):
            for plane in range(planes):
                word = next(words)
                used = 0
                for row in range(entry["rows"]):
                    number = first + entry["lane"] * entry["rows"] + row
                    for column, (column_tile, position) in enumerate(places):
                        if column_tile != tile or number >= rows:
                            continue
                        low = 4 * (row * entry["inputs"] + position)
                        nibble = bits_of(word, low, 4)
                        used |= nibble << low
                        value = signed(nibble, 4) if plane == planes - 1 else nibble
                        target[number, column] += value << (4 * plane)
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


def test_scales(images: Images) -> None:
    """Without gaps over all layers, then from a new word on what is behind them."""
    decoded: dict[tuple[str, int | None], np.ndarray] = {}
    for lane, bank in enumerate(images.banks("scales")):
        entries = entries_of(bank)
        width = (entries[0]["mantissa_bits"] + entries[0]["exponent_bits"]) * entries[0]["rows"]
        words = iter(images.words(bank))
        for part in (True, False):
            plan = [item for item in images.plan(entries) if (item[1] is not None) == part]
            counts = [scale_count(images, entry, layer) for entry, layer in plan]
            values = iter(elements(words, sum(counts), width))
            for entry, layer in plan:
                assert entry["lane"] == lane
                mantissa = images.store.matrix(entry["weight"], layer).mantissa
                key = (entry["weight"], layer)
                target = decoded.setdefault(key, np.zeros((*mantissa.shape, 2), np.int64))
                add_scales(target, values, entry)
        assert next(words, None) is None
    for key, scales in decoded.items():
        matrix = images.store.matrix(*key)
        assert np.array_equal(scales[..., 0], matrix.mantissa), key
        assert np.array_equal(scales[..., 1], matrix.exponent), key


def scale_count(images: Images, entry: dict[str, Any], layer: int | None) -> int:
    rows, groups = images.store.matrix(entry["weight"], layer).mantissa.shape
    return -(-rows // (entry["lanes"] * entry["rows"])) * groups


def add_scales(target: np.ndarray, values: Iterator[int], entry: dict[str, Any]) -> None:
    rows, groups, _ = target.shape
    mantissa, exponent = entry["mantissa_bits"], entry["exponent_bits"]
    for first in range(0, rows, entry["lanes"] * entry["rows"]):
        for group in range(groups):
            value = next(values)
            for row in range(entry["rows"]):
                number = first + entry["lane"] * entry["rows"] + row
                scale = bits_of(value, row * (mantissa + exponent), mantissa + exponent)
                if number < rows:
                    target[number, group] += (bits_of(scale, 0, mantissa), scale >> mantissa)
                else:
                    assert scale == 0


def test_vectors(images: Images) -> None:
    (bank,) = images.banks("vector")
    words = iter(images.words(bank))
    seen: set[str] = set()
    for entry, layer in images.plan(entries_of(bank)):
        expected = images.store.integers(entry["weight"], layer).reshape(-1)
        lanes, bits = entry["lanes"], entry["bits"]
        found = [
            signed(bits_of(element, i * bits, bits), bits)
            for element in elements(words, expected.size // lanes, lanes * bits)
            for i in range(lanes)
        ]
        assert found == expected.tolist(), (entry, layer)
        seen.add(entry["weight"])
    assert next(words, None) is None
    assert {"conv_weight", "dt_bias"} <= {name.lower() for name in seen}


def test_tables(images: Images) -> None:
    (bank,) = images.banks("table")
    words = iter(images.words(bank))
    for entry in entries_of(bank):
        table = images.store.table(entry["table"])
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
    matrix = images.store.matrix(entry["weight"])
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
    assert written == sorted(path.name for path in (mamba2_design / "weights").iterdir())
    for name in written:
        assert (tmp_path / name).read_bytes() == (mamba2_design / "weights" / name).read_bytes()
    # One step a matrix: in_proj and out_proj of two layers, then the head.
    assert steps == [(number, 5) for number in range(1, 6)]
