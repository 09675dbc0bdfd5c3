"""What books are called."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.app import naming
from audiobook.errors import UsageError
from audiobook.system import files

FILES = st.builds(
    "{}.{}".format,
    st.text("aáạAbc-1 ", min_size=1, max_size=6),
    st.sampled_from(["txt", "md", "epub", "docx", "pdf", "TXT"]),
)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("texts/a.txt", ["a", "a-txt"]),
        ("a.b.EPUB", ["a.b", "a.b-epub"]),
        ("https://www.example.org/tin/mua-lu.html?x=1#y", ["mua-lu", "example.org-tin-mua-lu-x=1"]),
        ("https://a.vn/x/index.html", ["a.vn-x"]),
        ("https://a.vn/", ["a.vn"]),
        ("https://a.vn/tin/2024", ["a.vn-tin-2024"]),
        ("https://a.vn/t%E1%BA%A5m/c%C3%A1m..html", ["cám", "a.vn-tấm-cám"]),
        ("-", ["stdin"]),
    ],
)
def test_the_best_names_first(source: str, names: list[str]) -> None:
    found_names = naming.names_of(source)
    assert list(found_names[:-1]) == names
    assert found_names[-1].startswith(f"{names[-1]}-")  # with a digest


def test_a_text_from_standard_input_is_called_by_its_title() -> None:
    first, other = (naming.names_of("-", "Tấm / Cám", text) for text in ("Một.", "Hai."))
    assert first[0] == other[0] == "Tấm - Cám"
    assert first[1] != other[1]


def test_sources_that_come_together() -> None:
    assert naming.assign_names(["a.epub", "a.txt", "b/c.md", "a.docx", "https://x.vn/a"]) == {
        "a.txt": "a",
        "a.docx": "a-docx",
        "a.epub": "a-epub",
        "b/c.md": "c",
        "https://x.vn/a": "x.vn-a",
    }
    # The name with an ending may be that of another source.
    assert len(set(naming.assign_names(["a.txt", "a.epub", "a-epub.txt"]).values())) == 3


@given(st.lists(FILES, unique=True, max_size=8), st.randoms())
def test_no_two_share_a_name_whatever_their_order(sources: list[str], random: object) -> None:
    names = naming.assign_names(sources)
    shuffled = list(sources)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert naming.assign_names(shuffled) == names
    assert len({name.casefold() for name in names.values()}) == len(names) == len(sources)


def test_an_identity_is_the_name_on_every_system() -> None:
    composed, decomposed = (unicodedata.normalize(form, "/x/tiếng.txt") for form in ("NFC", "NFD"))
    assert naming.identity_of(composed) == naming.identity_of(decomposed)
    assert naming.identity_of("b/a.txt") == naming.identity_of("c/a.txt")
    assert naming.identity_of("a.txt") != naming.identity_of("a.epub")
    assert naming.identity_of("a.txt") != naming.identity_of("a.txt", joined=True)
    assert naming.identity_of("https://a.vn/b#c") == naming.identity_of("https://a.vn/b#d")
    assert naming.identity_of("https://a.vn/b?1") != naming.identity_of("https://a.vn/b?2")
    assert naming.is_from_stdin(naming.identity_of("-", "Một."))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_a_name_fits_and_loses_no_half_of_a_letter(name: str) -> None:
    fitted = files.fit_name(name, ".readalong.epub")
    assert len(os.fsencode(fitted)) <= 255
    assert fitted.endswith(".readalong.epub")
    if len(os.fsencode(name)) <= 240:
        assert fitted == f"{name}.readalong.epub"


def test_names_that_begin_alike_stay_two() -> None:
    first, second = (files.fit_name("ạ" * 84 + end, ".mp3") for end in "xy")
    assert first != second
    assert first.startswith("ạ" * 70)
    decomposed = files.fit_name("e\u0323\u0302" * 60, ".mp3")
    assert decomposed.partition("-")[0][-3:] == "e\u0323\u0302"
    assert files.fit_name("\udcff" * 251, ".mp3") == "\udcff" * 251 + ".mp3"


@pytest.mark.parametrize(
    ("path", "form", "file", "chosen"),
    [
        ("sach", None, None, None),
        ("sach", "opus", None, "opus"),
        ("out.v2", None, None, None),
        ("sach/mot.m4b", None, "sach/mot.m4b", "m4b"),
        ("mot.epub", "epub", "mot.epub", "epub"),
    ],
)
def test_an_output_is_a_folder_or_a_file(
    path: str, form: str | None, file: str | None, chosen: str | None
) -> None:
    output = naming.choose_output(Path(path), form)
    assert output.file == (None if file is None else Path(file))
    assert output.folder == (Path(path) if file is None else Path(path).parent)
    assert output.form == chosen


@pytest.mark.parametrize(("path", "form"), [("mot.flac", None), ("mot.mp3", "m4b")])
def test_an_output_of_another_format(path: str, form: str | None) -> None:
    with pytest.raises(UsageError):
        naming.choose_output(Path(path), form)
