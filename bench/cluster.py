"""Measures what a cluster costs besides recording: a scheduler and eight workers on this machine.

``make bench`` runs it. CLUSTER_PASSAGES (20,000) small passages by the engine ``tone`` are sent as
a build sends them, to a real ``dask scheduler`` and real ``dask worker`` processes. Costs are
milliseconds of the processor and not of the clock, so that other work on this machine changes them
less:

- client: this process, which sends passages and takes recordings;
- scheduler: its process;
- workers: their processes, without what their threads that record take while they do.

A tenth of the passages is also sent one by one, as slow ones are, and to workers with Dask's own
settings. Then a worker is killed while it records: which passages were recorded twice is counted,
and whether each arrived once. If one did not, or a limit is exceeded, the exit code is 1.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from typing import TYPE_CHECKING

from distributed import Client
from figures import show

from audiobook.config import load_voice
from audiobook.model import Cast, Kind, Passage, Recording, Sound, Utterance
from audiobook.system.memory import held_memory
from audiobook.workers import Recorder, bundles, connect
from audiobook.workers.cluster import CALM

sys.path.append(str(Path(__file__).parents[1] / "tests" / "workers"))
from farm import Farm, farm, kill

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.errors import EngineError

PASSAGES = int(os.environ.get("CLUSTER_PASSAGES", "20000"))
WORKERS = 8
CAST = Cast(load_voice("tone"))
# Milliseconds a passage; megabytes that the client may grow by in 10,000 passages.
MOST_OVERHEAD, MOST_GROWTH = 5.0, 1.0
# The farm of the tests lets workers go sooner than Dask does, and leaves their profile out.
AS_DASK_IS = {
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5 minutes",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "true",
}
_TICK = os.sysconf("SC_CLK_TCK")
_LOOKS = 10
# Seconds in which nobody does anything.
_REST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Milliseconds of the processor that each passage takes, and of the clock."""

    client: float
    scheduler: float
    workers: float
    """Without recording."""
    recording: float
    clock: float

    @property
    def overhead(self) -> float:
        """All but recording."""
        return self.client + self.scheduler + self.workers


@dataclass(frozen=True, slots=True)
class Metered:
    """A farm whose workers note what they record, each in a file of its own."""

    farm: Farm
    folder: Path

    def recorded(self) -> list[tuple[int, float]]:
        """Return each passage that was recorded, and the seconds its thread took for it."""
        lines = [line for path in self.folder.iterdir() for line in path.read_text().splitlines()]
        return [(int(number), float(seconds)) for number, seconds in map(str.split, lines)]

    def cpu(self) -> list[float]:
        """Return the seconds of the processor that the scheduler and each worker have taken."""
        return [_cpu_of(process.pid) for process in self.farm.running]


def passages(count: int, first: int = 0) -> list[tuple[int, Passage]]:
    """Return small passages, each with its number."""
    return [(number, _passage(number)) for number in range(first, first + count)]


def _passage(number: int) -> Passage:
    text = f"Câu {number}."
    return Passage(0, number, (Utterance(text=text, spoken=(text,), role=Kind.PROSE, pause=0.4),))


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _install_meter(folder: Path) -> None:
    """Let this process, a worker, note what it records."""
    from audiobook.workers import remote

    record = remote._record
    notes = folder / str(os.getpid())

    def metered(passage: Passage, cast: Cast, sound: Sound) -> Recording | EngineError:
        began = time.thread_time()
        recording = record(passage, cast, sound)
        with notes.open("a") as file:
            file.write(f"{passage.first} {time.thread_time() - began}\n")
        return recording

    remote._record = metered


def measure(
    metered: Metered, recorder: Recorder, said: list[tuple[int, Passage]]
) -> tuple[Costs, list[tuple[int, float]]]:
    """Return what passages cost, and how many megabytes this process held after so many."""
    before, spent = metered.cpu(), sum(seconds for _, seconds in metered.recorded())
    began, began_clock = time.process_time(), time.perf_counter()
    held = []
    for done, _ in enumerate(recorder.record_all(said, CAST, Sound()), 1):
        if done % (len(said) // _LOOKS) == 0:
            held.append((done, held_memory() / (1 << 20)))
    clock, client = time.perf_counter() - began_clock, time.process_time() - began
    after = metered.cpu()
    scheduler, *workers = (now - then for now, then in zip(after, before, strict=True))
    recording = sum(seconds for _, seconds in metered.recorded()) - spent
    each = 1e3 / len(said)
    return Costs(
        client=client * each,
        scheduler=scheduler * each,
        workers=(sum(workers) - recording) * each,
        recording=recording * each,
        clock=clock * each,
    ), held


def measure_rest(metered: Metered) -> tuple[float, float]:
    """Return the share of a core that the scheduler and a worker take while nobody sends."""
    before = metered.cpu()
    time.sleep(_REST)
    scheduler, *workers = (
        (now - then) / _REST for now, then in zip(metered.cpu(), before, strict=True)
    )
    return scheduler, sum(workers) / len(workers)


def kill_one(metered: Metered, recorder: Recorder, first: int, count: int) -> tuple[int, int, int]:
    """Kill a worker in the middle of a run.

    Returns:
        How many passages did not arrive exactly once, how many were recorded more than once, and
        how many recordings that makes too many.
    """
    arrived: Counter[int] = Counter()
    for number, outcome in recorder.record_all(passages(count, first), CAST, Sound()):
        arrived[number] += isinstance(outcome, Recording)
        if len(arrived) == count // 2:
            kill(metered.farm.running.pop())
    times = Counter(number for number, _ in metered.recorded() if number >= first)
    wrong = sum(arrived[number] != 1 for number in range(first, first + count))
    return wrong, sum(time > 1 for time in times.values()), times.total() - count


def _in_cluster(environment: dict[str, str], act: Callable[[Metered, Recorder], None]) -> None:
    """Do something with a cluster of its own."""
    with tempfile.TemporaryDirectory() as name, farm(Path(name), WORKERS, environment) as found:
        notes = Path(name) / "notes"
        notes.mkdir()
        with Client(found.address, set_as_default=False) as client:
            client.wait_for_workers(WORKERS, timeout=120)
            client.run(_install_meter, notes)
        with Recorder(1, connect(found.address, 1)) as recorder:
            act(Metered(found, notes), recorder)


def _environment(settings: dict[str, object]) -> dict[str, str]:
    """Return settings of Dask as variables of the environment."""
    return {
        "DASK_" + name.replace(".", "__").replace("-", "_").upper(): str(value)
        for name, value in settings.items()
    }


def _one_by_one(
    metered: Metered, recorder: Recorder, said: list[tuple[int, Passage]]
) -> tuple[Costs, list[tuple[int, float]]]:
    """Return what passages cost that do not share tasks, as slow ones do not."""
    most, bundles._MOST = bundles._MOST, 1
    try:
        return measure(metered, recorder, said)
    finally:
        bundles._MOST = most


def _print_costs(title: str, costs: Costs) -> None:
    print(
        f"{title:<34} {costs.client:7.2f} {costs.scheduler:9.2f} {costs.workers:7.2f}"
        f" {costs.overhead:8.2f} {costs.recording:9.2f} {costs.clock:7.2f}"
    )


def _warm_up(recorder: Recorder) -> None:
    for _ in recorder.record_all(passages(50 * WORKERS), CAST, Sound()):
        pass


def main() -> int:
    """Measure, and print a table."""
    few, faults = passages(PASSAGES // 10), []
    rests: dict[str, tuple[float, float]] = {}

    def by_default(metered: Metered, recorder: Recorder) -> None:
        _warm_up(recorder)
        rests["with Dask's settings"] = measure_rest(metered)
        _print_costs("one by one, with Dask's settings", _one_by_one(metered, recorder, few)[0])

    def calmly(metered: Metered, recorder: Recorder) -> None:
        _warm_up(recorder)
        rests["with those of the guide"] = measure_rest(metered)
        _print_costs("one by one", _one_by_one(metered, recorder, few)[0])
        costs, held = measure(metered, recorder, passages(PASSAGES))
        _print_costs(f"{PASSAGES:,} in bundles", costs)
        growth = linear_regression(*zip(*held[_LOOKS // 2 :], strict=True)).slope * 10_000
        print("\nclient, MB: " + ", ".join(f"{megabytes:.1f}" for _, megabytes in held))
        wanted = f"under {MOST_OVERHEAD:g} ms"
        show("overhead of a passage by a cluster", f"{costs.overhead:.2f} ms", wanted)
        wanted = f"at most +{MOST_GROWTH:g} MB"
        show("the client, by 10,000 passages", f"{growth:+.1f} MB", wanted)
        if costs.overhead > MOST_OVERHEAD or growth > MOST_GROWTH:
            faults.append("a limit is exceeded")
        wrong, again, too_many = kill_one(metered, recorder, PASSAGES, PASSAGES // 5)
        print(
            f"a worker killed in {PASSAGES // 5:,} passages: {again} recorded again,"
            f" {too_many} recordings too many, {wrong} that did not arrive once"
        )
        if wrong:
            faults.append("passages did not arrive once")

    print(
        f"{'ms of the processor a passage':<34} {'client':>7} {'scheduler':>9} {'workers':>7}"
        f" {'overhead':>8} {'recording':>9} {'clock':>7}"
    )
    _in_cluster(AS_DASK_IS, by_default)
    _in_cluster(_environment(CALM), calmly)
    for settings, (scheduler, worker) in rests.items():
        print(f"at rest {settings}: scheduler {scheduler:.1%} of a core, a worker {worker:.1%}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
