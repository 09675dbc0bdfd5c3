"""Names books: a name stays from build to build, and no two sources share one.

A book has the name of its source: `a.txt` becomes `a.mp3`, `https://example.org/tin/mua-lu.html`
becomes `mua-lu.mp3`, and a text from standard input is named by its title. If that name belongs to
the book of another source, the next one is taken:

- for a file its name with its ending, `a-epub`, and then also a digest of the file's name;
- for a page its host and path, `example.org-tin-mua-lu`, and then also a digest of its address; a
  page with a name that says nothing, such as `index.html`, starts with that name;
- for a text from standard input its title with a digest of the text.

Among sources of one run plain text has the first choice, then Markdown, then the others by their
endings. A name that a book once has stays with its source, whatever comes later.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.outputs import ALL_FORMATS
from audiobook.stages.readers import STDIN, SUFFIXES
from audiobook.system import connection, files

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNTITLED = "stdin"
# If a folder has several sources of one name, those with these endings take it first.
_PREFERRED_ENDINGS = (".txt", ".md", ".markdown")
# Names of pages that stand for their folder.
_INDEX_PAGES = frozenset(("default", "home", "index", "main"))
_LETTER = re.compile(r"[^\W\d_]")
_DIGEST_BYTES = 4
# An output with an ending like that of a file is not meant as a folder; `out.v2` is a folder.
_FILE_ENDING = re.compile(r"[a-z]{3,4}|ac3|m4[apr]|mp[24]|ra|au", re.ASCII)


class Output(NamedTuple):
    """Where books go, and their format."""

    folder: Path
    file: Path | None
    """The file of the only book; None if books are named by their sources."""
    form: str | None
    """None if the user names no format."""


def choose_output(output: Path, form: str | None = None) -> Output:
    """Return what a path for the output means: a folder, or the file of a book.

    A path is a file if it ends as one of our formats does and is not a folder.

    Args:
        output: the path.
        form: the format that is wanted; None for that of the file, if it is one.

    Raises:
        UsageError: the file is of another format than the one wanted, or of none of ours; or it is
            standard output.
    """
    if str(output) == "-":
        raise UsageError(
            message("a book is not written to standard output"),
            message("name a file or a folder with -o"),
        )
    ending = output.suffix[1:].lower()
    is_new = not files.is_there(output)  # a file in place of a folder is reported when writing
    is_name = is_new and (f".{ending}" in SUFFIXES or _FILE_ENDING.fullmatch(ending))
    if files.is_folder(output) or not (ending in ALL_FORMATS or is_name):
        return Output(output, None, form)
    if ending not in ALL_FORMATS:
        accepted = ", ".join(f".{name}" for name in ALL_FORMATS)
        raise UsageError(
            message("cannot write {path}", path=output),
            message("name a file that ends in {suffixes}, or a folder", suffixes=accepted),
        )
    if form not in (None, ending):
        raise UsageError(
            message("{path} is not a file of the format {format}", path=output, format=form),
            message("leave out --format, or name another file"),
        )
    return Output(output.parent, output, ending)


def names_of(
    source: str, title: str = "", text: str = "", *, joined: bool = False
) -> tuple[str, ...]:
    """Return the names, without an ending, that the book of a source may have, best first.

    Args:
        source: a file, a folder, an address, or - for standard input.
        title: the title of the text, which names a text from standard input.
        text: the text, which distinguishes a text from standard input from others of its title.
        joined: whether the source is the first of several; of a folder, all texts are meant.
    """
    if source == STDIN:
        name = _safe(title) if title else _UNTITLED
        return name, f"{name}-{_digest(text)}"
    if "://" in source:
        return tuple(dict.fromkeys(_names_of_page(source)))
    path = Path(source)
    is_folder = files.is_folder(path)
    stem = path.resolve().name if is_folder else path.stem
    ending = "joined" if joined or is_folder else path.suffix[1:].lower()
    second = f"{stem}-{ending}".rstrip("-")
    return tuple(dict.fromkeys((stem, second, f"{second}-{_digest(_composed(path.name))}")))


def identity_of(source: str, text: str = "", *, joined: bool = False) -> str:
    """Return the identity of a source, which its book keeps: equal for files of the same name.

    Args:
        source: a file, a folder, an address, or - for standard input.
        text: the text, which distinguishes a text from standard input from others.
        joined: whether the source is the first of several; of a folder, all texts are meant.
    """
    if source == STDIN:
        return f"{_UNTITLED}{_digest(text)}"
    if "://" in source:
        return _digest(source.partition("#")[0])
    path = Path(source)
    is_folder = files.is_folder(path)
    name = _composed(path.resolve().name if is_folder else path.name)
    return _digest(f"{name} joined" if joined or is_folder else name)


def is_from_stdin(identity: str) -> bool:
    """Return whether an identity is that of a text from standard input."""
    return identity.startswith(_UNTITLED)


def assign_names(sources: Iterable[str]) -> dict[str, str]:
    """Return the name of each source's book, if all these books go into one folder.

    The names do not depend on the order of the sources. Names that differ only in the case of
    letters count as one, because not every disk tells them apart. A source for which no name is
    left is missing from the result.
    """
    ordered = sorted((source for source in sources if source != STDIN), key=_precedence)
    taken: set[str] = set()
    names: dict[str, str] = {}
    choices = {source: names_of(source) for source in ordered}
    for rank in range(max(map(len, choices.values()), default=0)):
        for source in ordered:
            choice = choices[source][rank : rank + 1]
            if source not in names and choice and _folded(choice[0]) not in taken:
                names[source] = choice[0]
                taken.add(_folded(choice[0]))
    return names


def _precedence(source: str) -> tuple[int, str, str]:
    """Return a sort key for sources: files before pages, plain text before other formats."""
    if "://" in source:
        return len(_PREFERRED_ENDINGS) + 1, "", source
    ending = Path(source).suffix.lower()
    return (
        _PREFERRED_ENDINGS.index(ending)
        if ending in _PREFERRED_ENDINGS
        else len(_PREFERRED_ENDINGS),
        ending,
        source,
    )


def _names_of_page(address: str) -> tuple[str, ...]:
    parts = connection.parts_of(address) or SplitResult("", "", address, "", "")
    host = (parts.hostname or "page").removeprefix("www.")
    path = PurePosixPath(unquote(parts.path))
    folders, page = [part for part in path.parts[:-1] if part != "/"], path.stem
    says_nothing = page.lower() in _INDEX_PAGES or not _LETTER.search(page)
    last_part = [] if page.lower() in _INDEX_PAGES else [page]
    full_name = _safe("-".join(filter(None, (host, *folders, *last_part, unquote(parts.query)))))
    names = (full_name,) if says_nothing else (_safe(page), full_name)
    return (*names, f"{full_name}-{_digest(address)}")


def _safe(text: str) -> str:
    # The author of the address or the title chose the name, so it cannot be trusted.
    return files.safe_name(text, "")


def _digest(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()


def _composed(name: str) -> str:
    """Return a file name in NFC, because some systems decompose letters."""
    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(name).casefold()
