"""A book by several narrators: what each says, what is recorded again, how it is read and heard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiobook.app.build import build
from audiobook.app.chapters import measure_chapters
from audiobook.app.hearing import hear
from audiobook.app.overview import open_overview
from audiobook.app.planning import plan
from audiobook.app.preparing import prepare, read_document
from audiobook.app.readout import read_sentences
from audiobook.app.scripting import write_script
from audiobook.config import make_job
from audiobook.errors import UsageError, VoiceError
from audiobook.store.recordings import Recordings

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import Job

TEXT = """# Lời nói đầu

Sách kể chuyện 1.001 đêm.

# Chương một

Trời mưa. “Anh về từ bao giờ?”, chị hỏi.

# Chương hai

Nước lên, giá gạo 1.001 đồng. Ông cụ gật đầu.

# Chương ba

[voice: tone] Gió nổi. [/voice] Thuyền về bến.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "truyen.md"
    path.write_text(TEXT, "utf-8")
    return path


def job_of(source: Path, settings: str = "", **changes: str) -> Job:
    (source.parent / "book.toml").write_text(f"voice = 'hanoi'\n{settings}", "utf-8")
    job = make_job(str(source), folder=source.parent, without_cover=True, cast=changes)
    return replace(job, cache=source.parent / "cache")


def speakers(job: Job) -> list[list[str]]:
    """Return who says each utterance, by chapter."""
    document = prepare(job)
    chapters: list[list[str]] = [[] for _ in document.chapters]
    for summary, passage in write_script(document, job):
        chapters[summary.chapter] += [
            job.cast.voice(utterance.role, utterance.voice).name for utterance in passage.utterances
        ]
    return chapters


def keys(job: Job) -> list[str]:
    return [summary.key for summary, _ in write_script(prepare(job), job)]


def test_a_narrator_replaces_the_book_s_and_the_roles_go_on(source: Path) -> None:
    job = job_of(source, "[cast]\ndialogue = 'hue'\n[cast.chapters]\n2 = 'saigon'")
    first, second, third, _ = speakers(job)
    assert second == ["saigon", "saigon", "hue", "saigon"]
    assert {*first, *third} == {"hanoi"}


def test_the_book_s_narrator_may_speak_a_role_elsewhere(source: Path) -> None:
    job = job_of(source, "[cast]\ndialogue = 'hanoi'\n[cast.chapters]\n2 = 'saigon'")
    assert speakers(job)[1] == ["saigon", "saigon", "hanoi", "saigon"]


def test_only_chapters_with_another_narrator_are_recorded_again(source: Path) -> None:
    alone, turns = job_of(source), job_of(source, "[cast.chapters]\neven = 'saigon'")
    changed = [old != new for old, new in zip(keys(alone), keys(turns), strict=True)]
    assert changed == [False, True, False, True]
    assert keys(job_of(source, **{"chapters.1-4": "hanoi"})) == keys(alone)


def test_the_pauses_are_those_of_the_book_s_narrator(source: Path) -> None:
    def pauses(job: Job) -> list[float]:
        script = write_script(prepare(job), job)
        return [one.pause for _, passage in script for one in passage.utterances]

    alone, other = job_of(source), job_of(source, **{"chapters.1-": "saigon"})
    slow = replace(other.cast.marked[0].pauses, sentence=9.0, paragraph=9.0, chapter=9.0)
    slower = replace(other.cast, marked=(replace(other.cast.marked[0], pauses=slow),))
    assert pauses(replace(other, cast=slower)) == pauses(alone)


def test_each_narrator_reads_by_their_own_accent(source: Path) -> None:
    job = job_of(source, "[cast.chapters]\n'Chương hai' = 'saigon'")
    spoken = {one.chapter: one.spoken for one in read_sentences(job) if "1.001" in one.written}
    assert "một nghìn không trăm linh một" in spoken[1]
    assert "một ngàn không trăm lẻ một" in spoken[3]
    overview = open_overview(read_document(job), job)
    shown = [one.spoken for _, said in overview.sentences(3) for one in said]
    assert spoken[3] in shown


def test_numbers_are_those_of_the_chapters_that_are_read(source: Path) -> None:
    settings = "leave_out = ['Lời nói đầu']\n[titles]\n'Chương hai' = 'Lũ'\n[cast.chapters]\n"
    for chapter in ("2", "Lũ"):
        job = job_of(source, f"{settings}'{chapter}' = 'saigon'")
        assert [one.narrator for one in prepare(job).chapters] == ["", "saigon", ""]
        overview = open_overview(read_document(job), job)
        narrators = [one.narrator for one in overview.document.chapters]
        assert narrators == ["", "", "saigon", ""]
        # Of the same book without that narrator nothing is left.
        plain = replace(job, narrators=())
        assert not any(one.narrator for one in overview.of(plain).document.chapters)


def test_a_chapter_that_is_selected_keeps_its_narrator(source: Path) -> None:
    job = job_of(source, "[cast.chapters]\n3 = 'saigon'")
    document = prepare(replace(job, selection=replace(job.selection, ranges=((3, 4),))))
    assert [chapter.narrator for chapter in document.chapters] == ["saigon", ""]
    assert document.meta.narrator == "saigon, hanoi"


def test_a_mark_in_the_text_wins_until_it_ends(source: Path) -> None:
    job = job_of(source, "[cast.chapters]\n4 = 'saigon'")
    document = prepare(job)
    (passage,) = [passage for _, passage in write_script(document, job, only={3})]
    assert [one.voice for one in passage.utterances] == ["saigon", "tone", "saigon"]


def test_a_book_is_built_planned_and_heard_with_both(source: Path) -> None:
    job = job_of(source, "[cast.chapters]\neven = 'tone'")
    planned = plan(job)
    lengths = [chapter.seconds for chapter in measure_chapters(job)]
    assert [chapter.seconds for chapter in planned.chapters] == pytest.approx(lengths, rel=0.01)
    book = build(job)
    assert book.sentences == sum(chapter.sentences for chapter in planned.chapters)
    assert plan(job).recorded == planned.passages
    document = prepare(job)
    keys_heard = {hear(job, "Trời nắng.", document, number).key for number in (1, 2, 3, 4)}
    assert len(keys_heard) == 2
    assert all(Recordings(job.cache).get(key) for key in keys_heard)
    # Another narrator makes another book.
    assert plan(job_of(source, "[cast.chapters]\neven = 'hue'")).recorded < planned.passages


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ("[cast.chapters]\n9 = 'hue'", "cast.chapters.9"),
        ("[cast.chapters]\n1 = 'nobody'", "cast.chapters.1"),
        ("[cast.chapters]\n1 = 2", "cast.chapters"),
        ("[cast]\nchapters = 'hue'", "cast.chapters"),
        ("[cast.chapters]\n'' = 'hue'", ""),
    ],
)
def test_what_is_wrong_names_its_line(source: Path, settings: str, setting: str) -> None:
    with pytest.raises((UsageError, VoiceError)) as raised:
        prepare(job_of(source, settings))
    assert raised.value.setting == setting
