from __future__ import annotations

import gc
import tracemalloc
import unicodedata
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED

from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.stages.chapters import divide
from audiobook.stages.readers import epub
from audiobook.stages.readers.plain import divide_blocks, read
from audiobook.stages.tidy import STEPS, tidy

LONG = (
    "Mùa khô năm ấy nước mặn lấn sâu vào đất liền, người trồng lúa chỉ biết khi ngọn lúa đã vàng, "
    "còn trạm đo thì ở quá xa, mỗi tuần mới có người đi ghi sổ một lần."
)
LONGER = (
    "Sáng nay, trên công trường phía đảo, hơn hai trăm công nhân đang trải lớp nhựa cuối cùng của "
    "con đường dẫn lên cầu. Ông Trần Văn Lực, chỉ huy trưởng, cho biết nếu trời không mưa thì chỉ "
    "mười ngày nữa là xong. Cầu có bốn làn xe, rộng mười sáu mét, tàu cá lớn vẫn ra vào được cửa "
    "sông như xưa."
)
STORY = [
    f"Ngày thứ {n} trời vẫn nắng, và người trong làng vẫn ra đồng từ sớm." for n in range(1, 21)
]


def texts(document: Document) -> list[str]:
    return [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]


def tidied(text: str, *keep: str) -> list[str]:
    return texts(tidy(divide_blocks(text), keep))


def in_the_middle(line: str) -> Document:
    return divide_blocks("\n\n".join([*STORY[:10], line, *STORY[10:]]))


def at_the_end(line: str) -> Document:
    return divide_blocks("\n\n".join([*STORY, LONG, line]))


def told(document: Document) -> dict[str, int]:
    return {change.step: change.count for change in document.changes}


def chapters(*rows: list[Paragraph], meta: Meta | None = None) -> Document:
    return Document(meta=meta or Meta(), chapters=tuple(Chapter("", tuple(row)) for row in rows))


# --- letters and lines --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("Một.\n\nHai.", ["Một.", "Hai."]),
        ("Một.\r\n \r\nHai.", ["Một.", "Hai."]),
        ("Một.\nHai.\nBa.", ["Một.", "Hai.", "Ba."]),
        ("  Một \t hai\u00a0ba.  ", ["Một hai ba."]),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", ["Tiếng Việt"]),
        ("Một\u200b\u00ad hai\x07.", ["Một hai."]),
        ("\ufeffMột\x00 hai.", ["Một hai."]),
    ],
)
def test_letters_and_paragraphs(written: str, paragraphs: list[str]) -> None:
    assert tidied(written) == paragraphs


def test_titles_are_spelled_the_same_way() -> None:
    document = Document(meta=Meta(), chapters=(Chapter("Mu\u0323c", (Paragraph("Một."),)),))
    assert tidy(document).chapters[0].title == "Mục"


WRAPPED = (
    "Ngày xưa ở một làng nọ có hai anh em mồ côi cha\n"
    "mẹ, người anh tham lam chiếm hết gia tài, chỉ để\n"
    "lại cho em một cây khế ở góc vườn và túp lều nhỏ.\n"
    "\n"
    "Người em chăm chỉ làm lụng, ngày ngày gánh nước\n"
    "tưới cho cây khế, chẳng oán trách anh nửa lời nào."
)


def test_hard_wrapped_lines_are_joined() -> None:
    result = tidy(divide_blocks(WRAPPED))
    assert texts(result) == [
        "Ngày xưa ở một làng nọ có hai anh em mồ côi cha mẹ, người anh tham lam chiếm hết gia tài, "
        "chỉ để lại cho em một cây khế ở góc vườn và túp lều nhỏ.",
        "Người em chăm chỉ làm lụng, ngày ngày gánh nước tưới cho cây khế, chẳng oán trách anh "
        "nửa lời nào.",
    ]
    assert told(result) == {"wrapped lines joined": 3}
    assert len(tidied(WRAPPED, "wrapped-lines")) == 5


@pytest.mark.parametrize(
    ("line_ends", "joined"),
    [
        (("đài inter-", "national ấy"), "đài international ấy"),
        (("thời vua Gia-", "tĩnh nhà ấy"), "thời vua Gia-tĩnh nhà ấy"),
        (("ông Saint-", "Exupéry viết"), "ông Saint-Exupéry viết"),
        (("thuở Xô-", "viết ra đời"), "thuở Xô-viết ra đời"),
    ],
)
def test_words_broken_at_the_end_of_a_line(line_ends: tuple[str, str], joined: str) -> None:
    head, tail = line_ends
    text = f"{'Từ sớm ' * 6}{head}\n{tail} {'đã về ' * 6}rồi\n{'Từ sớm ' * 6}{head}"
    result = tidy(divide_blocks(text))
    assert joined in " ".join(texts(result))
    assert told(result)["broken words joined"] == 1


INDENTED = (
    "{0}Ngày xưa ở một làng nọ có hai anh em mồ côi\n"
    "cha mẹ, người anh chiếm hết gia tài.\n"
    "{0}- Anh ơi, cho em cây khế.\n"
    "\n"
    "7\n"
    "\n"
    "{0}Người em chăm chỉ làm lụng, ngày ngày gánh nước\n"
    "tưới cho cây khế, chẳng oán trách anh nửa lời."
)


@pytest.mark.parametrize("kind", [Kind.PROSE, Kind.HEADING])
@pytest.mark.parametrize(
    ("initial", "text", "joined"),
    [
        ("T", "rời mưa.", "Trời mưa."),
        ("Y", "tá đến.", "Y tá đến."),
        ("C", "hiều xuống.", "Chiều xuống."),
        ("I", "sông vẫn chảy.", None),
        ("B", "gạo và muối.", None),
        ("T", "Rời bến.", None),
    ],
)
def test_an_initial_alone_begins_the_paragraph_below(
    kind: Kind, initial: str, text: str, joined: str | None
) -> None:
    document = tidy(chapters([Paragraph(initial, kind), Paragraph(text), Paragraph(LONG)]))
    assert texts(document)[:-1] == ([joined] if joined else [initial, text])


@pytest.mark.parametrize("indent", ["    ", "\t", "\u3000\u3000", "\u00a0\u00a0"])
def test_an_indent_begins_a_paragraph(indent: str) -> None:
    result = tidy(divide_blocks(f"CHƯƠNG 1 - CÂY KHẾ\n\n{INDENTED.format(indent)}"))
    assert texts(result)[1:] == [
        "Ngày xưa ở một làng nọ có hai anh em mồ côi cha mẹ, người anh chiếm hết gia tài.",
        "- Anh ơi, cho em cây khế.",
        "Người em chăm chỉ làm lụng, ngày ngày gánh nước tưới cho cây khế, chẳng oán trách anh "
        "nửa lời.",
    ]
    assert told(result)["page numbers left out"] == 1


def test_blank_lines_between_all_lines_part_no_sentences() -> None:
    lines = [
        *WRAPPED.replace("\n\n", "\n").split("\n"),
        "Cây khế ra hoa rồi ra quả, quả ngọt vô cùng",
        "nên chim lạ bay về.",
    ]
    expected = 3
    assert len(tidied("\n\n".join(lines))) == expected


def test_lines_wrapped_at_no_column_are_joined() -> None:
    ragged = (
        "Ngày xưa ở một làng nọ có hai anh em mồ côi cha mẹ, người anh\n"
        "tham lam chiếm hết gia tài, chỉ để lại cho em\n"
        "một cây khế ở góc vườn và túp lều nhỏ.\n"
        "Người em chăm chỉ làm lụng, ngày ngày gánh nước tưới cho cây\n"
        "khế, chẳng oán trách anh nửa lời nào, dù người ta\n"
        "bảo rằng em dại, vì em biết cây khế sẽ có ngày ra quả\n"
        "ngọt cho cả làng cùng ăn."
    )
    assert len(tidied(ragged)) == 2


def test_verse_keeps_its_lines() -> None:
    verse = (
        "Thuyền về có nhớ bến chăng,\n"
        "Bến thì một dạ khăng khăng đợi thuyền.\n"
        "Qua đình ngả nón trông đình,\n"
        "Đình bao nhiêu ngói thương mình bấy nhiêu."
    )
    assert tidied(verse) == verse.split("\n")


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("Một<br/>Hai<BR>Ba", ["Một", "Hai", "Ba"]),
        ('<p class="a">Một <b>hai</b>,&nbsp;ba</p>', ["Một hai, ba"]),
        ("Anh &amp;amp; em &quot;đi&quot; &#273;&#xe2;u", ['Anh & em "đi" đâu']),
        ("Nếu a < b và c > d thì tôi <3 em", ["Nếu a < b và c > d thì tôi <3 em"]),
        ("Thẻ <b> dùng để in đậm; AT&T; R&D;", ["Thẻ <b> dùng để in đậm; AT&T; R&D;"]),
    ],
)
def test_markup_left_in_the_text(written: str, paragraphs: list[str]) -> None:
    assert tidied(written) == paragraphs


# --- lines that are no text ---------------------------------------------------------------------

FURNITURE = {
    "captions left out": [
        "Ảnh: Hoàng Hà",
        "(Ảnh: TTXVN)",
        "Ảnh minh họa",
        "Ảnh: Nhân vật cung cấp",
        "Cầu Hòn Mây nhìn từ phía đất liền, ngày 4/11. Ảnh: Quang Vũ",
        "Nguồn: Tổng cục Thống kê",
        "Biểu đồ: Tăng trưởng GDP 2010-2020",
    ],
    "see-also lines left out": [
        "Xem thêm: Cầu vượt biển sắp khánh thành",
        ">> Cầu vượt biển sắp khánh thành\n\n>> Tàu cá về bến sớm hơn mọi năm",
        "Tin liên quan",
        "Mời quý độc giả theo dõi chương trình lúc 19 giờ.",
    ],
    "advertising lines left out": [
        "Bạn đang đọc truyện tại truyenhay.example.com",
        "Bạn đang đọc truyện Cây khế trên trang Đọc Truyện",
    ],
    "share lines left out": [
        "Chia sẻ bài viết",
        "Facebook Twitter",
        "Bình luận (12)",
        "12 bình luận",
        "Lưu bài viết",
        "Thích 0",
        "Chia sẻ\n\nTrả lời\n\nBáo cáo",
    ],
    "copyright lines left out": [
        "© 2026 Báo Mới. Ghi rõ nguồn khi phát hành lại.",
        "Bản quyền thuộc về Nhà xuất bản Hoa Khế",
        "Bản quyền © 2015 Công ty Hoa Khế. All rights reserved.",
        "Copyright 2015 Hoa Khế",
        "Ebook được thực hiện bởi nhóm Cây Khế",
        "Nguồn: http://cay-khe.example.com",
        "Đánh máy: Cây Khế",
        "Tạo eBook: Cây Khế",
        "Phát hành: Cây Khế\n\nNguồn: http://cay-khe.example.com\n\nvào ngày: 27 tháng 12 năm 2003",
    ],
    "addresses left out": [
        "http://cay-khe.example.com/truyen?id=3",
        "www.cay-khe.vn",
        "(https://cay-khe.vn)",
    ],
    "bylines left out": ["Thứ Hai, 22/11/2026, 08:30 (GMT+7)"],
    "page numbers left out": ["Trang 12/300"],
    "ornaments turned into pauses": [
        "***",
        "---",
        "* * *",
        "⁂",
        "~o0o~",
        "—oOo—",
        "ooo",
        "---oo0oo---",
    ],
}


@pytest.mark.parametrize(
    ("summary", "lines"),
    [(summary, line) for summary, lines in FURNITURE.items() for line in lines],
)
def test_lines_that_are_no_text(summary: str, lines: str) -> None:
    result = tidy(in_the_middle(lines))
    assert [text for text in texts(result) if text != "* * *"] == STORY
    assert told(result) == {summary: len(lines.split("\n\n"))}
    step = next(step.name for step in STEPS if step.summary == summary)
    assert texts(tidy(in_the_middle(lines), keep=[step]))[10 : -len(STORY[10:])] == lines.split(
        "\n\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Theo Báo Mới",
        "(Theo Dân trí)",
        "Theo Hoàng Hà/Báo Mới",
        "Nguyễn Văn A/ Báo Mới",
        "Minh Hạnh",
        "22/11/2026 08:30",
        "Cập nhật lúc 08:30, 22/11/2026",
        "TTXVN",
        "Bài và ảnh: Hoàng Hà",
    ],
)
def test_bylines_stand_at_the_edge(line: str) -> None:
    assert told(tidy(at_the_end(line))) == {"bylines left out": 1}
    assert texts(tidy(in_the_middle(line))) == [*STORY[:10], line, *STORY[10:]]


AROUND_CHAPTERS = {
    "credits left out": [
        "Edit: Na Na",
        "Beta: Mèo",
        "Edit & Beta: Na",
        "Translator: gấu_con",
        "Dịch: Nhóm Mây Trắng",
        "Beta-er: Mèo Mun",
        "Biên: Sương | Dịch: Mây | Type: Nắng",
        "Dịch bởi: Sương | Sync: Mây",
        "Phụ đề: Nhóm Sao Khuya",
        "Tải phụ đề tại CaySub.org",
        "Team dịch: Mây Trắng",
        "Credit: Cây Khế",
        "Số từ: 2.500",
        "Ngày đăng: 12-03-2020",
    ],
    "ends of chapters left out": [
        "Hết chương 1",
        "(Hết chương 1)",
        "~ Hết chương một ~",
        "(còn tiếp)",
        "(chưa xong, còn tiếp)",
        "~ Hoàn chính văn ~",
        "(Toàn văn hoàn)",
    ],
    "links between chapters left out": [
        "« Chương trước | Mục lục | Chương sau »",
        "Chương tiếp theo",
        "← Trước | Sau →",
        "Nhấn mở bình luận để gửi",
        "Về đầu trang",
        "Nếu thấy truyện lỗi, bạn bấm nút báo lỗi bên dưới",
        "Sử dụng mũi tên trái (←) hoặc phải (→) để chuyển chương",
    ],
    "advertising lines left out": [
        "Chúc bạn đọc truyện vui vẻ!",
        "Truyện được copy tại Trang Cây Khế",
        "Truyện được copy tại TruyệnCâyKhế.Com",
        "Truyện được đăng tại wattpad @caykhe, mọi nơi khác đều là ăn cắp.",
        "Đọc truyện nhanh nhất tại caykhe.com",
        "Đọc truyện dân gian hay: caykhe.com",
        "Truyện được cập nhật liên tục tại caykhe.com. Mai ghé nữa nhé!",
        "Trang khác copy sẽ thiếu chữ, hãy về caykhe.com",
        "Các bạn thông cảm vì trang có hiện quảng cáo",
        "Tham gia nhóm Facebook của Cây Khế để nhận chương mới",
        "Click theo dõi -> nhận chương mới",
        "Bấm nút theo dõi để nhận chương mới",
        "Vui lòng không reup!",
        "Đừng mang truyện đi nơi khác nhé.",
        "Mọi người nhớ bình chọn cho mình nha ~",
        "Chúc cả nhà ngủ ngon! Nhớ vote cho truyện nhé!",
        "Nếu thấy hay hãy để lại bình luận cho mình",
        "STK: 0000111122, Ngân hàng Cây Khế",
        "Website hoạt động dưới giấy phép mở",
        "Advertisement",
        "Quảng cáo",
        "(adsbygoogle = window.adsbygoogle || []).push({});",
    ],
    "copyright lines left out": ["Convert: Mr. Tùng"],
    "share lines left out": ["Vui lòng đăng nhập để đọc tiếp"],
    "captions left out": ["[Hình ảnh minh họa]", "[Ảnh 2]"],
}


@pytest.mark.parametrize(
    ("summary", "line"),
    [(summary, line) for summary, lines in AROUND_CHAPTERS.items() for line in lines],
)
def test_lines_around_the_chapters_of_a_shared_novel(summary: str, line: str) -> None:
    novel = ["Chương 1", *STORY[:6], line, "Chương 2", line, *STORY[6:12], line]
    result = tidy(divide_blocks("\n\n".join(novel)))
    assert texts(result) == [other for other in novel if other != line]
    assert told(result) == {summary: 3}


@pytest.mark.parametrize(
    "line",
    [
        "Hết chương trình, mọi người ra về.",
        "Nguồn: nước chảy từ trên núi xuống làng, trong vắt.",
        "Chúc bạn đọc sách mỗi ngày một giờ.",
        "Trước, sau gì anh cũng về.",
        "Dịch: hôm nay trời mưa to quá.",
        "Beta: tên một con chữ của người Hy Lạp.",
        "Edit: chị sửa lại câu này hộ em.",
        "Gõ: tiếng mõ vang lên trong đêm.",
        "Mời bạn đọc tiếp trang sau, anh ghi trong sổ.",
        "Mời quý khách ghé quán tôi, bà lão rao.",
        ">> Em về đâu đấy? <<",
        ">> Em về quê thôi.",
        ">>> Chương 7 <<<",
        ">> Chương 7: Mưa",
        "Hãy nhớ lấy lời tôi.",
        "Đừng mang theo gì cả.",
        "Đừng quên anh nhé!",
        "Nhớ theo dõi hắn cho kỹ.",
        "Bấm theo dõi từng nhịp tim của bà.",
        "Nếu thích thì cứ theo dõi tôi.",
        "Tham gia nhóm của Nam có ba người.",
        "Xin lỗi vì đã quảng cáo quá lời, hắn nói.",
        "Quảng cáo dán đầy đường.",
        "Bạn đang đọc truyện ở đâu thế?",
        "Số từ trong bài là 2500.",
        "Trước",
        "Đọc tiếp đi con.",
        "Nơi khác cũng vậy thôi.",
        "Cập nhật tin tức cho bố nghe.",
    ],
)
def test_lines_of_a_story_stay_at_the_edge_of_a_chapter(line: str) -> None:
    novel = ["Chương 1", line, *STORY[:6], line, "Chương 2", *STORY[6:12]]
    assert tidied("\n\n".join(novel)) == novel


@pytest.mark.parametrize(
    "words",
    [
        "Bạn đang đọc truyện tại Cây Khế - www.caykhe.com",
        "Bạn đang đọc truyện được lấy tại chấm cơm.",
        "Truyện được copy tại Truyện FULL",
    ],
)
def test_advertising_at_the_end_of_a_paragraph_goes(words: str) -> None:
    result = tidy(in_the_middle(f"{LONG} {words}"))
    assert texts(result) == [*STORY[:10], LONG, *STORY[10:]]
    (change,) = result.changes
    assert [piece.text for piece in change.left_out] == [words]
    assert texts(tidy(in_the_middle(f"{LONG} {words}"), keep=["site-ads"]))[10].endswith(words)


AFTER_END = (
    "Mời bạn đón đọc truyện mới của Hoa Khế.",
    "Sách được số hóa bởi nhóm Cây Khế. Tìm thêm tại https://cay-khe.example.com nhé",
)


@pytest.mark.parametrize("end", ["HẾT", "- Hết -", "(THE END)"])
@pytest.mark.parametrize("line", AFTER_END)
def test_what_advertises_after_the_end_goes(end: str, line: str) -> None:
    signed = "Bến Cũ, mùa nước nổi"
    document = tidy(divide_blocks("\n\n".join([*STORY, end, line, signed])))
    assert line not in texts(document)
    assert texts(document)[: len(STORY)] == STORY
    assert texts(document)[-1] == signed
    assert told(document)["advertising lines left out"] == 1


@pytest.mark.parametrize("line", AFTER_END)
def test_a_story_that_goes_on_after_its_end_stays(line: str) -> None:
    more = [f"Đêm thứ {n} trăng sáng, đàn bà trong xóm ngồi giã gạo ngoài sân." for n in range(20)]
    for ending in ([line], ["HẾT", line, "Chương 2", *more[:1]], ["HẾT", line, *more]):
        assert line in tidied("\n\n".join([*STORY, *ending]))


def test_what_is_said_of_reading_in_a_paragraph_stays() -> None:
    for words in ("Bạn đang đọc truyện ở quán của tôi.", "“Em đang đọc truyện tại nhà.”"):
        assert tidied(f"{LONG} {words}") == [f"{LONG} {words}"]


@pytest.mark.parametrize("line", ["— END —", "THE END", "~ Hoàn ~", "~ HẾT ~"])
def test_what_says_that_it_ends_goes_at_the_end_of_a_chapter(line: str) -> None:
    novel = ["Chương 1", *STORY[:6], line, "Chương 2", *STORY[6:12], line]
    assert tidied("\n\n".join(novel)) == [other for other in novel if other != line]
    within = ["Chương 1", *STORY[:6], line, *STORY[6:12]]
    assert tidied("\n\n".join(within)) == within


def test_sentences_after_labels_are_no_credits_however_many() -> None:
    lines = [
        "Edit: em sửa nhầm chữ ấy.",
        "Dịch: cúm gà lan sang xóm bên.",
        "Biên tập: việc chị làm đã mười năm.",
        "Tác giả: một người làng bên viết ra.",
        "Nguồn: suối ấy bắt từ đâu?",
    ]
    novel = ["Chương 1", *STORY[:6], *lines, *STORY[6:12]]
    assert tidied("\n\n".join(novel)) == novel


def test_a_title_above_each_heading_of_plain_text_is_read_once() -> None:
    novel = [
        line for n in (1, 2, 3) for line in ("Cây khế", "Nguyễn Văn A", f"Chương {n}", STORY[n])
    ]
    assert tidied("\n\n".join(novel)) == [*novel[:4], *novel[6:8], *novel[10:]]


def test_buttons_of_a_blog_are_not_read_as_headings() -> None:
    heads = [Paragraph(text, Kind.HEADING, 3) for text in ("Chia sẻ:", "Thích điều này:")]
    tail = [*heads, Paragraph("Đang tải..."), Paragraph("Có liên quan", Kind.HEADING, 3)]
    story = [Paragraph(text) for text in STORY[:6]]
    assert texts(tidy(chapters([*story, *tail]))) == STORY[:6]


@pytest.mark.parametrize(
    "line",
    """
    Ảnh nhìn tôi bằng một bộ mặt ngơ ngác
    Ảnh: em đi đâu đấy?
    Nguồn: chỗ nước chảy ra
    Theo nguyên tắc, hội đã họp.
    Chia sẻ
    Bình luận 1
    Đọc thêm
    Chương 12
    12
    - 12 -
    Trang 12
    1945
    I.
    [chapter] Một ngày
    NGÀY XƯA
    Thứ Hai, 22/11/1954
    Hà Nội, ngày 5 tháng 5 năm 1945
    Bạn đang đọc một cuốn sách ở nhà thì điện thoại reo.
    Mời các bạn vào nhà xơi nước.
    Phát hành: tháng 5
    Tham khảo
    Chú thích:
    Bản quyền © thuộc về ai? Bà lão hỏi.
    Bản quyền thuộc về Hoa, bà lão nói.
    Bản quyền của Hoa là của cả làng. Bà lão gật đầu.
    Copyright nghĩa là gì, bà lão không biết.
    (c) Khế chua.
    Hình như bà lão biết.
    Biểu đồng tình, ai cũng gật:
    Hỡi ơi!
    …
    — …
    ?!
    Ooo!
    """.strip().split("\n"),
)
def test_lines_that_may_be_text_stay(line: str) -> None:
    result = tidy(in_the_middle(line.strip()))
    assert texts(result) == [*STORY[:10], line.strip(), *STORY[10:]]
    assert result.changes == ()


def test_a_heading_is_never_furniture() -> None:
    heading = [Paragraph("Chia sẻ bài viết", Kind.HEADING, 1), Paragraph(LONG)]
    assert texts(tidy(chapters(heading))) == ["Chia sẻ bài viết", LONG]


def paged(number: str) -> str:
    return "\n\n".join(
        f"{' '.join(STORY)}\n\nVà người anh cả nói rằng\n\n{number.format(page)}\n\n"
        f"chẳng ai biết vì sao cây khế {page} ra hoa."
        for page in range(11, 15)
    )


@pytest.mark.parametrize("number", ["{}", "- {} -", "Trang {}"])
def test_page_numbers_cut_sentences(number: str) -> None:
    result = tidy(divide_blocks(paged(number)), keep=["repeats", "near-repeats"])
    assert told(result) == {"page numbers left out": 4}
    assert "Và người anh cả nói rằng chẳng ai biết vì sao cây khế 11 ra hoa." in texts(result)


@pytest.mark.parametrize("number", ["{}", "- {} -", "Trang {}", "{} | Cây khế", "Cây khế | {}"])
def test_a_sentence_that_a_page_cut_is_joined_in_wrapped_text(number: str) -> None:
    lines = WRAPPED.split("\n")
    pages = [
        *lines[:2],
        f"\n{number.format(7)}\n",
        *lines[2:5],
        f"\n{number.format(8)}\n",
        "tưới cho cây khế, và chim lạ bay về, đậu kín",
        f"\n{number.format(9)}\n",
        "cả góc vườn nhỏ.",
    ]
    result = tidied("\n".join(["CHƯƠNG 1", "", *pages]))
    assert result == [
        "CHƯƠNG 1",
        tidied(WRAPPED)[0],
        "Người em chăm chỉ làm lụng, ngày ngày gánh nước tưới cho cây khế, và chim lạ bay về, "
        "đậu kín cả góc vườn nhỏ.",
    ]


@pytest.mark.parametrize(
    "end",
    [
        ["{}"],
        ["- {} -"],
        ["{}", "CHUYỆN CÂY KHẾ"],
        ["Chuyện cây khế", "{}"],
        ["", "{}", "Chuyện cây khế", ""],
    ],
)
def test_pages_of_a_very_short_text_end_within_its_lines(end: list[str]) -> None:
    lines = WRAPPED.split("\n")[:3]
    paged = [lines[0]]
    for number, line in enumerate(lines[1:], 7):
        paged += [part.format(number) for part in end] + [line]
    assert tidied("\n".join(paged)) == [" ".join(lines)]


def test_a_number_between_whole_sentences_is_no_page() -> None:
    parts = [STORY[0], "2", STORY[1], "3", STORY[2]]
    assert tidied("\n\n".join(parts)) == parts
    counted = ["Trong vườn nhà bà cụ ở cuối xóm năm nay có đúng", "12", "Cây khế ra hoa."]
    assert tidied("\n".join(counted)) == counted


def test_numbers_of_chapters_and_verses_stay() -> None:
    novel = "\n\n".join(f"{number}\n\n{' '.join(STORY)} {number}" for number in range(1, 6))
    assert tidied(novel, "repeats")[::2] == list("12345")
    verse = "\n\n".join(f"{number}\nThuyền về có nhớ bến chăng,\nBến thì đợi" for number in "123")
    assert tidied(verse)[::3] == list("123")


# --- notes, captions, running titles ------------------------------------------------------------


def test_notes_and_captions_go_with_their_labels() -> None:
    document = chapters(
        [
            Paragraph(LONG),
            Paragraph("Cây khế bên nhà", Kind.CAPTION),
            Paragraph("Chú thích:"),
            Paragraph("Một loài chim lớn.", Kind.NOTE),
            Paragraph("Tức ba gang tay.", Kind.NOTE),
        ]
    )
    result = tidy(document)
    assert texts(result) == [LONG]
    assert told(result) == {"notes left out": 3, "captions left out": 1}
    assert tidy(document, keep=["notes", "captions"]) == document


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        (
            "Sếu cao 1,8 mét.[1] Nó múa[12]. Hàng [3] ở giữa.",
            "Sếu cao 1,8 mét. Nó múa. Hàng [3] ở giữa.",
        ),
        ("Em[1] mà về [2] thì vui [3].", "Em mà về thì vui."),
        ("Từ bến [184] đến làng [185] thôi.", "Từ bến đến làng thôi."),
        ("Nước chảy.¹ Gió thổi² mãi. ³", "Nước chảy. Gió thổi mãi."),
        ("Vườn rộng 5 km², x² dương, 10² lần.", None),
        ("Lời thoại (1) đầu, (2) sau rồi (3) nữa.", None),
        ("Ông sinh năm (1945) và mất (1990).", None),
        ("Hàm f(1) nhỏ hơn a[1] và b[2].", None),
        ("Gồm có: (1) vốn, (2) đất và (3) người.", None),
        ("[1] Vốn là một. [2] Đất là hai.", None),
        ("(A) Đúng (B) Sai", None),
        ("Cây tre (*) xanh.", "Cây tre xanh."),
        ("Cây tre [chú thích 3] xanh.", "Cây tre xanh."),
        ("Cây {1} và lá {2} đều xanh {3}.", "Cây và lá đều xanh."),
        ("Cây {tre} xanh {7}.", None),
        ("Tre xanh. ([4])", "Tre xanh."),
    ],
)
def test_marks_of_notes_are_not_read(marked: str, read: str | None) -> None:
    assert tidied(marked) == [read or marked]
    assert tidied(marked, "note-marks") == [marked]


def test_a_line_with_nothing_but_a_mark_goes() -> None:
    assert tidied("Xin chào các bạn.\n\n²\n\nTạm biệt.") == ["Xin chào các bạn.", "Tạm biệt."]


STEERED = "Gã cắm sào{} bên gốc gạo{} rồi ngủ."
NOTED = ["Gã cắm sào (1) bên gốc gạo.", "Trời vừa hửng, sương tan dần trên bãi."]


@pytest.mark.parametrize(
    "notes",
    [
        ["Chú thích:", "(1) Sào: cây tre để đẩy thuyền.", "(2) Gạo: cây bông gạo."],
        [
            "Chú thích",
            "1. Sào: cây tre để đẩy thuyền.",
            "Có nơi gọi là con sào.",
            "2. Gạo: cây bông.",
        ],
        ["(1) Sào: cây tre để đẩy thuyền."],
        ["GHI CHÚ", "[1] Sào: cây tre để đẩy thuyền."],
        ["Chú thích", "[1] Sào: cây tre để đẩy thuyền.", "Dân chài chọn tre đực làm sào."],
        ["__________", "[1] Sào: cây tre để đẩy thuyền.", "Dân chài chọn tre đực làm sào."],
        ["{1} Sào: cây tre để đẩy thuyền."],
    ],
)
def test_notes_without_links_are_not_read(notes: list[str]) -> None:
    for following in ([], ["Chương 2", *STORY[:2]]):
        lines = [*NOTED, *notes, *following]
        expected = ["Gã cắm sào bên gốc gạo.", NOTED[1], *following]
        assert tidied("\n\n".join(lines)) == expected
        assert tidied("\n\n".join(lines), "notes", "note-marks") == lines


def test_sources_are_notes() -> None:
    sources = ["Nguyễn An, Sông nước, NXB Cây Khế, 1998.", "[2] Lê Bình, 2003."]
    text = "\n\n".join([*STORY[:3], "Tài liệu tham khảo", *sources])
    assert tidied(text) == STORY[:3]


NOTE_HEADINGS = ("Chú thích", "Cước chú:", "Notes", "Tài liệu tham khảo", "References", "***")


@pytest.mark.parametrize("kind", [Kind.PROSE, Kind.HEADING])
@pytest.mark.parametrize("heading", NOTE_HEADINGS)
@pytest.mark.parametrize("below", [[], ["Cây khế chua."], ["Cây khế chua.", "(*)", "1"]])
def test_a_heading_of_notes_with_nothing_numbered_below_takes_no_story(
    kind: Kind, heading: str, below: list[str]
) -> None:
    notes = [Paragraph(heading, kind), *map(Paragraph, below)]
    story = [Paragraph(line) for line in STORY[:2]]
    for rows in ([*notes, *story], [*story, *notes], [*story, *notes, *story]):
        read = texts(tidy(chapters(rows)))
        assert [line for line in read if line in STORY] == [r.text for r in rows if r in story]


@pytest.mark.parametrize("kind", [Kind.PROSE, Kind.HEADING])
def test_words_explained_without_numbers_are_notes(kind: Kind) -> None:
    notes = [Paragraph("Chú thích", kind), *map(Paragraph, ("Sào: cây tre.", "Gạo: cây bông."))]
    assert texts(tidy(chapters([Paragraph(STORY[0]), *notes]))) == STORY[:1]
    doubtful = [Paragraph("Ghi chú", kind), *notes[1:]]
    assert len(texts(tidy(chapters([Paragraph(STORY[0]), *doubtful])))) == 4


@pytest.mark.parametrize("source", ["Nguyễn An, Sông nước, 1998.", "Lê Bình, Chợ nổi, NXB Khế."])
@pytest.mark.parametrize("kind", [Kind.PROSE, Kind.HEADING])
def test_sources_without_numbers_are_left_out_and_told(kind: Kind, source: str) -> None:
    heading = Paragraph("Tài liệu tham khảo", kind)
    result = tidy(chapters([Paragraph(STORY[0]), heading, Paragraph(source)]))
    assert texts(result) == STORY[:1]
    assert [piece.text for change in result.changes for piece in change.left_out] == [
        "Tài liệu tham khảo",
        source,
    ]


def test_a_star_at_the_end_explains_a_star_in_the_text() -> None:
    text = ["Gã cắm sào* bên gốc gạo.", STORY[0], "* Sào: cây tre để đẩy thuyền."]
    assert tidied("\n\n".join(text)) == ["Gã cắm sào bên gốc gạo.", STORY[0]]


@pytest.mark.parametrize(
    "lines",
    [
        ["Có hai điều cần nhớ.", "(1) Dậy sớm.", "(2) Ăn no."],
        ["Ghi chú:", "1. Mang ô.", "2. Mang dép."],
        ["Chú thích", "Dùng dấu này để viết chú thích.", "Nó không được chạy."],
        ["Chú thích:", "(1) Sào: cây tre.", *STORY[:6]],
        ["Nhà có hai lối: (1) lối trước, (2) lối sau. Bà đi lối (1).", "(1) Lối trước lát đá."],
        ["Xét khoản (1) và (2) ở trên, bà được nhận.", "(1) Ai ở lại thì nhận gạo.", "(2) Ai đi."],
        ["Hai lối (1) lối trước, (2) lối sau. Bà chọn (2) rồi.", "(2) Lối sau trồng tre."],
        ["Ai đến (1) thì ngồi.", "(1) Ghế dài.", "(2) Ghế ngắn."],
        ["Tham khảo", "Ông nói nên tham khảo người già trong làng."],
    ],
)
def test_what_may_be_text_is_no_note(lines: list[str]) -> None:
    assert tidied("\n\n".join([STORY[9], *lines])) == [STORY[9], *lines]


@pytest.mark.parametrize(
    ("marks", "notes"),
    [
        ((" [1]", "(2)"), ["[1] Cây tre.", "(2) Cây bông gạo."]),
        (("(1)", "*"), ["(1) Cây tre.", "* Cây bông gạo."]),
        ((" (*)", " (**)"), ["(*) Cây tre.", "(**) Cây bông gạo."]),
        ((" (a)", " (b)"), ["(a) Cây tre.", "(b) Cây bông gạo."]),
        ((" [i]", " [ii]"), ["Chú thích:", "[i] Cây tre.", "[ii] Cây bông gạo."]),
        (("¹", "²"), ["1. Cây tre.", "2. Cây bông gạo."]),
        (("[3]", "[4]"), ["3. Cây tre.", "4. Cây bông gạo."]),
    ],
)
def test_notes_go_with_their_marks_whatever_their_form(
    marks: tuple[str, str], notes: list[str]
) -> None:
    lines = ["Chương 1", STEERED.format(*marks), STORY[0], *notes, "Chương 2", STORY[1]]
    result = tidy(divide_blocks("\n\n".join(lines)))
    read = "Gã cắm sào bên gốc gạo rồi ngủ."
    assert texts(result) == ["Chương 1", read, STORY[0], "Chương 2", STORY[1]]
    pieces = [piece.text for change in result.changes for piece in change.left_out]
    assert pieces[-len(notes) :] == notes
    assert all(mark.strip() in " ".join(pieces[: -len(notes)]) for mark in marks)


@pytest.mark.parametrize(
    "lines",
    [
        [STEERED.format(" (a)", ""), "(a) Ai đi trước.", "(b) Ai đi sau."],
        [STEERED.format(" (b)", " (a)"), "(a) Ai đi trước.", "(b) Ai đi sau."],
        [STEERED.format("", ""), "1. Ai đi trước.", "2. Ai đi sau."],
        [STEERED.format("¹", ""), "1. Ai đi trước.", "2. Ai đi sau."],
        [STEERED.format("*", ""), "* “Một câu hay.”", STORY[0], "* “Hai câu hay.”"],
        ["Ông ở nhà trọ 5* cạnh bến.", "Khoảng [0, 1] và [2, 3] rời nhau."],
    ],
)
def test_lists_that_explain_no_marks_in_order_stay(lines: list[str]) -> None:
    assert tidied("\n\n".join([STORY[9], *lines]), "note-marks") == [STORY[9], *lines]


def test_several_sources_in_one_mark_are_not_read() -> None:
    text = "Theo [12], kết quả [14-16] và [17, 18] là đúng."
    assert tidied(text) == ["Theo, kết quả và là đúng."]
    assert tidied("Khoảng [0, 1] và [2, 3] rời nhau.") == ["Khoảng [0, 1] và [2, 3] rời nhau."]


def test_a_story_goes_on_after_notes_in_its_middle() -> None:
    novel = ["Chương 1", "Gã cắm sào (1) rồi ngủ.", "Chú thích:", "(1) Sào: cây tre.", *STORY[:2]]
    assert tidied("\n\n".join(novel)) == ["Chương 1", "Gã cắm sào rồi ngủ.", *STORY[:2]]
    spoken = [novel[1], "Chú thích", novel[3], "- Dậy đi!", "Gã dậy."]
    assert tidied("\n\n".join(spoken)) == ["Gã cắm sào rồi ngủ.", "- Dậy đi!", "Gã dậy."]


@pytest.mark.parametrize(
    ("marks", "notes"),
    [
        (("(1)", "(2)"), ["(1) Cây tre để đẩy thuyền.", "(2) Cây bông gạo."]),
        (("[4]", "[5]"), ["[4] Cây tre để đẩy thuyền.", "[5] Cây bông gạo."]),
        (("¹", "²"), ["¹ Cây tre để đẩy thuyền.", "² Cây bông gạo."]),
        (("*", ""), ["* Cây tre để đẩy thuyền."]),
    ],
)
def test_notes_may_stand_where_a_page_ended(marks: tuple[str, str], notes: list[str]) -> None:
    lines = [STORY[9], STEERED.format(*marks), *notes, STORY[0], "- Dậy đi!"]
    expected = [STORY[9], "Gã cắm sào bên gốc gạo rồi ngủ.", STORY[0], "- Dậy đi!"]
    assert tidied("\n\n".join(lines)) == expected
    assert tidied("\n\n".join(lines), "notes", "note-marks", "bullets") == lines


@pytest.mark.parametrize(
    "lines",
    [
        [STEERED.format(" (1)", " (2)"), "(1) Ai đi trước.", "(2) Ai đi sau.", STORY[0]],
        [STEERED.format("(1)", "(2)"), "(1) Cây tre để đẩy thuyền.", STORY[0]],
        [STEERED.format("(2)", "(1)"), "(1) Ai đi trước.", "(2) Ai đi sau.", STORY[0]],
        ["Cần mang theo:", "* gạo", "* muối", STORY[0]],
    ],
)
def test_what_explains_no_mark_right_above_is_text(lines: list[str]) -> None:
    assert tidied("\n\n".join(lines), "note-marks", "bullets") == lines


@pytest.mark.parametrize("label", ["Chú thích:", "Chú thích"])
def test_what_follows_the_last_note_is_a_note_only_if_it_shows(label: str) -> None:
    text = [STEERED.format("(1)", "(2)"), label, "(1) Sào: cây tre.", "(2) Nay gọi là mộc miên."]
    story = ["Trời vừa hửng, sương tan dần.", "Chim bay về phía núi."]
    read = [STEERED.format("", "")]
    assert tidied("\n\n".join([*text, *story])) == [*read, *story]
    assert tidied("\n\n".join([*text, *story[:1]])) == [*read, *story[:1]]
    longer = [*text[:3], "Dân chài chọn tre đực.", text[3], "Hoa nở tháng ba."]
    assert tidied("\n\n".join(longer)) == read
    assert tidied("\n\n".join([*longer, *story])) == [*read, "Hoa nở tháng ba.", *story]


def test_a_list_between_pauses_is_no_note() -> None:
    lines = ["Hai việc phải làm.", "***", "1. Nấu cơm.", "2. Quét nhà.", "***", "Rồi bà đi ngủ."]
    read = [line for line in tidied("\n\n".join(lines)) if line != "* * *"]
    assert read == [line for line in lines if line != "***"]


def test_links_to_edit_are_not_read() -> None:
    assert tidied("Lịch sử[sửa | sửa mã nguồn]\n\nLàng có từ xưa.[cần dẫn nguồn]") == [
        "Lịch sử",
        "Làng có từ xưa.",
    ]


def book(heads: list[list[str]], meta: Meta) -> Document:
    return chapters(
        *(
            [
                *(Paragraph(line) for line in head),
                Paragraph(f"Chương {number}", Kind.HEADING, 1),
                Paragraph("Hà Nội"),
                Paragraph(f"{number}. {LONG}"),
            ]
            for number, head in enumerate(heads, 1)
        ),
        meta=meta,
    )


def test_running_titles_are_read_once() -> None:
    heads = [["Cây khế", "Nguyễn Văn A"]] * 3
    expected = ["Cây khế", "Nguyễn Văn A", "Chương 1", "Hà Nội"]
    for meta in (Meta(), Meta(title="CÂY KHẾ", author="Nguyễn Văn A")):
        result = tidy(book(heads, meta))
        assert texts(result)[:4] == expected
        assert texts(result).count("Hà Nội") == 3
        assert told(result) == {"running titles left out": 4}


def test_two_chapters_are_no_evidence() -> None:
    document = book([["Cây khế"]] * 2, Meta(title="Cây khế"))
    assert tidy(document) == document


# --- repeats ------------------------------------------------------------------------------------


def test_a_long_paragraph_is_read_once_and_reported() -> None:
    result = tidy(divide_blocks(f"{LONG}\n\nVâng ạ.\n\n{LONG}\n\nThưa vâng.\n\nVâng ạ.\n\n{LONG}"))
    assert texts(result) == [LONG, "Vâng ạ.", "Thưa vâng.", "Vâng ạ."]
    assert told(result) == {"repeated paragraphs read once": 2}
    assert result.changes[0].example.startswith("Mùa khô")


def test_repeats_are_found_whatever_their_letters() -> None:
    twice = [Paragraph(LONG), Paragraph(LONGER)]
    again = [Paragraph(paragraph.text.replace("ấ", "a\u0302\u0301")) for paragraph in twice]
    result = tidy(chapters([*twice, *again, Paragraph("Hết.")]))
    assert texts(result) == [LONG, LONGER, "Hết."]


@pytest.mark.parametrize(
    "between",
    [
        "Câu 2. Phân tích tâm trạng người trồng lúa.",
        "Vì sao trạm đo ở quá xa?",
        "Trả lời:",
        "Đề số 4",
        "b) Người đi ghi sổ",
        "\n\n".join(STORY[:6]),
    ],
)
def test_answers_that_share_paragraphs_are_no_repeats(between: str) -> None:
    book = f"Câu 1. Kể lại truyện.\n\n{LONG}\n\n{LONGER}\n\n{between}\n\n{LONG}\n\n{LONGER}\n\nHết."
    result = tidy(divide_blocks(book))
    assert texts(result) == book.split("\n\n")
    assert told(result) == {}


def test_what_stands_in_two_chapters_is_no_repeat() -> None:
    document = chapters([Paragraph(LONG), Paragraph(LONGER)], [Paragraph(LONG), Paragraph(LONGER)])
    assert tidy(document) == document
    novel = "\n\n".join(f"Chương {n}\n\n{LONG}\n\n{LONGER}" for n in (1, 2, 3))
    assert tidied(novel) == novel.split("\n\n")


def test_a_chapter_pasted_twice_with_its_heading_is_read_once() -> None:
    chapter = f"Chương 1: Mùa khô\n\n{LONG}\n\n{LONGER}"
    other = f"Chương 2: Mùa mưa\n\n{' '.join(STORY)}"
    assert tidied(f"{chapter}\n\n{other}\n\n{chapter}") == f"{chapter}\n\n{other}".split("\n\n")


def test_a_block_is_a_repeat_with_its_short_lines_and_heading() -> None:
    block = [
        Paragraph("Chương 1", Kind.HEADING),
        *map(Paragraph, (LONG, "“Vâng ạ.”", LONGER, "“Thưa vâng.”")),
    ]
    label = Paragraph("Câu hỏi")
    result = tidy(
        chapters([*block, label, Paragraph("Một?"), *block, label, Paragraph("Hai?")]),
    )
    assert texts(result)[5:] == ["Câu hỏi", "Một?", "Câu hỏi", "Hai?"]


DIALOGUE = [
    "— Anh đi đâu mà sớm thế, trời còn chưa sáng hẳn?",
    "— Tôi ra bến đò đón thằng cháu ở trên tỉnh về.",
    "— Thế anh có thấy đám người lạ đứng ở đầu làng không?",
    "— Có, họ đứng đấy từ nửa đêm, chẳng nói chẳng rằng.",
    "Người đàn bà nhìn quanh, rồi hạ giọng xuống:",
    "— Anh đừng đi lối ấy, vòng sau đình mà đi cho lành.",
    "— Cảm ơn chị, tôi nhớ rồi, chị về nghỉ đi.",
]


def test_a_block_of_short_lines_pasted_twice() -> None:
    pasted = "\n".join([*DIALOGUE, LONG, *DIALOGUE, "Hết."])
    result = tidy(divide_blocks(pasted))
    assert texts(result) == [*DIALOGUE, LONG, "Hết."]


def test_people_and_songs_repeat_themselves() -> None:
    plea = "— Bẩm ông lớn, chúng con là tôi con ông lớn, xin ông lớn thương cho, " * 2
    novel = [LONG, plea.strip(), "Ông ta lại nói:", plea.strip(), *DIALOGUE[:3], *DIALOGUE[:3]]
    assert tidied("\n".join(novel)) == novel
    song = ["Ai về bến cũ", "Cho tôi gửi lời", "Một dòng sông nhớ thương người đã xa rồi"] * 4
    assert tidied("\n".join([*song, "Hò ơi", *song])) == [*song, "Hò ơi", *song]
    verse = [Paragraph(LONG, Kind.VERSE)] * 3
    assert tidy(chapters(verse)) == chapters(verse)


@pytest.mark.parametrize(
    ("written", "misprint"),
    [("Trần Văn Lực", "Trần Văn Lưc"), ("nhựa", "nhưạ"), ("đảo, hơn", "đảo hơn"), ("làn", "lànn")],
)
def test_near_repeats(written: str, misprint: str) -> None:
    again = LONGER.replace(written, misprint)
    assert again != LONGER
    result = tidy(divide_blocks(f"{LONGER}\n\nHết.\n\n{again}"))
    assert texts(result) == [LONGER, "Hết."]
    assert told(result) == {"nearly repeated paragraphs read once": 1}


@pytest.mark.parametrize(("word", "other"), [("bốn", "sáu"), ("Lực", "Minh"), ("không", "đang")])
def test_another_word_makes_another_paragraph(word: str, other: str) -> None:
    again = LONGER.replace(word, other)
    assert tidied(f"{LONGER}\n\n{again}") == [LONGER, again]


# --- the whole ----------------------------------------------------------------------------------


def test_names_of_steps() -> None:
    names = [step.name for step in STEPS]
    assert len(set(names)) == len(names)


@given(st.text(alphabet="aăâ bđ.\n\t,1\u0301\u200b\x00", max_size=200))
def test_nothing_else_is_lost(text: str) -> None:
    letters = "".join("".join(tidied(text)).split())
    expected = unicodedata.normalize("NFC", text.replace("\u200b", "").replace("\x00", ""))
    assert letters == "".join(unicodedata.normalize("NFC", expected).split())


LINES = [
    *(line for lines in FURNITURE.values() for line in lines),
    *STORY[:3],
    *DIALOGUE,
    LONG,
    LONGER,
    LONGER.replace("Lực", "Lưc"),
    WRAPPED,
    "Minh Hạnh",
    "Theo Báo Mới",
    "Chia sẻ",
    "Nguồn: Hùng",
    "Chú thích:",
    "Chương 1",
    "Câu hỏi",
    "12",
    "13",
    "14",
    "<b>Một</b> &lt;br&gt;",
]
DOCUMENTS = st.builds(
    chapters,
    *[
        st.lists(st.builds(Paragraph, st.sampled_from(LINES), st.sampled_from(Kind)), max_size=12)
        for _ in range(3)
    ],
    meta=st.just(Meta(title="Câu hỏi")),
)


@given(DOCUMENTS)
def test_tidying_twice_changes_nothing(document: Document) -> None:
    once = tidy(document)
    again = tidy(once)
    assert texts(again) == texts(once)
    assert again.changes == once.changes


@given(DOCUMENTS)
def test_nothing_disappears_unreported(document: Document) -> None:
    for step in STEPS:
        result, touched = step.act(document)
        lost = Counter(" ".join(texts(document)).split())
        lost.subtract(" ".join(texts(result)).split())
        reported = Counter(" ".join(touched).split())
        if step.name not in ("letters", "markup", "broken-words", "ornaments"):  # these rewrite
            assert all(reported[word] >= count for word, count in lost.items())
        assert bool(touched) or texts(result) == texts(document)


@given(DOCUMENTS)
def test_what_no_step_names_comes_through_word_for_word(document: Document) -> None:
    untouched = tidy(document, keep=[step.name for step in STEPS])
    assert untouched.changes == ()
    assert " ".join(texts(untouched)).split() == " ".join(texts(document)).split()


# --- real texts ---------------------------------------------------------------------------------

# What was taken out of each book was read line by line: none of it is text of the book.
CREDITS = {"copyright lines left out": 9}
# What takes characters, and leaves the paragraph.
WITHIN = {"characters of other scripts left out"}
BOOKS = {
    "chi-pheo": CREDITS,
    "giong-to": CREDITS | {"running titles left out": 64, "notes left out": 17},
    "kinh-dich": {
        "notes left out": 418,
        "copyright lines left out": 11,
        "characters of other scripts left out": 2,
        "lines of Han characters read once": 1109,
    },
    "luan-ly-giao-khoa-thu": {},
    "tat-den": {},
    "truyen-kieu": CREDITS | {"running titles left out": 8},
    "van-te-nghia-si-can-giuoc": CREDITS,
    "viec-lang": CREDITS | {"running titles left out": 34},
}
# Lines of verse that ran on in a paragraph, and are paragraphs now: so many more of these.
PARTED = {"giong-to": 2, "luan-ly-giao-khoa-thu": 5}


@pytest.mark.parametrize("name", BOOKS)
def test_real_books(name: str) -> None:
    path = SHARED / "books" / f"{name}.epub"
    if not path.exists():
        pytest.skip(f"there is no {path}")
    document = epub.read(path.read_bytes(), path.name)
    result = tidy(replace(document, changes=()), keep=["letters", "note-marks"])
    assert told(result) == BOOKS[name]
    counts = {step: count for step, count in BOOKS[name].items() if step not in WITHIN}
    parted = PARTED.get(name, 0)
    assert len(texts(document)) - len(texts(result)) == sum(counts.values()) - parted


def test_a_real_article() -> None:
    path = SHARED / "article.txt"
    if not path.exists():
        pytest.skip(f"there is no {path}")
    document = read(path.read_bytes(), path.name)
    result = tidy(document)
    assert texts(result) == document.chapters[0].paragraphs[0].text.split("\n")[:6]
    assert told(result) == {"repeated paragraphs read once": 5}


def test_quotations_are_put_in_order_like_prose() -> None:
    """A passage set apart is repeated, wrapped and parted by ornaments like any other."""
    quote = Paragraph(LONG, Kind.QUOTE)
    chapter = Chapter("", (quote, Paragraph("* * *", Kind.QUOTE), quote, Paragraph("Hết.")))
    (tidied,) = tidy(Document(meta=Meta(), chapters=(chapter,))).chapters
    assert [paragraph.kind for paragraph in tidied.paragraphs] == [
        Kind.QUOTE,
        Kind.BREAK,
        Kind.PROSE,
    ]


def test_nothing_of_a_book_stays_in_memory() -> None:
    def read(first: int, count: int) -> Document:
        lines = (f"Câu thứ {n} kể về một người đi xa." for n in range(first, first + count))
        return divide(tidy(divide_blocks("\n\n".join(lines))))

    read(0, 300)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    read(10_000, 1000)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 20_000  # bytes; a line alone takes 120
