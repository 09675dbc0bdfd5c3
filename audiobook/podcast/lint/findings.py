"""The findings about a site: one place, the files, and what the checks of a feed collect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.messages import NOTHING, Message, message, verbatim
from audiobook.podcast.lint import probe
from audiobook.podcast.lint.probe import AGAIN
from audiobook.system.json_data import read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from audiobook.podcast import manifest
    from audiobook.podcast.lint.probe import Complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """A place at which a site breaks a rule."""

    rule: str
    """The name of the rule."""
    where: Message
    """The file, and the episode in it."""
    what: Message
    """What is wrong, as a whole sentence that is the same wherever it is wrong."""
    remedy: Message = AGAIN
    is_error: bool = True
    """Clients or directories refuse such a site; otherwise the finding is a warning."""

    @property
    def line(self) -> Message:
        """All of it in one line, for the user."""
        return message(
            "{severity} {rule}: {where}: {what}: {remedy}",
            severity=message("error") if self.is_error else message("warning"),
            rule=self.rule,
            where=self.where,
            what=self.what,
            remedy=self.remedy,
        )


def check_files(site: Path, files: Iterable[manifest.SiteFile]) -> Iterator[LintFinding]:
    """Check the rules that every file of the site must keep."""
    for file in files:
        where = verbatim(file.path)
        try:
            size = (site / file.path).stat().st_size
        except OSError:
            what = message("the file is missing")
            yield LintFinding(rule="file-there", where=where, what=what)
            continue
        if size != file.size:
            what = message(
                "the file has {size:,} bytes instead of {wanted:,}", size=size, wanted=file.size
            )
            yield LintFinding(rule="file-size", where=where, what=what)
        if not file.type:
            what = message("servers know no type for such a file")
            yield LintFinding(rule="file-type", where=where, what=what)
        if not file.path.isascii():
            what = message("the name of the file is not ASCII")
            yield LintFinding(rule="file-name", where=where, what=what)
        if file.immutable and file.sha256[:12] not in file.path:
            what = message("the name of the file lacks the hash of its content")
            yield LintFinding(rule="file-name", where=where, what=what)


class FeedFindings:
    """The findings about one feed, and the checks of the files that it names.

    Args:
        site: the folder of the site.
        path: the feed in it.
        root: the address of the site.
        files: the paths of the files of the site.
        now: the time in seconds since 1970, after which no episode may be dated.
    """

    def __init__(
        self, site: Path, path: str, root: str, files: Collection[str], now: float
    ) -> None:
        self.site, self.path, self.root = site, path, root
        self.files, self.now = files, now
        self.guids: set[str] = set()
        self.findings: list[LintFinding] = []
        self.probed: set[str] = set()

    def local_path(self, url: str, rule: str, where: Message) -> str:
        """Return the path of the file in the site that an address names; empty if there is none.

        Args:
            url: the address.
            rule: the rule that is broken if there is none.
            where: names the episode.
        """
        path = url.removeprefix(f"{self.root}/")
        if path == url or path not in self.files or not (self.site / path).is_file():
            what = (
                message("the feed names a file that is not in the site: {url}", url=url)
                if url
                else message("the address of a file is missing")
            )
            self.add(rule, what, where)
            return ""
        return path

    def check_file(self, rule: str, path: str) -> None:
        """Check a file that the feed names, unless it has been checked."""
        if path in self.probed:
            return
        self.probed.add(path)
        for complaint in self._complaints(path):
            self.findings.append(
                LintFinding(rule=rule, where=verbatim(path), **complaint._asdict())
            )

    def _complaints(self, path: str) -> list[Complaint]:
        file = self.site / path
        if path.endswith(".mp3"):
            with file.open("rb") as sound:
                return list(probe.check_sound(sound))
        try:
            data = read_facts(file)
        except ValueError as problem:
            what = message("the file cannot be read: {reason}", reason=problem)
            return [probe.Complaint(what, AGAIN)]
        if path.endswith((".jpg", ".png")):
            return list(probe.check_picture(data, path))
        checks: dict[str, Callable[[str], Iterator[Complaint]]] = {
            ".vtt": probe.check_vtt,
            ".srt": probe.check_srt,
        }
        check = checks.get(file.suffix, probe.check_chapters)
        return list(check(data.decode("utf-8", "replace")))

    def need(
        self,
        condition: object,
        rule: str,
        what: Message,
        where: Message = NOTHING,
        remedy: Message = AGAIN,
        *,
        is_error: bool = True,
    ) -> None:
        """Add a finding if the condition does not hold; see `add`."""
        if not condition:
            self.add(rule, what, where, remedy, is_error=is_error)

    def add(
        self,
        rule: str,
        what: Message,
        where: Message = NOTHING,
        remedy: Message = AGAIN,
        *,
        is_error: bool = True,
    ) -> None:
        """Add a finding.

        Args:
            rule: the name of the rule.
            what: what is wrong, without naming the place.
            where: names the episode; without it the feed itself breaks the rule.
            remedy: what the user can do.
            is_error: whether clients or directories refuse such a feed.
        """
        feed = verbatim(self.path)
        place = message("{feed}, {episode}", feed=feed, episode=where) if where else feed
        self.findings.append(
            LintFinding(rule=rule, where=place, what=what, remedy=remedy, is_error=is_error)
        )
