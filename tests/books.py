"""Small EPUBs made by the tests."""

from __future__ import annotations

import io
import zipfile
from html import escape

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>Không đọc</title></head><body>{}</body></html>"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 16


def page(body: str) -> str:
    """Return an XHTML page."""
    return PAGE.format(body)


def ncx(*points: str) -> str:
    """Return the table of contents of an EPUB 2."""
    return (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>'
        f"{''.join(points)}</navMap></ncx>"
    )


def point(title: str, src: str, *inner: str) -> str:
    """Return one entry of it, with those below it."""
    return (
        f"<navPoint><navLabel><text>{escape(title)}</text></navLabel>"
        f'<content src="{src}"/>{"".join(inner)}</navPoint>'
    )


def package(
    pages: list[str], *, metadata: str = "", items: str = "", spine: str = "", guide: str = ""
) -> str:
    """Return a package document: these pages in this order, and what else is given."""
    manifest = "".join(
        f'<item id="p{place}" href="{name}" media-type="application/xhtml+xml"/>'
        for place, name in enumerate(pages)
    )
    order = "".join(f'<itemref idref="p{place}"/>' for place in range(len(pages)))
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        f"<manifest>{manifest}{items}</manifest>"
        f'<spine toc="ncx">{order}{spine}</spine><guide>{guide}</guide></package>'
    )


NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def epub(files: dict[str, str | bytes], *, path: str = "OEBPS/content.opf") -> bytes:
    """Return an EPUB of these files, with a container that says where the package is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", CONTAINER.format(path=path))
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def book(bodies: dict[str, str], *points: str, **parts: str) -> bytes:
    """Return an EPUB 2 of pages with these bodies and a table of contents."""
    names = list(bodies)
    parts["items"] = parts.get("items", "") + NCX_ITEM
    return epub(
        {
            "OEBPS/content.opf": package(names, **parts),
            "OEBPS/toc.ncx": ncx(*points),
            **{f"OEBPS/{name}": page(body) for name, body in bodies.items()},
        }
    )
