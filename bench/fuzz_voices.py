"""Texts that no book holds, for the fuzzer: spoken by a process that may die of them.

A library in C that gets a text wrong ends its process, so that a child speaks and the parent knows
which text it was. Each is said as it stands, and as a sentence of a book is.
"""

from __future__ import annotations

import faulthandler
import json
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.config import load_voice, voice_names
from audiobook.errors import EngineError
from audiobook.model import Cast, Chapter, Kind, Paragraph, Sound
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Recording

# A text takes some milliseconds; a child that answers so late hangs. Seconds.
PATIENCE = 60.0
# Texts on their way to a child at once: one that waits for each answer speaks half as many.
BATCH = 200
# The library makes as many steps for a text at any speed, but fewer samples at a high one; of
# higher ones it makes more samples and squeezes them.
_SPEED = 2.5
_KINDS = tuple(kind for kind in Kind if kind is not Kind.BREAK)
# Recording a sentence as a book does takes ten times as long as speaking it.
_ONE_IN = 100
_MARKS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’«»–—―…‐‑−·•§°±×÷©®™€→√≤²³¹½、。「！？～※◆★♪✓")
_SPACES = [
    *" \t\n",
    "\u00a0",
    "\u2003",
    "\u200b",
    "\u3000",
    "\x01",
    "\x1b",
    "\u00ad",
    "\u200d",
    "\u0301",
]
_LETTERS = [*"aăêơưđngxAĐỪÔÐßøʰəŋαжעअก你あ한ᚠᎠꯀꙮǅſ𝒳", "😀", "🇻", "Ⅳ", "①", "ﬁ", "ﷺ"]
_DIGITS = [*"0159٣७", "2000", "1.000", "3,5"]
_WORDS = ["anh", "Thôi", "xin chào", "the", "Xô-viết", "TV", "v.v", "A.B", "Mr", "thứ"]
_POOLS = [
    [*_MARKS, "a", "Ừ", *"----"],
    [*_WORDS, *"- ,.:“²"],
    [*_DIGITS, *_MARKS, *_SPACES],
    [*_LETTERS, *_SPACES, *"-'.,"],
    [*_MARKS, *_SPACES, *_LETTERS, *_DIGITS, *_WORDS],
]


def invented(chance: random.Random) -> str:
    """Return a text of marks, spaces, letters and words, short, or one thing over and over."""
    pool = chance.choice(_POOLS)
    text = "".join(chance.choices(pool, k=chance.choice((1, 2, 3, 3, 4, 5, 8, 20))))
    match chance.randrange(60):
        case 0:
            return (text * chance.choice((10, 200)))[:2_000]
        case 1:
            points = (chance.choice((chance.randrange(0x250), chance.randrange(0x20000))), 0x301)
            return "".join(map(chr, points)) + text
    return text


def say(text: str, voice: str, chance: random.Random) -> Recording | None:
    """Speak a text fast as it stands, or seldom as a sentence of a book.

    Raises:
        EngineError: the voice does not speak it.
        AssertionError: a word or a sentence stands where it cannot.
    """
    speaker = load_voice(voice)
    engine = engines.load(speaker.engine)
    if chance.randrange(_ONE_IN):
        if any(map(str.isalnum, text)):
            fast = _SPEED if speaker.engine == "espeak" else speaker.speed
            engine.say([text], replace(speaker, speed=fast))
        return None
    beside = [Paragraph("Một câu.")] * 2
    beside.insert(chance.randrange(3), Paragraph(text, chance.choice(_KINDS)))
    cast = Cast(speaker)
    chapter = Chapter("", tuple(beside[chance.randrange(2) :]))
    recording = None
    for passage in write_passages(chapter, 0, cast, lambda _: engine.limit, Lexicon()):
        recording = record(passage, cast, Sound(rate=speaker.rate))
        check(recording)
    return recording


def check(recording: Recording) -> None:
    """Make sure that sentences and words follow each other in time, and words in the text.

    Raises:
        AssertionError: they do not.
    """
    heard = 0
    for cue in recording.timing.cues:
        assert heard <= cue.start <= cue.end <= recording.timing.samples, cue
        heard, written = cue.end, 0
        for word in cue.words:
            assert cue.start <= word.at <= cue.end, (cue, word)
            assert written <= word.start < word.end <= len(cue.text), (cue, word)
            written = word.end


class Speaker:
    """A child that speaks what it is told, and may die of it.

    Args:
        voice: whose.
    """

    def __init__(self, voice: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, __file__, voice], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def say(self, texts: Sequence[str], chance: random.Random) -> list[str]:
        """Have texts spoken, and return why each was refused: "" for not at all.

        Raises:
            AssertionError: the child died of one, or it broke something.
        """
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        lines = (json.dumps([text, chance.randrange(2**32)]).encode() + b"\n" for text in texts)
        with suppress(BrokenPipeError):  # it died: the missing answer tells of which text
            self._child.stdin.writelines(lines)
            self._child.stdin.flush()
        reasons = []
        for number, text in enumerate(texts):
            answer = self._child.stdout.readline()
            assert answer, (
                f"{text!r} ended the process ({self._child.wait()}), "
                f"or what was said before it: {texts[max(0, number - 5) : number]!r}"
            )
            refused, broken = json.loads(answer)
            assert not broken, f"{broken} of {text!r}"
            reasons.append(str(refused))
        return reasons

    def close(self) -> None:
        """End the child."""
        self._child.kill()
        self._child.communicate()


def work(voice: str) -> None:
    """Speak what comes, a line a text, and answer each with a line."""
    for line in sys.stdin:
        text, seed = json.loads(line)
        refused = broken = ""
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        try:
            say(text, voice, random.Random(seed))
        except EngineError as problem:
            refused = problem.what
        except Exception as problem:  # noqa: BLE001 (of any kind: the parent tells the text)
            broken = repr(problem)
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps([refused, broken]), flush=True)


def fuzz(seconds: float, chance: random.Random, names: Sequence[str] = ()) -> Counter[str]:
    """Speak with every voice until the time is up; print and return what came of it.

    Args:
        seconds: shared among the voices.
        chance: makes the texts.
        names: of the voices; by default all that need no network and no fetched files.

    Raises:
        AssertionError: a process died, or a text broke something.
    """
    names = names or [
        name for name in voice_names() if load_voice(name).engine in ("espeak", "tone")
    ]
    counts: Counter[str] = Counter()
    for name in names:
        until = time.monotonic() + seconds / len(names)
        spoken: Counter[str] = Counter()
        speaker = Speaker(name)
        try:
            while time.monotonic() < until:
                reasons = speaker.say([invented(chance) for _ in range(BATCH)], chance)
                spoken.update("refused" if reason else "taken" for reason in reasons)
        finally:
            speaker.close()
            print(f"{name:<9}{spoken.total():>9,} texts: {spoken['taken']:>9,} said", flush=True)
        counts += spoken
    return counts


if __name__ == "__main__":
    work(sys.argv[1])
