"""How the command ends by its streams, by limits and by interrupts: in one line at most."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from command import COMMAND

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells and signals of Unix")

BUILD = "build a.txt --voice tone --cover none -q -o"


def ends(folder: Path, script: str) -> tuple[list[int], list[str]]:
    """Run a script of a shell in which `audiobook` is the command, and `end` notes its exit code.

    Returns:
        The exit codes that were noted, and the lines on stderr.
    """
    (folder / "a.txt").write_text("Một câu.", "utf-8")
    functions = f'audiobook() {{ {shlex.join(COMMAND)} "$@"; }}; end() {{ echo $? >>codes; }}; '
    done = subprocess.run(
        ["bash", "-c", functions + script],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return [int(line) for line in (folder / "codes").read_text().split()], done.stderr.splitlines()


def test_closed_streams(tmp_path: Path) -> None:
    codes, lines = ends(
        tmp_path,
        f"audiobook {BUILD} one >&- 2>&- <&-; end; audiobook {BUILD} two 2>&-; end;"
        " audiobook read - <&-; end",
    )
    assert codes == [0, 0, 3]
    assert lines == ["audiobook: standard input is closed: name a file"]
    # What libraries write on a stream that is closed does not end up in the book.
    assert (tmp_path / "one/a.mp3").read_bytes() == (tmp_path / "two/a.mp3").read_bytes()


def test_streams_that_take_nothing(tmp_path: Path) -> None:
    codes, lines = ends(
        tmp_path,
        "audiobook read a.txt >/dev/full; end; audiobook --help >/dev/full; end;"
        " audiobook read none.txt 2>/dev/full; end;"
        " for n in $(seq 9999); do echo Câu $n.; done >long.txt;"
        " audiobook read long.txt | head -1 >/dev/null; (exit ${PIPESTATUS[0]}); end",
    )
    assert codes == [7, 7, 3, 141]
    assert lines == ["audiobook: cannot write: No space left on device: make room"] * 2


def test_limits_of_the_system(tmp_path: Path) -> None:
    codes, lines = ends(
        tmp_path,
        f"(ulimit -n 12; audiobook {BUILD} few); end; (ulimit -f 0; audiobook {BUILD} small); end",
    )
    assert codes == [70, 7]
    few, small = lines
    assert "the system lets no more files be opened: OSError ([Errno 24] Too many open" in few
    assert few.endswith(": allow more with: ulimit -n 1024")
    assert "File too large" in small


SCRIPT = """
import os, signal, sys, threading
from audiobook import __main__

class Door:
    def find_spec(self, name, *_):
        if name == "audiobook.cli.app":
            {action}

sys.meta_path.insert(0, Door())
sys.argv = ["audiobook", "steps"]
__main__.main()
"""


def run_script(script: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
    )


GARBAGE = """
from audiobook.cli import ending

class Cycle:
    def __init__(self):
        self.itself = self

    def __del__(self):
        print("found")

Cycle()
"""


def test_no_garbage_is_looked_for_at_the_end() -> None:
    assert run_script(GARBAGE.replace("from audiobook.cli import ending", "")).stdout == "found\n"
    assert run_script(GARBAGE).stdout == ""


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_an_interrupt_while_the_program_is_loaded(number: str) -> None:
    done = run_script(SCRIPT.format(action=f"os.kill(os.getpid(), signal.{number})"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


STRAY = """
import signal, sys, threading
from audiobook.cli.ending import interruptible, report_stray_faults

class Falls:
    def __init__(self, problem):
        self.problem = problem
    def __del__(self):
        self.problem()

def fail():
    [][0]

report_stray_faults()
thread = threading.Thread(target=fail)
thread.start()
thread.join()
Falls(fail)
with interruptible():
    try:
        Falls(lambda: signal.raise_signal(signal.SIGINT))
        threading.Event().wait(60)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    signal.raise_signal(signal.SIGTERM)
"""


def test_what_nobody_can_catch() -> None:
    """In threads and destructors; an interrupt is not lost there, and a second one ends all."""
    done = run_script(STRAY)
    assert (done.returncode, done.stdout) == (130, "interrupted\n")
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert re.match(r"audiobook: a fault of audiobook: IndexError \(.*\) at \?: please", line)
