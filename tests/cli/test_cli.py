from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from command import COMMAND, run
from mutagen.id3 import ID3
from terminal import run_on_terminal
from typer.testing import CliRunner

from audiobook.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "# Bản tin\n\nLúc 8h30, ESA họp ở TP.HCM. Ông về.\n\n## Phần 1: Sông\n\nNước lên 3,5%.\n"


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "bản tin.txt"
    path.write_text(ARTICLE, "utf-8")
    return str(path)


def test_build_with_everything(article: str, tmp_path: Path, picture: bytes) -> None:
    cover = tmp_path / "c.png"
    cover.write_bytes(picture)
    out = tmp_path / "ra" / "sâu"
    completed = run(
        *("build", article, "-o", str(out), "--voice", "saigon", "--author", "An", "--jobs", "1"),
        *("--narrator", "Bình", "--date", "2026-11", "--description", "Thử", "--cover", str(cover)),
    )
    assert completed.returncode == 0, completed.stderr
    path = out / "bản tin.mp3"
    assert re.fullmatch(
        rf"{path}: 0:\d\d, 2 chapters, 5 sentences, 0\.\d MB\n", completed.stdout
    ), completed.stdout
    assert completed.stderr.splitlines()[0] == "Bản tin: 2 chapters, 67 characters"
    assert [line.split(" (")[0] for line in completed.stderr.splitlines()[1:]] == [
        "Bản tin: chapter 1/2: Bản tin",
        "Bản tin: chapter 2/2: Phần 1: Sông",
    ]
    tag = ID3(path)
    assert {name: str(tag[name]) for name in ("TIT2", "TPE1", "TPE2", "TDRC")} == {
        "TIT2": "Bản tin",
        "TPE1": "An",
        "TPE2": "Bình",
        "TDRC": "2026",  # ID3v2.3 knows years and days, no months
    }
    assert tag.getall("APIC")[0].data == cover.read_bytes()


def test_build_from_stdin_into_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    completed = run("build", "-", "--voice", "tone", "--quiet", stdin="Một câu.")
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "", "")
    assert (tmp_path / "stdin.mp3").exists()


def test_a_dash_is_standard_input_whatever_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").mkdir()
    assert run("read", "-", stdin="Có 2 con.").stdout == "Có hai con.\n"
    assert run("chapters", "-", stdin="Một câu.").returncode == 0
    assert run("build", "-", "--voice", "tone", "-q", stdin="Một câu.").returncode == 0
    assert (tmp_path / "stdin.mp3").is_file()


def test_standard_output_gets_texts_but_no_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("read", "-", "-o", "-", stdin="Có 2 con.").stdout == "Có hai con.\n"
    for words in (("build", "-"), ("convert", "a.mp3")):
        refused = run(*words, "-o", "-", stdin="Một câu.")
        assert refused.returncode == 2
        assert "not written to standard output" in refused.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("build --voice ha", {"hanoi"}),
        ("watch --voice sa", {"saigon", "sano"}),
        ("build --format m", {"mp3", "m4b"}),
        ("convert --format op", {"opus"}),
    ],
)
def test_tab_offers_the_words_of_an_option(typed: str, offered: set[str]) -> None:
    words = f"audiobook {typed}"
    place = str(len(words.split()) - 1)
    result = CliRunner().invoke(
        app,
        prog_name="audiobook",
        env={"_AUDIOBOOK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": place},
    )
    assert set(result.stdout.split()) == offered


def test_build_twice_says_unchanged(article: str, tmp_path: Path) -> None:
    words = ("build", article, "-o", str(tmp_path), "--voice", "tone")
    assert "unchanged" not in run(*words).stdout
    assert run(*words).stdout.endswith(" (unchanged)\n")


def test_several_sources(tmp_path: Path) -> None:
    names = []
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Câu {name}.")
        names.append(str(tmp_path / f"{name}.txt"))
    completed = run("build", *names, "-o", str(tmp_path / "out"), "--voice", "tone")
    assert completed.returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.mp3", "b.mp3"]
    twice = run("build", names[0], names[0], "-o", str(tmp_path / "out"), "--voice", "tone")
    assert (twice.returncode, twice.stdout.count("a.mp3")) == (0, 1)
    titled = run("build", *names, "--title", "Một", "-o", str(tmp_path / "out"))
    assert titled.returncode == 2


def test_dry_run(article: str, tmp_path: Path) -> None:
    completed = run("build", article, "-o", str(tmp_path / "out"), "--voice", "google", "--dry-run")
    assert completed.returncode == 0
    assert completed.stdout.splitlines()[0] == "Bản tin"
    assert re.search(r"^2    Phần 1: Sông +2 +26 +0:03$", completed.stdout, re.MULTILINE)
    assert "0 of 2 passages recorded already; 4 online requests needed" in completed.stdout
    assert not (tmp_path / "out").exists()


def test_read(article: str) -> None:
    assert run("read", article).stdout.splitlines() == [
        "Bản tin",
        "Lúc tám giờ ba mươi phút, e ét a họp ở Thành phố Hồ Chí Minh.",
        "Ông về.",
        "Phần một: Sông",
        "Nước lên ba phẩy năm phần trăm.",
    ]


def test_read_explain() -> None:
    completed = run("read", "-", "--explain", stdin="Có 24 con, ESA.")
    assert completed.stdout.splitlines() == [
        "Có hai mươi tư con, e ét a.",
        "    3-5    24   hai mươi tư  number",
        "    11-14  ESA  e ét a       abbreviation",
    ]


def test_read_json(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.tsv"
    lexicon.write_text("ESA\tcơ quan vũ trụ\n", "utf-8")
    completed = run("read", "-", "--json", "--lexicon", str(lexicon), stdin="Có 24 con.\n\nESA.")
    reading = {"start": 0, "end": 3, "written": "ESA", "spoken": "cơ quan vũ trụ"}
    assert json.loads(completed.stdout)[1] == {
        "written": "ESA.",
        "spoken": "cơ quan vũ trụ.",
        "readings": [reading | {"rule": "lexicon", "is_guess": False}],
    }
    assert completed.stdout.count("\n") == 4
    assert json.loads(run("read", "-", "--lines", "--json", stdin="...\nA.\n").stdout)


def test_read_lines_gives_as_many_as_it_gets() -> None:
    completed = run("read", "-", "--lines", stdin="Có 2. Và 3.\n\n  thụt 4\n***\n")
    assert completed.stdout.split("\n") == ["Có hai. Và ba.", "", "  thụt bốn", "***", ""]


@pytest.mark.parametrize(
    "words", [("read", "{article}"), ("voices",), ("--help",), ("build", "--help"), ("steps",)]
)
def test_a_reader_that_goes_away_ends_it_quietly(words: tuple[str, ...], article: str) -> None:
    command = [*COMMAND, *(word.format(article=article) for word in words)]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        completed = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (completed.returncode, completed.stderr) == (141, b"")


def test_a_pipe_that_breaks_elsewhere_is_told(
    article: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("audiobook.app.chapters.prepare", break_down)
    completed = CliRunner().invoke(app, ["chapters", article])
    assert completed.exit_code == 70
    assert "a fault of audiobook: BrokenPipeError" in completed.stderr + capfd.readouterr().err


def test_read_some_chapters(article: str) -> None:
    river = ["Phần một: Sông", "Nước lên ba phẩy năm phần trăm."]
    assert run("read", article, "--chapters", "2").stdout.splitlines() == river
    assert run("read", article, "--from", "Phần 1").stdout.splitlines() == river
    refused = run("read", article, "--from", "2", "--lines")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--lines and --left-out are about the whole text" in refused.stderr


def test_the_voices_of_chapters_are_shown_where_several_narrate(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("# Một\n\nTrời mưa.\n\n# Hai\n\nNước lên.\n", "utf-8")
    for settings, voices in (("", []), ("[cast.chapters]\n2 = 'hue'", ["VOICE", "tone", "hue"])):
        source.with_suffix(".toml").write_text(f"voice = 'tone'\n{settings}")
        for command in (["chapters", str(source)], ["build", str(source), "--dry-run"]):
            rows = run(*command).stdout.split("CHAPTER")[1].splitlines()[:3]
            shown = [row.split()[-1] for row in rows]
            assert shown == voices or (not voices and shown[0] == "LENGTH"), rows


def test_chapters_are_numbered_as_in_the_book(article: str, tmp_path: Path) -> None:
    words = ("build", article, "-o", str(tmp_path), "--voice", "tone", "--chapters", "2")
    assert run(*words, "--dry-run").stdout.splitlines()[2].split()[:2] == ["2", "Phần"]
    assert "chapter 2/2: Phần 1: Sông" in run(*words).stderr


def test_each_voice_reads_with_its_accent() -> None:
    text = "Có 1.005 con. [voice: saigon]Có 1.005 con, ông nói. [/voice]Có 1.005 con.\n"
    north, south = "Có một nghìn không trăm linh năm con", "Có một ngàn không trăm lẻ năm con"
    completed = run("read", "-", "--json", stdin=text)
    entries = json.loads(completed.stdout)
    assert [entry["spoken"] for entry in entries] == [
        f"{north}.",
        f"{south}, ông nói.",
        f"{north}.",
    ]
    for entry in entries:  # places are those of the sentence
        (reading,) = entry["readings"]
        assert entry["written"][reading["start"] : reading["end"]] == "1.005"
    cut = run("read", "-", stdin="Có 1.005, [voice: saigon]rồi 1.005[/voice] con.\n")
    assert cut.stdout == ("Có một nghìn không trăm linh năm, rồi một ngàn không trăm lẻ năm con.\n")


def test_voices() -> None:
    completed = run("voices")
    assert completed.returncode == 0
    assert re.search(
        r"^hanoi +Northern voice, robotic, offline +- +yes \(default\)$",
        completed.stdout,
        re.MULTILINE,
    )
    assert re.search(r"^google +Northern woman, online +- +yes$", completed.stdout, re.MULTILINE)


def test_a_broken_voice_is_shown_not_fatal(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "voices"
    folder.mkdir(parents=True)
    (folder / "rieng.toml").write_text('engine = "nobody"')
    completed = run("voices", "--long")
    assert completed.returncode == 0
    assert re.search(r"^rieng .*there is no engine nobody", completed.stdout, re.MULTILINE)
    assert run("doctor").returncode == 0


def test_doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    completed = run("doctor")
    assert completed.returncode == 0
    assert all(line.startswith("ok") for line in completed.stdout.splitlines())
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path / "file"))
    sick = run("doctor")
    assert sick.returncode == 7
    assert re.search("^FAIL  recordings: cannot write", sick.stdout, re.MULTILINE)


def test_version_and_help() -> None:
    assert re.fullmatch(r"audiobook \d+\.\d+\.\d+\n", run("--version").stdout)
    shown = run("--help")
    assert shown.returncode == 0
    assert all(name in shown.stdout for name in ("build", "read", "voices", "doctor"))
    assert "--dry-run" in run("build", "--help").stdout
    assert run("-h").stdout == shown.stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("build",), 2, "Missing argument"),
        (("build", "{article}", "--no-such"), 2, "No such option"),
        (("build", "{article}", "--jobs", "0"), 2, "jobs"),
        (("build", "{article}", "--date", "tomorrow"), 2, "'tomorrow' is not a date"),
        (("build", "{article}", "--cover", "{article}"), 2, "it is not a picture that can be used"),
        (("build", "{folder}/none.txt"), 3, "there is no file"),
        (("build", "{folder}/hollow"), 3, "there is no text in"),
        (("build", "{empty}"), 3, "holds no text to read"),
        (("build", "{binary}"), 3, "is not UTF-8 text"),
        (("build", "ftp://example.org/a"), 3, "is not a web address"),
        (("read", "{folder}/none.txt"), 3, "there is no file"),
        (("build", "{article}", "--voice", "nobody"), 4, "there is no voice 'nobody'"),
        (("build", "{article}", "-o", "{article}"), 7, "cannot write"),
        (("build", "{article}", "-o", "/proc/none"), 7, "cannot write"),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_code(
    tmp_path: Path, article: str, words: tuple[str, ...], code: int, message: str
) -> None:
    names = {"article": article, "folder": str(tmp_path), "empty": str(tmp_path / "empty")}
    names["binary"] = str(tmp_path / "binary")
    (tmp_path / "empty").write_text(" \n\n ")
    (tmp_path / "hollow").mkdir()
    (tmp_path / "binary").write_bytes(bytes(range(128, 256)))
    completed = run(*(word.format(**names) for word in words))
    assert completed.returncode == code, completed.stderr
    assert message in completed.stderr
    assert "Traceback" not in completed.stderr
    if code != 2 or "Usage" not in completed.stderr:
        errors = [line for line in completed.stderr.splitlines() if line.startswith("audiobook: ")]
        assert len(errors) == 1
        assert errors[0] == completed.stderr.splitlines()[-1]


def test_debug_shows_the_traceback() -> None:
    assert "Traceback" in run("build", "/none.txt", "--debug").stderr


@pytest.mark.parametrize("quiet", [False, True])
def test_a_terminal_gets_a_bar(article: str, tmp_path: Path, quiet: bool) -> None:
    """On a terminal: chapter, sentences, speed; nothing with --quiet."""
    words = ["build", article, "-o", str(tmp_path), "--voice", "tone"]
    nowhere = subprocess.DEVNULL
    words += ["--quiet"] if quiet else []
    completed = run_on_terminal(*words, stdin=nowhere, stdout=nowhere)
    assert completed.returncode == 0
    text = completed.stderr
    if quiet:
        assert text == ""
        return
    assert "Bản tin: 2 chapters" in text
    assert "sentences" in text
    assert "× real time" in text


def test_no_colours_where_no_terminal_is(article: str, tmp_path: Path) -> None:
    completed = run("build", article, "-o", str(tmp_path), "--voice", "tone")
    assert "\x1b" not in completed.stdout + completed.stderr


def test_completion_is_offered() -> None:
    # Without a shell around, as in a service, there is none to be found out.
    named = os.environ | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    completed = subprocess.run(
        [*COMMAND, "--show-completion", "bash"],
        capture_output=True,
        text=True,
        check=False,
        env=named,
    )
    assert "complete" in completed.stdout.lower()


def test_proof(tmp_path: Path) -> None:
    text = tmp_path / "bai.txt"
    text.write_text("Dòng đầu.\n\nHọ có phương tiên riêng, và mởi rộng hợp tác.\n", "utf-8")
    completed = run("proof", str(text))
    assert completed.returncode == 6
    assert completed.stdout.splitlines() == [
        "3:7: “phương tiên” is not a word -> phương tiện",
        "3:29: “mởi rộng” is not a word -> mở rộng",
    ]
    mended = tmp_path / "ra" / "bai.txt"
    completed = run("proof", str(text), "--fix", "-o", str(mended))
    assert completed.returncode == 6
    assert completed.stdout.splitlines()[1].endswith("mở rộng  (corrected)")
    assert completed.stderr == f"{mended}: 1 of 2 findings corrected\n"
    corrected = text.read_text("utf-8").replace("mởi", "mở")
    assert mended.read_text("utf-8") == corrected
    mended.write_text("của tôi", "utf-8")
    refused = run("proof", str(text), "--fix", "-o", str(mended))
    assert (refused.returncode, refused.stdout) == (7, "")
    assert mended.read_text("utf-8") == "của tôi"
    run("proof", str(text), "--fix", "-o", str(mended), "--overwrite")
    assert mended.read_text("utf-8") == corrected


def test_proof_of_a_text_without_fault() -> None:
    completed = run("proof", "-", stdin="Mặt trời mọc ở đằng đông.\n")
    assert (completed.returncode, completed.stdout) == (0, "")


@pytest.mark.parametrize("flags", [("--fix",), ("-o", "x.txt")])
def test_proof_writes_only_on_demand(flags: tuple[str, ...]) -> None:
    completed = run("proof", "-", *flags, stdin="Mặt trời.\n")
    assert completed.returncode == 2
    assert "--fix -o FILE" in completed.stderr


def test_steps_and_their_switches() -> None:
    listed = run("steps").stdout
    assert re.search(r"^front-matter +yes ", listed, re.M)
    assert re.search(r"^foreword +no ", listed, re.M)
    text = "# Lời giới thiệu\n\nHay.\n\n# Một\n\nA.\n\n# Hai\n\nB."
    assert run("read", "-", stdin=text).stdout.split("\n")[0] == "Lời giới thiệu"
    assert run("read", "-", "--drop", "foreword", stdin=text).stdout.split("\n")[0] == "Một"
    completed = run("read", "-", "--keep", "everything", stdin=text)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert "there is no step 'everything': there are " in completed.stderr
    assert run("read", "-", "--notes", "some", stdin=text).returncode == 2


def test_read_lines_whose_letters_are_decomposed() -> None:
    text = "Hoa\u0300 bi\u0300nh nga\u0300y 2/9.\n\nSo\u00adng \u200b5 km.\n"
    completed = run("read", "-", "--lines", stdin=text)
    assert completed.stdout == "Hoà bình ngày hai tháng chín.\n\nSong năm ki lô mét.\n"
