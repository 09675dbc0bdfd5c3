"""Measures how online engines ask: how fast, how often, and what they lose in bad weather.

The real clients, gtts-cli and ours, ask the tests' stand-in for Google on this machine, which
takes 300 ms for an answer. It needs a real book as ``bench.py`` does: REAL_TEXTS names its folder.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Self

from figures import show, show_head

from audiobook.config import load_voice
from audiobook.model import Cast, Chapter, Paragraph
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon, pack_clauses
from bench import BOOK, text_of

sys.path.append(str(Path(__file__).parents[1] / "tests" / "engines"))
from stand_in import Answer, Asked, Google, Http, drop, refuse, speak

CHARACTERS = 3_000
LATENCY = 0.3
WORKERS = 8
TROUBLE = 0.1
OUTAGE = 20.0
# Ours, in a process of its own: what recording a passage asks of the engine.
SAY = """
import json, sys
from dataclasses import replace
from audiobook.engines import clips
from audiobook.config import load_voice
voice = replace(load_voice("google"), concurrency=int(sys.argv[1]))
texts = json.load(sys.stdin)
assert len(clips.load("gtts").say(texts, voice)) == len(texts)
"""


class Weather(Google):
    """Google at a distance, and in bad weather if wanted.

    Args:
        folder: where its certificate goes.
        trouble: part of the answers that are failures.
        outage: seconds for which nobody gets an answer, from the 15th request on.
        seed: of the failures.
    """

    def __init__(
        self, folder: Path, trouble: float = 0.0, outage: float = 0.0, seed: int = 1
    ) -> None:
        super().__init__(folder)
        self.spoken: list[str] = []
        """What was delivered, whole."""
        self._chance = random.Random(seed)
        self._trouble = trouble
        self._outage = outage
        self._ends = 0.0
        self._one = threading.Lock()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def choose(self, asked: Asked) -> Answer:
        """Answer late, or with one of the usual failures."""
        usual = super().choose(asked)

        def late(http: Http, asked: Asked) -> None:
            time.sleep(LATENCY)
            usual(http, asked)
            self.spoken.append(asked.text)

        with self._one:
            if self._outage and len(self.asked) == 15:
                self._ends = time.monotonic() + self._outage
            if time.monotonic() < self._ends:
                return drop
            if usual is speak and self._chance.random() >= self._trouble:
                return late
            return self._chance.choice([refuse(429), refuse(429, "1"), refuse(500), drop])

    def environment(self, cache: Path) -> dict[str, str]:
        """Return the environment that leads a process here."""
        found = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), self.proxy)
        certificate = {"REQUESTS_CA_BUNDLE": str(self.certificate)}
        return os.environ | found | certificate | {"AUDIOBOOK_CACHE": str(cache)}


def ours(weather: Weather, cache: Path, pieces: list[str], *, stop_at: int | None = None) -> float:
    """Say the pieces; return the seconds it took. Kill it when so many were delivered."""
    began = time.monotonic()
    command = [sys.executable, "-c", SAY, str(WORKERS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, env=weather.environment(cache), text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(pieces))
        process.stdin.close()
        while stop_at is not None and len(weather.spoken) < stop_at:
            time.sleep(0.01)
        if stop_at is not None:
            process.kill()
    if process.returncode and stop_at is None:
        sys.exit("ours failed")
    return time.monotonic() - began


def build(weather: Weather, folder: Path) -> float:
    """Make a book of the text; return the seconds it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "audiobook", "build", str(folder / "text.txt")]
    words = ["--voice", "google", "--jobs", str(WORKERS), "-o", str(folder), "--quiet"]
    subprocess.run(command + words, env=weather.environment(folder / "book"), check=True)
    return time.monotonic() - began


def pieces_of(text: str, limit: int) -> list[str]:
    """Return what a book with this text asks for: sentences, packed at clause edges."""
    voice = load_voice("google")
    chapter = Chapter("", tuple(Paragraph(part) for part in text.split("\n\n") if part.strip()))
    passages = write_passages(chapter, 0, Cast(voice), lambda _voice: limit, Lexicon(), last=True)
    return [
        piece
        for passage in passages
        for utterance in passage.utterances
        for piece in utterance.spoken
    ]


def main() -> None:
    """Measure and print."""
    client = shutil.which("gtts-cli", path=str(Path(sys.executable).parent))
    if not BOOK.exists() or client is None:
        sys.exit("it needs gtts-cli and a book: see bench.py")
    whole = text_of(BOOK).replace("# ", "")
    text = whole[10_000 : 10_000 + CHARACTERS]

    show_head("Online voices")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "text.txt").write_text(text, "utf-8")
        packed, said = pack_clauses(text, 100), pieces_of(text, 100)
        with Weather(folder) as calm:
            began = time.monotonic()
            subprocess.run(
                [
                    client,
                    "-l",
                    "vi",
                    "-f",
                    str(folder / "text.txt"),
                    "-o",
                    str(folder / "peer.mp3"),
                ],
                env=calm.environment(folder / "none"),
                check=True,
            )
            peer = time.monotonic() - began
            show(f"gtts-cli, {CHARACTERS:,} characters", f"{peer:.1f} s")
            show("  requests", str(len(calm.asked)))
        for what, pieces in (("packed", packed), ("sentence by sentence", said)):
            with Weather(folder) as calm:
                took = ours(calm, folder / what, pieces)
                show(f"ours, {what}, {WORKERS} in flight", f"{took:.1f} s")
                show("  times as fast", f"{peer / took:.1f}", "at least 6")
                show("  requests", str(len(calm.asked)), "at most 55")
                again = ours(calm, folder / what, pieces)
                more = len(calm.asked) - len(set(pieces))
                show("  the same again", f"{again:.1f} s, {more} requests", "0 requests")
        with Weather(folder) as calm:
            took = build(calm, folder)
            show(f"a whole book of it, {WORKERS} in flight", f"{took:.1f} s")
            show("  times as fast", f"{peer / took:.1f}", "at least 6")
            show("  requests", str(len(calm.asked)), "at most 55")
        for seed in (1, 2, 3):
            with Weather(folder, TROUBLE, OUTAGE, seed) as bad:
                took = ours(bad, folder / f"bad{seed}", packed)
                report(f"in bad weather {seed}, {took:.0f} s", bad, packed, 0)
        with Weather(folder, TROUBLE) as bad:
            ours(bad, folder / "killed", packed, stop_at=20)
            ours(bad, folder / "killed", packed)
            report("killed and run again", bad, packed, WORKERS)


def report(what: str, weather: Weather, pieces: list[str], most: int) -> None:
    """Print what was lost, and what was asked again though it had been delivered."""
    delivered = Counter(weather.spoken)
    lost = len(set(pieces) - delivered.keys())
    twice = sum(count - 1 for count in delivered.values())
    show(what, f"{len(weather.asked)} requests")
    show("  lost", str(lost), "0")
    show("  delivered twice", str(twice), f"at most {most}, in flight when killed" if most else "0")


if __name__ == "__main__":
    main()
