"""Files that are not what they say, and files made to harm: each is read or refused in one line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from books import NCX_ITEM, book, epub, ncx, package, page, point
from test_docx import p as word_paragraph
from test_docx import word

from audiobook.errors import SourceError
from audiobook.stages import readers
from audiobook.stages.readers import archive

pytest.importorskip("trafilatura", reason="the extra audiobook[web] is not installed")

SAID = (
    "Mùa khô năm ấy nước mặn lấn sâu vào đất liền, người trồng lúa chỉ biết khi ngọn lúa đã vàng."
)


def pdf() -> bytes:
    from pdf_pages import Printer

    pytest.importorskip("pypdfium2", reason="the extra audiobook[pdf] is not installed")
    printer = Printer()
    printer.paragraph(SAID)
    return printer.bytes()


def docx() -> bytes:
    buffer = io.BytesIO(word(word_paragraph(SAID)))
    with zipfile.ZipFile(buffer, "a") as archive_file:
        archive_file.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


MADE = {
    "txt": lambda: SAID.encode(),
    "html": lambda: page(f"<h1>Mùa khô</h1><p>{SAID}</p>" * 5).encode(),
    "epub": lambda: book({"1.xhtml": f"<p>{SAID}</p>"}, point("Một", "1.xhtml")),
    "docx": docx,
    "pdf": pdf,
}


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        readers.read(str(path))
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", MADE)
def test_a_wrong_extension_deceives_nobody(tmp_path: Path, kind: str) -> None:
    data = MADE[kind]()
    for extension in MADE:
        path = tmp_path / f"sach.{extension}"
        path.write_bytes(data)
        texts = [paragraph.text for paragraph in readers.read(str(path)).chapters[-1].paragraphs]
        assert SAID in texts


@pytest.mark.parametrize("kind", ["epub", "docx", "pdf"])
def test_a_file_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    data = MADE[kind]()
    for part in (0.2, 0.5):
        refusal(tmp_path / f"sach.{kind}", data[: int(len(data) * part)])


def test_a_text_cut_in_the_middle_of_a_letter_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sach.txt"
    data = (SAID * 20).encode()
    path.write_bytes(data[: data.rindex("à".encode()) + 1])
    document = readers.read(str(path))
    assert [change.step for change in document.changes] == ["broken bytes left out"]


def test_a_login_wall(tmp_path: Path) -> None:
    wall = page("<form><p>Đăng nhập để đọc tiếp</p><input type='password'/></form>")
    assert "login wall" in refusal(tmp_path / "bai.html", wall.encode())


def test_a_page_of_a_million_line_breaks(tmp_path: Path) -> None:
    data = f"<html><body>{'chữ<br>' * 1_000_000}".encode()
    assert "too much markup for a text" in refusal(tmp_path / "bai.html", data)
    assert "too much markup for a text" in refusal(
        tmp_path / "bai.epub",
        book({f"{n}.xhtml": "".join(f"{i}<br/>" for i in range(450_000)) for n in "a"}),
    )


@pytest.mark.parametrize(
    "files",
    [
        {"c.opf": '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + package(["1.xhtml"])},
        {
            "c.opf": package(["1.xhtml"], items=NCX_ITEM),
            "toc.ncx": '<!DOCTYPE n [<!ENTITY x "y">]>' + ncx(point("&x;", "1.xhtml")),
        },
    ],
)
def test_entities_of_a_book_are_refused(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    data = epub({**files, "1.xhtml": page(f"<p>{SAID}</p>")}, path="c.opf")
    assert "declares XML entities" in refusal(tmp_path / "sach.epub", data)


def test_entities_of_a_page_are_mere_text(tmp_path: Path) -> None:
    path = tmp_path / "sach.epub"
    declared = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    files = {"c.opf": package(["1.xhtml"]), "1.xhtml": f"{declared}<html><p>{SAID} &x;</p></html>"}
    path.write_bytes(epub({**files}, path="c.opf"))
    assert readers.read(str(path)).chapters[0].paragraphs[0].text == f"{SAID} &x;"


def test_more_files_than_a_book_holds(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive_file:
        archive_file.writestr("a", "")
    content = buffer.getvalue() + archive._ENTRY * (archive._MOST_MEMBERS + 1)
    assert "more files than a book" in refusal(tmp_path / "sach.epub", content)


def test_paths_that_climb_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "1.xhtml").write_text(page("<p>Bí mật.</p>"))
    folder = tmp_path / "sau"
    folder.mkdir()
    data = epub({"c.opf": package(["../1.xhtml"])}, path="c.opf")
    assert "lacks ../1.xhtml" in refusal(folder / "sach.epub", data)
