"""QR codes of addresses, for the camera of a phone."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode

# Modules of quiet around a code (ISO/IEC 18004).
_BORDER = 4


def text_code(address: str) -> str:
    """Return a code as lines of half blocks, for light letters on a dark ground."""
    lines = io.StringIO()
    _code(address).terminal(lines, border=_BORDER, compact=True)
    return lines.getvalue().rstrip("\n")


@lru_cache(64)  # a hundredth of a second each; pages are written and shown again and again
def svg_code(address: str) -> str:
    """Return a code as an SVG element without a name, as large as whatever holds it."""
    return _code(address).svg_inline(border=_BORDER, omitsize=True, light="#fff", dark="#000")


def _code(address: str) -> QRCode:
    import segno

    return segno.make_qr(address, error="m")
