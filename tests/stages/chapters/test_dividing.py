from __future__ import annotations

import pytest

from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.stages.chapters import divide
from audiobook.stages.readers.plain import divide_blocks


def divided(text: str) -> Document:
    return divide(divide_blocks(text))


@pytest.mark.parametrize(
    "heading",
    [
        "Chương 1",
        "CHƯƠNG II: NGƯỜI CHỒNG",
        "Chương 12. Đêm trăng",
        "Chương IV - Bến đò",
        "chương ba",
        "Chương thứ nhất",
        "Chương mười hai: Trở về",
        "Phần I",
        "PHẦN THỨ HAI",
        "Hồi 3 – Hội ngộ",
        "Quyển 2",
        "Chương 7 Người đàn bà bên sông",
        "# Mở đầu",
        "### Một mục nhỏ",
        "## Phần 1: Vì sao?",
    ],
)
def test_headings(heading: str) -> None:
    document = divided(f"Lời nói đầu.\n\n{heading}\n\nTrời sáng dần.")
    first, second = document.chapters
    assert second.title == heading.lstrip("# ")
    assert second.paragraphs[0].kind is Kind.HEADING
    assert [p.text for p in second.paragraphs[1:]] == ["Trời sáng dần."]
    assert first.title == ""


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Q1 - Chương 2: Gió", "Q1 - Chương 2: Gió"),
        ("☆, chương 2: Gió", "chương 2: Gió"),
        ("◆ Chương 2 ◆ Gió", "Chương 2: Gió"),
        ("<‹ Chương 2 >>", "Chương 2"),
        ("[B]Chương 2: Gió[/B]", "Chương 2: Gió"),
        ("[center][size=4]Chương 2: Gió[/size][/center]", "Chương 2: Gió"),
        ("Q1C2: Gió", "Q1C2: Gió"),
        ("C.2 Gió", "C.2 Gió"),
        ("Chương 2 quyển 1: Gió", "Chương 2 quyển 1: Gió"),
        ("Chương 2 / Gió", "Chương 2 / Gió"),
        ("Chương 2 gió lên", "Chương 2 gió lên"),
        ("Chương_2: Gió", "Chương 2: Gió"),
        ("[Dịch] Chương 2: Gió", "Chương 2: Gió"),
        ("(VIP) Chương 2", "Chương 2"),
        ("Truyện: Bến cũ - Chương 2", "Chương 2"),
        ("〖Chương 2〗", "Chương 2"),
        ("【Ngoại truyện】 Gió", "Ngoại truyện: Gió"),
        ("Chương ngoại truyện", "Chương ngoại truyện"),
        ("Bonus chapter: Gió", "Bonus chapter: Gió"),
        ("Chung chương", "Chung chương"),
        ("Interlude", "Interlude"),
        ("Afterword", "Afterword"),
        ("Arc 2: Gió", "Arc 2: Gió"),
        ("Season 2", "Season 2"),
        ("Lời ngỏ", "Lời ngỏ"),
        ("C H Ư Ơ N G 2", "CHƯƠNG 2"),
        ("C H Ư Ơ N G  I I", "CHƯƠNG II"),
        ("C h ư ơ n g 2", "Chương 2"),
        ("C\u00a0H\u00a0Ư\u00a0Ơ\u00a0N\u00a0G\u00a02", "CHƯƠNG 2"),
        ("C H Ư Ơ N G 1 2 : G I Ó M Ù A", "CHƯƠNG 12: GIÓ MÙA"),
        ("C H U O N G 2", "CHƯƠNG 2"),
        ("H Ồ I T H Ứ H A I: Gió", "HỒI THỨ HAI: Gió"),
        ("L Ờ I B Ạ T", "LỜI BẠT"),
        (">>> Chương 2 <<<", "Chương 2"),
        ("~~~ Chương 2 ~~~", "Chương 2"),
        ("--->Chương 2: Gió<---", "Chương 2: Gió"),
        ("《《Chương 2》》", "Chương 2"),
        ("[[Chương 2: Gió]]", "Chương 2: Gió"),
        (".:: Chương 2 ::.", "Chương 2"),
        ("... Chương 2 ...", "Chương 2"),
        ("(¯`·.Chương 2.·´¯)", "Chương 2"),
        ("@@ Chương 2 @@", "Chương 2"),
        ("---o0o--- Chương 2 ---o0o---", "Chương 2"),
        ("Chuong 2: Gio", "Chương 2: Gio"),
        ("第二章 Gió", "Chương 2: Gió"),
        ("PN2: Gió", "PN2: Gió"),
        ("Episode 2: Gió", "Episode 2: Gió"),
        ("Chương mở đầu", "Chương mở đầu"),
        ("Chương ２：Gió", "Chương 2: Gió"),
        ("Chương 2: Chương 2: Gió", "Chương 2: Gió"),
        ("[ Chương 2 ] – Gió", "Chương 2 – Gió"),
        ("Quyển 1 Chương 2: Gió", "Quyển 1 Chương 2: Gió"),
        ("“Chương 0002 : Gió”", "Chương 2: Gió"),
        ("Đệ 2 chương", "Đệ 2 chương"),
        ("Đệ nhị chương: Gió", "Đệ nhị chương: Gió"),
        ("Thứ 002 chương: Gió", "Thứ 2 chương: Gió"),
        ("Chapter 2.", "Chapter 2."),
        ("Chap 2", "Chap 2"),
        ("C2: Gió", "C2: Gió"),
        ("C.2", "C.2"),
        ("===== Chương 2 =====", "Chương 2"),
        ("~~ Chương 2: Gió ~~", "Chương 2: Gió"),
        ("❀ Chương 2 ❀", "Chương 2"),
        ("【Chương 2】 Gió", "Chương 2: Gió"),
        ("**Chương 2**", "Chương 2"),
        ("<Chương 2>", "Chương 2"),
        ("[Chương 2] Gió", "Chương 2: Gió"),
        ("Ngoại truyện 2", "Ngoại truyện 2"),
        ("Phiên ngoại: Gió", "Phiên ngoại: Gió"),
        ("Tiết tử", "Tiết tử"),
        ("Chương cuối", "Chương cuối"),
        ("Đại kết cục (thượng)", "Đại kết cục (thượng)"),
        ("Chương 2 (tiếp)", "Chương 2 (tiếp)"),
        ("Chương 2+3", "Chương 2+3"),
        ("Chương 2, 3", "Chương 2, 3"),
        ("Chương thứ 2", "Chương thứ 2"),
        ("Chương 1.5", "Chương 1.5"),
        ("HỒI THỨ HAI", "HỒI THỨ HAI"),
        ("Chương 2: Gió - truyenhay.example.com", "Chương 2: Gió"),
        ("Bến cũ - Chương 2: Gió", "Chương 2: Gió"),
    ],
)
def test_headings_as_novels_are_shared(line: str, title: str) -> None:
    text = f"Chương 1\n\nMưa rơi.\n\n{line}\n\nGió thổi.\n\nChương 3\n\nNắng lên."
    assert titles(text) == ["Chương 1", title, "Chương 3"]


def test_short_units_are_said_whole() -> None:
    document = divided("C1: Mưa\n\nMưa rơi.\n\nC2: Gió\n\nGió thổi.\n\nQ2 - Chương 1\n\nNắng.")
    heads = [chapter.paragraphs[0].text for chapter in document.chapters]
    assert heads == ["Chương 1: Mưa", "Chương 2: Gió", "Quyển 2 - Chương 1"]


def test_divisions_named_otherwise_count_up() -> None:
    text = "Kỳ 1: Mưa\n\nMưa rơi.\n\nKỳ 2: Gió\n\nGió thổi.\n\nKỳ cuối: Nắng\n\nNắng lên."
    assert titles(text) == ["Kỳ 1: Mưa", "Kỳ 2: Gió", "Kỳ cuối: Nắng"]
    assert titles(text.replace("Kỳ cuối", "Kỳ 3").replace("Kỳ", "Cảnh"))[2] == "Cảnh 3: Nắng"


@pytest.mark.parametrize(
    "prose",
    [
        "Phần thứ nhất, là giới thiệu tình hình.",
        "Thứ hai, chương trình bắt đầu",
        "C1: Nêu cách đo độ dài.",
        "C.1 là một loại vitamin",
        "Cảnh 1 con chim bay qua sân",
        "Kỳ 1 năm học này em được điểm cao",
        "Chuong 1 cua cuon sach nay rat hay.",
        "[B]Chương 1 hay lắm, chị ạ.[/B]",
        "- Chương 1: Hay lắm!",
        "“Chương 1 hay lắm.”",
        "(Lời người dịch)",
        "Xem lại bài - Chương 2 và những điều khác",
        "Bài thứ hai",
        "Hết chương 3",
        "... Chương 2, em đọc rồi ...",
        "A B C D 2",
        "Chương 2 rồi đến chương 3, đọc mãi",
        "chương 2 của cuốn sách ấy",
        "Arc 2 là tên cái cầu.",
        "Act như không có gì",
        "Lời ngỏ của anh làm cô đỏ mặt",
        "Kết đoạn nào cũng buồn",
        "T ô i đ i h ọ c",
        ">> Chương 2",
        "Chương 1 của cuốn sách này kể về một người đàn bà.",
        "Phần 2 ai cũng biết rồi.",
        "Phần lớn dân làng đã bỏ đi.",
        "Hồi ấy tôi còn nhỏ.",
        "Quyển sách nằm trên bàn.",
        "Chương trình bắt đầu lúc tám giờ.",
        "Hồi mi còn nhỏ.",
        "#hashtag không phải là đề mục",
        "# " + "dài " * 80,
    ],
)
def test_prose_is_no_heading(prose: str) -> None:
    document = divided(f"Lời nói đầu.\n\n{prose}\n\nTrời sáng dần.")
    assert len(document.chapters) == 1


def test_a_chapter_without_text_is_never_made() -> None:
    document = divided("Chương 1\n\nPhần I\n\nMưa.\n\nChương 2\n\nPhần I\n\nGió.\n\nChương 3")
    assert [(c.title, c.level) for c in document.chapters] == [("Chương 1", 1), ("Chương 2", 1)]
    assert [p.text for p in document.chapters[1].paragraphs] == [
        "Chương 2",
        "Phần I",
        "Gió.",
        "Chương 3",
    ]


def test_a_part_bears_its_title_with_its_first_chapter() -> None:
    document = divided("QUYỂN I: Sông\n\nChương 1\n\nMưa.\n\nChương 2\n\nGió.\n\nQUYỂN II\n\nNắng.")
    assert [(c.title, c.level) for c in document.chapters] == [
        ("QUYỂN I: Sông – Chương 1", 1),
        ("Chương 2", 2),
        ("QUYỂN II", 1),
    ]


def test_the_items_of_a_list_are_no_chapters() -> None:
    items = "Chương 1: Đất\n\nChương 2: Nước"
    assert titles(f"Môn học gồm hai phần lớn.\n\n{items}\n\nHọc xong thì thi.") == [""]
    book = "Chương 1: Đất\n\nĐất nâu.\n\nChương 2: Nước\n\nNước trong."
    document = divided(f"Sách có hai chương.\n\n{items}\n\nTa cùng đọc.\n\n{book}")
    assert [c.title for c in document.chapters] == ["", "Chương 1: Đất", "Chương 2: Nước"]
    assert len(document.chapters[0].paragraphs) == 4


def test_a_title_written_twice_is_one() -> None:
    text = "Chương 1\n\nChương 1: Mưa\n\nMưa rơi.\n\nChương 2: Gió\n\nChương 2: Gió\n\nGió thổi."
    document = divided(text)
    assert [c.title for c in document.chapters] == ["Chương 1: Mưa", "Chương 2: Gió"]
    assert [change.name for change in document.changes] == ["repeated-titles"]
    assert len(divide(divide_blocks(text), ["repeated-titles"]).chapters[1].paragraphs) == 3
    other = "Chương 3: Mưa (một)\n\nA.\n\nChương 3: Mưa (hai)\n\nB."
    assert len(titles(other)) == 2


def test_a_title_above_its_number_is_one_with_it() -> None:
    text = "Mưa\n\nChương 1: Mưa\n\nMưa rơi.\n\nGió\n\nChương 2\n\nGió\n\nGió thổi mãi không thôi."
    document = divided(text)
    assert [c.title for c in document.chapters] == ["Chương 1: Mưa", "Chương 2: Gió"]
    assert [[paragraph.text for paragraph in c.paragraphs] for c in document.chapters] == [
        ["Chương 1: Mưa", "Mưa rơi."],
        ["Chương 2", "Gió", "Gió thổi mãi không thôi."],
    ]
    assert [piece.text for piece in document.changes[0].left_out] == ["Mưa", "Gió"]
    document = divided("Chương 1\n\nTrời đổ mưa.\n\nMưa.\n\nChương 2: Mưa\n\nGió thổi.")
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs][1:] == [
        "Trời đổ mưa.",
        "Mưa.",
    ]


def test_a_heading_that_is_a_sentence_is_the_lead() -> None:
    lead = "Chỉ một đêm, nước ngập hết vườn, xã phải dùng xuồng chở học sinh."
    (chapter,) = divided("# Nước lên\n\nSáng sớm nước dâng.").chapters
    document = divide(
        Document(
            meta=Meta(),
            chapters=(
                Chapter(
                    "",
                    (
                        Paragraph("Nước lên", Kind.HEADING, 1),
                        Paragraph(lead, Kind.HEADING, 2),
                        Paragraph("Sáng sớm nước dâng."),
                    ),
                ),
            ),
        )
    )
    assert [c.title for c in document.chapters] == [chapter.title]
    assert document.chapters[0].paragraphs[1] == Paragraph(lead)


def test_a_numeral_that_is_not_marked_counts_on_after_those_that_are() -> None:
    lines = ["I", "Mưa rơi.", "II", "Gió thổi.", "III", "Nắng lên.", "V", "Sương tan."]
    paragraphs = tuple(
        Paragraph(line, Kind.HEADING if line in {"I", "II"} else Kind.PROSE, 2) for line in lines
    )
    document = divide(Document(meta=Meta(), chapters=(Chapter("", paragraphs),)))
    assert [chapter.title for chapter in document.chapters] == ["I", "II", "III"]
    assert document.chapters[2].paragraphs[0] == Paragraph("III.", Kind.HEADING, 2)


@pytest.mark.parametrize("numerals", [("I", "II", "III"), ("- I -", "- II -", "- III -")])
def test_numerals_alone_are_headings_said_as_numbers(numerals: tuple[str, ...]) -> None:
    stories = ("Bà ra vườn hái rau.", "Cá quẫy đuôi trong ao.", "Trời đổ mưa.")
    text = "\n\n".join(
        f"{numeral}\n\n{story}" for numeral, story in zip(numerals, stories, strict=True)
    )
    document = divided(text)
    assert [c.title for c in document.chapters] == ["I", "II", "III"]
    assert [c.paragraphs[0].text for c in document.chapters] == ["I.", "II.", "III."]
    inside = divided(f"Chương 1\n\n{text}").chapters
    assert [p.kind for p in inside[0].paragraphs if p.text == "II."] == [Kind.HEADING]


@pytest.mark.parametrize("title", ["Mục lục", "MỤC LỤC", "Mục lục:"])
@pytest.mark.parametrize("tails", [(" ..... 3", " ..... 9"), ("", ""), ("……… 12", "……… 40")])
def test_a_list_at_the_end_is_no_chapters(title: str, tails: tuple[str, str]) -> None:
    book = "Chương 1: Vườn\n\nBà hái rau.\n\nChương 2: Ao\n\nCá quẫy."
    listed = f"{title}\n\nChương 1: Vườn{tails[0]}\n\nChương 2: Ao{tails[1]}"
    document = divided(f"{book}\n\n{listed}")
    assert [c.title for c in document.chapters] == ["Chương 1: Vườn", "Chương 2: Ao"]
    assert [len(change.left_out) for change in document.changes] == [3]


def test_only_the_lines_of_a_page_of_contents_are_left_out() -> None:
    listed = "MỤC LỤC\n\nĐặt vấn đề ....... 3\n\nCách làm ....... 7"
    text = f"Đặt vấn đề\n\n{LONG.strip()}\n\nCách làm\n\n{LONG.strip()}"
    document = divided(f"LỜI CẢM ƠN\n\nXin cảm ơn.\n\n{listed}\n\n{text}")
    everything = [p.text for c in document.chapters for p in c.paragraphs]
    assert everything == ["LỜI CẢM ƠN", "Xin cảm ơn.", *text.split("\n\n")]


@pytest.mark.parametrize(
    "words", ["đánh máy thuê", "báo phát hành", "ngọn nguồn: ai bày", "ebook", "https://a.example"]
)
def test_no_chapter_goes_for_a_word_that_it_holds(words: str) -> None:
    text = "\n\n".join(f"Chương {n}\n\nCô kể chuyện {words} rồi thôi." for n in range(1, 4))
    assert titles(text) == ["Chương 1", "Chương 2", "Chương 3"]
    assert titles(f"Cô nhớ lại chuyện {words} năm xưa.\n\n{text}")[1:] == titles(text)


def test_who_made_the_file_stands_before_the_text_and_after() -> None:
    makers = ("Thông tin", "Đánh máy: Bình\nNguồn: diễn đàn")
    text = (("Chương 1", LONG), ("Chương 2", LONG))
    document = divide(book(makers, text[0], makers, text[1], makers))
    assert [c.title for c in document.chapters] == ["Chương 1", "Thông tin", "Chương 2"]


def test_numbers_in_the_marks_by_hand_may_be_those_of_the_book() -> None:
    text = "Chương 1: Sân\n\nMưa.\n\n[Chương 2] Ao\n\nGió.\n\nChương 3: Bếp\n\nNắng."
    assert titles(text) == ["Chương 1: Sân", "Chương 2: Ao", "Chương 3: Bếp"]


def test_levels_and_book_title() -> None:
    document = divided("# Sách\n\nĐầu.\n\n## Phần I\n\nMột.\n\n### Chương 1\n\nHai.")
    assert document.meta.title == "Sách"
    assert [chapter.level for chapter in document.chapters] == [1, 2, 3]
    plain = divided("PHẦN I\n\nChương 1\n\nMột.\n\nPHẦN II\n\nChương 2\n\nHai.")
    assert plain.meta.title == ""
    assert [(c.title, c.level) for c in plain.chapters] == [
        ("PHẦN I – Chương 1", 1),
        ("PHẦN II – Chương 2", 1),
    ]


def test_equal_headings_name_no_book() -> None:
    assert divided("# Một\n\nA.\n\n# Hai\n\nB.").meta.title == ""


def test_ornaments_are_breaks() -> None:
    (chapter,) = divided("Một.\n\n* * *\n\nHai.\n\n---").chapters
    assert [p.kind for p in chapter.paragraphs] == [Kind.PROSE, Kind.BREAK, Kind.PROSE, Kind.BREAK]


def test_every_paragraph_stays() -> None:
    text = "A.\n\nChương 1\n\nB.\n\nC.\n\nChương 2\n\nD."
    texts = [p.text for chapter in divided(text).chapters for p in chapter.paragraphs]
    assert texts == text.split("\n\n")


LONG = (
    "Nắng chiều trải dài trên bến sông, người qua lại thưa dần và gió bắt đầu thổi mạnh hơn. " * 3
)


def titles(text: str) -> list[str]:
    return [chapter.title for chapter in divided(text).chapters]


@pytest.mark.parametrize(
    "marks",
    [
        ("I. Bến sông", "II. Con đò", "III. Mùa lũ"),
        ("1. Bến sông", "2. Con đò", "3. Mùa lũ"),
        ("1", "2", "3"),
        ("I", "II", "III"),
        ("BẾN SÔNG", "CON ĐÒ", "MÙA LŨ"),
        ("Tập 1", "Tập 2", "Tập 3"),
        ("Mục 1: Bến", "Mục 2: Đò", "Mục 3: Lũ"),
        ("Bài 1. Bến", "Bài 2. Đò", "Bài 3. Lũ"),
        ("Tiết 1", "Tiết 2", "Tiết 3"),
        ("Mở đầu", "Chương thứ nhất", "Vĩ thanh"),
    ],
)
def test_what_divides_a_book(marks: tuple[str, ...]) -> None:
    assert titles("\n\n".join(f"{mark}\n\n{LONG}" for mark in marks)) == list(marks)


@pytest.mark.parametrize(
    "text",
    [
        "1. Gạo\n\n2. Muối\n\n3. Dầu",  # a list
        f"2. Gạo\n\n{LONG}\n\n5. Muối\n\n{LONG}",  # they do not count from 1
        f"1. Mẹ đi chợ.\n\n{LONG}\n\n2. Cha đi cày.\n\n{LONG}",  # sentences
        f"KHÔNG!\n\n{LONG}\n\nĐI NGAY!\n\n{LONG}",  # shouting
        f"MỘT DÒNG\n\n{LONG}",  # once is not often enough
    ],
)
def test_what_does_not(text: str) -> None:
    assert titles(text) == [""]


def test_the_stronger_evidence_wins() -> None:
    text = f"Chương 1\n\n{LONG}\n\n1. Một\n\n{LONG}\n\n2. Hai\n\n{LONG}\n\nChương 2\n\n{LONG}"
    assert titles(text) == ["Chương 1", "Chương 2"]


def test_marks_by_hand_win() -> None:
    text = f"[chapter] Đầu\n\nChương 1\n\n{LONG}\n\n[chapter 2] Cuối\n\n{LONG}"
    document = divided(text)
    assert [(c.title, c.level) for c in document.chapters] == [("Đầu", 1), ("Cuối", 2)]
    assert document.chapters[0].paragraphs[0] == Paragraph("Đầu", Kind.HEADING, 1)


def test_a_subtitle_joins_a_bare_heading() -> None:
    (chapter,) = divided(f"CHƯƠNG 1\n\nNgười đàn bà bên sông\n\n{LONG}").chapters
    assert chapter.title == "CHƯƠNG 1: Người đàn bà bên sông"
    assert [p.kind for p in chapter.paragraphs] == [Kind.HEADING, Kind.HEADING, Kind.PROSE]
    assert titles(f"CHƯƠNG 1: Bến\n\nNgười đàn bà bên sông\n\n{LONG}") == ["CHƯƠNG 1: Bến"]
    assert titles(f"Chương 1\n\nMưa rơi.\n\n{LONG}") == ["Chương 1"]
    assert titles(f"Chương 1\n\n– Ai đó\n\n{LONG}") == ["Chương 1"]


def test_depths_in_the_order_of_the_language() -> None:
    marks = ("Quyển I", "Phần 1", "Chương 1", "Mục 1", "Tiết 1", "Quyển II")
    document = divided("\n\n".join(f"{mark}\n\n{LONG}" for mark in marks))
    assert [chapter.level for chapter in document.chapters] == [1, 2, 3, 4, 5, 1]


def test_a_list_of_contents_is_no_chapters() -> None:
    contents = "Mục lục\n\nChương 1: Bến …… 5\n\nChương 2: Đò …… 9\n\nChương 3: Lũ …… 14"
    marks = ["Chương 1: Bến", "Chương 2: Đò", "Chương 3: Lũ"]
    text = "\n\n".join(f"{mark}\n\n{LONG}" for mark in marks)
    document = divided(f"{contents}\n\n{text}")
    assert [c.title for c in document.chapters] == marks
    assert [(change.step, change.count) for change in document.changes] == [
        ("lines of contents left out", 4),
    ]


def test_a_list_of_contents_may_be_kept() -> None:
    lines = "Chương 1: Bến\n\nChương 2: Đò\n\nChương 3: Lũ"
    text = "\n\n".join(f"{line}\n\n{LONG}" for line in lines.split("\n\n"))
    document = divide(divide_blocks(f"Mục lục\n\n{lines}\n\n{text}"), keep=["front-matter"])
    assert [c.title for c in document.chapters] == ["Mục lục", *lines.split("\n\n")]
    assert len(document.chapters[0].paragraphs) == 4
    assert document.changes == ()


def test_a_long_book_without_headings_is_divided_where_paragraphs_end() -> None:
    paragraphs = [f"{LONG} {number}" for number in range(200)]
    document = divided("\n\n".join(paragraphs))
    assert [c.title for c in document.chapters] == [
        f"Phần {n}" for n in range(1, len(document.chapters) + 1)
    ]
    assert [p.text for c in document.chapters for p in c.paragraphs] == paragraphs
    lengths = [sum(len(p.text) for p in c.paragraphs) for c in document.chapters]
    assert max(lengths) < 21_000


def book(*chapters: tuple[str, str]) -> Document:
    return Document(
        meta=Meta(title="Sách", author="Nguyễn An"),
        chapters=tuple(
            Chapter(title, tuple(Paragraph(text) for text in texts.split("\n")))
            for title, texts in chapters
        ),
    )


def test_the_contents_of_the_source_are_trusted() -> None:
    document = divide(book(("Một", f"Sách\nMột\n{LONG}\nI. La\n{LONG}"), ("Hai", LONG)))
    assert [c.title for c in document.chapters] == ["Một", "Hai"]
    inside = divide(book(("Phần 1", f"Phần 1\nChương 1\n{LONG}\nChương 2\n{LONG}"), ("Kết", LONG)))
    assert [(c.title, c.level) for c in inside.chapters] == [
        ("Phần 1", 1),
        ("Chương 1", 2),
        ("Chương 2", 2),
        ("Kết", 1),
    ]


MATTER = (
    ("Bìa", "Sách\nNguyễn An"),
    ("Thông tin", "Đánh máy: Bình\nNguồn: diễn đàn"),
    ("Lời giới thiệu", LONG),
    ("Mục lục", "Chương 1\nChương 2"),
    ("Chương 1", LONG),
    ("Chương 2", LONG),
)


@pytest.mark.parametrize(
    ("keep", "drop", "titles"),
    [
        ((), (), ["Lời giới thiệu", "Chương 1", "Chương 2"]),
        ((), ("foreword",), ["Chương 1", "Chương 2"]),
        (("front-matter",), (), [title for title, _ in MATTER]),
    ],
)
def test_what_is_no_part_of_the_book(
    keep: tuple[str, ...], drop: tuple[str, ...], titles: list[str]
) -> None:
    document = divide(book(*MATTER), keep, drop)
    assert [chapter.title for chapter in document.chapters] == titles
    assert bool(document.changes) == (len(titles) < len(MATTER))


def test_a_book_is_never_left_empty() -> None:
    assert [c.title for c in divide(book(("Mục lục", "Một"))).chapters] == ["Mục lục"]


def test_a_story_below_a_heading_of_contents_stays() -> None:
    story = ["Trời vừa hửng, sương tan dần trên bãi.", "Gã cắm sào rồi ngủ."]
    rows = [Paragraph("Mục lục", Kind.HEADING, 1), *map(Paragraph, story)]
    first = Chapter("", (Paragraph("Chương 1", Kind.HEADING, 1), Paragraph("Bến cũ vắng.")))
    result = divide(Document(meta=Meta(), chapters=(first, Chapter("", tuple(rows)))))
    assert story == [p.text for c in result.chapters for p in c.paragraphs if p.text in story]


@pytest.mark.parametrize(
    ("first", "second", "spoken"),
    [
        ("CHAPTER ONE", "CHAPTER TWO", "CHAPTER 2"),
        ("Chapter Nineteen: Ao", "Chapter Twenty: Sân", "Chapter 20: Sân"),
        ("Part one", "Part two", "Part 2"),
        ("001. Ao", "002. Sân", "2. Sân"),
        ("#1", "#2", "2"),
        ("#1. Ao", "#2. Sân", "2. Sân"),
        ("I. Ao", "II. Sân", "II. Sân"),
        ("Bến Cũ Chương 1", "Bến Cũ Chương 2", "Chương 2"),
        ("BẾN CŨ CHƯƠNG 1: AO", "BẾN CŨ CHƯƠNG 2: SÂN", "CHƯƠNG 2: SÂN"),
    ],
)
def test_headings_of_short_chapters(first: str, second: str, spoken: str) -> None:
    document = divided(f"{first}\n\nMưa rơi trên mái lá.\n\n{second}\n\nGió thổi qua bến sông.")
    assert len(document.chapters) == 2
    assert document.chapters[1].paragraphs[0].text == spoken


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1. Ao", "2. Sân"),
        ("I. Ao.", "II. Sân."),
        ("Đọc lại Chương 1", "Đọc lại Chương 2"),
        ("#1", "#3"),
        ("Hôm nay Hoa đọc Chương 1 rồi ngủ.", "Mai Hoa đọc Chương 2 rồi đi."),
        ("Bến Cũ Chương 1 hay lắm.", "Bến Cũ Chương 2 dở lắm."),
    ],
)
def test_lines_of_short_paragraphs_that_are_no_headings(first: str, second: str) -> None:
    text = f"{first}\n\nMưa rơi trên mái lá.\n\n{second}\n\nGió thổi qua bến sông."
    assert titles(text) == [""]
