"""Measures neural voices against the loops that users of their libraries would write.

``python bench/speaking.py`` has sano and a Piper voice speak in one run: by the library alone, by
the engine, by the engine with LAME behind it, and by `record`, by turns and in one thread each, in
seconds of the processor. Then two processes record against one, by the clock and by the processor:
where the two together take more of the processor than one, they wait for memory or share a core.
``--sano FOLDER`` and ``--piper MODEL.onnx`` name the voices; otherwise they are those installed,
for sano also ``voices/sano-vi`` in the folder ``REAL_TEXTS``. Where there is no Piper voice, a
network of 7 kB that hums takes its place: its time is that of the library's phonemes and of what is
around the network, not that of a real voice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "engines"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from figures import show
from onnx_voice import RATE, make_voice
from places import DATA, SHARED

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import neural
from audiobook.model import Cast, Chapter, Paragraph, Passage, Sound, Voice
from audiobook.outputs import mp3
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon
from audiobook.workers import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = DATA / "ve-tinh.txt"
PACKAGES = {"sano": "sanotts", "piper": "piper-tts"}
ENGINE, ENCODED, RECORD = "engine", "engine and LAME", "record"
HUMMING = "a network that hums"
TOGETHER = 4
"""Copies of the text for the recorder, so that two processes have enough to do."""


@dataclass(frozen=True, slots=True)
class Work:
    """A passage, and the texts that an engine is given for it."""

    passage: Passage
    texts: tuple[str, ...]


def sano_voice(folder: Path | None) -> Voice:
    """Return the voice sano with the files in a folder; None for where they lie."""
    voice = load_voice("sano")
    shared = SHARED / "voices" / "sano-vi"
    if folder is None and not neural.model_path(voice).exists():
        folder = shared
    return replace(voice, model=str(folder.resolve())) if folder else voice


def piper_voice(network: Path | None, empty: Path) -> Voice:
    """Return a Piper voice: of the network named, the one installed, or one that hums.

    Args:
        network: the path of a network.
        empty: a folder for the one that hums.
    """
    voice = load_voice("vais1000")
    if network:
        return replace(voice, name=network.stem, model=str(network.resolve()))
    if neural.model_path(voice).exists():
        return voice
    return replace(voice, name=HUMMING, model=str(make_voice(empty)), rate=RATE)


def library(voice: Voice) -> Callable[[str], object]:
    """Return what speaks a text with a voice in the engine's own library, as it comes."""
    if voice.engine == "sano":
        from sanotts.engine import Synthesizer

        synthesizer = Synthesizer(voice_dir=neural.model_path(voice))
        return lambda text: synthesizer.synthesize(text).audio
    from piper import PiperVoice

    speaker = PiperVoice.load(neural.model_path(voice))
    return lambda text: [chunk.audio_int16_array for chunk in speaker.synthesize(text)]


def write_work(voice: Voice, copies: int) -> list[Work]:
    """Make passages of the text, ``copies`` times."""
    paragraphs = tuple(map(Paragraph, filter(None, TEXT.read_text("utf-8").splitlines())))
    limit = engines.load(voice.engine).limit
    return [
        Work(passage, tuple(text for said in passage.utterances for text in said.spoken))
        for number in range(copies)
        for passage in write_passages(
            Chapter("", paragraphs), number, Cast(voice), lambda _voice: limit, Lexicon()
        )
    ]


def processor_seconds(work: Callable[[], object]) -> float:
    """Return how many seconds of the processor something takes; others change them little."""
    began = time.process_time()
    work()
    return time.process_time() - began


def measure(voice: Voice, rounds: int) -> None:
    """Measure one voice and print what it takes.

    Args:
        voice: the voice.
        rounds: how often each way of speaking has its turn.
    """
    engine = engines.load(voice.engine)
    cast, sound = Cast(voice), Sound(rate=voice.rate)
    works = write_work(voice, 1)
    clips = [clip for work in works for clip in engine.say(work.texts, voice)]
    speech = sum(len(clip.samples) / clip.rate for clip in clips)
    say = library(voice)
    package = f"{PACKAGES[voice.engine]} {version(PACKAGES[voice.engine])}"

    def say_and_encode(work: Work) -> object:
        said = np.concatenate([clip.samples for clip in engine.say(work.texts, voice)])
        length = mp3.whole_frames(len(said) + mp3.TAIL, voice.rate)
        return mp3.encode(np.pad(said, (0, length - len(said))), voice.rate, sound.bitrate)

    ways: dict[str, Callable[[Work], object]] = {
        package: lambda work: list(map(say, work.texts)),
        ENGINE: lambda work: engine.say(work.texts, voice),
        ENCODED: say_and_encode,
        RECORD: lambda work: record(work.passage, cast, sound),
    }
    times: dict[str, list[list[float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        turn: dict[str, list[float]] = {way: [] for way in ways}
        for work in works:
            for way, speak in ways.items():
                turn[way].append(processor_seconds(partial(speak, work)))
        for way, seconds in turn.items():
            times[way].append(seconds)

    print(f"{voice.name} ({voice.model}), {speech:.0f} s of speech, {rounds} rounds")
    for way, turns in times.items():
        best = _best(turns)
        print(f"  {way:16}{1000 * best / speech:7.2f} ms a second{speech / best:7.0f} x real time")
    for way, base in ((ENGINE, package), (RECORD, package), (RECORD, ENGINE), (RECORD, ENCODED)):
        pairs = zip(times[base], times[way], strict=True)
        ratios = sorted(sum(slower) / sum(faster) for slower, faster in pairs)
        print(
            f"  {way} against {base}: {_best(times[base]) / _best(times[way]):.2f} times as fast, "
            f"by round {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})",
            flush=True,
        )
    if voice.name != HUMMING:
        for what, way, base, wanted in (
            ("engine against its package", ENGINE, package, 2),
            ("a passage against the bare loop", RECORD, ENCODED, 0.97),
        ):
            ratio = _best(times[base]) / _best(times[way])
            show(f"{voice.name}: {what}", f"{ratio:.3f} times", f"at least {wanted}")


def _best(turns: list[list[float]]) -> float:
    """Return the seconds of all works together, each in its fastest turn."""
    return float(sum(min(of_one) for of_one in zip(*turns, strict=True)))


def measure_processes(voice: Voice) -> None:
    """Print how much faster two processes record than one, and what they take of the processor."""
    many = [work.passage for work in write_work(voice, TOGETHER)]
    sound = Sound(rate=voice.rate)

    def together(workers: int) -> tuple[float, float]:
        """Return seconds of the clock and of the processor, without those of starting."""
        with Recorder(workers) as recorder:
            list(recorder.record_all(enumerate(many[: 2 * workers]), Cast(voice), sound))
            began, before = time.perf_counter(), _taken()
            list(recorder.record_all(enumerate(many), Cast(voice), sound))
            return time.perf_counter() - began, _taken() - before

    (one, one_taken), (two, two_taken) = (
        min(together(workers) for _ in range(3)) for workers in (1, 2)
    )
    print(
        f"  two processes   {one / two:.2f} times as fast as one ({one:.1f} s, {two:.1f} s); "
        f"{two_taken / one_taken:.2f} times the processor ({one_taken:.1f} s, {two_taken:.1f} s)"
    )
    if voice.name != HUMMING:
        show(f"{voice.name}: two processes against one", f"{one / two:.2f} times", "at least 1.95")


def _taken() -> float:
    """Return the seconds of the processor that the worker processes have taken so far."""
    ticks = 0
    for process in multiprocessing.active_children():
        fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sano", type=Path, metavar="FOLDER", help="files of a voice")
    parser.add_argument("--piper", type=Path, metavar="MODEL.onnx", help="a network")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each way of speaking")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        for voice in (sano_voice(asked.sano), piper_voice(asked.piper, Path(empty))):
            measure(voice, asked.rounds)
            measure_processes(voice)


if __name__ == "__main__":
    main()
