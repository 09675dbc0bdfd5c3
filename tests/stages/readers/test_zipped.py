"""ZIP archives of chapters, and HTMLZ."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from books import JPEG, page

from audiobook.errors import SourceError
from audiobook.model import Document
from audiobook.stages import readers


def packed(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(folder: Path, data: bytes, name: str = "sach.zip") -> Document:
    path = folder / name
    path.write_bytes(data)
    return readers.read(str(path))


def chapters(document: Document) -> list[tuple[str, list[str]]]:
    return [(chapter.title, [p.text for p in chapter.paragraphs]) for chapter in document.chapters]


def test_chapters_in_natural_order(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"truyen/chuong-{number}.txt": f"Nước lên ngày {number}." for number in (10, 2, 1)
    }
    assert chapters(read(tmp_path, packed(files))) == [
        (f"chuong {number}", [f"Nước lên ngày {number}."]) for number in (1, 2, 10)
    ]


def test_files_of_several_formats_in_folders(tmp_path: Path) -> None:
    pytest.importorskip("readability", reason="readability-lxml is not installed")
    long = "Mùa khô năm ấy nước mặn lấn sâu vào đất liền, người trồng lúa chỉ biết khi đã vàng. "
    document = read(
        tmp_path,
        packed(
            {
                "Quyển 2/1.md": "---\nauthor: Nguyễn Mây\n---\n# Chương 3\n\nNước rút.",
                "Quyển 1/2.html": f"<html><title>Chương 2</title><body><p>{long * 4}",
                "Quyển 1/1.txt": "Chương 1\n\nNước lên.",
                "Quyển 1/3.rtf": r"{\rtf1\ansi Het.\par}",
            }
        ),
    )
    assert [title for title, _ in chapters(document)] == ["1", "Chương 2", "3", "Chương 3"]
    assert document.meta.author == "Nguyễn Mây"


def test_what_is_no_chapter_is_passed_over_and_told(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        packed(
            {
                "1.txt": "Nước lên.",
                "README.txt": "Tải tại trang này.",
                "bia.jpg": JPEG,
                "__MACOSX/._1.txt": b"\0\5",
                ".an.txt": "Ẩn.",
                "trang_files/quang-cao.html": "<p>Mua ngay.</p>",
                "trong.zip": packed({"2.txt": "Hai."}),
            }
        ),
    )
    assert chapters(document) == [("", ["Nước lên."])]
    (change,) = document.changes
    assert (change.step, change.count) == ("files of the archive skipped", 6)


def test_a_chapter_in_an_old_encoding_is_told(tmp_path: Path) -> None:
    old = "Céng hßa x· héi chñ nghÜa ViÖt Nam, n­íc non v¹n dÆm.".encode("latin-1")
    document = read(tmp_path, packed({"1.txt": old, "2.txt": "Nước lên."}))
    assert chapters(document)[0][1] == ["Cộng hòa xã hội chủ nghĩa Việt Nam, nước non vạn dặm."]
    assert [change.step for change in document.changes] == ["decoded from TCVN3"]


def test_a_broken_chapter_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"sach\.zip/2\.docx is a broken ZIP"):
        read(tmp_path, packed({"1.txt": "Nước lên.", "2.docx": b"PK\3\4abc"}))


def test_an_archive_made_to_harm(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="unpacks to"):
        read(tmp_path, packed({"1.txt": b"a" * (30 << 20)}))
    with pytest.raises(SourceError, match="without a text"):
        read(tmp_path, packed({"bia.jpg": JPEG}))


OPF = """<package xmlns="http://www.idpf.org/2007/opf"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Mùa nước</dc:title>
<dc:creator>Nguyễn Mây</dc:creator></metadata><guide><reference type="cover" href="bia.jpg"/>
</guide></package>"""


def test_htmlz(tmp_path: Path) -> None:
    body = page("<h1>Chương 1</h1><p>Nước lên.</p><h1>Chương 2</h1><p>Nước rút.</p>")
    files: dict[str, str | bytes] = {"index.html": body, "metadata.opf": OPF, "bia.jpg": JPEG}
    document = read(tmp_path, packed(files), "sach.htmlz")
    assert chapters(document) == [("", ["Chương 1", "Nước lên.", "Chương 2", "Nước rút."])]
    meta = document.meta
    assert (meta.title, meta.author, meta.cover) == ("Mùa nước", "Nguyễn Mây", JPEG)
    with pytest.raises(SourceError, match="holds no text"):
        read(tmp_path, packed({**files, "index.html": page("")}), "sach.htmlz")
