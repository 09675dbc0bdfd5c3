"""Measures and judges a finished book by its file alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.audit import chapters, labels, levels, listening, speech
from audiobook.audit.contents import read_contents
from audiobook.audit.profiles import ACX, PODCAST, PROFILES
from audiobook.audit.types import Audit, Finding, Profile, Severity
from audiobook.errors import EngineError, SourceError
from audiobook.messages import message
from audiobook.outputs import wav

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiobook.audit.types import FileContents

__all__ = ["ACX", "PODCAST", "PROFILES", "Audit", "Finding", "Profile", "Severity", "audit"]

# One rule may find fault with every sentence: more findings than this tell nothing new.
_MOST = 20
_WORST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def audit(path: Path, profile: Profile = PODCAST) -> Audit:
    """Measure a finished book in one pass, and compare it with what a profile wants.

    Args:
        path: an MP3, M4B, Opus or WAV file.
        profile: what it is measured against.

    Raises:
        SourceError: the file cannot be read, or is of another kind.
    """
    contents = read_contents(path)
    try:
        sound = listening.listen(path, contents.rate, contents.chapters, contents.music)
    except EngineError as problem:
        raise SourceError(
            message("{path}: {problem}", path=path, problem=problem.what), problem.remedy
        ) from problem
    agreement, findings = speech.compare(contents, sound, profile)
    if contents.format == wav.NAME:
        # Sound for a film: silent where nobody speaks, without synced text, chapters or a cover.
        findings = []
    else:
        findings += labels.judge_tags(contents)
        findings += labels.judge_cover(contents)
        findings += chapters.judge_chapters(contents, sound.seconds)
    findings += labels.judge_file(contents, sound, profile)
    findings += levels.judge(contents, sound, profile)
    return Audit(
        path=path,
        profile=profile,
        contents=contents,
        sound=sound,
        speech=agreement,
        findings=tuple(_in_order(contents, findings)),
    )


def _in_order(contents: FileContents, findings: Iterable[Finding]) -> list[Finding]:
    """Sort the findings, the worst first; shorten long runs of one rule, and add the chapters."""
    placed = sorted(
        findings,
        key=lambda finding: (
            _WORST.index(finding.severity),
            -1 if finding.at is None else finding.at,
        ),
    )
    by_rule: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in placed:
        by_rule.setdefault((finding.rule, finding.severity), []).append(finding)
    for (rule, severity), alike in by_rule.items():
        if len(alike) > _MOST:
            more = Finding(
                rule=rule,
                severity=severity,
                what=message("and {count:,} more like these", count=len(alike) - _MOST),
            )
            alike[_MOST:] = [more]
    return sorted(
        (_with_chapter(contents, finding) for alike in by_rule.values() for finding in alike),
        key=lambda finding: _WORST.index(finding.severity),
    )


def _with_chapter(contents: FileContents, finding: Finding) -> Finding:
    if finding.chapter is not None or finding.at is None:
        return finding
    for number, chapter in enumerate(contents.chapters, 1):
        if chapter.start <= finding.at < chapter.end:
            return replace(finding, chapter=number)
    return finding
