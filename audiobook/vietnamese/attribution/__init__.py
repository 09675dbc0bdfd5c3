"""Who says it: the speaker of each part of direct speech, where the text tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.vietnamese.attribution.learning import read_names
from audiobook.vietnamese.attribution.people import People
from audiobook.vietnamese.attribution.persons import FEMALE, MALE, Speaker
from audiobook.vietnamese.attribution.scenes import Attributed, attribute, tellings

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FEMALE", "MALE", "Attributed", "People", "Speaker", "attribute", "learn_people"]


def learn_people(chapters: Sequence[Sequence[str]]) -> People:
    """Return the people of a book: by their names, then by how they speak and are spoken to.

    Args:
        chapters: the paragraphs of each chapter, as written.
    """
    people = read_names(chapters)
    told = [telling for chapter in chapters for telling in tellings(chapter, people)]
    return read_names(chapters, told)
