"""The application: what is asked for at which address, and the state that all answers share."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.errors import OutputError, UsageError
from audiobook.messages import message
from audiobook.studio.memory import StudioMemory, read_memory
from audiobook.studio.overviews import Overviews
from audiobook.studio.sharing import Sharing
from audiobook.system import files, locks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from starlette.types import ASGIApp

    from audiobook.studio.guard import Pass
    from audiobook.studio.library import Library
    from audiobook.studio.queue import BuildQueue


_LOCK = ".audiobook-studio.lock"
_LABELS = ".audiobook-labels.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What all answers share."""

    folder: Path
    library: Library
    memory: StudioMemory
    queue: BuildQueue
    admission: Pass
    overviews: Overviews
    sharing: Sharing
    targets: tuple[str, ...]
    """Where the podcast may be published."""


@contextmanager
def open_studio(
    folder: Path, addresses: Iterable[str], code: str = "", targets: Sequence[str] = ()
) -> Iterator[ASGIApp]:
    """Yield the application of a folder; its builds go on where they stopped the last time.

    Args:
        folder: of sources and books.
        addresses: where browsers may ask for it, such as ``http://127.0.0.1:8765/``.
        code: what machines other than this one must give; empty where none may come.
        targets: where the podcast may be published.

    Raises:
        OutputError: the folder cannot be written to, or a folder of the studio is a link.
        UsageError: its studio is open already.
    """
    from urllib.parse import urlsplit

    from audiobook.studio.guard import Guard, Pass
    from audiobook.studio.library import PODCAST, Library
    from audiobook.studio.pages import compile_page
    from audiobook.studio.queue import BuildQueue
    from audiobook.studio.removing import REMOVED
    from audiobook.studio.routes import make_routes
    from audiobook.studio.uploads import ARRIVALS, sweep

    hosts = {urlsplit(address).netloc for address in addresses}
    ports = {urlsplit(address).port for address in addresses}
    hosts |= {f"localhost:{port}" for port in ports}
    for own in (folder / PODCAST, folder / ARRIVALS, folder / REMOVED):
        files.refuse_link_out(own, folder)  # files elsewhere would be shared, or removed
    lock = locks.FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except locks.Timeout as problem:
        raise UsageError(
            message("the studio of {folder} is open already", folder=folder),
            message("use that one, or stop it"),
        ) from problem
    except OSError as problem:
        raise OutputError(
            message("cannot write to {folder}: {reason}", folder=folder, reason=problem),
            message("name another folder"),
        ) from problem
    sweep(folder)
    memory = read_memory(folder)
    library = Library(folder, memory, folder / _LABELS)
    for page in ("problem.html", "shelf.html", "shelf_books.html"):
        compile_page(page)
    queue = BuildQueue(library, memory, library.job)
    studio = Studio(
        folder=folder,
        library=library,
        memory=memory,
        queue=queue,
        admission=Pass(hosts=frozenset(hosts), code=code),
        overviews=Overviews(),
        sharing=Sharing(folder / PODCAST),
        targets=tuple(targets),
    )
    try:
        yield Guard(make_routes(studio), studio.admission)
    finally:
        studio.sharing.stop()
        queue.close()
        studio.overviews.close()
        lock.release()
