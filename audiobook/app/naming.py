"""What books are called: the names stay from build to build, and no two sources share one.

A book is called as its source: `a.txt` becomes `a.mp3`, `https://example.org/tin/mua-lu.html`
becomes `mua-lu.mp3`, and what comes from standard input is called by its title. Where that name
belongs to the book of another source, the next one is taken:

- of a file with its ending, `a-epub`, and then with a digest of the file's name;
- of a page with its host and path, `example.org-tin-mua-lu`, and then with a digest of its
  address; one that says nothing, as `index.html`, has that name at once;
- of a text from standard input with a digest of the text.

Of sources that come together plain text goes first, then Markdown, then the others by their
endings. A name that a book once has stays with its source, whatever comes later.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audiobook.stages.readers import STDIN
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNTITLED = "stdin"
# Where a folder has several sources of one name, these take it first.
_FIRST = (".txt", ".md", ".markdown")
# Names of pages that stand for the folder they are in.
_ENTRANCES = frozenset(("default", "home", "index", "main"))
_LETTER = re.compile(r"[^\W\d_]")
_DIGEST_BYTES = 4


def names_of(
    source: str, title: str = "", text: str = "", *, joined: bool = False
) -> tuple[str, ...]:
    """Return the names, without an ending, that the book of a source may have, best first.

    Args:
        source: a file, a folder, an address, or - for standard input.
        title: of the text, which names what comes from standard input.
        text: what tells a text from standard input from others of its title.
        joined: whether the source is but the first of several, or the folder they are in.
    """
    if source == STDIN:
        name = _safe(title) if title else _UNTITLED
        return name, f"{name}-{_digest(text)}"
    if "://" in source:
        return tuple(dict.fromkeys(_names_of_page(source)))
    path = Path(source)
    stem = path.resolve().name if files.is_folder(path) else path.stem
    second = f"{stem}-joined" if joined else f"{stem}-{path.suffix[1:].lower()}".rstrip("-")
    return tuple(dict.fromkeys((stem, second, f"{second}-{_digest(_normal(path.name))}")))


def identity_of(source: str, text: str = "", *, joined: bool = False) -> str:
    """Return what a book keeps of its source: the same for the same file name, wherever it lies.

    Args:
        source: a file, a folder, an address, or - for standard input.
        text: what tells a text from standard input from others.
        joined: whether the source is but the first of several, or the folder they are in.
    """
    if source == STDIN:
        return f"{_UNTITLED}{_digest(text)}"
    if "://" in source:
        return _digest(source.partition("#")[0])
    path = Path(source)
    name = _normal(path.resolve().name if files.is_folder(path) else path.name)
    return _digest(f"{name} joined" if joined else name)


def is_from_stdin(identity: str) -> bool:
    """Whether an identity is that of a text from standard input."""
    return identity.startswith(_UNTITLED)


def assign(sources: Iterable[str]) -> dict[str, str]:
    """Return the name of each source's book, where all these books go into one folder.

    It does not depend on the order of the sources. Names that differ only in the case of letters
    count as one: not every disk tells them apart. A source for which no name is left is missing.
    """
    waiting = sorted((source for source in sources if source != STDIN), key=_precedence)
    taken: set[str] = set()
    names: dict[str, str] = {}
    choices = {source: names_of(source) for source in waiting}
    for place in range(max(map(len, choices.values()), default=0)):
        for source in waiting:
            choice = choices[source][place : place + 1]
            if source not in names and choice and _folded(choice[0]) not in taken:
                names[source] = choice[0]
                taken.add(_folded(choice[0]))
    return names


def _precedence(source: str) -> tuple[int, str, str]:
    """Sort sources: files before pages, plain text before other formats."""
    if "://" in source:
        return len(_FIRST) + 1, "", source
    ending = Path(source).suffix.lower()
    return _FIRST.index(ending) if ending in _FIRST else len(_FIRST), ending, source


def _names_of_page(address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    host = (parts.hostname or "page").removeprefix("www.")
    path = PurePosixPath(unquote(parts.path))
    folders, page = [part for part in path.parts[:-1] if part != "/"], path.stem
    says_nothing = page.lower() in _ENTRANCES or not _LETTER.search(page)
    last = [] if page.lower() in _ENTRANCES else [page]
    whole = _safe("-".join(filter(None, (host, *folders, *last, unquote(parts.query)))))
    names = (whole,) if says_nothing else (_safe(page), whole)
    return (*names, f"{whole}-{_digest(address)}")


def _safe(text: str) -> str:
    # Whoever wrote the address or the title chose the name.
    return files.safe_name(text, "")


def _digest(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()


def _normal(name: str) -> str:
    """Return a file's name as it is on every system: some decompose letters."""
    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _normal(name).casefold()
