"""JSON of strangers: what is nested to exhaust whoever reads it is no more than a wrong answer."""

from __future__ import annotations

import pytest

from audiobook.engines.answers import told_error, value_at
from audiobook.outputs.edits import read_note
from audiobook.system.json_data import load_json

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
