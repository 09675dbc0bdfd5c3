"""Measure who says it: the speakers found in books against labels made by reading.

    python bench/speakers.py FOLDER... [--part dev] [--show] [--labels FILE]

The folders hold the books as EPUB or plain text, named as in tests/data/speakers/labels.tsv.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import audiobook
from audiobook.model import Kind
from audiobook.vietnamese.attribution import Attributed, attribute, learn_people

LABELS = Path(__file__).parent.parent / "tests/data/speakers/labels.tsv"
_SEX = {
    "man": "male",
    "boy": "male",
    "old-man": "male",
    "woman": "female",
    "girl": "female",
    "old-woman": "female",
}
_NARRATED = (Kind.PROSE, Kind.DIALOGUE, Kind.QUOTE)


class Label(NamedTuple):
    """A speech of a book, and who says it by the judgment of a reader."""

    part: str
    book: str
    chapter: int
    paragraph: int
    speech: int
    role: str
    name: str
    words: str


def read_labels(part: str = "", path: Path = LABELS) -> list[Label]:
    """Return the labels of a part, or all."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line[:2] != "# ")
    labels = [Label(r[0], r[1], int(r[2]), int(r[3]), int(r[4]), *r[5:]) for r in rows]
    return [label for label in labels if part in ("", label.part)]


def attribute_book(path: Path) -> tuple[list[list[str]], list[list[list[Attributed]]]]:
    """Return the paragraphs of each chapter of a book, and the speech in them."""
    chapters = [
        [one.text if one.kind in _NARRATED else "" for one in chapter.paragraphs]
        for chapter in audiobook.read(str(path)).chapters
    ]
    people = learn_people(chapters)
    return chapters, [attribute(chapter, people) for chapter in chapters]


def main() -> None:
    """Print how many speakers were decided, and how many rightly, by book."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--part", default="", help="dev, kept, fresh …: only these labels")
    parser.add_argument("--labels", type=Path, default=LABELS, help="labels of other books")
    parser.add_argument("--show", action="store_true", help="show each error")
    options = parser.parse_args()
    labels = read_labels(options.part, options.labels)
    counts: dict[str, Counter[str]] = {}
    for book in dict.fromkeys(label.book for label in labels):
        named = (f / f"{book}.{ending}" for f in options.folders for ending in ("epub", "txt"))
        path = next((p for p in named if p.is_file()), None)
        if path is None:
            print(f"{book}: not there")
            continue
        texts, chapters = attribute_book(path)
        counts[book] = Counter()
        for label in (label for label in labels if label.book == book):
            text = texts[label.chapter - 1][label.paragraph - 1]
            speech = chapters[label.chapter - 1][label.paragraph - 1][label.speech - 1]
            written = text[speech.start : speech.end]
            if not " ".join(written.split()).startswith(label.words):
                raise SystemExit(f"{book} is another edition: {label.words!r}, {written[:40]!r}")
            outcome = _judge(label, speech)
            counts[book][outcome] += 1
            if label.name and speech.speaker.name:
                counts[book]["named" if _is_named(label, speech) else "misnamed"] += 1
            if options.show and outcome != "right":
                found = speech.speaker
                print(
                    f"{outcome}: {book} {label.chapter}.{label.paragraph} {label.role}"
                    f" {label.name} | {found.name} {found.sex} [{found.told}] {label.words}"
                )
    _print_table(counts)


def _judge(label: Label, speech: Attributed) -> str:
    expected, found = _SEX.get(label.role, ""), speech.speaker.sex
    if not expected:
        return "false" if found else "silent"
    if not found:
        return "open"
    return "right" if expected == found else "wrong"


def _is_named(label: Label, speech: Attributed) -> bool:
    """Whether the name is that of the label, or the beginning of it: “Bà lão láng giềng”."""
    expected, found = label.name.lower().split(), speech.speaker.name.lower().split()
    return expected[-1] == found[-1] or expected[: len(found)] == found


def _print_table(counts: dict[str, Counter[str]]) -> None:
    print(
        f"{'BOOK':18}{'SPEECHES':>9}{'DECIDED':>9}{'RIGHT':>8}{'WRONG':>7}{'OPEN':>6}{'FALSE':>7}{'NAMED':>7}{'MISNAMED':>10}"
    )
    total: Counter[str] = Counter()
    for book, count in [*counts.items(), ("all", total)]:
        decided = count["right"] + count["wrong"]
        known = decided + count["open"]
        print(
            f"{book:18}{known + count['false'] + count['silent']:>9}"
            f"{decided / known if known else 0:>9.0%}"
            f"{count['right'] / decided if decided else 0:>8.1%}{count['wrong']:>7}"
            f"{count['open']:>6}{count['false']:>7}{count['named']:>7}{count['misnamed']:>10}"
        )
        total += count


if __name__ == "__main__":
    main()
