"""Many books in one run, through the real command."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import COMMAND, run
from terminal import run_on_terminal

from audiobook.app.batch import BookOutcome, build_all
from audiobook.app.book_requests import find_books
from audiobook.app.build import build, find, make
from audiobook.app.texts import unreadable_files
from audiobook.config import make_job
from audiobook.errors import SourceError
from audiobook.model import Meta
from audiobook.system import build_id
from audiobook.workers import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.app.book_requests import BookRequest
    from audiobook.model import Event, Job

BUILD = ("build", "--voice", "tone", "--cover", "none")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "Nam Cao").mkdir(parents=True)
    (folder / "Nam Cao" / "lão hạc.txt").write_text("Cậu Vàng đi đời rồi.", "utf-8")
    (folder / "một.txt").write_text("Một câu.", "utf-8")
    (folder / "hai.md").write_text("# Hai\n\nHai câu. Ba câu.", "utf-8")
    (folder / ".ẩn.txt").write_text("Ẩn.", "utf-8")
    (folder / "một.readalong.epub").write_bytes(b"ours")
    (folder / "bìa.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


# --- what to build --------------------------------------------------------------------------------


def test_a_document_of_a_word_processor_as_xml_is_told(texts: Path) -> None:
    (texts / "dữ liệu.xml").write_text("<?xml version='1.0'?><a/>", "utf-8")
    (texts / "thư.xml").write_text("<?xml version='1.0'?><w:wordDocument/>", "utf-8")
    assert unreadable_files([str(texts)]) == [texts / "thư.xml"]


def test_a_pipe_in_a_folder_is_not_waited_for_and_is_told(texts: Path, tmp_path: Path) -> None:
    os.mkfifo(texts / "ống.txt")
    sources = [request.source for request in find_books([str(texts)], tmp_path)]
    assert str(texts / "ống.txt") not in sources
    assert len(sources) == 3
    assert unreadable_files([str(texts)]) == [texts / "ống.txt"]


def test_of_a_folder_every_text_in_folders_of_the_same_names(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    requests = find_books([str(texts), "http://example.org/a", "-"], out)
    assert [(request.source, request.folder) for request in requests] == [
        (str(texts / "hai.md"), out),
        (str(texts / "một.txt"), out),
        (str(texts / "Nam Cao" / "lão hạc.txt"), out / "Nam Cao"),
        ("http://example.org/a", out),
        ("-", out),
    ]


def test_sources_of_one_name_become_books_of_their_own(texts: Path, tmp_path: Path) -> None:
    for name in ("một.epub", "một.md", "Một.html"):
        (texts / name).write_bytes(b"x")
    stems = {
        Path(request.source).name: request.stem for request in find_books([str(texts)], tmp_path)
    }
    assert stems == {
        "hai.md": "hai",
        "lão hạc.txt": "lão hạc",
        "một.txt": "một",
        "một.md": "một-md",
        "một.epub": "một-epub",
        "Một.html": "Một-html",  # not every disk tells it from một
    }


def test_sources_of_one_name_and_ending(texts: Path, tmp_path: Path) -> None:
    """Nothing tells their books apart: only the first is built, and that only with -k."""
    (texts / "Nam Cao" / "một.txt").write_text("Một nữa.", "utf-8")
    namesakes = [str(texts / "một.txt"), str(texts / "Nam Cao" / "một.txt")]
    first, second = find_books(namesakes, tmp_path)
    assert first.problem is None
    assert "would both become the book một" in str(second.problem)
    completed = run(*BUILD, *namesakes, "-o", "out", folder=tmp_path)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert run(*BUILD, *namesakes, "-o", "out", "-k", folder=tmp_path).returncode == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["một.mp3"]
    # In folders of their own they are two books.
    assert len(find_books([str(texts)], tmp_path)) == 4


def test_what_systems_and_programs_leave_in_folders(texts: Path, tmp_path: Path) -> None:
    names = ("~$hai.docx", ".~lock.hai.docx#", "._hai.txt", ".DS_Store", "Thumbs.db")
    for name in (*names, "desktop.ini", "hai.txt.part", "hai.txt.crdownload", "~WRL1.tmp"):
        (texts / name).write_text("không phải sách", "utf-8")
    for name in ("__MACOSX", "@eaDir", "site"):
        (texts / name).mkdir()
        (texts / name / "a.txt").write_text("không phải sách", "utf-8")
    for name in ("manifest.json", "feed.xml"):  # a site that we wrote
        (texts / "site" / name).write_text("{}")
    assert len(find_books([str(texts)], tmp_path)) == 3


def test_a_folder_that_cannot_be_read_is_one_failure(texts: Path, tmp_path: Path) -> None:
    def listed(folder: Path, onerror: Any) -> Any:
        onerror(PermissionError(13, "Permission denied", str(folder / "khóa")))
        yield str(folder), [], ["một.txt"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "walk", listed)
        book, locked = find_books([str(texts)], tmp_path)
    assert book.problem is None
    assert "khóa: Permission denied" in str(locked.problem)


def test_what_cannot_be_read_is_named_in_one_line(texts: Path, tmp_path: Path) -> None:
    for name in ("ba.chm", "Nam Cao/bốn.djvu", "năm.DOCM", "bảng.xlsx", "ghi.tsv", "a.mp3"):
        (texts / name).write_bytes(b"x")
    completed = run(*BUILD, str(texts), "-o", "out", folder=tmp_path)
    assert completed.returncode == 0
    assert completed.stderr.splitlines()[0] == (
        "4 files not read: ba.chm, bảng.xlsx, năm.DOCM, … (audiobook read FILE says what to do)"
    )
    assert "not read" not in run(*BUILD, str(texts), "-o", "out", "--quiet", folder=tmp_path).stderr
    assert "4 files not read" in run(*BUILD, str(texts), "--dry-run", folder=tmp_path).stderr
    silent = run(*BUILD, str(texts), "--dry-run", "--quiet", folder=tmp_path)
    assert (silent.stdout, silent.stderr, silent.returncode) == ("", "", 0)


def test_pictures_are_scans_or_covers(texts: Path) -> None:
    assert unreadable_files([str(texts)]) == []  # a cover
    named = ("một.png", "bìa sau.png", "hình.jpg", "Nam Cao/trang-1.tif", "Nam Cao/trang-2.tif")
    for name in named:
        (texts / name).write_bytes(b"x")
    (texts / "book.toml").write_text('cover = "bìa.jpg"\n[pictures]\nHai = "hình.jpg"\n', "utf-8")
    unread = [path.name for path in unreadable_files([str(texts)])]
    assert unread == ["bìa sau.png", "trang-1.tif", "trang-2.tif"]


def test_a_folder_of_nothing_but_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.chm").write_bytes(b"x")
    with pytest.raises(SourceError, match=r", only a\.chm"):
        find_books([str(tmp_path)], tmp_path)


@pytest.mark.parametrize("join", [[], ["--join"]])
def test_standard_input_is_read_once(tmp_path: Path, join: list[str]) -> None:
    completed = run(*BUILD, "-", "-", *join, folder=tmp_path)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert completed.stderr == "audiobook: standard input can be read only once: give - only once\n"


def test_a_folder_without_texts(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no text in"):
        find_books([str(tmp_path)], tmp_path)


# --- building -------------------------------------------------------------------------------------


def test_a_table_of_all_and_only_what_changed(texts: Path, tmp_path: Path) -> None:
    completed = run(*BUILD, "texts", "-o", "out", folder=tmp_path)
    assert completed.returncode == 0, completed.stderr
    table = completed.stdout.splitlines()
    assert table[0].split() == ["BOOK", "LENGTH", "CHAPTERS", "SENTENCES", "SIZE"]
    assert [line.split("  ")[0] for line in table[1:4]] == [
        "out/Nam Cao/lão hạc.mp3",
        "out/hai.mp3",
        "out/một.mp3",
    ]
    assert table[4].startswith("3 books: 0:0")
    assert "3 of 3 books, 3 chapters" in completed.stderr
    old_time = (tmp_path / "out" / "hai.mp3").stat().st_mtime_ns
    (texts / "một.txt").write_text("Câu khác.", "utf-8")
    again = run(*BUILD, "texts", "-o", "out", folder=tmp_path)
    assert again.stdout.count(" unchanged") == 3  # two rows and the sum
    assert (tmp_path / "out" / "hai.mp3").stat().st_mtime_ns == old_time


def test_one_that_fails_stops_the_others_unless_told(texts: Path, tmp_path: Path) -> None:
    (texts / "hỏng.txt").write_bytes(b"\xff\xfa\xff")
    stopped = run(*BUILD, "texts", "-o", "out", folder=tmp_path)
    assert stopped.returncode == 3
    assert "hỏng.txt" in stopped.stderr.splitlines()[-1]
    completed = run(*BUILD, "texts", "-o", "out", "--keep-going", folder=tmp_path)
    assert completed.returncode == 3
    assert "audiobook: 1 of 4 books could not be made" in completed.stderr.splitlines()[-1]
    assert "failed: texts/hỏng.txt is not" in completed.stdout
    assert len(list((tmp_path / "out").rglob("*.mp3"))) == 3
    quiet = run(*BUILD, "texts", "-o", "out", "-k", "-q", folder=tmp_path)
    assert quiet.stdout == ""
    assert "hỏng.txt" in quiet.stderr


def test_wrong_settings_stop_no_others_where_no_voice_was_chosen(tmp_path: Path) -> None:
    for name, settings in (("một", "speed = 0"), ("hai", 'voice = "tone"'), ("ba", "speed = ")):
        (tmp_path / "texts" / name).mkdir(parents=True)
        (tmp_path / "texts" / name / "a.txt").write_text("Một câu.", "utf-8")
        (tmp_path / "texts" / name / "book.toml").write_text(settings, "utf-8")
    words = ("build", "--cover", "none", "texts", "-o", "out", "-k")
    completed = run(*words, folder=tmp_path)
    assert completed.returncode == 2
    assert completed.stderr.splitlines()[-1].startswith("audiobook: 2 of 3 books")
    assert (tmp_path / "out" / "hai" / "a.mp3").is_file()


def test_the_plan_of_one_that_fails_stops_no_others(texts: Path, tmp_path: Path) -> None:
    (texts / "một.toml").write_text("speed = 0", "utf-8")
    words = ("build", "--voice", "tone", "--dry-run", "-o", str(tmp_path / "out"), str(texts))
    completed = run(*words, "-k")
    assert completed.returncode == 2
    assert completed.stdout.count("of speech expected") == 2, completed.stdout
    assert "một.toml" in completed.stderr.splitlines()[0]
    assert completed.stderr.splitlines()[-1].startswith("audiobook: 1 of 3 books")
    stopped = run(*words)
    assert stopped.returncode == 2
    assert stopped.stderr.count("\n") == 1


def test_the_worst_of_several_failures_is_the_exit_code(texts: Path, tmp_path: Path) -> None:
    (texts / "hỏng.txt").write_bytes(b"\xff\xfa\xff")
    (texts / "một.toml").write_text('voice = "nobody"\n', "utf-8")
    completed = run(
        "build", "--cover", "none", "texts", "-o", "out", "--keep-going", folder=tmp_path
    )
    assert completed.returncode == 4, completed.stderr
    assert completed.stderr.splitlines()[-1].startswith("audiobook: 2 of 4 books")


@pytest.mark.usefixtures("texts")
def test_a_view_of_all_on_a_terminal(tmp_path: Path) -> None:
    completed = run_on_terminal(
        *BUILD, "texts", "-o", "out", cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    assert completed.returncode == 0
    assert "out/một.mp3: 0:0" in completed.stderr
    assert "3 of 3 books, 3 chapters" in completed.stderr
    assert completed.stdout.splitlines()[-1].startswith("3 books: ")


def test_interrupted_between_books(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(6):
        text = "\n\n".join(
            f"Đoạn {number} {part}. " + "Nước lên rồi xuống. " * 40 for part in range(60)
        )
        (folder / f"{number}.txt").write_text(text, "utf-8")
    words = ("build", "--voice", "hanoi", "--cover", "none", "texts", "-o", "out")
    process = subprocess.Popen(
        [*COMMAND, *words],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list((tmp_path / "cache").rglob("*.recording")):
        assert process.poll() is None
        time.sleep(0.01)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert time.monotonic() - began < 3
    assert process.returncode == 130
    assert stderr.splitlines()[-1].startswith("audiobook: interrupted")
    assert "Traceback" not in stderr
    assert not list((tmp_path / "out").rglob(".*"))


# --- unchanged ------------------------------------------------------------------------------------


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that are begun."""
    names: list[str] = []
    start = threading.Thread.start

    def note(thread: threading.Thread) -> None:
        names.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", note)
    return names


def outcomes_of(folder: Path, **settings: Any) -> Iterator[BookOutcome]:
    def job_of(request: BookRequest) -> Job:
        options = {"voice": "tone", "without_cover": True, **settings}
        return make_job(request.source, folder=request.folder, stem=request.stem, **options)

    requests = find_books([str(folder / "texts")], folder / "out")
    with Recorder(1) as recorder:
        yield from build_all(requests, job_of, recorder, lambda _source: lambda _event: None, 2)


@pytest.mark.usefixtures("texts")
def test_no_threads_ask_for_books_that_are_up_to_date(tmp_path: Path, threads: list[str]) -> None:
    """They would wait for each other at every small file: it took more than twice the CPU."""
    assert not any(outcome.unchanged for outcome in outcomes_of(tmp_path))
    assert any(name.startswith("book") for name in threads)
    threads.clear()
    assert [outcome.unchanged for outcome in outcomes_of(tmp_path)] == [True] * 3
    assert not threads
    # All sound of each book is read then, which threads do side by side.
    assert [outcome.unchanged for outcome in outcomes_of(tmp_path, verify=True)] == [True] * 3
    assert any(name.startswith("book") for name in threads)


@pytest.mark.usefixtures("texts")
def test_only_the_book_whose_job_cannot_be_made_fails(tmp_path: Path) -> None:
    (tmp_path / "texts" / "hai.toml").write_text("speed = 0\n", "utf-8")
    first, *others = outcomes_of(tmp_path)
    assert "speed must be a number above 0" in str(first.failure)
    assert [outcome.failure for outcome in others] == [None, None]


@pytest.mark.usefixtures("texts")
def test_ctrl_c_while_a_job_is_made_ends_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_job: Job) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("audiobook.app.build.hash_inputs", interrupt)
    with pytest.raises(KeyboardInterrupt):
        next(outcomes_of(tmp_path))


def test_all_that_goes_into_a_book_makes_it_another(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of what was made is asked before the source is read: nothing may escape it."""

    def is_unchanged(**settings: Any) -> bool:
        events: list[Event] = []
        job = make_job(
            str(texts / "hai.md"),
            **{"folder": tmp_path / "out", "voice": "tone", "without_cover": True, **settings},
        )
        build(job, events.append)
        return not events

    assert not is_unchanged()
    assert is_unchanged()
    assert is_unchanged(workers=1)
    (tmp_path / "l.tsv").write_text("câu\tchữ\n", "utf-8")
    changes: list[dict[str, Any]] = [
        {"meta": Meta(title="Tên")},
        {"speed": 1.2},
        {"pauses": {"sentence": 2}},
        {"bitrate": 96},
        {"lexicon": tmp_path / "l.tsv"},
        {"room_tone": True},
    ]
    for change in changes:
        is_unchanged()
        assert not is_unchanged(**change), change
        assert is_unchanged(**change), change
    (tmp_path / "l.tsv").write_text("câu\tdòng\n", "utf-8")
    assert not is_unchanged(lexicon=tmp_path / "l.tsv")
    (texts / "book.toml").write_text('author = "Ai"\n', "utf-8")
    assert not is_unchanged()
    assert is_unchanged()
    monkeypatch.setattr(build_id, "identity", lambda: "another")
    (tmp_path / "out" / "hai.mp3").unlink()
    assert not is_unchanged()


def test_a_text_that_changes_before_it_is_read_is_not_taken_for_the_other(
    texts: Path, tmp_path: Path
) -> None:
    text = texts / "một.txt"
    job = make_job(str(text), folder=tmp_path / "out", voice="tone")
    _, inputs = find(job, lambda _event: None)
    text.write_text("Một câu. Hai câu.", "utf-8")
    assert make(job, inputs, lambda _event: None, None).sentences == 2
    text.write_text("Một câu.", "utf-8")
    assert build(job).sentences == 1


def test_a_damaged_memory_is_made_again(texts: Path, tmp_path: Path) -> None:
    job = make_job(str(texts / "một.txt"), folder=tmp_path / "out", voice="tone")
    build(job)
    (order,) = (tmp_path / "cache" / "orders").rglob("*.order")
    content = order.read_bytes()
    for damage in (b"", b"\xff\xfe", b"[1]"):
        order.write_bytes(damage)
        events: list[Event] = []
        build(job, events.append)
        assert events == []
        assert order.read_bytes() == content
