"""Publishes over SFTP, through sshfs and asyncssh."""

from __future__ import annotations

import posixpath
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.messages import message
from audiobook.podcast.targets import failing
from audiobook.podcast.targets.content import BLOCK
from audiobook.podcast.targets.remote import TIMEOUT, RemoteTarget
from audiobook.podcast.unfinished import unfinished_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.messages import Message
    from audiobook.podcast.targets.content import Content


class SftpTarget(RemoteTarget):
    """A machine with SSH whose key is in `known_hosts`."""

    reconnects = True
    remedy = message(
        "check that `sftp` of OpenSSH connects without asking: the server's key in "
        "~/.ssh/known_hosts, yours in your agent or ~/.ssh"
    )

    def __init__(self, address: str) -> None:
        super().__init__(address)
        import asyncssh
        import sshfs

        self._file_system = sshfs.SSHFileSystem
        self._failure = asyncssh.SFTPFailure
        self._unknown_key = asyncssh.HostKeyNotVerifiable
        self._passed_over = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied)
        self.failures = (asyncssh.Error,)
        self.permanent_failures = (asyncssh.HostKeyNotVerifiable, asyncssh.PermissionDenied)

    def connect(self) -> Any:
        """Return the file system of the machine, over one connection."""
        login = {"username": self.user, "port": self.port}
        known_hosts = Path("~/.ssh/known_hosts").expanduser()
        return self._file_system(
            self.host,
            # Without known_hosts any key would be accepted; with an empty one, none.
            known_hosts=str(known_hosts) if known_hosts.exists() else b"",
            connect_timeout=TIMEOUT,
            keepalive_interval=TIMEOUT / 4,
            skip_instance_cache=True,
            **{name: value for name, value in login.items() if value is not None},
        )

    def remedy_for(self, problem: Exception) -> Message:
        """Return what the user can do about a failure."""
        if not isinstance(problem, self._unknown_key):
            return self.remedy
        port = f"-p {self.port} " if self.port else ""
        user = f"{self.user}@" if self.user else ""
        return message(
            "the server's key is not in ~/.ssh/known_hosts: connect once with `ssh "
            "{destination}`, compare the fingerprint that it shows with the one that your host "
            "names, and answer yes",
            destination=f"{port}{user}{self.host}",
        )

    def list_files(self, connection: Any) -> Iterator[tuple[str, int]]:
        """Yield the files, of folders that are read name by name: they may have no end."""
        from fsspec.asyn import sync

        yield from sync(connection.loop, self._list_files, connection)

    async def _list_files(self, connection: Any) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        folders = [(self.root or "/", 1)]
        async with connection.client.start_sftp_client() as sftp:
            while folders:
                folder, depth = folders.pop()
                try:
                    async for entry in sftp.scandir(folder):
                        path = posixpath.join(folder, entry.filename)
                        if not stat.S_ISDIR(entry.attrs.permissions or 0):
                            found.append((path, entry.attrs.size or 0))
                        elif depth < failing.DEEPEST and entry.filename not in (".", ".."):
                            folders.append((path, depth + 1))
                        if len(found) + len(folders) > failing.MOST_NAMES:
                            raise failing.TooManyFilesError
                except self._passed_over:
                    continue
        return found

    def upload(self, connection: Any, content: Content, name: str) -> None:
        """Send a file under another name, and rename it once all of it has arrived."""
        unfinished = unfinished_name(name)
        connection.makedirs(posixpath.dirname(name), exist_ok=True)
        with connection.open(unfinished, "wb") as sent:
            while block := content.read(BLOCK):
                sent.write(block)
        content.check()
        connection.mv(unfinished, name)

    def create(self, connection: Any, data: bytes, name: str) -> None:
        """Create a file that does not exist yet."""
        connection.makedirs(posixpath.dirname(name), exist_ok=True)
        try:
            with connection.open(name, "xb") as file:
                file.write(data)
        except self._failure as problem:  # the protocol has no word for "it exists"
            if connection.exists(name):
                raise FileExistsError(name) from problem
            raise
