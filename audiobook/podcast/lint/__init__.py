"""Whether a written site is what Apple, PSP-1, the podcast namespace and real clients need."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from audiobook.messages import message, plural, verbatim
from audiobook.podcast import manifest, state, wording
from audiobook.podcast.feed import PREFIXES, safe_parser
from audiobook.podcast.lint.channel import check_channel
from audiobook.podcast.lint.episodes import check_episodes
from audiobook.podcast.lint.findings import FeedFindings, LintFinding, check_files
from audiobook.system.json_data import read_facts

if TYPE_CHECKING:
    from pathlib import Path

_UTF_8 = re.compile(rb"<\?xml[^>]*encoding=['\"]utf-8['\"]", re.IGNORECASE)


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
    findings = list(check_files(site, files.values()))
    guids: set[str] = set()
    for path in sorted(path for path in files if path.endswith("feed.xml")):
        feed = FeedFindings(site, path, site_state.url, files.keys(), now)
        _check_feed(feed)
        findings += feed.findings
        guids |= feed.guids
    if missing := site_state.guids - guids:
        what = plural(
            "{count} published GUID is in no feed",
            "{count} published GUIDs are in no feed",
            count=len(missing),
        )
        findings.append(LintFinding(rule="guid-kept", where=verbatim(state.NAME), what=what))
    return findings


def _check_feed(feed: FeedFindings) -> None:
    """Check one feed by every rule."""
    from lxml import etree

    try:
        data = read_facts(feed.site / feed.path)
        tree = etree.fromstring(data, safe_parser())
    except (OSError, ValueError, etree.XMLSyntaxError) as problem:
        feed.add("xml", message("the feed cannot be read: {reason}", reason=problem))
        return
    feed.need(_UTF_8.match(data), "xml-utf8", message("the feed does not declare UTF-8"))
    is_rss = tree.tag == "rss" and tree.get("version") == "2.0"
    feed.need(is_rss, "rss", message("the feed is not RSS 2.0"))
    for prefix, namespace in PREFIXES.items():
        feed.need(
            tree.nsmap.get(prefix) == namespace,
            "namespace",
            message("the feed does not declare the namespace {prefix}", prefix=prefix),
        )
    channel = tree.find("channel")
    if channel is None:
        feed.add("rss", message("the feed has no channel"))
        return
    for text in map(str, channel.itertext()):
        feed.need(
            wording.clean_lines(text) == text.strip() or not text.strip(),
            "clean-text",
            message("a text holds characters that clients refuse: {text!r}", text=text[:40]),
        )
    check_channel(feed, channel)
    check_episodes(feed, channel)
