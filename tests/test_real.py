"""The whole way on a real article, where it lies beside the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3
from places import SHARED

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job

ARTICLE = SHARED / "article.txt"


@pytest.mark.skipif(not ARTICLE.exists(), reason=f"there is no {ARTICLE}")
def test_a_real_article(make_job: Callable[..., Job]) -> None:
    job = make_job(ARTICLE.read_text("utf-8"), voice="hanoi")
    (change,) = plan(job).changes
    assert (change.step, change.count) == ("repeated paragraphs read once", 5)
    book = build(job)
    said = " ".join(text for text, _ in ID3(book.path).getall("SYLT")[0].text)
    paragraphs = dict.fromkeys(ARTICLE.read_text("utf-8").splitlines())
    assert said.split() == " ".join(paragraphs).split()
    assert len(ffmpeg.decode(book.path.read_bytes(), book.rate)) // 2 == book.samples
    assert 60 < book.seconds < 120
