"""Every command in the README is run, and prints what the README says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from places import DATA, ROOT

from audiobook.model import Pauses, Voice, VoiceFile

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
    shutil.copy(DATA / "ve-tinh.txt", tmp_path / "article.txt")
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


def test_every_link_within_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(#([^)]+)\)", README)
    assert len(links) > 3
    assert set(links) <= anchors


def test_every_message_explained_is_one_that_is_said() -> None:
    table = README.split("## When something goes wrong")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    messages = [message for row in rows for message in re.findall(r"`([^`]+)`", row)]
    assert len(messages) > 25
    code = "\n".join(
        " ".join(re.sub(r'"\s+f?"', "", path.read_text("utf-8")).split())
        for path in (ROOT / "audiobook").rglob("*.py")
    )
    system = {"No space left on device", "Permission denied", "403 "}
    for message in messages:
        for part in re.split(r"…|[“”:()]", message):
            if (words := part.strip()) and words not in system and part not in system:
                assert words.removeprefix("is ") in code, message


def test_every_key_of_a_voice_is_explained() -> None:
    table = README.split("### Write a voice")[1].split("\n### ")[0]
    for key in {*fields(Voice), *fields(Pauses), *fields(VoiceFile)}:
        if key.name not in ("name", "files", "pauses"):
            assert f"`{key.name}`" in table, key.name


def test_every_module_stands_in_the_picture() -> None:
    picture = README.split("## How it is built")[1]
    for path in (ROOT / "audiobook").iterdir():
        if path.suffix == ".py" and not path.name.startswith("__"):
            assert path.name in picture, path.name
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"{path.name}/" in picture, path.name
