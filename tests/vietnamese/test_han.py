"""Han characters: read in Sino-Vietnamese, unless the text has their reading beside them."""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
from itertools import pairwise

import pytest
from clock import cpu_seconds
from places import SHARED

from audiobook.vietnamese import explain, normalize
from audiobook.vietnamese.rules.han import SIGN, is_read_in, leave_out_unsayable, read_characters
from audiobook.vietnamese.table import load_pairs, load_table

_BOOK = SHARED / "books" / "kinh-dich.epub"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        # Read where nothing else says it.
        ("Trên bia khắc hai chữ 天地.", "Trên bia khắc hai chữ thiên địa."),
        ("Bức hoành phi 飲水思源", "Bức hoành phi ẩm thuỷ tư nguyên"),
        ("Cột ghi 一九四五年.", "Cột ghi nhất cửu tứ ngũ niên."),
        ("Bản in năm 二〇二四", "Bản in năm nhị linh nhị tứ"),
        ("人々", "nhân nhân"),
        ("Cho x = 5, gọi là chữ黄 (hoàng).", "Cho ích bằng năm, gọi là chữ (hoàng)."),
        # The punctuation of the text is kept as pauses.
        ("天地玄黃，宇宙洪荒。", "thiên địa huyền hoàng, vũ trụ hồng hoang."),
        ("日、月；山：水", "nhật, nguyệt; sơn: thuỷ"),
        ("《論語》", "“luận ngữ”"),
        ("子曰：「不亦說乎？」", "tử viết: “bất diệc duyệt hồ?”"),
        # Silent where the reading stands beside, before or after, in whatever order.
        ("hai chữ thiên địa 天地 treo giữa nhà", "hai chữ thiên địa treo giữa nhà"),
        ("hai chữ 天地 thiên địa treo giữa nhà", "hai chữ thiên địa treo giữa nhà"),
        ("Cụ giảng Kinh Dịch (易經) mấy buổi.", "Cụ giảng Kinh Dịch mấy buổi."),
        ("Câu ấy (天地 thiên địa) rất cổ.", "Câu ấy (thiên địa) rất cổ."),
        ("chữ 所 (sở) đứng trước", "chữ (sở) đứng trước"),
        ("Văn Miếu (chữ Hán: 文廟, dựng năm ấy)", "Văn Miếu (dựng năm ấy)"),
        ("Quảng Châu (giản thể: 广州; phồn thể: 廣州) là cảng", "Quảng Châu là cảng"),
        ("chữ 覺 (giốc) là tỉnh", "chữ (giốc) là tỉnh"),
        ("Nguyễn Trãi (chữ Hán: 阮廌) hiệu Ức Trai 抑齋.", "Nguyễn Trãi hiệu Ức Trai."),
        ("Hai chữ “天地” (thiên địa) rất cổ.", "Hai chữ (thiên địa) rất cổ."),
        ("thần Thiên (chữ Hán: 天 - nghĩa là trời)", "thần Thiên (nghĩa là trời)"),
        # Read where what stands beside is something else.
        ("Ngôi đền (文廟) cũ", "Ngôi đền (văn miếu) cũ"),
        ("Ngôi đền (giản thể: 文庙; phồn thể: 文廟)", "Ngôi đền (giản thể: văn miếu)"),
        # What Vietnamese cannot say is left out with its brackets and its label.
        ("Phim Totoro (トトロ) rất hay.", "Phim Totoro rất hay."),
        ("Seoul (tiếng Hàn: 서울) đông người", "Seoul đông người"),
        ("Chữ 𠊛𡨸 khó viết", "Chữ khó viết"),
    ],
)
def test_what_is_said(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("銀行", "ngân hàng"),
        ("德行", "đức hạnh"),
        ("執行", "chấp hành"),
        ("長江", "trường giang"),
        ("校長", "hiệu trưởng"),
        ("音樂", "âm nhạc"),
        ("快樂", "khoái lạc"),
        ("仁者樂山", "nhân giả nhạo sơn"),
        ("重要", "trọng yếu"),
        ("九重", "cửu trùng"),
        ("制度", "chế độ"),
        ("忖度", "thốn đạc"),
        ("數學", "số học"),
        ("頻數", "tần sác"),
        ("小說", "tiểu thuyết"),
        ("簡易", "giản dị"),
        ("交易", "giao dịch"),
        ("中毒", "trúng độc"),
        ("憎惡", "tăng ố"),
        ("好學", "hiếu học"),
        ("朝夕", "triêu tịch"),
        ("左傳", "tả truyện"),
        ("投降", "đầu hàng"),
        ("大藏經", "đại tạng kinh"),
        ("人參", "nhân sâm"),
        ("宰相", "tể tướng"),
        ("將來", "tương lai"),
        ("離間", "ly gián"),
        ("災難", "tai nạn"),
    ],
)
def test_the_word_decides_between_readings(word: str, reading: str) -> None:
    assert read_characters(word) == (reading, False)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [("银行", "銀行"), ("音乐", "音樂"), ("校长", "校長"), ("说", "說")],
)
def test_simplified_characters_are_read_like_traditional_ones(
    simplified: str, traditional: str
) -> None:
    assert read_characters(simplified) == read_characters(traditional)


def test_a_reading_that_no_word_decides_is_a_guess() -> None:
    assert [reading.is_guess for reading in explain("Chữ 行 trên bia")] == [True]
    assert [reading.is_guess for reading in explain("Chữ 天 trên bia")] == [False]


def test_most_of_a_reading_is_enough() -> None:
    assert is_read_in("元亨利貞", ["nguyên", "hanh", "lợi", "trình"])
    assert is_read_in("和風", ["hòa", "phong"])
    assert not is_read_in("元亨利貞", ["lợi", "hại", "ra", "sao"])
    assert not is_read_in("天地", ["thiên", "hạ"])


def test_characters_that_nobody_can_say_are_left_out() -> None:
    assert leave_out_unsayable("Phim (となりのトトロ) và 天地") == "Phim và 天地"
    assert leave_out_unsayable("Seoul (서울, 漢城) xưa") == "Seoul (漢城) xưa"


def test_tables_fit_together() -> None:
    characters = {
        row[0]: set(" ".join(row[1:]).split()) for row in load_table("han_characters.tsv")
    }
    variants = load_pairs("han_variants.tsv")
    simplified = set("".join(variants.values()))
    for word, reading in load_pairs("han_words.tsv").items():
        assert len(word) == len(reading.split()) > 1
        assert not simplified & set(word)
    assert not simplified & set(characters)
    assert not simplified & set(variants)


@pytest.mark.parametrize(
    "text",
    [
        "天" * 50_000,
        "天a" * 20_000,
        "（天" * 20_000,
        "天 天地 thiên " * 10_000,
        "(" * 50_000 + "天",
    ],
)
def test_is_linear(text: str) -> None:
    assert cpu_seconds(lambda: normalize(text)) < 10


@pytest.mark.skipif(not _BOOK.exists(), reason="kinh-dich.epub is not here")
def test_agrees_with_the_readings_of_a_book() -> None:
    """A book with many misprints gives its Han text line by line, and the reading below."""
    with zipfile.ZipFile(_BOOK) as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.endswith("html")]
    text = html.unescape(re.sub(r"<[^>]+>", "", "\n".join(pages)))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    beside = same = compared = quotations = 0
    for quotation, below in pairwise(lines):
        label = re.match(r"Dịch âm\W*", below)
        if label and SIGN.search(quotation) and not re.search("[a-zđ]{3}", quotation):
            quotations += 1
            written = re.findall(r"[^\W\d_]+", below[label.end() :])
            read = re.findall(r"[^\W\d_]+", read_characters(quotation).text)
            beside += is_read_in(quotation, written)
            if len(written) == len(read):
                compared += len(read)
                same += sum(map(_is_same, read, written))
    assert quotations > 1_000
    assert beside > 0.97 * quotations
    assert same > 0.91 * compared


def _is_same(syllable: str, other: str) -> bool:
    """Whether two syllables are spelled alike, but for hoà and hòa, kỳ and kì."""
    letters = (unicodedata.normalize("NFD", each.lower()) for each in (syllable, other))
    first, second = (sorted(each.replace("y", "i")) for each in letters)
    return first == second
