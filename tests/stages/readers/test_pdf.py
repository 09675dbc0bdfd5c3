from __future__ import annotations

import random
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pdf_pages import LEFT, RIGHT, SIZE, TOP, WIDTH, Printer, Set

from audiobook.errors import SourceError
from audiobook.model import Change, Kind, Meta, Paragraph
from audiobook.stages.readers import pdf
from audiobook.stages.readers.pdf import pdfium
from audiobook.stages.readers.pdf.metadata import meta_of
from audiobook.stages.readers.pdf.paragraphs import join_lines
from audiobook.stages.readers.pdf.words import words_of
from audiobook.system import apart
from audiobook.system.pdfium.words import Words

pytest.importorskip("pypdfium2", reason="the extra audiobook[pdf] is not installed")

STORY = [
    "Mùa khô năm ấy nước mặn lấn sâu vào đất liền, người trồng lúa chỉ biết khi ngọn lúa đã vàng. "
    "Ông Tư ngồi trên bờ kênh, tay cầm điếu thuốc đã tắt từ lâu, mắt nhìn về phía cửa sông.",
    "“Năm nay lại mất mùa rồi,” ông nói khẽ, như nói với chính mình.",
    "Gió thổi hắt hơi muối vào mặt, vào những đám ruộng nứt nẻ và mái nhà lá xiêu vẹo. Đám trẻ con "
    "trong xóm vẫn chạy đuổi nhau trên bờ đê, chẳng đứa nào để ý đến con nước đang lên. Bà Bảy "
    "gánh hai thùng nước ngọt từ trạm về, vừa đi vừa nghỉ, mồ hôi ướt đẫm lưng áo bà ba đã sờn.",
    "Chiều xuống.",
    "Người ta bảo nhau rằng ở đầu nguồn có mấy cái đập mới xây, nước về ít hơn trước nhiều. Chẳng "
    "ai biết thực hư ra sao, chỉ biết cái giếng sau nhà ông Tư đã đắng từ hôm rằm.",
]
BLANK_BETWEEN = Set(indent=0, gap=9)


def paragraphs(data: bytes) -> tuple[Paragraph, ...]:
    (chapter,) = pdf.read(data, "truyen.pdf").chapters
    return chapter.paragraphs


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(data)]


def plain(*written: str, setting: Set = Set()) -> bytes:  # noqa: B008
    printer = Printer()
    for text in written:
        printer.paragraph(text, setting)
    return printer.bytes()


@pytest.mark.parametrize(
    ("setting", "foot"),
    [
        (Set(), "{}"),
        (Set(justified=False), "- {} -"),
        (BLANK_BETWEEN, "Trang {}/300"),
        (BLANK_BETWEEN._replace(justified=False), ""),
    ],
)
def test_paragraphs_across_lines_and_pages(setting: Set, foot: str) -> None:
    printer = Printer(head="Mùa nước mặn", foot=foot, bottom=190)
    for text in STORY * 3:
        printer.paragraph(text, setting)
    assert printer.pdf.page_no() > 4
    assert texts(printer.bytes()) == STORY * 3


def test_heads_that_change_with_the_chapter_and_the_side() -> None:
    printer = Printer(bottom=190)
    for number in range(12):
        if number:
            printer.page()
        head = f"{number + 1}   Lê Hạnh" if number % 2 else f"Chương {number // 6 + 1}   {number}"
        printer.put(LEFT, 40, head, 9)
        printer.paragraph(f"Ngày thứ {number} nước vẫn mặn. {STORY[0]}")
    lines = texts(printer.bytes())
    assert lines == [f"Ngày thứ {number} nước vẫn mặn. {STORY[0]}" for number in range(12)]


def test_a_line_that_comes_back_in_the_text_stays() -> None:
    printer = Printer(foot="{}")
    for number in range(5):
        if number:
            printer.page()
        printer.paragraph("Ngày xưa, ngày xửa.")
        printer.paragraph(f"Chuyện {'ngắn ' * (number + 1)}thôi.")
    assert texts(printer.bytes()).count("Ngày xưa, ngày xửa.") == 5


def test_what_was_left_out_is_counted() -> None:
    printer = Printer(head="Mùa nước mặn", foot="Trang {}", bottom=190)
    for text in STORY * 2:
        printer.paragraph(text)
    pages = printer.pdf.page_no()
    printer.page()
    printer.picture()
    changes: dict[str, Change] = {
        change.step: change for change in pdf.read(printer.bytes(), "x").changes
    }
    assert changes["running heads and page numbers"].count == 2 * (pages + 1)

    printer = Printer()
    printer.picture()
    printer.page()
    printer.paragraph(STORY[0])
    reading = pdf.read(printer.bytes(), "x")
    assert [(c.step, c.count, c.example) for c in reading.changes] == [
        ("pages without text (OCR needed)", 1, "page 1")
    ]


def test_headings_are_larger() -> None:
    printer = Printer()
    printer.paragraph("Mùa nước mặn", Set(size=24, leading=40, centred=True))
    for number in (1, 2):
        printer.paragraph(f"Chương {number}", Set(size=16, leading=30, indent=0, bold=True))
        printer.paragraph(STORY[0])
        printer.paragraph("Một tên mục dài đến nỗi phải xuống hàng thứ hai mới hết",
                          Set(size=13.5, leading=18, indent=0, justified=False))  # fmt: skip
        printer.paragraph(STORY[2])
    shown = [
        (paragraph.text[:12], paragraph.kind, paragraph.level)
        for paragraph in paragraphs(printer.bytes())
    ]
    assert shown[0] == ("Mùa nước mặn", Kind.HEADING, 1)
    assert shown[1:5] == [
        ("Chương 1", Kind.HEADING, 2),
        (STORY[0][:12], Kind.PROSE, 0),
        ("Một tên mục ", Kind.HEADING, 3),
        (STORY[2][:12], Kind.PROSE, 0),
    ]
    assert len(shown) == 9


def test_two_columns() -> None:
    printer = Printer(foot="{}")
    printer.paragraph("Nước về", Set(size=18, leading=30, indent=0))
    middle = (LEFT + RIGHT) / 2
    start = printer.y
    left, right = Set(right=middle - 9, indent=9), Set(left=middle + 9, indent=9)
    for text in STORY[:3]:
        printer.paragraph(text, left)
    printer.y = start
    for text in STORY[3:] + STORY[:1]:
        printer.paragraph(text, right)
    assert texts(printer.bytes()) == ["Nước về", *STORY, STORY[0]]


def test_columns_drawn_row_by_row_are_read_column_by_column() -> None:
    printer = Printer()
    words = STORY[2].split()
    rows = [" ".join(words[start : start + 4]) for start in range(0, 48, 4)]
    for row in range(6):
        printer.put(LEFT, TOP + row * 15, rows[row])
        printer.put(WIDTH / 2 + 20, TOP + row * 15, rows[row + 6])
    assert " ".join(texts(printer.bytes())).split() == words[:48]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned(turn: int) -> None:
    import pypdfium2

    printer = Printer()
    printer.pdf.set_y(0)
    with printer.pdf.rotation(turn, WIDTH / 2, WIDTH / 2):
        for text in STORY[:3]:
            printer.paragraph(text)
    with pypdfium2.PdfDocument(printer.bytes()) as file:
        file[0].set_rotation(turn)
        turned = BytesIO()
        file.save(turned)
    assert texts(turned.getvalue()) == STORY[:3]


def test_an_item_of_a_list_hangs_from_its_mark() -> None:
    printer = Printer()
    for text in STORY[:1] * 2:
        printer.paragraph(text)
        for item in (STORY[2], STORY[4]):
            printer.put(LEFT + 18, printer.y, "•")
            printer.paragraph(item, Set(left=LEFT + 30, indent=0))
    items = [f"• {STORY[2]}", f"• {STORY[4]}"]
    assert texts(printer.bytes()) == [STORY[0], *items] * 2


def test_notes_at_the_foot_of_the_page() -> None:
    printer = Printer(foot="{}")
    end = printer.put(LEFT + 18, printer.y, "Người ta gọi nó là nước nhảy")
    end = printer.put(end, printer.y - 4, "1", 6)
    printer.put(end, printer.y, ", rộng 5 km")
    printer.put(end + printer.width(", rộng 5 km", Set()), printer.y - 4, "2", 6)
    printer.y += 15
    for text in STORY[:2]:
        printer.paragraph(text)
    printer.put(LEFT, 500, "1", 5)
    printer.put(LEFT + 4, 503, "Nước lên nhanh hơn người ta chạy, theo cách nói của", 8)
    printer.put(LEFT, 514, "dân vùng cửa sông.", 8)
    assert [(paragraph.text, paragraph.kind) for paragraph in paragraphs(printer.bytes())] == [
        ("Người ta gọi nó là nước nhảy, rộng 5 km²", Kind.PROSE),
        (STORY[0], Kind.PROSE),
        (STORY[1], Kind.PROSE),
        ("Nước lên nhanh hơn người ta chạy, theo cách nói của dân vùng cửa sông.", Kind.NOTE),
    ]


def test_a_note_does_not_cut_the_paragraph_over_it() -> None:
    printer = Printer(bottom=100)
    printer.paragraph(STORY[0])
    printer.pdf.page = 1
    printer.put(LEFT, 540, "* Lời kể của người trong xóm.", 8)
    printer.pdf.page = 2
    assert texts(printer.bytes()) == [STORY[0], "Lời kể của người trong xóm."]


def test_verse_keeps_its_lines() -> None:
    lines = [
        ("Chiều chiều ra đứng bờ sông", 30),
        ("Nhìn con nước lớn mênh mông một mình", 12),
        ("Ai đi để lại bóng hình", 30),
        ("Cho cây bần đứng lặng thinh đợi chờ", 12),
    ]
    printer = Printer()
    printer.paragraph(STORY[0])
    for text, indent in lines:
        printer.paragraph(text, Set(indent=indent))
    printer.paragraph(STORY[2])
    assert texts(printer.bytes()) == [STORY[0], *(text for text, _ in lines), STORY[2]]


def test_a_page_of_nothing_but_verse() -> None:
    lines = [
        "Chiều chiều ra đứng bờ sông",
        "Nhìn con nước lớn mênh mông một mình",
        "Ai đi để lại bóng hình",
        "Cho cây bần đứng lặng thinh đợi chờ",
        "Bao năm nước mặn bao giờ",
        "Mà sao hạt muối bến bờ còn đây",
    ]
    assert texts(plain(*lines, setting=Set(indent=0))) == lines


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("Nhà khoa học infor-", "mation nói", "Nhà khoa học information nói"),
        ("Cô Ma-", "ri-a đến", "Cô Ma-ri-a đến"),
        ("Năm 1945-", "1954 ác liệt", "Năm 1945-1954 ác liệt"),
        ("Hà Nội -", "thủ đô", "Hà Nội - thủ đô"),
        ("chữ com\u00ad", "puter", "chữ computer"),
        ("Mïa kh« n¨m Êy n\u00ad", "íc mÆn", "Mïa kh« n¨m Êy n\u00adíc mÆn"),
        ("N¨m nay còng nh\u00ad", "n¨m ngo¸i", "N¨m nay còng nh\u00ad n¨m ngo¸i"),
    ],
)
def test_words_divided_at_the_line_end(line: str, following: str, joined: str) -> None:
    assert join_lines(line, following) == joined


def test_a_foreign_word_divided_at_the_line_end() -> None:
    printer = Printer()
    space = (RIGHT - LEFT - printer.width("Ông mua một cái transfor-", Set())) / 4
    end = float(LEFT)
    for word in ("Ông", "mua", "một", "cái", "transfor-"):
        end = printer.put(end, printer.y, word) + space
    printer.put(LEFT, printer.y + 15, "mator cũ.")
    assert texts(printer.bytes()) == ["Ông mua một cái transformator cũ."]


def test_accents_drawn_apart_and_ligatures() -> None:
    printer = Printer()
    printer.put(LEFT, printer.y, "Tie\u0302\u0301ng Vie\u0323\u0302t, \ufb01le")
    (text,) = texts(printer.bytes())
    assert text == "Tie\u0302\u0301ng Vie\u0323\u0302t, file"


def test_an_accent_drawn_before_its_letter() -> None:
    words = Words()
    words.add("m", (0, 9, 0, 12), spaced=True)
    words.add("\u0301", (14, 16, 0, 12), spaced=False)
    words.add("a", (9.1, 17, 0, 12), spaced=False)
    words.finish()
    assert words.words[0][0] == "ma\u0301"


def test_an_accent_drawn_before_its_letter_keeps_the_space_before_it() -> None:
    words = Words()
    words.add("m", (0, 9, 0, 12), spaced=True)
    words.add("\u0301", (14, 16, 0, 12), spaced=True)
    words.add("a", (12, 19, 0, 12), spaced=False)
    words.finish()
    assert [word[0] for word in words.words] == ["m", "a\u0301"]


def test_an_accent_in_the_glyph_of_its_letter() -> None:
    """PDFium parts the box of the glyph among both, and supposes the space before the accent."""
    words = Words()
    words.add("c", (177.4, 183.6, 670, 682), spaced=True)
    words.add("o", (184.1, 187.6, 670, 682), spaced=False)
    words.add("\u031b", (187.6, 191.1, 670, 682), spaced=False)
    words.add("q", (194.5, 201.5, 670, 682), spaced=True, supposed=True)
    words.add("a", (201.5, 205, 670, 682), spaced=False)
    words.add("\u0323", (205, 208.5, 670, 682), spaced=False)
    words.add("\u0302", (208.5, 212, 670, 682), spaced=False)
    words.add("n", (100, 107, 655, 667), spaced=True, supposed=True)  # the next line
    words.add("e", (107, 110.5, 655, 667), spaced=False)
    words.add("\u0301", (110.5, 114, 655, 667), spaced=False)
    words.finish()
    assert [word[0] for word in words.words] == ["co\u031b", "qa\u0323\u0302", "ne\u0301"]
    assert words.words[0][2] == 191.1


def test_the_outline_gives_the_chapters() -> None:
    printer = Printer(head="Mùa nước mặn", foot="{}")
    printer.paragraph("Lời đầu sách.")
    heading = Set(size=16, leading=30, indent=0)
    for part in (1, 2):
        printer.bookmark(f"Phần {part}")
        printer.paragraph(f"PHẦN {part}", heading)
        printer.bookmark(f"Ngày {part}", 1)
        printer.paragraph(f"Ngày {part}", heading)
        for text in STORY * 3:
            printer.paragraph(text)
    document = pdf.read(printer.bytes(), "x.pdf")
    beginnings = [(c.title, c.level, c.paragraphs[0].text) for c in document.chapters]
    assert beginnings == [
        ("", 1, "Lời đầu sách."),
        ("Phần 1", 1, "PHẦN 1"),
        ("Ngày 1", 2, "Ngày 1"),
        ("Phần 2", 1, "PHẦN 2"),
        ("Ngày 2", 2, "Ngày 2"),
    ]
    assert [p.text for p in document.chapters[2].paragraphs[1:]] == STORY * 3


def test_metadata() -> None:
    printer = Printer()
    printer.paragraph(STORY[0])
    printer.pdf.set_title("Mùa nước mặn")
    printer.pdf.set_author("Lê Thị Hạnh")
    printer.pdf.set_lang("vi-VN")
    printer.pdf.set_subject("Truyện ngắn")
    printer.pdf.set_creation_date(datetime(2019, 3, 7, tzinfo=UTC))
    meta = pdf.read(printer.bytes(), "x.pdf").meta
    assert meta == Meta(
        title="Mùa nước mặn",
        author="Lê Thị Hạnh",
        date="2019-03-07",
        language="vi-VN",
        description="Truyện ngắn",
    )
    assert meta_of({"Title": "Microsoft Word - truyen.doc"}).title == ""


# --- files that cannot be read ------------------------------------------------------------------


def raw_pdf(*objects: bytes) -> bytes:
    """Make a PDF file of objects numbered from 1, the first its root."""
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (count, table, count, len(out))
    )


def one_page(content: bytes, keys: bytes = b"", kids: bytes = b"3 0 R") -> bytes:
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 1>>" % kids,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), keys, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def refusal(data: bytes) -> str:
    with pytest.raises(SourceError) as problem:
        pdf.read(data, "truyen.pdf")
    assert problem.value.remedy
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_pages_that_are_pictures_name_ocr() -> None:
    printer = Printer()
    printer.picture()
    message = refusal(printer.bytes())
    assert "only pictures of its 1 pages" in message
    assert "--ocr" in message


def test_a_password() -> None:
    printer = Printer()
    printer.paragraph(STORY[0])
    printer.pdf.set_encryption(owner_password="owner", user_password="user")
    assert "protected by a password" in refusal(printer.bytes())


def test_a_file_that_anyone_may_open_is_read() -> None:
    printer = Printer()
    printer.paragraph(STORY[0])
    printer.pdf.set_encryption(owner_password="owner")
    assert texts(printer.bytes()) == [STORY[0]]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"PK\x03\x04", bytes(1000)])
def test_what_is_not_a_pdf_file(data: bytes) -> None:
    assert "is not a PDF file, or a damaged one" in refusal(data)


def test_a_page_tree_that_bites_its_tail() -> None:
    assert "damaged" in refusal(one_page(b"", kids=b"2 0 R"))


def test_a_stream_that_swells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_MEMORY", 256 * 1024**2)
    packer = zlib.compressobj(9)
    spaces = b"".join(packer.compress(bytes(10**7)) for _ in range(40)) + packer.flush()
    twice = zlib.compress(spaces, 9)
    assert "takes more memory than a book needs" in refusal(
        one_page(twice, b"/Filter[/FlateDecode/FlateDecode]")
    )


def test_a_page_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_LONGEST_SECONDS", 1)
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>/Length 60>>"
        b"stream\n%s\nendstream" % (number + 1, b"/X Do " * 10)
        for number in range(5, 20)
    ]
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length 60>>stream\n%s\nendstream" % (b"/X Do " * 10),
        *forms,
    )
    assert "takes PDFium longer than 1 seconds" in refusal(data)


def test_damaged_bytes_end_in_one_clear_error_or_text() -> None:
    sound = plain(*STORY)
    chance = random.Random(7)
    for _ in range(5):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            pdf.read(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]), "x")
        except SourceError as problem:
            assert "\n" not in str(problem)


def test_pypdfium2_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfium.importlib.util, "find_spec", lambda _: None)  # type: ignore[attr-defined]
    assert "pip install 'pypdfium2>=" in refusal(plain(STORY[0]))


def test_the_size_of_type_is_what_counts() -> None:
    assert len(texts(plain(*STORY, setting=Set(size=SIZE * 2, leading=30)))) == len(STORY)


# --- old Vietnamese fonts -----------------------------------------------------------------------


def two_fonts(line: str, old: bytes) -> bytes:
    """Make a page of a line in an old font, and one of plain Latin letters in Helvetica."""
    content = b"BT /F 12 Tf 20 300 Td (%s) Tj ET BT /G 12 Tf 20 200 Td (Xin \xe0 \xf3.) Tj ET"
    content %= line.encode("latin-1")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R/G 6 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        font % old,
        font % b"Helvetica",
    )


@pytest.mark.parametrize(
    ("line", "old"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", b".VnTime"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", b"ABCDEF+VNI-Times"),
    ],
)
def test_words_are_read_by_their_font(line: str, old: bytes) -> None:
    document = pdf.read(two_fonts(line, old), "x")
    (change,) = document.changes
    assert (change.step, change.example) == ("read by old Vietnamese fonts", "Cộng")
    text = " ".join(paragraph.text for paragraph in document.chapters[0].paragraphs)
    assert text == "Cộng hòa xã hội chủ nghĩa Việt Nam Xin à ó."


def test_converted_words_in_an_old_font_leave_their_neighbours_to_be_read() -> None:
    texts = "Boä coäng được coù nhieäm vuï".split()
    raw_words = [(text, 0.0, 5.0, 0.0, 12.0, False, 0) for text in texts]
    words, pairs = words_of((raw_words, []), ["VNI-Times"])
    assert [word.text for word in words] == "Bộ cộng được có nhiệm vụ".split()
    assert ("được", "được") not in pairs
