"""Files that are no texts, for the fuzzer: settings in TOML, lexicons, finished books."""

from __future__ import annotations

import io
import os
import random
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.config import default_voice, load_voice, make_job
from audiobook.errors import AudiobookError
from audiobook.model import Cast, Chapter, Meta, Paragraph, RecordedBook, RecordedPassage, Sound
from audiobook.outputs import cover
from audiobook.stages import record
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon, explain, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Voice

BOOK_TOML = """title = "Mùa nước"
date = 2020-01-02
voice = "tone"
speed = 1.2
keep = ["notes"]
[pauses]
sentence = 0.5
[cast]
dialogue = "tone"
[lexicon]
ESA = "ê sa"
"TP.HCM" = { say = "thành phố", case = true, part = true }
"""
VOICE_TOML = """engine = "tone"
accent = "north"
speed = 1.5
pitch = 0.9
rate = 22050
pace = 14.5
syllable = 0.2
concurrency = 2
[pauses]
clause = 0.1
[[files]]
name = "a.onnx"
url = "https://example.org/a.onnx"
sha256 = ""
"""
LIBRARY_TOML = """title = "Tủ sách"
email = "a@example.org"
category = "Arts > Books"
language = "vi"
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
artwork = "a.jpg"
explicit = false
"""
LEXICON = "# một dòng\nESA\tê sa\nTP.HCM\tthành phố\tcase part\nnăm 2020\tnăm hai không hai không\n"
TOKENS = [
    *("[" * 3000, "{a=" * 3000, "a." * 3000, "9" * 5000, "nan", "-inf", "1e999", "-1", "0", "''"),
    *('"\\u0000"', '"\\uD800"', '"""', "'''", "= 2020-13-45", "[[files]]", "[pauses]", "true"),
    *("\tcase,part", "\t\t", "part", "\u0301\tà", ".\tb", "\x1c\tb", "(?i)(a|b)*\tc", "*" * 300),
    *(f'{name} = "a\\u0000b"\n' for name in ("cover", "voice", "artwork", "url", "name", "model")),
    *(f"{name} = nan\n" for name in ("speed", "pace", "rate", "syllable", "clause")),
    *(f"{name} = -5\n" for name in ("rate", "concurrency", "syllable", "pace")),
    *(f"{name} = 1\n" for name in ("licence", "files", "cast", "pictures", "lexicon", "keep")),
]


def text(body: str) -> bytes:
    """Return a file of text."""
    return body.encode("utf-8", "replace")


# --- what is done with them ---------------------------------------------------------------------


def settings(path: Path) -> object:
    """Take it as each of the files of settings, and use it."""
    from audiobook.app.planning import plan
    from audiobook.podcast.library import read_library

    home = path.parent / "config"
    (home / "voices").mkdir(parents=True, exist_ok=True)
    os.environ |= {"AUDIOBOOK_CONFIG": str(home), "AUDIOBOOK_CACHE": str(home / "cache")}
    source = path.parent / "source.txt"
    source.write_text("Chương 1\n\nESA ở TP.HCM năm 2020.", "utf-8")
    data = path.read_bytes()
    refused: AudiobookError | None = None
    used = 0
    for place, use in (
        (path.parent / "book.toml", lambda: plan(make_job(str(source), folder=home, voice="tone"))),
        (home / "config.toml", default_voice),
        (home / "voices" / "my.toml", lambda: _speak(load_voice("my"))),
        (path.parent / "library.toml", lambda: read_library(path.parent)),
    ):
        place.write_bytes(data)
        try:
            use()
            used += 1
        except AudiobookError as problem:
            refused = problem
        finally:
            place.unlink()
    if refused is not None and not used:
        raise refused
    return True


def _speak(voice: Voice) -> None:
    """Record a sentence with it."""
    if voice.engine == "tone":
        chapter, cast = Chapter("", (Paragraph("Một câu, hai vế."),)), Cast(voice)
        for passage in write_passages(chapter, 0, cast, lambda _: None, Lexicon()):
            record.record(passage, cast, Sound(rate=voice.rate))


def lexicon(path: Path) -> object:
    """Read it, and find what it teaches."""
    from audiobook.config.lexicons import read_lexicon

    taught = Lexicon(read_lexicon(path))
    for said in ("ESA ở TP.HCM năm 2020.", path.read_text("utf-8-sig", "replace")[:2000]):
        for line in said.splitlines():
            say(line, explain(line, "north", lexicon=taught))
    return True


def book(path: Path) -> object:
    """Audit it, write the page of that, and if it is an MP3 make a podcast of it."""
    from audiobook import audit
    from audiobook.audit.page import render
    from audiobook.audit.report import json_values
    from audiobook.podcast import cutting, pages, volumes
    from audiobook.podcast.division import divide
    from audiobook.podcast.lint import probe
    from audiobook.podcast.model import Addresses, Library

    refused: AudiobookError | None = None
    try:
        found = audit.audit(path)
        json_values(found)
        render(found).encode("utf-8", "replace")
    except AudiobookError as problem:
        refused = problem
    if path.suffix == ".mp3":
        with suppress(AudiobookError):
            volume = volumes.with_cover_and_cues(volumes.read_volume(path))
            at = Addresses(
                media="a.mp3", cover="", vtt="", srt="", chapters="", feed="", page="a.html"
            )
            pages.render_volume(Library(title="Tủ"), volume, at).encode()
            if volume.meta.cover:
                cover.fit(volume.meta.cover, "its cover")
            if len(volume.chapters) > 1:
                with cutting.open_sections(volume, divide(volume)) as parts:
                    for part in parts:
                        list(probe.check_sound(io.BytesIO(b"".join(part.blocks()))))
            refused = None
    if refused is not None:
        raise refused
    return True


@cache
def _picture() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (1400, 1400), "navy").save(file, "PNG")
    return file.getvalue()


# --- finished books to damage -------------------------------------------------------------------


@cache
def made(form: str) -> bytes:
    """Return a small book in a format."""
    from audiobook.stages import bind

    voice = load_voice("tone")
    cast, sound = Cast(voice), Sound(rate=voice.rate, format=form)
    meta = Meta(
        title="Sách",
        author="Ai",
        narrator="Ai",
        date="2020",
        language="vi",
        genre="",
        publisher="",
        description="Mô tả",
        cover=_picture(),
    )
    chapters = [Chapter(f"Chương {n}", (Paragraph("Một câu. Hai câu."),)) for n in (1, 2)]
    recorded = {
        str(number): record.record(passage, cast, sound)
        for number, chapter in enumerate(chapters)
        for passage in write_passages(chapter, number, cast, lambda _: None, Lexicon())
    }
    book = RecordedBook(
        meta=meta,
        chapters=chapters,
        passages=[
            RecordedPassage(chapter=int(key), key=key, timing=one.timing)
            for key, one in recorded.items()
        ],
        sound=sound,
        sound_of=lambda key: recorded[key].sound,
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a"
        bind.bind(book, outputs.load(form), path, "fuzz")
        return path.read_bytes()


def tagged(body: str) -> bytes:
    """Return an MP3 whose tag an enemy wrote: texts, times and tables as the body has it."""
    from mutagen.id3 import APIC, CHAP, COMM, CTOC, ID3, SYLT, TIT2, TLAN, TPE1, TXXX

    chance = random.Random(body)
    file = io.BytesIO(made("mp3"))
    tag = ID3(file)
    said = body.encode("utf-8", "replace").decode()
    names = [f"n{number}" for number in range(chance.choice((2, 5, 40, 300)))]

    def far() -> int:
        return chance.choice((0, 1, 100, 500, 1000, 2**31, 2**32 - 1))

    for frame in (TIT2, TPE1, TLAN):
        tag.add(frame(encoding=1, text=[said]))
    tag.add(COMM(encoding=1, lang="vie", desc="", text=[said]))
    tag.add(SYLT(encoding=1, lang="vie", format=2, type=1, desc="", text=[(said or "a", far())]))
    if chance.random() < 0.3:
        tag.add(TXXX(encoding=1, desc="audiobook-order", text=[said]))
    if chance.random() < 0.3:
        tag.add(APIC(encoding=0, mime="image/png", type=3, data=said.encode()))
    for name in names:
        title = [TIT2(encoding=1, text=[said[:200]])]
        if chance.random() < 0.5:
            times = {"start_time": far(), "end_time": far(), "start_offset": 0, "end_offset": 0}
            tag.add(CHAP(element_id=name, sub_frames=title, **times))
        else:
            below = chance.choices(names, k=chance.choice((0, 1, 2, 20)))
            flags = chance.choice((0, 1, 2, 3))
            tag.add(CTOC(element_id=name, flags=flags, child_element_ids=below, sub_frames=title))
    tag.save(file, v2_version=3)
    return file.getvalue()


def framed(form: str) -> Callable[[str], bytes]:
    """Return what puts a body into the middle of a book's head, its lengths left wrong."""

    def make(body: str) -> bytes:
        data, piece = made(form), body.encode("utf-8", "replace")
        at = random.Random(body).randrange(min(len(data), 4000))
        return data[:at] + piece + data[at + len(piece) :]

    return make
