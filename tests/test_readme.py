"""Every command in the README is run, and prints what the README says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
# Running all tests inside a test would never end.
NOT_HERE = {"make test"}


def examples() -> list[tuple[str, list[str]]]:
    """Return each command of a console block with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def masked(line: str) -> str:
    """Hide figures, which differ between machines, and the spaces that line them up."""
    return " ".join(re.sub(r"\d[\d.,:]*", "N", line).split())


@pytest.mark.parametrize(("command", "shown"), examples(), ids=lambda value: str(value)[:40])
def test_command(command: str, shown: list[str], tmp_path: Path) -> None:
    if command in NOT_HERE:
        pytest.skip("this is what runs now")
    shutil.copy(ROOT / "tests" / "data" / "ve-tinh.txt", tmp_path / "article.txt")
    shutil.copytree(ROOT / "tests" / "data", tmp_path / "tests" / "data")
    shutil.copy(ROOT / "Makefile", tmp_path)
    tools = Path(sys.executable).parent
    (tmp_path / "pyproject.toml").touch()
    done = subprocess.run(
        # The environment of this test stands for the one that make would set up.
        command.replace("make ", f"make -o .venv/.installed BIN={tools} "),
        shell=True,
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    printed = [masked(line) for line in done.stdout.splitlines()]
    for line in shown:
        if line != "…":
            assert masked(line) in printed, done.stdout


def test_targets_and_links_exist() -> None:
    targets = set(re.findall(r"(?:`|\$ |^)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test", "books", "bench"} <= targets
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


def test_every_module_stands_in_the_picture() -> None:
    picture = README.split("## How it is built")[1]
    for path in (ROOT / "audiobook").iterdir():
        if path.suffix == ".py" and not path.name.startswith("__"):
            assert path.name in picture, path.name
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"{path.name}/" in picture, path.name
