"""An offline voice that finishes a book when the server is gone, and gives way when it is back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3
from stand_in import Google

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.app.prune import forget
from audiobook.cli.outcomes import print_plan
from audiobook.config import load_voice
from audiobook.config import make_job as make_order
from audiobook.errors import EngineError, UsageError
from audiobook.model import Cast, Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiobook.model import Job

BOOK = """\
Chương 1

Sáng hôm ấy cô giáo trẻ đã đứng đợi ở bến đò. Trời còn mờ sương.

Chương 2

Con đò nhỏ chở sáu đứa học trò. Sách vở gói trong lá chuối.

Chương 3

Chiều xuống, ai nấy lại kéo nhau ra về.
"""


REFUSED = "Con đò nhỏ chở sáu đứa học trò."


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with Google(tmp_path) as google:
        google.lead_here(monkeypatch)
        yield google


@pytest.fixture
def job(make_job: Callable[..., Job]) -> Job:
    job = make_job(BOOK, voice="google")
    cast = Cast(replace(job.voice, concurrency=8))
    return replace(job, cast=cast, workers=1, fallback=load_voice("hanoi"))


def test_what_failed_is_spoken_offline_and_replaced_later(google: Google, job: Job) -> None:
    spoken: list[str] = []
    google.when_spoken = spoken.append
    google.refused = REFUSED
    events: list[object] = []
    book = build(job, events.append)
    assert book.stood_in == ((3, 6),)
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.chapter == 2
    assert REFUSED in failed.reason
    words = str(ID3(book.path)["TXXX:audiobook-order"]).split()[4:]
    assert [word for word in words if "=" not in word] == ["4-6"]  # others tell how it was made
    assert book.sentences == 8
    modified = book.path.stat().st_mtime_ns

    asked = len(google.texts)
    again = build(job)
    assert again.stood_in == book.stood_in
    assert any(REFUSED in text for text in google.texts[asked:]), "it is tried again"
    assert again.path.stat().st_mtime_ns == modified, "and nothing changed"

    google.refused = ""
    whole = build(job)
    assert whole.stood_in == ()
    words = str(ID3(whole.path)["TXXX:audiobook-order"]).split()
    assert len([word for word in words if "=" not in word]) == 4
    assert len(spoken) == len(set(spoken)) == 6, "each request was delivered once"


def test_without_a_fallback_the_sentence_is_named(google: Google, job: Job) -> None:
    google.refused = REFUSED
    with pytest.raises(EngineError, match=r"chapter 2, sentence 2 .*refused \(403"):
        build(replace(job, fallback=None))
    assert list(job.folder.glob("*")) == []


def test_a_fallback_needs_no_network(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="hoaimy needs the network itself"):
        make_order("-", folder=tmp_path, voice="google", fallback="hoaimy")


def test_the_dry_run_counts_what_was_not_delivered(
    google: Google, job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = plan(job)
    assert (planned.requests, planned.recorded) == (6, 0)
    # "Chương 1" is said "Chương một"; the sentences of a paragraph are asked for as one text.
    assert planned.requested == len("".join(BOOK.split("\n\n"))) - 1 - 2 + 2 + 2 + 1 + 2
    assert planned.cost == 0
    priced = replace(job, cast=job.cast.each(lambda voice: replace(voice, price=16.0)))
    assert plan(priced).cost == pytest.approx(planned.requested * 16 / 1_000_000)
    print_plan(planned)
    print_plan(plan(priced))
    assert capsys.readouterr().out.count("dollars") == 1
    google.refused = REFUSED
    with pytest.raises(EngineError):
        build(replace(job, fallback=None))
    google.refused = ""
    left = plan(job)
    refused = {text for text in google.texts if REFUSED in text}
    assert left.requests == 6 - len(set(google.texts) - refused)
    assert not refused or left.requests >= 1


def test_a_forgotten_book_leaves_no_clips(google: Google, job: Job) -> None:
    """Nor what the fallback voice said when the server was gone."""
    google.refused = REFUSED
    assert build(job).stood_in
    kinds = {path.suffix for path in job.cache.rglob("*.*")}
    assert kinds >= {".clip", ".recording", ".book"}
    forget(job.cache, job.source)
    left = {path.suffix for path in job.cache.rglob("*.*")}
    assert left & {".clip", ".recording", ".order", ".book"} == set()
