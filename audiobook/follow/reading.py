"""Reads the articles that a source listed, and tells new ones from edited and known ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobook.errors import SourceError
from audiobook.follow import texts
from audiobook.follow.model import Stage
from audiobook.messages import message
from audiobook.stages.readers import html
from audiobook.stages.readers.web import UNKNOWN, Validators
from audiobook.system import connection, files

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.follow.courtesy import Visitor
    from audiobook.follow.model import Article
    from audiobook.follow.state import FollowState
    from audiobook.follow.texts import ArticleText

_HOUR, _DAY = 3600.0, 86_400.0
# Pages of articles that were taken less long ago are looked at again, but not too often: most
# corrections come soon.
_CORRECTED_WITHIN, _LOOKED_AT_EVERY = 3 * _DAY, 6 * _HOUR


class ArticleReader:
    """Reads articles, and puts into the state what they turn out to be.

    Args:
        library: the folder that the books go to.
        state: what is known of articles.
        visitor: visits sites.
        speaks: the language of the voice; articles in another are left out if it is Vietnamese.
        now: the time in seconds since 1970.
        report: called with a line about each article that is left out.
    """

    def __init__(
        self,
        library: Path,
        state: FollowState,
        visitor: Visitor,
        speaks: str,
        *,
        now: float,
        report: Callable[[str], None],
    ) -> None:
        self._library = library
        self._state = state
        self._visitor = visitor
        self._speaks = speaks
        self._now = now
        self._report = report
        self._links = Counter(article.link for article in state.articles.values())

    def is_due(self, article: Article) -> bool:
        """Return whether an article must be read, or its page looked at again."""
        return article.stage is Stage.LISTED or (
            article.stage is Stage.MADE
            and article.is_page
            and self._links[article.link] == 1  # else it holds another article by now
            and self._now - article.taken < _CORRECTED_WITHIN
            and self._now - article.checked >= _LOOKED_AT_EVERY
        )

    def read(self, article: Article) -> None:
        """Read an article: from what its source gives, or else from its page.

        Raises:
            SourceError: it cannot be read, or robots.txt forbids it.
            OutputError: it cannot be written into the library.
        """
        if article.content:
            self._sort_in(replace(article, is_page=False), texts.read_content(article))
            return
        if not article.link:
            raise SourceError(
                message("its source gives neither its text nor an address"),
                message("tell those who publish it"),
            )
        known = Validators(article.etag, article.modified) if article.edition else UNKNOWN
        page = self._visitor.fetch(article.link, known)
        if page.is_unchanged:
            self._put_as_before(article)
            return
        if page.url != article.link and _is_front(page.url) and not _is_front(article.link):
            raise SourceError(
                message("{url} leads to the front page of its site", url=article.link),
                message("the page is gone: check the address"),
            )
        etag, modified = page.validators
        article = replace(article, etag=etag, modified=modified, is_page=True)
        self._sort_in(article, texts.read_page(page.data, page.url, page.charset))

    def _sort_in(self, article: Article, text: ArticleText) -> None:
        article = replace(article, checked=self._now, failing=0.0)
        if text.edition == article.edition:
            self._put_as_before(article)
        elif text.language and self._speaks.startswith("vi"):
            self._report(
                message(
                    "{article}: not in Vietnamese ({language}), left out",
                    article=name_of(article),
                    language=text.language,
                )
            )
            stage = Stage.MADE if article.is_made else Stage.DROPPED
            self._state.put(replace(article, stage=stage, content=""))
        elif not article.edition and (same := self._state.find_text(text.text)):
            self._report(
                message(
                    "{article}: the same article as {other}, left out",
                    article=name_of(article),
                    other=same.stem,
                )
            )
            self._state.remove(article)
            self._state.put(same.with_keys(article.keys))
        else:
            self._save(article, text)

    def _put_as_before(self, article: Article) -> None:
        """Put in an article whose text has not changed, with nothing to do but what was left."""
        stage = Stage.MADE if article.is_made else Stage.SAVED
        self._state.put(replace(article, stage=stage, content="", checked=self._now, failing=0.0))

    def _save(self, article: Article, text: ArticleText) -> None:
        if not text.is_complete:
            what = html.INCOMPLETE
            self._report(message("{article}: {what}", article=name_of(article), what=what))
        path = texts.save(self._library, article, text)
        if article.file and article.file != path:
            # Only its name counts: whoever hands on a library must not have other files removed.
            files.remove(self._library / texts.FOLDER / Path(article.file).name)
        self._state.put(
            replace(
                article,
                title=text.meta.title or article.title,
                content="",
                stage=Stage.SAVED,
                file=path,
                text=text.text,
                edition=text.edition,
            )
        )


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def name_of(article: Article) -> str:
    """Return what an article is called in messages."""
    return article.title or connection.bare(article.link) or article.stem
