"""A novel as an EPUB: its chapters, and what does not belong into an audiobook."""

from __future__ import annotations

from itertools import count

from books import book, point

CHAPTERS = 24
TITLE, AUTHOR = "Bến nước cũ", "Lê Thị Sông"
MISPRINT, CORRECTED = "Những những con sông", "Những con sông"
NAME = "Giulia"
ADVERTISED = "Bạn đang đọc truyện tại TruyenHay.vn, chúc bạn đọc vui."
NOTE = "Một loại thuyền nhỏ, đáy bằng."

_WHO = ("Ông lái đò", "Cô giáo trẻ", "Thằng bé út", "Bà cụ bán nước", "Người thợ mộc")
_DID = ("ngồi lặng", "đi chậm", "nói khẽ", "nhìn ra", "đứng mãi")
_WHERE = ("bên hiên nhà", "dưới gốc đa", "trên con đê", "trước sân đình", "giữa chợ chiều")
_WHEN = ("khi trời sắp mưa", "lúc gà lên chuồng", "vào một sáng thu", "trong tiếng gió")
_WHY = (
    "vì nhớ con đi xa",
    "như mọi năm trước",
    "mà chẳng ai hay",
    "chờ chuyến đò về",
    "cho đỡ buồn",
)


def _prose() -> list[str]:
    """Return the paragraphs of the chapters, two for each, no two of them alike."""
    numbers = count()
    sentences = (
        f"{_WHO[n % 5]} {_DID[n // 5 % 5]} {_WHERE[n // 25 % 5]} {_WHEN[n // 7 % 4]} {_WHY[n % 3]}."
        for n in numbers
    )
    return [" ".join(next(sentences) for _ in range(4)) for _ in range(2 * CHAPTERS)]


def chapter_title(number: int) -> str:
    """Return what a chapter is called; numbers count from 1."""
    return f"Chương {number}: Mùa nước thứ {number}"


def novel() -> bytes:
    """Return the EPUB."""
    prose = _prose()
    pages = {
        "bia.xhtml": f"<h1>{TITLE}</h1><p>{AUTHOR}</p><p>ISBN: 978-604-1-00000-0</p>"
        "<p>In xong và nộp lưu chiểu quý 2 năm 2020.</p>"
        "<p>Chịu trách nhiệm xuất bản: Nguyễn Văn An</p>",
    }
    for number in range(1, CHAPTERS + 1):
        first, second = prose[2 * number - 2 : 2 * number]
        if number == 2:
            first += f' Chiếc xuồng<a href="#n1" id="r1">[1]</a> nằm im. {MISPRINT} cứ chảy.'
            second += f'</p><p><a href="#r1" id="n1">[1]</a> {NOTE}'
        if number == 3:
            second = f"Bà {NAME} từ bên kia sông sang thăm. {second}"
        if number % 5 == 0:
            second += f"</p><p>{ADVERTISED}"
        pages[f"{number}.xhtml"] = f"<h2>{chapter_title(number)}</h2><p>{first}</p><p>{second}</p>"
    points = [point(chapter_title(number), f"{number}.xhtml") for number in range(1, CHAPTERS + 1)]
    metadata = f"<dc:title>{TITLE}</dc:title><dc:creator>{AUTHOR}</dc:creator>"
    return book(pages, *points, metadata=f"{metadata}<dc:language>vi</dc:language>")
