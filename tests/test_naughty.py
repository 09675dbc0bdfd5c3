"""Texts that break programs, as title, author, chapter and body of books in every format."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import srt
import webvtt
from lxml import etree
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from naughty import NAUGHTY

from audiobook.app.build import build
from audiobook.config import load_voice
from audiobook.model import Cast, Chapter, Document, Job, Meta, Paragraph, Pauses, Sound
from audiobook.stages import readers
from audiobook.system.files import safe_name
from audiobook.vietnamese import clean_line
from audiobook.vietnamese.rules.han import leave_out_unsayable

if TYPE_CHECKING:
    from audiobook.model import Book

FORMATS = ("mp3", "m4b", "opus", "epub")
SAID = "Lành."
DOCUMENT = Document(
    meta=Meta(),
    chapters=tuple(Chapter(text, (Paragraph(text), Paragraph(SAID))) for text in NAUGHTY.values()),
)
# What is not put in order must do no harm either.
ALL_KEPT = ("letters", "markup", "wrapped-lines", "ornaments", "addresses")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("naughty")
    (made / "a.txt").write_text(SAID, "utf-8")
    return made


def make(folder: Path, form: str, meta: Meta | None = None, **more: Any) -> Book:
    pauses = [field.name for field in fields(Pauses)]
    voice = replace(load_voice("tone"), speed=5.0, pauses=Pauses(**dict.fromkeys(pauses, 0.05)))
    sound = Sound(rate=voice.rate, format="mp3" if form == "epub" else form)
    known = meta or Meta(title="Sách")
    job = Job(
        source=str(folder / "a.txt"),
        folder=folder,
        cast=Cast(voice),
        sound=sound,
        meta=known,
        workers=1,
        cache=folder / "cache",
    )
    return build(replace(job, format=form, cover=False, **more))


@pytest.fixture(scope="module")
def books(folder: Path) -> dict[str, Book]:
    """A book in each format in which every text is the title of a chapter, and read."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(readers, "read", lambda *_, **__: DOCUMENT)
        return {
            form: make(
                folder,
                form,
                split=form == "mp3",
                transcripts=("vtt", "srt", "lrc") if form == "mp3" else (),
                keep=ALL_KEPT,
            )
            for form in FORMATS
        }


def is_harmless(text: str) -> bool:
    """Whether it is one line of characters that can be written."""
    return not any(
        unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or ord(sign) & 0xFFFE == 0xFFFE
        for sign in text
    )


# --- chapters and text --------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="there is no ffprobe")
@pytest.mark.parametrize("form", ["mp3", "m4b", "opus"])
def test_each_is_one_chapter(books: dict[str, Book], form: str) -> None:
    command = [
        "ffprobe",
        "-v",
        "error",
        "-show_chapters",
        "-show_format",
        "-show_streams",
        "-of",
        "json",
    ]
    told = json.loads(subprocess.check_output([*command, str(books[form].path)]))
    titles = [one["tags"].get("title", "") for one in told["chapters"]]
    expected = [clean_line(leave_out_unsayable(text)) or "Sách" for text in NAUGHTY.values()]
    if form == "mp3":
        assert titles == expected
    assert len(titles) == len(expected)
    assert all(map(is_harmless, titles))
    tags = [one.get("tags", {}) for one in (told["format"], *told["streams"])]
    assert "Sách" in [one.get("title") or one.get("TITLE") for one in tags]
    assert all(float(one["end_time"]) > float(one["start_time"]) for one in told["chapters"])


def test_synced_text_in_the_tag(books: dict[str, Book]) -> None:
    tag = ID3(books["mp3"].path)
    (synced,), (plain,) = tag.getall("SYLT"), tag.getall("USLT")
    # An empty line stands between paragraphs.
    lines = [line for line in plain.text.split("\n") if line]
    assert len(synced.text) == books["mp3"].sentences == len(lines)
    assert [text for text, _ in synced.text].count(SAID) == len(NAUGHTY)
    assert all(is_harmless(text) for text, _ in synced.text)


def test_transcripts_hold_a_caption_for_each_sentence(books: dict[str, Book]) -> None:
    book = books["mp3"]
    captions = webvtt.read(str(book.path.with_suffix(".vtt"))).captions
    assert len(captions) == book.sentences
    vtt = book.path.with_suffix(".vtt").read_text("utf-8")
    assert len(re.findall("-->", vtt)) == book.sentences
    assert not re.search("\n\n(STYLE|REGION)", vtt)
    assert set(re.findall(r"<[^>]*>", vtt)) <= set(re.findall(r"<\d\d:\d\d:\d\d\.\d{3}>", vtt))

    text = book.path.with_suffix(".srt").read_text("utf-8")
    shown = list(srt.parse(text))
    assert [one.index for one in shown] == list(range(1, len(shown) + 1))
    assert len(re.findall("-->", text)) == len(shown)
    assert not re.search(r"<[a-z/!]|\{\\", text, re.IGNORECASE)
    assert [one.content for one in shown].count(SAID) == len(NAUGHTY)

    rows = book.path.with_suffix(".lrc").read_text("utf-8").splitlines()
    spoken = [row for row in rows if re.match(r"\[\d", row)]
    assert len(spoken) == book.sentences == len(rows) - 4
    times = [re.findall(r"[\[<]\d+:[\d.]+[\]>]", row) for row in spoken]
    assert all(one == sorted(one, key=lambda time: time[1:-1]) for one in times)
    assert not [row for row in spoken if len(re.findall(r"\[[\d:.]+\]", row)) > 1]


def test_read_along(books: dict[str, Book]) -> None:
    with zipfile.ZipFile(books["epub"].path) as archive:
        names = archive.namelist()
        files = {name: archive.read(name) for name in names if not name.endswith(".mp3")}
    tags = set()
    for name, data in files.items():
        if name.endswith((".xhtml", ".opf", ".ncx", ".smil", ".xml")):
            parser = etree.XMLParser(resolve_entities=False)
            root = etree.fromstring(data, parser)
            tags |= {etree.QName(one).localname for one in root.iter(etree.Element)}
            assert not [
                key for one in root.iter(etree.Element) for key in one.attrib if key[:2] == "on"
            ]
    assert not tags & {"script", "iframe", "img", "svg", "style"}
    assert sum(name.endswith(".xhtml") and "text/" in name for name in names) == len(NAUGHTY)
    assert not [name for name in names if ".." in name or name.startswith("/")]


def test_names_of_files(books: dict[str, Book]) -> None:
    folder = books["mp3"].path.with_suffix("")
    names = sorted(os.fsencode(path.name) for path in folder.iterdir())
    assert len(names) == len(NAUGHTY)
    assert not any(path.is_dir() for path in folder.iterdir())
    for number, name in enumerate(names, 1):
        assert len(name) <= 255
        assert name.startswith(b"%02d -" % number)
        assert is_harmless(name.decode())
        assert not re.search(rb'[<>:"/\\|?*]|[. ]\.mp3$', name)
    assert {path.name for path in folder.parent.iterdir()} >= {"a.mp3", "a"}


@pytest.mark.parametrize("text", NAUGHTY.values(), ids=list(NAUGHTY))
def test_a_name_that_every_system_takes(tmp_path: Path, text: str) -> None:
    name = safe_name(text, ".mp3")
    (tmp_path / name).write_bytes(b"")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    stem = name.removesuffix(".mp3").split(".")[0].strip().upper()
    assert stem not in {"CON", "NUL", "AUX", "PRN", "COM1", "LPT9"}
    assert name[0] not in "-. "


# --- what is said of a book ---------------------------------------------------------------------


def tags_of(book: Book, form: str) -> dict[str, list[str]]:
    """What independent readers find, each under its name."""
    if form == "mp3":
        return {key: list(frame.text) for key, frame in ID3(book.path).items() if key[0] == "T"}
    if form == "m4b":
        known: dict[str, Any] = dict(MP4(book.path))
        return {key: [*map(str, one)] for key, one in known.items() if isinstance(one, list)}
    if form == "opus":
        said: dict[str, list[str]] = dict(OggOpus(book.path))
        return {key.upper(): said[key] for key in said}
    with zipfile.ZipFile(book.path) as archive:
        root = etree.fromstring(archive.read("EPUB/package.opf"))
    found: dict[str, list[str]] = {}
    for one in root.iterfind(".//{http://purl.org/dc/elements/1.1/}*"):
        found.setdefault(etree.QName(one).localname, []).append(one.text or "")
    return found


SHOWN = {
    "mp3": ("TIT2", "TPE1", "TPE2", "TPUB", "TCOM"),
    "m4b": ("©nam", "©ART", "©nrt", "©pub", "©mvn"),
    "opus": ("TITLE", "ARTIST", "PERFORMER", "ORGANIZATION", "COMPOSER"),
    "epub": ("title", "creator", "contributor", "publisher"),
}


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_known_stays_in_its_place(folder: Path, form: str) -> None:
    def known(text: str) -> Meta:
        said: dict[str, Any] = {one.name: text for one in fields(Meta) if one.name != "cover"}
        return Meta(**said)

    # Only a date has all tags, and only accents have forms to sort by.
    usual = {
        tag for text in ("2020", "Đủ") for tag in tags_of(make(folder, form, known(text)), form)
    }
    for text in NAUGHTY.values():
        tags = tags_of(make(folder, form, known(text)), form)
        assert set(tags) <= usual, text
        clean = clean_line(text)
        for tag in SHOWN[form]:
            assert tags.get(tag, [""]) == [clean] or (not clean and tag in SHOWN[form][0]), text


def test_the_command(folder: Path) -> None:
    """With what a shell may hand over, in a terminal that may not show it."""
    out = folder / "lệnh"
    words = [sys.executable, "-m", "audiobook", "build", str(folder / "a.txt"), "--voice", "tone"]
    words += [
        "-o",
        str(out),
        "--title=-t\udcff\x1b[2J\n{{7*7}}",
        "--author=\udced\x07",
        "--cover=none",
    ]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(words, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert b"\x1b[2J" not in done.stdout + done.stderr
    assert str(ID3(out / "a.mp3")["TIT2"]) == "-t[2J {{7*7}}"
