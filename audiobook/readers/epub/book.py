"""The files of an EPUB, and whether they are locked."""

from __future__ import annotations

from urllib.parse import unquote

from audiobook.errors import SourceError
from audiobook.model import Change
from audiobook.readers.archive import Archive, key

# Fonts may be garbled with these and the book still be read.
_FONT_OBFUSCATION = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_DRM = {
    "META-INF/license.lcpl": "Readium LCP",
    "META-INF/sinf.xml": "Apple FairPlay",
    "META-INF/rights.xml": "Adobe ADEPT",
}
_ENCRYPTION = "META-INF/encryption.xml"


class Faults:
    """What was damaged and read nevertheless."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        """Pages whose markup is broken."""
        self.encodings: dict[str, list[str]] = {}
        """Pages in another encoding than they say, by that encoding."""
        self.broken: list[str] = []
        """The page of each byte that made no letter."""
        self.missing: list[str] = []
        """Pages that are named and not there."""
        self.saved = 0
        """Files saved from an archive without a directory."""

    def changes(self) -> tuple[Change, ...]:
        """Return what the user is told of them."""
        told = {
            "files saved from a damaged archive": [""] * self.saved,
            "pages named but not in the book": self.missing,
            "pages with broken markup, read as a browser reads": self.pages,
            **{f"decoded from {name}": pages for name, pages in self.encodings.items()},
            "broken bytes left out": self.broken,
        }
        return tuple(Change(step, len(each), each[0]) for step, each in told.items() if each)


class Book(Archive):
    """The files of an EPUB; those that are locked are not read."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data, name, salvage=True)
        self.faults = Faults()
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
        who = next((drm for path, drm in _DRM.items() if path in self), "")
        raise SourceError(
            f"{self.name} is locked with DRM{f' ({who})' if who else ''}",
            "get an edition without DRM; this program does not unlock books",
        )

    def _find_locked(self) -> set[str]:
        """Return the files that are encrypted, other than fonts."""
        locked: set[str] = set()
        for entry in self.tree(_ENCRYPTION).iter("{*}EncryptedData"):
            method = entry.find("{*}EncryptionMethod")
            algorithm = method.get("Algorithm") if method is not None else None
            if algorithm not in _FONT_OBFUSCATION:
                references = entry.iter("{*}CipherReference")
                locked.update(key(unquote(found.get("URI") or "")) for found in references)
        return locked
