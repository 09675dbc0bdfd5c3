"""Whether a written site is what Apple, PSP-1, the podcast namespace and real clients need."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from audiobook.podcast import categories, manifest, probe, state, wording
from audiobook.podcast.feed import ATOM, ITUNES, PODCAST, PREFIXES, PSC, parser

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from lxml import etree

    from audiobook.podcast.probe import Complaint

_AGAIN = "write the site again"
_SAY = "say it in library.toml"
_LONGEST_PERSON = 128
_MINUTE = 60
_SAFE = re.compile(r"[A-Za-z0-9._-]+")
_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? [+-]\d{4}")
_STAMP = re.compile(r"(?:<p>|<br>)(?:\d+:)?\d\d:\d\d ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that falls short."""

    rule: str
    """Its name."""
    where: str
    """The file, and the element or the episode in it."""
    what: str
    remedy: str
    is_error: bool = True
    """Clients or directories refuse it; else it is a warning."""

    def __str__(self) -> str:
        """Say it in a line."""
        kind = "error" if self.is_error else "warning"
        return " ".join(f"{kind} {self.rule}: {self.where}: {self.what}: {self.remedy}".split())


def check(site: Path, *, now: float | None = None) -> list[Finding]:
    """Test a site by every rule, offline.

    Args:
        site: its folder.
        now: seconds since 1970; no episode may be later.

    Raises:
        SourceError: there is no site.
        UsageError: its state is damaged.
    """
    files = {file.path: file for file in manifest.read(site)}
    given = state.read(site)
    now = time.time() if now is None else now
    findings = list(_files(site, files.values()))
    guids: set[str] = set()
    for path in sorted(path for path in files if path.endswith("feed.xml")):
        tested = _Feed(site, path, given.url, files.keys(), now)
        findings += tested.check()
        guids |= tested.guids
    if gone := given.guids - guids:
        findings.append(
            Finding("guid-kept", state.NAME, f"{len(gone)} GUIDs are in no feed", _AGAIN)
        )
    return findings


def _files(site: Path, files: Iterable[manifest.SiteFile]) -> Iterator[Finding]:
    """Test what holds for files whoever names them."""
    for file in files:
        try:
            size = (site / file.path).stat().st_size
        except OSError:
            yield Finding("file-there", file.path, "is missing", _AGAIN)
            continue
        if size != file.size:
            what = f"has {size:,} bytes, not {file.size:,}"
            yield Finding("file-size", file.path, what, _AGAIN)
        if not file.type:
            yield Finding("file-type", file.path, "has no type that is served", _AGAIN)
        if not file.path.isascii():
            yield Finding("file-name", file.path, "is not ASCII", _AGAIN)
        if file.immutable and file.sha256[:12] not in file.path:
            yield Finding("file-name", file.path, "does not name its content", _AGAIN)


class _Feed:
    """A feed that is being tested."""

    def __init__(
        self, site: Path, path: str, root: str, files: Collection[str], now: float
    ) -> None:
        self.site, self.path, self.root = site, path, root
        self.files, self.now = files, now
        self.guids: set[str] = set()
        self.findings: list[Finding] = []
        self.probed: set[str] = set()

    def check(self) -> list[Finding]:
        """Test it by every rule."""
        from lxml import etree

        try:
            data = (self.site / self.path).read_bytes()
            tree = etree.fromstring(data, parser())
        except (OSError, etree.XMLSyntaxError) as problem:
            self.add("xml", "", f"cannot be read: {problem}")
            return self.findings
        declared = re.match(rb"<\?xml[^>]*encoding=['\"]utf-8['\"]", data, re.IGNORECASE)
        self.want(declared, "xml-utf8", "", "does not declare UTF-8")
        self.want(tree.tag == "rss" and tree.get("version") == "2.0", "rss", "", "is no RSS 2.0")
        for prefix, space in PREFIXES.items():
            self.want(tree.nsmap.get(prefix) == space, "namespace", "", f"lacks {prefix}")
        channel = tree.find("channel")
        if channel is None:
            self.add("rss", "", "has no channel")
            return self.findings
        for text in map(str, channel.itertext()):
            self.want(
                wording.lines(text) == text.strip() or not text.strip(),
                "clean-text",
                "",
                f"holds {text[:40]!r}",
            )
        self.channel(channel)
        self.items(channel)
        return self.findings

    # --- the channel

    def channel(self, channel: etree._Element) -> None:
        """Test what the feed says about itself."""
        serial = self.path != "feed.xml"
        for name in ("title", "link", "description", "language"):
            self.want(_text(channel, name), f"channel-{name}", "channel", f"has no {name}", _SAY)
        size = len(_text(channel, "description").encode())
        self.want(
            size <= wording.DESCRIPTION, "channel-description", "channel", f"has {size} bytes", _SAY
        )
        links = [
            (link.get("type"), link.get("href"))
            for link in channel.findall(f"{{{ATOM}}}link")
            if link.get("rel") == "self"
        ]
        own = ("application/rss+xml", f"{self.root}/{self.path}")
        self.want(links == [own], "self-link", "atom:link", f"is {links}, not {own[1]} once")
        category = channel.findall(f"{{{ITUNES}}}category")
        named = tuple(one.get("text", "") for top in category[:1] for one in top.iter())
        known = categories.is_known(named)
        self.want(known, "category", "itunes:category", f"Apple has no {named}", _SAY)
        self.explicit(channel, "channel")
        author = _text(channel, "itunes:author")
        self.want(author, "author", "channel", "has no itunes:author", _SAY)
        for name, value in (
            ("itunes:type", "serial" if serial else "episodic"),
            ("podcast:medium", "audiobook" if serial else "podcast"),
        ):
            found = _text(channel, name)
            self.want(found == value, "kind", name, f"is {found!r}, not {value}")
        self.guid(_text(channel, "podcast:guid"))
        locked = channel.find(f"{{{PODCAST}}}locked")
        self.want(
            locked is not None and "@" in locked.get("owner", "") and locked.text in ("yes", "no"),
            "locked",
            "channel",
            "has no podcast:locked with an owner: anyone may import it elsewhere",
            "say email in library.toml",
            is_error=False,
        )
        content = [
            one.text
            for one in channel.findall(f"{{{PODCAST}}}txt")
            if one.get("purpose") == "ai-content"
        ]
        self.want(
            content == ["true"],
            "ai-content",
            "channel",
            "does not say that a machine speaks",
            "right only where people do",
            is_error=False,
        )
        for person in channel.iter(f"{{{PODCAST}}}person"):
            name = person.text or ""
            fits = 0 < len(name) <= _LONGEST_PERSON
            self.want(fits, "person", name[:40], f"has {len(name)} characters")
        self.want(
            channel.find(f".//{{{PODCAST}}}person") is not None,
            "person",
            "channel",
            "names neither author nor narrator",
            "build books with --author and --narrator",
            is_error=False,
        )
        self.date(channel, "channel")
        self.artwork(channel, "channel", needed=True)

    def guid(self, guid: str) -> None:
        """Test the identity of the feed."""
        try:
            UUID(guid)
        except ValueError:
            self.add("feed-guid", "podcast:guid", f"{guid!r} is no UUID")
        self.guids.add(guid)

    def explicit(self, element: etree._Element, where: str) -> None:
        """Test the parental advisory."""
        said = _text(element, "itunes:explicit")
        self.want(said in ("true", "false"), "explicit", where, f"says {said!r}, not true or false")

    def artwork(self, element: etree._Element, where: str, *, needed: bool) -> None:
        """Test the picture."""
        image = element.find(f"{{{ITUNES}}}image")
        if image is None:
            self.want(not needed, "artwork", where, "has none", _SAY)
            return
        path = self.local(image.get("href", ""), "artwork", where)
        if path:
            self.probe("artwork", path)

    # --- episodes

    def items(self, channel: etree._Element) -> None:
        """Test the episodes."""
        items = channel.findall("item")
        self.want(items, "items", "channel", "has no episodes")
        names: dict[str, str] = {}
        dates: list[float] = []
        for number, item in enumerate(items, 1):
            where = f"item {number} ({_text(item, 'title')[:40]})"
            self.item(item, where, number)
            enclosure = item.find("enclosure")
            if enclosure is not None:
                name = enclosure.get("url", "").rpartition("/")[2]
                self.want(_SAFE.fullmatch(name), "enclosure-name", where, f"{name!r} is unsafe")
                first = names.setdefault(name.lower(), where)
                self.want(first == where, "enclosure-name", where, f"{name} is that of {first}")
            dates.append(self.date(item, where))
        if self.path != "feed.xml":
            apart = all(later - date >= _MINUTE for date, later in pairwise(dates))
            self.want(apart, "dates", "items", "are not a minute apart, oldest first")

    def item(self, item: etree._Element, where: str, number: int) -> None:
        """Test an episode by itself."""
        self.want(_text(item, "title"), "item-title", where, "has no title")
        description = _text(item, "description")
        size = len(description.encode())
        self.want(0 < size <= wording.DESCRIPTION, "item-description", where, f"has {size} bytes")
        guid = item.find("guid")
        text = _text(item, "guid")
        is_link = guid is None or guid.get("isPermaLink") != "false"
        self.want(text and not is_link, "item-guid", where, "has no guid that is no link")
        self.want(text not in self.guids, "item-guid", where, "has the guid of another")
        self.guids.add(text)
        self.enclosure(item, where)
        self.explicit(item, where)
        seconds = _text(item, "itunes:duration")
        whole = seconds.isdecimal() and int(seconds) > 0
        self.want(whole, "duration", where, f"{seconds!r} are no whole seconds")
        if self.path != "feed.xml":
            said = _text(item, "itunes:episode")
            self.want(said == str(number), "episode", where, f"is {said!r}, not {number}")
        marks = [one.get("start", "") for one in item.iter(f"{{{PSC}}}chapter")]
        first = marks[:1] == ["00:00:00.000"]
        self.want(first and marks == sorted(marks), "psc", where, "has no psc:chapters from 0")
        stamps = [one.strip("<>pbr ") for one in _STAMP.findall(description)]
        self.want(stamps[:1] == ["00:00"], "timestamps", where, "has no times from 00:00 described")
        self.named_files(item, where)
        self.artwork(item, where, needed=False)

    def enclosure(self, item: etree._Element, where: str) -> None:
        """Test the sound of an episode."""
        found = item.findall("enclosure")
        if len(found) != 1:
            self.add("enclosure", where, f"has {len(found)} enclosures")
            return
        said = found[0].get("type")
        self.want(said == "audio/mpeg", "enclosure", where, f"is {said}, not audio/mpeg")
        path = self.local(found[0].get("url", ""), "enclosure", where)
        if path:
            size, length = (self.site / path).stat().st_size, found[0].get("length")
            self.want(str(size) == length, "length", where, f"says {length} bytes of {size}")
            self.probe("mp3", path)

    def named_files(self, item: etree._Element, where: str) -> None:
        """Test chapters and transcripts."""
        marks = item.findall(f"{{{PODCAST}}}chapters")
        kinds = [one.get("type") for one in marks]
        right = kinds == ["application/json+chapters"]
        self.want(right, "chapters", where, "has no podcast:chapters")
        said = item.findall(f"{{{PODCAST}}}transcript")
        kinds = [one.get("type") for one in said]
        self.want(
            {"text/vtt", "application/x-subrip"} <= set(kinds),
            "transcript",
            where,
            "has not both transcripts, VTT and SRT",
            "build the book with this program",
            is_error=False,
        )
        for one in said:
            about = one.get("language") and one.get("rel") == "captions"
            self.want(about, "transcript", where, "lacks language or rel of its transcript")
        for one in (*marks, *said):
            path = self.local(one.get("url", ""), "file-there", where)
            if path:
                self.probe("captions", path)

    def date(self, item: etree._Element, where: str) -> float:
        """Test when something was published, and return it."""
        said = _text(item, "pubDate")
        try:
            date: datetime | None = parsedate_to_datetime(said) if _DATE.fullmatch(said) else None
        except ValueError:
            date = None
        if date is None:
            self.add("pubdate", where, f"{said!r} is no date as RFC 2822 has them")
            return 0.0
        future = date.timestamp() > self.now
        self.want(
            not future,
            "pubdate",
            where,
            f"{said} is in the future",
            "set the clock right, or that date in state.json",
        )
        return date.timestamp()

    # --- what all share

    def local(self, url: str, rule: str, where: str) -> str:
        """Return the path of a file of the site by its address; empty if it has none such."""
        path = url.removeprefix(f"{self.root}/")
        if path == url or path not in self.files or not (self.site / path).is_file():
            self.add(rule, where, f"names {url or 'no file'}, which is not in the site")
            return ""
        return path

    def probe(self, rule: str, path: str) -> None:
        """Test a file that the feed names, once."""
        if path in self.probed:
            return
        self.probed.add(path)
        for complaint in self._probed(path):
            self.findings.append(Finding(rule, path, *complaint))

    def _probed(self, path: str) -> list[Complaint]:
        file = self.site / path
        if path.endswith(".mp3"):
            with file.open("rb") as sound:
                return list(probe.sound(sound))
        if path.endswith((".jpg", ".png")):
            return list(probe.picture(file.read_bytes(), path))
        ways: dict[str, Callable[[str], Iterator[Complaint]]] = {
            ".vtt": probe.vtt,
            ".srt": probe.srt,
        }
        way = ways.get(file.suffix, probe.chapters)
        return list(way(file.read_bytes().decode("utf-8", "replace")))

    def want(
        self,
        well: object,
        rule: str,
        where: str,
        what: str,
        remedy: str = _AGAIN,
        *,
        is_error: bool = True,
    ) -> None:
        """Note a finding unless all is well."""
        if not well:
            self.add(rule, where, what, remedy, is_error=is_error)

    def add(
        self, rule: str, where: str, what: str, remedy: str = _AGAIN, *, is_error: bool = True
    ) -> None:
        """Note a finding."""
        place = f"{self.path}, {where}" if where else self.path
        self.findings.append(Finding(rule, place, what, remedy, is_error))


def _text(element: etree._Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    found = element.find(f"{{{PREFIXES[prefix]}}}{local}" if prefix else local)
    return (found.text or "").strip() if found is not None else ""
