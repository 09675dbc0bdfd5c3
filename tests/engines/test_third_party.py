"""An engine that comes in a package of its own, installed beside ours: that of the documents."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from contract import EngineContract
from places import ROOT

from audiobook.system import ffmpeg

PAGE = (ROOT / "docs" / "extend" / "engines.md").read_text("utf-8")
ENGINE = PAGE.split("```python\n")[1].split("```")[0].replace('version = "1"', 'version = "%s"')
ENTRY = re.search(r'whistle = "(.+)"', PAGE)[1]  # type: ignore[index]
VOICE = 'engine = "whistle"\nmodel = "440"\nrate = 22050\nsyllable = 0.2\nlicence = "none"\n'
HERTZ = 440
# Without a cover: drawing one takes longer than all else of a small book.
BUILD = ("build", "a.txt", "--voice", "huýt", "--cover", "none")


class Site:
    """A folder of installed packages, and the command as it runs with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages = folder / "site-packages"
        metadata = self.packages / "whistle-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: whistle\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[audiobook.engines]\nwhistle = {ENTRY}\n")
        self.install(ENGINE % "1")
        voices = folder / "config" / "voices"
        voices.mkdir(parents=True)
        (voices / "huýt.toml").write_text(VOICE, "utf-8")
        (folder / "a.txt").write_text("Một câu nói.\n\nHai câu nói.", "utf-8")

    def install(self, module: str) -> None:
        (self.packages / "whistle.py").write_text(module)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        kept = {
            "AUDIOBOOK_CACHE": self.folder / "cache",
            "AUDIOBOOK_CONFIG": self.folder / "config",
        }
        paths = os.pathsep.join(filter(None, (str(self.packages), os.environ.get("PYTHONPATH"))))
        return subprocess.run(
            [sys.executable, "-m", "audiobook", *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=os.environ
            | {name: str(path) for name, path in kept.items()}
            | {"PYTHONPATH": paths},
        )

    def recordings(self) -> set[str]:
        return {path.name for path in (self.folder / "cache").rglob("*.recording")}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(folder=tmp_path)


class TestWhistle(EngineContract):
    """It keeps the same contract, found through its entry point."""

    name = "whistle"
    voice_name = "huýt"
    says_the_same_again = True

    @pytest.fixture(autouse=True)
    def _installed(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(site.packages)


def test_it_speaks_a_book(site: Site) -> None:
    done = site.run(*BUILD)
    assert done.returncode == 0, done.stderr
    samples = np.frombuffer(ffmpeg.decode((site.folder / "a.mp3").read_bytes(), 22050), np.int16)
    loudest = np.argmax(np.abs(np.fft.rfft(samples)))
    assert loudest * 22050 / len(samples) == pytest.approx(HERTZ, abs=5)


def test_another_version_records_again(site: Site) -> None:
    site.run(*BUILD)
    first = site.recordings()
    assert len(first) == 1
    site.run(*BUILD)
    assert site.recordings() == first
    site.install(ENGINE % "2")
    site.run(*BUILD)
    assert len(site.recordings()) == 2


def test_it_is_listed(site: Site) -> None:
    table = site.run("voices", "--long").stdout.splitlines()
    (line,) = [line for line in table if line.startswith("huýt")]
    assert line.split()[1] == "whistle"
    assert line.split()[-1] == "yes"


def test_one_that_lacks_something_says_what(site: Site) -> None:
    site.install("import no_such_library")
    done = site.run(*BUILD)
    assert done.returncode == 4
    assert done.stderr.strip() == (
        "audiobook: the engine whistle needs no_such_library, which is not installed: "
        "see how its makers say to install it"
    )


def test_one_that_skips_a_text_is_found_out(site: Site) -> None:
    site.install((ENGINE % "3").replace("return clips", "return clips[1:]"))
    done = site.run(*BUILD)
    assert done.returncode == 5
    assert "chapter 1, sentence 1 (“Một câu nói.”): 0 clips came for 1 texts" in done.stderr
    assert not (site.folder / "a.mp3").exists()
