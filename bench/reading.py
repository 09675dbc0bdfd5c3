"""Scores the reading of Vietnamese, ours and that of others, on ``tests/data/reading``.

``make reading`` runs it. Peers are scored where they can be imported; ``requirements-peers.txt``
lists them. A class is a file of the corpus, a score the share of its rows said as one of the
right readings, in percent; "sentences" is the share of paragraphs cut exactly where they should be.

Our rules were written with these rows in sight and theirs were not: our score tells what is left
to do and that nothing was lost. How we do on text that nobody here has seen, the second table
tells: its rows (``fresh``) are real text, written down with their readings by somebody who did not
know the rules, and no rule may be mended with them.

Peers are judged more gently than we are, on what is no mistake of theirs: they know no accents,
so "lẻ", "ngàn" and "mươi bốn" count as "linh", "nghìn" and "mươi tư"; "hoà" counts as "hòa", an
acronym spelled in English as one spelled in Vietnamese, and in prose a change of case or
punctuation is forgiven. ``--misses CLASS`` shows what everyone said instead.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from audiobook.vietnamese import normalize, split_sentences
from audiobook.vietnamese.letters import spell

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "vietnamese"))

import corpus

_ON_SECOND = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split()
_ON_FIRST = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split()
SPELLINGS = (
    *((" lẻ ", " linh "), (" ngàn ", " nghìn "), (" mươi bốn ", " mươi tư "), (" qui ", " quy ")),
    # The tone on the second vowel or on the first: hoà and hòa are one word.
    *((f"{new} ", f"{old} ") for new, old in zip(_ON_SECOND, _ON_FIRST, strict=True)),
)
# sea-g2p marks what is to be said in English: letters there are letters all the same.
_ENGLISH_LETTERS = re.compile(r"<en>((?:[a-z] )*[a-z])</en>")
_TAG = re.compile(r"</?en>")


class Reader(NamedTuple):
    """One that reads, and how its readings are judged."""

    name: str
    read: corpus.Normalizer
    is_right: Callable[[corpus.Row, str], bool]


class Score(NamedTuple):
    """How many of how many are right."""

    right: int
    total: int

    def __str__(self) -> str:
        return f"{corpus.percent(self.right, self.total):.1f}"


def main() -> None:
    """Print the table, or what was missed in one class."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--misses", metavar="CLASS", help="show the rows of a class that are wrong")
    misses: str | None = parser.parse_args().misses
    if misses and misses not in corpus.classes():  # those of the fresh part are not to be seen
        parser.error(f"no such class: {misses} ({', '.join(corpus.classes())})")
    readers = [Reader("audiobook", normalize, corpus.is_right), *peers()]
    if misses:
        print_misses(misses, readers)
    else:
        print_scores(readers, corpus.FOLDER)
        print("\nfresh")
        print_scores(readers, corpus.FRESH)


def peers() -> list[Reader]:
    """Return the normalizers of others that are installed."""
    found = []
    for name, connect in (("sea-g2p", sea_g2p), ("vinorm", vinorm)):
        try:
            found.append(Reader(name, connect(), is_right_gently))
        except ImportError as problem:
            print(f"{name}: not scored ({problem})", file=sys.stderr)
    return found


def sea_g2p() -> corpus.Normalizer:
    """Return sea-g2p's normalizer (Rust)."""
    normalizer = importlib.import_module("sea_g2p").Normalizer()
    return lambda text, _accent: str(normalizer.normalize(text))


def vinorm() -> corpus.Normalizer:
    """Return vinorm's normalizer (a program that it starts for every sentence)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        function = importlib.import_module("vinorm").TTSnorm
    return lambda text, _accent: str(function(text))


def is_right_gently(row: corpus.Row, got: str) -> bool:
    """Whether a peer is right, whatever its accent, spelling, case and punctuation."""
    return any(corpus.is_said(spoken, got, fold) for spoken in row.spoken)


def fold(text: str) -> str:
    """Return what is compared, in one accent and one spelling.

    >>> fold("Một trăm lẻ hai ngàn uỷ viên <en>b c</en>.")
    'một trăm linh hai nghìn ủy viên bê xê'
    """
    text = _ENGLISH_LETTERS.sub(lambda match: spell(match[1].replace(" ", "").upper()), text)
    folded = f" {corpus.key(_TAG.sub('', text))} "
    for other, ours in SPELLINGS:
        folded = folded.replace(other, ours)
    return folded.strip()


def print_scores(readers: list[Reader], folder: Path) -> None:
    """Print one line a class, the whole, and the ends of sentences."""
    heading = "".join(f"{reader.name:>12}" for reader in readers)
    print(f"{'class':24}{'rows':>6}{heading}")
    totals = [Score(0, 0) for _ in readers]
    for name in corpus.classes(folder):
        rows = corpus.load(name, folder)
        scores = [score(rows, reader) for reader in readers]
        totals = [
            Score(a.right + b.right, a.total + b.total) for a, b in zip(totals, scores, strict=True)
        ]
        print_line(name, len(rows), scores)
    print_line("all", totals[0].total, totals)
    print()
    cutters: dict[str, corpus.Splitter] = {"audiobook": split_sentences} | splitters()
    print(f"{'':24}{'rows':>6}" + "".join(f"{name:>12}" for name in cutters))
    total = len(corpus.load_paragraphs(folder))
    missed = [
        sum(1 for _ in corpus.missed_paragraphs(cutter, folder)) for cutter in cutters.values()
    ]
    print_line("sentences", total, [Score(total - count, total) for count in missed])


def print_line(name: str, rows: int, scores: list[Score]) -> None:
    """Print the scores of one class."""
    print(f"{name:24}{rows:>6}" + "".join(f"{score!s:>12}" for score in scores))


def score(rows: list[corpus.Row], reader: Reader) -> Score:
    """Return how many rows a reader says right."""
    missed = sum(1 for _ in corpus.failures(rows, reader.read, reader.is_right))
    return Score(len(rows) - missed, len(rows))


def splitters() -> dict[str, corpus.Splitter]:
    """Return what others cut with: underthesea alone, line by line, without our repairs."""
    tokenize = importlib.import_module("underthesea").sent_tokenize
    return {"underthesea": lambda text: [s for line in text.splitlines() for s in tokenize(line)]}


def print_misses(name: str, readers: list[Reader]) -> None:
    """Print what each reader said for the rows of a class that it missed."""
    for reader in readers:
        for failure in corpus.failures(corpus.load(name), reader.read, reader.is_right):
            print(f"{reader.name}: {failure}")


if __name__ == "__main__":
    main()
