"""Records on the workers of a Dask cluster: other machines, or processes of this one.

The workers share nothing but the program: passages are sent with the voices that speak them, and
recordings come back as bytes. Each worker checks that it is the same build of the program, and has
the same voice files, before it records.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from audiobook import engines
from audiobook.errors import EngineError, UsageError
from audiobook.messages import message
from audiobook.system import build_id, processes
from audiobook.system.requirements import install_hint
from audiobook.workers.bundles import Bundles, Outcomes
from audiobook.workers.outcome import FailureKind
from audiobook.workers.remote import (
    Identities,
    other_build_error,
    record_on_worker,
    with_portable_files,
)

if TYPE_CHECKING:
    from concurrent.futures import Future

    from distributed import Client, LocalCluster
    from distributed import Future as Task

    from audiobook.model import Cast, Passage, Recording, Sound

LOCAL = "local"
"""Instead of an address: a cluster that is started here and ends with the command."""

# All in seconds.
_CONNECT, _FIRST_WORKER, _RETURN = 10.0, 60.0, 300.0
_COUNTED_EVERY = 2.0
_NAP = 0.5
_PORTS = 1 << 16

CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
"""Settings of Dask with which a worker seldom looks after itself; by default it does 50 times a
second, and takes 2 to 3 % of a core for that (bench/cluster.py)."""


class _LostError(Exception):
    """A task or its result was lost on its way."""


class Cluster:
    """A connection to the scheduler of a cluster, renewed when the scheduler is restarted.

    Args:
        address: of the scheduler, as ``tcp://host:8786``; or `LOCAL`.
        number: number of workers of a local cluster.

    Raises:
        UsageError: Dask is not installed, or there is no such address.
        EngineError: the scheduler cannot be reached, or no worker comes.
        VoiceError: a worker has another version of the program.
    """

    def __init__(self, address: str, number: int) -> None:
        try:
            import distributed
            from distributed.comm.addressing import get_address_host_port
            from distributed.comm.core import CommClosedError
        except ImportError as problem:
            raise UsageError(
                message("a cluster needs dask, which is not installed"), install_hint("distributed")
            ) from problem
        # What matters in its messages is raised as our own errors.
        for name in ("distributed", "distributed.client"):  # Dask gives each a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._distributed = distributed
        self._killed_error = distributed.KilledWorker
        self._loss_errors = (CancelledError, CommClosedError, _LostError)
        self._lock = threading.Lock()
        self._own: LocalCluster | None = None
        if address == LOCAL:
            self._own = self._start_local(number)
            address = self._own.scheduler_address
        try:
            # A client with any other address waits, and prints a traceback of its own.
            _, port = get_address_host_port(address)
        except (ValueError, NotImplementedError) as problem:
            raise _bad_address_error(address) from problem
        if not 0 < port < _PORTS:
            raise _bad_address_error(address)
        self._address = address
        self._client = self._connect(_CONNECT)
        self._sent: dict[Cast, tuple[Cast, Identities]] = {}
        self._bundles = Bundles(self._send)
        self._counted_at, self._worker_count = 0.0, 0
        try:
            self._check_workers()
        except BaseException:
            self.close(at_once=True)
            raise

    @property
    def number(self) -> int:
        """How many passages its workers are given at once; workers come and go."""
        return max(1, self._count_workers()) * self._bundles.size

    def _count_workers(self) -> int:
        if time.monotonic() - self._counted_at > _COUNTED_EVERY:
            with suppress(OSError, RuntimeError, ValueError):  # not connected, as `submit` will see
                self._worker_count = len(self._client.nthreads())
            self._counted_at = time.monotonic()
        return self._worker_count

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Submit a passage; the future gives its recording."""
        self._connected()
        return self._bundles.submit(passage, cast, sound)

    def _send(self, passages: list[Passage], cast: Cast, sound: Sound) -> Future[Outcomes]:
        client = self._connected()
        if cast not in self._sent:
            packed = cast.each(with_portable_files)
            pairs = zip(packed.voices, map(engines.identity, cast.voices), strict=True)
            self._sent[cast] = packed, tuple(pairs)
        packed, identities = self._sent[cast]
        task = client.submit(
            record_on_worker, passages, packed, sound, build_id.identity(), identities, pure=False
        )
        loop: Any = client.loop  # of Tornado
        return asyncio.run_coroutine_threadsafe(_fetch(client, task), loop.asyncio_loop)

    def judge(self, problem: BaseException) -> FailureKind:
        """Return the kind of a failure; the scheduler gives work of lost workers to others."""
        if isinstance(problem, self._killed_error):
            return FailureKind.SUSPECT
        return (
            FailureKind.ABANDONED if isinstance(problem, self._loss_errors) else FailureKind.FAILED
        )

    def look_after(self) -> str:
        """Return how to start workers, if there are none any more; empty if there are."""
        if self._count_workers():
            return ""
        return message(
            "{address} has no workers any more, and waits for some: "
            "dask worker --nthreads 1 {address}",
            address=self._address,
        )

    def close(self, *, at_once: bool) -> None:
        """Disconnect from the cluster; a local one ends."""
        self._client.close(timeout=1 if at_once else 10)
        if self._own is not None:
            self._own.close(timeout=2 if at_once else 10)

    def _start_local(self, number: int) -> LocalCluster:
        import dask

        try:
            with dask.config.set(CALM), processes.interrupts_withheld():
                return self._distributed.LocalCluster(
                    n_workers=number,
                    threads_per_worker=1,
                    dashboard_address=None,
                    # Any free port: another command has its own cluster at the usual one.
                    scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                    memory_limit=0,
                    preload=["audiobook.workers.remote"],
                    silence_logs=logging.CRITICAL,
                )
        except (RuntimeError, OSError) as problem:  # a worker was killed before it could work
            raise EngineError(
                message("the cluster of this machine did not start: {reason}", reason=problem),
                message("run the same command again, or leave out --cluster"),
            ) from problem

    def _connect(self, patience: float) -> Client:
        try:
            return self._make_client(patience)
        except (RuntimeError, TypeError, FileNotFoundError, ssl.SSLError) as problem:
            raise UsageError(
                message(
                    "the settings of Dask do not fit {address}: {reason}",
                    address=self._address,
                    reason=problem,
                ),
                message("give them certificates for tls://, or use tcp:// where none are required"),
            ) from problem
        except OSError as problem:
            raise EngineError(
                message("no scheduler answers at {address}", address=self._address),
                message("start one with `dask scheduler`, and workers with `dask worker ADDRESS`"),
            ) from problem

    def _make_client(self, patience: float) -> Client:
        """Return a client that is connected; one that cannot be is closed at once.

        distributed closes it only when Python finds it in the garbage. Where that is while the next
        one starts, it waits for ever for a lock that this one holds.
        """
        kind = self._distributed.Client
        client = kind.__new__(kind)
        try:
            kind.__init__(client, self._address, timeout=patience, set_as_default=False)
        except BaseException:
            client.__del__()  # not `close`, which fails where there is no loop yet
            raise
        return client

    def _connected(self) -> Client:
        """Return the client as soon as it is connected."""
        with self._lock:
            deadline = time.monotonic() + _RETURN
            while self._client.status != "running":
                if self._client.status != "connecting":
                    try:
                        self._client = self._connect(_CONNECT)
                    except EngineError:
                        if time.monotonic() > deadline:
                            raise
                time.sleep(_NAP)
            return self._client

    def _check_workers(self) -> None:
        """Check that there are workers, and that they run the same build of the program."""
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError as problem:
            raise EngineError(
                message("the scheduler at {address} has no workers", address=self._address),
                message("start some: dask worker --nthreads 1 {address}", address=self._address),
            ) from problem
        builds: dict[str, Any] = self._client.run(build_id.identity, on_error="return")
        for worker, build in builds.items():
            if isinstance(build, Exception):
                raise other_build_error(
                    worker, message("an unknown version of audiobook")
                ) from build
            if build != build_id.identity():
                raise other_build_error(worker, f"audiobook {build}")


async def _fetch(client: Client, task: Task[Outcomes]) -> Outcomes:
    """Return what became of the passages of a task.

    Futures of Dask's own executor never end when a scheduler goes away while their results come.

    Raises:
        _LostError: the task or its result was lost.
    """
    try:
        outcomes: Outcomes = await client.gather(task, asynchronous=True)
    except Exception as problem:
        if task.status == "error":
            raise
        raise _LostError from problem
    return outcomes


def _bad_address_error(address: str) -> UsageError:
    return UsageError(
        message("{address!r} is not the address of a scheduler", address=address),
        message("as --cluster tcp://host:8786, or --cluster local"),
    )
