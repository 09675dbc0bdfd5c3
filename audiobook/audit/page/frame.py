"""Renders what surrounds each page of an audit: a document that loads nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from audiobook.audit.page.style import CSS
from audiobook.audit.page.texts import tell
from audiobook.messages import is_vietnamese, message

if TYPE_CHECKING:
    from collections.abc import Iterable

# The browser loads nothing, whatever a title may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page_frame(title: str, content: Iterable[str], policy: str = "", kind: str = "") -> str:
    """Return a whole page.

    Args:
        title: what it is about, not escaped.
        content: what stands in its body, as HTML.
        policy: what it may load beside its styles, as a Content-Security-Policy.
        kind: the class of its body.
    """
    language = "vi" if is_vietnamese() else "en"
    return "\n".join(
        (
            f'<!doctype html>\n<html lang="{language}">\n<head>',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} · {tell(message('audit'))}</title>",
            f'<style>{CSS}</style>\n</head>\n<body class="{kind}">',
            *content,
            "</body>\n</html>\n",
        )
    )
