from __future__ import annotations

import pytest

from audiobook.errors import SourceError
from audiobook.model import Kind
from audiobook.stages.readers.markup import Flow, flow, parse_html

PROSE, HEADING, VERSE = Kind.PROSE, Kind.HEADING, Kind.VERSE
NOTE, CAPTION, BREAK, QUOTE = Kind.NOTE, Kind.CAPTION, Kind.BREAK, Kind.QUOTE


def read(body: str) -> Flow:
    return flow(parse_html(f"<html><body>{body}</body></html>".encode(), "page"))


def said(body: str) -> list[tuple[Kind, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in read(body).paragraphs]


def texts(body: str) -> list[str]:
    return [text for _, text in said(body)]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p>Một  \n hai&nbsp;ba.</p><p>Bốn.", ["Một hai ba.", "Bốn."]),
        ("Chữ trần<p>Đoạn</p>chữ sau", ["Chữ trần", "Đoạn", "chữ sau"]),
        ("<div>Ngoài<div>trong</div>lại ngoài</div>", ["Ngoài", "trong", "lại ngoài"]),
        ("<p>Chữ <b>đậm</b><i>nghiêng</i> <span>liền</span></p>", ["Chữ đậmnghiêng liền"]),
        ("<p></p><p> &nbsp; </p><div><br></div>", []),
        ("<ul><li>Gạo<li>Muối<ul><li>trắng</ul></ul>", ["Gạo", "Muối", "trắng"]),
        ("<dl><dt>Khú</dt><dd>dưa hỏng</dd></dl>", ["Khú", "dưa hỏng"]),
        ("<p>H<sub>2</sub>O, 20 m<sup>2</sup></p>", ["H2O, 20 m²"]),
        ("<p>đi bộ<wbr>hành</p>", ["đi bộhành"]),
    ],
)
def test_blocks_and_words(body: str, paragraphs: list[str]) -> None:
    assert texts(body) == paragraphs


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a</script>",
        "<style>p{}</style>",
        "<nav><a href='#'>Mục lục</a></nav>",
        "<p hidden>ẩn</p>",
        "<div style='color:red; display : none'><p>ẩn</p></div>",
        "<span aria-hidden='true'>ẩn</span>",
        "<span class='sr-only'>ẩn</span>",
        "<img alt='ảnh' src='a.png'>",
        "<svg><title>hình</title><text>chữ</text></svg>",
        "<span epub:type='pagebreak'>41</span>",
        "<span role='doc-pagebreak'>41</span>",
        "<!-- lời thầm -->",
        "<button>Nghe</button>",
    ],
)
def test_what_is_not_read(hidden: str) -> None:
    assert texts(f"<div>Trước. {hidden} Sau.</div>") in (["Trước. Sau."], ["Trước.", "Sau."])


def test_ruby_without_its_readings() -> None:
    assert texts("<p><ruby>漢<rp>(</rp><rt>hán</rt><rp>)</rp></ruby> tự</p>") == ["漢 tự"]


def test_headings_know_their_level() -> None:
    paragraphs = read("<h1>Quyển một</h1><h3>Chương<br>I</h3><p>Lời.</p>").paragraphs
    assert [(p.text, p.kind, p.level) for p in paragraphs] == [
        ("Quyển một", HEADING, 1),
        ("Chương I", HEADING, 3),
        ("Lời.", PROSE, 0),
    ]


@pytest.mark.parametrize(
    "ornament", ["<hr>", "<p>***</p>", "<p>* * *</p>", "<p>---o0o---</p>", "<p>★★★</p><hr/>"]
)
def test_ornaments_are_breaks(ornament: str) -> None:
    assert said(f"<p>Một.</p>{ornament}<p>Hai.</p>") == [
        (PROSE, "Một."),
        (BREAK, "* * *"),
        (PROSE, "Hai."),
    ]


def test_silent_lines_are_no_ornaments() -> None:
    assert said("<p>…</p><p>“?!”</p>") == [(PROSE, "…"), (PROSE, "“?!”")]


def test_line_breaks_part_paragraphs() -> None:
    body = (
        "<div>Hắn vừa đi vừa chửi. Bao giờ cũng thế, cứ rượu xong là hắn chửi.<br/>"
        "- Ai đấy?<br/><br/>- Tôi đây.<br/>Rồi im, chỉ còn tiếng<br/>gió trong lá chuối.</div>"
    )
    assert said(body) == [
        (PROSE, "Hắn vừa đi vừa chửi. Bao giờ cũng thế, cứ rượu xong là hắn chửi."),
        (PROSE, "- Ai đấy?"),
        (PROSE, "- Tôi đây."),
        (PROSE, "Rồi im, chỉ còn tiếng gió trong lá chuối."),
    ]


VERSES = ["Trời thu xanh ngắt mấy tầng cao,", "Cần trúc lơ phơ gió hắt hiu."] * 2


@pytest.mark.parametrize(
    "body",
    [
        f"<center>{'<br>   '.join(VERSES)}</center>",
        f"<p>{'<br/>'.join(VERSES[:2])}<br/><br/>{'<br/>'.join(VERSES[2:])}</p>",
        f"<div class='poem'>{''.join(f'<p>{verse}</p>' for verse in VERSES)}</div>",
        f"<p class='tho'>{'<br>'.join(VERSES)}</p>",
        f"<section epub:type='z3998:poem'><p>{'<br>'.join(VERSES)}</p></section>",
        "<pre>" + "\n  ".join(VERSES) + "</pre>",
    ],
)
def test_verse(body: str) -> None:
    assert said(body) == [(VERSE, verse) for verse in VERSES]


def test_verse_quoted_within_prose() -> None:
    prose = "Ông đồ rung đùi, nhấp một ngụm trà, rồi ngâm nga bài thơ câu cá của cụ Tam nguyên:"
    assert said(f"<div>{prose}<br>{'<br>'.join(VERSES)}<br>{prose}</div>") == [
        (PROSE, prose),
        *((VERSE, verse) for verse in VERSES),
        (PROSE, prose),
    ]


def test_short_sentences_are_not_verse() -> None:
    lines = ["Trời tối.", "Không ai nói gì.", "Nó đi.", "Rồi nó quay lại.", "Lại đi."]
    assert said(f"<p>{'<br>'.join(lines)}</p>") == [(PROSE, line) for line in lines]


def test_preformatted_lines_are_left_to_tidying() -> None:
    wrapped = "Đoạn này đã xuống dòng ở cột bốn mươi,\nnên còn giữ dòng."
    assert texts(f"<pre>{wrapped}\n\nĐoạn hai.</pre>") == [wrapped, "Đoạn hai."]


@pytest.mark.parametrize(
    "body",
    [
        "<p><span class='dropcap'>T</span>\n rong đầm gì đẹp bằng sen.</p>",
        "<p><span class='first-letter'><b>T</b></span>rong đầm gì đẹp bằng sen.</p>",
        "<p><big>T</big>rong đầm gì đẹp bằng sen.</p>",
    ],
)
def test_a_drop_cap_belongs_to_its_word(body: str) -> None:
    assert texts(body) == ["Trong đầm gì đẹp bằng sen."]


def test_a_word_of_one_letter_stands_alone() -> None:
    assert texts("<p><span class='hoa'>Ở</span> nhà.</p>") == ["Ở nhà."]


def test_a_table_of_data_is_read_by_rows() -> None:
    table = (
        "<table><caption>Lịch tiêm</caption><tr><th>Thôn</th><th>Số con</th></tr>"
        "<tr><td><p>Thượng</p></td><td>125<br>con</td></tr></table>"
    )
    assert said(table) == [
        (CAPTION, "Lịch tiêm"),
        (PROSE, "Thôn, Số con"),
        (PROSE, "Thượng, 125, con"),
    ]


def test_a_table_for_layout_is_read_by_its_blocks() -> None:
    assert said("<table><tr><td>Trái</td><td><h2>Tên</h2><p>Một.</p></td></tr></table>") == [
        (PROSE, "Trái"),
        (HEADING, "Tên"),
        (PROSE, "Một."),
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "<figure><img src='a'><figcaption>Chợ <em>nổi</em></figcaption></figure>",
        "<div class='PhotoCMS_Caption'><p>Chợ nổi</p></div>",
    ],
)
def test_captions(caption: str) -> None:
    assert said(f"<p>Một.</p>{caption}") == [(PROSE, "Một."), (CAPTION, "Chợ nổi")]


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        (
            "<a href='#n1' id='r1'><sup>[1]</sup></a>",
            "<p><a href='#r1' id='n1'><sup>[1]</sup></a> Lời chú.</p>",
        ),
        (
            "<sup><a href='#n1' id='r1'>1</a></sup>",
            "<p><sup><a href='#r1' id='n1'>1</a></sup> Lời chú.</p>",
        ),
        ("<a epub:type='noteref' href='#n1'>1</a>", "<aside epub:type='footnote'>Lời chú.</aside>"),
        (
            "<sup>[<a href='#n1'>1</a>]</sup>",
            "<ol><li id='n1'>Lời chú. <a href='#r'>↩</a></li></ol>",
        ),
        ("<a href='#n1'>(1)</a>", "<div id='n1'><p>Lời chú.</p></div>"),
        ("<a href='#n1'>*</a>", "<p><a name='n1'></a>Lời chú.</p>"),
        ("<sup>[1]</sup>", "<p role='doc-footnote' hidden>Lời chú.</p>"),
    ],
)
def test_notes_are_marked_and_their_marks_left_out(reference: str, note: str) -> None:
    assert said(f"<p>Bác{reference} là gọt.</p><p>Xong.</p>{note}") == [
        (PROSE, "Bác là gọt."),
        (PROSE, "Xong."),
        (NOTE, "Lời chú."),
    ]


def test_text_goes_on_after_a_note() -> None:
    body = "<p>Một<a href='#n'>[1]</a>.</p><aside id='n'><p>Chú.</p><p>Thêm.</p></aside><p>Hai.</p>"
    assert [kind for kind, _ in said(body)] == [PROSE, NOTE, NOTE, PROSE]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Xem chương <a href='#c5'>5</a>.</p>",
        "<p>Năm <a href='/nam/1945#hanoi'>1945</a>.</p>",
        "<p>Xem <a href='#c5'>chương năm</a>.</p>",
    ],
)
def test_other_links_are_read(body: str) -> None:
    assert texts(body)[0].rstrip(".").split()[-1] in ("5", "1945", "năm")


def test_a_chapter_is_not_a_note_because_a_number_leads_to_it() -> None:
    body = "<p>Mục<a href='#c1'>1</a></p><div id='c1'><h2>Chương 1</h2><p>Lời.</p></div>"
    assert said(body)[1:] == [(HEADING, "Chương 1"), (PROSE, "Lời.")]


def test_notes_in_another_document() -> None:
    cited: set[str] = set()
    reference = "<p>Bác<a href='../Text/chu.xhtml#n1'><sup>1</sup></a> là gọt.</p>"
    flow(parse_html(reference.encode(), "page"), "Text/mot.xhtml", cited)
    notes = "<p id='n0'>Lời dẫn.</p><p id='n1'>Lời chú.</p>"
    page = flow(parse_html(notes.encode(), "page"), "Text/chu.xhtml", cited)
    assert [p.kind for p in page.paragraphs] == [PROSE, NOTE]


def test_places_of_names() -> None:
    body = (
        "<div id='a'><p>Một <b id='b'>hai</b></p><a name='c'></a><p>Ba</p>"
        "bốn<br><i id='d'></i>Năm<br></div><p id='e'></p>"
    )
    page = read(body)
    assert [p.text for p in page.paragraphs] == ["Một hai", "Ba", "bốn", "Năm"]
    assert page.places == {"a": 0, "b": 0, "c": 1, "d": 3, "e": 4}


def test_share_of_links() -> None:
    contents = "<h1>Mục lục</h1><p><a href='1.html'>Chương 1</a></p><p><a href='2.html'>Hai</a></p>"
    assert read(contents).links == 1.0
    assert read("<p>Chữ <a href='https://example.com/'>xa</a></p>").links == 0.0


def test_a_page_is_read_in_linear_time_and_without_recursion() -> None:
    depth = 250
    nested = "<table><tr><td>" * (depth // 4) + "<p>sâu</p>" * 2000 + "</td></tr></table>"
    assert texts(nested) == ["sâu"] * 2000


def test_nesting_beyond_reason_is_refused_not_cut_off() -> None:
    with pytest.raises(SourceError, match="nested deeper"):
        read("<div>" * 10_000 + "chữ")


def test_nothing() -> None:
    assert flow(parse_html(b"", "page")).paragraphs == []


TEXT = "<p>" + "Một đoạn văn của chính cuốn sách này. " * 9 + "</p>"


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p>Một.</p><p>Hai.<blockquote>Ba.</blockquote>", [(QUOTE, "Ba.")]),
        ("<blockquote><p>Một.<blockquote>Hai.</blockquote><p>Ba.</blockquote>",
         [(QUOTE, "Một."), (QUOTE, "Hai."), (QUOTE, "Ba.")]),
        ("<blockquote><h3>Thư</h3><p>Một.<hr></blockquote>",
         [(HEADING, "Thư"), (QUOTE, "Một."), (BREAK, "* * *")]),
        ("<blockquote>Trăm năm<br>trong cõi<br>người ta<br>chữ tài</blockquote>",
         [(VERSE, "Trăm năm"), (VERSE, "trong cõi"), (VERSE, "người ta"), (VERSE, "chữ tài")]),
        ("<blockquote class='poem'><p>Trăm năm</blockquote>", [(VERSE, "Trăm năm")]),
        ("<blockquote><p class='caption'>Ảnh.</p></blockquote>", [(CAPTION, "Ảnh.")]),
        ("<aside role='doc-footnote'><blockquote>Một.</blockquote></aside>", [(NOTE, "Một.")]),
    ],
)  # fmt: skip
def test_block_quotations(body: str, paragraphs: list[tuple[Kind, str]]) -> None:
    marked = said(TEXT + body)
    assert [pair for pair in marked if pair[0] is not PROSE] == paragraphs
    assert said(TEXT + body + "<p>Hết.")[-1] == (PROSE, "Hết.")


def test_a_page_that_only_indents_quotes_nobody() -> None:
    assert said(f"<p>Chương một</p><blockquote>{TEXT}</blockquote>")[-1][0] is PROSE
