"""Runs git in a repository of its own, without ever asking the user for anything.

The program is used, not a library: it knows the user's keys, credential helpers and proxies, sends
a site of any size in little memory, and pushes only if nobody else has meanwhile.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.system import programs
from audiobook.system.folders import cache_folder
from audiobook.system.machine import is_running, machine_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Seconds that one command may take: 1 GB at 1 Mbit/s takes 8,000.
_LONGEST = 43_200.0
# Bytes that a command may write: the names of 200,000 files are 20 MB.
_MOST = 256 << 20
# Seconds without a byte after which a connection is given up.
_SILENCE = 60
_SETTINGS = {
    "core.bigFileThreshold": "1m",  # such files are never held in memory, nor compared with others
    "core.compression": "1",  # sound cannot be made smaller
    "core.hooksPath": os.devnull,
    "credential.interactive": "false",
    "fastimport.unpackLimit": "1",
    "gc.auto": "0",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": str(_SILENCE),
    "maintenance.auto": "false",
    "push.gpgSign": "false",
}
_SSH_OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": str(_SILENCE),
    "ServerAliveInterval": str(_SILENCE // 4),
    "ServerAliveCountMax": "4",
}
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
    "LC_ALL": "C",  # so that complaints are recognised
    "LANGUAGE": "C",
}
# They would lead git to another repository, as in its hooks.
_MISLEADING = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)


class GitError(Exception):
    """A command of git failed.

    Args:
        lines: what it wrote to its standard error.
    """

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__(lines)
        self.lines = lines

    def __str__(self) -> str:
        """Return the line that says most: what the server told, else the first complaint."""
        for start in ("remote: ", "ssh: ", "fatal: ", "error: ", ""):
            for line in self.lines:
                text = line.removeprefix(start).strip(" .")
                if line.startswith(start) and any(map(str.isalnum, text)):
                    return text
        return "git failed"


def is_installed() -> bool:
    """Return whether the program is on this machine."""
    return shutil.which("git") is not None


class Repository:
    """A folder of the cache for a repository that lasts as long as it is needed.

    Raises:
        OSError: the folder cannot be made.
    """

    def __init__(self) -> None:
        root = cache_folder() / "git"
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        self.path = Path(tempfile.mkdtemp(prefix=f"{machine_id()}-{os.getpid()}-", dir=root))
        self._environment = _environment(self.path)

    def run(
        self,
        *words: str,
        data: bytes | Iterable[bytes] = b"",
        watch: Callable[[str], None] = lambda _line: None,
    ) -> bytes:
        """Run a command of git, and return its output.

        Args:
            words: the command.
            data: its standard input.
            watch: called with each line of progress and complaint, in another thread.

        Raises:
            OSError: git cannot be started.
            GitError: git failed.
            Exception: what was raised while the input was made.
        """
        lines: list[str] = []

        def take(line: str) -> None:
            lines.append(line)
            watch(line)

        settings = (word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}"))
        try:
            finished = programs.run(
                ["git", "-C", str(self.path), *settings, *words],
                data,
                seconds=_LONGEST,
                most=_MOST,
                environment=self._environment,
                watch=take,
            )
        except (programs.TimeOutError, programs.FloodError) as problem:
            raise GitError((f"git {words[0]} took too long",)) from problem
        if finished.code:
            raise GitError(tuple(lines))
        return finished.output

    def remove(self) -> None:
        """Remove the repository."""
        shutil.rmtree(self.path, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove the repositories of processes that were killed."""
    for path in root.glob(f"{machine_id()}-*"):
        with suppress(ValueError):
            if not is_running(int(path.name.split("-")[1])):
                shutil.rmtree(path, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which neither git nor what it starts asks for anything.

    Args:
        folder: the repository.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    if "GIT_SSH" in kept and "GIT_SSH_COMMAND" not in kept:
        return kept | _QUIET  # a program with options of its own
    command = kept.get("GIT_SSH_COMMAND") or _ssh_of_settings(folder, kept) or "ssh"
    if Path(shlex.split(command)[0]).stem == "ssh":
        command += "".join(f" -o {name}={value}" for name, value in _SSH_OPTIONS.items())
    return kept | _QUIET | {"GIT_SSH_COMMAND": command}


def _ssh_of_settings(folder: Path, environment: dict[str, str]) -> str:
    """Return the command that the user's settings of git name for SSH; empty for none.

    They are asked for in our own repository: in the current folder, which may come from a stranger,
    a repository could name a program.
    """
    command = ["git", "-C", str(folder), "config", "core.sshCommand"]
    try:
        finished = programs.run(command, b"", seconds=_SILENCE, most=_MOST, environment=environment)
    except (OSError, programs.TimeOutError, programs.FloodError):
        return ""  # the first command will say so
    return finished.output.decode(errors="replace").strip()
