"""Processes of this machine run the program and nothing that lies beside a text."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from audiobook.errors import ShortageError
from audiobook.system import git
from audiobook.system.processes import Crew

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """\
import os
from audiobook.system.processes import Crew

if __name__ == "__main__":
    with Crew(2) as crew:
        print(*crew.map(os.getenv, ["PYTHONSAFEPATH", "HOSTILE"], fewest=1, at_once=1))
    print(os.getenv("PYTHONSAFEPATH"))
"""


@pytest.mark.parametrize("given", ["", "1"])
def test_no_module_is_taken_from_the_current_folder(tmp_path: Path, given: str) -> None:
    """As the command does: a script elsewhere, started in a folder of texts."""
    script, texts = tmp_path / "bin" / "script.py", tmp_path / "texts"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    texts.mkdir()
    for module in ("pickle", "multiprocessing", "socket", "sitecustomize"):
        (texts / f"{module}.py").write_text("open('was-run', 'w').close()\n")
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"
    } | ({"PYTHONSAFEPATH": given} if given else {})
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=texts,
        env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    # Programs that are started later find their modules as ever.
    assert done.stdout.split() == [given or "None", "None", given or "None"], done.stderr
    assert not (texts / "was-run").exists()


@pytest.mark.skipif(not git.is_installed(), reason="there is no git: apt-get install git")
def test_no_program_is_run_that_a_repository_in_the_current_folder_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    monkeypatch.chdir(texts)
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    monkeypatch.delenv("GIT_SSH", raising=False)
    command = f"touch '{tmp_path}/was-run';"
    for words in (["init", "-q", "."], ["config", "core.sshCommand", command]):
        subprocess.run(["git", *words], check=True)
    repository = git.Repository()
    try:
        with pytest.raises(git.GitError):
            repository.run("ls-remote", "ssh://git@127.0.0.1:1/x")
    finally:
        repository.remove()
    assert not (tmp_path / "was-run").exists()


def _square_unless_killed(task: tuple[int, Path]) -> int:
    number, folder = task
    if number in (7, 21):
        try:
            (folder / str(number)).mkdir()
        except FileExistsError:
            pass  # this process is not the first that has it to do
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return number**2


def _die(_task: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_killed_processes_had_to_do_is_done(tmp_path: Path) -> None:
    with Crew(2) as crew:
        tasks = [(number, tmp_path) for number in range(40)]
        squares = crew.map(_square_unless_killed, tasks, fewest=1, at_once=2)
        assert list(squares) == [number**2 for number in range(40)]


def test_what_kills_every_process_is_given_up() -> None:
    with Crew(2) as crew, pytest.raises(ShortageError, match="killed"):
        list(crew.map(_die, range(3), fewest=1))
