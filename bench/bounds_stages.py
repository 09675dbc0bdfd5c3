"""The stages of making a book and what comes after, each as a function of the size of the text."""

from __future__ import annotations

import random
import tempfile
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.audit import audit
from audiobook.config import load_voice
from audiobook.model import (
    Book,
    Cast,
    Chapter,
    Cue,
    Document,
    Meta,
    RecordedBook,
    RecordedPassage,
    Sound,
    Timing,
)
from audiobook.outputs import epub, mp3, transcripts
from audiobook.podcast import cutting, pages, volumes
from audiobook.podcast.division import Division, divide
from audiobook.podcast.model import Addresses, Library
from audiobook.stages import bind, chapters, readers, record, tidy
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

SYLLABLES = (
    "ăn ba bà bên biển bóng buổi cá cánh cây chân chiều chim cho có con còn của cửa dài dòng "
    "đã đây đêm đến đi đồng đứng gió giữa hai hay hết hoa hơn im khi không lá làm làng lên "
    "lòng lớn lúa mắt mẹ mình mới mưa một nắng năm nghe ngồi người nhà nhìn nhỏ nói nước ở qua "
    "ra rồi rừng sáng sau sông tay thấy thì thuyền tiếng tôi trăng trên trong trời từ và vào "
    "về vẫn xa xanh xuống ý yên"
).split()


def sentence(chance: random.Random) -> str:
    """Make a sentence up."""
    words = " ".join(chance.choices(SYLLABLES, k=chance.randrange(6, 22)))
    return words[0].upper() + words[1:] + chance.choice((".", ".", ".", "!", "?", ", năm 1945."))


@cache
def text(characters: int) -> str:
    """Make up a book of about so many characters: chapters of paragraphs of sentences."""
    chance = random.Random(7)
    blocks: list[str] = []
    length = number = 0
    while length < characters:
        if length >= number * 6_000:
            number += 1
            blocks.append(f"Chương {number}: {sentence(chance)[:-1]}")
        blocks.append(" ".join(sentence(chance) for _ in range(chance.randrange(1, 8))))
        length += len(blocks[-1]) + 2
    return "\n\n".join(blocks) + "\n"


@cache
def folder() -> Path:
    """Return where files go."""
    return Path(tempfile.mkdtemp(prefix="bounds-"))


@cache
def source(characters: int) -> Path:
    """Write a book's text."""
    path = folder() / f"{characters}.txt"
    path.write_text(text(characters), "utf-8")
    return path


@cache
def read(characters: int) -> Document:
    """Read a book."""
    return readers.read(str(source(characters)))


@cache
def tidied(characters: int) -> Document:
    """Read a book and put it in order."""
    return tidy.tidy(read(characters))


@cache
def divided(characters: int) -> Document:
    """Read a book, put it in order and divide it."""
    return chapters.divide(tidied(characters))


def script(document: Document, lexicon: Lexicon | None = None) -> int:
    """Write what is said, and count the sentences."""
    cast = Cast(load_voice("hanoi"))
    return sum(
        len(passage.utterances)
        for number, chapter in enumerate(document.chapters)
        for passage in write_passages(chapter, number, cast, lambda _: 500, lexicon or Lexicon())
    )


SOUND = Sound(bitrate=16)
PASSAGE = 20 * mp3.samples_per_frame(SOUND.rate)


@cache
def sound() -> bytes:
    """Return the sound of a passage, shorter than passages are."""
    import numpy as np

    return mp3.encode(np.zeros(PASSAGE, np.int16), SOUND.rate, SOUND.bitrate)


@cache
def recorded_book(characters: int) -> RecordedBook:
    """Pretend that a book was recorded: every passage, its sentences evenly over it."""
    cast = Cast(load_voice("tone"))
    made = []
    for number, chapter in enumerate(divided(characters).chapters):
        for passage in write_passages(chapter, number, cast, lambda _: None, Lexicon()):
            said = [utterance.text for utterance in passage.utterances]
            step = PASSAGE // len(said)
            cues = tuple(Cue(at * step, (at + 1) * step, one) for at, one in enumerate(said))
            made.append(
                RecordedPassage(chapter=number, key="", timing=Timing(PASSAGE, cues, -20.0, 100))
            )
    return RecordedBook(
        meta=Meta(title="Sách", author="Ai", language="vi"),
        chapters=divided(characters).chapters,
        passages=made,
        sound=SOUND,
        sound_of=lambda _: sound(),
    )


def bound(characters: int) -> Book:
    """Bind a book."""
    path = folder() / f"{characters}.mp3"
    return bind.bind(recorded_book(characters), mp3, path, "bounds")


@cache
def book(characters: int) -> Book:
    """Return a book that is bound once."""
    return bound(characters)


def rendered(characters: int) -> None:
    """Write transcripts of every kind."""
    cues = cues_of(characters)
    for kind in transcripts.KINDS:
        transcripts.render(kind, book(characters), cues)


@cache
def cues_of(characters: int) -> list[Cue]:
    """Return every sentence of a book."""
    return [
        cue.shifted(number * PASSAGE)
        for number, passage in enumerate(recorded_book(characters).passages)
        for cue in passage.timing.cues
    ]


def along(characters: int) -> None:
    """Write the EPUB to read along."""
    path = folder() / f"{characters}.epub"
    bind.bind(recorded_book(characters), epub, path, "bounds")


def fed(characters: int) -> None:
    """Read a book for a podcast, write its page, cut it into chapters."""
    volume = volumes.with_cover_and_cues(volumes.read_volume(book(characters).path))
    at = Addresses(media="a.mp3", cover="", vtt="", srt="", chapters="", feed="", page="a.html")
    pages.render_volume(Library(title="Tủ sách"), volume, at)
    with cutting.open_sections(volume, divide(volume, Division.CHAPTERS)) as parts:
        for part in parts:
            for _ in part.blocks():
                pass


def recorded(characters: int) -> None:
    """Record some of a book, a passage after the other."""
    cast = Cast(load_voice("tone"))
    passages = (
        passage
        for number, chapter in enumerate(divided(characters).chapters)
        for passage in write_passages(chapter, number, cast, lambda _: None, Lexicon())
    )
    for passage in islice(passages, characters // 20_000):
        record.record(passage, cast, SOUND)


def endless(characters: int) -> None:
    """Bind one chapter of an hour, or of ten, and cut it out again."""
    import numpy as np

    length = 2_700 * mp3.samples_per_frame(SOUND.rate)
    blob = mp3.encode(np.zeros(length, np.int16), SOUND.rate, SOUND.bitrate)
    cues = tuple(Cue(at * length // 20, (at + 1) * length // 20, "Một câu.") for at in range(20))
    long, short = (
        RecordedPassage(chapter=number, key="", timing=Timing(length, cues, -20.0, 40))
        for number in (0, 1)
    )
    path = folder() / f"{characters}.long.mp3"
    recorded = RecordedBook(
        meta=Meta(title="Sách"),
        chapters=[Chapter("Dài", ()), Chapter("Ngắn", ())],
        passages=[*[long] * (characters // 1_200), short],
        sound=SOUND,
        sound_of=lambda _: blob,
    )
    bind.bind(recorded, mp3, path, "bounds")
    volume = volumes.with_cover_and_cues(volumes.read_volume(path))
    with cutting.open_sections(volume, divide(volume)) as parts:
        for part in parts:
            for _ in part.blocks():
                pass


STAGES: dict[str, tuple[Callable[[int], object], Callable[[int], object]]] = {
    "read": (source, lambda size: readers.read(str(source(size)))),
    "tidy": (read, lambda size: tidy.tidy(read(size))),
    "divide": (tidied, lambda size: chapters.divide(tidied(size))),
    "script": (divided, lambda size: script(divided(size))),
    "record": (divided, recorded),
    "bind": (recorded_book, bound),
    "one chapter": (source, endless),
    "transcripts": (book, rendered),
    "readalong": (recorded_book, along),
    "feed": (book, fed),
    "check": (book, lambda size: audit(book(size).path)),
}
"""What is to be there, and what is measured."""
