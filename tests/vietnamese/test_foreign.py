"""Foreign names and words: found in a text, and said in Vietnamese syllables."""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st
from places import DATA, SHARED

from audiobook.vietnamese.foreign import respell_foreign
from audiobook.vietnamese.foreign_words import is_foreign, respell
from audiobook.vietnamese.reading import normalize
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table
from audiobook.vietnamese.transliteration import transliterate

TABLE = load_table("foreign.tsv")
NAMES = DATA / "names"
FACTS = SHARED / "facts" / "foreign.tsv"
BOOKS = SHARED / "books"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEZéèêëüöäøåñčćšžłßþðæœğışřýơưấộđ'’"

# Vietnamese words that the table reads all the same: their spelling is not what is said.
NAMES_IN_THE_TABLE = set("são đắk đăk lắk lăk".split())

FOREIGN = """
Thomas Reiter Google Facebook radar internet video Pleiku Krông Kon Washington Messi Müller Wałęsa
François Søren Mbappé Strauß Øystein André José McDonald O'Neil iPhone TikTok YouTube Mátxcơva
Oasinhtơn Lênin Xtalin WASHINGTON Björk Čech Erdoğan D'Artagnan xcơ
""".split()
NATIVE = """
Long Sim Pa Sa Nguyễn Huế Đắk Lắk Kông Lan Nam Linh Mai Minh Bình Trang Trí Quý Quỳnh Hoà Hòa Thuý
Thúy Khuê Nghĩa Giang Gié Giáng Yến Y Ý Ỷ Ơn Oanh Uyên Ân khuỷu ngoằn ngoèo nguệch ngoạc quýnh giặt
gì giếng huơ thuở xoong quẹo loong coong leo kia son sơn bay không tôi là một người
Nguyen Viet Tuan Hue đuợc ngừơi tòan thườg Ðại Ðội NATO ASEAN FBI XVIII xvi B52 iPhone15 tr
km brr Brr ThS 周易 Москва a b _a_
""".split()


@pytest.mark.parametrize("word", FOREIGN)
def test_foreign(word: str) -> None:
    assert is_foreign(word)


@pytest.mark.parametrize("word", NATIVE)
def test_not_foreign(word: str) -> None:
    assert not is_foreign(word)


def test_every_row_of_the_table() -> None:
    """One test, because a test of its own for each row takes ten times as long as the check."""
    wrong = [row for row in TABLE if not is_right(*row)]
    assert wrong == []


def is_right(written: str, spoken: str, source: str) -> bool:
    whole = (4, 4 + len(written), spoken, source != "usage")
    return (
        respell(written) == respell(written.upper()) == spoken
        and all(map(is_vietnamese, spoken.split()))
        and (written.lower() in NAMES_IN_THE_TABLE or not is_vietnamese(written))
        and respell_foreign(f"(và {written}, thì)") == [whole]
    )


def test_the_table_is_large_and_says_nothing_twice() -> None:
    words = [word.lower() for word, _, _ in TABLE]
    assert len(words) == len(set(words)) >= 3500


def test_the_table_says_where_readings_come_from() -> None:
    assert {source for _, _, source in TABLE} == {"usage", "rule", "guess"}
    by_rule = [(word, spoken) for word, spoken, source in TABLE if source == "rule"]
    assert by_rule == [(word, transliterate(word)) for word, _ in by_rule]


# Parts of web addresses, and Vietnamese without its marks.
NOT_SAID = set("https http www htm html url org gov cty muay viet nguyen".split())


@pytest.mark.skipif(not FACTS.is_file(), reason="no ../shared/facts beside the project")
def test_the_commonest_words_of_the_news_are_in_the_table() -> None:
    lines = FACTS.read_text("utf-8").splitlines()[:1500]
    commonest = {line.split("\t")[0].lower() for line in lines}
    assert commonest - {word.lower() for word, _, _ in TABLE} <= NOT_SAID


@pytest.mark.parametrize(("name", "share"), [("first", 0.9), ("fresh", 0.78), ("press", 0.85)])
def test_names_are_said_as_newsreaders_say_them(name: str, share: float) -> None:
    lines = (NAMES / f"{name}.txt").read_text("utf-8").splitlines()
    rows = [line.split(" = ") for line in lines if not line.startswith("#")]
    assert len(rows) >= 100
    right = [written for written, said in rows if _as_heard(written) in said.split(" | ")]
    assert len(right) >= share * len(rows)


def _as_heard(name: str) -> str:
    said = normalize(f"Ông gặp {name} ở đây.", respell=True)
    return said.removeprefix("Ông gặp ").removesuffix(" ở đây.").lower().replace("-", " ")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Modrić", "mô đờ rích"),
        ("Wilson's", "uyn xơn"),
        ("O’Neil", "ô nin"),
        ("Jean-Paul", "giăng pôn"),
        ("Lênin", "lê nin"),
        ("Oasinhtơn", "oa sinh tơn"),
        ("khôngphải", "không phải"),
        ("tốTrong", "tố trong"),
        ("Long", "long"),
        ("O'Brien", "ô bờ rai ân"),
        ("MacArthur", "mắc ác thơ"),
        ("DeepMind", "đíp min"),
        ("Xi Jinping", "tập cận bình"),
    ],
)
def test_respelled(written: str, spoken: str) -> None:
    assert respell(written) == spoken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ông Thomas Reiter, người Đức.", ["Thomas", "Reiter"]),
        ("“Putin”, (Macron) và L.Messi", ["Putin", "Macron", "L.", "Messi"]),
        ("Google/Facebook hay Đắk Lắk", ["Google", "Facebook", "Đắk", "Lắk"]),
        ("thomas@esa.int, www.thomas.de, https://x.vn/thomas-reiter", []),
        ("@thomas #Reiter google.com Node.js my_video", []),
        ("NATO, FBI, B52, thế kỷ XVIII", []),
        (
            "Mig21, MiG-29, iPhone15, Covid-19, Sukhoi30",
            ["Mig", "MiG", "iPhone", "Covid", "Sukhoi"],
        ),
        ("5000mAh, abc123, 20km, 15Pro, x1.000USD/Putin", ["Pro", "Putin"]),
        ("đảo Krk, sông Vltava, ThS Mrs tr.", ["Krk", "Vltava", "Mrs"]),
        (
            "Charles de Gaulle, Leonardo da Vinci",
            ["Charles", "de", "Gaulle", "Leonardo", "da", "Vinci"],
        ),
        ("da thuộc Gucci, sofa da thật, Messi đi Paris", ["Gucci", "sofa", "Messi", "Paris"]),
        ("Du lịch Paris, Di Linh, Le khen", ["Paris"]),
        ("De Gaulle, Du Bois, St. John", ["De", "Gaulle", "Du", "Bois", "St.", "John"]),
        ("ông Xi Jinping, bà Tsai Ing-wen", ["Xi Jinping", "Tsai Ing-wen"]),
        ("ở Hong Kong và Hong Kongg, Taxi Jinping", ["Hong Kong", "Kongg", "Taxi", "Jinping"]),
        ("Anh Long gật đầu, chị Sim cười.", []),
        ("Cuốn Kinh Dịch (周易)", []),
    ],
)
def test_in_a_sentence(text: str, words: list[str]) -> None:
    found = respell_foreign(text)
    assert [text[start:end] for start, end, *_ in found] == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Charles de Gaulle", "sác lơ đờ gôn"),
        ("Vittorio De Benedetti", "vít tô ri ô đê bê nê đét ti"),
        ("Guy Ritchie", "gai rít chi"),
        ("bà Maria von Trapp", "ma ri a phôn tráp"),
        ("Rio de Janeiro", "ri ô đê gia nây rô"),
        ("bà Marine Le Pen", "ma rin lơ"),
        ("(De Gaulle)", "đờ gôn"),
        ("Oscar de la Renta", "ốt ca đờ ren ta"),
    ],
)
def test_particles(text: str, said: str) -> None:
    assert " ".join(spoken for _, _, spoken, _ in respell_foreign(text)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("C. Ronaldo", "xê rô nan đô"),
        ("A. P. Chekhov", "a pê sê khốp"),
        ("George W. Bush", "gióoc giơ đắp liu bút"),
        ("Ông T. Bush", "tê bút"),
        ("nhóm A. Rồi Paris", "pa ri"),
    ],
)
def test_initials(text: str, said: str) -> None:
    assert " ".join(spoken for _, _, spoken, _ in respell_foreign(text)) == said


def test_what_is_not_known_to_be_said_so_is_a_guess() -> None:
    found = respell_foreign("Putin, Kowalczyk, Wilson's")
    assert [is_guess for *_, is_guess in found] == [False, True, False]


@given(st.text(LATIN, min_size=1, max_size=30))
def test_always_syllables(word: str) -> None:
    spoken = respell(word)
    assert bool(spoken) == any(map(str.isalpha, word))
    assert all(map(is_vietnamese, spoken.split()))
    assert spoken == " ".join(spoken.split()) == respell(word)


@given(st.text())
def test_spans_are_in_order_and_apart(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    position = 0
    for start, end, spoken, _ in respell_foreign(text):
        assert position <= start < end <= len(text)
        assert all(map(is_vietnamese, spoken.split()))
        position = end


@pytest.mark.parametrize(
    "word", ["a", "b", "ab", "sch", "ơ", "khôngphải", "a'", "thr", "é", "a-", "a."]
)
def test_linear_time(word: str) -> None:
    """The best of three: beside other work one run may take three times its own time."""
    assert any(seconds(word * (100_000 // len(word))) < 5 for _ in range(3))


def seconds(long: str) -> float:
    return cpu_seconds(lambda: (respell(long), is_foreign(long), respell_foreign(long)))


@pytest.mark.skipif(not BOOKS.is_dir(), reason="no ../shared/books beside the project")
@pytest.mark.parametrize("name", ["tat-den", "giong-to"])
def test_novels_have_next_to_no_foreign_words(name: str) -> None:
    with zipfile.ZipFile(BOOKS / f"{name}.epub") as book:
        pages = [book.read(page).decode() for page in book.namelist() if page.endswith("html")]
    text = html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", " ".join(pages), flags=re.S))
    text = unicodedata.normalize("NFC", text)
    words = re.findall(r"[^\W\d_]+", text)
    assert len(words) > 30_000
    assert len(respell_foreign(text)) < 0.005 * len(words)
