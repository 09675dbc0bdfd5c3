"""Lets voices speak samples, one or all in one file, and measures how fast they speak."""

from __future__ import annotations

import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import config, engines
from audiobook.app.ownership import OutputLedger
from audiobook.app.voices import WARM_UP, check_files, keep_speed, list_voices, measured_speed
from audiobook.errors import UsageError
from audiobook.messages import message, verbatim
from audiobook.model import Chapter, Kind, Meta, Paragraph, RecordedBook, RecordedPassage
from audiobook.outputs import mp3
from audiobook.stages.bind import bind
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.system import ffmpeg, files
from audiobook.system.folders import cache_folder
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.model import Job, Passage, Recording, Sound, Voice

SAMPLE = (
    "Sáng 2/9/2025, cô Nguyễn Thị Hoa mang 24 quyển sách về thư viện của làng. "
    "Cô ngồi dưới gốc đa, đọc cho chúng tôi nghe đến tận trưa, và hỏi: “Các em thích truyện nào?”"
)
"""The usual sentences to try a voice with: a date, a name, a number and a question."""
SAMPLES = {
    "vi": SAMPLE,
    "de": "Am Morgen brachte Anna 24 Bücher in die Bibliothek. Welche Geschichte mögt ihr?",
    "en": "In the morning, Anna took 24 books to the library. Which story do you like best?",
    "es": "Por la mañana, Ana llevó 24 libros a la biblioteca. ¿Qué cuento os gusta más?",
    "fr": "Le matin, Anne apporta 24 livres à la bibliothèque. Quelle histoire préférez-vous ?",
    "it": "La mattina Anna portò 24 libri in biblioteca. Quale storia vi piace di più?",
    "pt": "De manhã, a Ana levou 24 livros à biblioteca. De que história gostam mais?",
}
"""By the language of a voice, what it is tried with if its file holds no sample."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One file in which several voices speak."""

    path: Path
    seconds: float
    """Its length."""
    names: tuple[str, ...]
    """The voices, in the order in which they speak."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A sample that a voice spoke."""

    path: Path
    seconds: float
    """The length of the sample."""
    speed: float
    """Seconds of speech recorded in a second."""


def try_voice(name: str, path: Path, text: str | None = None) -> Trial:
    """Let a voice speak as in a book, with the lexicon and the settings of the user.

    The speed is remembered if the text is the sample, or if it is the first.

    Args:
        name: the voice.
        path: the file to write, an .mp3 or a .wav.
        text: what to say, each line as a paragraph; None for the sample of the voice.

    Raises:
        UsageError: the file is of another kind, or there is nothing to say.
        VoiceError: there is no such voice, or it cannot be used here.
        OutputError: the file cannot be written.
    """
    check_sample(path)
    job = config.make_job("-", folder=path.parent, voice=name)
    voice, engine = job.voice, engines.load(job.voice.engine)
    engines.check_network(voice)
    check_files(voice)
    files.check_place(path)
    text_or_sample = _sample_of(voice) if text is None else text
    chapter = Chapter(voice.name, _paragraphs_of(text_or_sample))
    passages = _passages_of(chapter, 0, job)
    if not voice.network:
        # An engine loads its model when it first speaks. A book waits for that only once, so it is
        # not counted here.
        with engines.turn([voice]):
            engine.say([WARM_UP], voice)
    start = time.monotonic()
    recordings = [record(passage, job.cast, job.sound) for passage in passages]
    elapsed = time.monotonic() - start
    recorded = _recorded([chapter], list(zip(passages, recordings, strict=True)), voice, job.sound)
    seconds = _write_sample(path, recorded)
    if text is None or measured_speed(voice) is None:
        keep_speed(voice, seconds / elapsed)
    return Trial(path, seconds, seconds / elapsed)


def _sample_of(voice: Voice) -> str:
    """Return what a voice is tried with, in its language."""
    sample = voice.sample or SAMPLES.get(voice.language.partition("-")[0].lower(), "")
    if not sample:
        raise UsageError(
            message(
                "the voice {voice} speaks {language}, in which there is no sample",
                voice=voice.name,
                language=repr(voice.language),
            ),
            message("give a text: audiobook voices try {voice} TEXT", voice=voice.name),
        )
    return sample


def compare_voices(
    path: Path, text: str | None = None, report: Callable[[str], None] = lambda _name: None
) -> Comparison:
    """Let each usable offline voice that speaks Vietnamese say its name and a text, in one file.

    Each is a chapter of the file.

    Args:
        path: the file to write, an .mp3 or a .wav.
        text: what to say, each line as a paragraph; None for the usual sample.
        report: called with the name of each voice before it speaks.

    Raises:
        UsageError: the file is of another kind, or there is nothing to say.
        EngineError: a voice cannot say it.
        OutputError: the file cannot be written.
    """
    check_sample(path)
    files.check_place(path)
    jobs = [config.make_job("-", folder=path.parent, voice=name) for name in _comparable_voices()]
    # The highest rate loses nothing of the voices with a lower one.
    sound = max((job.sound for job in jobs), key=lambda sound: sound.rate)
    chapters, recordings = [], []
    for number, job in enumerate(jobs):
        report(job.voice.name)
        name = Paragraph(f"Giọng {job.voice.name}.", Kind.HEADING)
        paragraphs = _paragraphs_of(SAMPLE if text is None else text)
        chapter = Chapter(job.voice.name, (name, *paragraphs))
        passages = _passages_of(chapter, number, job, is_last=job is jobs[-1])
        recordings += [(passage, record(passage, job.cast, sound)) for passage in passages]
        chapters.append(chapter)
    names = tuple(job.voice.name for job in jobs)
    recorded = _recorded(chapters, recordings, jobs[0].voice, sound)
    return Comparison(path, _write_sample(path, recorded), names)


def _comparable_voices() -> list[str]:
    """Return the usable offline voices that speak Vietnamese; the embedded one always is."""
    voices = {entry.name: entry for entry in list_voices() if entry.usable and entry.speaks}
    return [
        name
        for name, entry in voices.items()
        if entry.network is False and config.load_voice(name).language.startswith("vi")
    ]


def check_sample(path: Path) -> None:
    """Check that a sample can be of the kind that a path names.

    Raises:
        UsageError: it cannot.
    """
    if path.suffix.lower() not in (".mp3", ".wav"):
        raise UsageError(
            message("a sample is an .mp3 or a .wav, not {name!r}", name=path.name),
            verbatim("-o NAME.mp3"),
        )


def _paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line) for line in text.splitlines() if line.strip())


def _passages_of(chapter: Chapter, number: int, job: Job, *, is_last: bool = True) -> list[Passage]:
    """Return what a voice says of a chapter, in which there must be words beside the heading."""
    limit, lexicon = engines.load(job.voice.engine).limit, Lexicon(job.lexicon)
    passages = list(
        write_passages(chapter, number, job.cast, lambda _voice: limit, lexicon, last=is_last)
    )
    if not any(
        utterance.spoken and utterance.role is not Kind.HEADING
        for passage in passages
        for utterance in passage.utterances
    ):
        text = " ".join(
            paragraph.text for paragraph in chapter.paragraphs if paragraph.kind is not Kind.HEADING
        )
        raise UsageError(
            message("there is nothing to say in {text!r}", text=text[:80]),
            message("give a text with words in it"),
        )
    return passages


def _recorded(
    chapters: Sequence[Chapter],
    recordings: Sequence[tuple[Passage, Recording]],
    voice: Voice,
    sound: Sound,
) -> RecordedBook:
    """Return recorded passages as a book.

    Args:
        chapters: the chapters, whose titles the book is called by.
        recordings: each passage with its recording, in order.
        voice: in whose language the book is.
        sound: how it was recorded.
    """
    sounds = {str(number): recording.sound for number, (_, recording) in enumerate(recordings)}
    return RecordedBook(
        meta=Meta(title=", ".join(chapter.title for chapter in chapters), language=voice.language),
        chapters=chapters,
        passages=[
            RecordedPassage(chapter=passage.chapter, key=str(number), timing=recording.timing)
            for number, (passage, recording) in enumerate(recordings)
        ],
        sound=sound,
        sound_of=sounds.__getitem__,
    )


def is_own_sample(path: Path) -> bool:
    """Return whether a file is a sample that was written here, and nobody has changed it since."""
    return OutputLedger(cache_folder()).is_own_sample(path)


def _write_sample(path: Path, recorded: RecordedBook) -> float:
    """Write recordings to a file that is known as ours, and return their length in seconds."""
    seconds = _write_sound(path, recorded)
    OutputLedger(cache_folder()).note_sample(path)
    return seconds


def _write_sound(path: Path, recorded: RecordedBook) -> float:
    if path.suffix.lower() == ".mp3":
        return bind(recorded, mp3, path, "").seconds
    sounds, rate = b"".join(recorded.sounds()), recorded.sound.rate
    samples = ffmpeg.decode(mp3.standalone_file(sounds), rate)
    with files.whole(path) as file, wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(samples)
    return len(samples) / 2 / rate
