from __future__ import annotations

import io
import json
import os
import re
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import srt
import webvtt
from lxml import etree
from mutagen.id3 import APIC, ID3
from PIL import Image
from stubs import frames, make_book

from audiobook.errors import SourceError, UsageError
from audiobook.model import Meta
from audiobook.podcast import lint, manifest, site
from audiobook.podcast.state import GuidError

if TYPE_CHECKING:
    from audiobook.podcast.lint.findings import LintFinding

URL = "https://example.org/sach"
NOW = 1_800_000_000.0
SPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "psc": "http://podlove.org/simple-chapters",
}
HOSTILE = '<script>alert(1)</script> ]]> "& \u202e\u200f đảo \x01\x85\ufffe 😀👩‍👩‍👧'
CLEAN = '<script>alert(1)</script> ]]> "& đảo 😀👩‍👩‍👧'


def picture(side: int, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (side, side), 3).save(file, "JPEG")
    return file.getvalue()


META = Meta(
    title="Tắt đèn",
    author="Ngô Tất Tố",
    narrator="Hà Nội",
    date="1937",
    language="vi",
    description="Chuyện làng.\nXưa.",
    cover=picture(1500),
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "sách"
    folder.mkdir()
    make_book(folder / "Tắt đèn.mp3", META, ("Chương 1", "Chương 2", "  Phần nhỏ"))
    os.utime(folder / "Tắt đèn.mp3", (1_700_000_000, 1_700_000_000))
    make_book(
        folder / "xấu <1>.mp3", Meta(title=HOSTILE, language="vi"), (HOSTILE,), sentences=(HOSTILE,)
    )
    (folder / "library.toml").write_text(
        'title = "Tủ sách"\nauthor = "Nhóm"\nowner = "An"\nemail = "an@example.org"\n'
        'licence = "CC-BY-4.0"\ndescription = "Sách & truyện"\n',
        "utf-8",
    )
    return folder


def write(library: Path, *, url: str = URL, later: float = 0, **options: Any) -> site.Site:
    return site.write(library, None, url, now=NOW + later, **options)


def feed(library: Path, path: str = "feed.xml") -> Any:
    channel = etree.parse(library / "site" / path).getroot().find("channel")
    assert channel is not None
    return channel


def values(element: Any, path: str) -> list[str]:
    nodes = element.xpath(path, namespaces=SPACES)
    return [str(node if isinstance(node, str) else node.text) for node in nodes]


def guids(library: Path) -> list[str]:
    feeds = sorted((library / "site").rglob("feed.xml"))
    return [guid for path in feeds for guid in values(etree.parse(path).getroot(), "//guid")]


def errors_in(library: Path) -> list[LintFinding]:
    found = lint.check(library / "site", now=NOW)
    return [finding for finding in found if finding.is_error]


def snapshot(library: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in (library / "site").rglob("*")
        if path.is_file() and path.name != ".memory.json"
    }


# --- what PODCAST.md asks, line by line ---------------------------------------------------------


def test_it_falls_short_of_nothing(library: Path) -> None:
    write(library)
    assert lint.check(library / "site", now=NOW) == []


def test_rss(library: Path) -> None:
    write(library)
    data = (library / "site" / "feed.xml").read_bytes()
    assert data.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    root = etree.fromstring(data)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert {prefix: root.nsmap[prefix] for prefix in SPACES} == SPACES


def test_library_channel(library: Path) -> None:
    write(library)
    channel = feed(library)
    for path, text in {
        "title": "Tủ sách",
        "link": f"{URL}/index.html",
        "description": "Sách & truyện",
        "atom:link[@rel='self'][@type='application/rss+xml']/@href": f"{URL}/feed.xml",
        "language": "vi",
        "itunes:category/@text": "Arts",
        "itunes:category/itunes:category/@text": "Books",
        "itunes:explicit": "false",
        "itunes:author": "Nhóm",
        "itunes:owner/itunes:email": "an@example.org",
        "itunes:type": "episodic",
        # uuid5 of example.org/sach/feed.xml
        "podcast:guid": "45f1529a-3016-511b-99ce-108676c100db",
        "podcast:locked[@owner='an@example.org']": "yes",
        "podcast:medium": "podcast",
        "podcast:person[@role='author']": "Nhóm",
        "podcast:txt[@purpose='ai-content']": "true",
        "podcast:license": "CC-BY-4.0",
    }.items():
        assert values(channel, path) == [text], path


def test_book_channel(library: Path) -> None:
    written = write(library)
    assert written.feeds == (f"{URL}/feed.xml", f"{URL}/books/tat-den/feed.xml")
    channel = feed(library, "books/tat-den/feed.xml")
    for path, text in {
        "title": "Tắt đèn",
        "description": "Chuyện làng.\nXưa.",
        "atom:link/@href": f"{URL}/books/tat-den/feed.xml",
        "itunes:type": "serial",
        "podcast:medium": "audiobook",
        "podcast:person[@role='author']": "Ngô Tất Tố",
        "podcast:person[@role='narrator']": "Hà Nội",
    }.items():
        assert values(channel, path) == [text], path


def test_description_of_4000_bytes(tmp_path: Path) -> None:
    meta = Meta(title="Dài", description="Chữ “&” dài. " * 900)
    make_book(tmp_path / "b.mp3", meta, [f"Chương {number}" for number in range(3)])
    write(tmp_path)
    descriptions = values(feed(tmp_path), "item/description") + values(
        feed(tmp_path, "books/b/feed.xml"), "description"
    )
    assert [3900 < len(description.encode()) <= 4000 for description in descriptions] == [
        True,
        True,
    ]
    assert "…</p>" in descriptions[0]
    assert descriptions[1].endswith("…")


def test_a_library_of_another_name_has_another_picture(library: Path) -> None:
    settings = library / "library.toml"
    pictures = set()
    for title in ("Tủ sách", "Giá sách"):
        settings.write_text(f'title = "{title}"\nauthor = "Nhóm"\n', "utf-8")
        write(library)
        pictures.update(values(feed(library), "itunes:image/@href"))
    assert len(pictures) == 2


def test_artwork(library: Path) -> None:
    write(library)
    (library_picture,) = values(feed(library), "itunes:image/@href")
    (book_picture,) = values(feed(library), "item[title='Tắt đèn']/itunes:image/@href")
    for url in (library_picture, book_picture):
        path = library / "site" / url.removeprefix(f"{URL}/")
        with Image.open(path) as image:
            assert (image.format, image.mode, image.width) == ("JPEG", "RGB", image.height)
            assert 1400 <= image.width <= 3000
            assert path.suffix == ".jpg"
    make_book(library / "Tắt đèn.mp3", Meta(title="Tắt đèn", cover=picture(1600)), ("1", "2", "3"))
    write(library)
    assert values(feed(library), "item[title='Tắt đèn']/itunes:image/@href") != [book_picture]


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_cover_that_does_not_fit(tmp_path: Path, mode: str) -> None:
    make_book(tmp_path / "b.mp3", Meta(title="B", cover=picture(300, mode)))
    write(tmp_path)
    (cover,) = (tmp_path / "site" / "books" / "b").glob("cover-*.jpg")
    with Image.open(cover) as image:
        assert (image.size, image.mode) == ((1400, 1400), "RGB")


def test_a_cover_that_is_none(tmp_path: Path) -> None:
    make_book(tmp_path / "b.mp3", Meta(title="B", cover=b"\xff\xd8\xffnone"))
    (note,) = write(tmp_path).notes
    assert "b.mp3" in note
    assert values(feed(tmp_path), "item/itunes:image") == []


def test_items_of_the_library(library: Path) -> None:
    write(library)
    (item,) = feed(library).xpath("item[title='Tắt đèn']")
    (url,) = values(item, "enclosure/@url")
    media = library / "site" / url.removeprefix(f"{URL}/")
    original = library / "Tắt đèn.mp3"
    assert media.read_bytes() == original.read_bytes()
    assert values(item, "enclosure/@length") == [str(original.stat().st_size)]
    assert values(item, "enclosure/@type") == ["audio/mpeg"]
    assert values(item, "guid/@isPermaLink") == ["false"]
    assert values(item, "itunes:duration") == ["3"]
    assert values(item, "itunes:explicit") == ["false"]
    assert values(item, "description") == [
        "<p>Chuyện làng.</p><p>Xưa.</p><p>00:00 Chương 1<br>00:01 Chương 2<br>00:02 Phần nhỏ</p>"
    ]
    assert values(item, "psc:chapters/psc:chapter/@start") == [
        "00:00:00.000",
        "00:00:01.045",
        "00:00:02.090",
    ]
    assert values(item, "podcast:transcript[@language='vi'][@rel='captions']/@type") == [
        "text/vtt",
        "application/x-subrip",
    ]
    (path,) = values(item, "podcast:chapters[@type='application/json+chapters']/@url")
    document = json.loads((library / "site" / path.removeprefix(f"{URL}/")).read_text("utf-8"))
    assert document["version"] == "1.2.0"
    assert [(chapter["startTime"], chapter["title"]) for chapter in document["chapters"]] == [
        (0.0, "Chương 1"),
        (1.045, "Chương 2"),
        (2.09, "Phần nhỏ"),
    ]


def test_items_of_a_book(library: Path) -> None:
    write(library)
    channel = feed(library, "books/tat-den/feed.xml")
    assert values(channel, "item/title") == ["Chương 1", "Chương 2", "Phần nhỏ"]
    assert values(channel, "item/itunes:episode") == ["1", "2", "3"]
    dates = [parsedate_to_datetime(date).timestamp() for date in values(channel, "item/pubDate")]
    assert dates == sorted(dates)
    assert all(later - date >= 60 for date, later in pairwise(dates))
    assert dates[-1] <= NOW
    for url, length in zip(
        values(channel, "item/enclosure/@url"),
        values(channel, "item/enclosure/@length"),
        strict=True,
    ):
        media = library / "site" / url.removeprefix(f"{URL}/")
        assert media.stat().st_size == int(length)


def test_file_names_are_ascii_and_unique(library: Path) -> None:
    write(library)
    names = [path.name for path in (library / "site").rglob("*.mp3")]
    assert len({name.lower() for name in names}) == len(names) == 5
    assert all(re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{12}\.mp3", name) for name in names)


def test_transcripts(library: Path) -> None:
    write(library)
    for path in (library / "site").rglob("*.vtt"):
        captions = webvtt.read(str(path)).captions
        assert captions
        assert all(len(line) <= 65 for caption in captions for line in caption.text.splitlines())
    for path in (library / "site").rglob("*.srt"):
        for caption in srt.parse(path.read_text("utf-8")):
            lines = caption.content.splitlines()
            assert len(lines) <= 2
            assert all(len(line) <= 32 for line in lines)


def test_sentences_stay_in_their_chapter(library: Path) -> None:
    write(library)
    folder = library / "site" / "books" / "tat-den"
    for path in folder.glob("tat-den-00*.vtt"):
        captions = webvtt.read(str(path)).captions
        assert captions[0].start_in_seconds == 0
        assert [caption.text.replace("\n", " ")[:9] for caption in captions] == [
            "Đây là câ",
            "Câu thứ h",
        ]
        assert captions[-1].end_in_seconds <= 1.1


# --- hostile words ------------------------------------------------------------------------------


def test_hostile_titles(library: Path) -> None:
    write(library)
    folder = library / "site"
    (item,) = feed(library).xpath("item[position()=1]")
    assert values(item, "title") == [CLEAN]
    # No client that reads titles as HTML makes markup of them.
    for title in re.findall(r"<title>(.*?)</title>", (folder / "feed.xml").read_text("utf-8")):
        assert not re.search("&(amp|lt);", title)
    assert values(item, "psc:chapters/psc:chapter/@title") == [CLEAN]
    assert values(item, "description") == [
        f"<p>{(shown := CLEAN.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;'))}</p>"
        f"<p>00:00 {shown}</p>"
    ]
    book_folder = folder / "books" / "xau-1"
    (path,) = book_folder.glob("*.json")
    assert json.loads(path.read_text("utf-8"))["chapters"][0]["title"] == CLEAN
    (path,) = book_folder.glob("*.vtt")
    assert "<script>" not in path.read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in path.read_text("utf-8")
    for path in folder.rglob("*"):
        assert str(path.relative_to(folder)).isascii()
        if path.suffix in {".xml", ".json", ".vtt", ".srt"} and path.name not in {"state.json"}:
            assert not set("\u202e\u200f\x01\x85\ufffe") & set(path.read_text("utf-8")), path


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"s\xe1ch <b>\n.mp3")
    path.write_bytes(frames(50, 300))
    assert write(tmp_path).books == 1
    assert write(tmp_path).changed == 0
    assert values(feed(tmp_path), "item/title") == ["sch <b>"]
    assert (tmp_path / "site" / "books" / "s-ch-b").is_dir()
    assert {finding.rule for finding in lint.check(tmp_path / "site", now=NOW)} == {
        "ai-content",
        "locked",
        "mp3",
        "person",
        "transcript",
    }


# --- again --------------------------------------------------------------------------------------


def test_again_changes_nothing(library: Path) -> None:
    write(library)
    old_files = snapshot(library)
    again = write(library, url="", later=1000)
    assert (again.changed, again.removed) == (0, 0)
    assert snapshot(library) == old_files


def test_without_its_memory_it_writes_the_same(library: Path) -> None:
    write(library)
    old_files = snapshot(library)
    (library / "site" / ".memory.json").write_text("{")
    assert write(library, later=1000).changed == 2
    assert snapshot(library) == old_files


def test_what_was_lost_comes_back(library: Path) -> None:
    write(library)
    old_files = snapshot(library)
    for path in (library / "site").rglob("tat-den-00*"):
        path.unlink()
    next((library / "site").rglob("xau-*.mp3")).unlink()
    next((library / "site").rglob("xau-*.vtt")).write_text("")
    write(library)
    assert {path: content for path, (_, content) in snapshot(library).items()} == {
        path: content for path, (_, content) in old_files.items()
    }


def test_another_book(library: Path) -> None:
    write(library)
    old_guids = guids(library)
    make_book(library / "tat den.mp3", Meta(title="Khác"))
    added = write(library, later=100)
    assert added.changed == 1
    new_guids = guids(library)
    assert new_guids[1:] != old_guids
    assert set(new_guids) > set(old_guids)
    assert len(new_guids) == len(old_guids) + 1
    assert (library / "site" / "books" / "tat-den-2").is_dir()
    assert values(feed(library), "item/title")[0] == "Khác"


def test_a_book_made_again(library: Path) -> None:
    write(library)
    old_guids, old_media = guids(library), set((library / "site").rglob("*.mp3"))
    dates = values(feed(library), "item/pubDate")
    titles = ("Chương 1", "Chương 1b", "Chương 2", "  Phần khác")
    make_book(library / "Tắt đèn.mp3", META, titles, version=1)
    assert write(library, later=86400).removed > 0
    assert values(feed(library), "item/pubDate") == dates
    new_guids = guids(library)
    assert set(new_guids) > set(old_guids)
    assert len(new_guids) == 6
    book = values(feed(library, "books/tat-den/feed.xml"), "item/guid")
    assert [book[0], *book[2:]] == [guid for guid in old_guids if guid in book]
    media_left = old_media & set((library / "site").rglob("*.mp3"))
    assert {path.name[:3] for path in media_left} == {"xau"}
    assert lint.check(library / "site", now=NOW + 86400) == []


def test_a_book_under_another_file_name(library: Path) -> None:
    write(library)
    old_guids = guids(library)
    (library / "Tắt đèn.mp3").rename(library / "a.mp3")
    write(library)
    assert guids(library) == old_guids


def test_a_book_that_is_gone(library: Path) -> None:
    write(library)
    old_files = snapshot(library)
    (library / "Tắt đèn.mp3").unlink()
    with pytest.raises(GuidError, match=r"5 published GUIDs .* Tắt đèn.mp3") as refused:
        write(library)
    assert refused.value.exit_code == 6
    assert snapshot(library) == old_files
    assert write(library, allow_guid_change=True).books == 1
    assert not (library / "site" / "books" / "tat-den").exists()
    assert lint.check(library / "site", now=NOW) == []


def test_another_address(library: Path) -> None:
    write(library)
    old_guids = guids(library), values(feed(library), "podcast:guid")
    write(library, url="http://other.example/")
    assert (guids(library), values(feed(library), "podcast:guid")) == old_guids
    assert values(feed(library), "atom:link/@href") == ["http://other.example/feed.xml"]
    assert lint.check(library / "site", now=NOW) == []


def test_a_move_is_told_until_it_is_done(library: Path) -> None:
    write(library)
    assert not values(feed(library), "itunes:new-feed-url")
    for later in (0, 1):  # it is told again by a run that does not name the address
        moved = site.write(library, None, "" if later else "https://new.example", now=NOW)
        assert moved.former == URL
        for path in ("feed.xml", "books/tat-den/feed.xml"):
            told = values(feed(library, path), "itunes:new-feed-url")
            assert told == [f"https://new.example/{path}"]
    assert lint.check(library / "site", now=NOW) == []
    done = site.write(library, None, "", now=NOW, is_move_done=True)
    assert not done.former
    assert not values(feed(library), "itunes:new-feed-url")


def test_chapters_that_are_called_alike(tmp_path: Path) -> None:
    titles = ("Phần 1", "  Chương 1", "Phần 2", "  Chương 1", "  Chương 2")
    make_book(tmp_path / "b.mp3", META, titles)
    write(tmp_path)
    channel = feed(tmp_path, "books/b/feed.xml")
    assert values(channel, "item/title") == [
        "Phần 1",
        "Phần 1 – Chương 1",
        "Phần 2",
        "Phần 2 – Chương 1",
        "Phần 2 – Chương 2",
    ]
    assert values(channel, "item/itunes:season") == ["1", "1", "2", "2", "2"]
    assert values(channel, "item/podcast:season/@name") == ["Phần 1"] * 2 + ["Phần 2"] * 3
    assert errors_in(tmp_path) == []


def test_books_that_are_called_alike(tmp_path: Path) -> None:
    for number, author in enumerate(("An", "Bình", "An", "An"), 1):
        make_book(tmp_path / f"{number}.mp3", Meta(title="Thơ", author=author))
        os.utime(tmp_path / f"{number}.mp3", (NOW - 100 + number,) * 2)
    write(tmp_path)
    shown = ["Thơ – An (2)", "Thơ – An", "Thơ – Bình", "Thơ"]
    assert values(feed(tmp_path), "item/title") == shown
    assert errors_in(tmp_path) == []


def test_pictures_of_chapters(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai", "Ba"))
    tag = ID3(book.path)
    for name, content in (("chp1", picture(40)), ("chp3", picture(60)), ("chp2", b"GIF89a")):
        frame = tag[f"CHAP:{name}"]
        frame.sub_frames.add(APIC(encoding=0, mime="image/jpeg", type=0, data=content))
    tag.save(book.path, v2_version=3)
    write(tmp_path)
    for path in ("feed.xml", "books/b/feed.xml"):
        shown = []
        for url in values(feed(tmp_path, path), "item/podcast:chapters/@url"):
            text = (tmp_path / "site" / url.removeprefix(f"{URL}/")).read_text("utf-8")
            shown += [chapter.get("img", "") for chapter in json.loads(text)["chapters"]]
        assert [bool(image) for image in shown] == [True, False, True]
        data = [
            (tmp_path / "site" / image.removeprefix(f"{URL}/")).read_bytes()
            for image in shown
            if image
        ]
        assert data == [picture(40), picture(60)]
    listed = [file.path for file in manifest.read(tmp_path / "site")]
    assert len(set(listed)) == len(listed)
    # The tag was not written by us.
    assert {finding.rule for finding in errors_in(tmp_path)} == {"mp3"}


def test_a_long_book_by_the_hour(tmp_path: Path) -> None:
    make_book(tmp_path / "b.mp3", META, ("Một", "Hai", "Ba"))
    write(tmp_path)
    (tmp_path / "library.toml").write_text('episodes = "hours"\n')
    with pytest.raises(GuidError):
        write(tmp_path)
    write(tmp_path, allow_guid_change=True)
    channel = feed(tmp_path, "books/b/feed.xml")
    assert values(channel, "item/title") == ["Một – Ba"]
    assert values(channel, "item/psc:chapters/psc:chapter/@title") == ["Một", "Hai", "Ba"]
    assert errors_in(tmp_path) == []


def test_addresses_of_people_are_on_no_page(tmp_path: Path) -> None:
    meta = Meta(
        title="Sách",
        author="Lê An <an@example.org>",
        narrator="b@example.org",
        description="Gõ lỗi: c.d@example.com.vn (bản 2)",
    )
    make_book(tmp_path / "b.mp3", meta, ("Một", "Hai"))
    write(tmp_path)
    for path in (tmp_path / "site").rglob("*"):
        if path.suffix in (".xml", ".html", ".json", ".vtt") and path.name[0] != ".":
            assert b"@example" not in path.read_bytes(), path
    assert values(feed(tmp_path), "item/podcast:person[@role='author']") == ["Lê An"]


def test_guids_do_not_come_from_the_address(library: Path, tmp_path: Path) -> None:
    write(library)
    site.write(library, tmp_path / "b", "http://b.example", now=NOW)
    first, second = ((folder / "feed.xml") for folder in (library / "site", tmp_path / "b"))
    assert values(etree.parse(first).getroot(), "//guid") == values(
        etree.parse(second).getroot(), "//guid"
    )


def test_another_guid_is_refused(library: Path) -> None:
    write(library)
    with (library / "library.toml").open("a") as file:
        file.write('guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"\n')
    with pytest.raises(GuidError, match="the library's own feed"):
        write(library)
    write(library, allow_guid_change=True)
    assert values(feed(library), "podcast:guid") == ["917393e3-1b1e-5cef-ace4-edaa54e1f810"]


# --- the folder ---------------------------------------------------------------------------------


def test_manifest(library: Path) -> None:
    write(library)
    folder = library / "site"
    listed = {file.path: file for file in manifest.read(folder)}
    paths = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {
        "manifest.json",
        ".memory.json",
    }
    assert listed.keys() == paths
    ranks = [file.rank for file in manifest.read(folder)]
    assert ranks == sorted(ranks)
    assert listed["feed.xml"].rank == 2


def test_strangers_in_the_site_are_left_alone(library: Path) -> None:
    write(library)
    (library / "site" / "CNAME").write_text("example.org")
    (library / "Tắt đèn.mp3").unlink()
    write(library, allow_guid_change=True)
    assert (library / "site" / "CNAME").exists()


def test_broken_books_are_named(library: Path) -> None:
    content = (library / "Tắt đèn.mp3").read_bytes()
    (library / "cụt.mp3").write_bytes(content[:-5000])
    (library / "text.mp3").write_text("không phải MP3 " * 100, "utf-8")
    (library / "rỗng.mp3").write_bytes(b"")
    written = write(library)
    assert written.books == 2
    assert [
        re.findall(r"(\S+\.mp3)", str(problem))[0].split("/")[-1] for problem in written.broken
    ] == [
        "cụt.mp3",
        "rỗng.mp3",
        "text.mp3",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://a.b/",
        "https://",
        "https://a b",
        "https://a/?q",
        "http://[::1",
        "https://a:99999",
        "https://a:b",
        "https://me:secret@a.example",
        "https://sá\u0378ch.vn",
        "https://-sách-.vn",
    ],
)
def test_addresses_that_are_none(library: Path, url: str) -> None:
    with pytest.raises(UsageError):
        write(library, url=url)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://sách.vn/nghe/", "https://xn--sch-ela.vn/nghe"),
        ("https://Sách.VN:8443", "https://xn--sch-ela.vn:8443"),
        ("http://192.168.1.5:8000/", "http://192.168.1.5:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_as_clients_ask_for_them(library: Path, url: str, root: str) -> None:
    assert write(library, url=url).feeds[0] == f"{root}/feed.xml"
    assert values(feed(library), "atom:link/@href") == [f"{root}/feed.xml"]


def test_no_books(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no MP3 books"):
        write(tmp_path)
    with pytest.raises(SourceError, match="nowhere"):
        write(tmp_path / "nowhere")


def test_many_books_at_once(tmp_path: Path) -> None:
    for number in range(90):
        make_book(tmp_path / f"{number}.mp3", Meta(title=f"Sách {number}"), sentences=("Một câu.",))
    assert write(tmp_path).changed == 90
    assert lint.check(tmp_path / "site", now=NOW + 1)[0].rule == "locked"


def test_two_books_within_a_second(tmp_path: Path) -> None:
    """Who publishes twice at once still finds the newer book first."""
    for title in ("Bà", "An"):
        make_book(tmp_path / f"{title}.mp3", Meta(title=title, language="vi"))
        folder = site.write(tmp_path, url=URL, now=1_800_000_000.0).folder
    channel = etree.parse(folder / "feed.xml").getroot()[0]
    assert values(channel, "item/title") == ["An", "Bà"]
    assert len(set(values(channel, "item/pubDate"))) == 1
