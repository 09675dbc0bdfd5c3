from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import UsageError
from audiobook.model import BoundChapter, Meta
from audiobook.podcast import identities, state
from audiobook.podcast.model import Volume

URL = "https://example.org"
NOW = 1_800_000_000


def volume(titles: list[str], name: str = "b", digest: str = "0") -> Volume:
    chapters = tuple(
        BoundChapter(title=title, start=number, end=number + 1)
        for number, title in enumerate(titles)
    )
    return Volume(
        path=Path(f"{name}.mp3"),
        name=name,
        meta=Meta(title=name),
        rate=1,
        samples=len(titles),
        size=1,
        digest=digest,
        chapters=chapters,
    )


def guids(site_state: state.SiteState) -> dict[str, str]:
    return {chapter.title: chapter.guid for chapter in site_state.books["b"].chapters}


def test_the_podcast_namespace_own_example() -> None:
    url = "https://mp3s.nashownotes.com/pc20rss.xml"
    assert identities.feed_guid(url) == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert identities.feed_guid(url.replace("https", "http") + "/") == identities.feed_guid(url)


@given(
    st.lists(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=8), min_size=1, max_size=4)
)
def test_chapters_that_stay_keep_guid_and_dates_stay_in_order(versions: list[list[str]]) -> None:
    old = state.SiteState()
    for number, titles in enumerate(versions):
        now = NOW + 7 * number
        new = identities.assign(old, [volume(titles)], URL, "", now)
        chapters = new.books["b"].chapters
        assert [chapter.title for chapter in chapters] == titles
        assert len({chapter.guid for chapter in chapters}) == len(titles)
        assert all(later.date - chapter.date >= 60 for chapter, later in pairwise(chapters))
        assert chapters[-1].date <= now
        if old.books and titles == [chapter.title for chapter in old.books["b"].chapters]:
            assert chapters == old.books["b"].chapters
        old = new


def test_a_chapter_between_others_moves_no_guid_and_no_date() -> None:
    old = identities.assign(state.SiteState(), [volume(["a", "b", "c"])], URL, "", NOW)
    new = identities.assign(old, [volume(["a", "new", "b", "c"])], URL, "", NOW + 9)
    assert guids(new).items() > guids(old).items()
    old_dates = {chapter.guid: chapter.date for chapter in old.books["b"].chapters}
    assert all(
        old_dates.get(chapter.guid, chapter.date) == chapter.date
        for chapter in new.books["b"].chapters
    )


def test_a_title_that_was_mended_keeps_its_guid() -> None:
    old = identities.assign(state.SiteState(), [volume(["a", "bb", "c"])], URL, "", NOW)
    new = identities.assign(old, [volume(["a", "b", "c"])], URL, "", NOW)
    assert guids(new)["b"] == guids(old)["bb"]
    state.check_guids_kept(old, new)


def test_chapters_of_one_title_have_guids_of_their_own() -> None:
    site_state = identities.assign(state.SiteState(), [volume(["a", "a", "a"])], URL, "", NOW)
    assert len({chapter.guid for chapter in site_state.books["b"].chapters}) == 3


def test_books_that_come_together_are_a_minute_apart_the_last_now() -> None:
    books = [volume(["x"], name) for name in "abc"]
    site_state = identities.assign(state.SiteState(), books, URL, "", NOW)
    assert [book.date for book in site_state.books.values()] == [NOW - 120, NOW - 60, NOW]


def test_a_clock_that_was_set_back_takes_no_date_back() -> None:
    old = identities.assign(state.SiteState(), [volume(["a", "b"])], URL, "", NOW)
    new = identities.assign(old, [volume(["a", "b", "c"]), volume(["x"], "c")], URL, "", 0)
    assert new.books["b"].date == NOW
    assert new.books["c"].date == NOW
    dates = [chapter.date for chapter in new.books["b"].chapters]
    assert dates[-1] == NOW
    assert NOW - dates[0] == 3600  # a new one comes last, a minute later


def test_names() -> None:
    files = {"Tắt đèn.mp3": "1", "tat-den.mp3": "2", "đ.mp3": "3", "😀.mp3": "4", "日本.mp3": "5"}
    named = identities.name_books(state.SiteState(), files)
    assert list(named.values()) == ["tat-den", "tat-den-2", "d", "book", "book-2"]
    long = identities.name_books(
        state.SiteState(), {"a" * 300 + ".mp3": "", "a" * 299 + ".mp3": ""}
    )
    assert [len(name) for name in long.values()] == [60, 62]


def test_it_is_read_as_written(tmp_path: Path) -> None:
    site_state = identities.assign(
        state.SiteState(), [volume(["a", "b"]), volume(["x"], "c")], URL, "", NOW
    )
    (tmp_path / "state.json").write_bytes(state.render(site_state))
    assert state.read(tmp_path) == site_state
    assert state.read(tmp_path / "none") == state.SiteState()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ("{}", "damaged"),
        ('{"version": 1, "url": "", "guid": "", "books": {"a": {}}}', "damaged"),
        ('{"version": 2}', "later audiobook"),
        ('{"version": 0}', "too old"),
        ('{"version": "x"}', "damaged"),
    ],
)
def test_another_version_or_damage_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(UsageError, match=message):
        state.read(tmp_path)


def test_what_would_vanish_from_a_published_feed() -> None:
    feed = '<rss xmlns:p="https://podcastindex.org/namespace/1.0"><p:guid>f</p:guid>{}</rss>'
    ours = feed.format("<item><guid>b</guid></item>").encode()
    theirs = feed.format("<item><guid>a</guid></item><item><guid> b </guid></item>").encode()
    assert state.vanished_guids(theirs, ours) == {"a"}
    assert state.vanished_guids(ours, theirs) == frozenset()
    with pytest.raises(ValueError, match="not XML"):
        state.vanished_guids(b"", ours)


def test_state_is_plain_json() -> None:
    site_state = identities.assign(state.SiteState(), [volume(["a", "b"])], URL, "", NOW)
    document = json.loads(state.render(replace(site_state, url="x")))
    assert (document["version"], document["url"]) == (state.VERSION, "x")
