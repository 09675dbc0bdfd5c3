"""Programs of the user: fed, read, and ended with all that they started."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from audiobook.system import programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="uses sh")
MUCH = 1 << 20


def shell(script: str, data: bytes = b"", seconds: float = 20.0) -> programs.Finished:
    return programs.run(["sh", "-c", script], data, seconds=seconds, most=MUCH)


def test_input_and_output_of_any_size_pass_at_once() -> None:
    data = os.urandom(MUCH)
    assert shell("cat", data).output == data


def test_the_exit_code_and_the_last_complaint_are_told() -> None:
    finished = shell("echo one >&2; echo two >&2; echo >&2; exit 3")
    assert (finished.code, finished.output, finished.complaint) == (3, b"", "two")


def test_a_program_need_not_read_its_input() -> None:
    assert shell("echo done", bytes(MUCH)).output == b"done\n"


def test_much_complaint_blocks_nothing() -> None:
    script = "import sys; sys.stderr.write('x' * 1_000_000); print('done')"
    finished = programs.run([sys.executable, "-c", script], b"", seconds=20, most=MUCH)
    assert finished.output == b"done\n"


def test_input_in_parts_and_lines_as_they_come() -> None:
    lines: list[str] = []
    finished = programs.run(
        ["sh", "-c", "printf '1%%\\r2%%\\r' >&2; echo \"$NAME\" >&2; cat"],
        (str(number).encode() for number in range(1000)),
        seconds=20,
        most=MUCH,
        environment={"NAME": "sách", "PATH": os.environ["PATH"]},
        watch=lines.append,
    )
    assert finished.output == "".join(map(str, range(1000))).encode()
    assert lines == ["1%", "2%", "sách"]


def test_what_is_raised_while_input_is_made() -> None:
    def parts() -> Iterator[bytes]:
        yield b"one"
        raise KeyError("two")

    with pytest.raises(KeyError, match="two"):
        programs.run(["cat"], parts(), seconds=20, most=MUCH)


def test_no_shell_reads_the_arguments() -> None:
    finished = programs.run(["echo", "$HOME; `id`"], b"", seconds=20, most=MUCH)
    assert finished.output == b"$HOME; `id`\n"


def test_one_that_never_stops_writing_is_ended() -> None:
    with pytest.raises(programs.FloodError):
        programs.run(["yes"], b"", seconds=20, most=MUCH)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("sleep 60", id="itself"),
        pytest.param("sleep 60 & wait", id="its child"),
        pytest.param("sleep 60 & exit", id="a child left behind with the output"),
        pytest.param("exec >&-; sleep 60", id="output closed"),
    ],
)
def test_one_that_takes_too_long_is_ended(script: str) -> None:
    start = time.monotonic()
    with pytest.raises(programs.TimeOutError):
        shell(script, seconds=0.3)
    assert time.monotonic() - start < 10


def test_its_children_end_with_it(tmp_path: Path) -> None:
    script = f"sleep 60 > /dev/null 2>&1 & echo $! > '{tmp_path}/child'"
    assert shell(script).code == 0
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_running(child)


def _is_running(process: int) -> bool:
    """Whether a process exists and is more than a zombie that nobody has waited for."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True
    )
    return state.stdout.strip()[:1] not in ("", "Z")
