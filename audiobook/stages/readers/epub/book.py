"""The files of an EPUB, and whether they are locked."""

from __future__ import annotations

import html.entities
from urllib.parse import unquote

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.archive import Archive, key
from audiobook.stages.readers.epub.faults import Faults
from audiobook.vietnamese import lazy_re as re

# Algorithms that only make fonts unusable elsewhere: the book can still be read.
_FONT_OBFUSCATION = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_DRM = {
    "META-INF/license.lcpl": "Readium LCP",
    "META-INF/sinf.xml": "Apple FairPlay",
    "META-INF/rights.xml": "Adobe ADEPT",
}
_ENCRYPTION = "META-INF/encryption.xml"


_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9.-]*);")


class EpubArchive(Archive):
    """The files of an EPUB; those that are locked are not read."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data, name, salvage=True)
        self.faults = Faults()
        """What was damaged and read nevertheless."""
        self._by_name: dict[str, list[str]] = {}
        self._locked: set[str] = set()
        if self.salvaged:
            self.faults.saved = len(self.names())
        if _ENCRYPTION in self:
            self._locked = self._find_locked()

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            SourceError: it is locked with DRM, or cannot be read.
        """
        if key(path) not in self._locked:
            return super().read(path)
        scheme = next((drm for path, drm in _DRM.items() if path in self), "")
        raise SourceError(
            message("{name} is locked with DRM ({scheme})", name=self.name, scheme=scheme)
            if scheme
            else message("{name} is locked with DRM", name=self.name),
            message("get an edition without DRM; this program does not unlock books"),
        )

    def as_utf_8(self, data: bytes, path: str) -> bytes:
        """Return a file as UTF-8 if it is in UTF-16, and without the named entities of HTML.

        Raises:
            SourceError: it begins as UTF-16 does and is not text in that.
        """
        return _NAMED.sub(_as_number, super().as_utf_8(data, path))

    def locate(self, path: str) -> str:
        """Return the path of a file as the archive spells it.

        A file that is not where it should be may be the only one of its name in another folder.
        """
        if path in self:
            return path
        if not self._by_name:
            for other in self.names():
                self._by_name.setdefault(key(other).rpartition("/")[2], []).append(other)
        others = self._by_name.get(key(path).rpartition("/")[2], [])
        return others[0] if len(others) == 1 else path

    def _find_locked(self) -> set[str]:
        """Return the files that are encrypted, other than fonts."""
        locked: set[str] = set()
        for entry in self.tree(_ENCRYPTION).iter("{*}EncryptedData"):
            method = entry.find("{*}EncryptionMethod")
            algorithm = method.get("Algorithm") if method is not None else None
            if algorithm not in _FONT_OBFUSCATION:
                references = entry.iter("{*}CipherReference")
                locked.update(key(unquote(reference.get("URI") or "")) for reference in references)
        return locked


def _as_number(entity: re.Match[bytes]) -> bytes:
    """Return an entity such as `&nbsp;` as XML can read it; an unknown one becomes text."""
    text = html.entities.html5.get(f"{entity[1].decode('ascii')};")
    if text is None:
        return b"&amp;" + entity[0][1:]
    return "".join(f"&#{ord(character)};" for character in text).encode("ascii")
