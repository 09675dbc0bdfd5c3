"""Scanned pages: recognised by Tesseract, each once, and never unasked."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pdf_pages import Printer, Set
from test_pdf import STORY
from typer.testing import CliRunner

from audiobook.cli.app import app
from audiobook.errors import SourceError
from audiobook.stages import readers
from audiobook.stages.readers.ocr import Recogniser

if TYPE_CHECKING:
    from PIL.Image import Image

pypdfium2 = pytest.importorskip("pypdfium2", reason="the extra audiobook[pdf] is not installed")
pytesseract = pytest.importorskip("pytesseract", reason="the extra audiobook[ocr] is not installed")

PAGE = """<html><body><span class="ocr_line" title="bbox 300 600 2100 660; baseline 0 -12;
 x_size 50; x_descenders 12; x_ascenders 12">{}</span></body></html>"""
WORD = '<span class="ocrx_word" title="bbox {} 600 {} 660; x_wconf 90">{}</span>'


def can_recognise() -> bool:
    return bool(shutil.which("tesseract")) and "vie" in pytesseract.get_languages()


needs_tesseract = pytest.mark.skipif(
    not can_recognise(), reason="tesseract and its Vietnamese data are not installed"
)


def scan(*pages: str) -> list[Image]:
    """Return pages as a scanner sees them."""
    pictures = []
    for text in pages:
        printer = Printer()
        printer.paragraph(text, Set(size=12, leading=18))
        (page,) = pypdfium2.PdfDocument(printer.bytes())
        pictures.append(page.render(scale=300 / 72, grayscale=True).to_pil())
    return pictures


def write_scan(path: Path, *pages: str) -> str:
    first, *following = scan(*pages)
    first.save(path, save_all=True, append_images=following, resolution=300)
    return str(path)


def texts(source: str, recogniser: Recogniser) -> list[str]:
    document = readers.read(source, recogniser=recogniser)
    return [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]


class Tesseract:
    """Stands in for the program: reads what it was told is there."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.asked = 0

    def __call__(self, _picture: object, **_options: object) -> bytes:
        self.asked += 1
        line = self.lines.pop(0)
        if line == "Ctrl-C":
            raise KeyboardInterrupt
        words = [
            WORD.format(300 + 120 * place, 400 + 120 * place, word)
            for place, word in enumerate(line.split())
        ]
        return PAGE.format(" ".join(words)).encode()


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch) -> Tesseract:
    program = Tesseract("Nước về sớm.", "Nước về muộn.", "Không ai biết.")
    monkeypatch.setattr(pytesseract, "image_to_pdf_or_hocr", program)
    monkeypatch.setattr(pytesseract, "get_tesseract_version", lambda: "5.3.0")
    monkeypatch.setattr(pytesseract, "get_languages", lambda: ["eng", "vie"])
    return program


@needs_tesseract
def test_a_scanned_page_is_read(tmp_path: Path) -> None:
    source = write_scan(tmp_path / "scan.pdf", STORY[0])
    assert texts(source, Recogniser(tmp_path)) == [STORY[0]]


@needs_tesseract
def test_the_picture_of_a_page_is_read(tmp_path: Path) -> None:
    (picture,) = scan(STORY[3])
    picture.save(tmp_path / "page.png")
    assert texts(str(tmp_path / "page.png"), Recogniser(tmp_path)) == [STORY[3]]


def test_each_page_is_recognised_once(tmp_path: Path, tesseract: Tesseract) -> None:
    source = write_scan(tmp_path / "scan.pdf", "Một.", "Hai.")
    reports: list[tuple[int, int]] = []
    first = texts(source, Recogniser(tmp_path, lambda *pages: reports.append(pages)))
    assert first == ["Nước về sớm.", "Nước về muộn."]
    assert reports == [(1, 2), (2, 2)]
    assert texts(source, Recogniser(tmp_path)) == first
    assert tesseract.asked == 2


def test_what_was_recognised_before_an_interruption_is_kept(
    tmp_path: Path, tesseract: Tesseract
) -> None:
    source = write_scan(tmp_path / "scan.pdf", "Một.", "Hai.")
    tesseract.lines[1] = "Ctrl-C"
    with pytest.raises(KeyboardInterrupt):
        texts(source, Recogniser(tmp_path))
    assert texts(source, Recogniser(tmp_path)) == ["Nước về sớm.", "Không ai biết."]
    assert tesseract.asked == 3


@pytest.mark.usefixtures("tesseract")
def test_what_is_kept_and_not_whole_is_recognised_again(tmp_path: Path) -> None:
    source = write_scan(tmp_path / "scan.pdf", "Một.")
    texts(source, Recogniser(tmp_path))
    (stored,) = tmp_path.rglob("*.ocr")
    stored.write_bytes(stored.read_bytes()[:20])
    assert texts(source, Recogniser(tmp_path)) == ["Nước về muộn."]


def test_a_page_with_text_is_not_recognised(tmp_path: Path, tesseract: Tesseract) -> None:
    printer = Printer()
    printer.paragraph(STORY[0])
    printer.page()
    printer.picture()
    (tmp_path / "half.pdf").write_bytes(printer.bytes())
    assert texts(str(tmp_path / "half.pdf"), Recogniser(tmp_path)) == [STORY[0], "Nước về sớm."]
    assert tesseract.asked == 1


def test_a_picture_with_nothing_on_it(tmp_path: Path, tesseract: Tesseract) -> None:
    (picture,) = scan("Một.")
    picture.save(tmp_path / "page.png")
    tesseract.lines[0] = ""
    with pytest.raises(SourceError, match="holds no text to read"):
        texts(str(tmp_path / "page.png"), Recogniser(tmp_path))


@pytest.mark.parametrize("cut", [12, 40, 200])
def test_a_damaged_picture_is_one_line(tmp_path: Path, tesseract: Tesseract, cut: int) -> None:
    (picture,) = scan("Một.")
    file = BytesIO()
    picture.save(file, "PNG")
    (tmp_path / "page.png").write_bytes(file.getvalue()[:cut])
    with pytest.raises(SourceError, match="damaged"):
        texts(str(tmp_path / "page.png"), Recogniser(tmp_path))
    assert not tesseract.asked


@pytest.mark.parametrize("command", ["read", "chapters", "proof", "build"])
def test_a_scan_says_how_to_read_it(tmp_path: Path, command: str) -> None:
    source = write_scan(tmp_path / "scan.pdf", "Một.")
    result = CliRunner().invoke(app, [command, source])
    assert result.exit_code == 3
    assert "--ocr" in result.stderr
    assert "tesseract-ocr-vie" in result.stderr


@pytest.mark.parametrize("missing", ["program", "language"])
def test_what_recognising_needs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def version() -> str:
        if missing == "program":
            raise pytesseract.TesseractNotFoundError
        return "5.3.0"

    monkeypatch.setattr(pytesseract, "get_tesseract_version", version)
    monkeypatch.setattr(pytesseract, "get_languages", lambda: ["eng"])
    source = write_scan(tmp_path / "scan.pdf", "Một.")
    with pytest.raises(SourceError) as problem:
        texts(source, Recogniser(tmp_path))
    assert problem.value.exit_code == 3
    assert "tesseract-ocr-vie" in problem.value.remedy


def test_reading_aloud_a_scan_tells_how_far_it_is(
    tmp_path: Path, tesseract: Tesseract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path / "cache"))
    source = write_scan(tmp_path / "scan.pdf", "Một.")
    result = CliRunner().invoke(app, ["read", source, "--ocr"])
    assert result.exit_code == 0, result.exception
    assert "Nước về sớm." in result.stdout
    assert "text of page 1/1 recognised" in result.stderr
    assert tesseract.asked == 1
