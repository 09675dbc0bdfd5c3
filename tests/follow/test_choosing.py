"""Which articles are new: each is taken once, wherever and however often it is listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import newspaper  # noqa: F401 (see there)
import pytest
from clock import cpu_seconds

from audiobook.errors import OutputError, UsageError
from audiobook.follow import state
from audiobook.follow.choosing import Bounds, Choice, choose, plain_link
from audiobook.follow.model import Entry, Listing, Stage

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.follow.state import FollowState

FEED = "https://bao.example/rss"
NOW = 1_795_907_400.0


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


def entry(number: int, **values: str) -> Entry:
    given = {
        "identity": f"{number}",
        "link": f"https://bao.example/bai-{number}.html",
        "title": f"Bài số {number}",
        "summary": f"Tóm tắt {number}.",
        "date": "2026-11-29",
    }
    return Entry(**{**given, **values}, moment=NOW + number)


def look(
    known: FollowState,
    library: Path,
    *entries: Entry,
    source: str = FEED,
    bounds: Bounds = Bounds(last=10),  # noqa: B008 (it is frozen)
) -> Choice:
    return choose(known, source, Listing(entries=entries), bounds, NOW, library)


def titles(choice: Choice) -> list[str]:
    return [article.title for article in choice.new]


def made(known: FollowState) -> None:
    """Pretend that all has been recorded."""
    for article in list(known.articles.values()):
        known.put(replace(article, stage=Stage.MADE, is_made=True, edition="1"))


def test_the_newest_are_taken_at_first_and_then_each_new_one(library: Path) -> None:
    known = state.read(library)
    first = look(known, library, *map(entry, range(30, 0, -1)))
    assert titles(first) == [f"Bài số {number}" for number in range(21, 31)]
    assert first.passed_over == 20
    later = look(known, library, *map(entry, range(50, 0, -1)))
    assert titles(later) == [f"Bài số {number}" for number in range(31, 51)]
    assert later.passed_over == 0
    assert look(known, library, *map(entry, range(50, 0, -1))) == Choice()


def test_bounds_that_are_named_reach_back(library: Path) -> None:
    known = state.read(library)
    entries = [*map(entry, range(30, 0, -1))]
    assert look(known, library, *entries, bounds=Bounds(last=2)).passed_over == 28
    wider = Bounds(last=5, is_given=True)
    assert titles(look(known, library, *entries, bounds=wider)) == [
        f"Bài số {number}" for number in (26, 27, 28)
    ]
    since = Bounds(since=NOW + 24, is_given=True)
    assert titles(look(known, library, *entries, bounds=since)) == ["Bài số 24", "Bài số 25"]


def test_an_article_under_several_guids_and_addresses(library: Path) -> None:
    known = state.read(library)
    look(known, library, entry(1))
    same = [
        entry(1, identity="another"),  # the GUID has changed
        entry(1, link="https://bao.example/bai-1.html?utm_source=rss#binh-luan"),
        entry(1, link="https://m.bao.example/bai-1.html"),  # the GUID is the same
    ]
    for again in same:
        assert look(known, library, again).new == ()
    assert look(known, library, entry(1), source="https://bao.example/khac").new == ()
    assert len(known.articles) == 1


def test_whole_texts_show_that_articles_are_the_same(library: Path) -> None:
    known = state.read(library)
    text = "<p>Một bài.</p>"
    look(known, library, entry(1, content=text), entry(9), bounds=Bounds(last=1))
    for number in (1, 2):
        moved = entry(number, identity="x", link="https://khac.example/x", title="Bài số 1")
        assert look(known, library, replace(moved, content="<p>Một  bài</p>.")).new == ()


def test_guids_that_count_from_one_belong_to_their_feed(library: Path) -> None:
    known = state.read(library)
    look(known, library, entry(1))
    other = entry(1, link="https://khac.example/a", title="Bài khác")
    assert titles(look(known, library, other, source="https://khac.example/rss")) == ["Bài khác"]


def test_a_page_that_holds_another_article_each_day(library: Path) -> None:
    known = state.read(library)
    daily = "https://bao.example/gia-vang.html"
    look(known, library, entry(1, link=daily, title="Giá vàng thứ hai"))
    choice = look(known, library, entry(2, link=daily, title="Giá vàng thứ ba"))
    assert titles(choice) == ["Giá vàng thứ ba"]
    again = entry(3, link=daily, title="Giá vàng thứ ba", date="2026-11-30")
    assert titles(look(known, library, again)) == ["Giá vàng thứ ba"]


def test_two_articles_with_one_title_on_one_day(library: Path) -> None:
    known = state.read(library)
    (library / "2026-11-29-tin-van-2.mp3").touch()  # of somebody else
    choice = look(known, library, entry(2, title="Tin vắn"), entry(1, title="Tin vắn"))
    assert [article.stem for article in choice.new] == [
        "2026-11-29-tin-van",
        "2026-11-29-tin-van-3",
    ]


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Mưa lớn ở Đà Nẵng!", "2026-11-29-mua-lon-o-da-nang"),
        ("../../etc/passwd", "2026-11-29-etc-passwd"),
        ("", "2026-11-29-article"),
        ("今日は", "2026-11-29-article"),
        (
            "Nhiều chuyến tàu bị hoãn vì mưa lũ kéo dài trên các tỉnh miền Trung",
            "2026-11-29-nhieu-chuyen-tau-bi-hoan-vi-mua-lu-keo-dai-tren",
        ),
    ],
)
def test_names_of_books(library: Path, title: str, stem: str) -> None:
    (article,) = look(state.read(library), library, entry(1, title=title)).new
    assert article.stem == stem


def test_an_edited_article_is_read_again(library: Path) -> None:
    known = state.read(library)
    look(known, library, entry(1))
    made(known)
    edited = entry(1, title="Bài số 1 (cập nhật)")
    (article,) = look(known, library, edited).edited
    assert (article.stem, article.title) == ("2026-11-29-bai-so-1", "Bài số 1 (cập nhật)")
    assert article.stage is Stage.LISTED
    assert article.edition == "1"  # so that it is recorded only if its text is another
    made(known)
    assert look(known, library, edited) == Choice()


def test_another_source_does_not_edit(library: Path) -> None:
    known = state.read(library)
    look(known, library, entry(1))
    made(known)
    theirs = entry(1, summary="Nói cách khác.")
    assert look(known, library, theirs, source="https://bao.example/khac") == Choice()
    twice = entry(1, identity="x", summary="Nói cách khác nữa.")
    for _ in range(2):  # nor does a second item of the same feed, again and again
        assert look(known, library, entry(1), twice) == Choice()


def test_the_state_is_kept(library: Path) -> None:
    known = state.read(library)
    look(known, library, entry(1), entry(2), bounds=Bounds(last=1))
    known.save()
    again = state.read(library)
    assert again.articles == known.articles
    assert again.sources == known.sources
    assert look(again, library, entry(1), entry(2)) == Choice()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "sources": {}, "articles": [1]}']
)
def test_a_damaged_state_is_not_taken_for_none(library: Path, text: str) -> None:
    (library / state.NAME).write_text(text)
    with pytest.raises(UsageError, match="damaged"):
        state.read(library)


@pytest.mark.parametrize("stem", ["../x", "/tmp/x", "..\\x"])
def test_no_article_leads_out_of_the_library(library: Path, stem: str) -> None:
    known = state.read(library)
    look(known, library, entry(1))
    (article,) = known.articles.values()
    known.put(replace(article, stem=stem))
    known.save()
    with pytest.raises(UsageError, match="cannot be the name of a file"):
        state.read(library)


def test_only_one_run_at_a_time(library: Path) -> None:
    with (
        state.locked(library),
        pytest.raises(OutputError, match="another run"),
        state.locked(library),
    ):
        pass
    with state.locked(library):
        pass


def test_plain_links() -> None:
    assert plain_link("https://bao.example/a?utm_medium=x&id=3#top") == "https://bao.example/a?id=3"
    assert plain_link("tag:bao.example,2026:1") == "tag:bao.example,2026:1"
    for link in ("https://bao.example/bai?12", "https://bao.example/?a=&p=2", "http://["):
        assert plain_link(link) == link


def test_guids_that_change_at_every_fetch_do_not_pile_up(library: Path) -> None:
    """The words and addresses decide, and nothing is taken twice."""
    known = state.read(library)
    entries = [*map(entry, range(30, 0, -1))]
    look(known, library, *entries)
    made(known)
    sizes = {}
    for fetch in range(160):
        if fetch in (120, 159):
            known.save()
            sizes[fetch] = (library / state.NAME).stat().st_size
        renamed = [replace(one, identity=f"{fetch}-{one.identity}") for one in entries]
        assert look(known, library, *renamed) == Choice()
    assert sizes[159] == pytest.approx(sizes[120], rel=0.02)
    assert look(known, library, *entries) == Choice()  # they are known by their addresses


def test_what_will_be_no_episode_is_forgotten_once_it_is_not_listed(library: Path) -> None:
    known = state.read(library)
    look(known, library, entry(3), entry(2), entry(1))
    first, second, third = known.articles.values()
    known.put(replace(first, stage=Stage.MADE, is_made=True))
    for article in (second, third):
        known.put(replace(article, stage=Stage.DROPPED))
    days = 86_400.0
    for day in range(0, 200, 10):
        listing = Listing(entries=(entry(3),))
        assert choose(known, FEED, listing, Bounds(), NOW + day * days, library) == Choice()
        assert (second.stem in known.articles) == (day <= 90)
    assert list(known.articles) == [first.stem, third.stem]
    again = state.read(library)
    for article in known.articles.values():
        again.put(article)
    assert again.find(first.keys) is not None


def test_many_articles_of_one_name_are_named_in_linear_time(library: Path) -> None:
    def name(count: int) -> None:
        known = state.read(library)
        look(
            known,
            library,
            *(entry(number, title="Tin") for number in range(count)),
            bounds=Bounds(),
        )

    assert cpu_seconds(lambda: name(1600), 3) < 16 * cpu_seconds(lambda: name(200), 3)
