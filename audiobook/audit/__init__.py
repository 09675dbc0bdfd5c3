"""A finished book, measured and judged from its file alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.audit import contents, labels, levels, listening, speech
from audiobook.audit.profiles import ACX, PODCAST, PROFILES
from audiobook.audit.types import Audit, Finding, Profile, Severity
from audiobook.errors import EngineError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiobook.audit.types import Contents

__all__ = ["ACX", "PODCAST", "PROFILES", "Audit", "Finding", "Profile", "Severity", "audit"]

# One rule may find fault with every sentence; more than these tell nothing new.
_MOST = 20
_WORST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def audit(path: Path, profile: Profile = PODCAST) -> Audit:
    """Measure a finished book in one pass, and compare it with what a profile wants.

    Args:
        path: an MP3, M4B or Opus file.
        profile: what it is measured against.

    Raises:
        SourceError: it cannot be read, or is no such file.
    """
    said = contents.read(path)
    try:
        sound = listening.listen(path, said.rate, said.parts)
    except EngineError as problem:
        raise SourceError(f"{path}: {problem.what}", problem.remedy) from problem
    spoken, findings = speech.compare(said, sound, profile)
    findings += labels.judge_tags(said)
    findings += labels.judge_cover(said)
    findings += labels.judge_file(said, sound, profile)
    findings += labels.judge_chapters(said, sound.seconds)
    findings += levels.judge(said, sound, profile)
    return Audit(path, profile, said, sound, spoken, tuple(_in_order(said, findings)))


def _in_order(said: Contents, findings: Iterable[Finding]) -> list[Finding]:
    """Put the worst first, tell of each the chapter, and of each rule only so many."""
    placed = [_with_chapter(said, finding) for finding in findings]
    placed.sort(key=lambda one: (_WORST.index(one.severity), one.at if one.at is not None else -1))
    kept: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in placed:
        kept.setdefault((finding.rule, finding.severity), []).append(finding)
    for (rule, severity), many in kept.items():
        if len(many) > _MOST:
            more = Finding(rule, severity, f"and {len(many) - _MOST:,} more like these")
            many[_MOST:] = [more]
    return sorted(
        (finding for many in kept.values() for finding in many),
        key=lambda one: _WORST.index(one.severity),
    )


def _with_chapter(said: Contents, finding: Finding) -> Finding:
    if finding.chapter is not None or finding.at is None:
        return finding
    for number, part in enumerate(said.parts, 1):
        if part.start <= finding.at < part.end:
            return replace(finding, chapter=number)
    return finding
