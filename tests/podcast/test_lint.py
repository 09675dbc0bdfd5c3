from __future__ import annotations

import io
import re
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import mutagen.id3
import pytest
from PIL import Image
from stubs import make_book
from typer.testing import CliRunner

from audiobook.cli.app import app
from audiobook.errors import SourceError
from audiobook.messages import localize
from audiobook.model import Meta
from audiobook.podcast import lint, site
from audiobook.podcast.lint import probe

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://example.org/sach"
NOW = 1_800_000_000.0
SERIAL = "books/mot/feed.xml"


@pytest.fixture(scope="module")
def sound_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of two books, with which nothing is wrong."""
    folder = tmp_path_factory.mktemp("library")
    make_book(
        folder / "một.mp3",
        Meta(title="Một", author="An", narrator="Hà Nội", language="vi"),
        ("A", "B", "C"),
    )
    make_book(folder / "hai.mp3", Meta(title="Hai", author="An", narrator="Hà Nội", language="vi"))
    (folder / "library.toml").write_text('email = "a@b.vn"\n')
    return site.write(folder, None, URL, now=NOW).folder


@pytest.fixture
def written(sound_site: Path, tmp_path: Path) -> Path:
    """A copy of that site, to be damaged."""
    return Path(shutil.copytree(sound_site, tmp_path / "site"))


def rules(written: Path) -> set[str]:
    return {finding.rule for finding in lint.check(written, now=NOW)} - {"file-size"}


def test_nothing_is_wrong(written: Path) -> None:
    assert rules(written) == set()


@pytest.mark.parametrize(
    ("feed", "old", "new", "rule"),
    [
        ("feed.xml", " encoding='utf-8'", "", "xml-utf8"),
        ("feed.xml", 'version="2.0"', 'version="0.9"', "rss"),
        (
            "feed.xml",
            ' xmlns:psc="http://podlove.org/simple-chapters"',
            ' xmlns:psc="x"',
            "namespace",
        ),
        ("feed.xml", "</rss>", "", "xml"),
        ("feed.xml", r"<title>.*?</title>", "", "channel-title"),
        ("feed.xml", r"<link>.*?</link>", "", "channel-link"),
        ("feed.xml", r"<description>.*?</description>", "", "channel-description"),
        ("feed.xml", r"<description>", "<description>" + "ă" * 2000, "channel-description"),
        ("feed.xml", r"<atom:link .*?/>", "", "self-link"),
        ("feed.xml", r"(<atom:link .*?/>)", r"\1\1", "self-link"),
        ("feed.xml", r"(<atom:link [^>]*)example", r"\1other", "self-link"),
        ("feed.xml", "<language>vi</language>", "", "channel-language"),
        ("feed.xml", 'text="Arts"', 'text="arts"', "category"),
        ("feed.xml", 'text="Books"', 'text="Courses"', "category"),
        ("feed.xml", "explicit>false", "explicit>no", "explicit"),
        ("feed.xml", r"<itunes:author>.*?</itunes:author>", "", "author"),
        ("feed.xml", "type>episodic", "type>serial", "kind"),
        (SERIAL, "medium>audiobook", "medium>podcast", "kind"),
        ("feed.xml", "(<podcast:guid>).*?<", r"\1x<", "feed-guid"),
        ("feed.xml", "(<podcast:guid>).", r"\g<1>0", "guid-kept"),
        ("feed.xml", ' owner="a@b.vn"', "", "locked"),
        ("feed.xml", 'content">true', 'content">no', "ai-content"),
        ("feed.xml", ">Hà Nội<", ">" + "x" * 129 + "<", "person"),
        ("feed.xml", '<itunes:image href="[^"]*"', "<itunes:image", "artwork"),
        ("feed.xml", r"<description>", "<description>&lt;p&gt;", "channel-description"),
        (SERIAL, "<title>B<", "<title><", "item-title"),
        (SERIAL, "<title>B<", "<title>a<", "item-title"),
        (SERIAL, "<title>B<", "<title>\u202eB<", "clean-text"),
        (SERIAL, '<guid isPermaLink="false">', "<guid>", "item-guid"),
        (SERIAL, '(<guid isPermaLink="false">).*?<', r"\1same<", "item-guid"),
        (SERIAL, '(<guid isPermaLink="false">).*?<', r"\1new<", "guid-kept"),
        (SERIAL, r"<enclosure .*?/>", "", "enclosure"),
        (SERIAL, r"(<enclosure .*?/>)", r"\1\1", "enclosure"),
        (SERIAL, 'type="audio/mpeg"', 'type="audio/mp3"', "enclosure"),
        (SERIAL, 'length="', 'length="1', "length"),
        (SERIAL, 'enclosure url="[^"]*"', f'enclosure url="{URL}/đ.mp3"', "enclosure-name"),
        (SERIAL, r"-00[12]-[0-9a-f]{12}\.mp3", "-x.mp3", "enclosure-name"),
        (SERIAL, "<pubDate>[^<]*", "<pubDate>2026-01-01", "pubdate"),
        (SERIAL, "<pubDate>[^<]*", "<pubDate>Fri, 15 Jan 2027 08:10:01 +0000", "pubdate"),
        (SERIAL, "<pubDate>[^<]*", "<pubDate>Fri, 15 Jan 2027 07:00:01 +0000", "dates"),
        (SERIAL, "episode>2<", "episode>3<", "episode"),
        (SERIAL, "duration>1<", "duration>1.2<", "duration"),
        (SERIAL, "duration>1<", "duration>0<", "duration"),
        (SERIAL, "<psc:chapter .*?/>", "", "psc"),
        (SERIAL, "00:00 B", "B", "timestamps"),
        (SERIAL, "<podcast:chapters .*?/>", "", "chapters"),
        (SERIAL, 'application/json.chapters"', 'application/json"', "chapters"),
        (SERIAL, "<podcast:transcript .*?/>", "", "transcript"),
        (SERIAL, ' rel="captions"', "", "transcript"),
        (SERIAL, r"(<podcast:transcript url=\")", r"\1x", "file-there"),
        (SERIAL, r"(?s)<item>.*</item>", "", "items"),
    ],
)
def test_what_is_wrong_with_a_feed(written: Path, feed: str, old: str, new: str, rule: str) -> None:
    path = written / feed
    text = path.read_text("utf-8")
    changed = re.sub(
        old, new, text, count=0 if "\\1same" in new or "-x" in new or ":01 +" in new else 1
    )
    assert changed != text
    path.write_text(changed, "utf-8")
    assert rule in rules(written)


def test_a_file_that_is_missing_or_cut(written: Path) -> None:
    (media,) = written.glob("books/hai/*.mp3")
    media.unlink()
    assert {"file-there", "enclosure"} <= rules(written)
    media.write_bytes(b"cut")
    assert {finding.rule for finding in lint.check(written, now=NOW)} >= {"file-size", "length"}


def test_artwork_that_does_not_fit(written: Path) -> None:
    (artwork,) = written.glob("artwork-*.jpg")
    Image.new("RGB", (1399, 1400)).save(artwork)
    assert rules(written) == {"artwork"}


def test_no_site(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no site"):
        lint.check(tmp_path)


# --- files --------------------------------------------------------------------------------------


def image(kind: str, size: tuple[int, int] = (1400, 1400), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "complaints"),
    [
        (partial(image, "JPEG"), "a.jpg", 0),
        (partial(image, "PNG", (3000, 3000)), "a.png", 0),
        (partial(image, "PNG"), "a.jpg", 1),
        (partial(image, "GIF", mode="P"), "a.gif", 2),
        (partial(image, "JPEG", (1399, 1399)), "a.jpg", 1),
        (partial(image, "JPEG", (3001, 3001)), "a.jpg", 1),
        (partial(image, "JPEG", (1400, 1500)), "a.jpg", 1),
        (partial(image, "JPEG", mode="CMYK"), "a.jpg", 1),
        (partial(image, "PNG", mode="RGBA"), "a.png", 1),
        (lambda: b"text", "a.png", 1),
    ],
)
def test_pictures(data: Callable[[], bytes], name: str, complaints: int) -> None:
    assert len(list(probe.check_picture(data(), name))) == complaints


CAPTION = "00:00:01.000 --> 00:00:02.000\n"


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        (f"WEBVTT\n\n{CAPTION}{'chữ ' * 16}x", 0),
        (f"WEBVTT\n\n{CAPTION}{'chữ ' * 16}x&lt;", 1),
        (f"WEBVTT\n\n{CAPTION}{'&amp;' * 65}", 0),
        (f"WEBVTT\n\n{CAPTION}{'<00:00:01.500>ba ' * 20}", 0),
        (f"WEBVTT\n\n{CAPTION}a\n\n00:00.500 --> 00:00.700\nb", 1),
        (f"WEBVTT\n\nNOTE x\n\n1\n{CAPTION}a", 0),
        (f"{CAPTION}a", 1),
        ("WEBVTT", 1),
    ],
)
def test_vtt(text: str, complaints: int) -> None:
    assert len(list(probe.check_vtt(text))) == complaints


@pytest.mark.parametrize(
    ("shown", "complaints"),
    [("x" * 32, 0), ("một " * 8 + "x", 1), ("a\nb", 0), ("a\nb\nc", 1), ("x" * 33, 1)],
)
def test_srt(shown: str, complaints: int) -> None:
    found_complaints = list(probe.check_srt(f"1\n00:00:01,000 --> 00:00:02,000\n{shown}\n"))
    assert len(found_complaints) == complaints
    # A word that cannot be broken is nobody's fault.
    assert all(complaint.is_error == (shown != "x" * 33) for complaint in found_complaints)


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ('{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "a"}]}', 0),
        ('{"version": "1.1", "chapters": [{"startTime": 0, "title": "a"}]}', 1),
        ('{"version": "1.2.0", "chapters": []}', 1),
        ('{"version": "1.2.0", "chapters": [{"startTime": 0, "title": ""}]}', 1),
        ('{"version": "1.2.0", "chapters": [{"title": "a"}]}', 1),
        ("[", 1),
    ],
)
def test_chapters(text: str, complaints: int) -> None:
    assert len(list(probe.check_chapters(text))) == complaints


def tag(*starts: int, listed: tuple[str, ...]) -> io.BytesIO:
    """Return a tag with chapters in this order in the file."""
    id3_tag = mutagen.id3.ID3()
    for number, start in enumerate(starts):
        # mutagen writes short frames first.
        title = [mutagen.id3.TIT2(text=["x" * (number + 1)])]
        id3_tag.add(mutagen.id3.CHAP(f"c{number}", start, start + 1, sub_frames=title))
    if listed:
        id3_tag.add(mutagen.id3.CTOC("toc", mutagen.id3.CTOCFlags.TOP_LEVEL, list(listed)))
    file = io.BytesIO()
    id3_tag.save(file)
    file.seek(0)
    return file


def test_chapters_in_sound() -> None:
    assert list(probe.check_sound(tag(0, 5, listed=("c0", "c1")))) == []
    assert "order" in next(probe.check_sound(tag(5, 0, listed=("c0", "c1")))).what
    assert "CTOC" in next(probe.check_sound(tag(0, 5, listed=()))).what
    assert "CTOC" in next(probe.check_sound(tag(0, 5, listed=("c0",)))).what
    (none,) = probe.check_sound(io.BytesIO(b"no tag"))
    assert not none.is_error


def test_findings_are_whole_sentences_in_both_languages(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = written / SERIAL
    feed.write_text(
        feed.read_text("utf-8").replace("<itunes:type>serial", "<itunes:type>'x'"), "utf-8"
    )
    (finding,) = (finding for finding in lint.check(written, now=NOW) if finding.rule == "kind")
    assert finding.line == (
        f"error kind: {SERIAL}: itunes:type is \"'x'\" instead of serial: write the site again"
    )
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi")
    line = localize(finding.line)
    assert line.startswith(f"lỗi kind: {SERIAL}: itunes:type ")
    assert not {"is", "instead", "of", "again"} & set(line.split())


# --- the command --------------------------------------------------------------------------------


def test_the_command(tmp_path: Path) -> None:
    make_book(tmp_path / "b.mp3", Meta(title="Sách"), ("1", "2"))
    run = CliRunner().invoke
    written = run(app, ["feed", str(tmp_path), "--url", URL])
    assert written.exit_code == 0
    assert "1 book, 3 episodes in 2 feeds (1 new or changed)" in written.output
    assert "(unchanged)" in run(app, ["feed", str(tmp_path)]).output
    check = run(app, ["feed", str(tmp_path), "--check"])
    assert check.exit_code == 0  # warnings are no errors
    assert "warning locked" in check.output
    assert "0 errors, 4 warnings" in check.output
    (tmp_path / "site" / "index.html").unlink()
    failed_check = run(app, ["feed", str(tmp_path), "--check"])
    assert failed_check.exit_code == 6
    assert "error file-there: index.html: the file is missing: write" in failed_check.output


def test_the_command_refuses_and_leaves_out(tmp_path: Path) -> None:
    make_book(tmp_path / "b.mp3", Meta(title="Sách"))
    (tmp_path / "c.mp3").write_bytes(b"")
    run = CliRunner().invoke
    written = run(app, ["feed", str(tmp_path), "--url", URL, "-o", str(tmp_path / "s")])
    assert written.exit_code == 3
    assert "left out" in written.output
    assert "c.mp3" in written.output
    (tmp_path / "b.mp3").rename(tmp_path / "away")
    make_book(tmp_path / "d.mp3", Meta(title="Khác"))
    words = ["feed", str(tmp_path), "-o", str(tmp_path / "s")]
    refused = run(app, words)
    assert refused.exit_code == 6
    assert "--allow-guid-change" in refused.output
    assert run(app, [*words, "--allow-guid-change"]).exit_code == 3


def test_the_command_tells_what_it_removed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_book(tmp_path / f"{name}.mp3", Meta(title=f"Sách {name}"), ("1", "2"))
    run = CliRunner().invoke
    run(app, ["feed", str(tmp_path), "--url", URL])
    (tmp_path / "b.mp3").unlink()
    written = run(app, ["feed", str(tmp_path), "--allow-guid-change"])
    assert "1 book, 3 episodes in 2 feeds (" in written.output
    assert " files removed)" in written.output
    assert "unchanged" not in written.output


@pytest.mark.parametrize("words", [("feed",), ("serve",), ("watch",)])
def test_a_folder_that_is_not_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*words, str(tmp_path / "không")])
    assert result.exit_code == 3
    assert re.search(r"there is no folder|No such file", result.output)
    assert "watching" not in result.output
