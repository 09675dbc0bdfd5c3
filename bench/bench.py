"""Measures what docs/performance.md tells, on this machine, in one run, and prints a table.

``make bench`` runs it. It needs a real book: the folder ``books`` of REAL_TEXTS (by default
``../shared``), and Debian's packages espeak-ng, lame and ffmpeg for the comparison.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import reading_in
import starting
from figures import show, show_head
from mutagen.id3 import ID3

from audiobook.vietnamese import normalize, split_sentences

if TYPE_CHECKING:
    from collections.abc import Collection

BOOK = Path(os.environ.get("REAL_TEXTS", "../shared")) / "books" / "tat-den.epub"
AUDIOBOOK = [sys.executable, "-m", "audiobook"]
RATE = 22050


class _Paragraphs(HTMLParser):
    """Collects paragraphs and headings of a page of the book."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._marks: str | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "h1", "h2", "h3"):
            self._marks = "# " if tag[0] == "h" else ""
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "h1", "h2", "h3") and self._marks is not None:
            text = " ".join("".join(self._text).split())
            if text:
                self.found.append(self._marks + text)
            self._marks = None

    def handle_data(self, data: str) -> None:
        self._text.append(data)


def text_of(epub: Path) -> str:
    """Take the text out of an EPUB in reading order, headings marked."""
    names = {"opf": "http://www.idpf.org/2007/opf"}
    with zipfile.ZipFile(epub) as archive:
        package = next(name for name in archive.namelist() if name.endswith(".opf"))
        tree = ElementTree.fromstring(archive.read(package))
        pages = {item.get("id"): item.get("href") for item in tree.iterfind(".//opf:item", names)}
        paragraphs = []
        for reference in tree.iterfind(".//opf:itemref", names):
            page = _Paragraphs()
            name = str(Path(package).parent / str(pages[reference.get("idref")]))
            page.feed(archive.read(name.removeprefix("./")).decode())
            paragraphs += page.found
    return "\n\n".join(paragraphs)


@dataclass(frozen=True)
class Run:
    """What running a command took."""

    seconds: float
    megabytes: float
    """Of the largest process."""


def run(command: list[str] | str, codes: Collection[int] = (0,), **environment: str) -> Run:
    """Run a command to its end; exit if it ends with another code."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        shell=isinstance(command, str),
        stdout=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in codes:
        sys.exit(f"{command} failed")
    return Run(time.monotonic() - began, usage.ru_maxrss / 1024)


def build(source: Path, folder: Path) -> Run:
    """Build a book with the embedded voice."""
    words = ["build", str(source), "-o", str(folder), "--voice", "hanoi", "--quiet"]
    return run([*AUDIOBOOK, *words], AUDIOBOOK_CACHE=str(folder / "cache"))


def worst_cue(book: Path) -> float:
    """Return by how many ms the last tenth of the cues, and all chapters, miss their sound.

    A cue is right when sound begins at it after silence; clips keep up to 10 ms before they
    are loud.
    """
    command = ["ffmpeg", "-v", "error", "-i", str(book), "-f", "s16le", "-ac", "1", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    loud = np.abs(np.frombuffer(decoded, np.int16).astype(np.int32)) > 150
    tag = ID3(book)
    cues = [milliseconds for _, milliseconds in tag.getall("SYLT")[0].text]
    starts = cues[-len(cues) // 10 :] + [chapter.start_time for chapter in tag.getall("CHAP")]
    worst = 0.0
    for start in starts:
        at = start * RATE // 1000
        begin = max(at - RATE // 10, 0)  # within the silence before
        onset = begin + int(np.argmax(loud[begin : at + RATE]))
        worst = max(worst, abs(onset - at) / RATE * 1000)
    return worst


def main() -> None:
    """Measure and print."""
    if not BOOK.exists():
        sys.exit(f"there is no {BOOK}: name the folder that holds books/ with REAL_TEXTS=")
    missing = [tool for tool in ("espeak-ng", "lame", "ffmpeg") if not shutil.which(tool)]
    if missing:
        sys.exit(f"install {' '.join(missing)} (Debian's packages) to compare with")
    text = text_of(BOOK)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        book = folder / "book.txt"
        book.write_text(text, "utf-8")
        peer = run(f"espeak-ng -v vi --stdout -f {book} | lame --quiet -b 64 - {folder}/peer.mp3")
        first = build(book, folder)
        again = build(book, folder)
        shutil.copy(folder / "book.mp3", folder / "first.mp3")
        middle = text.index(" và ", len(text) // 2)
        book.write_text(f"{text[:middle]} cùng {text[middle + 4 :]}", "utf-8")
        edited = build(book, folder)
        ten = folder / "ten.txt"
        copies = (
            "\n\n".join(f"{paragraph} Bản {number}." for paragraph in text.split("\n\n"))
            for number in range(10)
        )
        ten.write_text("\n\n".join(copies), "utf-8")
        large = build(ten, folder)
        # Last: a process starts with the peak memory of the one it is forked from.
        cue = worst_cue(folder / "first.mp3")
    began = time.process_time()
    for sentence in split_sentences(text):
        normalize(sentence)
    reading = len(text) / (time.process_time() - began)

    show_head(f"{len(text):,} characters, {os.cpu_count()} cores")
    show("espeak-ng | lame -b 64", f"{peer.seconds:.1f} s", "")
    show("first build", f"{first.seconds:.1f} s", "")
    show("  times as fast as that", f"{peer.seconds / first.seconds:.2f}", "at least 3.6")
    show("unchanged", f"{again.seconds / first.seconds:.1%} of the first", "under 5 %")
    show("one sentence edited", f"{edited.seconds / first.seconds:.1%} of the first", "under 15 %")
    show("peak memory", f"{first.megabytes:.0f} MB", "under 200 MB")
    growth = f"{large.megabytes / first.megabytes - 1:+.1%} ({large.megabytes:.0f} MB)"
    show("  for ten times the text", growth, "at most +5 %")
    show("worst cue at the end, worst chapter", f"{cue:.0f} ms", "within 30 ms")
    for what, measured, wanted in (*starting.rows(), *reading_in.rows()):
        show(what, measured, wanted)
    show("sentences and normalize", f"{reading / 1e6:.1f} million characters/s", "at least 2")


if __name__ == "__main__":
    main()
