"""What all places to publish to have in common: reading, sending, trying again."""

from __future__ import annotations

import hashlib
import io
import posixpath
import threading
from typing import IO, TYPE_CHECKING, Any, Self

from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.podcast.manifest import SiteFile
from audiobook.podcast.targets import failing
from audiobook.podcast.targets.content import Content
from audiobook.system.json_data import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.podcast.targets.failing import Result


class Target:
    """A place to publish to; threads may share it.

    It is a context manager that closes the connection. A subclass defines how a kind of place is
    opened, how a file arrives whole or not at all, and what its libraries raise.

    Args:
        address: the address as the user wrote it, for messages.
    """

    failures: failing.ExceptionTypes = ()
    """What the libraries raise, besides OSError."""
    permanent_failures: failing.ExceptionTypes = ()
    """Those failures that trying again does not help, besides PermissionError."""
    reconnects = False
    """Whether a failure may have ended the connection, so that another one must be opened."""
    is_atomic = False
    """Whether the whole site changes at once with `commit`, for one of two writers only."""
    kept_files: frozenset[str] = frozenset()
    """Files that the host itself puts there for the user, and that are never touched."""
    tries = 4
    """How often anything is tried before it counts as failed."""
    remedy = message("check that it exists and can be written to, then run the same command again")

    def __init__(self, address: str) -> None:
        self.address = address
        self.insecure = False
        """Whether a password may be sent without encryption."""
        self._lock = threading.Lock()
        self._connection: Any = None

    # --- what subclasses define -------------------------------------------------------------------

    def connect(self) -> Any:
        """Return a file system of fsspec."""
        raise NotImplementedError

    def remote_path(self, path: str) -> str:
        """Return the name of a file of the site in the file system."""
        raise NotImplementedError

    def fetch(self, connection: Any, name: str) -> bytes:
        """Return the content of a small file, or the beginning of one that is larger than allowed.

        Args:
            connection: the file system.
            name: the name in the file system.

        Raises:
            FileNotFoundError: it does not exist.
        """
        with connection.open(name, "rb") as file:
            data: bytes = file.read(LARGEST + 1)
        return data

    def list_files(self, connection: Any) -> Iterator[tuple[str, int]]:
        """Yield the name in the file system and the size in bytes of each file in the place."""
        root = self.remote_path("") or "/"
        for _, _, files in connection.walk(root, maxdepth=failing.DEEPEST, detail=True):
            for info in files.values():
                yield info["name"], info["size"]

    def upload(self, connection: Any, content: Content, name: str) -> None:
        """Put a file into the file system under a name, whole or not at all.

        What was read is checked before the file gets its name.

        Args:
            connection: the file system.
            content: what the file holds.
            name: the name in the file system.
        """
        raise NotImplementedError

    def create(self, connection: Any, data: bytes, name: str) -> None:
        """Create a small file, of several writers at once for one only.

        Args:
            connection: the file system.
            data: what the file holds.
            name: the name in the file system.

        Raises:
            FileExistsError: the file exists.
            NotImplementedError: the place cannot tell.
        """
        raise NotImplementedError

    def forget_unfinished(self, connection: Any) -> None:
        """Remove what was sent in part and is not in the list of files; most kinds have none.

        Args:
            connection: the file system.
        """

    def check_fits(self, sizes: Mapping[str, int]) -> None:
        """Make sure that the place takes all files that there will be; most kinds take any.

        Args:
            sizes: their sizes in bytes by path.

        Raises:
            OutputError: it does not.
        """

    def commit(self, report: Callable[[SiteFile], None]) -> None:
        """Make all that was put there and removed seen, where it is seen at once.

        Args:
            report: called with each file that has arrived.

        Raises:
            DamageError: a file is not what its description says.
            OvertakenError: somebody else has published there meanwhile.
            OutputError: it could not be sent.
        """

    def remedy_for(self, problem: Exception) -> Message:  # noqa: ARG002
        """Return what the user can do about a failure."""
        return self.remedy

    def disconnect(self, connection: Any) -> None:
        """Close a file system; some kinds close themselves."""

    # --- what publishing uses ---------------------------------------------------------------------

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None if it does not exist.

        Raises:
            OutputError: the place cannot be reached, or the file is too large to be ours.
        """

        def read(connection: Any) -> bytes | None:
            try:
                return self.fetch(connection, self.remote_path(path))
            except FileNotFoundError:
                return None

        data = self._retry(read)
        if data is not None and len(data) > LARGEST:
            raise failing.too_large(path, self.address, LARGEST)
        return data

    def sizes(self) -> dict[str, int]:
        """Return the sizes in bytes of all files in the place, by their paths.

        Raises:
            OutputError: the place cannot be reached.
        """

        def find(connection: Any) -> dict[str, int]:
            connection.invalidate_cache()
            root = "/" + self.remote_path("").strip("/")
            sizes: dict[str, int] = {}
            try:
                for name, size in self.list_files(connection):
                    path = posixpath.relpath("/" + name.strip("/"), root)
                    if not path.startswith("../"):  # a server may write what it likes
                        sizes[path] = size
                    if len(sizes) > failing.MOST_NAMES:
                        raise failing.TooManyFilesError
            except FileNotFoundError:
                return {}
            return sizes

        return self._retry(find)

    def put(self, local: Path, file: SiteFile) -> None:
        """Put a file of a site in its place, whole or not at all.

        Raises:
            DamageError: the file is not what its description says.
            OutputError: the file could not be sent, or arrived with another size.
        """
        self._put(lambda: local.open("rb"), file)

    def put_data(self, path: str, data: bytes) -> None:
        """Put data in the place as a file, whole or not at all.

        Raises:
            OutputError: the file could not be sent, or arrived with another size.
        """
        digest = hashlib.sha256(data).hexdigest()
        file = SiteFile(path, len(data), digest, immutable=False)
        self._put(lambda: io.BytesIO(data), file)

    def create_data(self, path: str, data: bytes) -> bool:
        """Put data in the place as a file that is not there yet; return whether it was not.

        Raises:
            NotImplementedError: the place cannot tell.
            OutputError: the file could not be sent.
        """

        def create(connection: Any) -> bool:
            try:
                self.create(connection, data, self.remote_path(path))
            except FileExistsError:
                return False
            return True

        return self._retry(create)

    def _put(self, open_source: Callable[[], IO[bytes]], file: SiteFile) -> None:
        def put(connection: Any) -> None:
            name = self.remote_path(file.path)
            with open_source() as source:
                self.upload(connection, Content(source, file), name)
            connection.invalidate_cache()
            if (size := connection.info(name)["size"]) != file.size:
                raise failing.wrong_size(file.path, size, file.size)

        self._retry(put)

    def clean(self) -> None:
        """Remove what was sent in part and is not in the list of files.

        Raises:
            OutputError: it could not be removed.
        """
        self._retry(self.forget_unfinished)

    def remove(self, path: str) -> None:
        """Remove a file if it exists.

        Raises:
            OutputError: it could not be removed.
        """

        def remove(connection: Any) -> None:
            try:
                connection.rm_file(self.remote_path(path))
            except FileNotFoundError:
                return

        self._retry(remove)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self.disconnect(self._connection)

    def _retry(self, work: Callable[[Any], Result]) -> Result:
        """Call a function with the connection; try again, on a new one if needed, when it fails."""
        failures: failing.ExceptionTypes = (OSError, *self.failures)
        permanent_failures: failing.ExceptionTypes = (PermissionError, *self.permanent_failures)

        def attempt() -> Result:
            with self._lock:
                connection = self._connection = self._connection or self.connect()
            try:
                return work(connection)
            except failures:
                if self.reconnects:
                    with self._lock:
                        if self._connection is connection:  # else another thread was first
                            self._connection = None
                raise

        try:
            return failing.retry(attempt, self.tries, failures, permanent_failures)
        except failures as problem:
            raise OutputError(
                message(
                    "cannot publish to {address}: {reason}", address=self.address, reason=problem
                ),
                self.remedy_for(problem),
            ) from problem
