"""Which paragraphs of a page justext takes for its text, found in time by their number.

justext is one of the ways in which trafilatura looks for a text. It judges each short paragraph by
the nearest long ones, and looks for these from each paragraph anew: among 37,000 short lines, as of
verse, that took minutes. The verdicts here are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

_GOOD, _NEAR_GOOD, _BAD, _SHORT = "good", "neargood", "bad", "short"
_DECIDED = (_GOOD, _BAD)
_LONG = (_GOOD, _NEAR_GOOD, _BAD)


class JudgedParagraph(Protocol):
    """A paragraph of justext."""

    cf_class: str
    """What it is by itself: good, neargood, bad, or too short to tell."""
    class_type: str
    """What it is among its neighbours: good or bad."""


def judge(paragraphs: Sequence[JudgedParagraph], _heading_distance: int = 0) -> None:
    """Set what each paragraph is among its neighbours.

    It stands in for justext's ``revise_paragraph_classification``, with its parameters. Headings
    are not treated apart: trafilatura asks justext not to.
    """
    classes = _with_short_decided([paragraph.cf_class for paragraph in paragraphs])
    following = _following(classes, _DECIDED)
    previous = _BAD
    for paragraph, own, after in zip(paragraphs, classes, following, strict=True):
        if own == _NEAR_GOOD:
            own = _GOOD if _GOOD in (previous, after) else _BAD
        paragraph.class_type = previous = own


def _with_short_decided(classes: Sequence[str]) -> list[str]:
    """Return classes with short paragraphs judged by those around them.

    Between a good and a bad one, a short paragraph is good if something nearly good stands before
    the bad one.
    """
    surroundings = zip(
        classes,
        _preceding(classes, _DECIDED),
        _following(classes, _DECIDED),
        _preceding(classes, _LONG),
        _following(classes, _LONG),
        strict=True,
    )
    decided = []
    for own, before, after, long_before, long_after in surroundings:
        if own != _SHORT:
            decided.append(own)
        elif before == after:
            decided.append(before)
        else:
            is_near = (long_before if before == _BAD else long_after) == _NEAR_GOOD
            decided.append(_GOOD if is_near else _BAD)
    return decided


def _preceding(classes: Iterable[str], wanted: Container[str]) -> list[str]:
    """Return for each paragraph the nearest wanted class before it, bad where there is none."""
    nearest, preceding = _BAD, []
    for own in classes:
        preceding.append(nearest)
        if own in wanted:
            nearest = own
    return preceding


def _following(classes: Sequence[str], wanted: Container[str]) -> list[str]:
    """Return for each paragraph the nearest wanted class after it, bad where there is none."""
    return _preceding(reversed(classes), wanted)[::-1]
