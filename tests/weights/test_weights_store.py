import numpy as np
import pytest
from integer_modules import DrawnWeights, parse
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RecipeStepAttr
from lmc.numerics.hadamard import rotate, rotate_rows, unrotate_blocks
from lmc.numerics.tables import PiecewiseTable
from lmc.weights import QuantizedMatrix, WeightStore, open_source, register_step
from lmc.weights.artifacts import artifact_folders, has_artifacts, save_artifact
from lmc.weights.store import layer_format
from lmc.weights.tables import RsqrtTable

SHAPES = {"w.0": (4, 8), "w.1": (4, 8), "g": (8,), "a": (6,)}


def store_of(weights):
    module = parse(f"builtin.module {{ {weights} }}")
    return WeightStore(module, DrawnWeights(SHAPES))


def weight(steps, kind="tensor<4x8xf32>", name="w.{layer}", layers="layers 2"):
    return f'ssm.weight @w : {kind} {layers} = [#ssm.step<load, {{name = "{name}"}}>{steps}]'


def raw(name):
    return DrawnWeights(SHAPES).load(name)


def test_a_recipe_is_evaluated_for_each_layer():
    store = store_of(weight(', #ssm.step<scale_columns, {name = "g"}>'))
    for layer in range(2):
        assert np.array_equal(store.value("w", layer), raw(f"w.{layer}") * raw("g"))
    assert [v.shape for v in store.layer_values("w")] == [(4, 8), (4, 8)]
    assert store.largest("w") == max(np.abs(raw(f"w.{i}") * raw("g")).max() for i in range(2))


def test_a_step_can_be_for_some_layers():
    store = store_of(weight(', #ssm.step<scale_columns, {name = "g", layers = array<i64: 1>}>'))
    assert np.array_equal(store.value("w", 0), raw("w.0"))
    assert np.array_equal(store.value("w", 1), raw("w.1") * raw("g"))


def test_columns_are_scaled_by_what_a_recipe_makes():
    scale = '[#ssm.step<load, {name = "g"}>, #ssm.step<neg_exp>]'
    store = store_of(weight(f", #ssm.step<scale_columns, {{recipe = {scale}}}>"))
    assert np.array_equal(store.value("w", 1), raw("w.1") * -np.exp(raw("g")))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("scale, {value = 0.5 : f32}", lambda w: w * np.float32(0.5)),
        ("neg_exp", lambda w: -np.exp(w)),
        ('rotate_columns, {kind = "hadamard", seed = 3 : i64}', lambda w: rotate(w, 3)),
        ('rotate_rows, {kind = "hadamard", seed = 3 : i64}', lambda w: rotate_rows(w, 3)),
        ("unrotate_blocks, {block = 4 : i64}", lambda w: unrotate_blocks(w, 4)),
        ("ones", np.ones_like),
    ],
)
def test_steps(step, expected):
    store = store_of(weight(f", #ssm.step<{step}>"))
    assert np.array_equal(store.value("w", 1), expected(raw("w.1")))


def test_reshape():
    store = store_of(
        weight(", #ssm.step<reshape, {shape = [2 : i64, 16 : i64]}>", "tensor<2x16xf32>")
    )
    assert np.array_equal(store.value("w", 0), raw("w.0").reshape(2, 16))


ORDER = "#ssm.order<1: 1, 0: 3>"
PERMUTED = [3, 0, 1, 2]
PERMUTE = f", #ssm.step<permute_rows, {{order = {ORDER}}}>"
WINT = "tensor<4x8x!ssm.wint<8, 4, 8, 3, 12>>"


@pytest.mark.parametrize("before", [True, False], ids=["reals", "integers"])
def test_rows_are_permuted_before_or_after_rounding(before):
    quantize = ', #ssm.step<quantize, {clip = "mse", bits = array<i64: 4, 8>}>'
    plain = store_of(weight(quantize, WINT))
    permuted = store_of(weight(PERMUTE + quantize if before else quantize + PERMUTE, WINT))
    for layer in range(2):
        assert np.array_equal(permuted.value("w", layer), raw(f"w.{layer}")[PERMUTED])
        expected, found = plain.matrix("w", layer), permuted.matrix("w", layer)
        assert np.array_equal(found.q, expected.q[PERMUTED])
        assert np.array_equal(found.scales(), expected.scales()[PERMUTED])
        assert layer_format(permuted.weight("w"), layer).bits == (4, 8)[layer]


def test_rows_of_artifacts_are_permuted(tmp_path, monkeypatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path))
    quantize = ', #ssm.step<quantize, {clip = "none"}>'
    kept = store_of(weight(quantize, WINT)).matrix("w", 0)
    name = save_artifact(kept, artifact_folders(ModuleOp([]))[0])
    artifact = f', #ssm.step<artifact, {{hashes = ["{name}", "{name}"]}}>'
    permuted = store_of(weight(artifact + PERMUTE, WINT))
    assert np.array_equal(permuted.matrix("w", 1).q, kept.q[PERMUTED])
    assert has_artifacts(permuted.weight("w"))
    # An artifact holds the rows as they were where it was made.
    assert np.array_equal(store_of(weight(PERMUTE + artifact, WINT)).matrix("w", 1).q, kept.q)


def test_rows_of_vectors_are_permuted_twice():
    kind, order = "tensor<6x!ssm.fixed<6, 11, 192>>", "#ssm.order<1: 2, 0: 4>"
    twice = f", #ssm.step<permute_rows, {{order = {order}}}>" * 2
    plain = store_of(weight(", #ssm.step<quantize>", kind, "a", layers=""))
    permuted = store_of(weight(f", #ssm.step<quantize>{twice}", kind, "a", layers=""))
    assert permuted.integers("w").tolist() == plain.integers("w")[[2, 3, 4, 5, 0, 1]].tolist()


def test_integers_are_only_permuted():
    with pytest.raises(VerifyException, match="neg_exp works on real values, but stands after"):
        store_of(weight(", #ssm.step<quantize>, #ssm.step<neg_exp>", WINT))
    order = "#ssm.order<1: 1, 0: 4>"
    wrong = f", #ssm.step<quantize>, #ssm.step<permute_rows, {{order = {order}}}>"
    with pytest.raises(VerifyException, match="permute_rows orders 5 rows, not 4"):
        store_of(weight(wrong, WINT))


def test_vectors_become_fixed_point():
    store = store_of(
        weight(", #ssm.step<quantize>", "tensor<6x!ssm.fixed<6, 11, 192>>", "a", layers="")
    )
    expected = np.clip(np.floor(raw("a").astype(np.float64) * 32 / 3 + 0.5), -32, 31)
    assert store.integers("w").tolist() == expected.tolist()
    with pytest.raises(LmcError, match="a matrix is needed"):
        store.matrix("w")


def test_matrices_become_integers_with_scales():
    store = store_of(
        weight(', #ssm.step<quantize, {clip = "none"}>', "tensor<4x8x!ssm.wint<8, 4, 8, 3, 12>>")
    )
    matrix = store.quantized("w", 1)
    assert isinstance(matrix, QuantizedMatrix)
    assert np.abs(matrix.real(12) - raw("w.1")).max() < 0.02
    assert np.array_equal(store.value("w", 1), raw("w.1"))
    with pytest.raises(LmcError, match="fixed point is needed"):
        store.integers("w", 1)


def test_a_small_cache_changes_nothing(monkeypatch):
    steps = ", #ssm.step<neg_exp>"
    store = store_of(weight(steps))
    values = [store.value("w", layer) for layer in (0, 1)]
    assert store.value("w", 0) is values[0]
    monkeypatch.setattr("lmc.weights.store._CACHE_BYTES", 1)
    small = store_of(weight(steps))
    for layer in (0, 1, 0):
        assert np.array_equal(small.value("w", layer), values[layer])
    first = small.value("w", 0)
    small.value("w", 1)
    assert small.value("w", 0) is not first


def test_a_recipe_that_is_extended_is_evaluated_again():
    store = store_of(weight(""))
    before = store.value("w", 0)
    store.weight("w").with_steps(RecipeStepAttr.of("neg_exp"))
    assert np.array_equal(store.value("w", 0), -np.exp(before))


def test_a_plugin_can_register_a_step():
    @register_step("square_for_test")
    def square(values, options, load):
        return values * values

    store = store_of(weight(", #ssm.step<square_for_test>"))
    assert np.array_equal(store.value("w", 0), raw("w.0") ** 2)
    # As where a plugin is loaded twice.
    assert register_step("square_for_test")(square) is square
    with pytest.raises(ValueError, match="registered already"):
        register_step("neg_exp")(square)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (weight(', #ssm.step<scale_columns, {name = "a"}>'), "scale_columns .* cannot be done"),
        (weight("", "tensor<4x9xf32>"), r"gives shape \[4, 8\], its type says \[4, 9\]"),
    ],
)
def test_recipes_that_do_not_fit_the_checkpoint_are_refused(text, message):
    with pytest.raises(LmcError, match=message):
        store_of(text).value("w", 0)


def test_wrong_questions_are_refused():
    store = store_of(weight(""))
    with pytest.raises(LmcError, match="no weight @v"):
        store.value("v")
    with pytest.raises(LmcError, match="has 2 layers, so layer 2"):
        store.value("w", 2)
    with pytest.raises(LmcError, match="layer None"):
        store.value("w")
    with pytest.raises(LmcError, match="is not quantized"):
        store.quantized("w", 0)
    with pytest.raises(LmcError, match="no table @w"):
        store.table("w")


TABLE = """ssm.table @t function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64,
  slope_frac = 9 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<12, 8>"""


def test_tables():
    table = store_of(TABLE).table("t")
    assert isinstance(table, PiecewiseTable)
    assert table(np.array([0, 10 * 1024])).tolist() == [0, 2047]
    rsqrt = store_of(
        """ssm.table @t function "rsqrt" {elements = 8 : i64, mantissa_shift = 18 : i64}
        : !ssm.fixed<24, 14> to !ssm.pfloat<16, 4>"""
    ).table("t")
    assert isinstance(rsqrt, RsqrtTable)
    assert (rsqrt.elements, rsqrt.mantissa_shift, rsqrt.bits) == (8, 18, 16)


def module_with(reference, fingerprint=None):
    module = parse("builtin.module {}")
    module.attributes["lmc.weights"] = StringAttr(reference)
    if fingerprint is not None:
        module.attributes["lmc.fingerprint"] = StringAttr(fingerprint)
    return module


def test_sources_are_opened_by_reference():
    source = open_source(module_with("bookbyte-mamba1"))
    assert source.shape("backbone.norm_f.weight") == (192,)
    random = open_source(module_with("random:bookbyte-mamba1:7"))
    assert "seed 7" in random.description
    assert open_source(module_with("bookbyte-mamba1", source.fingerprint))


@pytest.mark.parametrize(
    ("reference", "fingerprint", "message"),
    [
        ("random:bookbyte-mamba1", None, "should read random:NAME:SEED"),
        ("random:bookbyte-mamba1:x", None, "should read random:NAME:SEED"),
        ("no-such-model", None, "no-such-model"),
        ("bookbyte-mamba1", "00", "its fingerprint differs"),
    ],
)
def test_sources_that_cannot_be_opened_are_refused(reference, fingerprint, message):
    with pytest.raises(LmcError, match=message):
        open_source(module_with(reference, fingerprint))
