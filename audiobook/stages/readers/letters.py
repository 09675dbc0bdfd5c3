"""The letters of a text: decoded, and mended where another program decoded them wrongly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.model import Change, LeftOut
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from audiobook.model import Document
    from audiobook.vietnamese import encodings

# What a page says of its own encoding (HTML Standard, 13.2.3.2).
_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.I)
_DECLARED_WITHIN = 4096
_EXAMPLE = 60
# Characters of what stands before a paragraph: enough to search for.
_CONTEXT = 40


def decode(data: bytes, name: str, charset: str = "") -> str:
    """Return a text or a page in the encoding that it is in, whatever is claimed of it.

    Args:
        data: the whole file.
        name: what to call it in messages.
        charset: what somebody claims its encoding to be; empty for what a page says of itself.

    Raises:
        SourceError: no encoding fits.
    """
    from audiobook.vietnamese import encodings

    return encodings.decode(data, name, charset or _declared_encoding(data, "html")).text


def in_utf8(data: bytes, name: str, charset: str, kind: str) -> tuple[bytes, list[Change]]:
    """Return a text in UTF-8, and what was done to decode it."""
    from audiobook.vietnamese import encodings

    decoded = encodings.decode(data, name, charset or _declared_encoding(data, kind))
    return decoded.text.encode("utf-8-sig"), _changes_of_decoding(decoded)


def _declared_encoding(data: bytes, kind: str) -> str:
    declaration = _DECLARED.search(data, 0, _DECLARED_WITHIN) if kind == "html" else None
    return declaration[1].decode("ascii", "replace") if declaration else ""


def _changes_of_decoding(decoded: encodings.Decoded) -> list[Change]:
    from audiobook.vietnamese import encodings

    changes = []
    example = " ".join(decoded.text[: 4 * _EXAMPLE].split())[:_EXAMPLE]
    if decoded.encoding != encodings.UTF_8:
        changes.append(
            Change(
                step=message("decoded from {encoding}", encoding=decoded.encoding),
                count=1,
                example=example,
            )
        )
    if decoded.broken:
        changes.append(
            Change(step=message("broken bytes left out"), count=decoded.broken, example=example)
        )
    return changes


def mend_mojibake(document: Document) -> Document:
    """Return a document with letters mended that another program decoded wrongly."""
    from audiobook.vietnamese import encodings

    texts = [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]
    mojibake = encodings.recognise_mojibake(*texts)
    if mojibake is None:
        return document
    meta = document.meta
    chapters = tuple(
        replace(
            chapter,
            title=mojibake.mend(chapter.title),
            paragraphs=tuple(
                replace(paragraph, text=mojibake.mend(paragraph.text))
                for paragraph in chapter.paragraphs
            ),
        )
        for chapter in document.chapters
    )
    meta = replace(
        meta,
        title=mojibake.mend(meta.title),
        author=mojibake.mend(meta.author),
        publisher=mojibake.mend(meta.publisher),
        description=mojibake.mend(meta.description),
    )
    read_again = [paragraph.text for chapter in chapters for paragraph in chapter.paragraphs]
    contexts = ["", *(text[-_CONTEXT:] for text in read_again)]
    mended = tuple(
        LeftOut(text=misread, after=context, instead=text)
        for misread, text, context in zip(texts, read_again, contexts, strict=False)
        if text != misread
    )
    if not mended:
        return document
    example = " ".join(mended[0].instead.split())[:_EXAMPLE]
    change = Change(
        step=message(
            "paragraphs repaired that were misread from {encoding}", encoding=mojibake.encoding
        ),
        count=len(mended),
        example=example,
        left_out=mended,
    )
    return replace(document, meta=meta, chapters=chapters, changes=(*document.changes, change))
