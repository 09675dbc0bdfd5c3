"""Articles that stand in the data of a page: beside its markup, or instead of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup import flow, parse_html
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Paragraph

# The names under which the data of programs keep the text of an article.
_KEYS = re.compile(r"(?:article|post|story|page|full)?_?(?:body|content|html|text|detail)s?", re.I)
_SHORTEST = 600  # characters of a text that is an article and not a summary
_MOST = 200_000  # values that are looked at
_MARKED_UP = re.compile(r"<(?:p|br|div|h\d)\b", re.IGNORECASE)


def paragraphs(text: str, name: str) -> list[Paragraph]:
    """Return the paragraphs of an article that a string holds, as HTML or as plain lines.

    Args:
        text: what the data hold.
        name: what to call the page in messages.
    """
    if not _MARKED_UP.search(text):
        lines = (line.replace("&", "&amp;").replace("<", "&lt;") for line in text.splitlines())
        text = "".join(f"<p>{line}</p>" for line in lines)
    return flow(parse_html(text.encode("utf-8", "replace"), name)).paragraphs


def longest(data: Sequence[object]) -> str:
    """Return the longest text of an article among the data of a page; nothing if there is none."""
    texts = (text for text in _texts(data) if len(text) >= _SHORTEST)
    return max(texts, key=len, default="")


def _texts(data: Sequence[object]) -> Iterator[str]:
    waiting: list[tuple[str, object]] = [("", value) for value in reversed(data)]
    for _ in range(_MOST):
        if not waiting:
            return
        key, value = waiting.pop()
        if isinstance(value, str):
            if _KEYS.fullmatch(key):
                yield value
        elif isinstance(value, list):
            waiting += [(key, part) for part in reversed(value)]
        elif isinstance(value, dict):
            waiting += [(str(inner), part) for inner, part in value.items()]
