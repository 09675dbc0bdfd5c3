"""A scheduler and workers, each a process of its own, as `dask scheduler` and `dask worker` are."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

QUICK = {
    # How soon a scheduler gives up a worker that says nothing, and a worker its scheduler.
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "3s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Farm:
    """The processes of a cluster on loopback."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = {**os.environ, **QUICK, **environment}
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.begin_scheduler()

    def begin_scheduler(self) -> subprocess.Popen[bytes]:
        words = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        self.scheduler = self._begin("dask_scheduler", *words)
        return self.scheduler

    def begin_worker(self, *, nanny: bool = False, **environment: str) -> subprocess.Popen[bytes]:
        words = ("--nthreads", "1", "--no-dashboard", "--nanny" if nanny else "--no-nanny")
        place = ("--local-directory", str(self._folder / "scratch"))
        return self._begin("dask_worker", self.address, *words, *place, **environment)

    def _begin(self, program: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{program}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *words],
                env={**self._environment, **environment},
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                cwd=self._folder,  # where no other audiobook lies
            )
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in reversed(self.running):
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it has begun, wherever it stands."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def farm(
    folder: Path, workers: int, environment: Mapping[str, str] | None = None
) -> Iterator[Farm]:
    """Give a cluster with so many workers."""
    farm = Farm(folder, environment or {})
    try:
        for _ in range(workers):
            farm.begin_worker()
        time.sleep(0.1)
        yield farm
    finally:
        farm.end()
