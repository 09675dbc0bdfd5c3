"""``make books`` with the real make; the other targets are what CI runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from places import ROOT

from audiobook.system.requirements import DISTRIBUTION


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with our Makefile and this Python as its ready environment."""
    for left_by_make_test in ("MAKELEVEL", "MAKEFLAGS", "MFLAGS"):
        monkeypatch.delenv(left_by_make_test, raising=False)
    folder = tmp_path / "checkout"
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (folder / "pyproject.toml").write_text("")
    script = folder / ".venv" / "bin" / "audiobook"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m audiobook "$@"\n')
    script.chmod(0o755)
    (folder / ".venv" / ".installed").write_text("")
    return folder


def books(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "books", "OUT=ra", "VOICE=tone", *words]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def test_a_folder_of_texts(checkout: Path) -> None:
    texts = checkout / "texts"
    texts.mkdir()
    names = ["một hai.txt", "it's $x %d #1.txt", "-o.txt", "c.md"]
    for name in names:
        (texts / name).write_text("Một câu.", "utf-8")
    # To draw a cover for each would take longest of all.
    Image.new("RGB", (1400, 1400), "navy").save(texts / "bia.jpg")
    (texts / "book.toml").write_text('cover = "bia.jpg"\n')
    (texts / "hỏng.txt").write_bytes(b"\xff\xfa")
    (texts / "khác.dat").write_bytes(b"%PDF-")
    done = books(checkout, "-j2")
    assert done.returncode == 2  # make's own word for "a target failed"
    assert "1 of 5 books could not be made" in done.stderr
    assert "texts/hỏng.txt" in done.stdout
    made = {path.name for path in (checkout / "ra").iterdir()}
    assert made == {Path(name).stem + ".mp3" for name in names}

    (texts / "hỏng.txt").write_text("Lành.", "utf-8")
    before = (checkout / "ra" / "c.mp3").stat().st_mtime_ns
    (texts / "-o.txt").write_text("Câu khác.", "utf-8")
    again = books(checkout, "-j2")
    assert again.returncode == 0
    rows = [line for line in again.stdout.splitlines() if line.startswith("ra/")]
    assert sum(line.endswith("unchanged") for line in rows) == 3
    assert len(rows) == 5
    assert (checkout / "ra" / "c.mp3").stat().st_mtime_ns == before


def test_the_demo_without_a_network(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says in one line that the natural voice is missing, and builds nevertheless."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    article = checkout / "tests" / "data" / "ve-tinh.txt"
    article.parent.mkdir(parents=True)
    article.write_text("Một câu.", "utf-8")
    done = subprocess.run(["make", "demo"], cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if "hanoi" in line)
    assert line.startswith("sano was not fetched (the proxy did not lead to https://huggingface.co")
    assert line.endswith("); hanoi reads for now")
    assert (checkout / "build" / "ve-tinh.mp3").is_file()


def test_no_such_folder(checkout: Path) -> None:
    done = books(checkout, "SRC=none")
    assert done.returncode == 2
    assert "there is no folder none" in done.stderr


def test_an_empty_folder(checkout: Path) -> None:
    (checkout / "texts").mkdir()
    done = books(checkout)
    assert done.returncode == 2
    assert "there is no text in texts" in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "a b; touch run",
        "it's; touch run; '",
        '"; touch run; "',
        "`touch run`",
        "$(touch run)",
        "$(shell touch run)",
        "a -j;touch${IFS}run",
        "%s\\n -o",
    ],
)
def test_names_are_not_run(checkout: Path, name: str) -> None:
    script = checkout / ".venv" / "bin" / "audiobook"
    script.write_text('#!/bin/sh\nprintf "<%s>" "$@"\n')
    (checkout / name).mkdir()
    before = sorted(checkout.iterdir())
    said = {key: f"{key}={name}" for key in ("SRC", "OUT", "VOICE", "JOBS", "URL")}
    one = subprocess.run(["make", "books", *said.values()], cwd=checkout, capture_output=True)
    assert one.stdout.decode() == (
        f"<build><--keep-going><-o><{name}><--voice><{name}><--jobs><{name}><--><{name}>"
    )
    assert books(checkout, said["SRC"]).stdout.endswith(f"<tone><--><{name}>")
    other = subprocess.run(["make", "feed", *said.values()], cwd=checkout, capture_output=True)
    assert other.stdout.decode() == f"<feed><--url><{name}><--><{name}><feed><--check><--><{name}>"
    assert f"there is no folder no{name}:" in books(checkout, f"SRC=no{name}").stderr
    assert sorted(checkout.iterdir()) == before


@pytest.mark.parametrize("word", ["-n", "-q", "-t"])
def test_make_that_only_shows_what_it_would_do_builds_nothing(checkout: Path, word: str) -> None:
    (checkout / "texts").mkdir()
    (checkout / "texts" / "a.txt").write_text("Một câu.", "utf-8")
    books(checkout, word)
    assert not (checkout / "ra").exists()


@pytest.mark.parametrize(("words", "jobs"), [((), None), (("-j3",), "3"), (("-j3", "JOBS=5"), "5")])
def test_as_many_processes_as_make_says(
    checkout: Path, words: tuple[str, ...], jobs: str | None
) -> None:
    (checkout / "texts").mkdir()
    script = checkout / ".venv" / "bin" / "audiobook"
    script.write_text('#!/bin/sh\necho "$@"\n')
    said = books(checkout, *words).stdout.split()
    assert ("--jobs" in said) == (jobs is not None)
    assert jobs is None or said[said.index("--jobs") + 1] == jobs


def test_the_wheel_that_is_tried_is_ours() -> None:
    name = DISTRIBUTION.replace("-", "_")  # as in names of wheels (packaging.python.org)
    assert f" dist/{name}-*.whl\n" in (ROOT / "Makefile").read_text("utf-8")
