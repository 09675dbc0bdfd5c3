"""Simulates a library of novels on a cluster: how long it takes, what is busy, what it costs.

Every passage waits for its worker, then for the scheduler, the network and its client, which serve
one at a time. How long each takes was measured on a real novel, *Tắt đèn*, as docs/performance.md
says. Several clients are several commands, each with a part of the books. Not simulated: machines
that fail, and disks that cannot take what the network brings.

    python bench/scale.py --workers 8 64 256 --clients 2 --price 0.05 --gigabits 1
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections import deque
from dataclasses import dataclass

# Seconds of a processor for an hour of speech.
VOICES = {
    "hanoi, hue, saigon, tone": 13.0,
    "sano with onnxruntime": 83.0,
    "sano without it": 200.0,
}
# Of a novel.
HOURS, PASSAGES, MEGABYTES, CHARACTERS = 3.0, 97, 87.0, 175_000
# Seconds of a processor for each passage: the client sends it, receives and keeps its recording
# (1.23 s a novel), and reads and binds the book (1.25 s a novel); the others by bench/cluster.py,
# with 1 MB for each recording.
CLIENT, SCHEDULER, WORKER = (1.23 + 1.25) / PASSAGES, 0.0035, 0.006
# Passages that each worker has before it: the one it records, and the next.
_EACH = 2
# The shortest and the longest passage, of the mean.
_SPREAD = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the whole library."""

    seconds: float
    workers: float
    """The share of the time in which a worker recorded."""
    client: float
    scheduler: float
    network: float
    """The shares of the time in which these were busy."""


def simulate(books: int, workers: int, clients: int, cpu: float, megabytes_a_second: float) -> Run:
    """Simulate a library.

    Args:
        books: how many novels.
        workers: how many cores record.
        clients: how many commands send passages.
        cpu: seconds of a processor for an hour of speech.
        megabytes_a_second: what the network of the scheduler carries.
    """
    chance = random.Random(7)
    mean = cpu * HOURS / PASSAGES
    transfer = MEGABYTES / PASSAGES / megabytes_a_second
    total = books * PASSAGES

    def length() -> float:
        return mean * chance.uniform(*_SPREAD) + WORKER

    finishing = [length() for _ in range(min(workers, total))]
    heapq.heapify(finishing)
    sent = min(_EACH * workers, total)
    waiting = deque([0.0] * (sent - len(finishing)))  # when each came to the workers
    scheduler = network = recorded = 0.0
    free = [0.0] * clients
    for position in range(total):
        end = heapq.heappop(finishing)
        scheduler = max(scheduler, end) + SCHEDULER
        network = max(network, scheduler) + transfer
        client = free[position % clients] = max(free[position % clients], network) + CLIENT
        if sent < total:
            sent += 1
            waiting.append(client)
        if waiting:
            took = length()
            recorded += took
            heapq.heappush(finishing, max(end, waiting.popleft()) + took)
    seconds = max(free)
    return Run(
        seconds,
        recorded / (seconds * workers),
        total * CLIENT / (seconds * clients),
        total * SCHEDULER / seconds,
        total * transfer / seconds,
    )


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(description="Simulates a library of novels on a cluster.")
    options.add_argument("--books", type=int, default=20_000)
    options.add_argument("--workers", type=int, nargs="+", default=[8, 32, 128])
    options.add_argument("--clients", type=int, default=1)
    options.add_argument("--price", type=float, default=0.05, help="of an hour of a core")
    options.add_argument("--gigabits", type=float, default=1.0, help="a second, to the scheduler")
    chosen = options.parse_args()
    print(
        f"{chosen.books:,} novels, {chosen.books * HOURS:,.0f} h of speech,"
        f" {chosen.books * CHARACTERS / 1e9:.1f} billion characters,"
        f" {chosen.price} an hour of a core, {chosen.clients} clients, {chosen.gigabits:g} Gbit/s"
    )
    print("voice | core hours | money | workers | days | busy: workers, client, scheduler, network")
    for voice, cpu in VOICES.items():
        for workers in chosen.workers:
            run = simulate(chosen.books, workers, chosen.clients, cpu, chosen.gigabits * 125)
            passages = chosen.books * PASSAGES
            core_hours = (
                chosen.books * HOURS * cpu + passages * (CLIENT + SCHEDULER + WORKER)
            ) / 3600
            print(
                f"{voice} | {core_hours:,.0f} | {core_hours * chosen.price:,.0f} | {workers} |"
                f" {run.seconds / 86_400:.2f} | {run.workers:.0%} {run.client:.0%}"
                f" {run.scheduler:.0%} {run.network:.0%}"
            )


if __name__ == "__main__":
    main()
