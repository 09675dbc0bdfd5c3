"""What markup holds that is no text: notes, their marks, numbers of pages, what is deleted."""

from __future__ import annotations

import pytest

from audiobook.model import Kind
from audiobook.stages.readers.markup import Flow, flow, parse_html

PROSE, NOTE, CODE = Kind.PROSE, Kind.NOTE, Kind.CODE


def read(body: str) -> Flow:
    return flow(parse_html(f"<html><body>{body}</body></html>".encode(), "page"))


def said(body: str) -> list[tuple[Kind, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in read(body).paragraphs]


def left_out(body: str) -> dict[str, list[str]]:
    return {
        change.step: [piece.text for piece in change.left_out]
        for change in read(body).losses.changes()
    }


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Vua đi săn<sup>1</sup>.", "Vua đi săn."),
        ("Vua đi săn.<sup>12</sup> Rồi về.", "Vua đi săn. Rồi về."),
        ("Hết. <sup>3</sup>", "Hết."),
        ("Năm 1945<sup>3</sup> ấy.", "Năm 1945 ấy."),
        ("“Thế à?”<sup>1,2</sup>", "“Thế à?”"),
        ("Vua<sup>[1]</sup><sup>[2]</sup>về.", "Vua về."),
        ("mệnh<sup>[1]</sup>thì khó.", "mệnh thì khó."),
        ("Vua <span class='noteref'>(1)</span> về.", "Vua về."),
        ("20 m<sup>2</sup>, 5cm<sup>3</sup>, x<sup>2</sup>", "20 m², 5cm³, x²"),
        ("10<sup>3</sup>, (a + b)<sup>2</sup>, sin<sup>2</sup>", "10³, (a + b)², sin²"),
        ("1<sup>st</sup>, M<sup>lle</sup>", "1st, Mlle"),
    ],
)
def test_raised_numbers_are_marks_or_powers(written: str, text: str) -> None:
    assert said(f"<p>{written}</p>") == [(PROSE, text)]


@pytest.mark.parametrize(
    "note",
    [
        "<p class='footnote'><sup>1</sup> Vua họ Lý.</p>",
        "<div class='footnotes'><p>Vua họ Lý.</p></div>",
        "<div class='endnote-text'>Vua họ Lý.</div>",
        "<p class='MsoFootnoteText'>Vua họ Lý.</p>",
        "<p class='note'>Vua họ Lý.</p>",
        "<p class='chu-thich'>Vua họ Lý.</p>",
        "<p>Nhớ<sup>1</sup> thế.</p><p><sup>1</sup> Vua họ Lý.</p>",
    ],
)
def test_notes_are_known_by_their_class_or_mark(note: str) -> None:
    assert said(f"<p>Vua đi săn.</p>{note}")[-1] == (NOTE, "Vua họ Lý.")


@pytest.mark.parametrize(
    "text",
    [
        "<div class='note'>Lưu ý: mang theo ô.</div>",
        "<p class='release-notable'>Lời.</p>",
        "<p class='note-ref-list-title'>Lời.</p>",
        "<p class='vcard fn'>Lời.</p>",
        "<p><sup>5</sup> Ban đầu có trời và đất.</p>",
    ],
)
def test_what_only_looks_like_a_note_is_read(text: str) -> None:
    assert said(text)[0][0] is PROSE


def test_a_note_within_a_sentence_follows_it() -> None:
    assert said("<p>Vua<span class='footnote'>Vua họ Lý</span> đi săn.</p><p>Hết.</p>") == [
        (PROSE, "Vua đi săn."),
        (NOTE, "Vua họ Lý"),
        (PROSE, "Hết."),
    ]


def test_later_paragraphs_of_a_note_belong_to_it() -> None:
    text = "<p>Một<a href='#n1'>[1]</a>.</p><p>Hai<a href='#n2'>[2]</a>.</p>"
    notes = "<p id='n1'>[1] Chú một.</p><p>Chú một, thêm.</p><p id='n2'>[2] Chú hai.</p>"
    assert [kind for kind, _ in said(text + notes)] == [PROSE, PROSE, NOTE, NOTE, NOTE]
    # Text between the notes of two pages refers to the second.
    first = "<p>Một<a href='#n1'>[1]</a>.</p><p id='n1'>[1] Chú một.</p>"
    second = "<p>Hai<a href='#n2'>[2]</a>.</p><p id='n2'>[2] Chú hai.</p>"
    assert [kind for kind, _ in said(first + second)] == [PROSE, NOTE, PROSE, NOTE]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<p>Ông đi về <span class='pagenum'>[Trang 14]</span>phía nhà.</p>",
            "Ông đi về phía nhà.",
        ),
        ("<p>Ông đi về<span class='page-number'>14</span>phía nhà.</p>", "Ông đi về phía nhà."),
        ("<p>Ông ngh<span class='pagebreak'>14</span>iêng mình.</p>", "Ông nghiêng mình."),
        ("<p>Ông đi <a id='page_14'>[14]</a>về.</p>", "Ông đi về."),
        ("<p>Nhà nằm bên</p><p class='pagenum'>15</p><p>bờ sông.</p>", "Nhà nằm bên bờ sông."),
        (
            "<p>Nhà nằm bên</p><p><span class='pagenum'>15</span>bờ sông.</p>",
            "Nhà nằm bên bờ sông.",
        ),
    ],
)
def test_numbers_of_printed_pages(body: str, text: str) -> None:
    assert said(body) == [(PROSE, text)]
    (marks,) = left_out(body)["marks of printed pages left out"]
    assert marks.strip("[]Trang ") in ("14", "15")


def test_a_chapter_that_begins_on_a_new_page_is_read() -> None:
    body = (
        "<div class='pagebreak'><p>Một câu dài của chương.</p></div><p id='page_9'>12 con gà.</p>"
    )
    assert said(body) == [(PROSE, "Một câu dài của chương."), (PROSE, "12 con gà.")]


def test_deleted_text_is_not_read_and_told() -> None:
    body = "<p>Giá <del>năm nghìn</del><ins>sáu nghìn</ins>.</p><p><s>Cũ</s><b>mới</b></p>"
    assert said(body) == [(PROSE, "Giá sáu nghìn."), (PROSE, "Cũ mới")]
    assert left_out(body) == {"deleted text left out": ["năm nghìn"]}


def test_what_is_left_out_is_told_with_its_place() -> None:
    body = (
        "<h2>Lịch sử<span class='mw-editsection'>[sửa | sửa mã nguồn]</span></h2>"
        "<p>Vua<sup>[1]</sup> về. <span hidden>Ẩn.</span></p><script>var a</script>"
    )
    assert left_out(body) == {
        "menus, buttons and links to edit left out": ["[sửa | sửa mã nguồn]"],
        "marks of notes in the markup left out": ["[1]"],
        "hidden text left out": ["Ẩn."],
    }
    places = [piece.after for change in read(body).losses.changes() for piece in change.left_out]
    assert places == ["Lịch sử", "Vua", "Vua về."]


def test_what_is_only_heard_stands_in_for_what_is_only_shown() -> None:
    body = (
        "<p><span class='sr-only'>Trời</span>"
        "<span aria-hidden='true'><b>T</b>rời</span> vừa hửng.</p>"
    )
    assert said(body) == [(PROSE, "Trời vừa hửng.")]


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("<pre><code class='language-python'>print(1)</code></pre>", CODE),
        ("<div class='highlight'><pre>print(1)</pre></div>", CODE),
        ("<pre class='programlisting'>a</pre>", CODE),
        ("<pre><code>for (i = 0; i < 3; i++) {\n  go();\n}</code></pre>", CODE),
        ("<pre>for x in ds:\n    print(x)</pre>", CODE),
        ("<pre><code>Một câu văn dài, chỉ là chữ.</code></pre>", PROSE),
        ("<pre>Một câu văn dài, chỉ là chữ.</pre>", PROSE),
    ],
)
def test_code_is_marked(block: str, kind: Kind) -> None:
    assert [marked_kind for marked_kind, _ in said(block.replace("i < 3", "i &lt; 3"))] == [kind]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mfrac><mi>a</mi><mi>b</mi></mfrac>", "a trên b"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x bình phương"),
        ("<msqrt><mn>3</mn></msqrt>", "căn 3"),
        ("<mroot><mi>x</mi><mn>5</mn></mroot>", "căn bậc 5 của x"),
        ("<msub><mi>x</mi><mn>1</mn></msub><mo>≤</mo><mn>2</mn>", "x 1 nhỏ hơn hoặc bằng 2"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"
            "</munderover><mi>i</mi>",
            "tổng từ i bằng 1 đến n của i",
        ),
        ("<semantics><mi>x</mi><annotation>\\x</annotation></semantics>", "x"),
    ],
)
def test_formulas_say_what_they_mean(formula: str, text: str) -> None:
    assert said(f"<p>Có <math>{formula}</math>.</p>") == [(PROSE, f"Có {text}.")]


def test_an_alternative_text_of_a_formula_is_read() -> None:
    assert said("<p>Có <math alttext='x bằng hai'><mi>x</mi></math>.</p>") == [
        (PROSE, "Có x bằng hai.")
    ]
    assert said("<p>Có <math alttext='\\frac{a}{b}'><mi>x</mi></math>.</p>") == [
        (PROSE, "Có a trên b.")
    ]
    body = "<p>Có <math alttext='Alternative text not available'><mi>x</mi></math>.</p>"
    assert said(body) == [(PROSE, "Có x.")]


def test_a_formula_too_deep_to_follow_is_told() -> None:
    body = f"<p>Có <math>{'<mrow>' * 60}<mi>x</mi>{'</mrow>' * 60}</math>.</p>"
    assert said(body) == [(PROSE, "Có .")]
    assert left_out(body) == {"formulas left out": ["x"]}
