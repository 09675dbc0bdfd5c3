"""What reading by old Vietnamese fonts changed, told in one way for all formats that have fonts."""

from __future__ import annotations

from audiobook.model import Change

_EXAMPLE = 60


def changes_of_fonts(reread: list[str]) -> tuple[Change, ...]:
    """Return the change that says how many pieces of text were read by their font, if any."""
    if not reread:
        return ()
    return (Change("read by old Vietnamese fonts", len(reread), reread[0].strip()[:_EXAMPLE]),)
