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
from audiobook.podcast import state
from audiobook.podcast.model import Volume

URL = "https://example.org"
NOW = 1_800_000_000


def volume(titles: list[str], name: str = "b", digest: str = "0") -> Volume:
    chapters = tuple(BoundChapter(title, n, n + 1) for n, title in enumerate(titles))
    return Volume(Path(f"{name}.mp3"), name, Meta(name), 1, len(titles), 1, digest, chapters)


def guids(one: state.SiteState) -> dict[str, str]:
    return {chapter.title: chapter.guid for chapter in one.books["b"].chapters}


def test_the_podcast_namespace_own_example() -> None:
    url = "https://mp3s.nashownotes.com/pc20rss.xml"
    assert state.feed_guid(url) == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert state.feed_guid(url.replace("https", "http") + "/") == state.feed_guid(url)


@given(
    st.lists(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=8), min_size=1, max_size=4)
)
def test_chapters_that_stay_keep_guid_and_dates_stay_in_order(versions: list[list[str]]) -> None:
    before = state.SiteState()
    for number, titles in enumerate(versions):
        now = NOW + 7 * number
        after = state.assign(before, [volume(titles)], URL, "", now)
        issues = after.books["b"].chapters
        assert [one.title for one in issues] == titles
        assert len({one.guid for one in issues}) == len(titles)
        assert all(later.date - one.date >= 60 for one, later in pairwise(issues))
        assert issues[-1].date <= now
        if before.books and titles == [one.title for one in before.books["b"].chapters]:
            assert issues == before.books["b"].chapters
        before = after


def test_a_chapter_between_others_moves_no_guid_and_no_date() -> None:
    before = state.assign(state.SiteState(), [volume(["a", "b", "c"])], URL, "", NOW)
    after = state.assign(before, [volume(["a", "new", "b", "c"])], URL, "", NOW + 9)
    assert guids(after).items() > guids(before).items()
    old = {one.guid: one.date for one in before.books["b"].chapters}
    assert all(old.get(one.guid, one.date) == one.date for one in after.books["b"].chapters)


def test_a_title_that_was_mended_keeps_its_guid() -> None:
    before = state.assign(state.SiteState(), [volume(["a", "bb", "c"])], URL, "", NOW)
    after = state.assign(before, [volume(["a", "b", "c"])], URL, "", NOW)
    assert guids(after)["b"] == guids(before)["bb"]
    state.check_guids_kept(before, after)


def test_chapters_of_one_title_have_guids_of_their_own() -> None:
    given = state.assign(state.SiteState(), [volume(["a", "a", "a"])], URL, "", NOW)
    assert len({one.guid for one in given.books["b"].chapters}) == 3


def test_books_that_come_together_are_a_minute_apart_the_last_now() -> None:
    books = [volume(["x"], name) for name in "abc"]
    given = state.assign(state.SiteState(), books, URL, "", NOW)
    assert [one.date for one in given.books.values()] == [NOW - 120, NOW - 60, NOW]


def test_a_clock_that_was_set_back_takes_no_date_back() -> None:
    before = state.assign(state.SiteState(), [volume(["a", "b"])], URL, "", NOW)
    after = state.assign(before, [volume(["a", "b", "c"]), volume(["x"], "c")], URL, "", 0)
    assert after.books["b"].date == NOW
    assert after.books["c"].date == NOW
    dates = [issue.date for issue in after.books["b"].chapters]
    assert dates[-1] == NOW
    assert NOW - dates[0] == 3600  # a new one comes last, a minute later


def test_names() -> None:
    files = {"Tắt đèn.mp3": "1", "tat-den.mp3": "2", "đ.mp3": "3", "😀.mp3": "4", "日本.mp3": "5"}
    named = state.name_books(state.SiteState(), files)
    assert list(named.values()) == ["tat-den", "tat-den-2", "d", "book", "book-2"]
    long = state.name_books(state.SiteState(), {"a" * 300 + ".mp3": "", "a" * 299 + ".mp3": ""})
    assert [len(name) for name in long.values()] == [60, 62]


def test_it_is_read_as_written(tmp_path: Path) -> None:
    given = state.assign(state.SiteState(), [volume(["a", "b"]), volume(["x"], "c")], URL, "", NOW)
    (tmp_path / "state.json").write_bytes(state.render(given))
    assert state.read(tmp_path) == given
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
    with pytest.raises(ValueError, match="no XML"):
        state.vanished_guids(b"", ours)


def test_state_is_plain_json() -> None:
    given = state.assign(state.SiteState(), [volume(["a", "b"])], URL, "", NOW)
    said = json.loads(state.render(replace(given, url="x")))
    assert (said["version"], said["url"]) == (state.VERSION, "x")
