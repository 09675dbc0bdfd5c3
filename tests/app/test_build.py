from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.errors import OutputError, SourceError, VoiceError
from audiobook.model import Cast, Event, Job, Meta, Progress, Remark, Started, Teaching
from audiobook.stages import readers
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., Job]
    Recorded = Callable[[Job], Job]


def story(paragraphs: int = 60, chapters: int = 3) -> str:
    """Return a text of many passages."""
    parts = []
    for number in range(paragraphs):
        if number % (paragraphs // chapters) == 0:
            parts.append(f"Chương {number // (paragraphs // chapters) + 1}: Đoạn đường dài")
        parts.append(
            f"Đoạn thứ {number} kể chuyện người lái đò. " + "Nước lên rồi nước lại xuống. " * 8
        )
    return "\n\n".join(parts)


class EventLog(list[Event]):
    def __call__(self, event: Event) -> None:
        self.append(event)

    @property
    def recorded(self) -> int:
        return sum(isinstance(event, Progress) and not event.remembered for event in self)

    @property
    def remembered(self) -> int:
        return sum(isinstance(event, Progress) and event.remembered for event in self)


def transcript(path: Path) -> list[str]:
    return [text for text, _ in ID3(path).getall("SYLT")[0].text]


def test_a_build_tells_of_an_online_voice_that_a_file_beside_the_text_chose(
    make_job: Make,
) -> None:
    job = replace(make_job("Nước lên."), unasked_services=("hoaimy",))
    events = EventLog()
    build(job, events)
    notes = [str(event.text) for event in events if isinstance(event, Remark)]
    line = "a file beside the text chooses hoaimy, which sends the text to an online service"
    assert notes == [line]


@pytest.mark.usefixtures("worker_processes")
def test_the_whole_way(make_quick_job: Make) -> None:
    meta = Meta(title="Người lái đò", author="Ẩn danh", date="2026")
    job = make_quick_job(story(), meta=meta)
    events = EventLog()
    book = build(job, events)
    assert book.path == job.folder / "book.mp3"
    assert [chapter.title for chapter in book.chapters] == [
        f"Chương {number}: Đoạn đường dài" for number in (1, 2, 3)
    ]
    started = events[0]
    assert isinstance(started, Started)
    assert started.chapters == 3
    assert sum(event.characters for event in events if isinstance(event, Progress)) == (
        started.characters
    )
    assert sum(event.chapter_done for event in events if isinstance(event, Progress)) == 3
    assert events.recorded > 5
    sentences = transcript(book.path)
    assert len(sentences) == book.sentences == 60 * 9 + 3
    assert "".join("".join(sentences).split()) == "".join(story().split())
    decoded = len(ffmpeg.decode(book.path.read_bytes(), book.rate)) // 2
    assert decoded == book.samples == book.chapters[-1].end


def test_an_unchanged_book_is_left_alone(make_quick_job: Make, recorded: Recorded) -> None:
    job = recorded(make_quick_job(story()))
    first = build(job)
    old_status = first.path.stat()
    events = EventLog()
    again = build(job, events)
    assert events == []
    assert first.path.stat().st_mtime_ns == old_status.st_mtime_ns
    assert (again.samples, again.sentences) == (first.samples, first.sentences)
    assert [c.title for c in again.chapters] == [c.title for c in first.chapters]


def test_a_lost_book_is_bound_again_without_recording(
    make_quick_job: Make, recorded: Recorded
) -> None:
    job = recorded(make_quick_job(story()))
    path = build(job).path
    old_content = path.read_bytes()
    path.unlink()
    events = EventLog()
    build(job, events)
    assert events.recorded == 0
    assert path.read_bytes() == old_content


def test_a_new_title_records_nothing(make_quick_job: Make, recorded: Recorded) -> None:
    job = recorded(make_quick_job(story()))
    build(job)
    events = EventLog()
    book = build(replace(job, meta=Meta(title="Tên khác")), events)
    assert events.recorded == 0
    assert str(ID3(book.path)["TIT2"]) == "Tên khác"


def test_one_edited_sentence_records_one_passage(make_quick_job: Make, recorded: Recorded) -> None:
    build(recorded(make_quick_job(story())))
    edited = story().replace("Đoạn thứ 30 kể chuyện", "Đoạn thứ 30 kể lại chuyện")
    events = EventLog()
    book = build(make_quick_job(edited), events)
    assert events.recorded == 1
    assert events.remembered > 5
    assert any("kể lại" in line for line in transcript(book.path))


def test_a_damaged_recording_is_made_again(make_quick_job: Make, recorded: Recorded) -> None:
    job = recorded(make_quick_job(story()))
    path = build(job).path
    old_content = path.read_bytes()
    path.unlink()
    victim = next(iter(sorted(job.cache.rglob("*.recording"))))
    victim.write_bytes(victim.read_bytes()[:-100])
    events = EventLog()
    build(job, events)
    assert events.recorded == 1
    assert path.read_bytes() == old_content


def test_paragraphs_that_repeat_are_recorded_once(make_job: Make) -> None:
    short = "Vâng ạ."
    text = "\n\n".join(f"Chương {number}\n\n{short}" for number in range(1, 9))
    events = EventLog()
    book = build(make_job(text), events)
    assert transcript(book.path).count(short) == 8


def test_plan_tells_what_build_does(make_quick_job: Make) -> None:
    job = make_quick_job(story())
    first_plan = plan(job)
    assert [chapter.title for chapter in first_plan.chapters] == [
        f"Chương {number}: Đoạn đường dài" for number in (1, 2, 3)
    ]
    assert first_plan.recorded == 0
    assert not job.folder.exists()
    book = build(job)
    second_plan = plan(job)
    assert second_plan.recorded == second_plan.passages == first_plan.passages
    assert sum(chapter.sentences for chapter in second_plan.chapters) == book.sentences
    assert 0.5 < second_plan.seconds / book.seconds < 2
    assert second_plan.requests == 0


def test_plan_counts_online_requests(make_job: Make) -> None:
    job = make_job("Một câu ngắn. " + "Một câu rất dài, " * 10 + "hết.", voice="google")
    assert plan(job).requests == 2


def test_title_from_the_text_the_user_or_the_file(make_job: Make) -> None:
    text = "# Sách hay\n\nMở.\n\n## Một\n\nHai."
    assert build(make_job(text)).meta.title == "Sách hay"
    assert build(make_job(text, meta=Meta(title="Tên\nkhác"))).meta.title == "Tên khác"
    assert build(make_job("Một câu.", name="tap-ghi")).meta.title == "tap-ghi"
    assert build(make_job("Một câu.", name="IMG_2034")).meta.title == "Một câu"


@pytest.mark.parametrize("text", ["", " \n\t\n", "…!?", "\u200b\ufeff", "***\n\n---"])
def test_nothing_to_say(make_job: Make, text: str) -> None:
    with pytest.raises(SourceError):
        build(make_job(text))


@pytest.mark.parametrize(
    "text",
    [
        "Một 😀 hai. 😀😀",
        "Một\x00hai ba.",
        "a" * 5000,
        "một hai ba " * 1000,
        "# " + "Đề mục “trích” / \\ " * 9 + "\n\nMột.",
        "Một.\x0b\x0cHai.\u2028Ba.",
        "漢字 và chữ Việt.",
    ],
    ids=["emoji", "nul", "no-space", "no-stop", "heading", "line-ends", "han"],
)
def test_odd_text_is_read(make_job: Make, text: str) -> None:
    book = build(make_job(text, voice="hanoi"))
    decoded = len(ffmpeg.decode(book.path.read_bytes(), book.rate)) // 2
    assert decoded == book.samples > 4000


def test_what_is_no_text(make_job: Make, tmp_path: Path) -> None:
    job = make_job("x")
    sources: dict[str, bytes] = {
        "latin": "Tiếng".encode("utf-16-le") + b"\xe1",
        "binary": bytes(range(256)) * 9,
        "controls": b"\x01\x02\x03abc" * 50,
        "epub": b"PK\x03\x04mimetype",
        "surrogate": "a\ud800b".encode("utf-8", "surrogatepass"),
    }
    for name, content in sources.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError) as caught:
            build(replace(job, source=str(tmp_path / name)))
        assert "\n" not in str(caught.value)
    for source in (str(tmp_path), str(tmp_path / "missing"), "ftp://a.vn/b", "a\0b", "x" * 5000):
        with pytest.raises(SourceError):
            build(replace(job, source=source))
    assert not job.folder.exists()


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "dos.txt"
    path.write_bytes("\ufeffMột.\r\n\r\nHai.\r\n".encode())
    (chapter,) = readers.read(str(path)).chapters
    assert [paragraph.text.strip() for paragraph in chapter.paragraphs] == ["Một.", "Hai."]


def test_an_unknown_engine(make_job: Make) -> None:
    job = make_job("Một.")
    with pytest.raises(VoiceError, match="there is no engine nothing"):
        build(replace(job, cast=Cast(replace(job.voice, engine="nothing"))))


def test_a_voice_the_engine_does_not_know(make_job: Make) -> None:
    job = make_job("Chương 1\n\nMột câu.", voice="hanoi")
    with pytest.raises(VoiceError, match="eSpeak NG has no voice 'no-such'"):
        build(replace(job, cast=Cast(replace(job.voice, model="no-such"))))
    assert list(job.folder.iterdir()) == []


def test_an_output_folder_that_cannot_be(make_job: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        build(replace(make_job("Một."), folder=tmp_path / "file"))


def test_a_name_that_cannot_be_written_fails_before_recording(make_job: Make) -> None:
    job = make_job("Một.")
    (job.folder / "book.mp3").mkdir(parents=True)
    events = EventLog()
    with pytest.raises(OutputError, match=r"cannot write .*book\.mp3: Is a directory"):
        build(job, events)
    assert events.recorded == 0


def command(job: Job) -> list[str]:
    words = ["build", job.source, "-o", str(job.folder), "--voice", job.voice.name]
    words += ["--cover", "none"]
    return [sys.executable, "-m", "audiobook", *words]


def wait_for_recordings(job: Job, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(list(job.cache.rglob("*.recording"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def workers_of(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listed.stdout.splitlines())
    return [int(pid) for pid, parent_pid in pairs if int(parent_pid) == parent]


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return state.stdout.strip() in (b"", b"Z")


def wait_for_the_end_of(workers: list[int]) -> None:
    """No orphan goes on."""
    deadline = time.monotonic() + 10
    while not all(map(has_ended, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_killed_and_resumed(make_quick_job: Make, recorded: Recorded) -> None:
    """A build killed at once goes on with what was recorded, and makes the same book."""
    job = make_quick_job(story(120, 4))
    process = subprocess.Popen(command(job), stderr=subprocess.DEVNULL)
    wait_for_recordings(job, 3)
    workers = workers_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (job.folder / "book.mp3").exists()
    recorded_before = len(list(job.cache.rglob("*.recording")))
    wait_for_the_end_of(workers)
    events = EventLog()
    book = build(job, events)
    assert events.remembered >= recorded_before
    assert events.recorded == events.recorded + events.remembered - recorded_before
    undisturbed = build(
        recorded(replace(job, cache=job.cache / "other", folder=job.folder / "other"))
    )
    assert book.path.read_bytes() == undisturbed.path.read_bytes()


def test_interrupted_within_a_second(make_job: Make) -> None:
    job = make_job(story(240, 4), voice="hanoi")
    process = subprocess.Popen(
        command(job), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for_recordings(job, 2)
    workers = workers_of(process.pid)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process
    _, stderr = process.communicate(timeout=20)
    assert time.monotonic() - began < 1.5
    assert process.returncode == 130
    assert "interrupted; run the same command again to go on" in stderr.splitlines()[-1]
    assert "Traceback" not in stderr
    wait_for_the_end_of(workers)
    assert list(job.folder.iterdir()) == []


def test_a_worker_that_dies(make_quick_job: Make, recorded: Recorded) -> None:
    """Others take its place, and the passages that were lost are recorded again."""
    job = make_quick_job(story(120, 4))
    process = subprocess.Popen(command(job), stderr=subprocess.PIPE, text=True)
    wait_for_recordings(job, 2)
    os.kill(workers_of(process.pid)[-1], signal.SIGKILL)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    undisturbed = build(
        recorded(replace(job, cache=job.cache / "other", folder=job.folder / "other"))
    )
    assert (job.folder / "book.mp3").read_bytes() == undisturbed.path.read_bytes()


def test_two_builds_at_once(make_quick_job: Make, recorded: Recorded) -> None:
    job = make_quick_job(story())
    processes = [subprocess.Popen(command(job), stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert [path.name for path in job.folder.iterdir()] == ["book.mp3"]
    content = (job.folder / "book.mp3").read_bytes()
    alone = build(recorded(replace(job, cache=job.cache / "other", folder=job.folder / "other")))
    assert alone.path.read_bytes() == content


def test_a_taught_word_records_only_where_it_is_said(
    make_quick_job: Make, recorded: Recorded
) -> None:
    job = recorded(make_quick_job(story()))
    build(job)
    events = EventLog()
    build(replace(job, lexicon=(Teaching(written="Đoạn thứ 7", spoken="Đoạn bảy"),)), events)
    assert events.recorded == 1
    assert events.remembered > 3
    other_events = EventLog()
    build(
        replace(job, lexicon=(Teaching(written="Mát-xcơ-va", spoken="Mát xcơ va"),)), other_events
    )
    assert other_events.recorded == 0


def test_an_epub_becomes_a_book_with_what_it_says_of_itself(
    make_job: Make, tmp_path: Path, picture: bytes
) -> None:
    source = tmp_path / "sach.epub"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="a.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Con đò</dc:title>'
            "<dc:creator>Nguyễn An</dc:creator><dc:publisher>Nhà in</dc:publisher></metadata>"
            '<manifest><item id="c" href="c.png" media-type="image/png" properties="cover-image"/>'
            '<item id="t" href="t.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="t"/></spine></package>',
        )
        archive.writestr("c.png", picture)
        archive.writestr(
            "t.xhtml",
            '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Chương 1</h1><p>Sông rộng.</p>'
            "<h1>Chương 2</h1><p>Đò đầy.</p></body></html>",
        )
    job = replace(make_job("x"), source=str(source), cover=True)
    book = build(job)
    assert book.path == job.folder / "sach.mp3"
    assert [chapter.title for chapter in book.chapters] == ["Chương 1", "Chương 2"]
    tag = ID3(book.path)
    assert [str(tag[name]) for name in ("TIT2", "TPE1", "TPUB")] == [
        "Con đò",
        "Nguyễn An",
        "Nhà in",
    ]
    assert tag.getall("APIC")[0].mime == "image/png"
    assert transcript(book.path) == ["Chương 1", "Sông rộng.", "Chương 2", "Đò đầy."]
