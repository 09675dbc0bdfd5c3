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
from audiobook.podcast.feed import ATOM, ITUNES, PODCAST, PREFIXES, PSC, safe_parser

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from lxml import etree

    from audiobook.podcast.probe import Complaint

_AGAIN = "write the site again"
_SET_IT = "say it in library.toml"
_LONGEST_PERSON = 128
_MINUTE = 60
_SAFE = re.compile(r"[A-Za-z0-9._-]+")
_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? [+-]\d{4}")
_STAMP = re.compile(r"(?:<p>|<br>)(?:\d+:)?\d\d:\d\d ")


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A place at which a site breaks a rule."""

    rule: str
    """The name of the rule."""
    where: str
    """The file, and the element or the episode in it."""
    what: str
    remedy: str
    is_error: bool = True
    """Clients or directories refuse such a site; otherwise the finding is a warning."""

    def __str__(self) -> str:
        """Return the finding as one line."""
        kind = "error" if self.is_error else "warning"
        return " ".join(f"{kind} {self.rule}: {self.where}: {self.what}: {self.remedy}".split())


def check(site: Path, *, now: float | None = None) -> list[LintFinding]:
    """Check a site by every rule, offline, and return the findings.

    Args:
        site: the folder of the site.
        now: the time in seconds since 1970, after which no episode may be dated.

    Raises:
        SourceError: there is no site.
        UsageError: the state of the site is damaged.
    """
    files = {file.path: file for file in manifest.read(site)}
    site_state = state.read(site)
    now = time.time() if now is None else now
    findings = list(_check_files(site, files.values()))
    guids: set[str] = set()
    for path in sorted(path for path in files if path.endswith("feed.xml")):
        feed_check = _FeedCheck(site, path, site_state.url, files.keys(), now)
        findings += feed_check.check()
        guids |= feed_check.guids
    if missing := site_state.guids - guids:
        findings.append(
            LintFinding("guid-kept", state.NAME, f"{len(missing)} GUIDs are in no feed", _AGAIN)
        )
    return findings


def _check_files(site: Path, files: Iterable[manifest.SiteFile]) -> Iterator[LintFinding]:
    """Check the rules that every file of the site must keep."""
    for file in files:
        try:
            size = (site / file.path).stat().st_size
        except OSError:
            yield LintFinding("file-there", file.path, "is missing", _AGAIN)
            continue
        if size != file.size:
            what = f"has {size:,} bytes, not {file.size:,}"
            yield LintFinding("file-size", file.path, what, _AGAIN)
        if not file.type:
            yield LintFinding("file-type", file.path, "has no type that is served", _AGAIN)
        if not file.path.isascii():
            yield LintFinding("file-name", file.path, "is not ASCII", _AGAIN)
        if file.immutable and file.sha256[:12] not in file.path:
            yield LintFinding("file-name", file.path, "does not name its content", _AGAIN)


class _FeedCheck:
    """Checks one feed, and collects the findings."""

    def __init__(
        self, site: Path, path: str, root: str, files: Collection[str], now: float
    ) -> None:
        self.site, self.path, self.root = site, path, root
        self.files, self.now = files, now
        self.guids: set[str] = set()
        self.findings: list[LintFinding] = []
        self.probed: set[str] = set()

    def check(self) -> list[LintFinding]:
        """Check the feed by every rule, and return the findings."""
        from lxml import etree

        try:
            data = (self.site / self.path).read_bytes()
            tree = etree.fromstring(data, safe_parser())
        except (OSError, etree.XMLSyntaxError) as problem:
            self.add("xml", "", f"cannot be read: {problem}")
            return self.findings
        declared = re.match(rb"<\?xml[^>]*encoding=['\"]utf-8['\"]", data, re.IGNORECASE)
        self.need(declared, "xml-utf8", "", "does not declare UTF-8")
        self.need(tree.tag == "rss" and tree.get("version") == "2.0", "rss", "", "is not RSS 2.0")
        for prefix, namespace in PREFIXES.items():
            self.need(tree.nsmap.get(prefix) == namespace, "namespace", "", f"lacks {prefix}")
        channel = tree.find("channel")
        if channel is None:
            self.add("rss", "", "has no channel")
            return self.findings
        for text in map(str, channel.itertext()):
            is_clean = wording.clean_lines(text) == text.strip() or not text.strip()
            self.need(is_clean, "clean-text", "", f"holds {text[:40]!r}")
        self.check_channel(channel)
        self.check_items(channel)
        return self.findings

    # --- the channel

    def check_channel(self, channel: etree._Element) -> None:
        """Check what the feed says about itself."""
        serial = self.path != "feed.xml"
        for name in ("title", "link", "description", "language"):
            self.need(
                _child_text(channel, name), f"channel-{name}", "channel", f"has no {name}", _SET_IT
            )
        size = len(_child_text(channel, "description").encode())
        fits = size <= wording.MAX_DESCRIPTION
        self.need(fits, "channel-description", "channel", f"has {size} bytes", _SET_IT)
        links = [
            (link.get("type"), link.get("href"))
            for link in channel.findall(f"{{{ATOM}}}link")
            if link.get("rel") == "self"
        ]
        own = ("application/rss+xml", f"{self.root}/{self.path}")
        self.need(links == [own], "self-link", "atom:link", f"is {links}, not {own[1]} once")
        tops = channel.findall(f"{{{ITUNES}}}category")
        category = tuple(element.get("text", "") for top in tops[:1] for element in top.iter())
        is_known = categories.is_known(category)
        self.need(is_known, "category", "itunes:category", f"Apple has no {category}", _SET_IT)
        self.check_explicit(channel, "channel")
        author = _child_text(channel, "itunes:author")
        self.need(author, "author", "channel", "has no itunes:author", _SET_IT)
        for name, wanted in (
            ("itunes:type", "serial" if serial else "episodic"),
            ("podcast:medium", "audiobook" if serial else "podcast"),
        ):
            text = _child_text(channel, name)
            self.need(text == wanted, "kind", name, f"is {text!r}, not {wanted}")
        self.check_feed_guid(_child_text(channel, "podcast:guid"))
        locked = channel.find(f"{{{PODCAST}}}locked")
        self.need(
            locked is not None and "@" in locked.get("owner", "") and locked.text in ("yes", "no"),
            "locked",
            "channel",
            "has no podcast:locked with an owner: anyone may import it elsewhere",
            "say email in library.toml",
            is_error=False,
        )
        ai_content = [
            element.text
            for element in channel.findall(f"{{{PODCAST}}}txt")
            if element.get("purpose") == "ai-content"
        ]
        self.need(
            ai_content == ["true"],
            "ai-content",
            "channel",
            "does not say that a machine speaks",
            "right only where people do",
            is_error=False,
        )
        for person in channel.iter(f"{{{PODCAST}}}person"):
            name = person.text or ""
            fits = 0 < len(name) <= _LONGEST_PERSON
            self.need(fits, "person", name[:40], f"has {len(name)} characters")
        self.need(
            channel.find(f".//{{{PODCAST}}}person") is not None,
            "person",
            "channel",
            "names neither author nor narrator",
            "build books with --author and --narrator",
            is_error=False,
        )
        self.check_date(channel, "channel")
        self.check_artwork(channel, "channel", needed=True)

    def check_feed_guid(self, guid: str) -> None:
        """Check the identity of the feed."""
        try:
            UUID(guid)
        except ValueError:
            self.add("feed-guid", "podcast:guid", f"{guid!r} is not a UUID")
        self.guids.add(guid)

    def check_explicit(self, element: etree._Element, where: str) -> None:
        """Check the parental advisory."""
        text = _child_text(element, "itunes:explicit")
        self.need(text in ("true", "false"), "explicit", where, f"says {text!r}, not true or false")

    def check_artwork(self, element: etree._Element, where: str, *, needed: bool) -> None:
        """Check the picture of the feed or of an episode."""
        image = element.find(f"{{{ITUNES}}}image")
        if image is None:
            self.need(not needed, "artwork", where, "has none", _SET_IT)
            return
        path = self.local_path(image.get("href", ""), "artwork", where)
        if path:
            self.check_file("artwork", path)

    # --- episodes

    def check_items(self, channel: etree._Element) -> None:
        """Check the episodes."""
        items = channel.findall("item")
        self.need(items, "items", "channel", "has no episodes")
        names: dict[str, str] = {}
        dates: list[float] = []
        for number, item in enumerate(items, 1):
            where = f"item {number} ({_child_text(item, 'title')[:40]})"
            self.check_item(item, where, number)
            enclosure = item.find("enclosure")
            if enclosure is not None:
                name = enclosure.get("url", "").rpartition("/")[2]
                self.need(_SAFE.fullmatch(name), "enclosure-name", where, f"{name!r} is unsafe")
                first = names.setdefault(name.lower(), where)
                self.need(first == where, "enclosure-name", where, f"{name} is that of {first}")
            dates.append(self.check_date(item, where))
        if self.path != "feed.xml":
            apart = all(later - date >= _MINUTE for date, later in pairwise(dates))
            self.need(apart, "dates", "items", "are not a minute apart, oldest first")

    def check_item(self, item: etree._Element, where: str, number: int) -> None:
        """Check one episode."""
        self.need(_child_text(item, "title"), "item-title", where, "has no title")
        description = _child_text(item, "description")
        size = len(description.encode())
        fits = 0 < size <= wording.MAX_DESCRIPTION
        self.need(fits, "item-description", where, f"has {size} bytes")
        guid = item.find("guid")
        text = _child_text(item, "guid")
        is_link = guid is None or guid.get("isPermaLink") != "false"
        self.need(text and not is_link, "item-guid", where, "has no guid that is not a link")
        self.need(text not in self.guids, "item-guid", where, "has the guid of another")
        self.guids.add(text)
        self.check_enclosure(item, where)
        self.check_explicit(item, where)
        seconds = _child_text(item, "itunes:duration")
        is_whole = seconds.isdecimal() and int(seconds) > 0
        self.need(is_whole, "duration", where, f"{seconds!r} is not a whole number of seconds")
        if self.path != "feed.xml":
            episode = _child_text(item, "itunes:episode")
            self.need(episode == str(number), "episode", where, f"is {episode!r}, not {number}")
        starts = [chapter.get("start", "") for chapter in item.iter(f"{{{PSC}}}chapter")]
        in_order = starts[:1] == ["00:00:00.000"] and starts == sorted(starts)
        self.need(in_order, "psc", where, "has no psc:chapters from 0")
        stamps = [stamp.strip("<>pbr ") for stamp in _STAMP.findall(description)]
        self.need(stamps[:1] == ["00:00"], "timestamps", where, "has no times from 00:00 described")
        self.check_named_files(item, where)
        self.check_artwork(item, where, needed=False)

    def check_enclosure(self, item: etree._Element, where: str) -> None:
        """Check the sound of an episode."""
        enclosures = item.findall("enclosure")
        if len(enclosures) != 1:
            self.add("enclosure", where, f"has {len(enclosures)} enclosures")
            return
        kind = enclosures[0].get("type")
        self.need(kind == "audio/mpeg", "enclosure", where, f"is {kind}, not audio/mpeg")
        path = self.local_path(enclosures[0].get("url", ""), "enclosure", where)
        if path:
            size, length = (self.site / path).stat().st_size, enclosures[0].get("length")
            self.need(str(size) == length, "length", where, f"says {length} bytes of {size}")
            self.check_file("mp3", path)

    def check_named_files(self, item: etree._Element, where: str) -> None:
        """Check the chapters and transcripts of an episode."""
        chapters = item.findall(f"{{{PODCAST}}}chapters")
        kinds = [element.get("type") for element in chapters]
        is_json = kinds == ["application/json+chapters"]
        self.need(is_json, "chapters", where, "has no podcast:chapters")
        transcripts = item.findall(f"{{{PODCAST}}}transcript")
        kinds = [element.get("type") for element in transcripts]
        self.need(
            {"text/vtt", "application/x-subrip"} <= set(kinds),
            "transcript",
            where,
            "has not both transcripts, VTT and SRT",
            "build the book with this program",
            is_error=False,
        )
        for element in transcripts:
            described = element.get("language") and element.get("rel") == "captions"
            self.need(described, "transcript", where, "lacks language or rel of its transcript")
        for element in (*chapters, *transcripts):
            path = self.local_path(element.get("url", ""), "file-there", where)
            if path:
                self.check_file("captions", path)

    def check_date(self, item: etree._Element, where: str) -> float:
        """Check the date of the feed or of an episode, and return it in seconds since 1970."""
        text = _child_text(item, "pubDate")
        try:
            date: datetime | None = parsedate_to_datetime(text) if _DATE.fullmatch(text) else None
        except ValueError:
            date = None
        if date is None:
            self.add("pubdate", where, f"{text!r} is not a date as RFC 2822 writes it")
            return 0.0
        future = date.timestamp() > self.now
        self.need(
            not future,
            "pubdate",
            where,
            f"{text} is in the future",
            "set the clock right, or that date in state.json",
        )
        return date.timestamp()

    # --- common to all checks

    def local_path(self, url: str, rule: str, where: str) -> str:
        """Return the path of the file in the site that an address names; empty if there is none."""
        path = url.removeprefix(f"{self.root}/")
        if path == url or path not in self.files or not (self.site / path).is_file():
            self.add(rule, where, f"names {url or 'no file'}, which is not in the site")
            return ""
        return path

    def check_file(self, rule: str, path: str) -> None:
        """Check a file that the feed names, unless it has been checked."""
        if path in self.probed:
            return
        self.probed.add(path)
        for complaint in self._complaints(path):
            self.findings.append(LintFinding(rule, path, *complaint))

    def _complaints(self, path: str) -> list[Complaint]:
        file = self.site / path
        if path.endswith(".mp3"):
            with file.open("rb") as sound:
                return list(probe.check_sound(sound))
        if path.endswith((".jpg", ".png")):
            return list(probe.check_picture(file.read_bytes(), path))
        checks: dict[str, Callable[[str], Iterator[Complaint]]] = {
            ".vtt": probe.check_vtt,
            ".srt": probe.check_srt,
        }
        check = checks.get(file.suffix, probe.check_chapters)
        return list(check(file.read_bytes().decode("utf-8", "replace")))

    def need(
        self,
        condition: object,
        rule: str,
        where: str,
        what: str,
        remedy: str = _AGAIN,
        *,
        is_error: bool = True,
    ) -> None:
        """Add a finding if the condition does not hold."""
        if not condition:
            self.add(rule, where, what, remedy, is_error=is_error)

    def add(
        self, rule: str, where: str, what: str, remedy: str = _AGAIN, *, is_error: bool = True
    ) -> None:
        """Add a finding."""
        place = f"{self.path}, {where}" if where else self.path
        self.findings.append(LintFinding(rule, place, what, remedy, is_error))


def _child_text(element: etree._Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    child = element.find(f"{{{PREFIXES[prefix]}}}{local}" if prefix else local)
    return (child.text or "").strip() if child is not None else ""
