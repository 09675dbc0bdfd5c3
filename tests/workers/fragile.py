"""An engine that dies, hangs or grows where the text says so, packaged as anybody's would be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.config import load_voice
from audiobook.model import Cast, Kind, Passage, Utterance

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
import os, signal, struct, sys, time
from pathlib import Path
from audiobook.engines.tone import Tone

LOST = []

class Fragile(Tone):
    name = "fragile"

    def say(self, texts, voice):
        for text in texts:
            if "chết" in text:
                os._exit(9)
            if "dở dang" in text:
                end_while_handing_over()
            if "treo" in text:
                time.sleep(600)
            if "chậm" in text:
                time.sleep(0.3)
            if "phình" in text:
                LOST.append(bytearray(b"x") * (8 << 20))
                with Path(__file__).with_name("processes").open("a") as file:
                    file.write(f"{os.getpid()}\\n")
        return super().say(texts, voice)

def end_while_handing_over():
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    pipe = frame.f_locals["result_queue"]._writer.fileno()
    os.write(pipe, struct.pack("!i", 1000) + b"the first of a thousand bytes")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def install(folder: Path) -> Path:
    """Install the engine into a folder of packages, and return that."""
    packages = folder / "site-packages"
    metadata = packages / "fragile-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: fragile\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[audiobook.engines]\nfragile = fragile_engine:Fragile\n"
    )
    (packages / "fragile_engine.py").write_text(MODULE, "utf-8")
    return packages


CAST = Cast(replace(load_voice("tone"), name="fragile", engine="fragile"))


def passage(text: str, first: int = 0) -> Passage:
    """Return a passage of one sentence."""
    return Passage(0, first, (Utterance(text=text, spoken=(text,), role=Kind.PROSE, pause=0.4),))
