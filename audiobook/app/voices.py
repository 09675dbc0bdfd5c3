"""Lists the voices of this machine, tries one on a sample, and remembers how fast it spoke."""

from __future__ import annotations

import json
import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import config, engines
from audiobook.errors import AudiobookError, UsageError, VoiceError
from audiobook.model import Chapter, Meta, Paragraph, Take
from audiobook.outputs import mp3
from audiobook.stages.bind import bind
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.system import downloads, ffmpeg, files
from audiobook.system.folders import cache_folder
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from audiobook.model import Job, Passage, Recording, Voice

SAMPLE = (
    "Sáng 2/9/2025, cô Nguyễn Thị Hoa mang 24 quyển sách về thư viện của làng. "
    "Cô ngồi dưới gốc đa, đọc cho chúng tôi nghe đến tận trưa, và hỏi: “Các em thích truyện nào?”"
)
"""The usual sentences to try a voice with: a date, a name, a number and a question."""
_WARM_UP = "Xin chào."


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceEntry:
    """What is known of a voice on this machine."""

    name: str
    description: str = ""
    engine: str = ""
    accent: str = ""
    """The region of a Vietnamese voice, the language of any other."""
    sex: str = ""
    network: bool | None = None
    """Whether it speaks over the network; None if its file cannot be read."""
    licence: str = ""
    speed: float | None = None
    """Seconds of speech recorded in a second; None until measured."""
    problem: str = ""
    """Why it cannot be used yet, and what to do about it; empty if it can."""
    default: bool = False

    @property
    def usable(self) -> bool:
        """Whether a book can be built with it now."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Trial:
    """A sample that a voice spoke."""

    path: Path
    seconds: float
    """The length of the sample."""
    speed: float
    """Seconds of speech recorded in a second."""


def list_voices() -> list[VoiceEntry]:
    """Return all voices, those that cannot be used with the reason."""
    default = config.default_voice()
    return [_describe(name, default=name == default) for name in config.voice_names()]


def is_voice_unchosen() -> bool:
    """Return whether the embedded voice speaks because the user neither chose nor fetched one."""
    return config.default_voice() == config.EMBEDDED_VOICE and not config.chosen_voice()


def _describe(name: str, *, default: bool) -> VoiceEntry:
    try:
        voice = config.load_voice(name)
    except VoiceError as problem:
        return VoiceEntry(name=name, problem=str(problem), default=default)
    return VoiceEntry(
        name=name,
        description=voice.description,
        engine=voice.engine,
        accent=voice.accent if voice.language.startswith("vi") else voice.language,
        sex=voice.sex,
        network=voice.network,
        licence=voice.licence,
        speed=measured_speed(voice),
        problem=why_unusable(voice),
        default=default,
    )


def why_unusable(voice: Voice) -> str:
    """Return why a voice cannot be used on this machine, with the remedy; empty if it can."""
    try:
        _check_files(voice)
        engines.identity(voice)
    except AudiobookError as problem:
        return str(problem)
    return ""


def _check_files(voice: Voice) -> None:
    if missing := downloads.missing(voice):
        raise VoiceError(
            f"{', '.join(missing)} not fetched yet", f"audiobook voices add {voice.name}"
        )


# --- a sample -----------------------------------------------------------------------------------


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
    if path.suffix.lower() not in (".mp3", ".wav"):
        raise UsageError(f"a sample is an .mp3 or a .wav, not {path.name!r}", "-o NAME.mp3")
    job = config.make_job("-", folder=path.parent, voice=name)
    voice, engine = job.voice, engines.load(job.voice.engine)
    _check_files(voice)
    files.check_place(path)
    passages = _passages_of((voice.sample or SAMPLE) if text is None else text, job)
    if not voice.network:
        # An engine loads its model when it first speaks. A book waits for that only once, so it is
        # not counted here.
        engine.say([_WARM_UP], voice)
    start = time.monotonic()
    recordings = [record(passage, job.cast, job.sound) for passage in passages]
    elapsed = time.monotonic() - start
    seconds = _write_sample(path, recordings, job)
    if text is None or measured_speed(voice) is None:
        _keep_speed(voice, seconds / elapsed)
    return Trial(path, seconds, seconds / elapsed)


def _passages_of(text: str, job: Job) -> list[Passage]:
    chapter = Chapter("", tuple(Paragraph(line) for line in text.splitlines() if line.strip()))
    limit, lexicon = engines.load(job.voice.engine).limit, Lexicon(job.lexicon)
    passages = list(write_passages(chapter, 0, job.cast, lambda _voice: limit, lexicon, last=True))
    if not any(utterance.spoken for passage in passages for utterance in passage.utterances):
        raise UsageError(
            f"there is nothing to say in {text[:80]!r}", "give a text with words in it"
        )
    return passages


def _write_sample(path: Path, recordings: list[Recording], job: Job) -> float:
    """Write recordings to a file, and return their length in seconds."""
    sounds = {str(number): recording.sound for number, recording in enumerate(recordings)}
    rate = job.sound.rate
    if path.suffix.lower() == ".mp3":
        takes = [
            Take(0, str(number), recording.timing) for number, recording in enumerate(recordings)
        ]
        title = job.voice.name
        meta = Meta(title, language=job.voice.language)
        chapters = [Chapter(title, ())]
        return bind(meta, chapters, takes, job.sound, sounds.__getitem__, path, "").seconds
    samples = ffmpeg.decode(mp3.standalone_file(b"".join(sounds.values())), rate)
    with files.whole(path) as file, wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(samples)
    return len(samples) / 2 / rate


# --- how fast -----------------------------------------------------------------------------------


def measured_speed(voice: Voice) -> float | None:
    """Return the seconds of speech that a voice recorded in a second; None until measured.

    A measurement holds for one version of the engine, one model and one speed.
    """
    try:
        document = json.loads(_speed_file(voice).read_text("utf-8"))
        return float(document["speed"]) if document["of"] == _speed_key(voice) else None
    except (AudiobookError, OSError, ValueError, KeyError, TypeError):
        return None  # not measured, or damaged


def _keep_speed(voice: Voice, speed: float) -> None:
    with files.whole(_speed_file(voice), "name another cache folder with AUDIOBOOK_CACHE") as file:
        file.write(json.dumps({"of": _speed_key(voice), "speed": speed}).encode())


def _speed_file(voice: Voice) -> Path:
    return cache_folder() / "speeds" / f"{voice.name}.json"


def _speed_key(voice: Voice) -> list[str]:
    engine = engines.load(voice.engine)
    return [engine.name, engine.version, voice.model, str(voice.speed)]
