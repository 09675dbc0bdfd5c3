"""How much memory there is: what the machine has left, or the control group of this process."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from audiobook.system import memory

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")

GIB = 1 << 30


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 8 GiB left, without control groups."""
    (tmp_path / "meminfo").write_text(
        f"MemTotal: {16 << 20} kB\nMemAvailable: {8 << 20} kB\nHugePages_Total: 0\n"
    )
    (tmp_path / "groups").mkdir()
    monkeypatch.setattr(memory, "_MACHINE", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_MEMBERSHIPS", tmp_path / "membership")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    return tmp_path


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(f"{content}\n")


def test_of_this_machine() -> None:
    free = memory.free_memory()
    assert free is not None
    assert free > 0


def test_without_groups(system: Path) -> None:
    assert memory.free_memory() == 8 * GIB
    (system / "meminfo").unlink()
    assert memory.free_memory() is None


def test_processes_that_have_room(system: Path) -> None:
    assert memory.room_for(GIB, 64) == 8
    assert memory.room_for(GIB, 2) == 2
    assert memory.room_for(9 * GIB, 2) == 1
    (system / "meminfo").unlink()
    assert memory.room_for(9 * GIB, 2) == 2


def test_the_narrowest_group_decides(system: Path) -> None:
    (system / "membership").write_text("0::/machine/book\n")
    stat = f"anon {GIB}\ninactive_file {GIB // 2}\nactive_file {GIB // 2}"
    machine = system / "groups" / "machine"
    write(machine, memory__max=f"{4 * GIB}", memory__current=f"{3 * GIB}", memory__stat=stat)
    write(machine / "book", memory__max="max", memory__current=f"{GIB}")
    # Copies of files are given back.
    assert memory.free_memory() == 2 * GIB
    write(machine / "book", memory__max=f"{2 * GIB}")
    assert memory.free_memory() == GIB
    write(machine / "book", memory__current=f"{3 * GIB}")
    assert memory.free_memory() == 0


def test_groups_of_version_1(system: Path) -> None:
    (system / "membership").write_text("2:cpu:/\n1:memory:/docker/abc\n0::/\n")
    # In a container the group lies at the top, whatever its path outside.
    top = system / "groups" / "memory"
    write(
        top,
        memory__limit_in_bytes=f"{GIB}",
        memory__usage_in_bytes=f"{GIB // 2}",
        memory__stat="total_inactive_file 4096",
    )
    assert memory.free_memory() == GIB // 2 + 4096
    # No limit is a number beyond all memory.
    write(top, memory__limit_in_bytes=f"{(1 << 63) - 4096}")
    assert memory.free_memory() == 8 * GIB


def test_what_another_thread_has_freed_is_given_back() -> None:
    def work() -> bytearray:
        pieces = [bytearray(100_000) for _ in range(800)]
        return pieces[-1]  # what lies before it is not given back by itself

    with ThreadPoolExecutor(1) as pool:
        kept = pool.submit(work).result()
        before = memory.held_memory()
        memory.give_back_memory()
        assert before - memory.held_memory() > 50_000_000
    assert kept


HANDING_ON = """
from audiobook.system import memory

if {bounded}:
    memory.give_large_blocks_back()
bytearray(8 << 20)  # from its end glibc learns that large blocks come and go
before = memory.held_memory()
pairs = [(b"1" * (5 << 20), b"2" * (1 << 20)) for _ in range(20)]
kept = [small for _, small in pairs]
del pairs
print((memory.held_memory() - before) >> 20)
"""


def test_large_blocks_go_back_whatever_is_kept_between_them() -> None:
    # Dask leaves settings of glibc in the environment, for the processes that it starts.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}

    def held(*, bounded: bool) -> int:
        words = [sys.executable, "-c", HANDING_ON.format(bounded=bounded)]
        done = subprocess.run(words, check=True, capture_output=True, timeout=60, env=plain)
        return int(done.stdout)

    # In MB; 20 are kept.
    assert held(bounded=True) <= 25
    assert held(bounded=False) >= 90  # or this shows nothing
