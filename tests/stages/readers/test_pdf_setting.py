"""PDF files as people set them: watermarks, passages set in, fonts that lack letters, notes."""

from __future__ import annotations

import pytest
from pdf_pages import HEIGHT, LEFT, RIGHT, WIDTH, Printer, Set, fpdf
from test_pdf import STORY, one_page, paragraphs, raw_pdf, refusal, texts

from audiobook.model import Document, Kind
from audiobook.stages.readers import pdf
from audiobook.stages.readers.pdf.words import words_of
from audiobook.system.pdfium.words import Words

pytest.importorskip("pypdfium2", reason="the extra audiobook[pdf] is not installed")

NARROW = Set(left=LEFT + 36, right=RIGHT - 36, indent=0, gap=9)


def left_out(document: Document) -> dict[str, list[str]]:
    return {
        change.step: [piece.text for piece in change.left_out]
        for change in document.changes
        if change.left_out
    }


# --- what is not text -----------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [20, 45, 60, -30, 135])
def test_a_watermark_at_a_slant_is_listed_and_not_read(angle: int) -> None:
    printer = Printer(bottom=200)
    for text in STORY:
        printer.paragraph(text)
    for page in range(1, printer.pdf.page_no() + 1):
        printer.pdf.page = page
        with printer.pdf.rotation(angle, WIDTH / 2, 150):
            printer.put(LEFT + 40, 150, "sách mẫu . vn", 30)
    document = pdf.read(printer.bytes(), "x")
    assert [p.text for p in document.chapters[0].paragraphs] == STORY
    assert left_out(document)["watermarks"] == ["sách mẫu . vn"] * printer.pdf.page_no()


def test_slanted_letters_within_an_upright_line_are_italics_not_a_watermark() -> None:
    content = b"BT /F 12 Tf 1 0 0.3 1 20 300 Tm (Slanted by the printer.) Tj ET"
    assert texts(one_page(content)) == ["Slanted by the printer."]


def test_a_table_on_its_side_is_read_after_the_page() -> None:
    printer = Printer()
    printer.paragraph(STORY[0])
    with printer.pdf.rotation(90, 200, 400):
        printer.put(200, 400, "Bảng kê lượng nước các tháng.")
    assert texts(printer.bytes()) == [STORY[0], "Bảng kê lượng nước các tháng."]


def test_text_outside_the_page_is_listed_and_not_read() -> None:
    printer = Printer()
    printer.paragraph(STORY[0])
    printer.put(LEFT, HEIGHT + 60, "Ngoài lề.")
    printer.put(WIDTH + 50, 200, "Ngoài lề phải.")
    document = pdf.read(printer.bytes(), "x")
    assert [p.text for p in document.chapters[0].paragraphs] == [STORY[0]]
    assert set(left_out(document).get("text outside the page", [])) <= {
        "Ngoài lề. Ngoài lề phải.",
        "Ngoài lề phải. Ngoài lề.",
    }


def test_running_heads_are_listed_with_what_stands_before_them() -> None:
    printer = Printer(head="Mùa nước mặn", foot="Trang {}", bottom=190)
    for text in STORY * 2:
        printer.paragraph(text)
    document = pdf.read(printer.bytes(), "x")
    (change,) = document.changes
    pages = printer.pdf.page_no()
    pieces = [piece.text for piece in change.left_out]
    assert pieces.count("Mùa nước mặn") == pages
    assert [text for text in pieces if text.startswith("Trang")] == [
        f"Trang {number}" for number in range(1, pages + 1)
    ]
    assert all(piece.after for piece in change.left_out[1:])


# --- paragraphs -----------------------------------------------------------------------------------


def test_a_passage_set_in_is_joined_like_any_other() -> None:
    printer = Printer()
    for text in STORY:
        printer.paragraph(text, Set(indent=0, gap=9))
    for text in (STORY[0], STORY[2]):
        printer.paragraph(text, NARROW)
    printer.paragraph(STORY[4], Set(indent=0))
    assert texts(printer.bytes()) == [*STORY, STORY[0], STORY[2], STORY[4]]


def test_an_introduction_with_margins_of_its_own() -> None:
    printer = Printer()
    for text in (STORY[0], STORY[2], STORY[4]):
        printer.paragraph(text, NARROW)
    for _ in range(3):
        printer.page()
        for text in STORY:
            printer.paragraph(text, Set(indent=0, gap=9))
    assert texts(printer.bytes()) == [STORY[0], STORY[2], STORY[4], *STORY * 3]


def test_pages_with_more_space_between_their_lines() -> None:
    printer = Printer()
    for text in STORY * 2:
        printer.paragraph(text)
    printer.page()
    for text in (STORY[0], STORY[2]):
        printer.paragraph(text, Set(leading=23))
    assert texts(printer.bytes()) == [*STORY * 2, STORY[0], STORY[2]]


def test_a_sentence_that_goes_on_is_one_paragraph_whatever_the_lines_look_like() -> None:
    printer = Printer()
    for text in STORY:
        printer.paragraph(text)
    printer.put(LEFT, printer.y, "Nước lên rồi nước")
    printer.put(LEFT + 60, printer.y + 40, "lại xuống như mọi năm.")
    assert texts(printer.bytes())[-1] == "Nước lên rồi nước lại xuống như mọi năm."


def test_items_of_a_list_are_paragraphs() -> None:
    printer = Printer()
    items = ["a) Nước về sớm", "b) Nước về muộn", "• con nước lớn", "• con nước ròng"]
    printer.paragraph(STORY[0])
    for item in items:
        printer.put(LEFT + 18, printer.y, item)
        printer.y += 15
    assert texts(printer.bytes()) == [STORY[0], *items]


def test_lines_of_a_contents_page_are_apart() -> None:
    printer = Printer()
    lines = [f"Chuyện {name} {'.' * 60} {page}" for name, page in (("cá", 3), ("mưa", 7))]
    for line in lines:
        printer.put(LEFT, printer.y, line)
        printer.y += 15
    assert texts(printer.bytes()) == lines


# --- words ----------------------------------------------------------------------------------------


def test_letters_drawn_later_stand_in_their_word() -> None:
    printer = Printer()
    end = printer.put(LEFT, printer.y, "Tài li")
    end_of_word = end + printer.width("ệ", Set())
    printer.put(end_of_word, printer.y, "u đọc thêm.")
    printer.put(end, printer.y, "ệ")
    assert texts(printer.bytes()) == ["Tài liệu đọc thêm."]


def test_accents_on_capitals_divide_no_word() -> None:
    printer = Printer()
    printer.put(LEFT, printer.y, "PHẦN THỨ NHẤT: NHỮNG ĐIỀU ĐỂ NHỚ", 14)
    assert texts(printer.bytes()) == ["PHẦN THỨ NHẤT: NHỮNG ĐIỀU ĐỂ NHỚ"]


def words_with_gaps(*parts: str) -> list[str]:
    """Return what becomes of parts that stand apart without a space between them."""
    words, left = Words(), 0.0
    for part in parts:
        for letter in part:
            words.add(letter, (left, left + 5, 0, 12), spaced=left == 0)
            left += 5
        left += 3
    words.finish()
    return [word.text for word in words_of((words.words, words.gaps), ["Times"])[0]]


def test_a_space_that_pdfium_overlooks() -> None:
    assert words_with_gaps("Một", "số") == ["Một", "số"]
    assert words_with_gaps("thiết", "kế.") == ["thiết", "kế."]
    assert words_with_gaps("tr", "ong") == ["trong"]
    assert words_with_gaps("lượ", "ng") == ["lượng"]
    assert words_with_gaps("sin", "x") == ["sinx"]


def test_spaces_between_letters_whose_boxes_overlap() -> None:
    words = Words()
    for start, letters in ((0, "bầu"), (27, "trời")):
        for place, letter in enumerate(letters):
            left = start + 8 * place
            begins = place == 0
            words.add(letter, (left, left + 12, 0, 12), spaced=begins, supposed=begins)
    words.finish()
    assert [word[0] for word in words.words] == ["bầu", "trời"]


def test_lines_closer_than_their_boxes_are_high_are_not_mixed() -> None:
    printer = Printer()
    written = ["Mục lục của sách", "và lời nói đầu"]
    for row, line in enumerate(written):
        printer.put(LEFT, 100 + 6 * row, line)
    assert " ".join(texts(printer.bytes())) == " ".join(written)


def test_letters_drawn_later_fill_the_blanks_of_their_line() -> None:
    printer = Printer()
    end = printer.put(LEFT, 100, "T")
    first = end
    end = printer.put(printer.pdf.get_string_width("ổ") + end, 100, "ng k")
    second = end
    printer.put(printer.pdf.get_string_width("ế") + end, 100, "t")
    printer.put(first, 100, "ổ")
    printer.put(second, 100, "ế")
    assert texts(printer.bytes()) == ["Tổng kết"]


def undrawn(line: str) -> bytes:
    """Make a page of a line in which `_` is a soft hyphen that is not drawn."""
    ruler = fpdf.FPDF(unit="pt")
    ruler.set_font("helvetica", size=12)
    left = 20.0
    content = "BT /F 12 Tf"
    for place, part in enumerate(line.split("_")):
        position = f" 1 0 0 1 {left:.2f} 300 Tm"
        content += f"{position} /Span<</ActualText<FEFF00AD>>> BDC ( ) Tj EMC" if place else ""
        content += f"{position} ({part}) Tj"
        left += ruler.get_string_width(part)
    return one_page(f"{content} ET".encode("ascii"))


@pytest.mark.parametrize("line", ["Th_ Tr_ng", "ra oai _u", "nh_ vua", "_ng l_ng", "a _b_"])
def test_a_letter_that_is_not_drawn_stands_in_its_word(line: str) -> None:
    assert texts(undrawn(line)) == [line.replace("_", "\u00ad")]


def test_marked_text_that_is_drawn_is_read_once() -> None:
    content = b"BT /F 12 Tf 20 300 Td /Span<</ActualText(Xin)>> BDC (Xin) Tj EMC ( em.) Tj ET"
    assert texts(one_page(content)) == ["Xin em."]


# --- notes ----------------------------------------------------------------------------------------


def small_print(printer: Printer, *lines: str) -> None:
    for number, line in enumerate(lines):
        printer.put(LEFT, 500 + 11 * number, line, 8)


def kinds(printer: Printer) -> list[tuple[str, Kind]]:
    return [(paragraph.text, paragraph.kind) for paragraph in paragraphs(printer.bytes())]


def test_small_type_at_the_foot_is_no_note_without_its_mark_in_the_text() -> None:
    printer = Printer()
    for text in STORY[:2]:
        printer.paragraph(text)
    small_print(printer, "1. Nước về từ đâu?", "2. Ai đắp đập ở đầu nguồn?")
    assert kinds(printer)[2:] == [
        ("1. Nước về từ đâu?", Kind.PROSE),
        ("2. Ai đắp đập ở đầu nguồn?", Kind.PROSE),
    ]


def test_a_program_in_small_type_is_kept() -> None:
    printer = Printer()
    for text in STORY[:2]:
        printer.paragraph(text)
    small_print(printer, "10 print muc_nuoc", "20 goto 10")
    assert {kind for _, kind in kinds(printer)} == {Kind.PROSE}


def test_what_stands_under_a_rule_behind_a_mark_is_a_note() -> None:
    printer = Printer()
    for text in STORY[:2]:
        printer.paragraph(text)
    printer.pdf.line(LEFT, 488, LEFT + 90, 488)
    small_print(printer, "1 Lời kể của người trong xóm,", "ghi lại năm ấy.")
    assert kinds(printer)[2:] == [("Lời kể của người trong xóm, ghi lại năm ấy.", Kind.NOTE)]


def test_a_mark_in_brackets_in_the_text_calls_a_note() -> None:
    printer = Printer()
    printer.paragraph("Người ta gọi nó là nước nhảy [1] từ xưa.")
    printer.paragraph(STORY[0])
    small_print(printer, "[1] Nước lên nhanh hơn người.")
    assert kinds(printer) == [
        ("Người ta gọi nó là nước nhảy từ xưa.", Kind.PROSE),
        (STORY[0], Kind.PROSE),
        ("Nước lên nhanh hơn người.", Kind.NOTE),
    ]


# --- bookmarks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bookmark", "line", "title"),
    [
        ("S?n xu?t c?a c?i", "Sản xuất của cải", "Sản xuất của cải"),
        ("C? s?", "Cơ sở", "Cơ sở"),
        ("N\ufffd\ufffdc m\ufffdn", "Nước mặn", "Nước mặn"),
        ("\x81\x82?n kia", "Bên kia sông", "Bên kia sông"),
        ("Vì sao nước mặn?", "Vì sao nước mặn?", "Vì sao nước mặn?"),
        ("Mùa Nước Mặn", "MÙA NƯỚC MẶN", "Mùa Nước Mặn"),
    ],
)
def test_a_damaged_bookmark_gives_way_to_the_line_on_the_page(
    bookmark: str, line: str, title: str
) -> None:
    printer = Printer()
    printer.bookmark(bookmark)
    printer.paragraph(line, Set(size=16, leading=30, indent=0))
    printer.paragraph(STORY[0])
    (chapter,) = pdf.read(printer.bytes(), "x").chapters
    assert chapter.title == title
    assert [paragraph.text for paragraph in chapter.paragraphs] == [line, STORY[0]]


# --- files that are not as they should be ---------------------------------------------------------


def test_a_file_without_pages() -> None:
    empty = raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    assert refusal(empty).startswith("truyen.pdf ")


def test_a_giant_page_is_read() -> None:
    content = b"BT /F 900 Tf 100 9000 Td (Xin) Tj 0 -2000 Td (em.) Tj ET"
    data = one_page(content).replace(b"[0 0 400 400]", b"[0 0 200000 200000]")
    assert " ".join(texts(data)) == "Xin em."


def test_a_damaged_page_does_not_lose_the_others() -> None:
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length 38>>stream\nBT /F 12 Tf 20 300 Td (Xin em.) Tj ET \nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"(not a page)",
    )
    document = pdf.read(data, "x")
    assert [p.text for p in document.chapters[0].paragraphs] == ["Xin em."]
