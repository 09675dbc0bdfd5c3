"""The cover that is drawn for a book is that of its words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import mutagen

from audiobook.app.build import build
from audiobook.model import Meta

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job


def test_a_book_of_other_words_has_another_cover(make_job: Callable[..., Job]) -> None:
    job = replace(make_job("Một câu."), cover=True)
    known = [
        Meta(title="Con đò"),
        Meta(title="Bến nước"),
        Meta(title="Con đò", author="Nam Cao"),
        Meta(title="Con đò", author="Nam Cao", narrator="An"),
    ]
    covers = {mutagen.File(build(replace(job, meta=meta)).path)["APIC:"].data for meta in known}
    assert len(covers) == len(known)
