"""The branch of a git repository that a site is published to, and what is to change in it.

Of what is there, only the names of the files are fetched, and the contents that are asked for; so
only new files are sent, whatever the size of the site. All changes make one commit without a
history, which replaces the branch: what was replaced is gone.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from audiobook.messages import message
from audiobook.podcast.targets.content import BLOCK, Content
from audiobook.system.git import GitError, Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from audiobook.podcast.manifest import SiteFile

BLOBS = ".audiobook-blobs.json"
"""The file there that tells the sizes of the others: git knows only what it has fetched."""
_VERSION = 1
_PUBLISHED, _NEW = "refs/heads/published", "refs/heads/new"
# What publishing compares, fetched at once.
_COMPARED = re.compile(r"(?:[^/]+\.json|(?:.*/)?feed\.xml)")
_COMMITTER = "audiobook <audiobook@localhost> now"


class MovedError(Exception):
    """Somebody else has changed the branch meanwhile."""


class Source(NamedTuple):
    """Where the content of a file comes from."""

    file: SiteFile
    open: Callable[[], IO[bytes]]


class Blob(NamedTuple):
    """The content of a file, as git names it."""

    id: str
    size: int
    """In bytes; -1 if that is not known because somebody else put it there."""


class GitTree:
    """The files of a branch, read as those of a file system, and their changes.

    Args:
        url: the repository, as git takes it.
        branch: the branch.

    Raises:
        OSError: the cache folder cannot be written, or git not be started.
        GitError: the repository cannot be read.
    """

    def __init__(self, url: str, branch: str) -> None:
        self._url, self._ref = url, f"refs/heads/{branch}"
        self._tip = ""  # the commit that was read; empty if there is no such branch
        self._blobs: dict[str, Blob] = {}
        self._changes: dict[str, Source | None] = {}  # None for files to remove
        self._repository = Repository()
        try:
            self._fetch()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Forget all that was fetched and is not published."""
        self._repository.remove()

    # --- what is there ----------------------------------------------------------------------------

    def cat_file(self, path: str) -> bytes:
        """Return the content of a published file.

        Raises:
            FileNotFoundError: there is none.
            GitError: it cannot be fetched.
        """
        if path not in self._blobs:
            raise FileNotFoundError(path)
        return self._repository.run("cat-file", "blob", self._blobs[path].id)

    def find(self, *_: object, **__: object) -> dict[str, dict[str, int]]:
        """Return all published files with their sizes in bytes, -1 for those of somebody else."""
        return {path: {"size": blob.size} for path, blob in self._blobs.items()}

    def invalidate_cache(self) -> None:
        """Do nothing: the branch is read once, and replaced only if it is still what was read."""

    def _fetch(self) -> None:
        run = self._repository.run
        run("init", "--quiet", "--bare", "--template=")
        run("remote", "add", "origin", self._url)
        if not self._remote_tip():
            return
        self._fetch_branch("--filter=blob:none")
        try:
            self._fetch_contents()
        except GitError as problem:
            if not any("unadvertised object" in line for line in problem.lines):
                raise
            # A server that leaves out contents but does not send single ones later sends all.
            self._fetch_branch("--no-filter", "--refetch")
        self._read_sizes()

    def _fetch_branch(self, *options: str) -> None:
        options = ("--quiet", "--depth=1", "--no-tags", *options)
        self._repository.run("fetch", *options, "origin", f"+{self._ref}:{_PUBLISHED}")
        self._read_tree(_PUBLISHED)

    def _fetch_contents(self) -> None:
        """Fetch what publishing compares as git fetches a missing content, but many at once."""
        run = self._repository.run
        names = run("rev-list", "--objects", "--missing=print", self._tip).decode().splitlines()
        missing = {name[1:] for name in names if name.startswith("?")}
        compared = {blob.id for path, blob in self._blobs.items() if _COMPARED.fullmatch(path)}
        if wanted := sorted(missing & compared):
            options = ("--quiet", "--filter=blob:none", "--no-tags", "--no-write-fetch-head")
            fetch = ("-c", "fetch.negotiationAlgorithm=noop", "fetch", *options, "origin")
            run(*fetch, "--stdin", data="".join(f"{name}\n" for name in wanted).encode())

    def _remote_tip(self) -> str:
        answer = self._repository.run("ls-remote", "--quiet", "origin", self._ref)
        return answer.split(b"\t", 1)[0].decode().strip()

    def _read_tree(self, commit: str) -> None:
        run = self._repository.run
        self._tip = run("rev-parse", commit).decode().strip()
        self._blobs = {}
        for entry in run("ls-tree", "-r", "-z", self._tip).split(b"\0")[:-1]:
            facts, path = entry.split(b"\t", 1)
            _, kind, name = facts.decode().split()
            if kind == "blob":
                self._blobs[path.decode(errors="surrogateescape")] = Blob(name, -1)

    def _read_sizes(self) -> None:
        """Take the sizes that were noted when the files were published, of contents still there."""
        if BLOBS not in self._blobs:
            return
        try:
            document = json.loads(self.cat_file(BLOBS))
            known = document["blobs"] if document["version"] == _VERSION else {}
            for path, blob in self._blobs.items():
                name, size = known.get(path, ("", -1))
                if name == blob.id:
                    self._blobs[path] = Blob(name, int(size))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return  # all files are sent again

    # --- what is to change ------------------------------------------------------------------------

    def stage(self, path: str, source: Source) -> None:
        """Note a file to be written."""
        self._changes[path] = source

    def rm_file(self, path: str) -> None:
        """Note a file to be removed.

        Raises:
            FileNotFoundError: there is none.
        """
        if path not in self._blobs:
            raise FileNotFoundError(path)
        self._changes[path] = None

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to publish."""
        return bool(self._changes)

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all files there will be."""
        removed = {path for path, source in self._changes.items() if source is None}
        return frozenset((self._blobs.keys() | self._changes.keys()) - removed)

    def write_commit(self) -> str:
        """Write what is to be published as a commit of this machine, and return its name.

        Raises:
            DamageError: a file is not what its description says.
            OSError: a file cannot be read.
            GitError: the commit cannot be written.
        """
        options = ("--quiet", "--done", "--force", "--date-format=now")
        self._repository.run("fast-import", *options, data=self._stream())
        return self._repository.run("rev-parse", _NEW).decode().strip()

    def push(self, commit: str, watch: Callable[[str], None]) -> None:
        """Replace the branch by a commit, if it is still what was read.

        Raises:
            MovedError: it is not.
            GitError: the repository cannot be reached, or refuses it.
        """
        if self._tip:
            # As if the commit that was read were the end of a shallow history: only then does git
            # leave out what the server has, although the new commit does not descend from it.
            (self._repository.path / "shallow").write_text(f"{self._tip}\n")
        lease = f"--force-with-lease={self._ref}:{self._tip}"
        options = ("--progress", "--no-verify", lease)
        try:
            self._repository.run("push", *options, "origin", f"{commit}:{self._ref}", watch=watch)
        except GitError:
            tip = self._remote_tip()
            if tip not in (commit, self._tip):
                raise MovedError from None
            if tip == self._tip:
                raise
        self._changes.clear()
        self._read_tree(commit)
        self._read_sizes()

    def _stream(self) -> Iterator[bytes]:
        """Yield the commit as `git fast-import` reads it: contents, then what becomes of files."""
        written: dict[str, Blob] = {}
        for mark, (path, source) in enumerate(self._changes.items(), start=1):
            if source is not None:
                written[path] = yield from self._render_blob(mark, source)
        sizes = {path: blob for path, blob in self._blobs.items() if path in self.paths} | written
        notes = render_sizes(sizes)
        yield b"commit %s\ncommitter %s\ndata 0\n" % (_NEW.encode(), _COMMITTER.encode())
        if self._tip:
            tree = self._repository.run("rev-parse", f"{self._tip}^{{tree}}").strip()
            yield b'M 040000 %s ""\n' % tree
        for mark, (path, source) in enumerate(self._changes.items(), start=1):
            if source is None:
                yield b"D %s\n" % _quote(path)
            else:
                yield b"M 100644 :%d %s\n" % (mark, _quote(path))
        yield b"M 100644 inline %s\ndata %d\n%s\ndone\n" % (_quote(BLOBS), len(notes), notes)

    def _render_blob(self, mark: int, source: Source) -> Generator[bytes, None, Blob]:
        size = source.file.size
        digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)  # as git names it
        yield b"blob\nmark :%d\ndata %d\n" % (mark, size)
        read = 0
        with source.open() as file:
            content = Content(file, source.file)
            while block := content.read(BLOCK):
                read += len(block)
                digest.update(block)
                yield block
        content.check()
        if read != size:
            raise OSError(message("{path} changed while it was sent", path=source.file.path))
        yield b"\n"
        return Blob(digest.hexdigest(), size)


def data_source(data: bytes, file: SiteFile) -> Source:
    """Return a source of data that is in memory."""
    return Source(file, lambda: io.BytesIO(data))


def render_sizes(blobs: Mapping[str, Blob]) -> bytes:
    """Render the file that tells the sizes of the others."""
    known: dict[str, Any] = {path: blob for path, blob in sorted(blobs.items()) if blob.size >= 0}
    known.pop(BLOBS, None)
    return json.dumps({"version": _VERSION, "blobs": known}, separators=(",", ":")).encode()


def _quote(path: str) -> bytes:
    """Return a path as `git fast-import` reads it."""
    data = path.encode(errors="surrogateescape")
    for sign, escape in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        data = data.replace(sign, escape)
    return b'"%s"' % data
