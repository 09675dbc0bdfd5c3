"""Encodings: text written in each of them comes back, and nothing else is taken for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from places import DATA, SHARED

from audiobook.errors import SourceError
from audiobook.vietnamese.encodings import Decoded, decode, recognise_mojibake
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table

ARTICLE = SHARED / "article.txt"

ROWS = load_table("encodings.tsv")
ALPHABET = "".join(row[0] for row in ROWS)
# What Windows fonts show at 80 to 9F where an encoding has no letter there.
PUNCTUATION = {ord(mark): mark.encode("cp1252").decode("latin-1") for mark in "…‘’“”–—"}

STORY = """\
Ngày xưa, ở một làng nọ, có hai vợ chồng già; họ hiền lành, chăm chỉ, nhưng nghèo lắm.
“Trời ơi!”, bà lão than: “Bao giờ mình mới hết khổ?” Ông lão chỉ cười, chẳng nói gì…
Sáng hôm ấy, khi mặt trời vừa ló khỏi rặng tre, cậu bé Đỗ Văn Ưu đã dắt trâu ra đồng – một mình.
"""


def mend_mojibake(text: str) -> Decoded | None:
    found = recognise_mojibake(text)
    return Decoded(found.mend(text), found.encoding) if found else None


def _table(column: int) -> dict[int, str]:
    return {ord(row[0]): bytes.fromhex(row[column]).decode("latin-1") for row in ROWS}


def _bytes(column: int, text: str) -> bytes:
    return text.translate(_table(column)).translate(PUNCTUATION).encode("latin-1")


def tcvn_5712(text: str) -> bytes:
    return _bytes(1, text)


def tcvn3(text: str) -> bytes:
    """Encode with small letters where there are no capitals, as the fonts of capitals have it."""
    table = _table(1)
    for letter in ALPHABET:
        if letter.isupper() and letter not in "ĂÂÊÔƠƯĐ":
            table[ord(letter)] = table[ord(letter.lower())]
    return text.translate(table).translate(PUNCTUATION).encode("latin-1")


def viscii(text: str) -> bytes:
    return _bytes(2, text)


def vps(text: str) -> bytes:
    return _bytes(3, text)


def vni(text: str) -> bytes:
    return _bytes(4, text)


def cp1258(text: str) -> bytes:
    """Encode with tones apart: ă, â, ê, ô, ơ, ư and đ are letters, all tones follow theirs."""
    apart = re.sub(
        r"(\w[\u0302\u0306\u031b]?)([\u0300\u0301\u0303\u0309]|\u0323)?",
        lambda letter: unicodedata.normalize("NFC", letter[1]) + (letter[2] or ""),
        _tone_last(text),
    )
    return apart.encode("cp1258")


def _tone_last(text: str) -> str:
    """Decompose, with the dot below (which sorts first) behind circumflex and breve."""
    return re.sub("(\u0323)([\u0302\u0306\u031b])", r"\2\1", unicodedata.normalize("NFD", text))


LEGACY: dict[str, Callable[[str], bytes]] = {
    "TCVN3": tcvn3,
    "TCVN 5712": tcvn_5712,
    "VISCII": viscii,
    "VPS": vps,
    "VNI": vni,
    "Windows-1258": cp1258,
}
each = pytest.mark.parametrize("encoding", LEGACY)


def plain_marks(text: str, encoding: str) -> str:
    """Return text as an encoding can hold it: some have letters where Windows has punctuation."""
    if encoding in ("VISCII", "TCVN 5712"):
        return text.replace("…", "...").translate(str.maketrans("‘’“”–—", "''\"\"--"))
    if encoding == "VPS":
        return text.replace("…", "...").translate(str.maketrans("“”–—", '""--'))
    return text


def story(encoding: str) -> str:
    """Return a story as an encoding can hold it."""
    told = (
        STORY if encoding == "TCVN3" else f"{STORY}Ấy thế mà Ở HẢI PHÒNG Ổng đã đổi được Áo mới.\n"
    )
    return plain_marks(told, encoding)


def test_the_table_has_the_whole_alphabet() -> None:
    vowels = [
        unicodedata.normalize("NFC", base + tone)
        for base in "aăâeêioôơuưy"
        for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    ]
    marked = {letter for letter in vowels if not letter.isascii()} | {"đ"}
    assert set(ALPHABET) == marked | {letter.upper() for letter in marked}
    assert len(ALPHABET) == 134


@pytest.mark.parametrize("column", range(1, 5))
def test_no_two_letters_share_their_bytes(column: int) -> None:
    assert len({row[column] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        # Every name and motto as files of their time have it.
        ("TCVN3", b"C\xe9ng h\xdfa x\xb7 h\xe9i ch\xf1 ngh\xdca Vi\xd6t Nam"),
        ("VNI", b"Co\xe4ng ho\xf8a xa\xf5 ho\xe4i chu\xfb ngh\xf3a Vie\xe4t Nam"),
        ("VISCII", b"C\xb5ng h\xf2a x\xe3 h\xb5i ch\xfc ngh\xeea Vi\xaet Nam"),
        ("VPS", b"C\xb6ng h\xf2a x\xe3 h\xb6i ch\xfb ngh\xefa Vi\x8ct Nam"),
        (
            "Windows-1258",
            b"C\xf4\xf2ng ho\xcca xa\xde h\xf4\xf2i chu\xd2 nghi\xdea Vi\xea\xf2t Nam",
        ),
    ],
)
def test_an_example_of_each(encoding: str, data: bytes) -> None:
    assert decode(data)[:2] == ("Cộng hòa xã hội chủ nghĩa Việt Nam", encoding)


@each
def test_every_letter_comes_back(encoding: str) -> None:
    # The story makes the encoding plain; the alphabet stands apart from it and from itself.
    letters = " ".join(ALPHABET)
    text = f"{story(encoding) * 9}{letters}\n"
    decoded = decode(LEGACY[encoding](text))
    assert decoded.encoding == encoding
    found = decoded.text.splitlines()[-1]
    if encoding == "TCVN3":  # which has no capitals with tones
        assert found.lower() == letters.lower()
        assert set("ĂÂÊÔƠƯĐ") <= set(found)
    else:
        assert found == letters


@each
def test_a_story(encoding: str) -> None:
    text = story(encoding)
    assert decode(LEGACY[encoding](text)) == (text, encoding, 0)


@each
@pytest.mark.skipif(not ARTICLE.exists(), reason=f"there is no {ARTICLE}")
def test_a_real_article(encoding: str) -> None:
    article = plain_marks(ARTICLE.read_text("utf-8"), encoding)
    decoded = decode(LEGACY[encoding](article))
    if encoding == "TCVN3":  # Á at the head of a sentence came without its capital
        assert decoded.text.replace("á ", "Á ") == article.replace("á ", "Á ")
    else:
        assert decoded.text == article
    assert decoded.encoding == encoding


TEXT = (DATA / "ve-tinh.txt").read_text("utf-8") + STORY
WORDS = sorted(word for word in set(re.findall(r"[^\W\d_]+", TEXT)) if is_vietnamese(word))
sentences = st.lists(st.sampled_from(WORDS), min_size=14, max_size=40).map(" ".join)


@each
@given(text=sentences)
@settings(max_examples=200, deadline=None)
def test_any_sentence_comes_back(encoding: str, text: str) -> None:
    letters = sum(map(str.isalpha, text))
    assume(letters >= 40 and sum(not word.isascii() for word in text.split()) >= 8)
    data = LEGACY[encoding](text)
    try:
        decoded = decode(data)
    except SourceError as problem:  # it may not be sure, but then it says so
        assert f" {encoding}" in str(problem)
        return
    if encoding == "TCVN3":
        assert decoded.text.lower() == text.lower()
    else:
        assert decoded.text == text


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
@given(text=sentences)
@settings(max_examples=20, deadline=None)
def test_unicode(codec: str, encoding: str, text: str) -> None:
    assert decode(text.encode(codec)) == (text, encoding, 0)


def test_big_endian_with_its_mark() -> None:
    assert decode(b"\xfe\xff" + STORY.encode("utf-16-be")).text == STORY
    assert decode(b"\0\0\xfe\xff" + STORY.encode("utf-32-be")).text == STORY


def test_capitals_that_tcvn3_does_not_have() -> None:
    heading = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert decode(tcvn3(f"{heading}\n{STORY}")).text == f"{heading}\n{STORY}"
    # One capital at the head of a word does not make it a word in capitals.
    assert decode(tcvn3(f"Bộ Hải quân\n{STORY}")).text.startswith("Bộ Hải quân\n")


def test_vni_typed_with_small_marks() -> None:
    assert decode("Aên côm vôùi caù, AÛnh ñeïp: Aûnh ñeïp".encode("latin-1")).text == (
        "Ăn cơm với cá, Ảnh đẹp: Ảnh đẹp"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Déjà vu, être ou ne pas être; où êtes-vous, mes élèves préférés ?",
        "Müller ißt ein Stück Käse, Größe fünf, für die schöne Übung.",
        "El niño pequeño comió piñas mañana; ¿qué año será?",
        "The “naïve” café’s menu — résumé attached…",
    ],
)
def test_other_languages_are_left_alone(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "Windows-1252", 0)
    assert decode(text.encode("utf-8")) == (text, "UTF-8", 0)
    assert mend_mojibake(text * 9) is None


@pytest.mark.parametrize(
    "data",
    [bytes(range(128, 256)), b"\xff" * 90, bytes(range(256)) * 9, b"\x81\x8d \x8f\x90 \x9d" * 9],
)
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(SourceError, match="book is not UTF-8 text"):
        decode(data, "book")


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with suppress(SourceError):
        assert isinstance(decode(data, hint="x").text, str)


def test_half_vietnamese_is_not_read_as_latin() -> None:
    """Letters only, so that it would pass for some western language."""
    words = "Vieät Nam ñaát nöôùc Groß Größe"
    with pytest.raises(SourceError, match="nor in an old Vietnamese encoding"):
        decode(words.encode("latin-1"))


def test_too_short_to_be_sure() -> None:
    with pytest.raises(SourceError, match="memo could be in TCVN3 or in VNI: "):
        decode("né".encode("latin-1"), "memo")


def test_text_cut_off_in_a_letter() -> None:
    with pytest.raises(SourceError, match="begins as UTF-16 but is broken at byte"):
        decode(STORY.encode("utf-16")[:-1])


def test_utf_8_with_a_scratch() -> None:
    data = (STORY * 20).encode().replace("làng".encode(), "làng".encode()[:2] + b"ng", 1)
    decoded = decode(data)
    assert (decoded.encoding, decoded.broken) == ("UTF-8", 1)
    assert decoded.text == (STORY * 20).replace("làng", "lng", 1)


def test_a_claim_must_prove_itself() -> None:
    for claim in ("utf-8", "iso-8859-1", "windows-1258", "big5", "no-such-thing", "\0"):
        assert decode(tcvn3(STORY), hint=claim) == (STORY, "TCVN3", 0)
        assert decode(STORY.encode(), hint=claim).text == STORY
    # It tells apart what is too short, and names what is not Vietnamese.
    assert decode("né".encode("latin-1"), hint="x-viet-vni").encoding == "VNI"
    russian = "Мороз и солнце; день чудесный!"
    assert decode(russian.encode("cp1251"), hint="windows-1251") == (russian, "cp1251", 0)


# --- mojibake -------------------------------------------------------------------------------------


def shown_as_windows(data: bytes) -> str:
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in data
    )


@each
def test_legacy_text_taken_for_latin(encoding: str) -> None:
    text = story(encoding)
    data = LEGACY[encoding](text)
    for shown in (data.decode("latin-1"), shown_as_windows(data)):
        assert mend_mojibake(shown) == (text, encoding, 0)


@pytest.mark.parametrize("times", [1, 2])
def test_utf_8_taken_for_windows(times: int) -> None:
    shown = STORY
    for _ in range(times):
        shown = shown_as_windows(shown.encode())
    assert mend_mojibake(shown) == (STORY, "UTF-8", 0)


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("ViÖt Nam ®Êt n­íc mÕn yªu", "Việt Nam đất nước mến yêu"),
        ("Vieät Nam ñaát nöôùc meán yeâu", "Việt Nam đất nước mến yêu"),
        ("Viá»‡t Nam Ä‘áº¥t nÆ°á»›c máº¿n yÃªu", "Việt Nam đất nước mến yêu"),
    ],
)
def test_one_line(shown: str, meant: str) -> None:
    mended = mend_mojibake(shown)
    assert mended is not None
    assert mended.text == meant


def test_short_lines_go_with_the_rest() -> None:
    """Môc lôc is as Vietnamese as Mục lục."""
    wrong = tcvn3(f"{STORY}Mục lục\n").decode("latin-1")
    assert "\nMôc lôc\n" in wrong
    assert mend_mojibake(wrong) == (f"{STORY}Mục lục\n", "TCVN3", 0)
    mixed = mend_mojibake(f"Đúng cả: cái mâm, cái nôi.\nMâm nôi\n{wrong}")
    assert mixed is not None
    assert mixed.text.startswith("Đúng cả: cái mâm, cái nôi.\nMâm nôi\n")


def test_half_right_and_half_wrong() -> None:
    wrong = tcvn3(STORY).decode("latin-1")
    mended = mend_mojibake(f"{STORY}Déjà vu, đã là.\n{wrong}")
    assert mended is not None
    assert mended.text == f"{STORY}Déjà vu, đã là.\n{STORY}"


@given(text=sentences)
@settings(max_examples=200, deadline=None)
def test_what_is_right_stays(text: str) -> None:
    assert mend_mojibake(text) is None
    assert mend_mojibake(unicodedata.normalize("NFD", text)) is None


@given(st.text(st.characters(max_codepoint=0x220), max_size=300))
def test_any_text_is_mended_or_left(text: str) -> None:
    mended = mend_mojibake(text)
    assert mended is None or mended.text.count("\n") == text.count("\n")


def test_right_text_with_a_few_signs_stays() -> None:
    assert mend_mojibake(STORY + "½ chén, ¼ thìa ± 5 ¥, François Müller ở 30 µm; §3. " * 9) is None
