"""How much of real PDF files is read, and how well: `python bench/pdf.py FOLDER`.

Each PDF file in the folder and below is read and compared with two others: the words of
`pdftotext` (Debian's poppler-utils), and the spaces in PDFium's own text. A word counts as kept
where it is in the text or in the list of what was left out, other than watermarks and text outside
the page, which pdftotext leaves out too; it may stand somewhere else. Files
that cannot be read are named with the line that a user gets. `--worst` shows what is amiss in the
worst files; `--half` takes half of the files, by the SHA-256 of their names: one to tune by, one
that is held out.

What is missing is parted, and no part is left away from the strict share:

- spaced: its letters are there, but parted from their neighbours otherwise (`xn`, `x n`).
- mixed: only one of two reading orders of pdftotext has the word. It mixes lines that overlap, and
  in the order in which they are drawn they are none of its words.
- lost: all else.

For each file: pages, pages a second of processor time, words that pdftotext finds, the share of
them that is kept, the same without those that are spaced otherwise or mixed, the share that is kept
with single letters and numbers (whose order in formulas is anybody's), words split and glued
against PDFium, paragraphs, and the share of paragraphs cut mid-sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from audiobook.errors import AudiobookError
from audiobook.model import Kind
from audiobook.stages.readers import pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Document

_SHOWN = 12
# Steps that leave out what pdftotext does not have either.
_UNSEEN = {"watermarks", "text outside the page"}
# A word is parted into no more pieces than this.
_PIECES = 5
_LONGEST_SECONDS = 120
# A share of fewer words or paragraphs than this is chance.
_FEWEST_WORDS, _FEWEST_PARAGRAPHS = 100, 10
# A digit at a letter is a formula or the mark of a note, and glued to it as one pleases.
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CLOSED = re.compile(r"[.!?…:;][”’»\"')\]]*$")
_LIST_ITEM = re.compile(r"[^\w(“‘«\"']|\(?\w{1,3}[.)](?:\s|$)|o\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was measured in one file."""

    name: str
    pages: int
    seconds: float
    words: int
    """That pdftotext finds."""
    all_words: int
    """With single letters and numbers."""
    all_missing: int
    missing: list[str]
    spaced: list[str]
    """Those of the missing whose letters are there, parted otherwise."""
    mixed: list[str]
    """Those of the missing that another reading order of pdftotext does not have."""
    left_out: Counter[str]
    """Words that are listed as left out, by step."""
    split: list[str]
    glued: list[str]
    paragraphs: int
    cut: list[str] = field(repr=False)
    """The places where a paragraph ends inside a sentence."""

    @property
    def kept(self) -> float:
        """Share of the words of pdftotext that are read or listed as left out."""
        return 1 - len(self.missing) / self.words if self.words else 1.0

    @property
    def lost(self) -> list[str]:
        """Words whose letters are missing, in whatever order they are read."""
        return [*(Counter(self.missing) - Counter(self.spaced) - Counter(self.mixed)).elements()]

    @property
    def not_lost(self) -> float:
        """Share of the words of pdftotext that are not lost."""
        return 1 - len(self.lost) / self.words if self.words else 1.0

    @property
    def all_kept(self) -> float:
        """The same with single letters and numbers."""
        return 1 - self.all_missing / self.all_words if self.all_words else 1.0

    @property
    def cut_share(self) -> float:
        """Share of the paragraphs that end inside a sentence."""
        return len(self.cut) / self.paragraphs if self.paragraphs else 0.0


def measure(path: Path) -> Score:
    """Read a file and compare what came of it, before old encodings are mended.

    Raises:
        AudiobookError: it cannot be read.
    """
    start = processor_time()
    document = pdf.read(path.read_bytes(), path.name)
    seconds = processor_time() - start
    steps: dict[str, list[str]] = {}
    for change in document.changes:
        steps[change.step] = [piece.text for piece in change.left_out]
    left_out = [text for step, texts in steps.items() if step not in _UNSEEN for text in texts]
    ours = [p.text for chapter in document.chapters for p in chapter.paragraphs] + left_out
    reference = words_of([pdftotext(path)])
    all_missing = [*(Counter(reference) - Counter(words_of(ours))).elements()]
    missing = [*filter(is_word, all_missing)]
    mixed = [
        *(
            Counter(missing) & (Counter(reference) - Counter(words_of([pdftotext(path, "-raw")])))
        ).elements()
    ]
    rest = [*(Counter(missing) - Counter(mixed)).elements()]
    pages = pdfium_text(path)
    split, glued = compare_spaces(pages, ours, frozenset(reference))
    paragraphs, cut = cut_paragraphs(document)
    return Score(
        name=path.name,
        pages=len(pages),
        seconds=seconds,
        words=sum(map(is_word, reference)),
        missing=missing,
        spaced=spaced_otherwise(rest, words_of(ours), reference),
        mixed=mixed,
        left_out=Counter({step: len(words_of(texts)) for step, texts in steps.items()}),
        all_words=len(reference),
        all_missing=len(all_missing),
        split=split,
        glued=glued,
        paragraphs=paragraphs,
        cut=cut,
    )


def processor_time() -> float:
    """Return the seconds that processors worked for this process and those that it waited for."""
    return sum(os.times()[:4])


def spaced_otherwise(
    missing: Sequence[str], ours: Sequence[str], reference: Sequence[str]
) -> list[str]:
    """Return the words whose letters stand among our words, parted otherwise.

    Args:
        missing: words that we do not have.
        ours: our words and numbers, in order.
        reference: those of pdftotext, which do not count where we have them too.
    """
    extra = Counter(ours) - Counter(reference)
    within = "\n".join(extra.elements())
    joined: Counter[str] = Counter()
    for start, word in enumerate(ours):
        pieces = ours[start : start + _PIECES]
        if word in extra or any(piece in extra for piece in pieces[1:]):
            joined.update({"".join(pieces[:count]) for count in range(2, len(pieces) + 1)})
    return [
        word
        for word, count in Counter(missing).items()
        for _ in range(min(count, within.count(word) + joined[word]))
    ]


def words_of(texts: Iterable[str]) -> list[str]:
    """Return the runs of letters and those of digits in texts, however they are composed."""
    return [word for text in texts for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


def is_word(word: str) -> bool:
    """Whether a run of letters or digits is a word of several letters."""
    return len(word) > 1 and word.isalpha()


def pdftotext(path: Path, *options: str) -> str:
    """Return the text that poppler finds, without what stands at a slant."""
    answer = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-nopgbrk", "-nodiag", *options, str(path), "-"],
        capture_output=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    return answer.stdout.decode("utf-8", "replace")


def pdfium_text(path: Path) -> list[str]:
    """Return the text that PDFium itself makes of each page."""
    with contextlib.closing(pypdfium2.PdfDocument(path)) as file:
        return [page.get_textpage().get_text_bounded() for page in file]


def compare_spaces(
    pages: Iterable[str], ours: Iterable[str], reference: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Return the words that we split and those that we glued where PDFium has them right.

    Args:
        pages: the text of PDFium.
        ours: what came of the file.
        reference: the words of pdftotext: PDFium is right where they agree.
    """
    theirs_in_order = [word for word in words_of(pages) if word.isalpha()]
    ours_in_order = [word for word in words_of(ours) if word.isalpha()]
    lost, invented = (
        Counter(theirs_in_order) - Counter(ours_in_order),
        Counter(ours_in_order) - Counter(theirs_in_order),
    )
    their_pairs = set(pairwise(theirs_in_order))
    our_pairs = {first + second: f"{first} {second}" for first, second in pairwise(ours_in_order)}
    split = [our_pairs[word] for word in lost.elements() if word in our_pairs and word in reference]
    glued = [
        word
        for word in invented.elements()
        if word not in reference
        and any((word[:place], word[place:]) in their_pairs for place in range(1, len(word)))
    ]
    return split, glued


def cut_paragraphs(document: Document) -> tuple[int, list[str]]:
    """Count the paragraphs of prose, and return the places where a sentence is cut between two."""
    count = 0
    cut: list[str] = []
    for chapter in document.chapters:
        prose = [each for each in chapter.paragraphs if each.kind is not Kind.NOTE]
        count += sum(each.kind is Kind.PROSE for each in prose)
        for each, following in pairwise(prose):
            if each.kind is not Kind.PROSE or following.kind is not Kind.PROSE:
                continue
            is_open = not _CLOSED.search(each.text) and not _LIST_ITEM.match(following.text)
            if is_open and following.text[:1].islower():
                cut.append(f"{each.text[-50:]} | {following.text[:50]}")
    return count, cut


def main() -> None:
    """Print the scores of all files of a folder, and their summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "held-out"))
    parser.add_argument("--worst", type=int, default=0, help="show what is amiss in so many files")
    arguments = parser.parse_args()
    if shutil.which("pdftotext") is None:
        print("skipped: pdftotext is not installed (apt install poppler-utils)")
        return
    scores: list[Score] = []
    refused: list[str] = []
    print(
        f"{'pages':>6} {'a second':>8} {'words':>7} {'kept':>7} {'found':>7} {'all':>7} "
        f"{'split':>5} {'glued':>5} "
        f"{'paras':>6} {'cut':>6}  file"
    )
    for path in sorted(arguments.folder.rglob("*.[pP][dD][fF]")):
        if arguments.half and half_of(path.name) != arguments.half:
            continue
        try:
            score = measure(path)
        except AudiobookError as problem:
            refused.append(f"{problem}; {problem.remedy}")
            continue
        scores.append(score)
        print(
            f"{score.pages:6} {score.pages / score.seconds:8.1f} {score.words:7} {score.kept:7.2%} "
            f"{score.not_lost:7.2%} {score.all_kept:7.2%} "
            f"{len(score.split):5} {len(score.glued):5} {score.paragraphs:6} {score.cut_share:6.1%}"
            f"  {score.name}"
        )
        sys.stdout.flush()
    print(*refused, sep="\n")
    if scores:
        summarise(scores, len(refused))
        show_worst(scores, arguments.worst)


def half_of(name: str) -> str:
    """Return the half that a file belongs to."""
    return "held-out" if hashlib.sha256(name.encode()).digest()[-1] % 2 else "tune"


def summarise(scores: Sequence[Score], refused: int) -> None:
    """Print the median and the worst of what was measured."""
    kept = [score.kept for score in scores if score.words >= _FEWEST_WORDS]
    cut = [score.cut_share for score in scores if score.paragraphs >= _FEWEST_PARAGRAPHS]
    pages, seconds = sum(s.pages for s in scores), sum(s.seconds for s in scores)
    words = sum(s.words for s in scores)
    missing = sum(len(s.missing) for s in scores)
    all_cut, paragraphs = sum(len(s.cut) for s in scores), sum(s.paragraphs for s in scores)
    print(
        f"{len(scores)} files read, {refused} not; "
        f"{pages / seconds:.1f} pages a second of processor time"
    )
    print(
        f"words kept: {1 - missing / max(words, 1):.2%} of {words}; "
        f"median file {statistics.median(kept or [1]):.2%}, worst {min(kept, default=1):.2%}; "
        f"{sum(share < 0.995 for share in kept)} of {len(kept)} files below 99.5 %"
    )
    found = [score.not_lost for score in scores if score.words >= _FEWEST_WORDS]
    lost_words = sum(len(score.lost) for score in scores)
    print(
        f"of {missing} missing: {sum(len(s.spaced) for s in scores)} spaced otherwise, "
        f"{sum(len(s.mixed) for s in scores)} in one reading order of pdftotext only, "
        f"{lost_words} lost"
    )
    print(
        f"words not lost: {1 - lost_words / max(words, 1):.2%}; "
        f"median file {statistics.median(found or [1]):.2%}, worst {min(found, default=1):.2%}; "
        f"{sum(share < 0.995 for share in found)} of {len(found)} files below 99.5 %"
    )
    steps: Counter[str] = sum((score.left_out for score in scores), Counter())
    print("words listed as left out:", *(f"{n} in {step};" for step, n in steps.most_common()))
    everything = sum(score.all_words for score in scores)
    lost = sum(score.all_missing for score in scores)
    print(f"with single letters and numbers: {1 - lost / max(everything, 1):.2%} of {everything}")
    print(
        f"paragraphs cut: {all_cut / max(paragraphs, 1):.2%} of {paragraphs}; "
        f"median file {statistics.median(cut or [0]):.2%}, worst {max(cut, default=0):.2%}; "
        f"{sum(share > 0.1 for share in cut)} of {len(cut)} files above 10 %"
    )
    print(
        f"words split: {sum(len(s.split) for s in scores)}, "
        f"glued: {sum(len(s.glued) for s in scores)}"
    )


def show_worst(scores: Sequence[Score], count: int) -> None:
    """Print examples of what is amiss in the worst files, of each kind."""
    for kind in ("lost", "spaced", "mixed", "split", "glued", "cut"):
        examples = {score.name: getattr(score, kind) for score in scores}
        worst = sorted(examples, key=lambda name: -len(examples[name]))[:count]
        for name in worst:
            if examples[name]:
                print(f"\n{kind} in {name}: {len(examples[name])}")
                print(*("    " + each for each in examples[name][:_SHOWN]), sep="\n")


if __name__ == "__main__":
    main()
