"""What is found out about web pages: the article among all else, its headline, authors and day."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.app import preparing
from audiobook.config import make_job
from audiobook.errors import SourceError
from audiobook.model import Change, Document, Kind, Paragraph
from audiobook.stages.readers.html import read
from audiobook.stages.readers.markup import parse_html
from audiobook.stages.readers.page import article as article_of_page
from audiobook.stages.readers.page import source

pytest.importorskip("trafilatura", reason="the extra 'web' is not installed")

LEAD = "Chỉ một đêm, nước ngập vườn cây ven sông, xã phải dùng xuồng chở học sinh đến lớp."
BODY = (
    "Sáng sớm hôm qua, hàng trăm hộ dân ven sông bắt đầu dọn đồ lên gác sau khi nước dâng thêm ba"
    " mươi phân chỉ trong một đêm, ngập hết vườn cây đang vào mùa trái chín.",
    "Bà Mận kể rằng từ nhỏ đến giờ bà mới thấy nước lên nhanh như vậy; đàn gà hơn chục con phải đem"
    " gửi nhà người cháu ở trên đồi, còn con trâu thì buộc tạm ở sân đình.",
    "Chiều cùng ngày, xã cho mở trường làng làm chỗ ở tạm, phát nước sạch và mì gói cho những nhà"
    " bị ngập quá đầu gối, đồng thời cử người trực suốt đêm ở đầu đê.",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
TITLE = "Nước sông dâng"


def page(body: str, head: str = "", title: str = f"{TITLE} | Báo Làng") -> Document:
    data = (
        f'<!doctype html><html lang="vi"><head><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )
    return read(data.encode(), "trang.html")


def article(inner: str = "", ending: str = "") -> str:
    return (
        f"<article><h1>{TITLE}</h1>{inner}<div class='entry-content'>{TEXT}{ending}</div></article>"
    )


def linked(**facts: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


def texts(document: Document) -> list[str]:
    (chapter,) = document.chapters
    return [paragraph.text for paragraph in chapter.paragraphs]


# --- the article


def test_a_lead_marked_as_a_heading_is_a_paragraph(tmp_path: Path) -> None:
    for tag in ("h2", "h3", "p", "div"):
        lead = f"<{tag} class='sapo'>{LEAD}</{tag}>"
        document = page(article(lead))
        assert texts(document) == [TITLE, LEAD, *BODY]
        assert document.chapters[0].paragraphs[1].kind is Kind.PROSE
    file = tmp_path / "trang.html"
    file.write_text(f"<!doctype html><html lang='vi'><body>{article(lead)}</body></html>", "utf-8")
    assert len(preparing.prepare(make_job(str(file), folder=tmp_path)).chapters) == 1


@pytest.mark.parametrize(
    "box",
    [
        "<h3>Chia sẻ:</h3><h3>Thích điều này:</h3><span>Đang tải...</span><h3>Có liên quan</h3>"
        "<ul><li><a href='/1'>Ba cách giữ nhà khô trong mùa lũ mà ai cũng làm được</a></li></ul>",
        "<div class='sharedaddy'><h3>Share this:</h3><ul><li>Facebook</li><li>X</li></ul></div>"
        "<div class='jp-relatedposts'><h3>Related</h3><p>Đê cũ sắp được đắp lại sau mười năm chờ"
        " đợi, người dân hai bên sông mong từng ngày.</p></div>",
        "<div class='box-tin-lien-quan'><p><b>Tin liên quan</b></p><ul><li><a href='/2'>Làng trên"
        " đồi mở cửa đón hàng trăm người từ dưới bãi lên ở nhờ</a></li></ul></div>",
        "<div class='hop'><div class='tua'><h2>Tin cùng chuyên mục</h2></div><div><h3><a href='/3'>"
        "Mưa lớn kéo dài đến cuối tuần</a></h3><p>Đài khí tượng dự báo mưa còn kéo dài, mực nước"
        " trên các sông tiếp tục lên chậm.</p></div></div>",
    ],
)
def test_boxes_of_links_and_buttons_are_not_the_article(box: str) -> None:
    assert texts(page(article(ending=box))) == [TITLE, *BODY]
    assert texts(page(article() + box)) == [TITLE, *BODY]


def test_a_box_in_the_middle_is_listed_and_the_menu_is_counted() -> None:
    box = "<div class='related'><a href='/1'>Ba cách giữ nhà khô trong mùa lũ năm nay</a></div>"
    inner = f"<p>{BODY[0]}</p>{box}<p>{BODY[1]}</p><p>{BODY[2]}</p>"
    menu = "<ul><li><a href='/'>Trang chủ</a></li><li><a href='/a'>Thời sự</a></li></ul>"
    document = page(f"{menu}<article><h1>{TITLE}</h1><div>{inner}</div></article>")
    assert texts(document) == [TITLE, *BODY]
    changes: dict[str, Change] = {change.step: change for change in document.changes}
    (piece,) = changes["boxes in the article left out"].left_out
    assert piece.text.startswith("Ba cách giữ nhà khô")
    assert BODY[0].endswith(piece.after)
    around = changes["words of the page outside the article"]
    assert around.count >= 4
    assert [piece.text for piece in around.left_out] == ["Trang chủ\nThời sự"]


def test_menus_and_what_is_hidden_are_listed_beside_the_text() -> None:
    menu = "<nav><a href='/'>Trang chủ</a></nav><div style='display:none'>Mời đăng ký.</div>"
    pieces = {
        piece.text: piece.is_beside
        for change in page(menu + article()).changes
        for piece in change.left_out
    }
    assert pieces == {"Trang chủ": True, "Mời đăng ký.": True}


@pytest.mark.parametrize("label", ["Tin liên quan", "Có liên quan", "Đọc tiếp"])
@pytest.mark.parametrize("box", ["{}", "<div>{}</div>", "<div class='box-tin-lien-quan'>{}</div>"])
def test_the_text_behind_a_box_is_read(label: str, box: str) -> None:
    links = f"<h3>{label}</h3><ul><li><a href='/1'>Nhà khô mùa lũ</a></li></ul>"
    first, *following = TEXT.split("</p>")
    body = f"{first}</p>{box.format(links)}{'</p>'.join(following)}"
    assert texts(page(f"<article><h1>{TITLE}</h1>{body}</article>")) == [TITLE, *BODY]


@pytest.mark.parametrize("heading", ["Chia sẻ", "Bình luận", "Có liên quan", "Xem nhiều"])
def test_a_heading_over_prose_is_no_label_of_a_box(heading: str) -> None:
    body = f"<p>{BODY[0]}</p><h2>{heading}</h2><p>{BODY[1]}</p><p>{BODY[2]}</p>"
    lines = texts(page(f"<article><h1>{TITLE}</h1>{body}</article>"))
    assert lines == [TITLE, BODY[0], heading, *BODY[1:]]


def test_the_form_for_comments_is_a_box() -> None:
    form = "<h3>Trả lời Hủy trả lời</h3><p>Email của bạn sẽ không được hiển thị công khai.</p>"
    assert texts(page(article(ending=form))) == [TITLE, *BODY]


def test_a_paragraph_with_formulas_is_part_of_the_text() -> None:
    half = "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
    cube = "<math><msup><mi>x</mi><mn>3</mn></msup></math>"
    formulas = f"<p>Thửa ruộng rộng {half} mẫu, bể chứa {cube} khối, còn {half} bao thóc.</p>"
    body = f"<p>{BODY[0]}</p>{formulas}<p>{BODY[1]}</p>"
    lines = texts(page(f"<article><h1>{TITLE}</h1>{body}</article>"))
    assert [text[:9] for text in lines] == [TITLE[:9], BODY[0][:9], "Thửa ruộn", BODY[1][:9]]


@pytest.mark.parametrize(
    "short",
    [
        "<p><span style='float:left'>N</span>gày ấy xa rồi.</p>",
        "<p><span style='float:left;font-size:3em'>N</span> gày ấy xa rồi.</p>",
        "<p><img src='n.png' alt='N'>gày ấy xa rồi.</p>",
        "<p>Ngày ấy xa rồi.</p>",
    ],
)
def test_a_short_paragraph_between_others_is_part_of_the_text(short: str) -> None:
    body = f"<p>{BODY[0]}</p>{short}<p>{BODY[1]}</p>{short}<p>{BODY[2]}</p>"
    lines = texts(page(f"<article><h1>{TITLE}</h1>{body}</article>"))
    assert lines == [TITLE, BODY[0], "Ngày ấy xa rồi.", BODY[1], "Ngày ấy xa rồi.", BODY[2]]


def test_a_paragraph_that_is_named_a_box_is_one_between_others() -> None:
    box = "<p class='related'>Ba cách giữ nhà khô trong mùa lũ năm nay</p>"
    body = f"<p>{BODY[0]}</p>{box}<p>{BODY[1]}</p><p>{BODY[2]}</p>"
    assert texts(page(f"<article><h1>{TITLE}</h1>{body}</article>")) == [TITLE, *BODY]


def test_the_prose_beside_the_article_is_listed_and_its_foot_is_beside_it() -> None:
    beside = "Xã Bến Xuân giữ mọi quyền trên trang này, ngày đêm."
    foot = "<footer><p>Cơ quan chủ quản là Ủy ban xã Bến Xuân.</p></footer>"
    shown = [Paragraph(text) for text in (*BODY, beside, "Cơ quan chủ quản là Ủy ban xã.")]
    root = parse_html(f"<div>{TEXT}<p>{beside}</p></div>{foot}".encode(), "trang.html")
    parents = (parent.getparent() for parent in root.iter("p"))
    around = {place: parent for place, parent in enumerate(parents) if parent is not None}
    (change,) = article_of_page.left_out(shown, [0, 1, 2], shown[:3], around)
    pieces = [(piece.text, piece.is_beside) for piece in change.left_out]
    assert pieces == [(beside, False), ("Cơ quan chủ quản là Ủy ban xã.", True)]
    assert change.count == len(f"{beside} Cơ quan chủ quản là Ủy ban xã.".split())


def test_a_text_parted_by_advertisements_is_read_to_its_end() -> None:
    part = "<div class='khoi'><div class='chu'>{}</div></div>"
    parts = (
        part.format(TEXT),
        part.format(TEXT.replace("Bà Mận", "Ông Tư").replace("hôm qua", "nay")),
    )
    body = "<div class='quang-cao'>Mua ngay</div>".join(parts)
    lines = texts(page(f"<main><h1>{TITLE}</h1><div>{body}</div></main>"))
    assert any("Bà Mận" in text for text in lines)
    assert any("Ông Tư" in text for text in lines)
    assert "Mua ngay" not in lines


def test_the_structure_of_the_page_is_kept() -> None:
    inner = (
        f"<p>{BODY[0]}</p><h2>Đêm ở sân đình</h2><blockquote><p>{BODY[1]}</p></blockquote>"
        f"<figure><img src='a'><figcaption>Nước ngập sân đình</figcaption></figure><p>{BODY[2]}</p>"
    )
    document = page(f"<article><h1>{TITLE}</h1><div>{inner}</div></article>")
    kinds = [paragraph.kind for paragraph in document.chapters[0].paragraphs]
    assert kinds == [Kind.HEADING, Kind.PROSE, Kind.HEADING, Kind.QUOTE, Kind.CAPTION, Kind.PROSE]


@pytest.mark.parametrize(
    "body",
    [
        f"<div hidden id='S:1'><h1>{TITLE}</h1>{TEXT}</div>",
        f"<div style='display:none'><h1>{TITLE}</h1>{TEXT}</div>",
        '<div id="__next"></div><script type="application/json" id="__NEXT_DATA__">'
        + json.dumps({"props": {"post": {"title": TITLE, "content": TEXT * 2}}}).replace(
            "</", "<\\/"
        )
        + "</script>",
        "<div id='app'></div>"
        + linked(**{"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(BODY)}),
    ],
)
def test_what_a_program_would_show_is_read(body: str) -> None:
    assert BODY[1] in texts(page(body))


def test_signs_in_scripts_are_not_markup() -> None:
    script = "for(var i=0;i<n;i++){if(a<d&&b<c){" + "x y=z " * 400 + "}}"
    document = page(article() + f"<script>{script}</script><style>a<b{{}}</style>")
    assert texts(document) == [TITLE, *BODY]


@given(st.text(alphabet="<>!-/scriptyle \"'=ă{}[]", max_size=200))
def test_parting_loses_nothing_but_scripts_styles_and_comments(text: str) -> None:
    parts = source.split_page(text)
    assert len(parts.markup) <= len(text)
    if "<!--" not in text and "<s" not in text:
        assert parts.markup == text


def test_a_page_that_says_next_to_nothing_is_refused() -> None:
    with pytest.raises(SourceError, match="no article"):
        page("<div id='app'></div>")


@pytest.mark.parametrize(
    "crowd",
    [
        "<h3>Bình luận</h3>" * 20_000,
        "<script " * 50_000,
        "<div class='related date'>" * 200 + BODY[0] * 2_000,
    ],
)
def test_crowds_take_no_long_time(crowd: str) -> None:
    def read_whole() -> None:
        with suppress(SourceError):
            page(crowd + TEXT)

    assert cpu_seconds(read_whole) < 8


def test_wikipedia_keeps_its_headings_and_not_their_links() -> None:
    edit = (
        "<span class='mw-editsection'><span>[</span><a href='/s'>sửa</a><span> | </span>"
        "<a href='/m'>sửa mã nguồn</a><span>]</span></span>"
    )
    parts = "".join(
        f"<div class='mw-heading mw-heading2'><h2>{name}</h2>{edit}</div>{TEXT}"
        for name in ("Lịch sử", "Dân cư")
    )
    body = (
        f"<h1>Bến Xuân</h1><div id='bodyContent'><div class='mw-parser-output'>{parts}</div></div>"
    )
    document = page(body, title="Bến Xuân – Wikipedia tiếng Việt")
    assert document.meta.title == "Bến Xuân"
    lines = texts(document)
    assert {"Lịch sử", "Dân cư"} <= set(lines)
    assert not any("mã nguồn" in text for text in lines)


@pytest.mark.parametrize("mark", ["[2]:12", "[2]: 12–14", ":12"])
def test_the_page_of_a_source_goes_with_its_mark(mark: str) -> None:
    document = page(article().replace("trái chín.", f"trái chín.<sup>{mark}</sup>"))
    assert texts(document) == [TITLE, *BODY]


def test_a_page_of_a_paragraph_and_a_link_is_its_paragraph() -> None:
    for link in ("<a href='/'>Về làng</a>", "<p><a href='/'>Về làng</a></p>"):
        document = page(f"<h1>Toán</h1><p>Một câu ngắn.</p>{link}", title="Toán")
        assert "Một câu ngắn." in texts(document)


def test_notices_of_an_encyclopedia_are_left_out_and_reported() -> None:
    notice = (
        "<div role='note' class='hatnote'>Bài này nói về bến. Xem thêm <a href='/c'>chợ</a>.</div>"
    )
    document = page(f"<h1>Bến Xuân</h1><div>{notice}{TEXT}</div>", title="Bến Xuân")
    assert texts(document) == ["Bến Xuân", *BODY]
    (pieces,) = (change.left_out for change in document.changes if "notices" in change.step)
    assert [piece.text for piece in pieces] == ["Bài này nói về bến. Xem thêm chợ."]


def test_cards_of_other_articles_and_headings_over_nothing_are_not_read() -> None:
    card = "<div class='the'><h3><a href='/{0}'>Chuyện bến số {0}</a></h3><p>Mời bạn đọc.</p></div>"
    cards = card.format(1) + card.format(2)
    first, *following = TEXT.split("</p>")
    body = f"{first}</p>{cards}{'</p>'.join(following)}<h2>Tin của làng</h2>"
    assert texts(page(f"<article><h1>{TITLE}</h1><div>{body}</div></article>")) == [TITLE, *BODY]


def test_a_linked_heading_over_text_is_read() -> None:
    items = "".join(
        f"<section class='muc'><h2><a href='/{number}'>Bến số {number}</a></h2>{TEXT}</section>"
        for number in (1, 2)
    )
    lines = texts(page(f"<article><h1>{TITLE}</h1>{items}</article>"))
    assert "Bến số 1" in lines
    assert "Bến số 2" in lines


def test_a_page_of_a_few_words_is_all_text() -> None:
    body = "<h1>Toán</h1><p>Ta có <math><mi>x</mi></math> và sách.</p>"
    assert texts(page(body, title="Toán")) == ["Toán", "Ta có x và sách."]
    for part in ("<script>app()</script>", "<input type='password'>"):
        with pytest.raises(SourceError, match="no article"):
            page(body + part)


def test_a_page_that_asks_to_pay_says_so() -> None:
    document = page(article(ending="<p>Đăng ký thành viên để đọc tiếp bài viết này.</p>"))
    steps = [change.step for change in document.changes]
    assert any("asks to pay" in step for step in steps)


# --- a book on one page


@pytest.mark.parametrize("tag", ["h1", "h2", "p"])
@pytest.mark.parametrize("names", [("Chương 1", "Chương 2", "Chương 3"), ("Hồi I", "Hồi II")])
def test_the_chapters_of_a_page_keep_their_headings(tag: str, names: tuple[str, ...]) -> None:
    body = "".join(f"<{tag}>{name}</{tag}><p>{BODY[0]}</p><p>Mưa tạnh.</p>" for name in names)
    document = page(f"<div>{body}</div>", title="Truyện làng")
    assert texts(document) == [text for name in names for text in (name, BODY[0], "Mưa tạnh.")]
    assert document.meta.title == "Truyện làng"


def test_headings_of_the_first_level_side_by_side_are_chapters(tmp_path: Path) -> None:
    names = ("Mưa đầu mùa", "Bến vắng", "Đêm ở sân đình")
    body = "".join(f"<h1>{name}</h1>{TEXT}" for name in names)
    file = tmp_path / "truyen.html"
    file.write_text(f"<!doctype html><html lang='vi'><body>{body}</body></html>", "utf-8")
    document = preparing.prepare(make_job(str(file), folder=tmp_path))
    assert [chapter.title for chapter in document.chapters] == [*names]


def test_a_book_is_read_without_the_boxes_in_it_and_the_menu_around_it() -> None:
    box = "<div class='social-share'><a href='/s'>Chia sẻ</a> <a href='/g'>Gửi đi</a></div>"
    body = "".join(f"<h2>Chương {number}</h2>{TEXT}{box}" for number in (1, 2))
    menu = "<ul><li><a href='/'>Trang chủ</a></li></ul>"
    lines = texts(page(f"{menu}<div>{body}</div>{menu}", title="Truyện làng"))
    assert lines == ["Chương 1", *BODY, "Chương 2", *BODY]


# --- its headline


@pytest.mark.parametrize(
    ("title", "body", "head"),
    [
        (f"{TITLE} | Báo Làng", article(), ""),
        (
            f"{TITLE} - Báo Làng",
            f"<div>{TEXT}</div>",
            '<meta property="og:site_name" content="Báo Làng">',
        ),
        (f"Báo Làng - {TITLE}", article(), ""),
        (f"Thời sự | {TITLE} | Báo Làng", article(), ""),
        ("Báo Làng", article(), ""),
        (
            "Báo Làng",
            f"<h1>Báo Làng</h1><div class='tua-de'>{TITLE}</div><div>{TEXT}</div>",
            f'<meta property="og:site_name" content="Báo Làng">'
            f'<meta property="og:title" content="{TITLE} - Báo Làng">',
        ),
        (
            f"{TITLE} – Báo Làng",
            f"<div>{TEXT}</div>",
            linked(**{"@type": "NewsArticle", "headline": TITLE}),
        ),
        ("Nuoc song dang - Bao Lang", f"<div><b>{TITLE}</b><br>{TEXT}</div>", ""),
    ],
)
def test_the_headline_is_without_the_name_of_the_site(title: str, body: str, head: str) -> None:
    document = page(body, head, title)
    assert document.meta.title == TITLE
    assert texts(document)[0] == TITLE


@pytest.mark.parametrize(
    ("heading", "declared", "headline"),
    [
        ("<span>Mùa lũ</span> Nước sông dâng nhanh", "Nước sông dâng nhanh", None),
        ("Nước sông dâng nhanh", "Mùa lũ về trên bến", None),
        ("Mùa lũ: Nước sông dâng nhanh", "Nước sông dâng nhanh", "Mùa lũ: Nước sông dâng nhanh"),
        ("Ferry Town", "Ferry Town", "Ferry Town"),
    ],
)
def test_the_headline_is_the_heading_of_the_page(
    heading: str, declared: str, headline: str | None
) -> None:
    meta = f'<meta property="og:title" content="{declared}">'
    body = f"<article><h1>{heading}</h1>{TEXT}</article>"
    document = page(body, meta, title=f"{declared} | Báo Làng")
    assert document.meta.title == (headline or "Nước sông dâng nhanh")
    assert texts(document) == [document.meta.title, *BODY]


def test_the_signs_of_a_headline_are_kept() -> None:
    body = f"<article><h1>Ferry season<span hidden>:</span> what to know</h1>{TEXT}</article>"
    assert page(body, title="Ferry season: what to know").meta.title == "Ferry season: what to know"


def test_the_name_of_the_site_as_the_only_heading_is_not_the_headline() -> None:
    body = f"<h1>Xã Bến Xuân</h1><div class='tieu-de'>{TITLE}</div><div>{TEXT}</div>"
    assert page(body, title=f"{TITLE} - Xã Bến Xuân").meta.title == TITLE


# --- its authors


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        # The newspaper as author, the reporter elsewhere.
        (
            linked(
                **{
                    "@type": "NewsArticle",
                    "author": {"@type": "Person", "name": "Báo Làng"},
                    "publisher": {"@type": "Organization", "name": "Báo Làng"},
                }
            ),
            article("<div class='author-name'><a>Minh Hạnh</a></div>"),
            "Minh Hạnh",
        ),
        (
            '<meta name="author" content="Báo Làng">'
            '<meta property="og:site_name" content="BÁO LÀNG">',
            article(ending="<p style='text-align:right'><strong>Thu Hằng - Minh Tuệ</strong></p>"),
            "Thu Hằng, Minh Tuệ",
        ),
        (
            '<meta name="author" content="baolang.vn">',
            article("<p class='author'>Lê Thu</p>"),
            "Lê Thu",
        ),
        # A node that another one points to.
        (
            linked(
                **{
                    "@graph": [
                        {"@type": "NewsArticle", "author": [{"@id": "#1"}, {"@id": "#2"}]},
                        {"@type": "Person", "@id": "#1", "name": "Lê Thu"},
                        {"@type": "Person", "@id": "#2", "name": "Trần An"},
                    ]
                }
            ),
            article(),
            "Lê Thu, Trần An",
        ),
        ("", article("<p class='byline'>Bài và ảnh: Lê Thu và Trần An</p>"), "Lê Thu, Trần An"),
        ("", article("<span data-role='author'>PV Lê Thu (tổng hợp)</span>"), "Lê Thu"),
        ("", article("<a rel='nofollow author'>Lê Thu</a> lethu@baolang.vn"), "Lê Thu"),
        (
            '<meta name="author" content="By Mary Poe and John Roe">',
            article(),
            "Mary Poe, John Roe",
        ),
        ('<meta name="author" content="Mary Poe, Reporter">', article(), "Mary Poe"),
        # A name in two parts, an office, an employer, a day, and who else took part.
        (
            linked(
                **{"@type": "Article", "author": {"givenName": "Mary Ann", "familyName": "Poe"}}
            ),
            article(),
            "Mary Ann Poe",
        ),
        ('<meta name="author" content="Mary Poe, Head of Ferries">', article(), "Mary Poe"),
        ("", article("<p class='byline'>By Mary Poe for The Ferry Times</p>"), "Mary Poe"),
        ("", article("<p class='byline'>Von Jan Roe am 3. September 2024</p>"), "Jan Roe"),
        ("", article("<p class='byline'>Posted on May 3, 2024 by Mary Poe</p>"), "Mary Poe"),
        ("", article("<p class='byline'>Text: Jan Roe; Fotos: Max Moe</p>"), "Jan Roe"),
        (
            "",
            article("<p class='byline'><a>Mary Poe</a> <a>John Roe</a></p>"),
            "Mary Poe, John Roe",
        ),
        ("", article("<p class='byline'><a>View all posts</a></p>"), ""),
        ("", article("<p class='byline'>By</p><p class='byline'>Mary Poe</p>"), "Mary Poe"),
        # One of two authors declared; one author declared twice.
        (
            '<meta name="author" content="Mary Poe">',
            article("<p class='byline'>By Mary Poe and John Roe</p>"),
            "Mary Poe, John Roe",
        ),
        (
            '<meta name="author" content="Mary Poe"><meta name="author" content="mary-poe">',
            article(
                "<div class='card'><h3><a href='/1'>Mưa</a></h3><p class='byline'>Lê Thu</p></div>"
            ),
            "Mary Poe",
        ),
        # A desk, where nobody else is named.
        (
            linked(**{"@type": "Article", "author": {"@type": "Person", "name": "Ferry Staff"}}),
            article(),
            "Ferry Staff",
        ),
        # Nobody of whom the page says that he wrote it.
        ("", article("<p class='author'>Theo Báo Tỉnh</p>"), ""),
        ('<meta property="article:author" content="https://mang.example/baolang">', article(), ""),
        ('<meta name="author" content="admin">', article(), ""),
        ("", article(ending="<div class='comment-author'>Lê Thu</div>"), ""),
        # An agency where there is no person.
        ('<meta name="author" content="TTXVN">', article(), "TTXVN"),
        ('<meta name="author" content="TTXVN">', article("<p class='author'>Lê Thu</p>"), "Lê Thu"),
    ],
)
def test_the_author_is_the_reporter(head: str, body: str, author: str) -> None:
    assert page(body, head).meta.author == author


# --- its day


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (
            linked(**{"@type": "Article", "datePublished": "2024-09-03T08:00:00+07:00"}),
            "",
            "2024-09-03",
        ),
        # The day in Viet Nam of a moment given in another zone.
        (linked(**{"@type": "Article", "datePublished": "2024-09-02T18:30:00Z"}), "", "2024-09-03"),
        ('<meta property="article:published_time" content="2024-09-03 08:00">', "", "2024-09-03"),
        ('<meta name="pubdate" content="2024-09">', "", "2024-09"),
        ("", "<time datetime='2024-09-03'>hôm nay</time>", "2024-09-03"),
        ("", "<span class='date'>Thứ ba, 3/9/2024, 08:00 (GMT+7)</span>", "2024-09-03"),
        ("", "<div class='thoi-gian time'>08:00 | 03-09-2024</div>", "2024-09-03"),
        ("", "<p class='date'>Ngày 3 tháng 9 năm 2024</p>", "2024-09-03"),
        ("", "<span class='date'>31/2/2024</span>", ""),
        ("", "", ""),
    ],
)
def test_the_day_it_was_published(head: str, body: str, day: str) -> None:
    assert page(article(body), head).meta.date == day


def test_the_day_in_the_address() -> None:
    address = "https://baolang.example/nuoc-song-dang-20240903081512345.htm"
    assert page(article(), f'<link rel="canonical" href="{address}">').meta.date == "2024-09-03"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<h1>Một</h1><p>Gió.</p><p>Nghỉ <b>gì</b> rồi.</p>", ["Một", "Gió.", "Nghỉ gì rồi."]),
        ("<p>Gió.</p><p>Mưa <a href='x'>to</a> lắm.</p>", ["Gió.", "Mưa to lắm."]),
        (
            "<p>Gió.</p><p>Bến <math><mi>x</mi></math><ruby>江<rt>giang</rt></ruby>.</p>",
            ["Gió.", "Bến x 江."],
        ),
        ("<p>Gió.<p>Mưa <s>to</s> lắm.<noscript>Bật lên.</noscript>", ["Gió.", "Mưa to lắm."]),
        (
            "<h1>Một</h1><p>Gió.</p><ul><li>Mưa.</li></ul><blockquote>Nắng.</blockquote><p>Ừ.</p>",
            ["Một", "Gió.", "Mưa.", "Nắng.", "Ừ."],
        ),
    ],
)
def test_of_a_page_that_is_all_text_each_line_is_read(body: str, lines: list[str]) -> None:
    document = read(f"<!doctype html><body>{body}</body>".encode(), "a.html")
    assert [line for line in texts(document) if line != "a"] == lines
