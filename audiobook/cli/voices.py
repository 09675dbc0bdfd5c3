"""The commands about voices: list them, try one, fetch and remove their files."""

from __future__ import annotations

import sys
import time
import wave
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app, notify
from audiobook.cli.printing import clock_time, print_table, table_head
from audiobook.errors import AudiobookError, UsageError, VoiceError
from audiobook.messages import localize
from audiobook.system.folders import cache_folder, voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

    from audiobook.model import Job, Passage, Recording, Voice

_SAMPLE = (
    "Sáng 2/9/2025, cô Nguyễn Thị Hoa mang 24 quyển sách về thư viện của làng. "
    "Cô ngồi dưới gốc đa, đọc cho chúng tôi nghe đến tận trưa, và hỏi: “Các em thích truyện nào?”"
)
"""The usual sentences to try a voice with: a date, a name, a number and a question."""

_voices = typer.Typer(
    help="List the voices, and what those not usable yet need.",
    epilog="Hear one with: audiobook voices try hanoi -o hanoi.mp3",
    invoke_without_command=True,
)
app.add_typer(_voices, name="voices")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A voice: see `audiobook voices`.")]


@_voices.callback()
def voices(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="All that is known of them, as a JSON array.")
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List the voices, unless a command says what else to do with one."""
    if context.invoked_subcommand is not None:
        if as_json:
            raise UsageError("--json lists the voices, and only that", "audiobook voices --json")
        return
    from audiobook import config

    default = config.default_voice()
    entries = [_load_entry(name, default=name == default) for name in config.voice_names()]
    if as_json:
        import json

        documents = [asdict(entry) | {"usable": entry.usable} for entry in entries]
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    header = table_head("NAME", "ENGINE", "ACCENT", "SEX", "NETWORK", "LICENCE", "SPEED", "USABLE")
    print_table(
        [header, *(entry.row() for entry in entries)],
        shorten=header.index(table_head("LICENCE")[0]),
    )


@_voices.command("try", epilog="Example: audiobook voices try saigon 'Chào cô.' -o chao.wav")
def try_out(
    name: Name,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; a sample if not given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="An .mp3 or .wav; NAME.mp3 if not given."
        ),
    ] = None,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Hear a voice speak a sample, or TEXT, as in a book.

    Tells how much faster than listening that was; `audiobook voices` shows it from then on.
    """
    from audiobook import config, engines
    from audiobook.stages.record import record
    from audiobook.system import files

    path = output or Path(f"{name}.mp3")
    if path.suffix.lower() not in (".mp3", ".wav"):
        raise UsageError(f"a sample is an .mp3 or a .wav, not {path.name!r}", "-o NAME.mp3")
    # The user's lexicon and settings count, as for a book from a pipe.
    job = config.make_job("-", folder=path.parent, voice=name)
    voice, engine = job.voice, engines.load(job.voice.engine)
    _check_files(voice)
    files.check_place(path)
    sample = (voice.sample or _SAMPLE) if text is None else text
    passages = _passages_of(sample, job)
    if not voice.network:
        # An engine loads its model when it first speaks. A book waits for that only once, so it is
        # not counted here.
        engine.say(["Xin chào."], voice)
    start = time.monotonic()
    recordings = [record(passage, job.cast, job.sound) for passage in passages]
    elapsed = time.monotonic() - start
    seconds = _write_sample(path, recordings, job)
    speed = seconds / elapsed
    if text is None or _stored_speed(voice) is None:
        _store_speed(voice, speed)
    print(f"{path}: {clock_time(seconds)}, {localize(f'{_speed_factor(speed)} real time')}")


@_voices.command(epilog="Example: audiobook voices add NAME")
def add(name: Name, debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Fetch the files that a voice needs.

    They come from where its voice file says. What was stopped goes on where it was; nothing
    is changed until all of it is here and right.
    """
    from audiobook import config
    from audiobook.system import downloads

    voice = config.load_voice(name)
    if not voice.files:
        print(f"{name}: {localize('nothing to fetch, it needs no files of its own')}")
    elif not downloads.missing(voice):
        print(f"{name}: {localize(f'already there, in {voice_folder(name)}')}")
    else:
        licence = voice.licence or localize("not known")
        print(f"{name}: {localize('licence')} {licence}", flush=True)
        with _open_download_progress() as report:
            fetched = downloads.fetch(voice, report)
        for file in fetched.unchecked:
            notify(f"{file}: {localize('nobody published a checksum of it; its length is right')}")
        print(f"{name}: {_size_text(fetched.size)} {localize('in')} {fetched.folder}")
    if reason := _why_unusable(voice):
        notify(f"{name} is not usable yet: {reason}")


@_voices.command(epilog="Example: audiobook voices remove NAME")
def remove(name: Name, debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Remove what was fetched for a voice.

    The voice stays listed, and can be added again.
    """
    from audiobook import config
    from audiobook.system import downloads

    if name not in config.voice_names():
        config.load_voice(name)  # raises the error that there is no such voice
    freed_bytes = downloads.remove(name)
    result = f"{_size_text(freed_bytes)} freed" if freed_bytes else "nothing was fetched for it"
    print(f"{name}: {localize(result)}")


# --- the table ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _VoiceEntry:
    """A row of the list of voices."""

    name: str
    description: str = ""
    engine: str = ""
    accent: str = ""
    sex: str = ""
    network: bool | None = None
    licence: str = ""
    speed: float | None = None
    """Seconds of speech recorded in a second; None until measured."""
    problem: str = ""
    """Why it cannot be used yet, and what to do about it; empty if it can."""
    default: bool = False

    @property
    def usable(self) -> bool:
        return not self.problem

    def row(self) -> tuple[str, ...]:
        network = {True: localize("yes"), False: localize("no"), None: ""}[self.network]
        speed = "" if self.speed is None else _speed_factor(self.speed)
        usable = f"{localize('no')}: {localize(self.problem)}" if self.problem else localize("yes")
        cells = (
            self.engine,
            localize(self.accent),
            localize(self.sex),
            network,
            localize(self.licence),
            speed,
        )
        default = f" {localize('(default)')}" if self.default else ""
        return (self.name, *(cell or "-" for cell in cells), usable + default)


def _load_entry(name: str, *, default: bool) -> _VoiceEntry:
    from audiobook import config

    try:
        voice = config.load_voice(name)
    except VoiceError as problem:
        return _VoiceEntry(name, problem=str(problem), default=default)
    return _VoiceEntry(
        name,
        voice.description,
        voice.engine,
        voice.accent if voice.language.startswith("vi") else voice.language,
        voice.sex,
        voice.network,
        voice.licence,
        _stored_speed(voice),
        _why_unusable(voice),
        default,
    )


def _why_unusable(voice: Voice) -> str:
    """Return why a voice cannot be used on this machine, with the remedy; empty if it can."""
    from audiobook import engines

    try:
        _check_files(voice)
        engines.identity(voice)
    except AudiobookError as problem:
        return str(problem)
    return ""


def _check_files(voice: Voice) -> None:
    from audiobook.system import downloads

    if missing := downloads.missing(voice):
        raise VoiceError(
            f"{', '.join(missing)} not fetched yet", f"audiobook voices add {voice.name}"
        )


# --- a sample -----------------------------------------------------------------------------------


def _passages_of(text: str, job: Job) -> list[Passage]:
    """Return the passages of a text, with each line as a paragraph."""
    from audiobook import engines
    from audiobook.model import Chapter, Paragraph
    from audiobook.stages.script import write_passages
    from audiobook.vietnamese import Lexicon

    chapter = Chapter("", tuple(Paragraph(line) for line in text.splitlines() if line.strip()))
    limit, lexicon = engines.load(job.voice.engine).limit, Lexicon(job.lexicon)
    passages = list(write_passages(chapter, 0, job.cast, lambda _voice: limit, lexicon, last=True))
    if not any(utterance.spoken for passage in passages for utterance in passage.utterances):
        raise UsageError(f"there is nothing to say in {text[:80]!r}", "give it a word")
    return passages


def _write_sample(path: Path, recordings: list[Recording], job: Job) -> float:
    """Write recordings to a file, and return their length in seconds."""
    from audiobook.model import Chapter, Meta, Take
    from audiobook.outputs import mp3
    from audiobook.stages import bind
    from audiobook.system import ffmpeg, files

    sounds = {str(number): recording.sound for number, recording in enumerate(recordings)}
    rate = job.sound.rate
    if path.suffix.lower() == ".mp3":
        takes = [
            Take(0, str(number), recording.timing) for number, recording in enumerate(recordings)
        ]
        title = job.voice.name
        meta = Meta(title, language=job.voice.language)
        return bind.bind(
            meta, [Chapter(title, ())], takes, job.sound, sounds.__getitem__, path, ""
        ).seconds
    samples = ffmpeg.decode(mp3.standalone_file(b"".join(sounds.values())), rate)
    with files.whole(path) as file, wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(samples)
    return len(samples) / 2 / rate


# --- how fast -----------------------------------------------------------------------------------


def _speed_factor(speed: float) -> str:
    return f"{speed:,.0f}×" if speed >= 10 else f"{speed:.1f}×"


def _speed_file(voice: Voice) -> Path:
    return cache_folder() / "speeds" / f"{voice.name}.json"


def _speed_key(voice: Voice) -> list[str]:
    """Return the engine, version, model and speed that a measurement is valid for."""
    from audiobook import engines

    engine = engines.load(voice.engine)
    return [engine.name, engine.version, voice.model, str(voice.speed)]


def _stored_speed(voice: Voice) -> float | None:
    import json

    try:
        document = json.loads(_speed_file(voice).read_text("utf-8"))
        return float(document["speed"]) if document["of"] == _speed_key(voice) else None
    except (AudiobookError, OSError, ValueError, KeyError, TypeError):
        return None  # not measured, or damaged


def _store_speed(voice: Voice, speed: float) -> None:
    import json

    from audiobook.system import files

    with files.whole(_speed_file(voice), "name another cache folder with AUDIOBOOK_CACHE") as file:
        file.write(json.dumps({"of": _speed_key(voice), "speed": speed}).encode())


# --- fetching -----------------------------------------------------------------------------------


def _size_text(size: int) -> str:
    return localize(f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB")


@contextmanager
def _open_download_progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Return a context with a function that shows downloads: as bars on a terminal, else lines."""
    if not sys.stderr.isatty():
        announced: set[str] = set()

        def print_start(name: str, present: int, total: int | None) -> None:
            if name not in announced:
                announced.add(name)
                resumed = (
                    f", {localize(f'{_size_text(present)} of it here already')}" if present else ""
                )
                notify(
                    f"{name}: {_size_text(total) if total else localize('size not told')}{resumed}"
                )

        yield print_start
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def draw_bar(name: str, present: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=present, total=total)

        yield draw_bar
