"""The script between text and the host program's ids, with a stand-in for the host program."""

import os
import struct
import subprocess
from pathlib import Path

import pytest
from build_folders import board, build_files

HOST = """#!/bin/sh
cp "$4" "$SEEN.prompt"
echo "$@" > "$SEEN"
printf '%s\\n' {ids}
exit {status}
"""


def generate(
    folder: Path, *, byte_tokens: bool = True, ids: str = "", status: int = 0, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    script = folder / "generate.sh"
    text = build_files(board("vck190"), byte_tokens=byte_tokens)["host/generate.sh"]
    script.write_text(text, encoding="utf-8")
    (folder / "host").write_text(HOST.format(ids=ids, status=status), encoding="utf-8")
    (folder / "host").chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "SEEN": str(folder / "seen"), **variables}
    return subprocess.run(
        ["sh", str(script)], env=environment, capture_output=True, check=False, timeout=60
    )


def prompt_of(folder: Path) -> list[int]:
    data = (folder / "seen.prompt").read_bytes()
    return list(struct.unpack(f"<{len(data) // 4}I", data))


@pytest.mark.parametrize(
    "prompt", ["It was", "a\\n%d'\"`$x", " two  spaces ", "--ids", "é", "\t\n"]
)
def test_a_text_becomes_its_bytes(prompt: str, tmp_path: Path) -> None:
    done = generate(tmp_path, PROMPT=prompt, ids="33 195 169 92 37")
    assert done.returncode == 0, done.stderr
    assert prompt_of(tmp_path) == list(prompt.encode())
    assert done.stdout == (prompt + "!é\\%\n").encode()


def test_ids_become_words(tmp_path: Path) -> None:
    done = generate(tmp_path, PROMPT_IDS="1,2,255", NEW="5", ids="65 66")
    assert done.stdout == b"AB\n"
    assert prompt_of(tmp_path) == [1, 2, 255]
    words = (tmp_path / "seen").read_text(encoding="utf-8").split()
    assert words[:3] == [f"{tmp_path}/small.xclbin", f"{tmp_path}/weights", "--prompt"]
    assert words[4:] == ["--new", "5"]


def test_a_long_prompt_is_taken_whole(tmp_path: Path) -> None:
    ids = [number % 256 for number in range(20_000)]
    assert generate(tmp_path, PROMPT_IDS=",".join(map(str, ids)), ids="1").returncode == 0
    assert prompt_of(tmp_path) == ids


def test_without_a_prompt_it_makes_two_tokens(tmp_path: Path) -> None:
    assert generate(tmp_path, ids="65").returncode == 0
    assert prompt_of(tmp_path) == [0]
    assert (tmp_path / "seen").read_text(encoding="utf-8").split()[-2:] == ["--new", "2"]


@pytest.mark.parametrize("ids", ["1,x", "256", "-1", "1.5"])
def test_a_wrong_id_is_refused(ids: str, tmp_path: Path) -> None:
    done = generate(tmp_path, PROMPT_IDS=ids)
    wrong = ids.rpartition(",")[2]
    assert done.stderr.decode() == f"generate.sh: '{wrong}' is no token id below 256\n"
    assert done.returncode == 1
    assert not (tmp_path / "seen").exists()


def test_a_model_whose_tokens_are_no_bytes_takes_and_shows_ids(tmp_path: Path) -> None:
    done = generate(tmp_path, byte_tokens=False, PROMPT_IDS="7", ids="65 66")
    assert done.stdout == b"65 66 \n"
    done = generate(tmp_path, byte_tokens=False, PROMPT="It")
    assert done.returncode == 1
    assert done.stderr.startswith(b"generate.sh: this model's tokens are no bytes: set PROMPT_IDS")


def test_a_host_program_that_fails_is_a_failure(tmp_path: Path) -> None:
    assert generate(tmp_path, PROMPT="a", ids="65", status=3).returncode == 1
