"""A Dask cluster records what this machine would, whoever of it dies on the way."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import run
from fragile import CAST, install, passage

import audiobook
from audiobook.app.build import build
from audiobook.engines.tone import Tone
from audiobook.errors import EngineError, UsageError, VoiceError
from audiobook.model import Job, Progress, Recording, Sound
from audiobook.system import build_id
from audiobook.workers import Recorder, cluster, connect, remote

pytest.importorskip("distributed")
import dask
from distributed import Client
from farm import Farm, farm, free_port, kill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.model import Event

    Make = Callable[..., Job]

TEXT = "\n\n".join(
    f"Đoạn thứ {number} kể chuyện người lái đò. " + "Nước lên rồi nước lại xuống. " * 8
    for number in range(80)
)


@pytest.fixture
def job(make_quick_job: Make) -> Job:
    return make_quick_job(TEXT)


@pytest.fixture
def alone(job: Job, recorded: Callable[[Job], Job]) -> bytes:
    """The book as one process makes it."""
    other = replace(job, workers=1, folder=job.folder / "alone", cache=job.cache / "alone")
    return build(recorded(other)).path.read_bytes()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Farm]:
    with farm(tmp_path, 2) as found:
        yield found


class After:
    """Does something once, when so many passages have been recorded."""

    def __init__(self, passages: int, act: Callable[[], object]) -> None:
        self.recorded = 0
        self._passages, self._act = passages, act

    def __call__(self, event: Event) -> None:
        if isinstance(event, Progress) and not event.remembered:
            self.recorded += 1
            if self.recorded == self._passages:
                self._act()


def test_a_worker_that_is_killed(job: Job, alone: bytes, two: Farm) -> None:
    heard = After(3, lambda: kill(two.running[-1]))
    with Recorder(1, connect(two.address, 1)) as recorder:
        book = build(job, heard, recorder)
    assert book.path.read_bytes() == alone
    assert heard.recorded == len(list(job.cache.glob("??/*.recording")))


def test_a_worker_that_stands_still(job: Job, alone: bytes, two: Farm) -> None:
    still = two.running[-1]
    heard = After(3, lambda: os.killpg(still.pid, signal.SIGSTOP))
    with Recorder(1, connect(two.address, 1)) as recorder:
        book = build(job, heard, recorder)
    assert book.path.read_bytes() == alone


def test_where_all_workers_are_gone_it_is_told(
    job: Job, alone: bytes, two: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiobook.workers._LOOK_AFTER", 0.5)
    told: list[str] = []

    def begin_another(line: str) -> None:
        told.append(line)
        two.begin_worker()

    def end_workers() -> None:
        for worker in two.running[1:]:
            kill(worker)

    heard = After(3, end_workers)
    with Recorder(1, connect(two.address, 1), tell=begin_another) as recorder:
        book = build(job, heard, recorder)
    assert book.path.read_bytes() == alone
    assert told == [
        f"{two.address} has no workers any more, and waits for some: "
        f"dask worker --nthreads 1 {two.address}"
    ]


@pytest.mark.parametrize("recorded_before", [1, 3])
def test_a_scheduler_that_begins_anew(
    job: Job, alone: bytes, two: Farm, recorded_before: int
) -> None:
    def begin_anew() -> None:
        for process in list(two.running):
            kill(process)
        two.begin_scheduler()
        two.begin_worker()

    heard = After(recorded_before, begin_anew)
    with Recorder(1, connect(two.address, 1)) as recorder:
        book = build(job, heard, recorder)
    assert book.path.read_bytes() == alone
    assert heard.recorded == len(list(job.cache.glob("??/*.recording")))


def test_results_that_are_lost_on_their_way(
    job: Job, alone: bytes, two: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a scheduler goes away between the end of a task and the arrival of its result."""
    gather: Any = Client._gather
    lost = count()

    async def lose_some(client: Client, *words: Any, **options: Any) -> object:
        if next(lost) < 3:
            raise OSError("connection lost")
        return await gather(client, *words, **options)

    monkeypatch.setattr(Client, "_gather", lose_some)
    with Recorder(1, connect(two.address, 1)) as recorder:
        book = build(job, recorder=recorder)
    assert book.path.read_bytes() == alone
    assert next(lost) > 3


def test_a_client_that_is_killed_goes_on_where_it_was(job: Job, alone: bytes, two: Farm) -> None:
    words = ["build", job.source, "-o", str(job.folder), "--voice", "quick", "--cover", "none"]
    command = [sys.executable, "-m", "audiobook", *words, "--cluster", two.address]
    environment = {**os.environ, "AUDIOBOOK_CACHE": str(job.cache)}
    client = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(kept := list(job.cache.glob("??/*.recording"))) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    client.kill()
    client.wait()
    before = {path: path.stat().st_ino for path in kept}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (job.folder / "book.mp3").read_bytes() == alone
    assert {path: path.stat().st_ino for path in kept} == before


def test_a_cluster_of_its_own_beside_another(job: Job, alone: bytes) -> None:
    with socket.socket() as other:
        with suppress(OSError):  # then another has Dask's usual port already
            other.bind(("127.0.0.1", 8787))
            other.listen()
        with Recorder(1, connect("local", 2)) as recorder:
            book = build(job, recorder=recorder)
    assert book.path.read_bytes() == alone


@pytest.mark.usefixtures("worker_processes")
def test_a_book_is_the_same_whoever_records_it(make_job: Make, tmp_path: Path) -> None:
    """By one process, by two in any order, and by a cluster."""
    text = "\n\n".join(f"Đoạn {number}: nước lên rồi nước xuống. " * 40 for number in range(4))
    job = make_job(text, voice="hanoi")
    books = []
    for name, workers, address in (("one", 1, ""), ("two", 2, ""), ("cluster", 1, "local")):
        folder = tmp_path / name
        apart = replace(job, workers=workers, folder=folder, cache=folder / "cache")
        with Recorder(workers, connect(address, 2) if address else None) as recorder:
            books.append(build(apart, recorder=recorder).path.read_bytes())
    assert len(list((tmp_path / "one" / "cache").glob("??/*.recording"))) > 2
    assert books[0] == books[1] == books[2]


def test_interrupted_within_seconds(job: Job) -> None:
    """On a machine that is busy with something else, within the time that it took to begin."""
    began = time.monotonic()
    words = ["build", job.source, "-o", str(job.folder), "--voice", "hanoi", "--cluster", "local"]
    client = subprocess.Popen(
        [sys.executable, "-m", "audiobook", *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(job.cache.glob("??/*.recording")):
        assert client.poll() is None
        time.sleep(0.01)
    interrupted = time.monotonic()
    os.killpg(client.pid, signal.SIGINT)  # as a terminal does: to every process
    _, said = client.communicate(timeout=30)
    assert time.monotonic() - interrupted < max(6, interrupted - began)
    assert client.returncode == 130
    assert "Traceback" not in said
    assert "interrupted" in said.splitlines()[-1]


@pytest.mark.usefixtures("worker_processes")
def test_what_kills_every_worker_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = str(install(tmp_path))
    monkeypatch.syspath_prepend(packages)
    paths = os.pathsep.join((packages, os.environ.get("PYTHONPATH", "")))
    with farm(tmp_path, 0, {"PYTHONPATH": paths}) as found:
        found.begin_worker(nanny=True)
        with Recorder(1, connect(found.address, 1)) as recorder:
            said = [(0, passage("Câu này chết.")), (1, passage("Một câu."))]
            recorded = dict(recorder.record_all(said, CAST, Sound()))
    assert isinstance(recorded[0], EngineError)
    assert "sentence 1: every process" in recorded[0].what
    assert isinstance(recorded[1], Recording)


# --- who may take part ----------------------------------------------------------------------------


def test_a_worker_with_another_program_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(Path(audiobook.__file__).parent, other / "audiobook")
    with (other / "audiobook" / "record.py").open("a") as file:
        file.write("# changed\n")
    with farm(tmp_path, 0) as found:
        found.begin_worker(PYTHONPATH=str(other))
        with pytest.raises(VoiceError) as caught:
            connect(found.address, 1)
    assert "runs audiobook 0.1.0+" in caught.value.what
    assert f"this machine runs audiobook {build_id.identity()}" in caught.value.what
    assert "install the same version" in caught.value.remedy


def test_a_voice_with_other_files_is_refused() -> None:
    voice = CAST.narrator
    tone = replace(voice, engine="tone")
    remote.check_identities(build_id.identity(), ((tone, ("tone", Tone.version, "")),))
    with pytest.raises(VoiceError, match="differs on the worker"):
        remote.check_identities(build_id.identity(), ((tone, ("tone", "0", "")),))
    with pytest.raises(VoiceError, match="this machine runs audiobook"):
        remote.check_identities("0.0.9", ())


def test_files_of_a_voice_lie_where_each_machine_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBOOK_DATA", "/home/a/data")
    voice = replace(CAST.narrator, model="/home/a/data/voices/sano")
    sent = remote.with_portable_files(voice)
    monkeypatch.setenv("AUDIOBOOK_DATA", "/srv/data")
    assert remote._with_local_files(sent).model == "/srv/data/voices/sano"


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("tcp://127.0.0.1:{port}", EngineError, "no scheduler answers at"),
        ("nonsense://x", UsageError, "is not the address of a scheduler"),
        ("cụm", UsageError, "'cụm' is not the address of a scheduler"),
        ("tcp://h:99999", UsageError, "is not the address of a scheduler"),
    ],
)
def test_no_scheduler(
    address: str, error: type[Exception], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 1.0)
    with pytest.raises(error, match=said):
        connect(address.format(port=free_port()), 1)


@pytest.mark.parametrize(
    ("address", "settings", "reason"),
    [
        ("tcp://127.0.0.1:{port}", {"require-encryption": True}, "encryption required"),
        ("tls://127.0.0.1:{port}", {}, "TLS"),
        (
            "tls://127.0.0.1:{port}",
            {f"tls.{name}": "/nowhere.pem" for name in ("ca-file", "client.cert", "client.key")},
            "No such file",
        ),
    ],
)
def test_settings_that_do_not_fit_the_address(
    address: str, settings: dict[str, object], reason: str
) -> None:
    changed = {f"distributed.comm.{name}": value for name, value in settings.items()}
    with dask.config.set(changed), pytest.raises(UsageError, match=reason) as caught:
        connect(address.format(port=free_port()), 1)
    assert "do not fit" in caught.value.what


def test_a_client_that_cannot_connect_leaves_no_thread() -> None:
    """distributed would end it when garbage is collected, which may be in the next one's start."""
    before = set(threading.enumerate())
    with dask.config.set({"distributed.comm.require-encryption": True}), pytest.raises(UsageError):
        connect(f"tcp://127.0.0.1:{free_port()}", 1)
    assert not [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]


def test_dask_writes_nothing_beside_our_errors() -> None:
    with pytest.raises(UsageError):
        connect("cụm", 1)
    for name in ("distributed", "distributed.client", "distributed.scheduler"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR), name


def test_what_is_no_address_is_refused_at_once(job: Job) -> None:
    done = run("build", job.source, "--cluster", "cụm")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "audiobook: 'cụm' is not the address of a scheduler: as --cluster tcp://host:8786, or "
        "--cluster local"
    ]


def test_no_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_FIRST_WORKER", 0.5)
    with farm(tmp_path, 0) as found, pytest.raises(EngineError, match="has no workers"):
        connect(found.address, 1)


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'distributed>="):
        connect("local", 1)
