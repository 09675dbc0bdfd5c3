"""follow.json: which articles of which sources were taken, so that each becomes an episode once."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audiobook.errors import OutputError, UsageError
from audiobook.follow.model import Article, Followed, Stage
from audiobook.messages import message
from audiobook.system import files, locks
from audiobook.system.json_data import DAMAGE, load_json, read_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME = "follow.json"
"""The name of the file in the library."""
VERSION = 1
"""Goes up when an older program could not read the file."""


class FollowState:
    """What is known of sources and articles; `save` writes it into the library.

    Args:
        path: the file; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sources: dict[str, Followed] = {}
        self.articles: dict[str, Article] = {}
        """By their stems, in the order in which they were taken."""
        self._stem_by_key: dict[str, str] = {}
        self._stem_by_text: dict[str, str] = {}
        self._stems: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def put(self, article: Article) -> None:
        """Keep an article in place of what was kept under its stem."""
        self.articles[article.stem] = article
        self._stems.add(article.stem.casefold())
        self._stem_by_key.update(dict.fromkeys(article.keys, article.stem))
        if article.text:
            self._stem_by_text[article.text] = article.stem

    def remove(self, article: Article) -> None:
        """Forget an article that turned out to be another one; its keys stay with that one."""
        del self.articles[article.stem]
        self._stems.discard(article.stem.casefold())

    def forget_dropped(self, before: float) -> None:
        """Forget the articles that will not become episodes and are not listed any more.

        Args:
            before: they were last listed before this time, in seconds since 1970.
        """
        for article in list(self.articles.values()):
            if article.stage is Stage.DROPPED and max(article.seen, article.taken) < before:
                self.remove(article)

    def has_stem(self, stem: str) -> bool:
        """Return whether an article has a name, whatever the case of its letters."""
        return stem.casefold() in self._stems

    def next_number(self, name: str) -> int:
        """Return the next number for articles of one name, from 1; no number comes twice."""
        self._numbers[name.casefold()] += 1
        return self._numbers[name.casefold()]

    def find(self, keys: Iterable[str]) -> Article | None:
        """Return the article with one of these keys; of several keys the first counts."""
        stems = (self._stem_by_key.get(key) for key in keys)
        return next((self.articles[stem] for stem in stems if stem in self.articles), None)

    def find_text(self, text: str) -> Article | None:
        """Return the article whose words have this digest now."""
        article = self.articles.get(self._stem_by_text.get(text, ""))
        return article if article and article.text == text else None

    def save(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        document = {
            "version": VERSION,
            "sources": {name: _without_defaults(source) for name, source in self.sources.items()},
            "articles": [_without_defaults(article) for article in self.articles.values()],
        }
        data = json.dumps(document, ensure_ascii=False, indent=0).encode("utf-8", "replace")
        with files.whole(self._path) as file:
            file.write(data + b"\n")


def read(library: Path) -> FollowState:
    """Read the state of a library; return an empty state if nothing was followed yet.

    Raises:
        UsageError: the file is damaged, or of another version of the program.
    """
    path = library / NAME
    state = FollowState(path)
    if not path.exists():
        return state
    try:
        document = load_json(read_facts(path))
        if document["version"] != VERSION:
            raise ValueError(message("another audiobook wrote it"))
        for name, entry in document["sources"].items():
            state.sources[name] = Followed(**_with_tuples(entry))
        for entry in document["articles"]:
            entry["stage"] = Stage(entry["stage"])
            article = Article(**_with_tuples(entry))
            if set(article.stem) & {"/", "\\", "\0"}:  # it would lead elsewhere
                raise ValueError(
                    message("{name!r} cannot be the name of a file", name=article.stem)
                )
            state.put(article)
    except DAMAGE as problem:
        raise UsageError(
            message(
                "{path}, which holds what was taken already, is damaged: {reason}",
                path=path,
                reason=problem,
            ),
            message("bring it back from a copy, or remove it and take the newest articles again"),
        ) from problem
    return state


@contextmanager
def locked(library: Path) -> Iterator[None]:
    """Return a context in which no other run follows sources into a library.

    Raises:
        OutputError: another run does, or the folder cannot be written to.
    """
    files.check_place(library / NAME)
    lock = locks.FileLock(library / f".{NAME}.lock")
    try:
        lock.acquire(timeout=0)
    except locks.Timeout as problem:
        raise OutputError(
            message("another run of audiobook follow is at work in {library}", library=library),
            message("wait until it is done"),
        ) from problem
    except OSError as problem:
        raise OutputError(
            message("cannot write {path}: {reason}", path=library, reason=problem)
        ) from problem
    try:
        yield
    finally:
        lock.release()


def _without_defaults(record: Article | Followed) -> dict[str, Any]:
    """Return the fields of a record that say something; the others are read as what they are."""
    return {name: value for name, value in asdict(record).items() if value or name == "stage"}


def _with_tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}
