"""Covers are shown small; and pages tell other programs what they hold."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree, html
from PIL import Image
from stubs import make_book

from audiobook.model import Meta
from audiobook.outputs import cover
from audiobook.podcast import manifest, pages, site
from audiobook.podcast.model import Addresses, Library, Thumbnail, Volume

ROOT = "https://example.org/sach"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a book with a cover, and of one without."""
    library = tmp_path_factory.mktemp("library")
    (library / "library.toml").write_text('title = "Shelf"\nlanguage = "en"\n', "utf-8")
    meta = Meta(title="Đò <b>", author="Thạch Lam", language="vi", cover=cover.draw("Đò", "Lam"))
    make_book(library / "do.mp3", meta, ("Một", "Hai"))
    make_book(library / "khong.mp3", Meta(title="Không bìa"))
    return site.write(library, url=ROOT).folder


def parsed(page: bytes) -> html.HtmlElement:
    return html.document_fromstring(page)


def page_of(folder: Path, path: str) -> html.HtmlElement:
    return parsed((folder / path).read_bytes())


def test_thumbnails_are_small_and_square(folder: Path) -> None:
    (picture,) = page_of(folder, "index.html").xpath("//picture")
    (srcset,) = picture.xpath("source[@type='image/webp']/@srcset")
    (fallback,) = picture.xpath(".//img/@src")
    small, large = (address.split() for address in srcset.split(", "))
    kinds = {}
    for address, side in (small, large, (fallback, "400w")):
        data = (folder / address).read_bytes()
        image = Image.open(BytesIO(data))
        kinds[address.rpartition(".")[2]] = image.format
        assert image.size == (int(side[:-1]), int(side[:-1]))
        assert len(data) < 40_000
        assert re.search(r"-[0-9a-f]{12}\.\w+$", address)
    assert kinds == {"webp": "WEBP", "jpg": "JPEG"}
    # The picture keeps its place before it comes; the first is not waited for.
    assert picture.xpath(".//img/@width") == picture.xpath(".//img/@height") == ["400"]
    assert picture.xpath(".//img/@fetchpriority") == ["high"]


def test_thumbnails_are_published_as_what_never_changes(folder: Path) -> None:
    files = {file.path: file for file in manifest.read(folder)}
    small = [file for path, file in files.items() if re.search(r"/(200|400)-", path)]
    assert sorted(file.type for file in small) == ["image/jpeg", "image/webp", "image/webp"]
    assert all(file.immutable for file in small)
    assert files["sitemap.xml"].type == "application/xml"
    assert files["robots.txt"].type == "text/plain"
    assert files["site.webmanifest"].type == "application/manifest+json"
    assert files["feed.xml"].type == "application/rss+xml"
    assert all((folder / path).is_file() for path in files)


def test_a_second_run_makes_none_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover, "thumbnails", None)
    assert site.write(folder.parent, url=ROOT).changed == 0


def test_a_later_row_waits_until_it_is_near() -> None:
    volumes = [
        (
            Volume(
                path=Path(),
                name=f"a{number}",
                meta=Meta(title="A"),
                rate=1,
                samples=1,
                size=1,
                digest="",
                chapters=(),
            ),
            Addresses(
                media="",
                cover="c.jpg",
                vtt="",
                srt="",
                chapters="",
                feed="",
                page="a.html",
                thumbnails=(Thumbnail("2.webp", 200), Thumbnail("4.jpg", 400)),
            ),
        )
        for number in range(20)
    ]
    page = parsed(pages.render_library(Library(title="T"), volumes).encode())
    waiting = [image.get("loading") for image in page.xpath("//img")]
    assert waiting == [None] * 6 + ["lazy"] * 14
    hurried = [image.get("fetchpriority") for image in page.xpath("//img")]
    assert hurried == ["high"] * 2 + [None] * 18


def test_books_are_described(folder: Path) -> None:
    page = page_of(folder, "books/do/index.html")
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{ROOT}/books/do/index.html"]
    assert page.xpath("//meta[@name='description']/@content") == [
        "Đò <b> – Thạch Lam: an audiobook of 2 s."
    ]
    (image,) = page.xpath("//meta[@property='og:image']/@content")
    assert image.startswith(f"{ROOT}/books/do/cover-")
    (data,) = page.xpath("//script[@type='application/ld+json']/text()")
    assert "<" not in data
    told = json.loads(data)
    assert (told["@type"], told["name"]) == ("Audiobook", "Đò <b>")
    assert told["author"] == {"@type": "Person", "name": "Thạch Lam"}
    assert (told["inLanguage"], told["duration"], told["image"]) == ("vi", "PT2S", image)
    assert "readBy" not in told  # a machine is no reader
    sound = told["encoding"]["contentUrl"].removeprefix(f"{ROOT}/")
    assert (folder / sound).is_file()


def test_every_page_is_on_the_map(folder: Path) -> None:
    entries = etree.parse(folder / "sitemap.xml").getroot().iter("{*}loc")
    assert sorted(entry.text or "" for entry in entries) == [
        f"{ROOT}/books/do/index.html",
        f"{ROOT}/books/khong/index.html",
        f"{ROOT}/index.html",
    ]
    assert f"Sitemap: {ROOT}/sitemap.xml" in (folder / "robots.txt").read_text()


def test_a_phone_finds_what_it_needs_to_keep_the_library(folder: Path) -> None:
    told = json.loads((folder / "site.webmanifest").read_bytes())
    assert (told["name"], told["start_url"]) == ("Shelf", "index.html")
    for icon in told["icons"]:
        with Image.open(folder / icon["src"]) as image:
            width, height = image.size
        assert icon["sizes"] == f"{width}x{height}"


def test_the_words_are_those_of_the_library(folder: Path) -> None:
    page = page_of(folder, "books/do/index.html")
    assert page.get("lang") == "en"
    assert page.xpath("//article/@lang") == ["vi"]
    assert page.xpath("string(//a[@class='pill'])") == "Subscribe to the podcast"
    assert page.xpath("//button[@id='play']/@aria-label") == ["Play"]
