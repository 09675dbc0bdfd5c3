"""Scores the reading of web pages against pages whose article is known.

``python bench/web.py FOLDER`` scores a folder of saved pages: ``NAME.html`` or ``NAME.html.gz`` a
page, and ``labels.json``, an object that holds for each NAME an object with any of ``text`` (the
article without its title), ``title``, ``author`` (names joined by commas) and ``date`` (the day it
was published, ISO 8601). What a page has no label for is not scored. The layout of
https://github.com/scrapinghub/article-extraction-benchmark is read as well (``ground-truth.json``
and ``html/``).

"shingles" compares runs of four words, as that benchmark does: recall is the share of the label's
runs that are read, precision the share of what is read that the label has, each the mean over all
pages. "words" does so with single words, however often each comes. What counts as read is what
``audiobook read`` would say, as it is written, without the title. A title is right when it is the
label's, letter for letter; an author when the names are the same, in any order and case. Labels
differ in what they take for a title, so two looser counts stand behind the strict ones: titles
"near" have the label's words in order, whatever their case, signs and accents, but for the name of
the site at an end; authors "near" have a name in common with the label.

Rules that were written with some pages in sight must be judged by others: ``--half tune`` and
``--half held-out`` part the pages by a hash of their names. ``--worst N`` lists the pages read
worst, ``--misses title|author|date`` what was read instead.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import statistics
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audiobook.app import preparing
from audiobook.config import make_job
from audiobook.errors import AudiobookError
from audiobook.model import Document, Kind
from audiobook.stages.readers.page.headline import folded

RUN = 4  # words
FACTS = ("title", "author", "date")
_WORD = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r",| và | and |[/;&|]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page and what people say it holds."""

    name: str
    path: Path
    labels: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Score:
    """How one page was read."""

    name: str
    shingles: tuple[float, float] | None = None
    """Recall and precision, each from 0 to 1."""
    words: tuple[float, float] | None = None
    facts: dict[str, bool] = field(default_factory=dict)
    near: dict[str, bool] = field(default_factory=dict)
    instead: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What the label says and what was read, where they differ."""
    error: str = ""


def load(folder: Path) -> list[Page]:
    """Return the pages of a folder, in either layout."""
    labels, pages, key = folder / "labels.json", folder, "text"
    if not labels.exists():
        labels, pages, key = folder / "ground-truth.json", folder / "html", "articleBody"
    try:
        known = json.loads(labels.read_bytes())
    except FileNotFoundError:
        sys.exit(f"there is neither labels.json nor ground-truth.json in {folder}")
    found = []
    for name, label in known.items():
        texts = {fact: str(label.get(fact) or "") for fact in FACTS} | {"text": label.get(key, "")}
        paths = (pages / f"{name}.html", pages / f"{name}.html.gz")
        path = next((each for each in paths if each.exists()), None)
        if path is None:
            sys.exit(f"there is no page {name} in {pages}")
        found.append(Page(name, path, texts))
    return found


def half_of(name: str) -> str:
    """Return the half that a page belongs to, whatever other pages there are."""
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 else "held-out"


def score(page: Page) -> Score:
    """Read a page and compare it with its labels."""
    found = Score(name=page.name)
    data = page.path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_bytes(gzip.decompress(data) if page.path.suffix == ".gz" else data)
        try:
            document = preparing.prepare(make_job(str(source), folder=Path()))
        except AudiobookError as problem:
            found.error = problem.what.replace(str(source), "the page")
            document = None
    if label := page.labels["text"]:
        wanted = _words(label)
        text = _words(_article(document)) if document else []
        found.words = _compare(Counter(wanted), Counter(text))
        found.shingles = _compare(Counter(_runs(wanted)), Counter(_runs(text)))
    for fact in FACTS:
        if wanted_fact := page.labels[fact]:
            read = getattr(document.meta, fact) if document else ""
            found.facts[fact] = _is_right(fact, wanted_fact, read)
            publisher = document.meta.publisher if document else ""
            found.near[fact] = found.facts[fact] or _is_near(fact, wanted_fact, read, publisher)
            if not found.facts[fact]:
                found.instead[fact] = (wanted_fact, read)
    return found


def _article(document: Document) -> str:
    """Return what is read of a page, a line a paragraph, without its title."""
    paragraphs = [each for chapter in document.chapters for each in chapter.paragraphs]
    lines = [each.text for each in paragraphs if each.kind is not Kind.BREAK]
    title = _words(document.meta.title)
    if lines and _words(lines[0]) == title:
        del lines[0]
    return "\n".join(lines)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    for first in range(max(1, len(words) - RUN + 1)):
        yield tuple(words[first : first + RUN])


def _compare(wanted: Counter[Any], read: Counter[Any]) -> tuple[float, float]:
    both = (wanted & read).total()
    return both / max(1, wanted.total()), both / max(1, read.total())


def _is_right(fact: str, wanted: str, read: str) -> bool:
    if fact == "date":
        return wanted[:10] == read[:10]
    if fact == "author":
        return _names(wanted) == _names(read)
    return _plain(wanted) == _plain(read)


def _is_near(fact: str, wanted: str, read: str, publisher: str) -> bool:
    if fact == "author":
        return bool(_names(wanted) & _names(read))
    site = folded(publisher)
    sides = [
        folded(text).removeprefix(f"{site} ").removesuffix(f" {site}") for text in (wanted, read)
    ]
    return fact == "title" and sides[0] == sides[1]


def _names(text: str) -> set[str]:
    return {name for part in _BETWEEN_NAMES.split(text) if (name := _plain(part).casefold())}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def report(scores: Iterable[Score]) -> Iterator[str]:
    """Yield the lines of the table."""
    scores = list(scores)
    yield f"{len(scores)} pages, {sum(bool(each.error) for each in scores)} refused"
    for what in ("shingles", "words"):
        pairs = [pair for each in scores if (pair := getattr(each, what)) is not None]
        if pairs:
            recall, precision = (statistics.fmean(column) for column in zip(*pairs, strict=True))
            yield f"{what:<9} recall {recall:.3f}  precision {precision:.3f}  of {len(pairs)} pages"
    for fact in FACTS:
        right = [each.facts[fact] for each in scores if fact in each.facts]
        if right:
            near = [each.near[fact] for each in scores if fact in each.near]
            looser = "" if fact == "date" else f", near on {sum(near)} ({_percent(near)} %)"
            strict = f"right on {sum(right)} of {len(right)} pages ({_percent(right)} %)"
            yield f"{fact:<9} {strict}{looser}"


def _percent(right: list[bool]) -> str:
    return f"{100 * statistics.fmean(right):.1f}"


def main() -> None:
    """Score the pages of a folder, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "held-out"))
    parser.add_argument("--worst", type=int, default=0, metavar="N")
    parser.add_argument("--misses", choices=FACTS)
    arguments = parser.parse_args()
    pages = load(arguments.folder)
    if arguments.half:
        pages = [page for page in pages if half_of(page.name) == arguments.half]
    scores = [score(page) for page in pages]
    for line in report(scores):
        print(line)
    read = [(sum(each.shingles), each) for each in scores if each.shingles is not None]
    for _, each in sorted(read, key=lambda pair: pair[0])[: arguments.worst]:
        recall, precision = each.shingles or (0.0, 0.0)
        print(f"{recall:.2f} {precision:.2f} {each.name} {each.error}".rstrip())
    for each in scores:
        if arguments.misses in each.instead:
            wanted, instead = each.instead[arguments.misses]
            print(f"{each.name}: {wanted!r}, not {instead!r}")


if __name__ == "__main__":
    main()
