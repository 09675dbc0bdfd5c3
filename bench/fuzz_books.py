"""Books in the formats that few programs write, for the fuzzer: small ones of an invented body."""

from __future__ import annotations

import io
import sys
import zipfile
from html import escape
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "stages" / "readers"))

import kindle_files

TOKENS = [
    *r"{ } \par \pard\s1 \'e9 \u7879? \u-1 \uc0 \bin9 {\footnote {\pict {\v {\field".split(),
    *("\n\n", "1\n", "00:00:01,000 --> 00:00:02,000\n", "WEBVTT\n\n", "NOTE ", "[00:01.50]"),
    *(
        "<mbp:pagebreak/>",
        "<a filepos=0000000042>",
        "<a href='kindle:pos:fid:0000:off:0000000009'>",
    ),
    *("<section>", "</section>", "<title><p>", "<empty-line/>", "<a type='note' l:href='#n'>1</a>"),
    *("<text:note><text:note-body>", "<text:h text:outline-level='99'>", "<draw:frame>"),
]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def fb2(body: str) -> bytes:
    """Return an FB2 book of one chapter and a note."""
    return _bytes(
        '<?xml version="1.0"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" '
        'xmlns:l="http://www.w3.org/1999/xlink"><description><title-info><book-title>Mùa'
        '</book-title><coverpage><image l:href="#b"/></coverpage></title-info></description>'
        f"<body><section><title><p>Chương 1</p></title>{body}</section></body>"
        '<body name="notes"><section id="n"><title><p>1</p></title><p>Chú.</p></section></body>'
        '<binary id="b">/9j/</binary></FictionBook>'
    )


def odt(body: str) -> bytes:
    """Return an OpenDocument text."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("text", "text"), ("draw", "drawing"))
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", _bytes(content))
    return buffer.getvalue()


def rtf(body: str) -> bytes:
    """Return an RTF file."""
    return _bytes(
        r"{\rtf1\ansi\ansicpg1258{\fonttbl{\f0\fcharset163 A;}}{\stylesheet{\s1 heading 1;}}"
        rf"{{\info{{\title Mua}}}}\pard {body}\par}}"
    )


def subtitles(body: str) -> bytes:
    """Return subtitles."""
    return _bytes(
        f"1\n00:00:01,000 --> 00:00:02,000\n{body}\n\n2\n00:00:02,500 --> 00:00:03,0\nHết."
    )


def lyrics(body: str) -> bytes:
    """Return a song with the times of its lines."""
    return _bytes(f"[ti:Mùa]\n[00:01.50]{body}\n[00:02.50]Hết.")


def mobi(body: str) -> bytes:
    """Return a Mobipocket book with a table of contents."""
    text = _bytes(f"<html><body><h1>Chương 1</h1>{body}</body></html>")
    return kindle_files.mobi7(
        text, {100: b"Ai"}, points=[("Một", 0, 12), ("Hai", 1, len(text) // 2)]
    )


def azw3(body: str) -> bytes:
    """Return a KF8 book of two pages."""
    pages = [body.encode("utf-8", "replace").decode(), "<p id='a'>Hết.</p>"]
    return kindle_files.kf8(pages, points=[("Một", 0, 0, 0), ("Hai", 0, 1, 3)])


def chapters(body: str) -> bytes:
    """Return a ZIP archive of chapters."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chuong-1.txt", _bytes(body) or b"a")
        archive.writestr("chuong-2.html", _bytes(f"<p>{escape(body)}</p>"))
        archive.writestr("chuong-10.rtf", rtf("Het."))
    return buffer.getvalue()


TEXT_FB2 = (
    "<p>Trời mưa<a type='note' l:href='#n'>1</a>.</p><empty-line/><poem><stanza><v>Một</v></stanza>"
    "</poem><subtitle>* * *</subtitle><cite><p>Lời.</p></cite>"
)
TEXT_ODT = (
    "<text:h text:outline-level='1'>Chương 1</text:h><text:p>Trời<text:note><text:note-citation>1"
    "</text:note-citation><text:note-body><text:p>Chú.</text:p></text:note-body></text:note></text:p>"
)
TEXT_RTF = (
    r"\s1 Chuong 1\par\pard N\'fd{\footnote Chu.} l\u234?n {\b d\'eam}\line a\cell b\cell\row"
)
TEXT_KINDLE = "<p>Trời mưa.</p><mbp:pagebreak/><p>Hết <a filepos=0000000012>1</a>.</p>"
