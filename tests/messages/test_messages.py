"""What users are told, in their language: messages, and real commands."""

from __future__ import annotations

import copy
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import command
import pytest
from typer.testing import CliRunner

from audiobook import messages
from audiobook.cli.app import app
from audiobook.config.books import read_book_files
from audiobook.errors import SourceError, UsageError
from audiobook.messages import (
    Message,
    all_of,
    first_of,
    foreign,
    localize,
    message,
    one_of,
    plural,
    reason,
    verbatim,
)
from audiobook.messages.plain import from_plain, to_plain
from audiobook.vietnamese.patterns import check_pattern

NO_FILE = message("there is no file {path}", path=Path("a.txt"))
NESTED = message(
    "cannot write {path}: {reason}", path="x.mp3", reason=OSError(13, "Permission denied")
)


@pytest.fixture
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")


# --- messages


def test_a_message_is_its_english_text() -> None:
    assert NO_FILE == "there is no file a.txt"
    assert NO_FILE in {"there is no file a.txt"}
    assert f"{NO_FILE}" == str(NO_FILE) == "there is no file a.txt"
    assert json.dumps([NO_FILE]) == '["there is no file a.txt"]'
    assert str(SourceError(NO_FILE, message("check the name"))) == (
        "there is no file a.txt: check the name"
    )


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    ("english", "translation"),
    [
        (NO_FILE, "không tìm thấy tệp a.txt"),
        (NESTED, "không ghi được x.mp3: không có quyền"),
        (plural("{count:,} chapter", "{count:,} chapters", count=1), "1 chương"),
        (plural("{count:,} word", "{count:,} words", count=1441), "1.441 từ"),
        (message("{seconds:.2f} s", seconds=0.5), "0,50 giây"),
        (message("{rate} Hz", rate=24000), "24000 Hz"),
        (one_of(["podcast", "acx"]), "podcast hoặc acx"),
        (one_of(["mp3"]), "mp3"),
        (all_of(["case", "part", "say"]), "case, part và say"),
        (first_of(["a", "b", "c"], 2), "a, b và 1 mục nữa"),
        (first_of(["a", "b"], 2), "a, b"),
        (
            message("choose {names}", names=one_of([message("unknown"), "cover"])),
            "hãy chọn không rõ hoặc cover",
        ),
        # A text of the catalogue without values, and one that is not in it.
        ("there is no cover", "không có bìa"),
        ("Once upon a time there was a king.", "Once upon a time there was a king."),
        ("", ""),
        # Names stay names, even if they are words of ours or look like figures.
        (
            message("there is no file {path}", path="there is no cover"),
            "không tìm thấy tệp there is no cover",
        ),
        (message("there is no voice {name!r}", name="1.25"), "không có giọng '1.25'"),
        (verbatim("pip install 'mobi<1,000'"), "pip install 'mobi<1,000'"),
    ],
)
def test_a_text_is_told_in_vietnamese(english: str, translation: str) -> None:
    assert localize(english) == translation


@pytest.mark.parametrize(
    ("count", "english"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1200, "1,200 files")]
)
def test_one_thing_and_several(count: int, english: str) -> None:
    assert plural("{count:,} file", "{count:,} files", count=count) == english


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    "original", [NO_FILE, NESTED, plural("{count} file", "{count} files", count=1)]
)
def test_copies_and_other_processes_know_the_template(original: Message) -> None:
    for other in (
        copy.deepcopy(original),
        pickle.loads(pickle.dumps(original)),
        from_plain(json.loads(json.dumps(to_plain(original)))),
    ):
        assert (other, type(other)) == (original, Message)
        assert localize(other) == localize(original)
    error = pickle.loads(pickle.dumps(SourceError(original)))
    assert localize(error.message) == localize(original)


@pytest.mark.usefixtures("vietnamese")
def test_why_something_failed() -> None:
    assert reason(OSError(28, "No space left on device")) == "No space left on device"
    assert localize(reason(OSError(28, "No space left on device"))) == "thiết bị hết chỗ trống"
    assert localize(reason(ValueError(NO_FILE))) == "không tìm thấy tệp a.txt"
    refused = SourceError(NO_FILE, message("check the name"))
    assert localize(reason(refused)) == "không tìm thấy tệp a.txt: hãy kiểm tra lại tên"
    assert reason(KeyError("there is no cover")) == "'there is no cover'"
    assert reason(TimeoutError()) == "TimeoutError"


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Missing option '--url'.", "Thiếu tùy chọn '--url'."),
        (
            "Error: Invalid value for '--port': Input should be less than or equal to 9",
            "Lỗi: Giá trị không hợp lệ cho '--port': giá trị phải nhỏ hơn hoặc bằng 9",
        ),
        (
            "No such option: --al (Possible options: --all, --long)",
            "Không có tùy chọn: --al (các tùy chọn gần giống: --all, --long)",
        ),
        ("Nobody ever said this.", "Nobody ever said this."),
    ],
)
def test_what_the_parser_says_is_recognised(text: str, translation: str) -> None:
    told = foreign.recognise(text, foreign.PARSER)
    assert (told, localize(told)) == (text, translation)


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize("pattern", ["(", "[a", "a)", "*", "(?P<a", "a{2,1}", "[z-a]", r"(?P=x)"])
def test_what_is_wrong_with_a_pattern_is_told(pattern: str) -> None:
    with pytest.raises(ValueError, match="is wrong") as caught:
        check_pattern(pattern, "")
    assert re.search(r"sai: .* ở vị trí \d$", localize(reason(caught.value)))


@pytest.mark.usefixtures("vietnamese")
def test_what_python_says_of_a_settings_file_is_told(tmp_path: Path) -> None:
    """Every error of its parser that a user is likely to make, wherever it stands."""
    for line in ("a", "a = [", "a = 'x\ny'", "a = 1\na = 2", 'a = "\\q"', "[[[", "a.", "[a]\n[a]"):
        path = tmp_path / "book.toml"
        path.write_text(line, "utf-8")
        with pytest.raises(UsageError) as refused:
            read_book_files(tmp_path / "a.txt")
        translation = localize(refused.value.message)
        assert translation.endswith("): hãy sửa tệp này"), translation
        english = set(re.findall(r"\w+", str(refused.value).removeprefix(str(path))))
        vietnamese = set(re.findall(r"\w+", translation.removeprefix(str(path))))
        assert not {word for word in english & vietnamese if len(word) > 1}, translation


# --- which language


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUDIOBOOK_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "vietnamese"),
    [
        ({}, False),
        ({"LANG": "vi_VN.UTF-8"}, True),
        ({"LANG": "vi"}, True),
        ({"LANG": "vie_XX"}, False),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN"}, True),
        ({"LANG": "vi_VN", "LC_ALL": "C"}, False),
        ({"LANG": "vi_VN", "LC_ALL": ""}, True),
        # LANGUAGE goes before, in order, but never in the locale C.
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "vi:en"}, True),
        ({"LANG": "vi_VN.UTF-8", "LANGUAGE": "en"}, False),
        ({"LANG": "vi_VN.UTF-8", "LANGUAGE": "fr:vi_VN:en"}, True),
        ({"LANG": "vi_VN.UTF-8", "LANGUAGE": "fr"}, False),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "vi"}, False),
        ({"LANGUAGE": "vi"}, False),
        ({"LC_ALL": "C", "AUDIOBOOK_LANG": "vi"}, True),
        ({"LC_ALL": "vi_VN", "AUDIOBOOK_LANG": "en"}, False),
    ],
)
def test_the_environment_says_which_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, vietnamese: bool
) -> None:
    for name, setting in environment.items():
        monkeypatch.setenv(name, setting)
    assert messages.is_vietnamese() is vietnamese
    assert localize("there is no cover") == ("không có bìa" if vietnamese else "there is no cover")
    assert messages.localize_figure("1,441.5") == ("1.441,5" if vietnamese else "1,441.5")


# --- real commands


def run(locale: str, *words: str) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", locale)
        return command.run(*words)


VIETNAM = "vi_VN.UTF-8"


def test_what_goes_wrong_is_one_line_in_vietnamese() -> None:
    completed = run(VIETNAM, "build", "none.txt")
    assert completed.returncode == 3
    assert completed.stderr == "audiobook: không tìm thấy tệp none.txt: hãy kiểm tra lại tên\n"
    completed = run("C", "build", "none.txt")
    assert completed.returncode == 3
    assert completed.stderr == "audiobook: there is no file none.txt: check the name\n"


def test_wrong_usage_is_told_in_vietnamese() -> None:
    completed = run(VIETNAM, "build", "--jobs", "0", "a.txt")
    assert completed.returncode == 2
    usage, hint, _, wrong = completed.stderr.splitlines()
    assert usage.startswith("Cách dùng: ")
    assert hint.startswith("Hãy thử '")
    assert wrong.startswith("Lỗi: Giá trị không hợp lệ cho '--jobs'")


@pytest.mark.parametrize(
    ("words", "usage", "rows"),
    [
        (("try",), "{TÊN} [TEXT]", ["TÊN "]),
        (("clone",), "{TÊN} {CLIP}", ["TÊN "]),
        (("add",), "{GIỌNG}", ["GIỌNG ", "--name TÊN "]),
    ],
)
def test_the_names_in_the_help_are_vietnamese(
    words: tuple[str, ...], usage: str, rows: list[str]
) -> None:
    shown = run(VIETNAM, "voices", *words, "--help").stdout
    first, *lines = shown.splitlines()
    assert first.endswith(usage)
    assert all(any(line.strip().startswith(row) for line in lines) for row in rows)
    assert "{NAME}" not in shown and "--name NAME" not in shown


def test_help_is_in_vietnamese() -> None:
    completed = run(VIETNAM, "serve", "--help")
    assert completed.returncode == 0
    shown = " ".join(completed.stdout.split())
    for line in ("Cách dùng: ", "Tham số:", "Tùy chọn:", "[bắt buộc]", "[mặc định: 8000;"):
        assert line in shown
    assert "Mở podcast gồm sách của bạn" in completed.stdout
    assert "--lan" in completed.stdout  # as it must be typed
    for line in ("Usage", "Options", "Show", "required", "default"):
        assert line not in completed.stdout
    overview = run(VIETNAM, "--help").stdout
    assert "Các lệnh:" in overview
    assert "[TÙY CHỌN] LỆNH [THAM SỐ]..." in overview.splitlines()[0]
    assert not [word for word in ("OPTIONS", "list[str]", "<str>") if word in completed.stdout]
    assert "Commands:" in run("C", "--help").stdout


def test_tables_are_in_vietnamese_and_json_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    json = CliRunner().invoke(app, ["voices", "--json"]).stdout
    assert CliRunner().invoke(app, ["voices"]).stdout.startswith("NAME ")
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    table = CliRunner().invoke(app, ["voices"]).stdout
    assert table.splitlines()[0].split("  ")[0] == "TÊN"
    assert re.search(r"^hanoi +Miền Bắc, giọng máy, ngoại tuyến .* có", table, re.MULTILINE)
    assert CliRunner().invoke(app, ["voices", "--json"]).stdout == json


def test_a_book_is_built_in_vietnamese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    book = tmp_path / "a.txt"
    book.write_text("Chào các bạn. Hôm nay trời đẹp.", "utf-8")
    words = ["build", str(book), "-o", str(tmp_path), "--voice", "tone", "--cover", "none"]
    completed = CliRunner().invoke(app, words)
    assert completed.exit_code == 0
    assert re.fullmatch(r".*a\.mp3: 0:\d\d, 1 chương, 2 câu, [\d,]+ [kM]B\n", completed.stdout)
    assert "a: 1 chương, 30 ký tự\n" in completed.stderr


def test_findings_and_plans_are_in_vietnamese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    text = tmp_path / "a.txt"
    text.write_text("Hôm nay trời đẹp quá, tôi đi chơii với bạn.", "utf-8")
    completed = CliRunner().invoke(app, ["proof", str(text)])
    assert completed.exit_code == 6
    assert "không đúng chính tả tiếng Việt" in completed.stdout
    plan = CliRunner().invoke(app, ["build", "--dry-run", str(text), "--voice", "tone"]).stdout
    assert plan.splitlines()[1].split() == ["CHƯƠNG", "CÂU", "KÝ", "TỰ", "THỜI", "LƯỢNG"]
    assert re.fullmatch(
        r"dự kiến đọc 0:\d\d; đã thu 0/1 đoạn; không cần mạng",
        plan.splitlines()[-1],
    )


def test_numbers_are_written_and_typed_as_in_vietnamese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    watch = " ".join(CliRunner().invoke(app, ["watch", "--help"]).stdout.split())
    assert "từ 0,1 trở lên. [mặc định: 3,0]" in watch
    assert "[mặc định: .]" in watch
    text = tmp_path / "a.txt"
    text.write_text("Hôm nay trời đẹp.", "utf-8")
    words = ["build", "--dry-run", str(text), "--voice", "hanoi", "--speed"]
    assert CliRunner().invoke(app, [*words, "0,9"]).exit_code == 0
    refused = CliRunner().invoke(app, [*words, "9,5"])
    assert "gấp 9,5 lần được: chỉ từ 0,2 đến 5" in refused.stderr
    assert "'nhanh' không phải là số" in CliRunner().invoke(app, [*words, "nhanh"]).stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("build", "--pauses", "sentence=0,5,scene=2", "--preview", "1,5"), 0),
        (("build", "--pauses", "sentence=0.5"), 0),
        (("build", "--pauses", "sentence=lâu"), 2),
        (("build", "--preview", "0,5"), 2),
    ],
)
def test_options_take_numbers_with_a_point_or_a_comma(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Hôm nay trời đẹp.", "utf-8")
    command = [*words, "--dry-run", "--voice", "tone", str(text)]
    assert CliRunner().invoke(app, command).exit_code == code


def test_the_cache_takes_days_with_a_comma(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path))
    run_prune = CliRunner().invoke(app, ["cache", "prune", "--dry-run", "--days", "0,5"])
    assert run_prune.stdout == "everything was used in the last 0.5 days\n"
    refused = CliRunner().invoke(app, ["cache", "prune", "--days", "-1"])
    assert "-1 is not 0 or more." in refused.stderr


def test_the_report_of_an_audit_is_in_vietnamese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Hôm nay trời đẹp. Chúng tôi đi chơi xa.", "utf-8")
    build = ["build", str(text), "-o", str(tmp_path), "--voice", "tone", "--cover", "none", "-q"]
    assert CliRunner().invoke(app, build).exit_code == 0
    pages = {}
    for language in ("en", "vi"):
        monkeypatch.setenv("AUDIOBOOK_LANG", language)
        report = tmp_path / f"{language}.html"
        CliRunner().invoke(app, ["check", str(tmp_path / "a.mp3"), "--report", str(report)])
        pages[language] = report.read_text("utf-8")
    assert '<html lang="vi">' in pages["vi"]
    for line in (
        "<h2>Vấn đề phát hiện</h2>",
        "không có bìa",
        "Âm lượng theo thời gian",
        "<dt>Người đọc</dt>",
    ):
        assert line in pages["vi"]
    words = (set(re.findall(r">([A-Z][a-z]+ [a-z ]+)[.<]", page)) for page in pages.values())
    assert not set.intersection(*words)


def test_an_english_run_reads_no_catalogue() -> None:
    code = (
        "import sys; sys.argv = ['audiobook', '--version']; from audiobook.cli import main\n"
        "try: main()\n"
        "except SystemExit: print([name for name in sys.modules if name in ("
        "'audiobook.messages.translation', 'audiobook.messages.foreign', 'audiobook.cli.helping')])"
    )
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert completed.stdout.splitlines()[-1] == "[]"
