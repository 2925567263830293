"""Names of a design: what C++, the C library and an xclbin do not take is refused or renamed."""

from __future__ import annotations

import pytest
from design_builder import DesignBuilder
from xdsl.utils.exceptions import VerifyException

from lmc.backends.hls.printer import find_design, print_design
from lmc.dialects.dataflow import ui
from lmc.dialects.dataflow.names import (
    LONGEST_KERNEL_NAME,
    identifier,
    legal_name,
    verify_kernel_name,
    verify_name,
    verify_task_name,
)

WORDS = ("nullptr", "double", "xor_eq", "main", "std", "ap_uint")
MACROS = ("INT_MAX", "UINT64_MAX", "errno", "EOF", "ENOENT", "SIGINT", "M_PI", "assert", "LMC_TASK")
FUNCTIONS = ("printf", "malloc", "expf", "cosl", "y0", "size_t")
POSIX = ("read", "write", "send", "pthread_create")


def design(**names: str) -> DesignBuilder:
    """One kernel that passes a word on."""
    built = DesignBuilder(names.get("design", "d"))
    source = built.bank(names.get("bank", "source"), words=4)
    target = built.bank("target", words=4, direction="write")
    with built.kernel(names.get("kernel", "k")) as kernel:
        words = kernel.stream(names.get("stream", "words"), ui(512))
        passed = kernel.stream("passed", ui(512))
        with kernel.task(names.get("task", "fetch")) as task:
            task.burst_read(source, 0, 4, words)
        with kernel.task("work") as task, task.loop("i", 4):
            word = task.read(words)
            word.ssa.name_hint = names.get("value")
            task.write(passed, word)
        with kernel.task("put") as task:
            task.burst_write(passed, target, 0, 4)
    return built


def refusal(**names: str) -> str:
    with pytest.raises(VerifyException) as error:
        design(**names).module().verify()
    return str(error.value)


@pytest.mark.parametrize("kind", ["design", "bank", "kernel", "stream", "task"])
@pytest.mark.parametrize("name", [*WORDS, *MACROS])
def test_words_and_macros_name_nothing(kind: str, name: str) -> None:
    assert f"the {kind} name {name} means something else in the printed C++" in refusal(
        **{kind: name}
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_c_library_names_no_function(name: str) -> None:
    for kind in ("kernel", "task"):
        assert f"the {kind} name {name} is the C library's" in refusal(**{kind: name})
    # A parameter hides a function of its name, and nothing that is printed calls one.
    design(stream=name).module().verify()


@pytest.mark.parametrize("name", POSIX)
def test_no_kernel_takes_the_place_of_a_function_of_posix(name: str) -> None:
    assert f"the kernel name {name} is the C library's" in refusal(kernel=name)
    # Tasks are static: C++ tells them from functions with other parameters.
    design(task=name).module().verify()


@pytest.mark.parametrize("name", ["lmc_task", "math", "unistd"])
def test_no_design_has_the_header_of_a_library(name: str) -> None:
    assert f"design {name} would have the header of another library" in refusal(design=name)


@pytest.mark.parametrize("kind", ["design", "bank", "kernel", "stream", "task"])
def test_dots_are_refused(kind: str) -> None:
    assert "is no identifier: letters, digits and _" in refusal(**{kind: "a.b"})


@pytest.mark.parametrize("name", ["_Upper", "__twice"])
def test_names_of_compilers_are_refused(name: str) -> None:
    with pytest.raises(VerifyException, match="is reserved for C\\+\\+ compilers"):
        verify_name("stream", name)


def test_a_kernel_and_its_compute_unit_fit_an_xclbin() -> None:
    longest = "k" * LONGEST_KERNEL_NAME
    assert len(f"{longest}:{longest}_1") + 1 == 64
    verify_kernel_name(longest)
    with pytest.raises(VerifyException, match="31 characters: 30 are allowed, for an xclbin"):
        verify_kernel_name(longest + "k")
    verify_task_name(longest + "k")
    with pytest.raises(VerifyException, match="81 characters: 80 are allowed"):
        verify_task_name("t" * 81)


def test_names_that_look_like_others_are_free() -> None:
    for name in ("printer", "int_max", "exp_table", "reading", "EX_", "conv1d", "decay", "states"):
        verify_name("stream", name)
    for name in ("front", "matrix", "after_in_proj", "load_slr0", "round_up", "gather", "split"):
        verify_kernel_name(name)


@pytest.mark.parametrize("name", [*WORDS, *MACROS])
def test_values_are_renamed(name: str) -> None:
    module = design(value=name).module()
    module.verify()
    text = print_design(find_design(module))["k.cpp"]
    assert f"{name}_ = words.read();" in text


def test_what_level_3_calls_things_becomes_an_identifier() -> None:
    assert legal_name("after_backbone.layers.in_proj") == "after_backbone_layers_in_proj"
    assert legal_name("nullptr") == "nullptr_"
    assert legal_name("2x") == "v2x"
    assert legal_name("conv_") == "conv_"
    assert identifier("conv_") == "conv"
