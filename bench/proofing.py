"""Scores the proofreader: what it finds of slips put in, and how often it sees some where none are.

``python bench/proofing.py [TEXT or EPUB ...]`` (by default the books beside the checkout and the
texts of the tests). In every text one syllable of a common word (one of two syllables, in two word
lists or more) in about every hundred words is given another tone, another mark or another letter,
at random. "found" is the share of them named, "mended" that with the right suggestion, "fixed" that
mended unasked; "wrong" the slips fixed into something else. "alarms" are findings in the text as it
was, for 1,000 words, "sure" those of them that would be fixed unasked: misprints that the text
really has are among them.
"""

from __future__ import annotations

import html
import posixpath
import random
import re
import sys
import time
import unicodedata
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from audiobook.vietnamese.proofreading import find_misprints
from audiobook.vietnamese.words import dictionary, fold

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
WORD = re.compile(r"[^\W\d_]+")
SLIP_EVERY = 100
TONES = "\u0300\u0301\u0303\u0309\u0323"
MARKS = {"a": "ăâ", "ă": "aâ", "â": "aă", "e": "ê", "ê": "e", "o": "ôơ", "ô": "oơ", "ơ": "oô"}
MARKS |= {"u": "ư", "ư": "u", "d": "đ", "đ": "d"}
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE: dict[str, str] = {}
for row in ROWS:
    for left, right in pairwise(row):
        BESIDE[left] = BESIDE.get(left, "") + right
        BESIDE[right] = BESIDE.get(right, "") + left


class Slip(NamedTuple):
    """A word as it was, and where it stands in the damaged text."""

    start: int
    end: int
    was: str


def slip(word: str, chance: random.Random) -> str:
    """Give a syllable another tone, another mark, or another letter; as it is if that fails."""
    letters = unicodedata.normalize("NFD", word)
    tone = next((mark for mark in letters if mark in TONES), "")
    toneless = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in TONES))
    kind = chance.choice(("tone", "mark", "letter"))
    if kind == "letter":
        place = chance.randrange(len(word))
        beside = chance.choice(BESIDE.get(word[place], "") or " ")
        changed = chance.choice(
            (
                word[:place] + word[place + 1 :],
                word[:place] + beside + word[place + 1 :],
                word[:place] + beside + word[place:],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            )
        )
        return changed if changed.isalpha() else word
    vowels = [place for place, letter in enumerate(toneless) if letter in "aăâeêioôơuưy"]
    marked = [place for place in vowels if toneless[place] in "ăâêôơư"]
    carrier = (marked or vowels)[-1]
    if tone:
        carrier = len(unicodedata.normalize("NFC", letters[: letters.index(tone)])) - 1
    if kind == "tone":
        tone = chance.choice([other for other in ("", *TONES) if other != tone])
    else:
        places = [place for place, letter in enumerate(toneless) if letter in MARKS]
        if not places:
            return word
        place = chance.choice(places)
        toneless = toneless[:place] + chance.choice(MARKS[toneless[place]]) + toneless[place + 1 :]
    return unicodedata.normalize("NFC", toneless[: carrier + 1] + tone + toneless[carrier + 1 :])


def damage(text: str, chance: random.Random) -> tuple[str, list[Slip]]:
    """Put slips into common words of two syllables, far apart from each other."""
    parts: list[str] = []
    slips: list[Slip] = []
    position = length = 0
    wait = SLIP_EVERY // 2
    for first, second in pairwise(list(WORD.finditer(text))):
        wait -= 1
        word = f"{fold(first[0])} {fold(second[0])}"
        apart = text[first.end() : second.start()] != " " or not second[0].islower()
        if wait > 0 or apart or dictionary().words.get(word, 0) < 2 or not first[0].islower():
            continue
        struck = chance.choice((first, second))
        changed = slip(struck[0], chance)
        if fold(changed) == fold(struck[0]):
            continue
        parts += [text[position : struck.start()], changed]
        length += struck.start() - position + len(changed)
        slips.append(Slip(length - len(changed), length, struck[0]))
        position = struck.end()
        wait = SLIP_EVERY + chance.randrange(20)
    return "".join((*parts, text[position:])), slips


def read(path: Path) -> str:
    """Return the text of a file, or of an EPUB as far as regular expressions see it."""
    if path.suffix != ".epub":
        return unicodedata.normalize("NFC", path.read_text("utf-8"))
    with zipfile.ZipFile(path) as book:
        package = re.search(r'full-path="([^"]+)"', book.read("META-INF/container.xml").decode())
        name = package[1] if package else ""
        source = book.read(name).decode()
        hrefs = {}
        for item in re.findall(r"<item\b[^>]*>", source):
            hrefs[re.findall(r'\bid="([^"]+)"', item)[0]] = re.findall(r'href="([^"]+)"', item)[0]
        pages = [
            book.read(posixpath.join(posixpath.dirname(name), hrefs[spine])).decode()
            for spine in re.findall(r'<itemref[^>]*idref="([^"]+)"', source)
        ]
    text = re.sub(r"(?s)<(head|script|style)\b.*?</\1>", "", "".join(pages))
    text = re.sub(r"</?(?:p|div|h\d|li|td|br)\b[^>]*>", "\n", re.sub(r"\s+", " ", text))
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    lines = (line.strip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines)))


def score(name: str, text: str) -> None:
    """Print one line of scores."""
    words = len(WORD.findall(text))
    begin = time.perf_counter()
    alarms = find_misprints(text)
    seconds = time.perf_counter() - begin
    damaged, slips = damage(text, random.Random(1))
    findings = find_misprints(damaged)
    found = mended = fixed = wrong = 0
    for one in slips:
        for finding in findings:
            if finding.start < one.end and one.start < finding.end:
                found += 1
                suggested = {fold(part) for part in finding.suggestion.split()}
                right = fold(one.was) in suggested
                mended += right
                fixed += right and finding.sure
                wrong += not right and finding.sure
                break
    total = len(slips) or 1
    print(
        f"{name[:24]:24} {words:7} {len(slips):6}"
        + "".join(f"{100 * count / total:7.1f}" for count in (found, mended, fixed, wrong))
        + f"{1000 * len(alarms) / words:8.2f}"
        + f"{1000 * sum(alarm.sure for alarm in alarms) / words:6.2f}"
        + f"{len(text) / seconds / 1000:8.0f}"
    )


def main() -> None:
    """Score the texts named, or those there are."""
    paths = [Path(name) for name in sys.argv[1:]] or [
        *sorted((SHARED / "books").glob("*.epub")),
        *filter(Path.exists, [SHARED / "article.txt"]),
        ROOT / "tests" / "data" / "ve-tinh.txt",
        ROOT / "tests" / "data" / "reading" / "prose.tsv",
        ROOT / "tests" / "data" / "reading" / "sentences.txt",
    ]
    find_misprints("Bố mua một cai ghế.")  # lists and models are loaded once
    print(
        f"{'':24} {'words':>7} {'slips':>6}{'found':>7}{'mended':>7}{'fixed':>7}{'wrong':>7}"
        f"{'alarms':>8}{'sure':>6}{'kchar/s':>8}"
    )
    for path in paths:
        score(path.name, read(path))


if __name__ == "__main__":
    main()
