"""Covers of EPUBs, wherever a book hides its own."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from books import epub, package, page
from PIL import Image

from audiobook.outputs import cover
from audiobook.outputs.pictures import kind_of
from audiobook.stages.readers.epub import read

XHTML = "application/xhtml+xml"
COVER_PAGE = f'<item id="bia" href="bia.xhtml" media-type="{XHTML}"/>'
NAV_ITEM = f'<item id="n" href="nav.xhtml" properties="nav" media-type="{XHTML}"/>'
NAV = (
    '<nav epub:type="toc"><ol><li><a href="1.xhtml">Một</a></li></ol></nav>'
    '<nav epub:type="landmarks"><ol><li><a epub:type="cover" href="bia.xhtml">Bìa</a></li></ol>'
    "</nav>"
)
IMG = '<img src="a.webp" alt=""/>'
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 60 80">{}</svg>'
)
IMAGE = DRAWING.format('<image xlink:href="a.webp"/>')


def picture(width: int = 600, height: int = 800, form: str = "WEBP") -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, form)
    return file.getvalue()


def cover_of(
    cover_page: str = "",
    *,
    metadata: str = "",
    items: str = "",
    guide: str = "",
    pages: tuple[str, ...] = ("1.xhtml",),
    files: dict[str, str | bytes] | None = None,
) -> bytes:
    """Return the cover of a book with a page bia.xhtml and a picture a.webp."""
    contents: dict[str, str | bytes] = {
        "c.opf": package(list(pages), metadata=metadata, items=items, guide=guide),
        "1.xhtml": page("<p>Lời đầu của cuốn sách.</p>"),
        "bia.xhtml": page(cover_page),
        "nav.xhtml": page(NAV),
        "a.webp": picture(),
        **(files or {}),
    }
    return read(epub(contents, path="c.opf"), "sách.epub").meta.cover


@pytest.mark.parametrize("form", ["WEBP", "GIF", "AVIF"])
def test_the_kinds_that_are_not_jpeg_or_png(form: str) -> None:
    own = picture(form=form)
    item = '<item id="x" href="a.webp" properties="cover-image" media-type="image/webp"/>'
    assert cover_of(items=item, files={"a.webp": own}) == own


@pytest.mark.parametrize(
    "body",
    [
        IMG,
        f"<div>{IMAGE}</div>",
        '<object data="a.webp"/>',
    ],
    ids=["img", "image", "object"],
)
@pytest.mark.parametrize(
    ("metadata", "items", "guide"),
    [
        ('<meta name="cover" content="bia"/>', COVER_PAGE, ""),
        ("", "", '<reference type="cover" href="bia.xhtml"/>'),
        ("", COVER_PAGE + NAV_ITEM, ""),
    ],
    ids=["meta", "guide", "landmark"],
)
def test_a_cover_page(metadata: str, items: str, guide: str, body: str) -> None:
    assert cover_of(body, metadata=metadata, items=items, guide=guide) == picture()


@pytest.mark.parametrize(
    ("body", "is_cover"),
    [
        (IMG, True),
        (f"<h1>Tắt đèn</h1>{IMG}", True),
        (f"<p>{'Lời tựa của nhà xuất bản. ' * 3}</p>{IMG}", False),
        (f"{IMG}{IMG}", False),
        ('<img src="logo.png" alt=""/>', False),
        ("<p>Tắt đèn</p>", False),
    ],
    ids=["alone", "title", "text", "two", "small", "none"],
)
def test_a_first_page_that_shows_hardly_anything_else(body: str, is_cover: bool) -> None:
    files: dict[str, str | bytes] = {"logo.png": picture(299, 400, "PNG")}
    found = cover_of(body, pages=("bia.xhtml", "1.xhtml"), files=files)
    assert found == (picture() if is_cover else b"")


def test_a_drawing_on_the_cover_page() -> None:
    pytest.importorskip("resvg_py")
    drawing = DRAWING.format('<rect width="60" height="80" fill="#008000"/>')
    own = cover_of(f"<div>{drawing}</div>", guide='<reference type="cover" href="bia.xhtml"/>')
    assert kind_of(own) == "SVG"
    assert centre(own) == pytest.approx((0, 128, 0), abs=4)


def test_a_drawing_shows_the_pictures_that_it_names() -> None:
    pytest.importorskip("resvg_py")
    item = '<item id="x" href="b.svg" properties="cover-image" media-type="image/svg+xml"/>'
    svg = DRAWING.format('<image width="60" height="80" xlink:href="a.png"/>')
    own = cover_of(items=item, files={"b.svg": svg, "a.png": picture(form="PNG")})
    assert centre(own) == pytest.approx((0, 0, 128), abs=4)


def test_what_cannot_be_used_is_there_to_be_told_of() -> None:
    item = '<item id="x" href="a.heic" properties="cover-image" media-type="image/heic"/>'
    heic = b"\0\0\0\x18ftypheic" + bytes(16)
    assert cover_of(items=item, files={"a.heic": heic}) == heic


def test_one_that_is_missing_is_told_of() -> None:
    def changes(metadata: str, guide: str = "") -> list[str]:
        opf = package(["1.xhtml"], metadata=metadata, guide=guide)
        files: dict[str, str | bytes] = {
            "c.opf": opf,
            "1.xhtml": page("<p>Lời.</p>"),
            "bia.xhtml": page(IMG),
            "a.webp": picture(),
        }
        document = read(epub(files, path="c.opf"), "sách.epub")
        return [f"{change.step}: {change.example}" for change in document.changes]

    missing = '<meta name="cover" content="b.jpg"/>'
    assert changes(missing) == ["covers that are named but missing or damaged: b.jpg"]
    assert changes("") == []
    assert changes(missing, '<reference type="cover" href="bia.xhtml"/>') == []


def test_one_that_cannot_be_unpacked_costs_no_book() -> None:
    item = '<item id="x" href="a.webp" properties="cover-image" media-type="image/webp"/>'
    data = epub(
        {
            "c.opf": package(["1.xhtml"], items=item),
            "1.xhtml": page("<p>Lời.</p>"),
            "a.webp": picture(),
        },
        path="c.opf",
    )
    checksum = zlib.crc32(picture()).to_bytes(4, "little")
    document = read(data.replace(checksum, bytes(4)), "sách.epub")
    assert document.meta.cover == b""
    (change,) = document.changes
    assert (change.step, change.example) == (
        "covers that are named but missing or damaged",
        "a.webp",
    )


def centre(own: bytes) -> object:
    with Image.open(BytesIO(cover.fit(own))) as image:
        return image.getpixel((image.width // 2, image.height // 2))
