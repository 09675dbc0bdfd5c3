"""The parts of a Word file, and how one names another (ECMA-376, part 2)."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from audiobook.stages.readers.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobook.errors import SourceError
    from audiobook.stages.readers.xml_files import Event

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",  # "strict" files
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
}


class WordPackage:
    """The parts of a Word file, each unpacked as it is read."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._archive = Archive(data, name)

    def related(self, part: str, kind: str) -> str | None:
        """Return the part of a kind, such as styles, that a part (the package for "") refers to."""
        folder, base = posixpath.split(part)
        for element, attributes in self.elements(f"{folder}/_rels/{base}.rels"):
            if (
                element == "Relationship"
                and attributes.get("Type", "").rpartition("/")[2] == kind
                and attributes.get("TargetMode") != "External"
            ):
                return posixpath.join("/", folder, attributes.get("Target", ""))
        return None

    def events(self, part: str | None) -> Iterator[Event]:
        """Read the XML of a part; a part that is not there has none.

        Raises:
            SourceError: it is damaged, too large, or declares entities.
        """
        return self._archive.events(part or "", _PREFIXES)

    def elements(self, part: str | None) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the elements of a part as they begin, with their attributes."""
        for kind, name, attributes in self.events(part):
            if kind == "start":
                yield name, attributes

    def damage_error(self, reason: str) -> SourceError:
        """Return the error that says that the file is damaged."""
        return self._archive.damage_error(reason)


def is_on(attributes: Mapping[str, str]) -> bool:
    """Whether a toggle such as ``<w:vanish/>`` is on."""
    return attributes.get("val", "true") not in {"0", "false", "off", "none", "nil"}


def font_of(attributes: Mapping[str, str]) -> str:
    """Return the font of ``<w:rFonts>`` for letters beyond ASCII."""
    return attributes.get("hAnsi") or attributes.get("ascii") or ""


def integer_of(attributes: Mapping[str, str], default: int = 0) -> int:
    """Return the number that an element gives, or a default where it gives none."""
    value = attributes.get("val", "")
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else default
