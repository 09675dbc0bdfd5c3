"""Draws SVG pictures, with resvg in a process of its own: a hostile one can exhaust the memory."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from importlib.util import find_spec

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.outputs.cover.lettering import typeface_path
from audiobook.system import apart
from audiobook.system.requirements import install_hint

_WIDTH = 1600
"""Pixels; a page of a book is then about 2400 high."""
_FAMILY = "Be Vietnam Pro"
# Links to anything but a part of the picture itself: nothing else is opened.
_OUTWARD = re.compile(rb"""\bhref\s*=\s*(["'])(?!\s*#|\s*data:)[^"']*\1""")
# Lists of typefaces, in an attribute and in a style; words in one that is not there would vanish.
_TYPEFACES = re.compile(rb"""(\bfont-family\s*(?:=\s*"[^"<>]+|:\s*[^;}"<>=]+))(?=[;}"])""")


@lru_cache(2)
def draw_svg(picture: bytes, name: str) -> bytes:
    """Return an SVG picture as PNG.

    Words in a typeface that is not there are set in that of drawn covers.

    Args:
        picture: the SVG file.
        name: what to call it in messages.

    Raises:
        SourceError: it is damaged, too complicated, or the library is not installed.
    """
    if find_spec("resvg_py") is None:
        raise SourceError(
            message("{name} is an SVG picture, which cannot be drawn here", name=name),
            message("{command}, or save it as PNG", command=install_hint("resvg-py")),
        )
    return apart.ask(
        serve,
        _TYPEFACES.sub(rb"\1, sans-serif", _OUTWARD.sub(b"", picture)),
        name=name,
        program="resvg",
        remedy=message("save it as PNG"),
    )


def serve() -> None:
    """Draw the SVG picture that comes from standard input, and write the PNG to standard output."""
    import resvg_py

    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    sys.stdout.buffer.write(
        resvg_py.svg_to_bytes(
            svg_string=text,
            width=_WIDTH,
            font_family=_FAMILY,
            serif_family=_FAMILY,
            sans_serif_family=_FAMILY,
            font_files=[typeface_path(weight) for weight in (400, 700)],
        )
    )
