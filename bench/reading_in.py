"""Measures how fast books are read in: characters a second, against lxml alone, and memory.

``python bench/reading_in.py`` runs it, on the EPUBs in the folder ``books`` of REAL_TEXTS (by
default ``../shared``) and on one of 10 MB made on the spot. `bench.py` prints its rows, too.
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from figures import show, show_head

if TYPE_CHECKING:
    from collections.abc import Callable

BOOKS = Path(os.environ.get("REAL_TEXTS", "../shared")) / "books"
PAGES, MEGABYTES = 40, 10


def extract(path: Path) -> int:
    """Return the characters of an EPUB's pages as lxml alone extracts them."""
    from lxml import etree

    characters = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(("html", ".htm")):
                root = etree.fromstring(archive.read(name), etree.HTMLParser(encoding="utf-8"))
                characters += sum(map(len, root.itertext()))
    return characters


def read(path: Path) -> int:
    """Return the characters of a book's paragraphs."""
    from audiobook.stages import readers

    chapters = readers.read(str(path)).chapters
    return sum(len(paragraph.text) for chapter in chapters for paragraph in chapter.paragraphs)


def seconds(run: Callable[[Path], int], books: list[Path]) -> float:
    """Return the CPU seconds that all books take, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for path in books:
            run(path)
        best = min(best, time.process_time() - began)
    return best


def make(path: Path) -> None:
    """Write an EPUB of 10 MB, packed, of random syllables."""
    chance = random.Random(1)
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậ"
    manifest = "".join(
        f'<item id="p{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(PAGES)
    )
    spine = "".join(f'<itemref idref="p{n}"/>' for n in range(PAGES))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr(
            "c.opf",
            f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{manifest}</manifest>'
            f"<spine>{spine}</spine></package>",
        )
        for number in range(PAGES):
            page = io.StringIO()
            while page.tell() < MEGABYTES * 2**20 * 1.35 / PAGES:
                words = "".join(chance.choices(f"{letters}    ", k=300))
                page.write(f"<p>{words}</p>\n")
            archive.writestr(f"{number}.xhtml", f"<html><body>{page.getvalue()}</body></html>")
    path.write_bytes(buffer.getvalue())


def rows() -> list[tuple[str, str, str]]:
    """Return what was measured: what, how much, and what is wanted."""
    books = sorted(BOOKS.glob("*.epub"))
    characters = sum(map(read, books))
    ours, plain = seconds(read, books), seconds(extract, books)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        large = Path(folder) / "large.epub"
        make(large)
        size = large.stat().st_size / 2**20
        command = [sys.executable, __file__, str(large)]
        peak = float(subprocess.run(command, capture_output=True, check=True).stdout)
    return [
        (
            f"reading {len(books)} EPUBs",
            f"{characters / ours / 1e6:.2f} million characters/s",
            "at least 1",
        ),
        ("  to plain lxml text extraction", f"{ours / plain:.1f} times as long", ""),
        (f"  peak memory, an EPUB of {size:.0f} MB", f"{peak:.0f} MB", "under 300 MB"),
    ]


def main() -> None:
    """Measure and print; with a file, read it and print the peak memory in MB."""
    if len(sys.argv) > 1:
        read(Path(sys.argv[1]))
        # Not getrusage, which remembers the process that this one was started from.
        status = Path("/proc/self/status").read_text("ascii")
        print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
        return
    if not any(BOOKS.glob("*.epub")):
        sys.exit(
            f"there are no EPUBs in {BOOKS}: name the folder that holds books/ with REAL_TEXTS="
        )
    show_head("Reading in")
    for row in rows():
        show(*row)


if __name__ == "__main__":
    main()
