"""Audits a lock: of each package, however far down, its age, its licence and its known holes.

The lock is what `uv pip compile --generate-hashes` writes. All facts come from the JSON of the
index (docs.pypi.org/api/json). Where that tells only of the newest version, as some mirrors do,
the holes of an older one are not known, which counts as a finding.

    python bench/audit.py dist/requirements.txt
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(.*)$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_FORBIDDEN = re.compile(r"\bAGPL|Affero|Non-?Commercial|-NC-|Proprietary", re.IGNORECASE)
_UNKNOWN = "?"
_TIMEOUT = 30.0  # seconds
_AT_ONCE = 8
_LONGEST = 40  # characters of a licence in the table


@dataclass(frozen=True, slots=True)
class Pin:
    """A package of the lock."""

    name: str
    version: str
    hashes: int
    """How many of its files have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What is known of a package."""

    pin: Pin
    days: int | None = None
    """Since it was published; None if that is not known."""
    licence: str = _UNKNOWN
    holes: tuple[str, ...] | None = None
    """Names of those that are known; None if nobody could be asked."""
    yanked: bool = False
    newest: str = ""

    @property
    def findings(self) -> list[str]:
        """What speaks against it."""
        judged = {
            "no hash": not self.pin.hashes,
            "withdrawn by its maker": self.yanked,
            "licence": bool(_FORBIDDEN.search(self.licence)),
            "licence not known": self.licence == _UNKNOWN,
            "holes not known": self.holes is None,
        }
        return [*(self.holes or ()), *(name for name, is_so in judged.items() if is_so)]


def read_lock(text: str) -> list[Pin]:
    r"""Return the packages of a lock, in its order.

    >>> read_lock("a==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\nb==2 ; python_version < '3'")
    [Pin(name='a', version='1.0', hashes=1), Pin(name='b', version='2', hashes=0)]
    """
    starts = [match.start() for match in _PINNED.finditer(text)]
    entries = [text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=False)]
    return [
        Pin(match[1], match[2], len(_HASH.findall(entry)))
        for entry in entries
        if (match := _PINNED.match(entry))
    ]


def audit(pin: Pin, index: str, now: datetime) -> Audit:
    """Return what the index tells of a package.

    Args:
        pin: the package.
        index: the address of the index.
        now: the time that ages count from.
    """
    whole = _ask(f"{index}/pypi/{pin.name}/json")
    own = _ask(f"{index}/pypi/{pin.name}/{pin.version}/json")
    if whole is None:
        return Audit(pin=pin)
    newest = whole["info"]["version"]
    told = own or (whole if newest == pin.version else None)
    files = (own or {}).get("urls") or whole.get("releases", {}).get(pin.version, [])
    published = [datetime.fromisoformat(file["upload_time_iso_8601"]) for file in files]
    return Audit(
        pin=pin,
        days=(now - min(published)).days if published else None,
        licence=licence_of((own or whole)["info"]),
        holes=None if told is None else tuple(_holes_of(told)),
        yanked=bool(files) and all(file["yanked"] for file in files),
        newest=newest,
    )


def licence_of(info: dict[str, Any]) -> str:
    """Return the licence of a package: its expression, else its classifiers, else its first line.

    >>> licence_of({"classifiers": ["License :: OSI Approved :: MIT License"], "license": "x"})
    'MIT License'
    """
    prefix = "License :: "
    classified = [
        line.rpartition(" :: ")[2]
        for line in info.get("classifiers") or ()
        if line.startswith(prefix) and line != f"{prefix}OSI Approved"
    ]
    first_line = (info.get("license") or "").strip().partition("\n")[0]
    return info.get("license_expression") or ", ".join(classified) or first_line or _UNKNOWN


def _holes_of(told: dict[str, Any]) -> list[str]:
    return [hole["id"] for hole in told.get("vulnerabilities") or () if not hole.get("withdrawn")]


def _ask(address: str) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except (OSError, ValueError):  # an HTTPError is one: it is not there, or cannot be reached
        return None


def table(audits: list[Audit]) -> str:
    """Return a line for each package: version, age in days, licence, hashes, and findings."""
    rows = [("PACKAGE", "VERSION", "DAYS", "HASHES", "LICENCE", "FINDINGS")]
    for one in audits:
        newer = f" (newest {one.newest})" if one.newest not in ("", one.pin.version) else ""
        rows.append(
            (
                one.pin.name,
                one.pin.version + newer,
                _UNKNOWN if one.days is None else str(one.days),
                str(one.pin.hashes),
                one.licence[:_LONGEST],
                ", ".join(one.findings),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def main() -> int:
    """Print the table, and return 1 if anything speaks against a package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--index", default="https://pypi.org", help="the address of the index")
    words = parser.parse_args()
    pins = read_lock(words.lock.read_text("utf-8"))
    ask = partial(audit, index=words.index.rstrip("/"), now=datetime.now(UTC))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        audits = list(pool.map(ask, pins))
    print(table(audits))
    against = [one for one in audits if one.findings]
    print(f"{len(audits)} packages, {len(against)} with findings")
    return 1 if against or not audits else 0


if __name__ == "__main__":
    sys.exit(main())
