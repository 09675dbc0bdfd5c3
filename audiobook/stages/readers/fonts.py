"""The change that lists what was read by old Vietnamese fonts, for all formats with fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.model import Change, LeftOut

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLE = 60


def changes_of_fonts(reread: Sequence[tuple[str, str]]) -> tuple[Change, ...]:
    """Return the change that lists the pieces of text read by their font, if any.

    Args:
        reread: the pieces as they stood and as they are read.
    """
    if not reread:
        return ()
    pieces = tuple(LeftOut(text=text.strip(), instead=instead.strip()) for text, instead in reread)
    example = pieces[0].instead[:_EXAMPLE]
    return (
        Change(
            step=message("read by old Vietnamese fonts"),
            count=len(reread),
            example=example,
            left_out=pieces,
        ),
    )
