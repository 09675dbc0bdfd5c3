"""Sources become episodes: from what a newspaper publishes to the feed that listeners have."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from command import COMMAND, run
from mutagen.id3 import ID3
from newspaper import Newspaper, item, page, publishing, rss, story, whole

from audiobook.follow.state import FollowState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

URL = "https://me.example/tin"


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with publishing() as newspaper:
        yield newspaper


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with the picture of its owner, and whose articles have none: to draw takes long."""
    return tmp_path / "library"


def follow(library: Path, *words: str, code: int = 0) -> CompletedProcess[str]:
    options = ("-o", str(library), "--voice", "tone", "--pace", "0", "--allow-private")
    end = run("follow", *words, *options)
    assert end.returncode == code, end.stderr
    return end


def listed(newspaper: Newspaper, number: int, subject: str, **elements: str) -> str:
    """Return an item whose article is on a page of the newspaper, dated by its number."""
    link = newspaper.lay(f"/bai-{number}.html", page(f"Chuyện {subject}", story(subject)))
    date = f"Sun, {number:02} Nov 2026 06:00:00 +0700"
    given = {"link": link, "guid": f"{number}", "pubDate": date, "description": f"Về {subject}."}
    return item(f"Chuyện {subject}", **{**given, **elements})


def books(library: Path) -> list[str]:
    return sorted(path.name for path in library.glob("*.mp3"))


def state_of(library: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((library / "follow.json").read_text("utf-8"))
    return document


def forget_looks(library: Path) -> None:
    """Let the pages of all articles count as not looked at for long."""
    text = (library / "follow.json").read_text("utf-8")
    document = json.loads(text)
    for article in document["articles"]:
        article.pop("checked", None)
    (library / "follow.json").write_text(json.dumps(document), "utf-8")


def episodes(site: Path) -> list[Any]:
    entries: list[Any] = feedparser.parse((site / "feed.xml").read_bytes()).entries
    return entries


def test_from_a_feed_to_listeners(newspaper: Newspaper, library: Path, tmp_path: Path) -> None:
    feed = newspaper.lay(
        "/rss",
        rss(
            listed(newspaper, 3, "cây đa", author="an@bao.example (Nguyễn An)"),
            listed(newspaper, 2, "bến nước"),
            listed(newspaper, 1, "sân đình"),
        ),
    )
    www = tmp_path / "www"
    words = (feed, "--last", "2", "--publish", str(www))
    first = follow(library, *words, "--url", URL)
    assert "2 new articles, 1 older one passed over" in first.stdout
    assert books(library) == ["2026-11-02-chuyen-ben-nuoc.mp3", "2026-11-03-chuyen-cay-da.mp3"]
    newest, oldest = episodes(www)
    assert (newest.title, oldest.title) == ("Chuyện cây đa", "Chuyện bến nước")
    link = f"{newspaper.base}/bai-3.html"
    assert f'Về cây đa.</p><p>Nguồn: Nguyễn An, Báo Làng, <a href="{link}">' in newest.summary
    tag = ID3(library / "2026-11-03-chuyen-cay-da.mp3")
    assert (str(tag["TPE1"]), str(tag["TDRC"])) == ("Nguyễn An", "2026-11-03")
    assert str(tag["TPUB"]) == "Báo Làng"
    # Nothing twice, and what is new once; the GUID of one has changed.
    same = follow(library, *words)
    assert "nothing new" in same.stdout
    newspaper.lay(
        "/rss", rss(listed(newspaper, 4, "con đò"), listed(newspaper, 3, "cây đa", guid="x"))
    )
    assert "1 new article\n" in follow(library, *words).stdout
    assert [entry.title for entry in episodes(www)] == [
        "Chuyện con đò",
        "Chuyện cây đa",
        "Chuyện bến nước",
    ]


def test_an_edited_article_is_the_same_episode(
    newspaper: Newspaper, library: Path, tmp_path: Path
) -> None:
    def publish(title: str, subject: str) -> None:
        given = item(title, guid="1", link=f"{newspaper.base}/a", more=whole(story(subject)))
        newspaper.lay("/rss", rss(item("Tin khác", guid="2", more=whole(story("lúa"))), given))

    publish("Chợ quê", "chợ quê")
    www = tmp_path / "www"
    words = (f"{newspaper.base}/rss", "--url", URL, "--publish", str(www))
    follow(library, *words)
    before = {entry.id: entry for entry in episodes(www)}
    publish("Chợ quê (cập nhật)", "chợ quê và chợ phố")
    assert "1 perhaps edited" in follow(library, *words).stdout
    after = {entry.id: entry for entry in episodes(www)}
    assert after.keys() == before.keys()
    (edited,) = (guid for guid in after if after[guid].title == "Chợ quê (cập nhật)")
    assert after[edited].published == before[edited].published
    assert after[edited].enclosures[0].href != before[edited].enclosures[0].href
    assert len(books(library)) == 2
    assert newspaper.count("/a") == 0  # the feed gives all


def test_a_page_that_is_edited(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "sân đình")))
    follow(library, feed)
    (book,) = library.glob("*.mp3")
    before = book.read_bytes()
    newspaper.lay("/bai-1.html", page("Chuyện sân đình", story("sân đình mới")))
    follow(library, feed)
    assert book.read_bytes() == before  # it was looked at a moment ago
    forget_looks(library)
    follow(library, feed)
    after = book.read_bytes()
    assert after != before
    forget_looks(library)
    asked = newspaper.count("/bai-1.html")
    follow(library, feed)
    assert newspaper.count("/bai-1.html") == asked + 1
    assert book.read_bytes() == after  # nothing has changed since
    # What stands around an article is not the article.
    text = page("Chuyện sân đình", story("sân đình mới")).replace("Bản quyền", "Hôm nay, bản quyền")
    newspaper.lay("/bai-1.html", text)
    forget_looks(library)
    follow(library, feed)
    assert book.read_bytes() == after
    assert "Hôm nay" not in (library / "articles" / f"{book.stem}.html").read_text("utf-8")


def test_a_page_that_went_away(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "sân đình")))
    front = newspaper.lay("/", page("Báo Làng", story("hôm nay")))
    follow(library, feed)
    (book,) = library.glob("*.mp3")
    before = book.read_bytes()
    for answer in ({"status": 404}, {"status": 302, "Location": front}):
        newspaper.lay("/bai-1.html", "", **answer)
        forget_looks(library)
        asked = newspaper.count("/bai-1.html")
        follow(library, feed)
        assert newspaper.count("/bai-1.html") == asked + 1
        assert book.read_bytes() == before
    gone = item("Chuyện mất", link=f"{newspaper.base}/bai-1.html", guid="x")
    newspaper.lay("/rss", rss(gone))
    assert "leads to the front page" in follow(library, feed, code=3).stderr


def test_a_page_that_holds_another_article_each_day(newspaper: Newspaper, library: Path) -> None:
    link = newspaper.lay("/gia.html", page("Giá vàng hôm nay", story("thứ hai")))
    first = item("Giá vàng", link=link, guid="1", pubDate="2 Nov 2026 06:00:00 +0700")
    feed = newspaper.lay("/rss", rss(first))
    follow(library, feed)
    (book,) = library.glob("*.mp3")
    before = book.read_bytes()
    newspaper.lay("/gia.html", page("Giá vàng hôm nay", story("thứ ba")))
    second = item("Giá vàng", link=link, guid="2", pubDate="3 Nov 2026 06:00:00 +0700")
    newspaper.lay("/rss", rss(second, first))
    forget_looks(library)
    follow(library, feed)
    assert books(library) == ["2026-11-02-gia-vang.mp3", "2026-11-03-gia-vang.mp3"]
    assert book.read_bytes() == before


def test_one_that_fails_stops_no_other_and_is_tried_again(
    newspaper: Newspaper, library: Path
) -> None:
    feed = newspaper.lay(
        "/rss", rss(*(listed(newspaper, number, f"số {number}") for number in (1, 2, 3)))
    )
    newspaper.lay("/bai-1.html", "", 404)
    newspaper.lay("/bai-3.html", page("Đăng nhập", "<form><input type=password></form>"))
    end = follow(library, feed, code=3)
    assert len(books(library)) == 1
    assert end.stderr.count("\n") == 3 + 1  # and that no feed was made
    assert "audiobook: Chuyện số 1: " in end.stderr
    assert "answered 404" in end.stderr
    assert "holds no article" in end.stderr
    assert "2 failures: what failed is tried again the next time" in end.stderr
    asked = newspaper.count("/bai-2.html")
    listed(newspaper, 1, "số 1")
    newspaper.lay("/bai-3.html", "", 500)
    end = follow(library, feed, code=3)  # although the feed has not changed
    assert len(books(library)) == 2
    assert newspaper.count("/bai-2.html") == asked
    listed(newspaper, 3, "số 3")
    follow(library, feed)
    assert len(books(library)) == 3


def test_one_that_fails_for_a_week_is_given_up(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    newspaper.lay("/bai-1.html", "", 404)
    follow(library, feed, code=3)
    document = state_of(library)
    document["articles"][0]["failing"] -= 8 * 86_400
    (library / "follow.json").write_text(json.dumps(document), "utf-8")
    assert "not tried any more" in follow(library, feed, code=3).stderr
    assert "nothing new" in follow(library, feed).stdout


def test_a_source_that_fails_stops_no_other(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    broken = newspaper.lay("/khac", "<rss><channel><<<")
    end = follow(library, f"{newspaper.base}/mat", broken, str(library / "mat"), feed, code=3)
    assert len(books(library)) == 1
    assert end.stderr.count("\n") == 4 + 1  # and that no feed was made


def test_the_same_text_at_two_addresses(newspaper: Newspaper, library: Path) -> None:
    first = listed(newspaper, 1, "số 1")
    copy = newspaper.lay("/khac.html", page("Chuyện số 1", story("số 1")))
    feed = newspaper.lay("/rss", rss(item("Chuyện đã kể", link=copy, guid="x"), first))
    end = follow(library, feed)
    assert len(books(library)) == 1
    assert "the same article as 2026-" in end.stderr
    assert "nothing new" in follow(library, feed).stdout
    assert len(state_of(library)["articles"]) == 1


def test_articles_in_other_languages_are_left_out(newspaper: Newspaper, library: Path) -> None:
    english = "<p>It rained all night, and in the morning the streets were full of water.</p>" * 9
    feed = newspaper.lay(
        "/rss",
        rss(item("Rain", guid="x", more=whole(english)), listed(newspaper, 1, "số 1")),
    )
    assert "Rain: not in Vietnamese (en), left out" in follow(library, feed).stderr
    assert len(books(library)) == 1
    assert follow(library, feed).stderr.count("\n") == 1  # that no feed was made


def test_a_text_that_ends_at_a_wall(newspaper: Newspaper, library: Path) -> None:
    wall = story("số 1") + "<p>Đăng nhập để đọc toàn bộ bài viết này.</p>"
    link = newspaper.lay("/a.html", page("Chuyện số 1", wall))
    feed = newspaper.lay("/rss", rss(item("Chuyện số 1", link=link)))
    assert "Chuyện số 1: the page asks to pay" in follow(library, feed).stderr


def test_a_page_of_headlines(newspaper: Newspaper, library: Path) -> None:
    newspaper.lay("/robots.txt", "User-agent: *\nDisallow: /rieng/\n")
    links = ""
    for path, subject in (("/mua.html", "mưa"), ("/rieng/lu.html", "lũ")):
        newspaper.lay(path, page(f"Chuyện {subject}", story(subject)))
        links += f'<h2><a href="{path}">Chuyện {subject}</a></h2>'
    home = newspaper.lay("/", f"<!doctype html><title>Báo</title><main>{links}</main>")
    end = follow(library, home, code=3)
    assert "robots.txt forbids programs to read" in end.stderr
    assert [name[10:] for name in books(library)] == ["-chuyen-mua.mp3"]
    assert newspaper.count("/rieng/lu.html") == 0
    newspaper.lay("/robots.txt", "User-agent: *\nDisallow: /\n")
    newspaper.lay("/", f"<!doctype html><title>Báo</title><main>{links}<p></main>")
    assert f"forbids programs to read {home}" in follow(library, home, code=3).stderr


def test_a_page_with_a_feed(newspaper: Newspaper, library: Path) -> None:
    newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    gone = '<link rel="alternate" type="application/rss+xml" href="/mat">'
    link = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    home = newspaper.lay("/", f"<!doctype html><head>{gone}{link}</head><p>Chào.</p>")
    follow(library, home)
    assert len(books(library)) == 1
    newspaper.lay("/rss", rss(listed(newspaper, 2, "số 2"), listed(newspaper, 1, "số 1")))
    follow(library, home)
    assert len(books(library)) == 2
    assert newspaper.count("/") == 1  # later the feed suffices
    del newspaper.answers["/rss"]
    newspaper.lay("/tin", rss(listed(newspaper, 3, "số 3")))
    newspaper.lay("/", "<!doctype html><head>" + link.replace('"/rss"', '"/tin"') + "</head>")
    follow(library, home)
    assert len(books(library)) == 3


def test_a_folder_of_texts(library: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    (texts / "con").mkdir(parents=True)
    for name in ("mưa.txt", "con/mưa.txt"):
        (texts / name).write_text(f"Chuyện {name}. Một câu.", "utf-8")
    os.utime(texts / "mưa.txt", (1e9, 1e9))  # the first
    follow(library, str(texts))
    assert books(library) == ["mưa-2.mp3", "mưa.mp3"]
    before = {path.name: path.read_bytes() for path in library.glob("*.mp3")}
    (texts / "con" / "mưa.txt").rename(texts / "nắng.txt")
    (texts / "bản sao.txt").write_bytes((texts / "mưa.txt").read_bytes())
    assert "nothing new" in follow(library, str(texts)).stdout
    (texts / "nắng.txt").write_text("Chuyện khác. Một câu.", "utf-8")
    follow(library, str(texts))
    after = {path.name: path.read_bytes() for path in library.glob("*.mp3")}
    assert [name for name in after if after[name] != before[name]] == ["mưa-2.mp3"]
    assert after.keys() == before.keys()


def test_a_library_in_the_folder_that_is_followed(newspaper: Newspaper, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mưa.txt").write_text("Một câu.", "utf-8")
    library = tmp_path / "texts" / "podcast"
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    words = (feed, str(tmp_path / "texts"), "--url", URL)
    follow(library, *words)
    assert len(books(library)) == 2
    follow(library, *words)
    assert len(books(library)) == 2


def test_a_look_without_doing(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss(listed(newspaper, 2, "số 2"), listed(newspaper, 1, "số 1")))
    end = follow(library, feed, "--dry-run", "--last", "1")
    assert f"  2026-11-02  Chuyện số 2  {newspaper.base}/bai-2.html\n" in end.stdout
    assert "1 older one passed over" in end.stdout
    assert not library.exists()
    assert newspaper.asked == ["/rss"]
    failed = follow(library, f"{newspaper.base}/mat", feed, "--dry-run", code=3)
    assert failed.stderr.count("answered 404") == 1
    assert failed.stderr.count("/mat") == 1


@pytest.mark.parametrize("at", range(6))
def test_a_run_that_is_killed_goes_on(
    newspaper: Newspaper, library: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Before and after each time that the state is written, which is all that a run relies on."""
    feed = newspaper.lay(
        "/rss",
        rss(
            listed(newspaper, 2, "số 2"),
            item("Chuyện số 1", guid="1", pubDate="1 Nov 2026", more=whole(story("số 1"))),
        ),
    )
    save, saves = FollowState.save, 0

    def save_or_die(state: FollowState) -> None:
        nonlocal saves
        saves += 1
        if saves == at // 2 + 1:
            if at % 2:
                save(state)
            raise KeyboardInterrupt
        save(state)

    monkeypatch.setattr(FollowState, "save", save_or_die)
    follow(library, feed, "--url", URL, code=130)
    monkeypatch.setattr(FollowState, "save", save)
    follow(library, feed, "--url", URL)
    assert books(library) == ["2026-11-01-chuyen-so-1.mp3", "2026-11-02-chuyen-so-2.mp3"]
    titles = [entry.title for entry in episodes(library / "site")]
    assert titles == ["Chuyện số 2", "Chuyện số 1"]
    assert "nothing new" in follow(library, feed).stdout


def test_a_run_that_is_killed_at_once(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss(*(listed(newspaper, n, f"số {n}") for n in (1, 2, 3))))
    options = ("-o", str(library), "--voice", "tone", "--pace", "3600", "--allow-private")
    with subprocess.Popen(
        [*COMMAND, "follow", feed, *options], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout
        assert "3 new articles" in process.stdout.readline()
        process.kill()
    follow(library, feed)
    assert len(books(library)) == 3
    assert newspaper.count("/rss") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_again_and_again_until_it_is_stopped(newspaper: Newspaper, library: Path) -> None:
    feed = newspaper.lay("/rss", rss())
    options = ("-o", str(library), "--voice", "tone", "--every", "1h", "--allow-private")
    with subprocess.Popen(
        [*COMMAND, "follow", feed, f"{newspaper.base}/mat", *options],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stderr
        lines = [process.stderr.readline() for _ in range(3)]
        assert "answered 404" in lines[0]
        assert "1 failure" in lines[1]
        assert "looking again at" in lines[2]
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == "stopped\n"
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--every", "5s"), 2, "a minute or more"),
        (("--since", "hôm qua"), 2, "YYYY-MM-DD"),
        (("--publish", "www"), 2, "add --url"),
        (("--voice", "nobody"), 4, "nobody"),
    ],
)
def test_wrong_usage(library: Path, words: tuple[str, ...], code: int, said: str) -> None:
    end = run("follow", "https://bao.example/rss", "-o", str(library), *words)
    assert (end.returncode, said in end.stderr) == (code, True), end.stderr


def test_settings_beside_the_articles(newspaper: Newspaper, library: Path) -> None:
    (library / "articles").mkdir(parents=True)
    (library / "articles" / "book.toml").write_text('narrator = "Máy đọc"\nvoice = "tone"\n')
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    assert run("follow", feed, "-o", str(library), "--allow-private").returncode == 0
    (book,) = library.glob("*.mp3")
    assert "Máy đọc" in str(ID3(book)["TPE2"])
    # All of them can be recorded anew, under their names.
    end = run("build", str(library / "articles"), "-o", str(library))
    assert "unchanged" in end.stdout
    assert len(books(library)) == 1


def test_once_it_is_set_up_the_library_is_enough(
    newspaper: Newspaper, library: Path, tmp_path: Path
) -> None:
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    library.mkdir()
    (tmp_path / "bai").mkdir()
    (tmp_path / "bai" / "thu.txt").write_text("Thư gửi bạn đọc.", "utf-8")
    (library / "library.toml").write_text(
        f'follow = ["{feed}", "../bai"]\nurl = "{URL}"\ntarget = "../www"\n'
        'email = "an@example.org"\n'
    )
    end = follow(library)
    assert end.stdout.count("1 new article") == 2
    assert len(episodes(tmp_path / "www")) == 2
    assert "nothing new" in follow(library).stdout
    # What is named on the command line counts instead, for once.
    other = newspaper.lay("/khac", rss(listed(newspaper, 2, "số 2")))
    follow(library, other, "--publish", str(tmp_path / "www2"))
    assert len(episodes(tmp_path / "www2")) == 3
    assert len(episodes(tmp_path / "www")) == 2


def test_what_was_followed_before_is_followed_again(newspaper: Newspaper, library: Path) -> None:
    assert "nothing is followed into" in follow(library, code=2).stderr
    feed = newspaper.lay("/rss", rss(listed(newspaper, 1, "số 1")))
    follow(library, feed)
    newspaper.lay("/rss", rss(listed(newspaper, 2, "số 2"), listed(newspaper, 1, "số 1")))
    assert f"{feed}: 1 new article" in follow(library).stdout


def test_an_article_without_a_title_has_its_first_words(
    newspaper: Newspaper, library: Path
) -> None:
    feed = newspaper.lay("/rss", rss(item("", guid="x", more=whole(story("cây đa")))))
    follow(library, feed)
    (book,) = library.glob("*.mp3")
    title = str(ID3(book)["TIT2"])
    assert title.startswith("Phóng viên viết về cây đa")
    assert len(title) <= 71
