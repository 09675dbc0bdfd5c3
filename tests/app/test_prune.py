from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import run

from audiobook.app.build import build
from audiobook.app.prune import CacheUsage, prune, survey
from audiobook.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiobook.model import Job

    Make = Callable[..., Job]

DAY = 86_400


def age(folder: Path, days: float) -> None:
    moment = time.time() - days * DAY
    for path in folder.rglob("*.*"):
        os.utime(path, (moment, moment))


def files_of(usages: Iterable[CacheUsage]) -> dict[str, int]:
    """How many files there are of each kind, but for kinds of which there are none."""
    return {usage.kind: usage.files for usage in usages if usage.files}


def test_what_is_used_stays(make_job: Make) -> None:
    job = make_job("Chương 1\n\nMột.\n\nChương 2\n\nHai.")
    build(job)
    age(job.cache, 100)
    source = Path(job.source)
    source.write_text("Chương 1\n\nMột.\n\nChương 2\n\nBa.")
    build(job)  # uses the first chapter again, and makes another second one
    unused = {"recordings": 1, "known books": 1}
    assert files_of(prune(job.cache, 90, pretend=True)) == unused
    notes = {
        "written files": 1,
        "what finished files are like": 1,
        "lists of what belongs to a book": 2,
    }
    assert files_of(survey(job.cache)) == {"recordings": 3, "known books": 2, **notes}
    assert files_of(prune(job.cache, 90)) == unused
    assert files_of(survey(job.cache)) == {"recordings": 2, "known books": 1, **notes}
    assert files_of(prune(job.cache, 90)) == {}
    old_status = job.folder.joinpath("book.mp3").stat()
    build(job)
    assert job.folder.joinpath("book.mp3").stat() == old_status


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.recording", ".1-2-3.part", ".hidden.recording"):
        (tmp_path / name).write_bytes(b"1234")
    age(tmp_path, 9)
    assert sum(usage.size for usage in prune(tmp_path, 8)) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".1-2-3.part",
        ".hidden.recording",
        "a.mp3",
    ]


def test_no_folder_holds_nothing(tmp_path: Path) -> None:
    assert files_of(survey(tmp_path / "none")) == {}
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot read .*file: Not a directory"):
        survey(tmp_path / "file")


def test_the_command(make_job: Make) -> None:
    job = make_job("Một.")
    build(job)
    age(job.cache, 40)

    def cache(*words: str) -> list[str]:
        completed = run("cache", *words)
        assert completed.returncode == 0
        return completed.stdout.splitlines()

    folder, head, recordings, *_ = cache()
    assert folder == str(job.cache)
    assert head.split() == ["WHAT", "FILES", "MB", "LONGEST", "UNUSED"]
    assert recordings.split() == ["recordings", "1", "0.0", "40", "days"]
    assert cache("prune") == ["everything was used in the last 90 days"]
    told = cache("prune", "--days", "30", "--dry-run")
    assert told[0] == "this would be removed:"
    assert told[2].startswith("recordings")
    removed = cache("prune", "--days", "30")
    assert removed[0] == "this was removed:"
    assert removed[2].split()[1] == "1"
    assert cache("prune", "--days", "30") == ["everything was used in the last 30 days"]
