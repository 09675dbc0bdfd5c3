"""A program that speaks, for the engine that runs any: each character is a bit of a tone.

    python speaking_program.py [--text FILE] [--output FILE] [--fail CODE] [--silent]

It reads a line of UTF-8 from its standard input or a file, and writes a WAV.
"""

from __future__ import annotations

import argparse
import io
import math
import struct
import sys
import wave
from pathlib import Path

RATE = 16_000
SAMPLES_PER_CHARACTER = 800


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--text")
    parser.add_argument("--output")
    parser.add_argument("--fail", type=int, default=0)
    parser.add_argument("--silent", action="store_true")
    options = parser.parse_args()
    data = Path(options.text).read_bytes() if options.text else sys.stdin.buffer.read()
    if options.fail:
        sys.stderr.write(f"no voice for: {data.decode()}")
        sys.exit(options.fail)
    if not options.silent:
        sound = wav_of(len(data.decode("utf-8").removesuffix("\n")))
        if options.output:
            Path(options.output).write_bytes(sound)
        else:
            sys.stdout.buffer.write(sound)


def wav_of(characters: int) -> bytes:
    """Return what a text of so many characters sounds like."""
    period = [round(9_000 * math.sin(2 * math.pi * index / 40)) for index in range(40)]
    length = characters * SAMPLES_PER_CHARACTER
    wav = io.BytesIO()
    with wave.open(wav, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack("<40h", *period) * (length // 40))
    return wav.getvalue()


if __name__ == "__main__":
    main()
