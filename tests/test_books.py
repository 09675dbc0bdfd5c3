"""Eight real books, where they lie beside the checkout: read whole, divided right, said right."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from audiobook import build
from audiobook.model import Document
from audiobook.script import sentences
from audiobook.settings import make_job
from audiobook.vietnamese import explain, say
from audiobook.vietnamese.letters import unify_letters
from audiobook.vietnamese.syllables import is_vietnamese

BOOKS = Path(__file__).parents[2] / "shared" / "books"
NAMES = sorted(path.stem for path in BOOKS.glob("*.epub"))
pytestmark = pytest.mark.skipif(not NAMES, reason=f"there are no books in {BOOKS}")


@cache
def book(name: str) -> Document:
    return build.prepare(make_job(str(BOOKS / f"{name}.epub"), folder=Path()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("respell", [False, True])
def test_not_one_syllable_of_prose_is_changed(name: str, respell: bool) -> None:
    """What is read aloud are numbers, signs and foreign words; syllables among them stay."""
    checked = 0
    for chapter in book(name).chapters:
        for sentence in map(unify_letters, sentences(chapter)):
            readings = explain(sentence, respell=respell)
            for reading in readings:
                written = re.sub(r"[0-9]\s?[^\W\d_]+", "", reading.written)  # 5 ha
                words = re.findall(r"[^\W\d_]+", written)
                syllables = [word for word in words if is_vietnamese(word) and not word.isupper()]
                kept = reading.spoken.split()
                assert all(syllable in kept for syllable in syllables), (sentence, reading)
            spoken = say(sentence, readings)
            position = heard = 0
            for reading in readings:  # what was not read is said as it stands, in order
                between = sentence[position : reading.start].strip()
                heard = spoken.index(between, heard) + len(between)
                position = reading.end
            assert spoken.endswith(sentence[position:].strip())
            checked += len(sentence)
    assert checked > 3_000
