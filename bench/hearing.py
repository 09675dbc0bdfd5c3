"""Measures how well voices are understood: a recogniser writes down what it hears them say.

``make hearing`` has each usable offline voice say forty sentences of ``tests/data``, or those named
(``VOICES="sano hanoi"``), and counts the syllables that the recogniser gets wrong: replaced, left
out or added, as a share of those said. ``PEOPLE=FOLDER`` adds recordings of people, each a .wav
with its words in a .txt of the same name, as the reference; no voice is better understood than
they. Voices and settings are compared by this and by their speed. Whisper base mishears people,
too, and knows nothing of beauty: small differences mean nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.app.voices import list_voices
from audiobook.config import load_voice
from audiobook.speech.speak import speak
from audiobook.vietnamese import normalize
from audiobook.vietnamese.plain import is_plain

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "vietnamese"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import corpus

if TYPE_CHECKING:
    from audiobook.model import Audio, Voice

SENTENCES = 40
FEWEST, MOST = 6, 24
"""Syllables of a sentence that is taken."""
PEOPLE = "people"


def sentences() -> list[str]:
    """Return sentences of plain words, of which nothing is read otherwise than it is written."""
    candidates = (
        sentence for paragraph in corpus.load_paragraphs() for sentence in paragraph.sentences
    )
    plain = [
        sentence
        for sentence in candidates
        if is_plain(sentence) and FEWEST <= len(sentence.split()) <= MOST
    ]
    return list(dict.fromkeys(plain))[:SENTENCES]


def say_all(voice: Voice, texts: list[str], folder: Path) -> float:
    """Have a voice say texts into a folder, and return how many times real time it spoke."""
    foreign = voice.foreign == "respell"
    spoken = [normalize(text, voice.reads_as, respell=foreign) for text in texts]
    speak(spoken[:1], voice)  # the model is read
    start = time.perf_counter()
    clips = speak(spoken, voice)
    elapsed = time.perf_counter() - start
    for number, clip in enumerate(clips):
        write_clip(folder / f"{voice.name} {number:03}", clip, texts[number])
    return sum(len(clip.samples) / clip.rate for clip in clips) / elapsed


def write_clip(stem: Path, audio: Audio, text: str) -> None:
    """Write a clip and what it says beside each other."""
    with wave.open(f"{stem}.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.rate)
        file.writeframes(audio.samples.tobytes())
    Path(f"{stem}.txt").write_text(corpus.key(text), "utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("voices", nargs="*", help="the voices; otherwise all usable offline ones")
    parser.add_argument("--listener", required=True, help="the Python that has the recogniser")
    parser.add_argument("--people", type=Path, help="a folder of .wav files with .txt beside them")
    options = parser.parse_args()
    names = options.voices or [
        entry.name
        for entry in list_voices()
        if entry.usable and not entry.network and entry.accent in ("north", "central", "south")
    ]
    texts = sentences()
    speeds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="hearing-") as name:
        folder = Path(name)
        for voice in map(load_voice, names):
            speeds[voice.name] = say_all(voice, texts, folder)
        for number, recording in enumerate(options.people.glob("*.wav") if options.people else ()):
            shutil.copyfile(recording, folder / f"{PEOPLE} {number:03}.wav")
            words = corpus.key(recording.with_suffix(".txt").read_text("utf-8"))
            (folder / f"{PEOPLE} {number:03}.txt").write_text(words, "utf-8")
        listener = [options.listener, str(Path(__file__).with_name("listening.py")), name]
        output = subprocess.run(listener, stdout=subprocess.PIPE, text=True, check=True).stdout
    totals: dict[str, Counter[str]] = {}
    for line in output.splitlines():
        count = json.loads(line)
        totals.setdefault(count.pop("name").rpartition(" ")[0], Counter(sentences=0)).update(count)
    print(f"{'':<12}{'sentences':>10}{'syllables':>10}{'wrong':>8}{'times real time':>17}")
    for name, total in sorted(totals.items(), key=lambda pair: pair[1]["wrong"]):
        share, speed = total["wrong"] / total["syllables"], speeds.get(name)
        print(
            f"{name:<12}{total['sentences']:>10}{total['syllables']:>10}{share:>8.0%}"
            f"{f'{speed:.0f}' if speed else '':>17}"
        )


if __name__ == "__main__":
    main()
