"""What was read by guess is listed, as a lexicon that a person corrects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiobook.cli.app import app
from audiobook.vietnamese import explain, list_doubts

RUNNER = CliRunner()
TEXT = """Chương 1

Ông Zorkmid gặp ông Putin ở Paris. Ông nói với Zorkmid về NASA và quỹ XQKH.

Chương 2

Bà Thornquist và ông Zorkmid ra về lúc 5h, không có gì lạ.
"""


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_guesses_are_told_from_what_is_known() -> None:
    text = "Ông Zorkmid, ông Putin, quỹ XQKH, UBND xã, 3 kg."
    guessed = {reading.written for reading in explain(text, respell=True) if reading.is_guess}
    assert guessed == {"Zorkmid", "XQKH"}
    assert not any(reading.is_guess for reading in explain("Ông Zorkmid và UBND"))


@pytest.mark.parametrize(
    ("text", "guessed"),
    [
        ("Làm 4/5 là xong.", ["4/5"]),
        ("Làm 4/5 số bài tập.", ["4/5"]),
        ("Nghỉ lễ 4/5.", []),
        ("Có 4/5 bạn vắng.", []),
        ("Kết quả là 3-1.", ["3-1"]),
        ("Đội nhà thắng 3-1.", []),
        ("Chờ 3-5 ngày.", []),
        ("Hẹn gặp 12/7 nhé.", ["12/7"]),
        ("Ngày 12/7 họp.", []),
        ("Học sinh về nhì 12/7.", ["12/7"]),
        ("Kết quả cuối cùng là 5.600.", ["5.600"]),
        ("Có 5.600 người đến.", []),
        ("Giá 5.600.", []),
        ("Ghi 1.5 vào sổ.", ["1.5"]),
        ("Nặng 1.5 kg.", []),
        ("Phiên bản 1.5 ra mắt.", []),
        ("Viết 1,234 vào đó.", ["1,234"]),
        ("Đọc 9-10 nhé.", ["9-10"]),
        ("Học 9-10 tiếng.", []),
        ("Gió cấp 9-10.", []),
        ("Cứ gọi 1990 là xong.", ["1990"]),
        ("Sinh năm 1990.", []),
        ("Đã gọi 1990 người.", []),
        ("Hẹn gặp T3 nhé.", ["T3"]),
        ("Họp T3 tuần này.", []),
        ("Xem Q.3 nhé.", ["Q.3"]),
        ("Nhà ở Q.3, TP.HCM.", []),
        ("Nhân viên gọi KH xác nhận.", ["KH"]),
        ("Chăm sóc KH chu đáo.", []),
        ("(Luận ngữ, I)", ["I"]),
        ("I. Mở đầu", []),
    ],
)
def test_numbers_that_may_be_something_else_are_guesses(text: str, guessed: list[str]) -> None:
    assert [reading.written for reading in explain(text) if reading.is_guess] == guessed


def test_how_often_and_where_first() -> None:
    sentences = [
        (1, "Ông Putin.", explain("Ông Putin.", respell=True)),
        (2, "Ở Zorkmid, XQKH.", explain("Ở Zorkmid, XQKH.", respell=True)),
        (3, "Rồi XQKH đến.", explain("Rồi XQKH đến.", respell=True)),
    ]
    first, second = list_doubts(sentences)
    assert (first.written, first.count, first.chapter) == ("XQKH", 2, 2)
    assert (second.written, second.count, second.context) == ("Zorkmid", 1, "Ở Zorkmid, XQKH.")


def test_the_list_is_a_lexicon_that_changes_nothing_until_edited(text: Path) -> None:
    listed = RUNNER.invoke(app, ["read", str(text), "--doubts", "--voice", "hanoi"]).stdout
    words = [line.split("\t")[0] for line in listed.splitlines() if not line.startswith("# ")]
    assert words == ["Zorkmid", "XQKH", "Thornquist"]
    lexicon = text.with_name("mine.tsv")
    lexicon.write_text(listed, "utf-8")
    plain = RUNNER.invoke(app, ["read", str(text)]).stdout
    assert RUNNER.invoke(app, ["read", str(text), "--lexicon", str(lexicon)]).stdout == plain
    taught = RUNNER.invoke(app, ["read", str(text), "--lexicon", str(lexicon), "--doubts"]).stdout
    assert [line for line in taught.splitlines() if not line.startswith("# ")] == []


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Anh Nguyen quê ở Hue, nay đã về.", ["Nguyen", "Hue"]),
        ("Anh Nguyen que o Hue, nay da ve.", []),  # nothing has marks: they are not the exception
        ("Nhân vật X bỏ trốn, chị V tố cáo.", []),  # letters said by their names
        ("Địa chỉ là Nguyen.vn và @Hue nhé.", []),
    ],
)
def test_words_that_may_lack_their_marks(text: str, listed: list[str]) -> None:
    doubts = list_doubts([(1, text, explain(text))])
    assert [doubt.written for doubt in doubts] == listed
    assert [doubt.spoken for doubt in doubts] == listed


def test_what_is_read_in_several_ways_is_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    path.write_text(
        "Làm 4/5 là xong. Nghỉ lễ 4/5. Còn lại là 5.600. Thu 5.600.000 đồng. Đọc 9-10 nhé.", "utf-8"
    )
    listed = RUNNER.invoke(app, ["read", str(path), "--doubts"]).stdout
    lines = listed.splitlines()
    assert "9-10\tchín đến mười" in lines
    assert "# 4/5\tbốn phần năm" in lines
    assert "# 5.600\tnăm nghìn sáu trăm" in lines
    lexicon = tmp_path / "mine.tsv"
    lexicon.write_text(listed, "utf-8")
    plain = RUNNER.invoke(app, ["read", str(path)]).stdout
    assert RUNNER.invoke(app, ["read", str(path), "--lexicon", str(lexicon)]).stdout == plain


def test_capitals_count_where_they_part_two_words() -> None:
    text = "Nhóm QIS rút quân, còn Qis ở lại."
    doubts = list_doubts([(1, text, explain(text, respell=True))])
    assert [(doubt.written, doubt.has_case) for doubt in doubts] == [("QIS", True), ("Qis", True)]


def test_as_json(text: Path) -> None:
    doubts = json.loads(RUNNER.invoke(app, ["read", str(text), "--doubts", "--json"]).stdout)
    assert doubts[0]["written"] == "Zorkmid"
    assert doubts[0]["count"] == 3
    assert doubts[2]["chapter"] == 2
    assert "Thornquist" in doubts[2]["context"]


def test_a_build_counts_them(text: Path, tmp_path: Path) -> None:
    plan = RUNNER.invoke(app, ["build", str(text), "--voice", "hanoi", "--dry-run"])
    assert "read by guess: 3 words; audiobook read SOURCE --doubts lists them" in plan.stdout
    completed = RUNNER.invoke(
        app, ["build", str(text), "--voice", "hanoi", "-o", str(tmp_path / "out")]
    )
    assert "read by guess: 3 words" in completed.stderr
