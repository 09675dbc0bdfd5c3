"""A page as it came: its markup, and the data that stand in its scripts."""

from __future__ import annotations

import json
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re

_OPENING = re.compile(r"<!--|<(script|style)\b([^<>]{0,1024})>", re.IGNORECASE)
_CLOSING = {
    "": re.compile("--!?>"),
    "script": re.compile(r"</script\b[^<>]*>", re.IGNORECASE),
    "style": re.compile(r"</style\b[^<>]*>", re.IGNORECASE),
}
_JSON = re.compile(r"type\s*=\s*[\"']?application/(?:[\w.]+\+)?json", re.IGNORECASE)
_LINKED = re.compile(r"type\s*=\s*[\"']?application/ld\+json", re.IGNORECASE)
# The section marks that some sites put around their data to be valid XHTML.
_WRAPPING = re.compile(r"\s*(?:/[/*]\s*)?(?:<!\[CDATA\[|<!--)?(?:\s*\*/)?\s*")


class PageParts(NamedTuple):
    """A page in its parts."""

    markup: str
    """Without scripts, styles and comments, which hold what is not markup."""
    linked: list[object]
    """What its JSON-LD says (schema.org)."""
    data: list[object]
    """What its other scripts hold as JSON, as pages that a program fills do."""


def split_page(page: str) -> PageParts:
    """Return a page divided into its markup and the data in its scripts."""
    pieces: list[str] = []
    linked: list[object] = []
    data: list[object] = []
    end = 0
    endless: set[str] = set()
    for opening in _OPENING.finditer(page):
        kind = (opening[1] or "").lower()
        if opening.start() < end or kind in endless:
            continue
        closing = _CLOSING[kind].search(page, opening.end())
        if closing is None:
            endless.add(kind)  # libxml2 knows what to do
            continue
        pieces.append(page[end : opening.start()])
        end = closing.end()
        if kind == "script" and _JSON.search(opening[2]):
            content = _parse_json(page[opening.end() : closing.start()])
            if content is not None:
                (linked if _LINKED.search(opening[2]) else data).append(content)
    pieces.append(page[end:])
    return PageParts("".join(pieces), linked, data)


def _parse_json(text: str) -> object:
    """Return what JSON says, nothing if it is not JSON: browsers and search engines skip it too."""
    wrapping = _WRAPPING.match(text)
    try:
        # Many sites leave line ends and tabs in their strings as they are.
        return json.JSONDecoder(strict=False).raw_decode(text, wrapping.end() if wrapping else 0)[0]
    except (ValueError, RecursionError):
        return None
