"""Remembers beside a site where it was published last, so that the loss of the site is no loss."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.system import files

if TYPE_CHECKING:
    from audiobook.podcast.targets import Target

_VERSION = 1


class LastTarget(NamedTuple):
    """Where a site was published last."""

    address: str = ""
    """Empty if that is not known."""
    insecure: bool = False
    """Whether the user let the password be sent there without encryption."""


def remember(site: Path, target: Target) -> None:
    """Note where a site is published; a folder is noted with its full path.

    Args:
        site: the folder of the site.
        target: where it is published.

    Raises:
        OutputError: the note cannot be written.
    """
    address = target.address
    if "://" not in address:
        address = os.path.abspath(address)  # noqa: PTH100 (`Path.absolute` keeps "..")
    last = LastTarget(address, target.insecure)
    if recall(site) != last:
        document = {"version": _VERSION, "target": last.address, "insecure": last.insecure}
        files.put(path_of(site), f"{json.dumps(document, ensure_ascii=False)}\n".encode())


def recall(site: Path) -> LastTarget:
    """Return where a site was published last."""
    try:
        note = json.loads(path_of(site).read_bytes())
        if note["version"] == _VERSION:
            return LastTarget(str(note["target"]), bool(note["insecure"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # as if it had never been published from here: publishing writes the note again
    return LastTarget()


def path_of(site: Path) -> Path:
    """Return the path of the note: beside the folder of the site, not in it."""
    site = Path(os.path.abspath(site))  # noqa: PTH100 (`Path.absolute` keeps "..")
    return site.with_name(f".{site.name}.published.json")
