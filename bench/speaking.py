"""Measures what recording adds to a neural voice's own loop, and what a second process brings.

``python bench/speaking.py VOICE [MODEL]`` speaks with an installed voice, or with the model named:
in the loop that a user of the engine's library would write, through `record`, and through the
a `Studio` with one process and with two.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import neural
from audiobook.model import Cast, Chapter, Paragraph, Passage, Sound, Voice
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon
from audiobook.workers import Studio

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = Path(__file__).parent.parent / "tests" / "data" / "ve-tinh.txt"
ROUNDS = 3
TOGETHER = 8
"""Passages for the studio; `record` gets two, some three minutes of speech."""


def library(voice: Voice) -> Callable[[str], object]:
    """Return what speaks a text with a voice in the engine's own library, as it comes."""
    if voice.engine == "sano":
        from sanotts.engine import Synthesizer

        synthesizer = Synthesizer(voice_dir=neural.model_path(voice))
        return lambda text: synthesizer.synthesize(text).audio
    if voice.engine == "piper":
        from piper import PiperVoice

        speaker = PiperVoice.load(neural.model_path(voice))
        return lambda text: [chunk.audio_int16_array for chunk in speaker.synthesize(text)]
    sys.exit(f"there is no bare loop of {voice.engine} here")


def passages(voice: Voice, count: int) -> list[Passage]:
    """Make passages of the text, each of the whole of it."""
    paragraphs = tuple(map(Paragraph, filter(None, TEXT.read_text("utf-8").splitlines())))
    limit = engines.load(voice.engine).limit
    return [
        passage
        for number in range(count)
        for passage in write_passages(
            Chapter("", paragraphs), number, Cast(voice), lambda _voice: limit, Lexicon()
        )
    ]


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    if len(sys.argv) < 2:
        sys.exit("name a voice: python bench/speaking.py sano [MODEL]")
    voice = load_voice(sys.argv[1])
    if len(sys.argv) > 2:
        voice = replace(voice, model=str(Path(sys.argv[2]).resolve()))
    cast, sound = Cast(voice), Sound(rate=voice.rate)
    some, many = passages(voice, 2), passages(voice, TOGETHER)
    texts = [text for passage in some for said in passage.utterances for text in said.spoken]
    characters = sum(len(said.text) for passage in some for said in passage.utterances)
    syllables = sum(len(text.split()) for text in texts)

    say = library(voice)
    # Before the engine tells the process to compute in one thread.
    unlimited = timed(lambda: list(map(say, texts)))
    engine = engines.load(voice.engine)
    spoken = [audio for text in texts for audio in engine.say([text], voice)]
    speech = sum(len(audio.samples) / audio.rate for audio in spoken)
    bare, ours = [], []
    for _ in range(ROUNDS):  # by turns, for a machine may grow slower as it goes
        bare.append(timed(lambda: list(map(say, texts))))
        ours.append(timed(lambda: [record(passage, cast, sound) for passage in some]))
    lasts = sum(record(passage, cast, sound).timing.samples for passage in some) / sound.rate

    def together(workers: int) -> float:
        with Studio(workers) as studio:
            return timed(lambda: list(studio.record_all(enumerate(many), cast, sound)))

    one, two = (min(together(workers) for _ in range(2)) for workers in (1, 2))
    quickest = min(bare)
    print(f"{characters:,} characters, {lasts:.0f} s recorded, {speech:.0f} s of it speech")
    print(f"pace                       {characters / lasts:.1f} characters/s, pauses included")
    print(f"syllable                   {speech / syllables:.3f} s")
    print(f"bare loop, library as is   {unlimited:.2f} s")
    print(f"bare loop, here            {quickest:.2f} s, {quickest / speech:.3f} of real time")
    print(f"record                     {min(ours):.2f} s ({statistics.median(ours):.2f} usually)")
    print(f"  speed of the bare loop   {quickest / min(ours):.3f} (wanted: at least 0.95)")
    print(f"two processes              {one / two:.2f} times one ({one:.1f} s, {two:.1f} s)")


if __name__ == "__main__":
    main()
