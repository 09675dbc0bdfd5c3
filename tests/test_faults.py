"""What fails below us: disks that are full or only read, no home, no room for temporary files."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import COMMAND, run
from crashing import BEGUN, OLD, Scene

from audiobook.app.prune import prune
from audiobook.errors import OutputError
from audiobook.system.files import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def disk(folder: Path, options: str) -> Iterator[None]:
    """Have a disk of its own at a folder."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def mount_again(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_a_full_disk_at_any_byte(tmp_path: Path) -> None:
    whole = Scene(tmp_path / "whole")
    whole.write(OLD)
    assert whole.make().code == 0
    expected = whole.files()
    needed = sum(-(-len(data) // 4096) * 4 for data in expected.values())  # in blocks of 4 KiB
    small = Scene(tmp_path / "small")
    for share in (0.05, 0.4, 0.8):
        with disk(small.root, f"size={int(needed * share)}k"):
            small.write(OLD)
            end = small.make()
            assert end.code == OutputError.exit_code, end.said
            assert len(end.said.splitlines()) == 1
            assert "No space left on device" in end.said
            made = small.files()
            assert not [name for name in made if name.endswith(".part")]
            assert [
                name for name, data in made.items() if data not in (expected[name], BEGUN.get(name))
            ] == []
            mount_again(small.root, f"size={needed * 4}k")
            assert small.make().code == 0
            assert small.files() == expected


def test_a_disk_that_is_only_read(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with disk(scene.root, "size=9m"):
        scene.write(OLD)
        mount_again(scene.root, "ro")
        end = scene.make()
        assert end.code == OutputError.exit_code
        assert "Read-only file system" in end.said
        assert len(end.said.splitlines()) == 1
        mount_again(scene.root, "rw")
        assert scene.make().code == 0
        mount_again(scene.root, "ro")
        assert scene.make().code == 0  # there is nothing to write


def test_without_a_home_or_room_for_temporary_files(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Một câu.", "utf-8")
    nowhere = {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "XDG_RUNTIME_DIR": ""}
    bare = {"PATH": os.environ["PATH"], "AUDIOBOOK_CACHE": str(tmp_path / "cache")}
    commands: list[tuple[list[str], dict[str, str]]] = [
        (["build", str(text), "-o", str(tmp_path), "--format", "m4b"], os.environ | nowhere),
        (["voices"], bare),
    ]
    for words, environment in commands:
        done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr


NAMES = [
    "có dấu cách & dấu hỏi",
    "100% thật %s %20",
    "-o",
    "--help",
    "'\"$(touch x)`;#",
    "a\nb",
    "con.",
    "CON",
    'a<b>c:d|e?f*g\\h"',
    "😀\u202egpj",
    ".ẩn",
    "e\u0301",
    safe_name("ộ" * 300, ".preview.readalong.epub").removesuffix(".preview.readalong.epub"),
]


def test_names_of_every_kind(tmp_path: Path) -> None:
    texts, library = tmp_path / "texts", tmp_path / "- sách %d"
    texts.mkdir()
    for number, name in enumerate(NAMES):
        (texts / f"{name}.txt").write_text(f"Câu số {number}.", "utf-8")
    files = [str(texts / f"{name}.txt") for name in NAMES]
    words = ["--voice", "tone", "--cover", "none", "--transcript", "vtt"]
    done = run("build", *words, "-o", str(library), "--", *files)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in library.iterdir()} == {
        f"{name}{suffix}" for name in NAMES for suffix in (".mp3", ".vtt")
    }
    site = run("feed", "--url", "https://example.org", "--", str(library))
    assert site.returncode == 0, site.stderr
    assert f"{len(NAMES) - 1} books" in site.stdout  # one is hidden
    published = {str(path) for path in (library / "site").rglob("*")}
    assert all(path.removeprefix(str(library)).isascii() for path in published)
    assert run("feed", "--check", "--", str(library)).returncode == 0
    www = tmp_path / "www %s"
    assert run("publish", "--", str(library), str(www)).returncode == 0
    assert "cues" in run("check", "--", str(library / "-o.mp3")).stdout


def test_two_builds_and_a_prune_at_once(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("\n\n".join(f"Chương {number}\n\nCâu {number}." for number in range(1, 30)))
    cache = Path(os.environ["AUDIOBOOK_CACHE"])
    command = ["build", str(text), "--voice", "tone", "-o"]
    folders = [tmp_path / "one", tmp_path / "other"]
    words = ["--cover", "none", "--jobs", "1", "-q"]
    builds = [
        subprocess.Popen(
            [*COMMAND, *command, str(folder), *words], stderr=subprocess.PIPE, text=True
        )
        for folder in folders
    ]
    pruned = 0
    while any(build.poll() is None for build in builds):
        pruned += sum(kept.files for kept in prune(cache, 0))
    assert pruned
    for build in builds:
        _, said = build.communicate()
        assert build.returncode == 0 or "a recording vanished" in said
    made = []
    for folder in folders:
        assert run(*command, str(folder), *words).returncode == 0
        (book,) = folder.iterdir()
        made.append(book.read_bytes())
    assert made[0] == made[1]
