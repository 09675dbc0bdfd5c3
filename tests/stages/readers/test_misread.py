"""Letters that were misread are mended, and what was right stays as it is, whatever it holds."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import DATA, ROOT, SHARED

from audiobook.stages import readers
from audiobook.vietnamese.syllables import is_vietnamese

sys.path.insert(0, str(ROOT / "tests" / "vietnamese"))
from test_encodings import LEGACY, STORY, plain_marks, shown_as_windows

CASES = SHARED / "cases"
TEXT = (DATA / "ve-tinh.txt").read_text("utf-8") + STORY
WORDS = sorted(word for word in set(re.findall(r"[^\W\d_]+", TEXT)) if is_vietnamese(word))
# What right texts hold besides words: foreign names, signs, and Đ as some keyboards have it.
BETWEEN = (
    "Ðộ Ðông Ðà ðó Müller François Beyoncé café naïve Škoda Œuvre São Æsir Þór El Niño × ÷ ± § ¶"
    " © ® ™ • · … – — « » “lá” ‘ừ’ lá»… ĐÃ… VÔ” 20°C 5µm ½ ¼ £5 ¥ €3 1ª nº2 ¿ ¡ ñ ß ø å ï ü ¬ ¦ ¤"
).split()
WRITTEN = {ord("Ð"): "Đ", ord("ð"): "đ"}

right = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(WORDS) | st.sampled_from(BETWEEN),
    min_size=1,
    max_size=30,
).map(" ".join)
quick = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a text read through the front door, and the steps that it took."""
    path = folder / "van-ban.txt"
    path.write_text(text, "utf-8")
    document = readers.read(str(path))
    lines = [
        paragraph.text.strip("\n")
        for chapter in document.chapters
        for paragraph in chapter.paragraphs
    ]
    return lines, [change.step for change in document.changes]


@given(paragraphs=st.lists(right, min_size=1, max_size=8))
@quick
def test_right_text_stays_as_it_is(tmp_path: Path, paragraphs: list[str]) -> None:
    paragraphs = [text for text in paragraphs if any(map(str.isalnum, text))]
    if paragraphs:
        assert read(tmp_path, "\n\n".join(paragraphs)) == (paragraphs, [])
        apart = [unicodedata.normalize("NFD", text) for text in paragraphs]
        assert read(tmp_path, "\n\n".join(apart)) == (apart, [])


@pytest.mark.skipif(not CASES.exists(), reason=f"there is no {CASES}")
def test_an_icelandic_letter_for_a_vietnamese_one() -> None:
    path = CASES / "chu-eth.txt"
    document = readers.read(str(path))
    text = "\n\n".join(paragraph.text for paragraph in document.chapters[0].paragraphs)
    assert text.strip() == path.read_text("utf-8").strip()
    assert document.changes == ()


MISREAD = {
    **{encoding: (LEGACY[encoding], encoding) for encoding in LEGACY},
    "UTF-8": (str.encode, "UTF-8"),
    "UTF-8 twice": (lambda text: shown_as_windows(text.encode()).encode(), "UTF-8"),
}


@pytest.mark.parametrize("encoding", MISREAD)
@pytest.mark.parametrize("shows", ["windows", "latin-1"])
@pytest.mark.parametrize("around", [0, 1, 20])
def test_what_was_misread_is_mended(tmp_path: Path, encoding: str, shows: str, around: int) -> None:
    """Wholly, or one paragraph among good ones that hold signs and foreign names."""
    write, name = MISREAD[encoding]
    meant = plain_marks(" ".join(STORY.split()), encoding)
    shown = write(meant)
    text = shown_as_windows(shown) if shows == "windows" else shown.decode("latin-1")
    good = ["Chú Ðộ, ba ơi! Thế thì cứ đọc mãi cũng chẳng biết chán: café • Müller “ừ”…"] * around
    paragraphs, steps = read(tmp_path, "\n\n".join([*good, text, *good]))
    assert paragraphs == [*good, meant, *good]
    assert len(steps) == 1
    # Text without tones on capitals is the same in TCVN3 and TCVN 5712.
    assert steps[0].endswith(name) or {name, steps[0][-5:]} == {"TCVN 5712", "TCVN3"}


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=30, max_size=60),
    encoding=st.sampled_from(sorted(MISREAD)),
)
@quick
def test_any_sentence_among_good_ones_is_mended(
    tmp_path: Path, words: list[str], encoding: str
) -> None:
    write, _ = MISREAD[encoding]
    meant = " ".join(words).lower()
    good = ["Thế thì cứ đọc mãi cũng chẳng biết chán, nhất là những hôm trời rét."] * 3
    paragraphs, steps = read(tmp_path, "\n\n".join([*good, shown_as_windows(write(meant)), *good]))
    assert paragraphs[:3] == paragraphs[4:] == good
    # It may not be sure, but then it does nothing.
    assert not steps or (paragraphs[3] == meant)
