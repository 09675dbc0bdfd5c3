"""Remembers beside a site where it was published last, so that the loss of the site is no loss.

A library may come from a stranger, with such a note in it. So a note counts only where this account
has published to the same place before: else passwords would go there, and the programs run that
a repository there names.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.system import files
from audiobook.system.folders import data_folder
from audiobook.system.json_data import DAMAGE, load_json, read_facts

if TYPE_CHECKING:
    from audiobook.podcast.targets import Target

_VERSION = 1
_MOST_KNOWN = 1000


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
    if (known := _known()).get(address) != last.insecure:
        latest = [*known.items()][1 - _MOST_KNOWN :]
        document = {"version": _VERSION, "targets": {**dict(latest), address: last.insecure}}
        files.note(_known_path(), f"{json.dumps(document, ensure_ascii=False)}\n".encode())
    if _read_note(site) != last:
        document = {"version": _VERSION, "target": last.address, "insecure": last.insecure}
        files.put(path_of(site), f"{json.dumps(document, ensure_ascii=False)}\n".encode())


def recall(site: Path) -> LastTarget:
    """Return where a site was published last, if this account has published there."""
    noted = _read_note(site)
    insecure = _known().get(noted.address)
    return LastTarget() if insecure is None else LastTarget(noted.address, insecure)


def recall_of_others(site: Path) -> str:
    """Return where a site was published last if this account never did; else an empty text."""
    noted = _read_note(site)
    return "" if noted.address in _known() else noted.address


def path_of(site: Path) -> Path:
    """Return the path of the note: beside the folder of the site, not in it."""
    site = Path(os.path.abspath(site))  # noqa: PTH100 (`Path.absolute` keeps "..")
    return site.with_name(f".{site.name}.published.json")


def _read_note(site: Path) -> LastTarget:
    try:
        note = load_json(read_facts(path_of(site)))
        if note["version"] == _VERSION:
            return LastTarget(str(note["target"]), bool(note["insecure"]))
    except DAMAGE:
        pass  # as if it had never been published from here: publishing writes the note again
    return LastTarget()


def _known_path() -> Path:
    return data_folder() / "targets.json"


def _known() -> dict[str, bool]:
    """Return where this account has published, and whether it let a password be sent openly."""
    try:
        document = load_json(read_facts(_known_path()))
        if document["version"] == _VERSION:
            return {str(name): bool(insecure) for name, insecure in document["targets"].items()}
    except DAMAGE:
        pass  # it has published nowhere yet
    return {}
