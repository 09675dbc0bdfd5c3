"""Letters of foreign words into Vietnamese syllables, by rule."""

from __future__ import annotations

import re

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table
from audiobook.vietnamese.transliteration import fold_letters, has_vowel, tongue, transliterate

TONGUES = load_table("tongues.tsv")
GROUPS = load_table("letter_groups.tsv")
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEZéèêëüöäøåñãõčćšžłßþðæœğışřýơưấộđ"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Reiter", "rai tơ"),
        ("Meyer", "mai ơ"),
        ("Newark", "niu ác"),
        ("Luebeck", "lu bếch"),
        ("Pearl", "pơn"),
        ("Korean", "cô ri an"),
        ("Broadcast", "bờ rót cát"),
        ("Bhopal", "bô pan"),
        ("Lifestyle", "lai xờ tai"),
        ("Plutarque", "pờ lu tác"),
        ("Yiu", "iu"),
        ("Trieste", "tri ét tê"),
        ("Bellingham", "be linh ham"),
        ("Ancelotti", "an xê lốt ti"),
        ("Guardiola", "goác đi ô la"),
        ("Matteo", "mát tê ô"),
        ("Klopp", "cờ lốp"),
        ("Kishida", "ki si đa"),
        ("Sarkozy", "xác cô di"),
        ("Miguel", "mi ghen"),
        ("Puccini", "púc xi ni"),
        ("Bologna", "bô lô nha"),
        ("Müller", "mu lơ"),
        ("Özil", "ơ din"),
        ("Strauß", "xờ trao"),
        ("Søren", "xơ ren"),
        ("René", "rơ nê"),
        ("Iowa", "i ô oa"),
        ("Krk", "cờ rờ cờ"),
        ("Brno", "bờ rơ nô"),
        ("Warszawa", "vác sa va"),
        ("Kowalski", "cô van xờ ki"),
        ("Wojciech", "voi chéc"),
        ("Brezhnev", "bờ rét nép"),
        ("Shevchenko", "sép chen cô"),
        ("Tolstoy", "tôn xờ toi"),
        ("Gaulle", "gôn"),
        ("Marseille", "mác xây"),
        ("Renault", "rơ nô"),
        ("Dupont", "đuy pông"),
        ("Beauvoir", "bô voa"),
        ("Verlaine", "véc len"),
        ("Giovanni", "giô van ni"),
        ("Chiellini", "ki e li ni"),
        ("Guevara", "ghê va ra"),
        ("Juan", "hoan"),
        ("José", "hô xê"),
        ("Cervantes", "xéc van tét"),
        ("Quijote", "ki hô tê"),
        ("João", "giô ao"),
        ("São", "xao"),
        ("Ferreira", "phe rây ra"),
        ("Bjørn", "bi ơn"),
        ("Strømgodset", "xờ trơm gốt xét"),
        ("Zimmermann", "dim mơ man"),
        ("Düsseldorf", "đút xen đoóc"),
        ("Çelik", "chê lích"),
        ("Kılıç", "ki lích"),
        ("Zhang", "chang"),
        ("Xiaoming", "xi ao minh"),
        ("Qingdao", "chinh đao"),
        ("Yoshihide", "y ô si hi đê"),
        ("Shigeru", "si ghê ru"),
        ("Pyeongchang", "pi ông chang"),
        ("Khamenei", "kha mê nây"),
        ("Abdullah", "áp đu la"),
        ("Dortmund", "đoóc mun"),
        ("Cambridge", "cam bờ rít"),
        ("Blake", "bờ lếch"),
        ("Springfield", "xờ pờ rinh phin"),
        ("Daudet", "đô đê"),
        ("Godard", "gô đa"),
        ("Lemaire", "lơ me"),
        ("Rivière", "ri vi e"),
        ("Calais", "ca lê"),
        ("Depardieu", "đơ pác đi ơ"),
        ("Besançon", "bơ dăng xông"),
        ("Rhodes", "rốt"),
        ("Limoges", "li mốt"),
        ("Hawking", "hoóc kinh"),
        ("Hawthorne", "ho thon"),
        ("Baker", "bây cơ"),
        ("Fletcher", "phờ lét chơ"),
        ("Greenwood", "gờ rin út"),
        ("Wakefield", "uếch phin"),
        ("Blackburn", "bờ lắc bơn"),
        ("Hughes", "hiu"),
        ("Salinger", "xa linh giơ"),
        ("Darwin", "đác uyn"),
        ("Rwanda", "roan đa"),
        ("Kipling", "kíp linh"),
        ("Isak", "i xắc"),
        ("Vladimir", "vờ la đi mia"),
        ("Turkmenistan", "tuốc mê nít xờ tan"),
        ("Regensburg", "rê ghen bua"),
        ("Beckenbauer", "béc ken bao ơ"),
        ("Gorbachev", "goóc ba chốp"),
        ("Benghazi", "ben ga di"),
        ("Vietbank", "việt banh"),
        ("Vietstern", "việt xờ téc"),
        ("Langlais", "lăng gờ lê"),
        ("Durante", "đu ran tê"),
        ("Derek", "đê rếch"),
    ],
)
def test_by_rule(written: str, spoken: str) -> None:
    assert transliterate(written) == spoken


@pytest.mark.parametrize(("name", "pattern", "has_it", "has_it_not"), TONGUES)
def test_a_tongue_is_known_by_its_letters(
    name: str, pattern: str, has_it: str, has_it_not: str
) -> None:
    assert [tongue(word) for word in has_it.split()] == [name] * len(has_it.split()), pattern
    assert name not in [tongue(word) for word in has_it_not.split()]


@pytest.mark.parametrize(("name", "letters", "sounds", "example"), GROUPS)
def test_every_letter_group_is_in_its_example(
    name: str, letters: str, sounds: str, example: str
) -> None:
    vowel, consonant = "[aeiouyAEOơư]", "[bcdfghjklmnpqrstvwxzđCSJNX]"
    group = letters.replace("{V}", vowel).replace("{C}", consonant)
    assert re.search(group, fold_letters(example)), sounds
    assert name in {"any", *(row[0] for row in TONGUES)}


def test_a_group_stands_once_in_a_tongue() -> None:
    rows = [row[:2] for row in GROUPS]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    ("word", "has"), [("Krk", False), ("Fry", True), ("ß", False), ("ø", True)]
)
def test_has_vowel(word: str, has: bool) -> None:
    assert has_vowel(word) == has


@pytest.mark.parametrize("name", sorted({row[0] for row in GROUPS}))
def test_every_group_gives_syllables_before_and_after_any_other(name: str) -> None:
    examples = [example for tongue_, _, _, example in GROUPS if tongue_ == name]
    for first in examples:
        for second in examples[:12]:
            assert all(map(is_vietnamese, transliterate(first + second.lower()).split()))


@given(st.text(LATIN, min_size=1, max_size=24))
def test_always_syllables(word: str) -> None:
    spoken = transliterate(word)
    assert spoken
    assert all(map(is_vietnamese, spoken.split()))


@given(st.lists(st.sampled_from("zh xi qi ang iang eo kw ski aw ão eau oi lle ç tsu yo".split())))
def test_always_syllables_whatever_the_tongue(parts: list[str]) -> None:
    assert all(map(is_vietnamese, transliterate("".join(parts)).split()))


@pytest.mark.parametrize("word", ["xian", "shiga", "eon", "eau", "sch", "w", "ç"])
def test_linear_time(word: str) -> None:
    assert cpu_seconds(lambda: transliterate(word * (40_000 // len(word)))) < 3
    assert cpu_seconds(lambda: transliterate((word * 24)[:24])) < 3
