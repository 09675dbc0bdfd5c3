"""From what was said back to what is written."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED

from audiobook import engines
from audiobook.config import load_voice
from audiobook.model import Mark, Teaching, Word
from audiobook.vietnamese import Lexicon, explain, is_speakable, pack_clauses, say, split_sentences
from audiobook.vietnamese.alignment import align_words, guess_marks, trace_spans

ARTICLE = SHARED / "article.txt"


def said(text: str, limit: int | None = None, lexicon: Lexicon | None = None) -> list[str]:
    """Say a text word by word, and name the words as written that they come back to."""
    readings = explain(text, respell=True, lexicon=lexicon)
    packed = pack_clauses(say(text, readings), limit)
    pieces = tuple(piece for piece in packed if is_speakable(piece))
    marks = [[Mark(0, word.start()) for word in re.finditer(r"\w+", piece)] for piece in pieces]
    words = align_words(text, pieces, trace_spans(text, readings, pieces), marks)
    return [text[word.start : word.end] for word in words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Trời xanh, mây trắng.", ["Trời", "xanh,", "mây", "trắng."]),
        ("Lúc 8h30 họp.", ["Lúc", "8h30", "họp."]),
        ("Lúc 8h30rồi đi", ["Lúc", "8h30rồi", "đi"]),
        ("(ESA) có 3,5% “vốn”", ["(ESA)", "có", "3,5%", "“vốn”"]),
        ("Giá 5 km một lượt", ["Giá", "5 km", "một", "lượt"]),
        ("Ông Thomas Reiter - phi công", ["Ông", "Thomas", "Reiter", "phi", "công"]),
        ("2/9/1945", ["2/9/1945"]),
        ("  Lùi  vào", ["Lùi", "vào"]),
        ("ABC-Việt 7", ["ABC-Việt", "7"]),
        ("…", []),
    ],
)
def test_words_as_written(text: str, words: list[str]) -> None:
    assert said(text) == words


@pytest.mark.parametrize("limit", [9, 12, 30, 100])
def test_pieces_make_no_difference(limit: int) -> None:
    text = "Ngày 2/9/1945,  ông Thomas … và 17 con tàu (ESA) bay lên; 3.500 người xem, vui lắm."
    assert said(text, limit) == said(text)


def test_cut_words_and_pieces_left_out() -> None:
    assert said("ngoằnngoèo … … … … xa", 5) == ["ngoằnngoèo", "xa"]


def test_the_lexicon_is_followed_back() -> None:
    lexicon = Lexicon(
        [Teaching(written="MOHO Ltd", spoken="mô hô"), Teaching(written="ừm", spoken="")]
    )
    assert said("Hãng MOHO Ltd, ừm, bay", lexicon=lexicon) == ["Hãng", "MOHO Ltd,", "bay"]


def test_letters_that_were_respelled_give_one_word() -> None:
    assert said("Ｎăm ２０２６ đã qua") == ["Ｎăm ２０２６ đã qua"]


def test_the_first_mark_of_a_word_counts() -> None:
    marks = [[Mark(5, 0), Mark(9, 2), Mark(20, 5)], [Mark(50, 0)]]
    assert align_words("xuân hè thu", ("xuân hè", "thu"), (), marks) == (
        Word(5, 0, 4),
        Word(20, 5, 7),
        Word(50, 8, 11),
    )


@given(st.text("aăđ1597 ,.;:-/%()“”…😀\u0301hkmIVXESA\u200b", max_size=60), st.integers(1, 30))
def test_any_text_comes_back_in_order(text: str, limit: int) -> None:
    words = said(text, limit)
    position = 0
    for word in words:
        position = text.index(word, position) + len(word)
        assert word.strip() == word != ""


def test_a_guess_minds_commas_and_lasts_as_long() -> None:
    marks = guess_marks("một hai, ba bốn", 22050)
    gaps = np.diff([mark.sample for mark in marks])
    assert [mark.position for mark in marks] == [0, 4, 9, 12]
    assert marks[0].sample == 0
    assert gaps[1] > 1.5 * gaps[0]
    assert marks[-1].sample < 22050 * 0.8
    assert guess_marks("…", 100) == ()


@pytest.mark.skipif(not ARTICLE.exists(), reason=f"there is no {ARTICLE}")
def test_a_guess_is_near_the_truth() -> None:
    voice = load_voice("hanoi")
    errors = []
    for text in split_sentences(ARTICLE.read_text("utf-8"))[:30]:
        readings = explain(text, respell=True)
        pieces = (say(text, readings),)
        spans = trace_spans(text, readings, pieces)
        (audio,) = engines.load("espeak").say(pieces, voice)
        loud = np.flatnonzero(np.abs(audio.samples.astype(int)) > 58)
        start, end = int(loud[0]), int(loud[-1])
        true = align_words(text, pieces, spans, [audio.marks])
        told = {word.start: word.at - start for word in true}
        guessed = align_words(text, pieces, spans, [guess_marks(pieces[0], end - start)])
        assert told.keys() <= {word.start for word in guessed}
        errors += [abs(word.at - told[word.start]) for word in guessed if word.start in told]
    seconds = np.array(errors) / voice.rate
    assert len(seconds) > 300
    assert np.mean(seconds) < 0.1
    assert np.quantile(seconds, 0.95) < 0.25
