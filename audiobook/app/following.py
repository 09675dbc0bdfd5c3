"""Follows sources into a library: new articles are read, recorded, and made again when edited."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.app import batch
from audiobook.app.book_requests import BookRequest
from audiobook.app.new_texts import look_at_folder
from audiobook.app.ownership import read_provenance
from audiobook.app.texts import is_folder
from audiobook.errors import AudiobookError, OutputError, SourceError, UsageError, as_error
from audiobook.follow import sources, state
from audiobook.follow.choosing import Choice, choose
from audiobook.follow.model import Followed, Stage
from audiobook.follow.reading import ArticleReader, name_of
from audiobook.messages import message
from audiobook.system import connection, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from audiobook.app.batch import BookOutcome
    from audiobook.follow.choosing import Bounds
    from audiobook.follow.courtesy import Visitor
    from audiobook.follow.model import Article
    from audiobook.follow.state import FollowState
    from audiobook.model import Job
    from audiobook.podcast.model import Library
    from audiobook.workers import Recorder

# An article that could not be read for so many seconds is not tried any more.
_GIVEN_UP_AFTER = 7 * 86_400.0
# Seconds after which the state is saved while articles are read.
_SAVED_EVERY = 1.0


class Look(NamedTuple):
    """What was seen at a source."""

    source: str
    """Without credentials, as it may be shown."""
    choice: Choice = Choice()
    failure: AudiobookError | None = None


class Follower:
    """Follows sources into a library.

    Args:
        library: the folder that the books go to.
        state: what is known of sources and articles.
        visitor: visits sites.
        bounds: which articles are taken when a source on the web is first followed.
        bounds_of_folder: which texts are taken when a folder is first followed.
        now: the time in seconds since 1970.
        keep: whether what happens is written into the library; it is not for a mere look.
    """

    def __init__(
        self,
        library: Path,
        state: FollowState,
        visitor: Visitor,
        *,
        bounds: Bounds,
        bounds_of_folder: Bounds,
        now: float,
        keep: bool = True,
    ) -> None:
        self._library = library
        self._state = state
        self._visitor = visitor
        self._bounds = bounds
        self._bounds_of_folder = bounds_of_folder
        self._now = now
        self._keep = keep
        self._saved = 0.0

    def look(self, names: Iterable[str]) -> Iterator[Look]:
        """Look at sources, and yield what is new at each.

        All that a source lists is kept together with what its site says of the list, so that
        nothing is lost if the run ends before the articles are read.

        Raises:
            OutputError: the state cannot be written.
        """
        for name in names:
            shown = connection.bare(name)
            try:
                if is_folder(name):
                    choice = look_at_folder(
                        self._state, name, self._bounds_of_folder, self._now, self._library
                    )
                else:
                    choice = self._look_at_site(name)
            except AudiobookError as problem:
                yield Look(shown, failure=problem)
                continue
            self._save()
            yield Look(shown, choice)

    def _look_at_site(self, url: str) -> Choice:
        if "://" not in url:
            raise SourceError(
                message("there is no folder {folder}", folder=url),
                message("name a folder of texts, or an address that begins with https://"),
            )
        followed = self._state.sources.get(url)
        anew = followed is None or self._bounds.is_given
        answer = sources.ask(url, followed or Followed(), self._visitor, anew=anew)
        choice = Choice()
        if answer.listing is not None:
            choice = choose(
                self._state, url, answer.listing, self._bounds, self._now, self._library
            )
        passed_over = self._state.sources.get(url, Followed()).passed_over
        self._state.sources[url] = replace(answer.followed, passed_over=passed_over)
        return choice

    def read_articles(
        self, speaks: str, report: Callable[[str], None]
    ) -> Iterator[batch.BookOutcome]:
        """Read the articles that are new or may be edited, and yield those that fail.

        Args:
            speaks: the language of the voice; articles in another are left out if it is Vietnamese.
            report: called with a line about each article that is left out.

        Raises:
            OutputError: an article cannot be written into the library.
        """
        reader = ArticleReader(
            self._library, self._state, self._visitor, speaks, now=self._now, report=report
        )
        for article in list(self._state.articles.values()):
            if not reader.is_due(article):
                continue
            try:
                reader.read(article)
            except OutputError:
                raise
            except BaseException as problem:  # noqa: BLE001 (it is the outcome of this article)
                failure = as_error(problem, article.link)
                if article.stage is Stage.MADE and isinstance(failure, SourceError):
                    # Its page is gone or cannot be had now: the episode stays as it is.
                    self._state.put(replace(article, checked=self._now))
                    continue
                yield batch.BookOutcome(name_of(article), None, failure)
                self._note_failure(article, failure, report)
            if time.monotonic() - self._saved > _SAVED_EVERY:  # what is lost is read again
                self._save()
        self._save()

    def _note_failure(
        self, article: Article, failure: AudiobookError, report: Callable[[str], None]
    ) -> None:
        """Keep since when an article fails; one that could not be read for long is given up."""
        since = article.failing or self._now
        article = replace(article, failing=since)
        if isinstance(failure, SourceError) and self._now - since > _GIVEN_UP_AFTER:
            article = replace(article, stage=Stage.MADE if article.is_made else Stage.DROPPED)
            report(message("{article}: not tried any more", article=name_of(article)))
        self._state.put(article)

    def requests(self) -> list[BookRequest]:
        """Return the books to build, the oldest article first."""
        return [
            BookRequest(
                source=str(self._library / article.file), folder=self._library, stem=article.stem
            )
            for article in self._state.articles.values()
            if article.stage is Stage.SAVED
        ]

    def may_replace(self, request: BookRequest) -> bool:
        """Return whether a book may be replaced: it is an earlier edition of the same article."""
        article = self._state.articles[request.stem]
        return article.is_made and bool(read_provenance(book_path(request)))

    def build(
        self,
        make_job: Callable[[BookRequest], Job],
        recorder: Recorder,
        most_books: int,
        report: Callable[[str], None],
    ) -> Iterator[BookOutcome]:
        """Build the books of the articles that were read, and yield the outcome of each.

        New books get times in the order of their articles, by which a feed dates them.

        Args:
            make_job: makes the job of a book.
            recorder: records the passages of all books.
            most_books: how many books are built at a time.
            report: called with a line about each article that is given up.

        Raises:
            OutputError: the state cannot be written.
        """
        requests = self.requests()
        stem_of = {request.source: request.stem for request in requests}
        made: list[Article] = []
        for outcome in batch.build_all(requests, make_job, recorder, _no_listener, most_books):
            article = self._state.articles[stem_of[outcome.source]]
            if outcome.failure:
                self._note_failure(article, outcome.failure, report)
                self._save()
            else:
                made.append(article)
            yield outcome
        place_of = {stem: place for place, stem in enumerate(self._state.articles)}
        made.sort(key=lambda article: (article.moment, place_of[article.stem]))
        for place, article in enumerate(made):
            if not article.is_made:
                seconds = time.time() - len(made) + place
                os.utime(self._library / files.fit_name(article.stem, ".mp3"), (seconds, seconds))
            self._state.put(replace(article, stage=Stage.MADE, is_made=True, failing=0.0))
        self._save()

    def _save(self) -> None:
        if self._keep:
            self._state.save()
        self._saved = time.monotonic()


def find_sources(library: Path, settings: Library) -> Sequence[str]:
    """Return the sources of a library: as its settings say, or else those followed before.

    Raises:
        UsageError: there are none, or what was taken already is damaged.
    """
    sources = settings.follow or tuple(state.read(library).sources)
    if not sources:
        raise UsageError(
            message("nothing is followed into {library} yet", library=library),
            message("name a feed, a page or a folder, here or as follow in library.toml"),
        )
    return sources


def book_path(request: BookRequest) -> Path:
    """Return the path of the book of an article."""
    return request.folder / files.fit_name(request.stem, ".mp3")


def _no_listener(_source: str) -> batch.EventListener:
    return lambda _event: None
