"""Paragraphs of a text come through the file of the book onto its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import html
from mutagen.id3 import ID3

from audiobook.app.build import build
from audiobook.config import load_voice
from audiobook.model import Cast, Job, Meta, Sound
from audiobook.outputs import lyrics
from audiobook.podcast import pages, volumes
from audiobook.podcast.model import Addresses, Library

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.podcast.model import Volume

TEXT = """Chương 1

Gió thổi. Lá rơi.

Trời tối.

Chương 2

Trăng lên. Sương xuống. Đò về.
"""
AT = Addresses(media="a.mp3", cover="", vtt="", srt="", chapters="", feed="", page="a.html")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of two chapters and three paragraphs."""
    folder = tmp_path_factory.mktemp("paragraphs")
    source, voice = folder / "a.txt", load_voice("tone")
    source.write_text(TEXT, "utf-8")
    job = Job(
        source=str(source),
        folder=folder,
        cast=Cast(voice),
        sound=Sound(rate=voice.rate),
        meta=Meta(title="Đêm", language="vi"),
        workers=1,
        cache=folder / "cache",
        split=True,
    )
    return build(job).path


def parsed(volume: Volume) -> html.HtmlElement:
    page = pages.render_volume(Library(title="Tủ"), volume, AT)
    return html.document_fromstring(page.encode())


def test_the_text_of_the_tag_has_paragraphs(path: Path) -> None:
    (text,) = ID3(path).getall("USLT")
    assert str(text).split("\n\n") == [
        "Chương 1",
        "Gió thổi.\nLá rơi.",
        "Trời tối.",
        "Chương 2",
        "Trăng lên.\nSương xuống.\nĐò về.",
    ]


def test_a_chapter_on_its_own_has_its_paragraphs(path: Path) -> None:
    second = max(path.parent.glob("*/02 - *.mp3"))
    (text,) = ID3(second).getall("USLT")
    assert str(text).split("\n\n") == ["Chương 2", "Trăng lên.\nSương xuống.\nĐò về."]


def test_the_page_has_them(path: Path) -> None:
    volume = volumes.with_cover_and_cues(volumes.read_volume(path))
    page = parsed(volume)
    shown = [
        [sentence.text for sentence in block.xpath("span[@data-at]")]
        for block in page.xpath("//*[@id='text']//p | //*[@id='text']/h2")
    ]
    assert shown == [
        ["Chương 1"],
        ["Gió thổi.", "Lá rơi."],
        ["Trời tối."],
        ["Chương 2"],
        ["Trăng lên.", "Sương xuống.", "Đò về."],
    ]


def test_where_the_file_does_not_tell_each_sentence_stands_alone(path: Path) -> None:
    tag = ID3(path)
    tag.getall("USLT")[0].text = "Lời của ai khác.\n\nKhông phải của sách."
    other = path.with_name("khac.mp3")
    other.write_bytes(path.read_bytes())
    tag.save(other)
    volume = volumes.with_cover_and_cues(volumes.read_volume(other))
    assert not volume.paragraphs
    page = parsed(volume)
    assert len(page.xpath("//*[@id='text']//p")) == len(volume.cues) - 2


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("a\nb\n\nc", {0, 2}),
        ("a\nb\nc", set()),  # nothing is told of paragraphs
        ("a\n\nb", set()),  # a sentence is missing
        ("a\n\nb\nx", set()),
        ("", set()),
    ],
)
def test_only_a_text_of_these_sentences_tells(text: str, starts: set[int]) -> None:
    assert lyrics.paragraph_starts(text, ["a", "b", "c"]) == starts
    assert not starts or lyrics.paragraph_starts(text, ["a", "b"]) == set()
