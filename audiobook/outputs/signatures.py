"""Remarks in transcripts that this program wrote them, by which a corrected one is told."""

from __future__ import annotations

import hashlib

# By the ending of a transcript: the head of its format, and the remark that follows.
_REMARKS = {
    ".vtt": ("WEBVTT\n\n", "NOTE audiobook {}\n\n"),
    ".lrc": ("", "[re:audiobook {}]\n"),
}
_REMARK_BYTES = 8


def sign(transcript: str, ending: str) -> str:
    """Return a transcript with a remark that this program wrote it, if its format has remarks.

    Args:
        transcript: the transcript as it was rendered.
        ending: the ending of its file, such as ``.vtt``.
    """
    if ending not in _REMARKS:
        return transcript
    head, remark = _REMARKS[ending]
    return head + remark.format(_digest(transcript)) + transcript.removeprefix(head)


def is_signed(data: bytes, ending: str) -> bool:
    """Return whether a transcript is one that `sign` returned, and unchanged since."""
    head, remark = _REMARKS.get(ending, ("", ""))
    text = data.decode("utf-8", "replace")
    text_start = len(head) + len(remark.format("0" * 2 * _REMARK_BYTES))
    return bool(remark) and text == sign(head + text[text_start:], ending)


def _digest(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_REMARK_BYTES).hexdigest()
