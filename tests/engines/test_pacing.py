"""One pace for all: turns are counted, across processes that know of each other only by a file."""

from __future__ import annotations

import errno
import fcntl
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

import pytest

from audiobook.engines import pacing
from audiobook.engines.pacing import Pacer
from audiobook.errors import EngineError, OutputError

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Event

GAP = 0.01
# What a moment in seconds since the epoch may lose as a floating-point number.
EXACT = 1e-5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pace" / "service.json"


@pytest.fixture
def pacer(path: Path, monkeypatch: pytest.MonkeyPatch) -> Pacer:
    monkeypatch.setattr(pacing, "_FIRST_PAUSE", 10 * GAP)
    return Pacer(path, GAP)


class TestTurns:
    def test_the_first_comes_at_once(self, pacer: Pacer) -> None:
        before = time.time()
        assert before <= pacer.wait_for_turn() <= time.time()
        assert time.time() - before < 1

    def test_the_next_comes_after_the_gap(self, pacer: Pacer) -> None:
        assert _gap(pacer) >= GAP - EXACT

    def test_one_who_comes_late_does_not_catch_up(self, path: Path) -> None:
        pacer = Pacer(path, GAP)
        pacer.wait_for_turn()
        Pacer(path, 20 * GAP).wait_for_turn()  # all the while the first could have had turns
        late = pacer.wait_for_turn()
        assert pacer.wait_for_turn() - late >= GAP - EXACT


class TestComplaints:
    def test_the_gap_doubles_with_each(self, pacer: Pacer) -> None:
        for gap in (2 * GAP, 4 * GAP, 8 * GAP):
            turn = pacer.wait_for_turn()
            pacer.slow_down(turn, 0, "429")
            assert _gap(pacer) >= gap - EXACT

    def test_the_gap_doubles_once_for_a_burst(self, pacer: Pacer, path: Path) -> None:
        burst = [pacer.wait_for_turn() for _ in range(4)]
        for turn in burst:
            pacer.slow_down(turn, 0, "429")
        assert _state(path)["gap"] == 2 * GAP

    def test_the_gap_does_not_widen_for_ever(self, pacer: Pacer, path: Path) -> None:
        for _ in range(40):
            pacer.slow_down(time.time(), 0, "429")
        assert _state(path)["gap"] == pacing._WIDEST_GAP

    def test_it_recovers_with_successes(self, pacer: Pacer, path: Path) -> None:
        for _ in range(3):
            pacer.slow_down(time.time(), 0, "429")
        gaps = []
        for _ in range(60):
            pacer.succeed()
            gaps.append(_state(path)["gap"])
        assert gaps == sorted(gaps, reverse=True)
        assert 7 * GAP < gaps[0] < 8 * GAP
        assert gaps[-1] == GAP

    def test_it_waits_as_long_as_it_is_told(self, pacer: Pacer) -> None:
        before = time.time()
        pacer.slow_down(pacer.wait_for_turn(), 0.1, "429")
        assert pacer.wait_for_turn() >= before + 0.1

    def test_without_being_told_it_waits_for_the_wider_gap(self, pacer: Pacer) -> None:
        turn = pacer.wait_for_turn()
        pacer.slow_down(turn, None, "429")
        assert pacer.wait_for_turn() >= turn + 2 * GAP - EXACT

    def test_a_short_wait_does_not_shorten_a_long_one(self, pacer: Pacer) -> None:
        turn = pacer.wait_for_turn()
        pacer.slow_down(turn, 0.1, "429")
        pacer.slow_down(turn, 0, "429")
        assert pacer.wait_for_turn() >= turn + 0.1

    def test_nobody_sleeps_for_hours(self, pacer: Pacer, path: Path) -> None:
        pacer.slow_down(pacer.wait_for_turn(), 3 * 3600, "429 Too Many Requests")
        with pytest.raises(EngineError, match=r"failed once \(429 Too Many") as caught:
            pacer.wait_for_turn()
        closed = _state(path)["closed"]
        assert time.time() + 3 * 3600 - 60 < closed <= time.time() + 3 * 3600
        # The minute after it, so that nobody comes too early.
        assert time.strftime("%H:%M", time.localtime(closed + 60)) in caught.value.remedy

    def test_nobody_is_sent_away_for_weeks(self, pacer: Pacer, path: Path) -> None:
        pacer.slow_down(time.time(), 1e7, "429")
        assert _state(path)["closed"] <= time.time() + pacing._LONGEST_REST


class TestCircuit:
    """What is no complaint about the pace: no connection, 500."""

    def test_it_does_not_widen_the_gap(self, pacer: Pacer, path: Path) -> None:
        for _ in range(5):
            pacer.fail(time.time(), "no connection")
        assert _state(path)["gap"] <= GAP

    def test_one_tries_for_all_and_success_sets_all_free(self, pacer: Pacer, path: Path) -> None:
        pacer.fail(pacer.wait_for_turn(), "no connection")
        assert _ahead(path) > 5 * GAP, "nobody goes at once"
        turn = pacer.wait_for_turn()
        assert _ahead(path) > 5 * GAP, "the others wait for the one"
        pacer.succeed()
        assert _ahead(path) <= GAP
        assert pacer.wait_for_turn() - turn < 5 * GAP

    def test_pauses_grow(self, pacer: Pacer, path: Path) -> None:
        pauses = []
        for _ in range(4):
            pacer.fail(time.time(), "no connection")
            pauses.append(_ahead(path))
        assert [later / first for first, later in pairwise(pauses)] == pytest.approx(
            [2] * 3, rel=0.1
        )

    def test_a_burst_counts_once(self, pacer: Pacer, path: Path) -> None:
        burst = [pacer.wait_for_turn() for _ in range(4)]
        for turn in burst:
            pacer.fail(turn, "no connection")
        assert _state(path)["failures"] == 1

    def test_after_many_in_a_row_nobody_asks(
        self, pacer: Pacer, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(pacing.FAILURES):
            pacer.fail(time.time(), f"no connection, {number}")
        with pytest.raises(EngineError) as caught:
            Pacer(path, GAP).wait_for_turn()
        assert "failed 10 times in a row (no connection, 9)" in caught.value.what
        assert "goes on where it stopped" in caught.value.remedy

        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + pacing._REST + 1)
        pacer.fail(pacer.wait_for_turn(), "still no connection")  # one try, and all wait again
        with pytest.raises(EngineError, match="11 times"):
            pacer.wait_for_turn()

        monkeypatch.setattr(time, "time", lambda: real() + 2 * pacing._REST + 2)
        pacer.wait_for_turn()
        pacer.succeed()
        assert _ahead(path) <= GAP

    def test_successes_between_keep_it_closed(self, pacer: Pacer) -> None:
        for _ in range(3 * pacing.FAILURES):
            pacer.fail(time.time(), "500")
            pacer.succeed()
        pacer.wait_for_turn()


class TestServers:
    def test_each_has_its_own(self) -> None:
        pacing.pacer("http://a:1/v1", GAP).slow_down(time.time(), 200, "429")
        pacing.pacer("http://a:2/v1", GAP).wait_for_turn()

    def test_a_name_cannot_leave_the_folder(self, tmp_path: Path) -> None:
        pacing.pacer("../../x/../y", GAP).wait_for_turn()
        assert [path.parent for path in tmp_path.rglob("*.json")] == [tmp_path / "cache" / "pace"]


class TestAcrossProcesses:
    def test_two_keep_the_gap_together(self, path: Path) -> None:
        with _two_taking_turns(path) as turns:
            taken = [next(turns) for _ in range(40)]
        assert {who for who, _ in taken} == {0, 1}
        moments = sorted(moment for _, moment in taken)
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert min(gaps) >= GAP - EXACT

    def test_both_wait_when_one_is_told_to(self, path: Path, pacer: Pacer) -> None:
        wait = 0.4
        with _two_taking_turns(path) as turns:
            while {who for who, _ in (next(turns), next(turns), next(turns))} != {0, 1}:
                pass  # until both are at it
            told = time.time()
            pacer.slow_down(told, wait, "429")
            pause_begins, pause_ends = time.time(), told + wait
            during, after = [], set[int]()
            while len(after) < 2:
                who, moment = next(turns)
                if pause_begins < moment < pause_ends:
                    during.append(moment)
                elif moment >= pause_ends:
                    after.add(who)
        assert not during


class TestTheFile:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff\xfe\x00",
            b"[1, 2]",
            b"null",
            b'{"mood": 1}',
            b'{"next_turn": "soon"}',
            b'{"next_turn": null}',
            b'{"next_turn": NaN}',
            b'{"gap": NaN}',
            b'{"gap": Infinity}',
            b'{"gap": 1e9}',
            b'{"gap": -5}',
            b'{"next_turn": 1e300}',
            b'{"probe": 1e300}',
            b'{"closed": 1e300}',
            b'{"failures": -1}',
            b'{"reason": 429}',
            b'{"noted": 1e300, "next_turn": 1e300}',
            b'{"noted": ' + b"9" * 400 + b"}",
            b'{"noted": ' + b"9" * 5000 + b"}",
            b'{"next_turn": 99999999999, "gap": 0.2, "slowed": 99999999999}',
        ],
        ids=lambda content: content.decode(errors="replace")[:40],
    )
    def test_nonsense_is_forgotten(self, pacer: Pacer, path: Path, content: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(content)
        before = time.time()
        pacer.wait_for_turn()
        assert _gap(pacer) < 20 * GAP
        assert time.time() - before < 1

    def test_a_clock_that_was_set_back_makes_nobody_wait(
        self, pacer: Pacer, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = time.time
        pacer.slow_down(pacer.wait_for_turn(), 0.05, "429")
        told = time.monotonic()
        monkeypatch.setattr(time, "time", lambda: real() - 3600)
        turn = pacer.wait_for_turn()
        assert 0.03 < time.monotonic() - told < 1  # as long as was left, no longer
        pacer.slow_down(turn, 0, "429")
        assert _state(path)["gap"] == 4 * GAP  # a new complaint, though the first was "later"

    def test_it_is_made_again_when_somebody_clears_the_cache(
        self, pacer: Pacer, path: Path
    ) -> None:
        pacer.wait_for_turn()
        path.unlink()
        pacer.wait_for_turn()
        assert path.exists()

    @pytest.mark.filterwarnings("ignore:flock not supported")
    @pytest.mark.parametrize("error", [errno.ENOSYS, errno.ENOLCK])
    def test_a_disk_without_locks(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, error: int
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(error, os.strerror(error))

        monkeypatch.setattr(fcntl, "flock", refuse)  # as some network disks do
        if error == errno.ENOSYS:  # a file stands for the lock
            pacer = Pacer(path, GAP)
            assert pacer.wait_for_turn() < pacer.wait_for_turn()
            return
        with pytest.raises(OutputError, match="AUDIOBOOK_CACHE"):
            Pacer(path, GAP).wait_for_turn()

    def test_a_folder_that_cannot_be_used_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "pace").write_text("a file, not a folder")
        with pytest.raises(OutputError, match="AUDIOBOOK_CACHE"):
            Pacer(tmp_path / "pace" / "service.json", GAP).wait_for_turn()


def _gap(pacer: Pacer) -> float:
    earlier = pacer.wait_for_turn()
    return pacer.wait_for_turn() - earlier


def _state(path: Path) -> dict[str, float]:
    state: dict[str, float] = json.loads(path.read_text("utf-8"))
    return state


def _ahead(path: Path) -> float:
    """Return how many seconds after the last note the next turn comes."""
    state = _state(path)
    return max(state["next_turn"], state["probe"]) - state["noted"]


@contextmanager
def _two_taking_turns(path: Path) -> Iterator[Iterator[tuple[int, float]]]:
    """Start two processes that take turns, and yield who took one, and when."""
    context = multiprocessing.get_context("spawn")
    turns: Queue[tuple[int, float]] = context.Queue()
    both, stop = context.Barrier(2), context.Event()
    processes = [
        context.Process(target=_take_turns, args=(who, path, both, stop, turns)) for who in (0, 1)
    ]
    for process in processes:
        process.start()
    try:
        yield iter(lambda: turns.get(timeout=20), None)
    finally:
        stop.set()
        # A process ends only when all it said has been heard.
        while any(process.is_alive() for process in processes):
            try:
                turns.get(timeout=0.01)
            except Empty:
                continue
        for process in processes:
            process.join()
        turns.close()
        turns.join_thread()


def _take_turns(
    who: int,
    path: Path,
    both: multiprocessing.synchronize.Barrier,
    stop: Event,
    turns: Queue[tuple[int, float]],
) -> None:
    pacer = Pacer(path, GAP)
    both.wait(20)
    while not stop.is_set():
        turns.put((who, pacer.wait_for_turn()))
