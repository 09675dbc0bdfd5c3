"""What is taken for a misprint, what is not, and what is suggested."""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from clock import cpu_seconds
from places import DATA, SHARED

from audiobook.errors import AudiobookError
from audiobook.vietnamese import words
from audiobook.vietnamese.proofreading import correct, find_misprints, tagging
from audiobook.vietnamese.proofreading.tagging import cut_certainty
from audiobook.vietnamese.proofreading.tokens import pair_from, tokenize
from audiobook.vietnamese.slips import Slip, near_spellings
from audiobook.vietnamese.words import fold, spellings

NOVEL = SHARED / "books" / "tat-den.epub"
ARTICLE = SHARED / "article.txt"


def proof(text: str) -> list[tuple[str, str]]:
    return [(found.written, found.suggestion) for found in find_misprints(text)]


@pytest.mark.parametrize(
    ("text", "written", "suggestion"),
    [
        # Another tone, another mark, another letter, one too few, two in the wrong order.
        ("Anh ấy có một phương phap học rất hay.", "phương phap", "phương pháp"),
        ("Nhà máy đã hoan thành đúng hạn.", "hoan thành", "hoàn thành"),
        ("Bà con nông dấn vui mừng được mùa.", "nông dấn", "nông dân"),
        ("Cô giao viên bước vào lớp.", "giao viên", "giáo viên"),
        ("Họ thảo luạn suốt buổi chiều.", "thảo luạn", "thảo luận"),
        ("Anh ấy là một kĩ sư giỏi chuên môn.", "chuên môn", "chuyên môn"),
        ("Chúng tôi làm việc ở thnàh phố.", "thnàh phố", "thành phố"),
        ("Đoàn tàu khởi hàmh lúc sáng sớm.", "khởi hàmh", "khởi hành"),
        # The first letter of a sentence says nothing of names.
        ("Nghien cứu này rất mới.", "Nghien cứu", "Nghiên cứu"),
        # No syllable at all, with the tone on the wrong letter: the neighbours need not help.
        ("Lạ thật, vỉệc!", "vỉệc", ""),
        ("Bố nói: “Đựơc!”", "Đựơc", "Được"),
    ],
)
def test_misprints(text: str, written: str, suggestion: str) -> None:
    assert proof(text) == [(written, suggestion)]


def test_a_syllable_is_missing_from_a_word() -> None:
    # Words for persons, and words that the text has whole.
    assert proof("Ba phi gia đã về.") == [("phi gia", "phi hành gia")]
    assert proof("Đoàn có hai hướng viên trẻ.") == [("hướng viên", "hướng dẫn viên")]
    whole = "Nhà có đồ cổ truyền. Họ bán máy vi tính. Chị mua máy vi tính mới."
    assert ("vi xử", "vi xử lí") not in proof(whole)
    assert proof("Châu Phi gia nhập khối ấy.") == []


@pytest.mark.parametrize(
    ("text", "written", "suggestion"),
    [
        # s and x, ch and tr, d, gi and r, l and n, hỏi and ngã, the last letters of the south.
        ("Họ xử dụng chiếc máy cũ.", "xử dụng", "sử dụng"),
        ("Ông nhận món quà rất chân trọng.", "chân trọng", "trân trọng"),
        ("Chúng nó xúi dục nhau bỏ học.", "xúi dục", "xúi giục"),
        ("Bà lo nắng suốt đêm.", "lo nắng", "lo lắng"),
        ("Chú rễ bước vào nhà.", "Chú rễ", "Chú rể"),
        ("Bà chủ trọ rất khắc khe.", "khắc khe", "khắt khe"),
        # Both syllables by their sound.
        ("Tương lai sáng lạng đang chờ.", "sáng lạng", "xán lạn"),
        ("Cô bé có nụ cười sinh sắn.", "sinh sắn", "xinh xắn"),
        # Two words for one, of the table.
        ("Chị ấy chia xẻ với bạn.", "chia xẻ", "chia sẻ"),
        ("Vô hình chung, anh ấy thua.", "Vô hình chung", "Vô hình trung"),
        ("Mẹ giành thời gian cho con.", "giành thời gian", "dành thời gian"),
    ],
)
def test_words_written_by_their_sound(text: str, written: str, suggestion: str) -> None:
    (found,) = find_misprints(text)
    assert (found.written, found.suggestion, found.sure) == (written, suggestion, False)


@pytest.mark.parametrize(
    "text",
    [
        "Cả hai đội cùng giành chiến thắng.",
        "Mẹ để dành tiền cho con.",
        "Anh ấy xử lý việc nhà rất khéo.",
        "Mô hình chung của các tỉnh là thế.",
        "Chiều nay các chuyên gia sẽ họp.",
        "Cô theo gia gia lên núi.",
    ],
)
def test_words_that_sound_like_others_are_right(text: str) -> None:
    assert proof(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Được được!",
        "– Không, không không. Đi đi!",
        "“Là là…” nó ấp úng.",
        "“Nó nó…”",
        "Của của ai nấy giữ.",
        "Làm cho cho mệt cho mê.",
    ],
)
def test_a_word_said_twice_after_a_mark_is_no_misprint(text: str) -> None:
    assert proof(text) == []


def test_doubtful_ones_count_less_in_a_clean_text_and_more_in_a_bad_scan() -> None:
    """A long text without a plain misprint hardly has a doubtful one."""
    doubtful = "Nhà có bồn người con.\n"
    clean = "Trời đã về chiều, gió thổi nhẹ trên mặt sông rộng.\n"
    scan = "Ngưòi ta đều biêt khộng gì bằng vịệc học.\n"
    few = proof(doubtful)
    assert few
    assert proof(doubtful + clean * 8_000) == []
    assert set(few) <= set(proof(doubtful + scan))


def test_a_word_that_suits_its_sentence_is_cut_with_more_certainty() -> None:
    right = cut_certainty("Cả nhà ăn cơm tối .".split(), 3)
    wrong = cut_certainty("Cả nhà ăn côm tối .".split(), 3)
    assert wrong < right <= 0


def test_a_word_makes_a_pair_with_what_only_a_space_parts_from_it() -> None:
    (line,) = tokenize("Trời mưa to, gió lớn.")
    pairs = [pair_from(line, index) for index in range(-1, len(line))]
    assert pairs == ["", "trời mưa", "mưa to", "", "gió lớn", ""]


def test_positions_are_those_of_the_text() -> None:
    text = "Dòng đầu.\nỞ đây có phương phap mới."
    (found,) = find_misprints(text)
    assert text[found.start : found.end] == found.written == "phương phap"
    assert found.message == "“phương phap” is not a word"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Trời đã ngả chiều, đàn cò bay về phía rặng tre cuối làng.",
        "Mẹ tôi ngồi bên cửa sổ, vừa khâu áo vừa hát ru em bé ngủ.",
        "Hội đồng họp phiên cuối năm vào tuần sau.",
        # Both places of a tone, i and y, a and â of older books.
        "Hòa bình và hoà bình, thủy lợi và thuỷ lợi.",
        "Kỹ thuật và kĩ thuật, lý do và lí do, quý khách và quí khách.",
        "Thằng bé nhẩy xuống, bầy gà chạy tán loạn, mầu da cháy nắng, cười ầm ỹ.",
        # Names, acronyms, foreign words, words parted by hyphens.
        "Chị Tiên, anh Càn và bé Hị về quê với bà Nguyễn Thị Mận.",
        "Ông Thomas Reiter của ESA gặp kỹ sư Giulia ở Trieste.",
        "It would be good if the teacher came to the end of the book in the day.",
        "Lê-nin sống ở Mát-xcơ-va; xe chạy sáu mươi ki-lô-mét một giờ.",
        "Ba kg gạo, hai km đường.",
        # Said twice on purpose.
        "Lá xanh xanh, nước dần dần dâng, nó luôn luôn cười, ai ai cũng vui.",
        # Words in their places, though never seen beside their neighbours.
        "Bà quấn áo quanh cổ cho ấm.",
        "Có người la ầm lên ngoài ngõ.",
        "Nghe tin ấy, bà lả người đi.",
        # The first of two belongs to the word before.
        "Ông tiêu hết tiền của của mẹ.",
        # A space that is missing is not a letter that is lost.
        "Anh đi không?anh hỏi.",
    ],
)
def test_no_misprints(text: str) -> None:
    assert proof(text) == []


def test_what_an_author_repeats_is_no_misprint() -> None:
    lines = ["Ông lão rề hề kể chuyện.", "Con trâu rề hề bước đi.", "Bà rề hề đáp lại."]
    assert proof("\n".join(lines)) == []
    once = "Nó muốn mởi rộng cái ao."
    # The same line again, as in a page that was pasted twice, is the same misprint.
    assert proof(f"{once}\n{once}") == [("mởi rộng", "mở rộng")] * 2


def test_words_that_echo_themselves_are_never_surely_wrong() -> None:
    found = find_misprints("Ông cụ nói lèm bẹm suốt buổi.")
    assert not any(misprint.sure for misprint in found)


def test_suggestions_are_spelled_as_the_text_spells() -> None:
    misprint = "Nó sống hoa thuận với mọi người."
    assert proof(misprint) == [("hoa thuận", "hòa thuận")]
    assert proof("Hai bên ký hoà ước.\n" + misprint) == [("hoa thuận", "hoà thuận")]


@pytest.mark.parametrize(
    ("text", "written", "suggestion", "sure"),
    [
        ("Những những con đường làng.", "Những những", "Những", True),
        ("Cái nhà của của ông.", "của của", "của", False),
        ("Nó nó đi học về.", "Nó nó", "Nó", False),
        ("Mỗi năm có hơn hơn một trăm người khách ghé qua đây.", "hơn hơn", "hơn", False),
    ],
)
def test_words_said_twice(text: str, written: str, suggestion: str, sure: bool) -> None:
    (found,) = find_misprints(text)
    assert (found.written, found.suggestion, found.sure) == (written, suggestion, sure)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Đây là 1 trong thành phố 3 lớn nhất.", "1 trong 3 thành phố"),
        ("Anh là một trong nhạc sĩ 12 được mời.", "một trong 12 nhạc sĩ"),
    ],
)
def test_numbers_after_what_they_count(text: str, suggestion: str) -> None:
    (found,) = find_misprints(text)
    assert (found.suggestion, found.sure) == (suggestion, False)


@pytest.mark.parametrize(
    "text",
    [
        "Đây là 1 trong 3 thành phố lớn nhất.",
        "Đội đứng thứ 1 trong bảng đấu 3 đội.",
        "Ông nằm một trong bệnh viện 3 tháng liền.",
        "Hiện vật số 1 trong bảo tàng 2 tầng.",
    ],
)
def test_numbers_in_their_places(text: str) -> None:
    assert proof(text) == []


@pytest.mark.parametrize(
    ("text", "written", "suggestion"),
    [
        ("Nước V\ufffdt Nam.", "V\ufffdt", ""),
        ("Tôi không đư?c phép.", "đư?c", ""),
        ("Tôi không Ä‘Æ°á»£c phép.", "Ä‘Æ°á»£c", "được"),
        ("Ông nói (“tiáº¿ng”).", "“tiáº¿ng”", ""),
        ("Con mеo ngủ.", "mеo", "meo"),  # a Cyrillic е
        ("Ðời người.", "Ðời", "Đời"),  # an Icelandic Ð
        ("Chữ Жa lạ.", "Жa", ""),
    ],
)
def test_unreadable(text: str, written: str, suggestion: str) -> None:
    (found,) = find_misprints(text)
    assert (found.written, found.suggestion) == (written, suggestion)
    assert found.sure == bool(suggestion)


def test_other_scripts_are_readable() -> None:
    assert proof("Chữ 乾 nghĩa là trời; хлеб là bánh mì; góc α và NGÃ BA. Ai?") == []


def test_correct_writes_only_what_is_sure() -> None:
    text = "Những những người bị ảnh huởng. Cái nhà của của ông."
    misprints = find_misprints(text)
    assert [found.sure for found in misprints] == [True, True, False]
    assert correct(text, misprints) == "Những người bị ảnh hưởng. Cái nhà của của ông."


def test_decomposed_letters() -> None:
    text = unicodedata.normalize("NFD", "Ở đây có phương phap mới.")
    (found,) = find_misprints(text)
    assert text[found.start : found.end] == unicodedata.normalize("NFD", "phương phap")
    assert found.suggestion.endswith("pháp")


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "đ?" * 100_000, "ă " * 50_000, "của " * 50_000, "bồn người" + "…" * 300_000],
)
def test_odd_texts_take_no_time(text: str) -> None:
    find_misprints("")  # the word lists are loaded once
    assert cpu_seconds(lambda: find_misprints(text)) < 3


def test_near_spellings() -> None:
    assert near_spellings("tòan")["toàn"] is Slip.PLACE
    assert near_spellings("phuơng")["phương"] is Slip.MARK
    assert near_spellings("tiên")["tiện"] is Slip.TONE
    assert near_spellings("nghành")["ngành"] is Slip.LETTER
    assert near_spellings("thnàh")["thành"] is Slip.LETTER
    assert near_spellings("xử")["sử"] is near_spellings("chân")["trân"] is Slip.SOUND
    assert near_spellings("dành")["giành"] is near_spellings("nắng")["lắng"] is Slip.ACCENT
    assert near_spellings("rễ")["rể"] is Slip.HOOK
    assert near_spellings("mạng")["mạn"] is near_spellings("mặc")["mặt"] is Slip.FINAL
    assert "xa" not in near_spellings("tiên")
    assert near_spellings("a" * 1000) == {}


def test_one_spelling_for_all_that_are_right() -> None:
    assert [fold(word) for word in "Hòa THÚY quý lý ý mùa qua".split()] == (
        "hoà thuý quí lí ý mùa qua".split()
    )
    for word in "hoà thuý quí lí".split():
        assert {fold(spelled) for spelled in spellings(word)} == {word}
        assert len(spellings(word)) == 2


def test_our_own_text_has_few() -> None:
    text = (DATA / "ve-tinh.txt").read_text("utf-8")
    assert len(find_misprints(text)) <= 1


@pytest.mark.skipif(not ARTICLE.exists(), reason=f"there is no {ARTICLE}")
def test_a_real_article() -> None:
    found = dict(proof(ARTICLE.read_text("utf-8")))
    assert found == {
        "phương tiên": "phương tiện",
        "của hị": "của họ",
        "1 trong quốc gia 3": "1 trong 3 quốc gia",
        "chuyên bay": "chuyến bay",
        "mởi rộng": "mở rộng",
        "thập kỳ": "thập kỷ",
        "rào càn": "rào cản",
    }


@pytest.mark.skipif(not NOVEL.exists(), reason=f"there is no {NOVEL}")
def test_a_novel_of_1939() -> None:
    with zipfile.ZipFile(NOVEL) as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.endswith("html")]
    markup = re.sub(r"</?(?:p|div|h\d|br)\b[^>]*>", "\n", re.sub(r"\s+", " ", " ".join(pages)))
    text = unicodedata.normalize("NFC", html.unescape(re.sub(r"<[^>]*>", "", markup)))
    count = len(text.split())
    assert count > 30_000
    # Old and rustic words among them, and misprints that the book has: 1.1 when last measured.
    assert 1000 * len(find_misprints(text)) / count < 2


def test_a_model_laid_out_differently_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tagging, "underthesea_folder", lambda: tmp_path)
    with pytest.raises(AudiobookError, match="pip install 'underthesea"):
        tagging._model.__wrapped__(words.TAG_MODEL)


def test_without_its_evidence_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    words.underthesea_folder.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(AudiobookError, match="pip install 'underthesea"):
        words.underthesea_folder()
