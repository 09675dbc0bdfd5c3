"""The commands that let a recogniser listen: `check --listen` and `build --listen`."""

from __future__ import annotations

import json
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from command import run
from hearing_tones import SENTENCES, ToneRecogniser, say_wrong

from audiobook.audit.listening_back import models, whisper

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CUT, TWICE = SENTENCES[2], SENTENCES[5]
SPOILT: dict[str, Callable[[list[str]], list[str]]] = {
    CUT: lambda words: words[:4],
    TWICE: lambda words: words * 2,
}


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> ToneRecogniser:
    """What --listen opens, whatever model is named."""
    listener = ToneRecogniser(" ".join(SENTENCES))
    monkeypatch.setattr(whisper, "Whisper", lambda _model: listener)
    return listener


def build(folder: Path, *words: str, voice: str = "tone") -> str:
    """Build a book of the sentences, and return what is told of it."""
    source = folder / "b.txt"
    source.write_text("\n\n".join(SENTENCES), "utf-8")
    options = ("--voice", voice, "--author", "An", "--cover", "none", "-o", str(folder))
    completed = run("build", str(source), *options, *words)
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def takes_of(folder: Path) -> object:
    return tomllib.loads((folder / "b.toml").read_text("utf-8"))["takes"]


@pytest.mark.usefixtures("recogniser")
def test_check_lists_both_texts_the_surest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_wrong(monkeypatch, SPOILT)
    build(tmp_path, "--quiet")
    completed = run("check", str(tmp_path / "b.mp3"), "--listen", "any")
    assert completed.returncode == 6
    lines = completed.stdout.splitlines()
    assert lines[-1] == "listened to 12 sentences: 2 do not sound right"
    (place,) = (number for number, line in enumerate(lines) if "words are missing" in line)
    assert lines[place].startswith("0:0")
    assert lines[place + 1] == f"  written: {CUT}"
    assert lines[place + 2].startswith("  heard: ")

    completed = run("check", str(tmp_path / "b.mp3"), "--listen", "any", "--json")
    assert completed.returncode == 6
    doubts = json.loads(completed.stdout)["doubts"]
    assert {doubt["written"]: doubt["kind"] for doubt in doubts} == {CUT: "cut", TWICE: "repeated"}
    assert doubts[0]["certainty"] >= doubts[1]["certainty"] >= 4


@pytest.mark.usefixtures("recogniser")
def test_check_says_where_all_is_well(tmp_path: Path) -> None:
    build(tmp_path, "--quiet")
    completed = run("check", str(tmp_path / "b.mp3"), "--listen", "any")
    assert completed.stdout.splitlines()[-1] == "listened to 12 sentences: all sound right"
    assert run("check", str(tmp_path / "b.mp3"), "--listen", "any", "--json").stderr == ""


def test_a_build_records_again_what_does_not_sound_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recogniser: ToneRecogniser
) -> None:
    say_wrong(monkeypatch, {CUT: SPOILT[CUT]}, takes=1)
    told = build(tmp_path, "--listen", "any")
    assert "listened to 12 sentences: all sound right" in told
    assert "1 sentence recorded again" in told
    assert takes_of(tmp_path) == {CUT: 2}
    assert recogniser.heard == len(SENTENCES) + 1  # only the new take was heard
    assert "unchanged" in build(tmp_path)
    assert run("check", str(tmp_path / "b.mp3"), "--listen", "any").stdout.endswith("right\n")


@pytest.mark.usefixtures("recogniser")
def test_a_build_tries_twice_and_keeps_what_stands_in_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.toml").write_text(f'# mine\n[takes]\n"{SENTENCES[0]}" = 2\n', "utf-8")
    say_wrong(monkeypatch, {CUT: SPOILT[CUT]}, takes=2)
    assert "all sound right" in build(tmp_path, "--listen", "any")
    assert takes_of(tmp_path) == {SENTENCES[0]: 2, CUT: 3}
    assert "# mine" in (tmp_path / "b.toml").read_text("utf-8")


@pytest.mark.usefixtures("recogniser")
def test_what_no_take_mends_stays_as_it_was_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_wrong(monkeypatch, {CUT: SPOILT[CUT]}, takes=9)
    told = build(tmp_path, "--listen", "any")
    assert "1 does not sound right" in told
    assert f"  written: {CUT}" in told
    takes = takes_of(tmp_path) if (tmp_path / "b.toml").exists() else {}
    assert takes in ({}, {CUT: 2}, {CUT: 3})  # the one that is heard best
    assert "unchanged" in build(tmp_path)


def test_books_beside_one_that_fails_are_listened_to(
    tmp_path: Path, recogniser: ToneRecogniser
) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfa\xff")
    (tmp_path / "c.txt").write_text("Một câu.", "utf-8")
    (tmp_path / "c.toml").write_text("speed = 0", "utf-8")
    (tmp_path / "b.txt").write_text("\n\n".join(SENTENCES), "utf-8")
    words = ("build", str(tmp_path), "-k", "--voice", "tone", "--author", "An", "--cover", "none")
    completed = run(*words, "-o", str(tmp_path / "out"), "--listen", "any")
    assert completed.returncode == 3
    assert "listened to 12 sentences: all sound right" in completed.stdout
    assert completed.stderr.splitlines()[-1].startswith("audiobook: 2 of 3 books")
    assert recogniser.heard == len(SENTENCES)


def test_formats_that_cannot_be_listened_to(tmp_path: Path, recogniser: ToneRecogniser) -> None:
    source = tmp_path / "b.txt"
    source.write_text("Trời mưa.", "utf-8")
    words = ("--voice", "tone", "--format", "epub", "-o", str(tmp_path))
    completed = run("build", str(source), *words, "--listen", "any")
    assert (completed.returncode, recogniser.heard) == (2, 0)
    assert "epub cannot be listened to" in completed.stderr
    assert not (tmp_path / "b.epub").exists()


def test_what_is_missing_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, "--quiet")
    book = str(tmp_path / "b.mp3")
    completed = run("check", book, "--listen", "base")
    assert completed.returncode == 5
    assert completed.stderr.count("\n") == 1
    assert "there is no recogniser 'base' here" in completed.stderr
    assert str(models.models_folder() / "base") in completed.stderr

    model = models.models_folder() / "base"
    model.mkdir(parents=True)
    for name in ("model.bin", "config.json"):
        (model / name).write_text("{}")
    completed = run("check", book, "--listen", "base")
    assert completed.returncode == 5
    assert "base lacks tokenizer.json" in completed.stderr

    (model / "tokenizer.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    completed = run("check", book, "--listen", str(model))
    assert completed.returncode == 5
    assert "pip install" in completed.stderr
    assert "faster-whisper" in completed.stderr


def test_a_damaged_model_is_told_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper")
    build(tmp_path, "--quiet")
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    completed = run("check", str(tmp_path / "b.mp3"), "--listen", str(tmp_path))
    assert (completed.returncode, completed.stderr.count("\n")) == (5, 1)
    assert "no model can be read" in completed.stderr
