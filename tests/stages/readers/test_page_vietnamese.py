"""Pages built as the large newspapers of Viet Nam build theirs; every word in them is our own."""

from __future__ import annotations

import json

import pytest

from audiobook.model import Document
from audiobook.stages.readers.html import read

pytest.importorskip("trafilatura", reason="the extra 'web' is not installed")

TITLE = "Lò gốm cuối làng đỏ lửa trở lại"
LEAD = "Sau mười năm nguội lạnh, lò gốm cổ nhất làng Bãi Sành vừa nung mẻ đầu tiên hôm rằm."
BODY = (
    "Từ ba giờ sáng, mấy người thợ già đã ra xếp củi quanh lò, vừa làm vừa nhắc chuyện những chuyến"
    " thuyền chở chum vại xuôi dòng về phố ngày trước.",
    "Ông Sáu Lành, người giữ lò, kể rằng đất phải ủ đủ hai mùa mưa mới dẻo, còn men thì nấu từ tro"
    " trấu với vỏ sò, đúng như cha ông dặn lại.",
    "Xã cho biết sẽ mở lớp dạy nghề ngay trong sân lò, mỗi khóa mười lăm học viên, dụng cụ do hợp"
    " tác xã lo, ai học xong thì ở lại làm.",
)
LINK = "<a href='/khac'>Chợ phiên vùng cao đông khách trở lại sau mùa gặt</a>"
MENU = "<header><nav><ul><li><a href='/'>Trang chủ</a></li></ul></nav></header>"
SIDE = f"<aside><div class='box-most-read'><h3>Đọc nhiều</h3><ul><li>{LINK}</li></ul></div></aside>"
FOOT = "<footer><p>Giấy phép số 12 do Sở cấp, mọi quyền được bảo hộ.</p></footer>"


def page(site: str, body: str, *, author: object = None, head: str = "") -> Document:
    """Read a page of a newspaper that declares itself, or whom it is given, as the author."""
    linked = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "author": author or {"@type": "Person", "name": site},
        "publisher": {"@type": "Organization", "name": site},
        "datePublished": "2024-09-15T06:00:00+07:00",
    }
    data = (
        f"<!doctype html><html lang='vi'><head><title>{TITLE} - {site}</title>{head}"
        f"<meta property='og:site_name' content='{site}'>"
        f"<script type='application/ld+json'>{json.dumps(linked)}</script></head>"
        f"<body>{MENU}<main>{body}</main>{SIDE}{FOOT}</body></html>"
    )
    return read(data.encode(), "trang.html")


def said(document: Document) -> list[str]:
    (chapter,) = document.chapters
    return [paragraph.text for paragraph in chapter.paragraphs]


def paragraphs(*between: str, mark: str = "") -> str:
    """Return the body with other elements between its paragraphs."""
    pieces = [f"<p{mark}>{text}</p>" for text in BODY]
    for place, element in enumerate(between):
        pieces[place] += element
    return "".join(pieces)


RIGHT = "<p class='Normal' style='text-align:right;'><strong>{}</strong></p>"
PAGES = {
    # The reporter in a bold paragraph at the right, below the text.
    "vnexpress.net": (
        f"<div class='sidebar-1'><h1 class='title-detail'>{TITLE}</h1><p class='description'>{LEAD}"
        f"</p><ul class='list-news'><li>{LINK}</li></ul><article class='fck_detail'>"
        f"{paragraphs(mark=' class=Normal')}{RIGHT.format('Hà Vi')}</article></div>",
        "Hà Vi",
    ),
    "Báo VnExpress": (
        f"<h1>{TITLE}</h1><p class='description'>{LEAD}</p><article class='fck_detail'>"
        f"{paragraphs()}<p class='author_mail'><strong>Đỗ Quế (Theo <em>AFP</em>)</strong></p>"
        f"</article>",
        "Đỗ Quế",
    ),
    # A box with the reporter's page and address.
    "Tuổi Trẻ Online": (
        f"<h1 class='detail-title'>{TITLE}</h1><h2 class='detail-sapo'>TTO - {LEAD}</h2>"
        f"<div class='detail-content afcbc-body'>{paragraphs()}</div><div class='author-info'>"
        f"<a class='name' href='/tac-gia/1'>MAI LĨNH</a></div>",
        "MAI LĨNH",
    ),
    "Báo Thanh Niên": (
        f"<h1 class='detail-title'>{TITLE}</h1><div class='detail-author'><a class='name'>Vũ Thoại"
        f"</a><a href='mailto:vt@bao.example'>vt@bao.example</a></div>"
        f"<h2 class='detail-sapo'>{LEAD}</h2><div class='detail-content'>{paragraphs()}</div>",
        "Vũ Thoại",
    ),
    "Báo điện tử Dân Trí": (
        f"<article><h1>{TITLE}</h1><div class='author-wrap'><div class='author-name'><a href='/t'>"
        f"<b>Thu Ngàn</b></a></div><time datetime='2024-09-15'>15/09/2024</time></div>"
        f"<h2 class='singular-sapo'>(Dân trí) - {LEAD}</h2><div>{paragraphs()}</div></article>",
        "Thu Ngàn",
    ),
    "VietNamNet": (
        f"<h1>{TITLE}</h1><h2 class='content-detail-sapo'>{LEAD}</h2><div class='maincontent'>"
        + paragraphs(
            f"<div class='insert-wiki-content'><div>Tin liên quan</div><h3>{LINK}</h3></div>"
        )
        + "</div><div class='article-detail-author__info'><p class='name'><a href='/t'>Lệ Chi</a>"
        "</p></div>",
        "Lệ Chi",
    ),
    "ZNEWS.VN": (
        f"<article><h1>{TITLE}</h1><p class='the-article-summary'>{LEAD}</p>"
        f"<div class='the-article-body'>{paragraphs()}</div>"
        f"<p class='author'>Bảo Ngân</p></article>",
        "Bảo Ngân",
    ),
    "laodong.vn": (
        f"<article><h1>{TITLE}</h1><span class='author'><span>HẢI YẾN</span> (báo lao động)</span>"
        f"<div class='chappeau'>{LEAD}</div><div>{paragraphs()}</div></article>",
        "HẢI YẾN",
    ),
    "Báo Tiền Phong": (
        f"<h1>{TITLE}</h1><div class='article__sapo'>TPO - {LEAD}</div><div>{paragraphs()}</div>"
        f"<div class='article__author'><span class='cms-author'>Lê Trầm - Hồ Thủy</span></div>",
        "Lê Trầm, Hồ Thủy",
    ),
    "Báo điện tử VOV": (
        f"<h1>{TITLE}</h1><p class='article-summary'>VOV.VN - {LEAD}</p><div>{paragraphs()}</div>"
        f"<div class='article-author'><a href='/t'>Lan Tường/VOV-Tây Bắc</a></div>",
        "Lan Tường",
    ),
    "kenh14.vn": (
        f"<h1>{TITLE}</h1><div><span class='kbwcm-author'>Minh Đan, </span>"
        f"<span class='kbwcm-source'>Theo Đời sống Làng quê</span></div><h2 class='knc-sapo'>{LEAD}"
        f"</h2><div class='knc-content'>{paragraphs()}</div>",
        "Minh Đan",
    ),
    "CafeF": (
        f"<h1>{TITLE}</h1><h2 class='sapo'>{LEAD}</h2><div class='detail-content'>{paragraphs()}"
        f"</div><p class='author'>Thái Lan Chi</p><p class='source'>Theo Nhịp sống làng quê</p>",
        "Thái Lan Chi",
    ),
    "Báo Tin tức": (
        f"<h1>{TITLE}</h1><h2 class='sapo'>{LEAD}</h2><div>{paragraphs()}</div>"
        f"<div class='author'><strong>Bài và ảnh: Thu Đào (TTXVN)</strong></div>",
        "Thu Đào",
    ),
}


@pytest.mark.parametrize("site", PAGES)
def test_a_newspaper_is_read_with_its_reporter(site: str) -> None:
    body, author = PAGES[site]
    document = page(site, body)
    assert document.meta.title == TITLE
    assert document.meta.author == author
    assert document.meta.date == "2024-09-15"
    text = said(document)
    assert text[0] == TITLE
    assert text[1].endswith(LEAD)
    assert [line for line in text if line in BODY] == [*BODY]
    assert not any("Chợ phiên" in line or "Giấy phép" in line for line in text)


@pytest.mark.parametrize("kind", ["Person", "Organization"])
@pytest.mark.parametrize("signed", ["Hà Vi", "Hà Vi (tổng hợp)", "Bài và ảnh: Hà Vi", "PV Hà Vi"])
def test_the_newspaper_is_not_the_reporter(kind: str, signed: str) -> None:
    body = f"<article><h1>{TITLE}</h1>{paragraphs()}{RIGHT.format(signed)}</article>"
    meta = "<meta name='author' content='Báo Làng'>"
    assert page(
        "Báo Làng", body, author={"@type": kind, "name": "Báo Làng"}, head=meta
    ).meta.author == ("Hà Vi")


@pytest.mark.parametrize("other", ["Theo Tuổi Trẻ", "VnExpress", "Nguồn: Dân Trí", "Lao Động"])
def test_another_newspaper_is_not_the_reporter(other: str) -> None:
    body = f"<article><h1>{TITLE}</h1>{paragraphs()}{RIGHT.format(other)}</article>"
    assert page("Báo Làng", body, author=[]).meta.author == "Báo Làng"


@pytest.mark.parametrize("signed", ["Theo TTXVN", "TTXVN"])
def test_an_agency_is_named_where_nobody_signed(signed: str) -> None:
    body = f"<article><h1>{TITLE}</h1>{paragraphs()}<p class='author'>{signed}</p></article>"
    assert page("Báo Làng", body).meta.author == "TTXVN"


@pytest.mark.parametrize(
    "pointer",
    [
        f"<p><strong>&gt;&gt;&gt; Xem thêm: {LINK}</strong></p>",
        f"<p><em>Đọc thêm: {LINK}</em></p>",
        f"<p>Bài liên quan: {LINK}</p>",
        f"<p>&gt;&gt; {LINK}</p>",
        f"<div class='vnn-template'><h3>{LINK}</h3></div>",
    ],
)
def test_a_line_that_leads_to_another_article_is_left_out(pointer: str) -> None:
    body = f"<article><h1>{TITLE}</h1><div>{paragraphs(pointer)}</div></article>"
    document = page("Báo Làng", body)
    assert said(document) == [TITLE, *BODY]
    (pieces,) = (change.left_out for change in document.changes if "boxes" in change.step)
    assert "Chợ phiên" in pieces[0].text
