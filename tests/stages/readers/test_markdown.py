"""Markdown: what is written becomes paragraphs of their kinds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.errors import SourceError
from audiobook.model import Kind, Meta, Paragraph, StanzaEnd
from audiobook.stages.readers import markdown


def paragraphs(text: str) -> list[Paragraph]:
    (chapter,) = markdown.read(text.encode(), "book.md").chapters
    return list(chapter.paragraphs)


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(text)]


def meta(text: str) -> Meta:
    return markdown.read(f"{text}\nMột câu.\n".encode(), "book.md").meta


def test_headings_keep_their_levels() -> None:
    text = "# Sách\n\n## Chương *một* ##\n\nMở.\n\nTên khác\n---\n\n###### Sáu\n"
    assert paragraphs(text) == [
        Paragraph("Sách", Kind.HEADING, 1),
        Paragraph("Chương một", Kind.HEADING, 2),
        Paragraph("Mở."),
        Paragraph("Tên khác", Kind.HEADING, 2),
        Paragraph("Sáu", Kind.HEADING, 6),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Một **đậm** và *nghiêng*, ~~bỏ~~ `mã`.", ["Một đậm và nghiêng, bỏ mã."]),
        ("Xem [báo](http://a.vn 'nhan') nhé.", ["Xem báo nhé."]),
        ("Trước ![ảnh đẹp](a.png) sau.", ["Trước sau."]),
        ("![ảnh đẹp](a.png)", []),
        ("Hai dòng\ncủa một câu.", ["Hai dòng của một câu."]),
        ("> Trích\n> dẫn.\n>\n> Nữa.", ["Trích dẫn.", "Nữa."]),
        ("* Một\n* Hai\n  * Ba", ["Một", "Hai", "Ba"]),
        ("- Anh đi đâu?\n- Ra chợ.", ["- Anh đi đâu?", "- Ra chợ."]),
        ("3. Ba\n4. Bốn", ["3. Ba", "4. Bốn"]),
        ("    Thụt vào đầu dòng.\n\n    Lại thụt.", ["Thụt vào đầu dòng.", "Lại thụt."]),
        ("| Tên | Tuổi |\n|---|---|\n| An | 9 |\n| Tư | |", ["Tên, Tuổi", "An, 9", "Tư"]),
        ("<!-- ẩn -->\n\n<b>Đậm</b> &amp; \\*sao\\*.", ["Đậm & *sao*."]),
        ("<script>\nvar a;\n</script>\n\nSau.", ["Sau."]),
        ("<div align='center'>Giữa <i>trang</i></div>", ["Giữa trang"]),
        ("Một.\n\n[a]: http://a.vn", ["Một."]),
    ],
)
def test_only_the_text_is_read(written: str, read: list[str]) -> None:
    assert texts(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("> [!NOTE]\n> Nhớ mang ô.", ["Nhớ mang ô."]),
        ("> [!tip]- Mẹo hay\n> Nhớ mang ô.", ["Mẹo hay Nhớ mang ô."]),
        ("- [x] Mua cá\n- [ ] Bán gà", ["Mua cá", "Bán gà"]),
        ("Ta có $a^2=4$ và \\(b_1\\).", ["Ta có a bình phương bằng 4 và b 1."]),
        ("$$\n\\frac{1}{2}\n$$", ["1 trên 2"]),
        ("```math\nx^2\n```", ["x bình phương"]),
        ("giá $5 và $6", ["giá $5 và $6"]),
        ("## Tên {#ten .lop}\n\nLời. {: .nho}", ["Tên", "Lời."]),
        ("Một %%thầm%% hai.\n\n%%\nthầm\n%%\n\nBa.", ["Một hai.", "Ba."]),
        ("Giảm 5%% và 6%% nữa", ["Giảm 5%% và 6%% nữa"]),
        (":::tip[Mẹo]\nNhớ ô.\n:::", ["Mẹo", "Nhớ ô."]),
        ("::: warning\nNhớ ô.\n:::", ["Nhớ ô."]),
        ("[TOC]\n\nMột {{< ref a >}}hai.\n\n{% include a %}", ["Một hai."]),
        ("<details><summary>Tóm</summary>\n\nLời.\n\n</details>", ["Tóm", "Lời."]),
        ("<p>20 m<sup>2</sup></p>\n\nvà 5 m<sup>2</sup> nữa", ["20 m²", "và 5 m² nữa"]),
        ("Xem [báo][a].\n\n[a]: http://a.vn", ["Xem báo."]),
    ],
)
def test_what_other_programs_add_to_markdown(written: str, read: list[str]) -> None:
    assert texts(written) == read


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("```python\nx = 1\n```", Kind.CODE),
        ("~~~ js\nlet a\n~~~", Kind.CODE),
        ("```\nfor x in y:\n    print(x)\n```", Kind.CODE),
        ("```\nMột câu văn, chỉ là chữ.\n```", Kind.PROSE),
        ("```text\nx = 1\n```", Kind.PROSE),
    ],
)
def test_code_is_marked_as_such(block: str, kind: Kind) -> None:
    assert [paragraph.kind for paragraph in paragraphs(f"{block}\n\nSau.")] == [kind, Kind.PROSE]


@pytest.mark.parametrize("rule", ["***", "---", "* * *", "___"])
def test_rules_are_breaks(rule: str) -> None:
    assert paragraphs(f"Một.\n\n{rule}\n\nHai.")[1] == Paragraph("* * *", Kind.BREAK)


@pytest.mark.parametrize(
    "written",
    [
        "Trăm năm trong cõi người ta,  \nChữ tài chữ mệnh khéo là ghét nhau.",
        "Trăm năm trong cõi người ta,\\\nChữ tài chữ mệnh khéo là ghét nhau.",
        "Trăm năm trong cõi người ta,<br>Chữ tài chữ mệnh khéo là ghét nhau.",
        "```\nTrăm năm trong cõi người ta,\nChữ tài chữ mệnh khéo là ghét nhau.\n```",
        "> Trăm năm trong cõi người ta,  \n> Chữ tài chữ mệnh khéo là ghét nhau.",
    ],
)
def test_lines_broken_on_purpose_are_verse(written: str) -> None:
    assert paragraphs(written) == [
        Paragraph("Trăm năm trong cõi người ta,", Kind.VERSE),
        StanzaEnd("Chữ tài chữ mệnh khéo là ghét nhau.", Kind.VERSE),
    ]


def test_long_lines_are_no_verse() -> None:
    line = "Một câu văn xuôi dài, " * 9 + "hết."
    assert paragraphs(f"{line}  \n{line}") == [Paragraph(line), Paragraph(line)]


def test_notes_stand_aside() -> None:
    text = "Câu[^1] có chú[^b].\n\n[^1]: Chú *một*.\n\n[^b]: Chú hai.\n\n    Thêm.\n"
    assert paragraphs(text) == [
        Paragraph("Câu có chú."),
        Paragraph("Chú một.", Kind.NOTE),
        Paragraph("Chú hai.", Kind.NOTE),
        Paragraph("Thêm.", Kind.NOTE),
    ]


# --- front matter ---------------------------------------------------------------------------------


def test_front_matter_that_is_longer_than_what_tells_of_a_book() -> None:
    with pytest.raises(SourceError, match="longer than 100,000 characters"):
        markdown.read(f"---\ntitle: {'a' * 100_000}\n---\n\nNước lên.".encode(), "a.md")


def test_front_matter_in_yaml() -> None:
    front_matter = meta(
        "---\ntitle: 1984\nauthors: [George Orwell, Nguyễn An]\ndate: 1949-06-08\n"
        "lang: vi-VN\npublisher: 'NXB: Trẻ'\ndescription: >\n  Hai\n  dòng.\ntags: {a: b}\n---"
    )
    assert front_matter == Meta(
        title="1984",
        author="George Orwell, Nguyễn An",
        date="1949-06-08",
        language="vi-VN",
        publisher="NXB: Trẻ",
        description="Hai dòng.",
    )


def test_front_matter_in_toml() -> None:
    front_matter = meta('+++\ntitle = "Tắt đèn"\nauthor = "Ngô Tất Tố"\ndate = 1939-01-01\n+++')
    assert front_matter == Meta(title="Tắt đèn", author="Ngô Tất Tố", date="1939-01-01")


@pytest.mark.parametrize("date", ["08/06/1949", "hôm qua", "19490608", "[a]"])
def test_only_iso_dates(date: str) -> None:
    assert meta(f"---\ntitle: A\ndate: {date}\n---").date == ""


@pytest.mark.parametrize("text", ["---\n\nMột: hai.\n\n---\n\nBa.", "---\nMột câu.\n---\nBa."])
def test_rules_are_no_front_matter(text: str) -> None:
    (chapter,) = markdown.read(text.encode(), "book.md").chapters
    said = " ".join(paragraph.text for paragraph in chapter.paragraphs)
    assert "Một" in said
    assert "Ba." in said


@pytest.mark.parametrize(
    "front",
    ["+++\ntitle = \n+++", "+++\na = " + "[" * 5000 + "\n+++", "+++\ntitle = a: b\n+++"],
)
def test_broken_front_matter(front: str) -> None:
    with pytest.raises(SourceError, match=r"front matter of book\.md is broken") as caught:
        meta(front)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("front", "title", "author"),
    [
        ("title: Chương 1: Đôi mắt\nauthor: Nam Cao", "Chương 1: Đôi mắt", "Nam Cao"),
        (
            "title: \"Chương 1: Đôi mắt\"\nsub: Hai: ba\nauthor: 'Nam Cao'",
            "Chương 1: Đôi mắt",
            "Nam Cao",
        ),
        (
            "title: Đời thừa\ntóm: a: b\nauthors:\n  - Nam Cao\n  - Tô Hoài\nx: a: b",
            "Đời thừa",
            "Nam Cao, Tô Hoài",
        ),
        (
            "title: Tối: quá\ndescription: Tối.\n\nĐây là đâu?\nauthor: Nam Cao",
            "Tối: quá",
            "Nam Cao",
        ),
        ("title: >\n  Hai:\n  dòng\n a: b: c\nauthor: Nam Cao", "Hai: dòng a: b: c", "Nam Cao"),
    ],
)
def test_front_matter_that_is_no_yaml_is_read_by_lines(front: str, title: str, author: str) -> None:
    document = markdown.read(f"---\n{front}\n---\n\nMột câu.\n".encode(), "book.md")
    assert (document.meta.title, document.meta.author) == (title, author)
    assert [str(change.step) for change in document.changes] == [
        "front matter that is not YAML read line by line"
    ]
    assert [p.text for p in document.chapters[0].paragraphs] == ["Một câu."]


@pytest.mark.parametrize("front", ["a: " + "[" * 5000, "a: &a [*a, *b]", "title: a\n\t- b"])
def test_front_matter_of_any_kind_stops_no_book(front: str) -> None:
    assert texts(f"---\n{front}\n---\n\nMột câu.\n") == ["Một câu."]


# --- hostile --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [">" * 10_000 + " a", "- " * 10_000 + "a", "1. " * 10_000 + "a"])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="nests more than 60 deep"):
        markdown.read(text.encode(), "book.md")


@pytest.mark.parametrize("piece", ["[", "![", "**a ", "_a_*", "`a ", "<a ", "~~", "(", "&", "[^1]"])
def test_many_open_marks(piece: str) -> None:
    assert texts("a" + piece * 3000)


@given(st.text(alphabet="aộ #>-*_`[]()!|<>:\n\\^~1.=+\t&;", min_size=1, max_size=200))
@settings(max_examples=150, deadline=None)
def test_anything_is_read(text: str) -> None:
    for paragraph in paragraphs(f"a\n\n{text}"):
        assert paragraph.text.strip() == paragraph.text != ""


def test_a_box_whose_title_holds_code_is_text() -> None:
    """To CommonMark its first line is no fence, so that its last one would begin code."""
    box = '````smart header="Sau `extends`"\nTrong khung.\n\n```js\nlet a = 1;\n```\n\nCuối.\n````'
    said = [p for p in paragraphs(f"# Một\n\n{box}\n\n## Hai\n\nVăn xuôi.") if p.kind != Kind.CODE]
    assert [(p.text, p.level) for p in said] == [
        ("Một", 1),
        ("Sau extends", 0),
        ("Trong khung.", 0),
        ("Cuối.", 0),
        ("Hai", 2),
        ("Văn xuôi.", 0),
    ]
    assert texts("```` `a` b\n\nMẹ về.")[-1] == "Mẹ về."  # nothing ends it
    assert texts("```a`b``` là mã.\n\n```\nx\n```")[0].endswith("là mã.")


def test_block_quotations() -> None:
    text = "Ông viết:\n\n> Một.\n>\n> > Hai.\n>\n> Ba.\n>\n> ## Tựa\n>\n> - Bốn.\n\nHết.\n"
    assert [(paragraph.kind, paragraph.text) for paragraph in paragraphs(text)] == [
        (Kind.PROSE, "Ông viết:"),
        (Kind.QUOTE, "Một."),
        (Kind.QUOTE, "Hai."),
        (Kind.QUOTE, "Ba."),
        (Kind.HEADING, "Tựa"),
        (Kind.QUOTE, "- Bốn."),
        (Kind.PROSE, "Hết."),
    ]


def test_verse_in_a_quotation_is_verse() -> None:
    kinds = [
        paragraph.kind for paragraph in paragraphs("> Trăm năm trong cõi  \n> người ta\n\nHết.\n")
    ]
    assert kinds == [Kind.VERSE, Kind.VERSE, Kind.PROSE]
