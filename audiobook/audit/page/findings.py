"""Renders the findings of an audit: those of one rule folded, the worst of them on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.audit.page.texts import duration, play_button, tell
from audiobook.messages import message, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.audit.types import Audit, Finding


def findings_list(audit: Audit) -> Iterator[str]:
    """Yield the list of all findings, the worst first."""
    yield f"<h2>{tell(message('Findings'))}</h2>"
    if not audit.findings:
        yield f'<p class="fine">{tell(message("No problems found."))}</p>'
        return
    by_rule: dict[str, list[Finding]] = {}
    for finding in audit.findings:  # the worst come first
        by_rule.setdefault(finding.rule, []).append(finding)
    yield '<ul class="findings">'
    for alike in by_rule.values():
        yield from _folded(alike) if len(alike) > 1 else (f"<li>{_row(alike[0])}</li>",)
    yield "</ul>"


def _folded(alike: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings of one rule: what the worst is, and all when it is unfolded."""
    worst = alike[0]
    count = tell(plural("{count:,} place", "{count:,} places", count=len(alike)))
    yield (
        f'<li><details><summary><span class="row"><b class="{worst.severity}">'
        f"{tell(worst.severity.label)}</b><span>{tell(worst.what)}"
        f'<span class="soft">{_figures(worst)}</span></span>'
        f'<span class="count">{count}</span></span></summary>\n<ul>'
    )
    for finding in alike:
        yield f"<li>{_row(finding)}</li>"
    yield "</ul></details></li>"


def _row(finding: Finding) -> str:
    place = tell(finding.place(duration))
    where = place if finding.at is None else play_button(finding.at, place)
    remedy = f'<span class="soft">{tell(finding.remedy)}</span>' if finding.remedy else ""
    return (
        f'<span class="row"><b class="{finding.severity}">{tell(finding.severity.label)}</b>'
        f'<span>{tell(finding.what)}<span class="soft">{_figures(finding)}</span>{remedy}</span>'
        f"<span>{where}</span></span>"
    )


def _figures(finding: Finding) -> str:
    """Return what was measured and what is wanted."""
    pairs = ((message("Measured"), finding.measured), (message("Wanted"), finding.wanted))
    return " · ".join(f"{tell(name)}: {tell(text)}" for name, text in pairs if text)
