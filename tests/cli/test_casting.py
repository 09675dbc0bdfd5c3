"""`audiobook cast` lists who speaks, and writes a [cast] to edit."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from command import run

from audiobook.app import characters
from audiobook.app.voices import VoiceEntry

if TYPE_CHECKING:
    from pathlib import Path

STORY = """Chuyện nhỏ

Chị Hoa hỏi:

– Bao giờ đi?

Ông Tư đáp:

– Mai thì đi.

Chị Hoa lại hỏi:

– Đi mấy ngày?

Nó reo:

– Hay quá!

Một bà lão thở dài: “Lâu thế.”
"""
VOICES = [
    VoiceEntry(name="hanoi", default=True),
    VoiceEntry(name="nu", sex="female", network=False),
    VoiceEntry(name="nu-mang", sex="female", network=True),
    VoiceEntry(name="nam", sex="male", network=False),
    VoiceEntry(name="hong", sex="male", problem="not fetched yet"),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "truyen.txt"
    path.write_text(STORY, "utf-8")
    return path


@pytest.fixture
def _voices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(characters, "list_voices", lambda: VOICES)


def test_characters_are_listed_with_what_told_them(source: Path) -> None:
    lines = run("cast", str(source), "--voice", "hanoi").stdout.splitlines()
    assert [line.split()[:4] for line in lines[1:4]] == [
        ["Chị", "Hoa", "woman", "2"],
        ["Bà", "lão", "old-woman", "1"],
        ["Ông", "Tư", "man", "1"],
    ]
    assert "“chị”" in lines[1]
    assert lines[-1] == "5 parts of direct speech, 1 by nobody whose sex is told"


def test_a_pipe_and_json_say_the_same(source: Path) -> None:
    of_file = run("cast", str(source), "--json").stdout
    assert of_file == run("cast", "-", "--json", stdin=STORY).stdout
    document = json.loads(of_file)
    assert (document["speeches"], document["undecided"]) == (5, 1)
    assert document["characters"][0]["name"] == "Chị Hoa"


@pytest.mark.usefixtures("_voices")
def test_a_cast_has_usable_voices_of_the_right_sex(source: Path) -> None:
    text = run("cast", str(source), "--voice", "hanoi", "--toml").stdout
    assert tomllib.loads(text)["cast"] == {"woman": "nu", "man": "nam", "Chị Hoa": "nu-mang"}
    assert text.count("online") == 1
    assert '"nu-mang"  # online; ' in text
    assert '# "Ông Tư" = "VOICE"' in text
    assert "1 time" in text


@pytest.mark.usefixtures("_voices")
def test_the_narrator_is_not_suggested(source: Path) -> None:
    text = run("cast", str(source), "--voice", "hanoi", "--toml").stdout
    assert "hanoi" not in text
    assert characters.suggest_voices(
        characters.CastList(
            characters=(characters.Character(name="", role="man", speeches=1, told=""),), unknown=0
        ),
        "nam",
    ) == {"man": ""}


@pytest.mark.usefixtures("_voices")
def test_the_cast_is_written_into_a_file_once(source: Path) -> None:
    target = source.with_name("cast.toml")
    command = ("cast", str(source), "--voice", "hanoi", "-o", str(target))
    assert run(*command).returncode == 0
    assert "cast" in tomllib.loads(target.read_text("utf-8"))
    assert run(*command).returncode == 7
    assert run(*command, "--overwrite").returncode == 0


QUOTING = "Cô xem Gone with the Wind, rồi Pride and Prejudice. Ông đáp: “C'est la vie, mon ami.”"


def test_other_languages_are_counted_with_an_example() -> None:
    lines = run("cast", "-", stdin=QUOTING).stdout.splitlines()
    assert [line.split()[:3] for line in lines[-2:]] == [
        ["foreign-en", "2", "Gone"],
        ["foreign-fr", "1", "“C'est"],
    ]
    document = json.loads(run("cast", "-", "--json", stdin=QUOTING).stdout)
    assert document["languages"][0] == {
        "role": "foreign-en",
        "parts": 2,
        "example": "Gone with the Wind",
    }


def test_voices_are_suggested_for_their_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    voices = [*VOICES, VoiceEntry(name="anglaise", sex="female", accent="en", network=False)]
    monkeypatch.setattr(characters, "list_voices", lambda: voices)
    text = run("cast", "-", "--toml", stdin=f"{STORY}\n{QUOTING}").stdout
    cast = tomllib.loads(text)["cast"]
    assert cast["foreign-en"] == "anglaise"
    assert list(cast.values()).count("anglaise") == 1
    assert '# foreign-fr = "VOICE"' in text


def test_a_text_in_which_nobody_speaks() -> None:
    assert "nobody speaks" in run("cast", "-", stdin="Trời mưa.").stdout
    assert run("cast", "-", "--json", "--toml", stdin="Trời mưa.").returncode == 2
