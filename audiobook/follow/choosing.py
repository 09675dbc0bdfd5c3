"""Decides which of the articles that a source lists are new, which are edited, which are known."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urldefrag

from audiobook.follow.model import About, Article, Followed, Stage, latest_keys
from audiobook.podcast import wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.follow.model import Entry, Listing
    from audiobook.follow.state import FollowState

NEWEST = 10
"""How many articles are taken of those that a source already has when it is first followed."""

# Keys of articles that were passed over: those of some 500 articles that keep their GUIDs, and
# always all that are listed now.
_MOST_PASSED_OVER = 2000
# Seconds after which an article that will not become an episode is forgotten once it is not listed
# any more.
_FORGOTTEN_AFTER = 90 * 86_400.0
# An article is noted as seen at most so often, in seconds: else every run would write all of them.
_SEEN_EVERY = 86_400.0
_DIGEST_BYTES = 8
_LONGEST_NAME = 48
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Which of the articles that a source already has are taken."""

    last: int | None = None
    """At most so many, the newest; None for no such bound."""
    since: float = 0.0
    """None that is older, in seconds since 1970."""
    is_given: bool = False
    """Whether the user named them: then they count for articles that were passed over, too."""

    def hold(self, position: int, moment: float) -> bool:
        """Return whether an article is within the bounds.

        Args:
            position: its place among those that its source lists, the newest first, from 0.
            moment: when it was published, in seconds since 1970; 0 if that is not known.
        """
        is_old = 0 < moment < self.since
        return (self.last is None or position < self.last) and not is_old


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be done about what a source lists."""

    new: tuple[Article, ...] = ()
    """The oldest first."""
    edited: tuple[Article, ...] = ()
    """Articles that were taken before, and are listed otherwise now."""
    passed_over: int = 0
    """How many older articles were not taken."""


def choose(
    state: FollowState,
    source: str,
    listing: Listing,
    bounds: Bounds,
    now: float,
    library: Path,
) -> Choice:
    """Return which articles of a source are new or edited, and put them into the state.

    An article is known by what its source calls it, by its address, title and day, or by its
    words: of several that are the same one is taken. Of the articles that a source lists when it
    is first followed those outside the bounds are passed over, for good unless bounds are named
    again.

    Args:
        state: what is known; it is changed.
        source: the source.
        listing: what the source lists, the newest first.
        bounds: which of them are taken when it is first followed.
        now: the time in seconds since 1970.
        library: the folder that the books go to, whose names are taken.
    """
    followed = state.sources.get(source)
    former = followed.passed_over if followed else ()
    passed_over = set(former)
    listed_keys: list[str] = []
    unknown: list[tuple[int, Entry, tuple[str, ...]]] = []
    edited: list[Article] = []
    told: set[str] = set()
    for position, entry in enumerate(listing.entries):
        keys = keys_of(source, entry)
        listed_keys += keys
        known = state.find(keys)
        if known is None:
            unknown.append((position, entry, keys))
            continue
        # Where others list the same article, too, the newest of its own source tells of it.
        is_told = known.source != source or known.stem in told
        told.add(known.stem)
        article = known.with_keys(keys) if is_told else _as_listed(known, entry, keys)
        if article.stage is Stage.DROPPED and now - article.seen > _SEEN_EVERY:
            article = replace(article, seen=now)
        state.put(article)
        if article.stage is Stage.LISTED and known.stage is not Stage.LISTED:
            edited.append(article)
    new: list[Article] = []
    passed_count = 0
    for position, entry, keys in reversed(unknown):
        if same := state.find(keys):  # it is listed twice
            state.put(same.with_keys(keys))
            continue
        was_passed_over = not passed_over.isdisjoint(keys)
        is_within = bounds.hold(position, entry.moment)
        is_wanted = is_within and (bounds.is_given or not was_passed_over)
        if not is_wanted and (was_passed_over or followed is None):
            passed_over.update(keys)
            passed_count += not was_passed_over
            continue
        passed_over.difference_update(keys)
        new.append(_as_new(state, source, entry, keys, now, library))
        state.put(new[-1])
    kept = latest_keys(
        [key for key in former if key in passed_over],
        [key for key in listed_keys if key in passed_over],
        _MOST_PASSED_OVER,
    )
    state.sources[source] = replace(followed or Followed(), passed_over=kept)
    state.forget_dropped(now - _FORGOTTEN_AFTER)
    return Choice(new=tuple(new), edited=tuple(edited), passed_over=passed_count)


def keys_of(source: str, entry: Entry) -> tuple[str, ...]:
    """Return the digests by which an article is known when it is listed again.

    An identity that is no address counts for its own source alone: many feeds count from 1. An
    address alone is no identity where the source has others, because a page may hold another
    article each day; with the title and the day it is.
    """
    link = plain_link(entry.link)
    identity = entry.identity
    if identity.startswith(("http://", "https://")):
        identity = plain_link(identity)
    elif identity:
        identity = f"{source}\n{identity}"
    keys = [digest("identity", identity or link)] if identity or link else []
    if link and entry.title:
        keys.append(digest("page", link, folded(entry.title), entry.date))
    if not (identity or link):
        keys.append(digest("title", source, folded(entry.title), entry.date))
    if entry.content:
        keys.append(digest("content", folded(entry.title), folded(entry.content)))
    return tuple(dict.fromkeys(keys))


def plain_link(link: str) -> str:
    """Return an address without what only tells where a reader came from."""
    from courlan import normalize_url

    link = link.strip()
    try:
        link = urldefrag(link)[0]
        if not link.startswith(("http://", "https://")):
            return link
        page, _, query = link.partition("?")
        if all(value for _, value in parse_qsl(query, keep_blank_values=True)):
            return normalize_url(link)
        # What has no value would be left out, and may be the number of the article.
        return f"{normalize_url(page)}?{query}"
    except ValueError:  # such as http://[, which feeds may call their articles by
        return link


def digest(*texts: str) -> str:
    """Return a short digest of texts."""
    data = "\n\n".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()


def folded(text: str) -> str:
    """Return the words of a text, however they are written, spaced and punctuated."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _listed_digest(entry: Entry) -> str:
    return digest(entry.title, entry.excerpt or entry.summary, entry.content, entry.updated)


def _as_listed(known: Article, entry: Entry, keys: Sequence[str]) -> Article:
    """Return a known article as it is listed now, to be read again if that is otherwise."""
    article = known.with_keys(keys)
    listed = _listed_digest(entry)
    if listed == known.listed:
        return article
    return replace(
        article,
        listed=listed,
        link=entry.link or known.link,
        title=entry.title or known.title,
        author=entry.author or known.author,
        summary=entry.summary or known.summary,
        content=entry.content,
        stage=Stage.LISTED,
    )


def _as_new(
    state: FollowState,
    source: str,
    entry: Entry,
    keys: tuple[str, ...],
    now: float,
    library: Path,
) -> Article:
    day = entry.date or f"{datetime.fromtimestamp(now):%Y-%m-%d}"
    name = f"{day}-{_short_name(entry.title)}"
    about = {field.name: getattr(entry, field.name) for field in fields(About)}
    stem = free_stem(state, name, library)
    listed = _listed_digest(entry)
    return Article(**about, stem=stem, source=source, keys=keys, listed=listed, taken=now)


def _short_name(title: str) -> str:
    """Return as many words of a title as make a short name for addresses."""
    name = ""
    for word in title.split():
        longer = wording.slug(f"{name} {word}")
        if len(longer) > _LONGEST_NAME:
            break
        name = longer
    return name or wording.slug(title) or "article"


def free_stem(state: FollowState, name: str, library: Path) -> str:
    """Return a name for a book that neither another article nor another book of a library has."""
    while True:
        number = state.next_number(name)
        stem = f"{name}-{number}" if number > 1 else name
        if not (state.has_stem(stem) or (library / f"{stem}.mp3").exists()):
            return stem
