"""Runs that make careless rules slow: small units, put together by rule, as often as it takes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from clock import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

ASCII_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
OTHER_MARKS = "–—−…“”‘’«»•·°²⁻₂×÷±→≤∞√∑πα½‰₫€§†★。「」\u0301\u0323\u200b\u00ad\xa0\u3000\u2028😀漢"
WORDS = (
    # digits, letters, numerals
    *"0 7 12 1945 0912 1.000 1,5 3.x a k x n A Đ T I v XIV AB ABC iOS f' x2".split(),
    # words, names, words of kinship, speech, foreign words
    *"chữ Nam ông Anh nói hỏi thứ ngày tháng năm Chương từ đến gọi the Smith Trump".split(),
    # units, money, abbreviations, times, formulas, codes, music, scripture
    *"m2 km kg đồng USD 5km 1h 8h30 T2 Q3 TP GS v.v N.T ko H2O NaCl".split(),
    *"x² 3N2Đ F16 C#m Mt a.vn BBC 5K H2".split(),
)
JOINERS = ("", " ", ".", ". ", ",", ", ", "/", "-", " - ", "+", ":", "=", "^", "_", "'", "\n")
WHOLE = (
    # marks that open and never close, or close and were never opened; marks in pairs
    *'“a (a [a {a «a "a ‘a <a a) a] a” a» (( [[ (1 [1 (a) [1] {1} “a” "a" (*) *** ** __ ~~'.split(),
    *"`` <= => -> <- == >> << :) :)) ;) =) <3 <3= ^^ :( T_T !? ?! ...".split(),
    *".. 1- -1 +1 ±1 /1 1/ 1: 0 I M - 1. 1, 1.000 TP. km/ m2/ / H2 α ½ 5K a.pdf :))".split(),
    # begun and never ended
    *"1/2/ 10:30: 1-2- 1.2. 1,2, 1/2-1/ 2/9/1945- 21°01' 12' 55” $5 5$ 5% (+84 (0 0x1 #a".split(),
    *("ngày 1-", "ngày 1/", "từ 1 đến ", "năm 1945-", "5 đồng/", "100 USD/", "100 m2/", "8h-"),
    *("tầng 2,3 ", "số 1/", "gọi 113 ", "0912 345 ", "STK 1", "A 2-0 ", "1 x 2 x ", "3 × "),
    *(
        "a = ",
        "x + ",
        "= x/y ",
        "a/b/c ",
        "x_1 ",
        "x^2+",
        "√(",
        "f(x",
        "f'(x)=",
        "sin(",
        "2H2 + ",
        "1h",
        "3.x",
    ),
    *("Fe3+ ", "CH3-", "NaO", "(OH)2", "1945 - ", "1.000 - ", "= abcd ", "x = 1 - ", "K. 545 "),
    # addresses and code
    *("http://", "http://a", "www.", "www.a.", "a@", "a@b.", "a.b@", "/etc/", "C:\\a\\", "a.pdf "),
    *("a::b", "a->b", "fn(", "x = y; ", "&amp;", "&lt;", "&#", "\\n", "%20", "$HOME", "${a", "{{a"),
    # names, initials, lists of them, and words that need a look at their surroundings
    *("N.T.H. ", "bà S. ", "GS.TS. ", "Ông A. ", "Chương X", "Chương 1. ", "I. ", "a) ", "- a "),
    *("Ga 3,16", "Mt 5,1-", "1 Cr 1", "Op. 1", "C Dm ", "I, II, ", "thế kỷ X", "v.v. “", ")v.v."),
    *("BBC ABBA ", "70t ", "ấy.3 ", "ấy[1] ", "[E1] ", "5 m 2 ", "1tr5 ", "5K ", "1 000 ", "-5"),
    *(
        "1,000",
        "100.",
        "100 ",
        "100,",
        "1m6-",
        "T2-",
        "Q3/",
        "1g",
        "5km-",
        "A1",
        "²⁻",
        "TT ",
        "CN, ",
    ),
    *("(ABC) ", "05 năm ", "5* ", "a :) ", "n k ", "AcAB", "ABBA ", "XIV ", "55”", "A.", "v.v."),
    *("(Nam nói) ", "– Nam. ", "- Anh! - ", "“Đi!” ông nói. ", "Anh ấy nói: ", "ông Nam và "),
    *("1 ", "0912 ", "BBC ", "x → ", "từ 1-2 ", "k ", "ko ", "3N2Đ ", ":)) ", "C#m"),
    *("of the ", "Gone with ", "Jean-Paul ", "O'Neil ", "漢 ", "(漢) ", "đò ", "đò 5 x+ ", "a a "),
    # lines: headings, lists, verse, tables, rules, markup
    *(
        "1\n",
        "1.\n",
        "- a\n",
        "* \n",
        "#\n",
        "# a\n",
        "> \n",
        "> a\n",
        "a\n\n",
        "\n\n",
        " \n",
        "\t",
    ),
    *("Chương 1\n\n", "CHƯƠNG I\n", "***\n", "[1] a\n", "1. a\n", "a:\n", "|a|", "|-|", "| a\n"),
    *(
        "---\n",
        "===\n",
        "```\n",
        "    a\n",
        "[a](",
        "![a](",
        "[^1]",
        "[^1]: ",
        "[a]: b\n",
        "\r",
        "\f",
    ),
    *(
        "<a ",
        "</a>",
        "<b>",
        "<p>",
        "<br>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<a b='",
        "<a href=",
        "<div>",
    ),
    *("trăm năm trong cõi\nngười ta ", "a-\n", "Trang 1\n\n", "- 1 -\n\n", "mưa… rồi ", "[a=b]"),
    # marks on letters, control characters, emoji
    *(
        "a\u0301",
        "e\u0323\u0302",
        "\u0301\u0323",
        "a\u200b",
        "\ufeff",
        "\u202e",
        "👍🏿",
        "👩‍👩‍👧",
        "🇻🇳",
    ),
)
RUNS = tuple(
    dict.fromkeys(
        (
            *WHOLE,
            *map("".join, product((*ASCII_MARKS, *OTHER_MARKS), ("", " ", "a", "1"))),
            *map("".join, product(WORDS, JOINERS)),
        )
    )
)
"""All that bench/linear.py measures."""
SAMPLE = tuple(dict.fromkeys((*WHOLE, *RUNS[len(WHOLE) :: 20])))
"""What the tests measure."""
BEGINNINGS = (
    "Trời mưa ",
    # With it every rare kind of rule has something to look for.
    "a@b.vn, x = y^2 + H2O, 漢, git --help /etc/x.py, ko đc nha, C#m, Mt 5,3, đạo hàm, ADN: ",
)
_SMALL, _LARGE = 400, 4_000
# What is linear takes as long for each character of a long run as of a short one.
MOST = 1.5


def hostile(run: str, size: int, beginning: str = BEGINNINGS[0]) -> str:
    """Return a text of about so many characters: a run, between words that do not go with it."""
    return f"{beginning}{run * (size // len(run))} 1,5 x."


def seconds_each(work: Callable[[str], object], run: str, size: int, beginning: str) -> float:
    """Return the processor's seconds that a work takes for each character of a run."""
    text = hostile(run, size, beginning)
    return cpu_seconds(lambda: work(text), attempts=2 if size == _SMALL else 1) / len(text)


def grows(work: Callable[[str], object], run: str, beginning: str) -> float:
    """Return how much more time each character of a long run takes than of a short one.

    It is about 1 for a work that is linear, and 4 for one that takes the square. A run that seems
    to grow is measured again, up to three times, at four times its size.
    """

    def measure(small: int, large: int) -> float:
        short = seconds_each(work, run, small, beginning)
        return seconds_each(work, run, large, beginning) / short

    growth = measure(_SMALL, _LARGE)
    for _ in range(3):
        if growth < MOST:
            break
        growth = measure(_LARGE, 4 * _LARGE)
    return growth
