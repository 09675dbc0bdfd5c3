"""Any program as an engine: a real one, run as the voice file says."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from contract import LONG, SHORT, EngineContract
from speaking_program import SAMPLES_PER_CHARACTER

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import command as module
from audiobook.engines.command import Command
from audiobook.errors import EngineError, VoiceError

if TYPE_CHECKING:
    from audiobook.model import Voice

SPEAK = (sys.executable, "-IS", str(Path(__file__).with_name("speaking_program.py")))


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    folder = tmp_path / "config" / "voices"
    folder.mkdir(parents=True)
    words = ", ".join(f"'{word}'" for word in SPEAK)
    (folder / "own.toml").write_text(f'engine = "command"\nrate = 16000\ncommand = [{words}]\n')
    return load_voice("own")


def with_words(voice: Voice, *words: str) -> Voice:
    return replace(voice, command=(*SPEAK, *words))


class TestCommand(EngineContract):
    name = "command"
    voice_name = "own"
    says_the_same_again = True
    has_models = False

    @pytest.fixture
    def voice(self, voice: Voice) -> Voice:
        return voice


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="pipes"),
        pytest.param(("--text", "{text_file}"), id="text in a file"),
        pytest.param(("--output={output}",), id="sound in a file"),
        pytest.param(("--text", "{text_file}", "--output", "{output}"), id="both in files"),
    ],
)
def test_text_and_sound_go_through_pipes_or_files(voice: Voice, words: tuple[str, ...]) -> None:
    (clip,) = Command().say([f" {LONG}\nHết. "], with_words(voice, *words))
    assert len(clip.samples) == len(f"{LONG} Hết.") * SAMPLES_PER_CHARACTER


def test_no_file_is_left(voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    Command().say([SHORT], with_words(voice, "--text", "{text_file}", "--output", "{output}"))
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--fail", "7"), r"failed with exit code 7: no voice for: Xin chào\."),
        (("--silent",), r"wrote no sound for 'Xin chào\.': it did not say why"),
        (("--output", "{output}", "--silent"), "wrote no sound"),
    ],
)
def test_a_failure_names_the_program(voice: Voice, words: tuple[str, ...], message: str) -> None:
    with pytest.raises(EngineError, match=message) as caught:
        Command().say([SHORT], with_words(voice, *words))
    assert caught.value.what.startswith(sys.executable)
    assert "in a terminal" in caught.value.remedy


def test_what_is_no_sound_is_an_error(voice: Voice) -> None:
    with pytest.raises(EngineError, match="cannot decode"):
        Command().say([SHORT], replace(voice, command=("cat",)))


def test_it_is_not_waited_for_for_ever(voice: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 0.2)
    with pytest.raises(EngineError, match=r"sleep took longer than 0\.2 seconds"):
        Command().say([SHORT], replace(voice, command=("sleep", "60")))


def test_nothing_endless_is_read(voice: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 1 << 20)
    with pytest.raises(EngineError, match="yes wrote more than 1 MB"):
        Command().say([SHORT], replace(voice, command=("yes",)))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        # A file with a hole takes no room on the disk, and would take all memory.
        (("truncate", "-s", "30G", "{output}"), "truncate wrote more than 1 MB"),
        (("truncate", "-s", "1048577", "{output}"), "truncate wrote more than 1 MB"),
        (("truncate", "-s", "1048576", "{output}"), "cannot decode"),
        (("mkfifo", "{output}"), "mkfifo left something else than a file"),
        (("ln", "-s", "/dev/zero", "{output}"), "ln left something else than a file"),
        (("mkdir", "{output}"), "mkdir left something else than a file"),
    ],
    ids=["huge", "one too many", "as many as allowed", "pipe", "link", "folder"],
)
def test_only_a_file_within_the_limit_is_read(
    voice: Voice, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], message: str
) -> None:
    monkeypatch.setattr(module, "_MOST", 1 << 20)
    with pytest.raises(EngineError, match=message):
        Command().say([SHORT], replace(voice, command=command))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("no-such-program",), "no-such-program, which is not there"),
        ((*SPEAK, "{textfile}"), r"holds \{textfile\}: write \{text_file\} or \{output\}"),
    ],
)
def test_a_command_that_cannot_run_is_an_error_of_the_voice(
    voice: Voice, command: tuple[str, ...], message: str
) -> None:
    with pytest.raises(VoiceError, match=message):
        engines.identity(replace(voice, command=command))
    with pytest.raises(VoiceError, match=message):
        Command().say([SHORT], replace(voice, command=command))


def test_another_program_is_another_version(voice: Voice, tmp_path: Path) -> None:
    program, model = tmp_path / "program", tmp_path / "model.bin"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    model.write_bytes(b"one")
    voice = replace(voice, command=(str(program), "--model", str(model), "{output}"))
    first = engines.identity(voice)
    os.utime(program, ns=(1, 1))
    assert engines.identity(voice) == first, "the same program, installed again"
    program.write_text("#!/bin/sh\nexit 2\n")
    upgraded = engines.identity(voice)
    assert upgraded != first
    model.write_bytes(b"two")
    assert engines.identity(voice) not in (first, upgraded)
    model.unlink()
    assert engines.identity(voice)


def test_the_program_is_not_run_to_tell_it_apart(voice: Voice, tmp_path: Path) -> None:
    program, trace = tmp_path / "program", tmp_path / "trace"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n")
    program.chmod(0o711)
    engines.identity(replace(voice, command=(str(program),)))
    assert not trace.exists()


def test_another_command_is_another_version(voice: Voice) -> None:
    assert engines.identity(voice) == engines.identity(voice)
    assert engines.identity(voice) != engines.identity(with_words(voice, "--output", "{output}"))
