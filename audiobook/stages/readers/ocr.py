"""Text recognition (OCR): the picture of a page becomes words, each page once.

Tesseract does it, asked through pytesseract 0.3.13 (August 2024, Apache-2.0): 15 kB of Python that
needs only Pillow and runs the program. Weighed against it: tesserocr (MIT) brings a Tesseract of
its own and still needs its language data; OCRmyPDF (MPL-2.0) makes PDF files for people to keep,
and brings pikepdf, pdfminer, img2pdf and Ghostscript for that.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import statistics
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from audiobook.errors import OutputError, SourceError, UnrecognisedError
from audiobook.messages import message
from audiobook.system import files
from audiobook.system.json_data import load_json
from audiobook.system.requirements import install_hint
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL.Image import Image

RESOLUTION = 300
"""Dots an inch of the pictures that are recognised: what Tesseract is made for."""
LANGUAGE = "vie"
OCR_REMEDY = message(
    "recognise it with --ocr (needs: apt install tesseract-ocr-vie; pip install pytesseract)"
)
"""What to do about a picture."""
UNRECOGNISED_PAGES = message("pages without text (OCR needed)")
"""The change that leaves out pages that are pictures."""
_FORMAT = 1
_SUFFIX = ".ocr"
_LONGEST_SECONDS = 300
_REMEDY = message("apt install tesseract-ocr tesseract-ocr-vie, or see tesseract-ocr.github.io")
_KEEP_REMEDY = message("make room, or name another folder with AUDIOBOOK_CACHE")
_VALUES = re.compile(r"(bbox|baseline|x_size|x_descenders)((?: -?[\d.]+)+)")
# RecognisedWord lines differ in height by their letters; one that differs from the usual height by
# less than this share has the usual height.
_NEAR_USUAL = 0.3
# The height of a line as the rest of the reader measures it, divided by what Tesseract gives.
_LINE = 1.1

# Two who read a source at the same time recognise its pages once: one waits for the other.
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

Report = Callable[[int, int], None]
"""Is called with how many pages are recognised, and of how many."""


class RecognisedWord(NamedTuple):
    """A word on a picture; positions in points from its lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


def ignore(_page: int, _pages: int) -> None:
    """Take in a report and do nothing."""


class Recogniser:
    """Recognises pages, and keeps what it has recognised in a folder."""

    def __init__(self, folder: Path, report: Report = ignore) -> None:
        self.folder, self._report = folder, report
        self._version = ""
        self.kept: set[Path] = set()
        """The files that hold what was recognised so far."""

    def recognise(
        self,
        name: str,
        digest: str,
        pages: Sequence[int],
        pictures: Callable[[Sequence[int]], Iterable[tuple[int, Image]]],
    ) -> dict[int, list[RecognisedWord]]:
        """Return the words of pages; those recognised before are not looked at again.

        Args:
            name: what messages call the source.
            digest: of the source's content.
            pages: numbers of its pages.
            pictures: draws pages, at `RESOLUTION`.

        Raises:
            SourceError: Tesseract or its Vietnamese data is missing, or it fails.
            OutputError: the folder does not take what was recognised.
        """
        self._version = self._version or _version(name)
        with _turns[digest]:
            words_by_page = self._recognise_missing(name, digest, pages, pictures)
        return _with_usual_height(words_by_page)

    def _recognise_missing(
        self,
        name: str,
        digest: str,
        pages: Sequence[int],
        pictures: Callable[[Sequence[int]], Iterable[tuple[int, Image]]],
    ) -> dict[int, list[RecognisedWord]]:
        words_by_page = {
            page: words for page in pages if (words := self._stored_words(digest, page)) is not None
        }
        missing = [page for page in pages if page not in words_by_page]
        self.kept.update(self._path(digest, page) for page in pages)
        for page, picture in pictures(missing):
            words_by_page[page] = _recognise(name, picture)
            content = json.dumps(words_by_page[page]).encode()
            with files.whole(self._path(digest, page), _KEEP_REMEDY, private=True) as file:
                file.write(content)
            self._report(len(words_by_page), len(pages))
        return words_by_page

    def _stored_words(self, digest: str, page: int) -> list[RecognisedWord] | None:
        path = self._path(digest, page)
        try:
            words = load_json(path.read_bytes())
        except (FileNotFoundError, ValueError):  # not there, or not whole: it is made again
            return None
        except OSError as problem:
            raise OutputError(
                message("cannot read {path}: {reason}", path=path, reason=problem), _KEEP_REMEDY
            ) from problem
        files.note_use(path)
        return [RecognisedWord(*word) for word in words]

    def _path(self, digest: str, page: int) -> Path:
        key = repr((_FORMAT, self._version, LANGUAGE, RESOLUTION, digest, page))
        name = hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
        return self.folder / name[:2] / f"{name}{_SUFFIX}"


def lacking() -> UnrecognisedError | None:
    """Return what is missing on this machine to recognise text; None if nothing is."""
    try:
        _version("")
    except UnrecognisedError as problem:
        return problem
    return None


def _version(name: str) -> str:
    """Return the version of Tesseract, if it can read Vietnamese."""
    if importlib.util.find_spec("pytesseract") is None:
        raise UnrecognisedError(
            message("{name} needs text recognition and pytesseract is not installed", name=name),
            install_hint("pytesseract"),
        )
    import pytesseract

    try:
        version = str(pytesseract.get_tesseract_version())
        languages = pytesseract.get_languages()
    except (OSError, SystemExit, pytesseract.TesseractError) as problem:
        raise UnrecognisedError(
            message("{name} needs text recognition and Tesseract is not installed", name=name),
            _REMEDY,
        ) from problem
    if LANGUAGE not in languages:
        raise UnrecognisedError(
            message(
                "{name} needs text recognition and Tesseract has no Vietnamese data", name=name
            ),
            _REMEDY,
        )
    return version


def _recognise(name: str, picture: Image) -> list[RecognisedWord]:
    import pytesseract

    try:
        page = pytesseract.image_to_pdf_or_hocr(
            picture, lang=LANGUAGE, extension="hocr", timeout=_LONGEST_SECONDS
        )
    except (RuntimeError, OSError) as problem:  # a timeout is a RuntimeError
        reason = " ".join(str(problem).split())[:200]
        raise SourceError(
            message("Tesseract cannot read a page of {name}: {reason}", name=name, reason=reason),
            message("give a clearer picture"),
        ) from problem
    return list(_words_in_hocr(page, picture.height))


def _words_in_hocr(page: bytes, height: int) -> Iterable[RecognisedWord]:
    """Yield the words of a page in hOCR, the format in which Tesseract tells where words stand."""
    from lxml import html

    scale = 72 / RESOLUTION
    for line in html.document_fromstring(page).iterfind(".//span"):
        if line.get("class") not in ("ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption"):
            continue
        values = _numbers_in_title(line)
        lowest = height - values["bbox"][3]
        slope, offset = values.get("baseline", [0.0, 0.0])
        size = values.get("x_size", [values["bbox"][3] - values["bbox"][1]])[0]
        bottom = lowest - offset - values.get("x_descenders", [0.0])[0]
        for word in line.iterfind("span[@class='ocrx_word']"):
            text = "".join(map(str, word.itertext())).strip()
            left, _, right, _ = _numbers_in_title(word)["bbox"]
            risen = bottom - slope * (left - values["bbox"][0])
            if text:
                edges = (left, right, risen, risen + _LINE * size)
                yield RecognisedWord(text, *(round(edge * scale, 1) for edge in edges))


def _numbers_in_title(element: Any) -> dict[str, list[float]]:
    properties = _VALUES.findall(element.get("title", ""))
    return {key: [float(value) for value in values.split()] for key, values in properties}


def _with_usual_height(pages: dict[int, list[RecognisedWord]]) -> dict[int, list[RecognisedWord]]:
    """Return words with the usual height where theirs is near it: it varies with their letters."""
    heights = [word.top - word.bottom for words in pages.values() for word in words]
    if not heights:
        return pages
    usual = round(statistics.median(heights), 1)
    return {
        page: [
            word._replace(top=word.bottom + usual)
            if abs(word.top - word.bottom - usual) < _NEAR_USUAL * usual
            else word
            for word in words
        ]
        for page, words in pages.items()
    }
