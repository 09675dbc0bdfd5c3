"""JSON of strangers: what is nested to exhaust whoever reads it is no more than a wrong answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from audiobook.engines.answers import told_error, value_at
from audiobook.outputs.edits import read_note
from audiobook.system.json_data import load_json, read_facts

if TYPE_CHECKING:
    from pathlib import Path

DEEP = b"[" * 200_000
ABOUT_AS_DEEP_AS_PYTHON_GOES = b'{"error": {"message": ' + b"[" * 900 + b"]" * 900 + b"}}"


@pytest.mark.parametrize("data", [DEEP, b'{"a":' * 200_000, DEEP.decode()])
def test_it_is_refused(data: bytes | str) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        load_json(data)


def test_a_server_that_answers_so() -> None:
    assert value_at(DEEP, "audio") is None
    assert told_error(DEEP) == ("", "", None)
    assert told_error(ABOUT_AS_DEEP_AS_PYTHON_GOES) == ("", "", None)


def test_a_book_whose_tags_hold_that() -> None:
    assert read_note(DEEP.decode()) == {}
    assert read_note("[1]") == {}


def test_a_file_of_facts_is_read_within_a_bound(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(b"{}\r\n")
    assert read_facts(path, 4) == b"{}\r\n"
    with pytest.raises(ValueError, match="larger than"):
        read_facts(path, 3)


@pytest.mark.parametrize("place", ["a pipe", "a folder", "/dev/zero"])
def test_what_is_no_file_is_not_read(tmp_path: Path, place: str) -> None:
    path = tmp_path / "facts.json"
    if place == "a pipe":
        os.mkfifo(path)
    elif place == "a folder":
        path.mkdir()
    else:
        path.symlink_to(place)
    with pytest.raises((OSError, ValueError)):
        read_facts(path)
