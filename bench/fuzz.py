"""Reads damaged and invented files of every kind: each must be taken or refused in one clear line.

``make fuzz`` runs it for FUZZ_SECONDS (60), shared among the kinds; FUZZ_SEED repeats a run, and
FUZZ_KINDS (all) names those to try. Texts are read; settings, lexicons and finished books are used;
of the kind ``voices`` the texts are spoken, by FUZZ_VOICES (all that need no network).
Real books come from the folder ``books`` of REAL_TEXTS (by default ``../shared``), if it is there.
"""

from __future__ import annotations

import faulthandler
import io
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import fuzz_books
import fuzz_files
import fuzz_voices
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audiobook.errors import AudiobookError
from audiobook.model import Document
from audiobook.stages import readers

if TYPE_CHECKING:
    from collections.abc import Callable

BOOKS = Path(os.environ.get("REAL_TEXTS", "../shared")) / "books"
SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", str(time.time_ns() % 1_000_000)))
# The largest of the real books takes 3 seconds on a small machine.
SLOWEST = 10.0
MEMORY = 2 << 30

TEXT = "Chương 1\n\n“Trời mưa,” ông Tư nói. Nước lên từ đêm rằm [1].\n\n* * *\n\nHết."
MARKDOWN = (
    f"---\ntitle: Mùa nước\ndate: 2020-01-02\n---\n# {TEXT}\n\n> thơ  \n> thơ\n\n[^1]: Chú.\n"
)
BODY = (
    "<h1 id='a'>Chương 1</h1><p class='tho'>Một dòng<br/>hai dòng<br/>ba<br/>bốn</p><hr/>"
    "<p>Trời mưa<a href='#n'><sup>1</sup></a>, ông nói.</p><table><tr><td>a</td><td>b</td></tr>"
    "</table><pre>dòng\n\ndòng</pre><div><p id='n'>1. Chú thích.</p></div>"
)
TOKENS = [
    *"< > & \" ' ] ]]> <!-- --> <br/> <p> </p> <div> </div> <ol> <a\thref='#n'> <sup>".split(" "),
    *"&#0; &#xD800; &nbsp; &x; <![CDATA[ [^1] ``` ~~~ | - # --- title: {[ \\ % endobj".split(),
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    *("<div>" * 300, "<i>" * 3000, "<br>" * 2000, "> " * 500, "[" * 1000, "9" * 5000, "a" * 5000),
    *("\0", "\ufeff", "\u0301", "\u2028", "\x1b", "\r", "ﬁ", "𝒳", "Ð", "ViÖt"),
    *("<w:p>", "</w:p>", "<w:tbl><w:tr><w:tc>", "</w:tr>", "<w:r><w:t>chữ</w:t></w:r>"),
    *("<w:footnoteReference w:id='1'/>", "<w:fldChar w:fldCharType='begin'/>", "<w:vanish/>"),
    *("<w:numPr><w:ilvl w:val='8'/><w:numId w:val='1'/></w:numPr>", "<w:txbxContent>"),
]


def packed(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive of files, the first one stored."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, content) in enumerate(files.items()):
            archive.writestr(name, content, None if place else zipfile.ZIP_STORED)
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def epub(body: str) -> bytes:
    """Return an EPUB of one page."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/'
        'elements/1.1/"><dc:title>Mùa</dc:title></metadata><manifest><item id="a" href="a.xhtml" '
        'media-type="application/xhtml+xml"/><item id="n" href="n.xhtml" properties="nav" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
        "</package>"
    )
    nav = "<nav><ol><li><a href='a.xhtml#a'>Chương 1</a><ol><li><a href='a.xhtml#n'>2</a></li></ol>"
    pages = {"a.xhtml": body, "n.xhtml": f"{nav}</li></ol></nav>"}
    files = {"mimetype": "application/epub+zip", "c.opf": package}
    for name, content in pages.items():
        files[name] = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{content}</body></html>'
    return packed({name: content.encode("utf-8", "replace") for name, content in files.items()})


def html(body: str) -> bytes:
    """Return a page."""
    return f"<html><head><title>Mùa</title></head><body>{body}</body></html>".encode(
        "utf-8", "replace"
    )


def docx(body: str = "") -> bytes:
    """Return a Word file: one by python-docx, or with a body in place of its own."""
    files = unpacked(_word())
    if body:
        whole = files["word/document.xml"]
        begin, end = whole.index(b"<w:body>") + 8, whole.index(b"</w:body>")
        files["word/document.xml"] = whole[:begin] + body.encode("utf-8", "replace") + whole[end:]
    return packed(files)


@cache
def _word() -> bytes:
    from docx import Document as Word

    made = Word()
    made.core_properties.title = "Mùa"
    made.add_heading("Chương 1", 1)
    made.add_paragraph("Trời mưa.", style="List Number")
    made.add_table(2, 2).cell(0, 0).text = "Tháng"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def pdf(body: str = "Trang sách. " * 200) -> bytes:
    """Return a PDF file in a font that every viewer has."""
    from fpdf import FPDF

    made = FPDF()
    made.add_page()
    made.set_font("Helvetica")
    made.start_section("Mot")
    made.multi_cell(0, text=body.encode("latin-1", "replace").decode("latin-1"))
    return bytes(made.output())


# For each kind: small files, and how a file is made of an invented body.
KINDS: dict[str, tuple[list[bytes], Callable[[str], bytes]]] = {
    "txt": (
        [TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("cp1258", "ignore") * 5],
        lambda body: body.encode("utf-8", "replace"),
    ),
    "md": ([MARKDOWN.encode()], lambda body: body.encode("utf-8", "replace")),
    "html": ([html(BODY * 5), html(BODY).decode().encode("utf-16")], html),
    "epub": ([epub(BODY)], epub),
    "docx": ([docx()], docx),
    "pdf": ([pdf()], lambda body: pdf(body[:2000])),
    "fb2": ([fuzz_books.fb2(fuzz_books.TEXT_FB2)], fuzz_books.fb2),
    "odt": ([fuzz_books.odt(fuzz_books.TEXT_ODT)], fuzz_books.odt),
    "rtf": ([fuzz_books.rtf(fuzz_books.TEXT_RTF)], fuzz_books.rtf),
    "srt": ([fuzz_books.subtitles("<i>Trời</i>\nmưa.")], fuzz_books.subtitles),
    "lrc": ([fuzz_books.lyrics("<00:01.60>Trời mưa.")], fuzz_books.lyrics),
    "mobi": ([fuzz_books.mobi(fuzz_books.TEXT_KINDLE)], fuzz_books.mobi),
    "azw3": ([fuzz_books.azw3(BODY)], fuzz_books.azw3),
    "zip": ([fuzz_books.chapters("Trời mưa.")], fuzz_books.chapters),
    "toml": (
        [
            fuzz_files.text(one)
            for one in (fuzz_files.BOOK_TOML, fuzz_files.VOICE_TOML, fuzz_files.LIBRARY_TOML)
        ],
        fuzz_files.text,
    ),
    "tsv": ([fuzz_files.text(fuzz_files.LEXICON)], fuzz_files.text),
    "mp3": ([fuzz_files.made("mp3")], fuzz_files.tagged),
    "m4b": ([fuzz_files.made("m4b")], fuzz_files.framed("m4b")),
    "opus": ([fuzz_files.made("opus")], fuzz_files.framed("opus")),
}
USES: dict[str, Callable[[Path], object]] = {
    "toml": fuzz_files.settings,
    "tsv": fuzz_files.lexicon,
    **dict.fromkeys(("mp3", "m4b", "opus"), fuzz_files.book),
}
_TOKENS_OF = {
    **dict.fromkeys(("toml", "tsv"), fuzz_files.TOKENS),
    **dict.fromkeys(("fb2", "odt", "rtf", "srt", "lrc", "mobi", "azw3"), fuzz_books.TOKENS),
}
VOICES = "voices"
CHANCE = random.Random(SEED)


def mutate(data: bytes) -> bytes:
    """Return data with a few changes: bytes, slices lost, repeated and moved, signs put in."""
    changed = bytearray(data)
    for _ in range(CHANCE.choice((1, 1, 2, 4, 16))):
        # What a file says of itself stands at its beginning.
        within = min(len(changed), CHANCE.choice((200, 4000, len(changed))))
        at, length = CHANCE.randrange(within + 1), CHANCE.choice((1, 10, 100, 1000))
        match CHANCE.randrange(8):
            case 0:
                del changed[at:]
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length] * CHANCE.choice((1, 10, 100))
            case 3:
                other = CHANCE.randrange(len(changed) + 1)
                changed[at:at] = changed[other : other + length]
            case 4 | 5:
                changed[at:at] = CHANCE.choice(TOKENS).encode()
            case _:
                changed[at : at + 1] = CHANCE.randbytes(1)
    return bytes(changed)


def damaged(data: bytes) -> bytes:
    """Return a file mutated: a ZIP archive as it stands, or one of its files and packed again."""
    if not data.startswith(b"PK") or CHANCE.random() < 0.2:
        return mutate(data)
    files = unpacked(data)
    texts = ("ml", ".opf", ".ncx", ".rels", ".txt", ".rtf")
    name = CHANCE.choice([name for name in files if name.endswith(texts)])
    return packed({**files, name: mutate(files[name])})


class Trial:
    """Reads files of one format and counts what comes of them."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self._use = USES.get(kind, _read_document)
        self._tokens = TOKENS + _TOKENS_OF.get(kind, [])
        self._path = folder / f"fuzz.{kind}"

    def read(self, data: bytes) -> None:
        """Use a file.

        Raises:
            AssertionError: it took too long, or the error is not one clear line with a remedy.
        """
        self._path.write_bytes(data)
        faulthandler.dump_traceback_later(4 * SLOWEST, exit=True)
        began = time.monotonic()
        try:
            self._use(self._path)
            self.counts["taken"] += 1
        except AudiobookError as refused:
            self.counts["refused"] += 1
            assert refused.remedy, "no remedy"
            assert "\n" not in str(refused), "more than a line"
        finally:
            took = time.monotonic() - began
            self.slowest = max(self.slowest, took)
            faulthandler.cancel_dump_traceback_later()
        assert took < SLOWEST, f"{took:.1f} s"

    def damage(self, seeds: list[bytes], real: list[bytes], until: float) -> None:
        """Read damaged files; one in ten is a book."""
        while time.monotonic() < until:
            self.read(damaged(CHANCE.choice(real if real and CHANCE.random() < 0.1 else seeds)))

    def invent(self, make: Callable[[str], bytes], until: float) -> None:
        """Read files of bodies that hypothesis makes; it returns the least that fails."""
        pieces = st.sampled_from(self._tokens) | st.text(max_size=20)

        @settings(
            max_examples=50,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(pieces, max_size=60))
        def attempt(body: list[str]) -> None:
            if time.monotonic() < until:
                self.read(make("".join(body)))

        while time.monotonic() < until:
            attempt()


def _read_document(path: Path) -> object:
    document = readers.read(str(path))
    assert isinstance(document, Document)
    return document


def main() -> None:
    """Fuzz every kind and print what came of it; exit 1 at the first failure."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    kinds = os.environ.get("FUZZ_KINDS", " ".join((*KINDS, VOICES))).split()
    real = {
        kind: []
        if kind in USES or kind == VOICES
        else [p.read_bytes() for p in sorted(BOOKS.glob(f"*.{kind}"))]
        for kind in kinds
    }
    print(f"seed {SEED}, {sum(map(len, real.values()))} real files, {SECONDS:.0f} s")
    share = SECONDS / len(kinds) / 2
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for kind in kinds:
        if kind == VOICES:
            voices = os.environ.get("FUZZ_VOICES", "").split()
            counts = fuzz_voices.fuzz(2 * share, CHANCE, voices)
            print(f"{kind:<7}{counts.total():>5,} texts: {counts['taken']:>6,} said")
            continue
        seeds, make = KINDS[kind]
        trial = Trial(kind, folder)
        try:
            trial.damage(seeds, real[kind], time.monotonic() + share)
            trial.invent(make, time.monotonic() + share)
        except BaseException:
            print(f"{folder}/fuzz.{kind} is what failed", file=sys.stderr)
            raise
        counts = trial.counts
        print(
            f"{kind:<5}{counts.total():>7,} files: {counts['taken']:>6,} taken, "
            f"{counts['refused']:>6,} refused; slowest {trial.slowest:.1f} s"
        )
    shutil.rmtree(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
