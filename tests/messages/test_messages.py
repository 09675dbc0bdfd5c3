"""What users are told, in their language: the catalogue, how it is searched, and real commands."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import time
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import said
import typer
from typer.testing import CliRunner

from audiobook import config, messages
from audiobook.cli.app import app
from audiobook.cli.helping import paragraphs
from audiobook.config.books import read_book_files
from audiobook.errors import SourceError, UsageError
from audiobook.messages import catalogue
from audiobook.stages import readers
from audiobook.vietnamese.patterns import check_pattern

VI = catalogue.load("vi")
TABLES: dict[str, dict[str, str]] = tomllib.loads(
    Path(str(catalogue.__file__)).with_name("vi.toml").read_text("utf-8")
)
PAIRS = [pair for table in TABLES.values() for pair in table.items()]
BLANK = re.compile(r"\{(\d*)(?::([nwl]))?\}")


@cache
def house() -> list[said.Module]:
    return said.modules()


@cache
def ours() -> dict[str, str]:
    return said.messages(house())


def forms(text: str) -> tuple[str, ...]:
    """What is said of something is known with a blank for that thing before it, too."""
    return text, f"{{}} {text}", f"“{{}}” {text}", f"{{}}{text}"


# --- the catalogue


def test_every_message_has_a_translation() -> None:
    assert len(ours()) > 900
    missing = [
        f"{place}: {text}"
        for text, place in ours().items()
        if not any(form in TABLES["messages"] for form in forms(text))
    ]
    assert not missing, "\n".join(missing)


def test_every_translation_is_of_something_that_is_said() -> None:
    texts = said.everything(house()) | ours().keys()
    all_forms = {form for text in texts for form in forms(text)}
    assert not [text for text in TABLES["messages"] if text not in all_forms]


def test_a_translation_has_the_blanks_of_its_message() -> None:
    for english, vietnamese in PAIRS:
        blanks = [blank[1] for blank in BLANK.finditer(vietnamese)]
        numbers = [int(number or place) for place, number in enumerate(blanks)]
        assert sorted(numbers) == list(range(english.count("{}"))), english
        assert len(set(blanks) - {""}) in (0, len(blanks)), english  # all are numbered, or none


def test_the_catalogue_is_spelled_one_way() -> None:
    for english, vietnamese in PAIRS:
        assert vietnamese == unicodedata.normalize("NFC", vietnamese) == vietnamese.strip()
        assert english == english.strip()
        assert "  " not in vietnamese


def test_reasons_of_the_system_are_spelled_as_it_spells_them() -> None:
    assert TABLES["system"].keys() <= {os.strerror(code) for code in errno.errorcode}


def test_the_licences_of_our_voices_are_translated() -> None:
    licences = {config.load_voice(name).licence for name in config.voice_names()}
    sentences = {licence for licence in licences if re.search(r"\b[a-z]{3,} [a-z]{2,}", licence)}
    assert sentences == TABLES["voices"].keys()


def test_all_help_is_translated() -> None:
    def pages(command: Any) -> list[str]:
        options = [option.help for option in command.params]
        subcommands = getattr(command, "commands", {}).values()
        return [
            command.help,
            command.epilog,
            *options,
            *(p for subcommand in subcommands for p in pages(subcommand)),
        ]

    texts = [text for page in pages(typer.main.get_command(app)) for text in paragraphs(page or "")]
    assert len(texts) > 100
    assert not [text for text in texts if text and VI.translate(text) == text]


@pytest.mark.parametrize("pattern", ["(", "[a", "a)", "*", "(?P<a", "a{2,1}", "[z-a]", r"(?P=x)"])
def test_what_is_wrong_with_a_pattern_is_told_in_vietnamese(pattern: str) -> None:
    with pytest.raises(ValueError, match="is wrong") as caught:
        check_pattern(pattern, "")
    assert re.search(r"sai: .* ở vị trí \d$", VI.translate(str(caught.value)))


# --- how it is searched


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("unchanged", "không đổi"),
        ("there is no file a.txt", "không tìm thấy tệp a.txt"),
        ("1 chapter", "1 chương"),
        ("3 chapters", "3 chương"),
        ("1,441 characters", "1.441 ký tự"),
        ("-16.0 LUFS", "-16,0 LUFS"),
        # A reason of the system, and a remedy, inside the message.
        (
            "cannot write /x/a b.mp3: Permission denied: "
            "choose another folder with -o, or make room",
            "không ghi được /x/a b.mp3: không có quyền: "
            "hãy chọn thư mục khác bằng -o, hoặc dọn chỗ trống",
        ),
        # A message whose own words have a colon, and one that was put together of three.
        (
            "a.txt: line 3: the cover is too small",
            "a.txt: line 3: bìa quá nhỏ",
        ),
        (
            "chapter 2, sentence 7 (“Ờ.”): only silence came",
            "chương 2, câu 7 (“Ờ.”): chỉ nhận được khoảng lặng",
        ),
        ("a.wps is an old Office file", "a.wps là một tệp Office cũ"),
        # The value that stood first stands last.
        ("a.pdf takes PDFium longer than 60 seconds", "PDFium mất hơn 60 giây với a.pdf"),
        ("choose podcast or acx", "hãy chọn podcast hoặc acx"),
        ("the narrator is missing", "thiếu người đọc"),
        # Names stay names, even if they are words of ours or look like figures.
        ("cannot use cover: Permission denied", "không dùng được cover: không có quyền"),
        ("there is no voice '1.25'; there are 3.11", "không có giọng '1.25'; there are 3.11"),
        # What others say stays as it is.
        ("", ""),
        ("Once upon a time there was a king.", "Once upon a time there was a king."),
        ("this is that", "this is that"),
    ],
)
def test_a_text_is_said_in_vietnamese(english: str, vietnamese: str) -> None:
    assert VI.translate(english) == vietnamese


def test_the_message_that_explains_most_of_a_text_is_taken() -> None:
    small_catalogue = catalogue.Catalogue({"no {}": "không {}", "no {} in {}": "không {} trong {}"})
    assert small_catalogue.translate("no bread in house") == "không bread trong house"


@pytest.mark.parametrize("hostile", [": " * 5000, "cannot write " * 150, " is " * 450, "{} " * 600])
def test_no_text_takes_long(hostile: str) -> None:
    began = time.process_time()
    VI.translate(hostile)
    assert time.process_time() - began < 1


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
    assert messages.localize("there is no cover") == (
        "không có bìa" if vietnamese else "there is no cover"
    )
    assert messages.localize_figure("1,441.5") == ("1.441,5" if vietnamese else "1,441.5")


# --- real commands


def run(locale: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "audiobook", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": locale, "PYTHONUTF8": "1"},
        check=False,
    )


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


def test_help_is_in_vietnamese() -> None:
    completed = run(VIETNAM, "serve", "--help")
    assert completed.returncode == 0
    shown = " ".join(completed.stdout.split())
    for line in ("Cách dùng: ", "Tham số:", "Tùy chọn:", "[bắt buộc]", "[mặc định: 8000;"):
        assert line in shown
    assert "Phục vụ trang" in completed.stdout
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
    assert re.search(r"^hanoi .* Bắc .* không .* có", table, re.MULTILINE)
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
    assert plan.splitlines()[1].split() == ["CHƯƠNG", "CÂU", "KÝ", "TỰ", "ĐỘ", "DÀI"]
    assert re.fullmatch(
        r"dự kiến 0:\d\d lời đọc; đã thu 0/1 đoạn; không cần mạng",
        plan.splitlines()[-1],
    )


def test_numbers_are_written_and_typed_as_in_vietnamese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    watch = " ".join(CliRunner().invoke(app, ["watch", "--help"]).stdout.split())
    assert "[mặc định: 3,0; từ 0,1 trở lên]" in watch
    assert "[mặc định: .]" in watch
    text = tmp_path / "a.txt"
    text.write_text("Hôm nay trời đẹp.", "utf-8")
    words = ["build", "--dry-run", str(text), "--voice", "hanoi", "--speed"]
    assert CliRunner().invoke(app, [*words, "0,9"]).exit_code == 0
    refused = CliRunner().invoke(app, [*words, "9,5"])
    assert "gấp 9,5 lần được: từ 0,2 đến 5" in refused.stderr
    assert "'nhanh' không phải là số" in CliRunner().invoke(app, [*words, "nhanh"]).stderr


def test_an_english_run_reads_no_catalogue() -> None:
    code = (
        "import sys; sys.argv = ['audiobook', '--version']; from audiobook.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('tomllib' in sys.modules, 'audiobook.cli.helping' in sys.modules)"
    )
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert completed.stdout.splitlines()[-1] == "False False"


def test_what_python_says_of_a_settings_file_is_told(tmp_path: Path) -> None:
    """Every error of its parser that a user is likely to make, wherever it stands."""
    for line in ("a", "a = [", "a = 'x\ny'", "a = 1\na = 2", 'a = "\\q"', "[[[", "a.", "[a]\n[a]"):
        path = tmp_path / "book.toml"
        path.write_text(line, "utf-8")
        with pytest.raises(UsageError) as refused:
            read_book_files(tmp_path / "a.txt")
        translation = VI.translate(str(refused.value))
        assert translation.endswith("): hãy sửa tệp này"), translation
        english = set(re.findall(r"\w+", str(refused.value).removeprefix(str(path))))
        vietnamese = set(re.findall(r"\w+", translation.removeprefix(str(path))))
        assert not {word for word in english & vietnamese if len(word) > 1}, translation


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        (
            "cannot read the cover my cover.png: it is not a file",
            "không đọc được bìa sách my cover.png: đó không phải là tệp",
        ),
        (
            "the picture of Chương 1, a.png is neither JPEG nor PNG",
            "ảnh a.png của Chương 1 không phải là JPEG hay PNG",
        ),
        (
            "v.toml: rate must be a whole number, not 'a'",
            "v.toml: rate phải là số nguyên, không phải 'a'",
        ),
        (
            "the pause scene cannot be 99 seconds: 0 to 60",
            "quãng nghỉ scene không thể là 99 giây: từ 0 đến 60",
        ),
        (
            "3 files not read: a.chm, b.djvu (audiobook read FILE says what to do)",
            "không đọc 3 tệp: a.chm, b.djvu (audiobook read TỆP cho biết phải làm gì)",
        ),
    ],
)
def test_messages_in_messages(english: str, vietnamese: str) -> None:
    assert VI.translate(english) == vietnamese


def test_what_zip_says_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(b"PK\x03\x04 not a ZIP archive")
    with pytest.raises(SourceError) as refused:
        readers.read(str(path))
    assert "its directory is missing or damaged" in refused.value.what
    assert not re.search(r"\b(?:zip|file|is|not)\b", VI.translate(refused.value.what))
