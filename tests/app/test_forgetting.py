"""One book is forgotten: nothing of its text is left in the cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import run

from audiobook.app.build import build
from audiobook.app.hearing import hear
from audiobook.app.prune import forget
from audiobook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job

    Make = Callable[..., Job]

OTHERS = "Con đò nhỏ chở sáu đứa học trò."
SECRET = "Nhật ký của riêng tôi."


def private_files(job: Job) -> list[Path]:
    """The files of the cache that hold or name words and sound of texts."""
    harmless = (".seal", ".json")  # digests, and how fast the voice speaks
    return [path for path in job.cache.rglob("*.*") if path.suffix not in harmless]


@pytest.mark.parametrize("named", ["source", "book"])
def test_all_of_a_book(make_job: Make, named: str) -> None:
    other = make_job(OTHERS, name="other")
    build(other)
    kept = {path for path in other.cache.rglob("*") if path.is_file()}
    job = make_job(f"Chương 1\n\n{SECRET}\n\nChương 2\n\nMột câu.")
    book = build(job).path
    Path(job.source).write_text(f"Chương 1\n\n{SECRET}\n\nChương 2\n\nCâu khác.")
    build(job)
    hear(job, "Câu để nghe thử.")
    name = {"source": job.source, "book": str(book)}[named]
    before = {path for path in job.cache.rglob("*") if path.is_file()}
    forget(job.cache, name, pretend=True)
    assert {path for path in job.cache.rglob("*") if path.is_file()} == before
    removed = {usage.kind: usage.files for usage in forget(job.cache, name)}
    assert removed["recordings"] == 4
    assert set(private_files(job)) == kept & set(private_files(job))
    assert book.exists()
    assert Path(job.source).exists()
    with pytest.raises(UsageError, match="knows nothing of"):
        forget(job.cache, name)


def test_a_build_that_was_interrupted(make_job: Make) -> None:
    job = make_job(SECRET)

    def stop(_event: object) -> None:
        if list(job.cache.rglob("*.recording")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(job, stop)
    assert private_files(job)
    forget(job.cache, job.source)
    assert private_files(job) == []


def test_the_command(make_job: Make) -> None:
    job = make_job(SECRET)
    build(job)
    completed = run("cache", "prune", "--book", job.source)
    assert completed.returncode == 0
    assert completed.stdout.splitlines()[0] == "this was removed:"
    assert completed.stdout.splitlines()[2].split()[:2] == ["recordings", "1"]
    assert private_files(job) == []
    again = run("cache", "prune", "--book", job.source)
    assert again.returncode == 2
    assert f"the cache knows nothing of {job.source}" in again.stderr
