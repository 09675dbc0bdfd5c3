"""Workers of a Dask cluster that record: on other machines, or several processes of this one.

Nothing is shared with them but the program: passages travel there with the voices that speak them,
and recordings come back as bytes. Each worker makes sure that it is the same program, and speaks
from the same files, before it records.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from audiobook import engines
from audiobook.errors import EngineError, UsageError, VoiceError
from audiobook.system import build_id, processes
from audiobook.system.folders import data_folder
from audiobook.system.requirements import install_hint
from audiobook.workers.local import record_in_time
from audiobook.workers.outcome import Fate

if TYPE_CHECKING:
    from concurrent.futures import Future

    from distributed import Client, LocalCluster

    from audiobook.model import Cast, Passage, Recording, Sound, Voice

LOCAL = "local"
"""Instead of an address: a cluster that is begun here and ends with the command."""

# All in seconds.
_CONNECT, _FIRST_WORKER, _RETURN = 10.0, 60.0, 300.0
_COUNTED_EVERY = 2.0
_NAP = 0.5
_PORTS = 1 << 16

_DATA = "{data}"
"""Stands for the folder of data in what is sent."""

Identities = tuple[tuple["Voice", tuple[str, ...]], ...]


class Cluster:
    """A connection to the scheduler of a cluster, made anew when that is begun anew.

    Args:
        address: of the scheduler, as ``tcp://host:8786``; or `LOCAL`.
        number: workers of a local cluster.

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
                "a cluster needs dask, which is not installed", install_hint("distributed")
            ) from problem
        # What matters of its news comes as errors of ours.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._distributed = distributed
        self._killed = distributed.KilledWorker
        self._losses = (CancelledError, CommClosedError)
        self._lock = threading.Lock()
        self._own: LocalCluster | None = None
        if address == LOCAL:
            self._own = distributed.LocalCluster(
                n_workers=number,
                threads_per_worker=1,
                dashboard_address=None,
                memory_limit=0,
                preload=["audiobook.workers.cluster"],
                silence_logs=logging.CRITICAL,
            )
            address = self._own.scheduler_address
        try:
            # A client that is given anything else waits, and leaves a traceback of its own.
            _, port = get_address_host_port(address)
        except (ValueError, NotImplementedError) as problem:
            raise _no_address(address) from problem
        if not 0 < port < _PORTS:
            raise _no_address(address)
        self._address = address
        self._client = self._connect(_CONNECT)
        self._sent: dict[Cast, tuple[Cast, Identities]] = {}
        self._counted, self._number = 0.0, 0
        try:
            self._check()
        except BaseException:
            self.close(at_once=True)
            raise

    @property
    def number(self) -> int:
        """How many passages its workers record at once; they come and go."""
        if time.monotonic() - self._counted > _COUNTED_EVERY:
            with suppress(OSError, RuntimeError, ValueError):  # away: `submit` waits for it
                self._number = len(self._client.nthreads())
            self._counted = time.monotonic()
        return max(1, self._number)

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        """Have a passage recorded."""
        client = self._connected()
        if cast not in self._sent:
            packed = cast.each(_sendable)
            pairs = zip(packed.voices, map(engines.identity, cast.voices), strict=True)
            self._sent[cast] = packed, tuple(pairs)
        packed, identities = self._sent[cast]
        executor = client.get_executor(pure=False)
        begun: Future[Recording] = executor.submit(
            record_there, passage, packed, sound, build_id.identity(), identities
        )
        return begun

    def judge(self, problem: BaseException) -> Fate:
        """Tell what a future means: the scheduler itself gives work of lost workers to others."""
        if isinstance(problem, self._killed):
            return Fate.SUSPECT
        return Fate.ABANDONED if isinstance(problem, self._losses) else Fate.FAILED

    def close(self, *, at_once: bool) -> None:
        """Leave the cluster; a local one ends."""
        self._client.close(timeout=1 if at_once else 10)
        if self._own is not None:
            self._own.close(timeout=2 if at_once else 10)

    def _connect(self, patience: float) -> Client:
        try:
            return self._distributed.Client(self._address, timeout=patience, set_as_default=False)
        except OSError as problem:
            raise EngineError(
                f"no scheduler answers at {self._address}",
                "start one with `dask scheduler`, and workers with `dask worker ADDRESS`",
            ) from problem

    def _connected(self) -> Client:
        """Return the client, once it is connected."""
        with self._lock:
            until = time.monotonic() + _RETURN
            while self._client.status != "running":
                if self._client.status != "connecting":
                    try:
                        self._client = self._connect(_CONNECT)
                    except EngineError:
                        if time.monotonic() > until:
                            raise
                time.sleep(_NAP)
            return self._client

    def _check(self) -> None:
        """Make sure that there are workers, and that they are what we are."""
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError as problem:
            raise EngineError(
                f"the scheduler at {self._address} has no workers",
                f"start some: dask worker --nthreads 1 {self._address}",
            ) from problem
        found: dict[str, Any] = self._client.run(build_id.identity, on_error="return")
        for worker, said in found.items():
            if isinstance(said, Exception):
                raise _other_program(worker, "no audiobook that we know") from said
            if said != build_id.identity():
                raise _other_program(worker, f"audiobook {said}")


def _no_address(address: str) -> UsageError:
    return UsageError(
        f"{address!r} is not the address of a scheduler",
        "as --cluster tcp://host:8786, or --cluster local",
    )


def _other_program(worker: str, what: str) -> VoiceError:
    return VoiceError(
        f"the worker {worker} has {what}, and here is audiobook {build_id.identity()}",
        "install the same version on all machines and start the worker again",
    )


def _sendable(voice: Voice) -> Voice:
    """Return a voice whose files lie in the user's folder of data, wherever that is."""
    return _moved(voice, str(data_folder()), _DATA)


def _at_home(voice: Voice) -> Voice:
    """Return a voice that was sent, with its files where they lie here."""
    return _moved(voice, _DATA, str(data_folder()))


def _moved(voice: Voice, old: str, new: str) -> Voice:
    if not voice.model.startswith(old):
        return voice
    return replace(voice, model=new + voice.model.removeprefix(old))


# --- in a worker ----------------------------------------------------------------------------------

_turn = threading.Lock()


def record_there(
    passage: Passage, cast: Cast, sound: Sound, wanted: str, identities: Identities
) -> Recording:
    """Record a passage as the machine that sent it would.

    Raises:
        VoiceError: this is another program, or a voice has other files here.
        EngineError: as `record` does.
    """
    with _turn:  # an engine is used by one thread at a time, however many a worker has
        _check_same(wanted, identities)
        return record_in_time(passage, cast.each(_at_home), sound)


@cache
def _check_same(wanted: str, identities: Identities) -> None:
    import socket

    here = socket.gethostname()
    if build_id.identity() != wanted:
        raise _other_program(here, f"audiobook {build_id.identity()}")
    for voice, identity in identities:
        found = engines.identity(_at_home(voice))
        if found != identity:
            raise VoiceError(
                f"the voice {voice.name} is another one on the worker {here}: "
                f"{' '.join(found)}, and here {' '.join(identity)}",
                f"fetch the same files there: audiobook voices add {voice.name}",
            )


def dask_setup(_worker: object) -> None:
    """Leave Ctrl-C to the command that began this worker (a hook of Dask's)."""
    processes.ignore_interrupts()
