"""Texts about programs and computers: names in code, options, versions, keys, models."""

from __future__ import annotations

import pytest

from audiobook.vietnamese import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("lệnh docker run -d", "lệnh docker run gạch ngang đê"),
        ("cờ --save-dev", "cờ gạch ngang gạch ngang save gạch ngang dev"),
        ("bản v.10.15", "bản vê mười chấm mười lăm"),
        ("1.0-SNAPSHOT", "một chấm không snapshot"),
        ("this.props.children", "this chấm props chấm children"),
        ("user.firstName", "user chấm first Name"),
        ("Balls.ie", "Balls chấm i e"),
        ("std::cout", "std cout"),
        (".gitignore", "chấm gitignore"),
        (".git/refs", "chấm git gạch chéo refs"),
        ("biểu_thức_1", "biểu thức một"),
        ("_name", "gạch dưới name"),
        ("__init__", "gạch dưới gạch dưới init gạch dưới gạch dưới"),
        ("utf8mb4", "u tê ép tám em bê bốn"),
        ("w3af", "vê kép ba a ép"),
        ("counter--;", "counter trừ trừ;"),
        ("x != y", "ích khác i"),
        ("List<String>", "List String"),
        ("thẻ <div>", "thẻ div"),
        ("git revert <merge_commit>", "git revert merge gạch dưới commit"),
        ("(1 + 2) * 2", "(một cộng hai) nhân hai"),
        ("phép cộng + hoặc", "phép cộng  hoặc"),
        ("danh sách rỗng []", "danh sách rỗng ngoặc vuông"),
        ("độ phức tạp O(n)", "độ phức tạp o(en)"),
        ("biến $HOME", "biến đô la home"),
        (r"ký tự \n", "ký tự gạch chéo ngược en"),
        ("S.ABC", "ét a bê xê"),
    ],
)
def test_what_programmers_write(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Shift + ~", "Shift dấu ngã"),
        ("Ctrl K", "Control ca"),
        ("chuẩn 802.11ax", "chuẩn tám trăm linh hai chấm mười một a ích"),
        ("-p 8080:80", "-p tám không tám không hai chấm tám không"),
        ("mã 5xx", "mã năm ích ích"),
        ("zoom 2,7x", "zoom hai phẩy bảy ích"),
        ("quay 4K 30p", "quay bốn ca ba mươi pê"),
        ("4K/8K", "bốn ca, tám ca"),
        ("`shift + ~`", "`shift dấu ngã`"),
        ("ctrl + c", "Control xê"),
        ("http://10.0.0.1/api", "mười chấm không chấm không chấm một gạch chéo a pê i"),
        ("gói ibus-gtk, libc6", "gói ibus gờ tê ca, lib xê sáu"),
        ("gói apt-get, wi-fi", "gói apt-get, wi-fi"),
        ("về tp-hcm", "về thành phố-hcm"),
        ("nhánh origin/main của nó", "nhánh origin gạch chéo main của nó"),
        ("máy cảm biến APS-C", "máy cảm biến a pê ét xê"),
        ("địa chỉ IP của AT", "địa chỉ ai pi của a tê"),
        ("VI PHẠM", "VI PHẠM"),
    ],
)
def test_what_texts_about_computers_have(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    "written",
    [
        "-Anh đi đâu?",
        "đẹp .Nhưng xa",
        "về.Hôm nay",
        "nam /nữ",
        "đi chợ.mua rau",
        "V.League",
        "học sinh, sinh viên",
    ],
)
def test_what_is_no_code(written: str) -> None:
    assert normalize(written) == written


def test_ages_and_money_stay() -> None:
    assert normalize("phim 18+ có gì") == "phim mười tám cộng có gì"
    assert normalize("giá 245K") == "giá hai trăm bốn mươi lăm nghìn"
    assert normalize("Sáng 3/4 có mưa") == "Sáng ba tháng tư có mưa"
