"""What tests share: their own cache and settings, and small books."""

from __future__ import annotations

import functools
import gc
import hashlib
import os
import re
import shutil
import signal
import struct
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import imageio_ffmpeg
import pytest
from browsing import launched, resumed
from PIL import Image
from recording_here import WorkersHere

from audiobook.app.build import build
from audiobook.config import load_voice
from audiobook.model import Cast, Job, Meta, Sound
from audiobook.outputs import cover
from audiobook.system import ffmpeg
from audiobook.system.folders import config_folder
from audiobook.workers.local import LocalWorkers

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


# The same examples each time and no clock, so that a run tells about the change and not about
# luck; `pytest --hypothesis-profile=default` looks further.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)


# Looking for garbage as often as Python does by itself takes a twentieth of the time of the tests.
gc.set_threshold(10_000)

_NUMBERS = count()
_FOLDER_OF_A_TEST = re.compile(r"test_\w+\d")
# What the typeface of covers has, and takes few lines.
_PLAIN = re.compile(r"[0-9A-Za-zÀ-ưẠ-ỹ_ .,:-]{0,60}")


def pytest_collection_finish() -> None:
    """Have the collector pass over the thousands of tests, which stay until the end."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> Iterator[None]:
    """What a shell starts in the background ignores SIGINT, and so would what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def own_folders(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keep every test away from the user's recordings and settings."""
    if "tmp_path" in request.fixturenames:
        folder: Path = request.getfixturevalue("tmp_path")
    else:  # most tests write nothing, and need no folder
        folder = tmp_path_factory.getbasetemp() / f"own{next(_NUMBERS)}"
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(folder / "cache"))
    monkeypatch.setenv("AUDIOBOOK_CONFIG", str(folder / "config"))
    monkeypatch.setenv("AUDIOBOOK_DATA", str(folder / "data"))
    monkeypatch.setenv("AUDIOBOOK_LANG", "en")


@pytest.fixture(autouse=True, scope="session")
def record_here() -> Iterator[None]:
    """Record in this process, except where a test asks for `worker_processes`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audiobook.workers.local.LocalWorkers", WorkersHere)
        yield


@pytest.fixture(autouse=True, scope="session")
def draw_once() -> Iterator[Callable[..., bytes]]:
    """Draw one cover for all plain titles: hundreds of tests make books and sites.

    A comment in the file keeps the covers of other words other files, as those that are drawn are.
    What is not plain, such as a hostile title, is drawn as it is; `really_drawn` draws all. Titles
    that are the names of the folders of tests count as one.
    """
    drawn = functools.lru_cache(64)(cover.draw)

    def draw(title: str, author: str, narrator: str = "", most: int = cover.MOST) -> bytes:
        words = ("Tủ sách" if _FOLDER_OF_A_TEST.fullmatch(title) else title, author, narrator)
        if not all(map(_PLAIN.fullmatch, words)):
            return drawn(*words, most)
        comment = hashlib.sha256("\n".join(words).encode()).digest()
        segment = b"\xff\xfe" + struct.pack(">H", 2 + len(comment)) + comment
        picture = drawn("Tủ sách", "Thạch Lam", "Hà Nội", most - len(segment))
        return picture[:2] + segment + picture[2:]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audiobook.outputs.cover.draw", draw)
        patch.setattr("audiobook.outputs.cover.fit", functools.lru_cache(64)(cover.fit))
        thumbnails = functools.lru_cache(64)(cover.thumbnails)
        patch.setattr("audiobook.outputs.cover.thumbnails", thumbnails)
        yield drawn


@pytest.fixture
def really_drawn(draw_once: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw covers of their own words, as users have them; equal ones once."""
    monkeypatch.setattr("audiobook.outputs.cover.draw", draw_once)


@pytest.fixture(scope="session")
def quick_ffmpeg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the ffmpeg of the wheel: it starts in 5 ms of the processor's time.

    That of Debian takes 60 ms to load its 200 libraries, and the tests start one a thousand times.
    """
    folder = tmp_path_factory.mktemp("ffmpeg")
    with suppress(OSError, RuntimeError):  # there is none for this machine, or no links
        (folder / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    return folder


@pytest.fixture(autouse=True, scope="module")
def choose_ffmpeg(request: pytest.FixtureRequest, quick_ffmpeg: Path) -> Iterator[None]:
    """Use the quick ffmpeg; the formats and ffmpeg itself are tested with that of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name not in ("outputs", "system"):
            patch.setenv("PATH", str(quick_ffmpeg), prepend=os.pathsep)
        ffmpeg.find.cache_clear()
        yield
    ffmpeg.find.cache_clear()


@pytest.fixture
def worker_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record in processes of their own, as users do."""
    monkeypatch.setattr("audiobook.workers.local.LocalWorkers", LocalWorkers)


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[Browser, AbstractEventLoop]]:
    """Chromium, and the loop that it is talked to in: started once, when first asked for."""
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: tuple[Browser, AbstractEventLoop]) -> Iterator[Browser]:
    """Chromium, for the pages of a module."""
    browser, loop = chromium
    with resumed(loop):
        yield browser


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A small PNG file that is fit to be a cover."""
    file = BytesIO()
    Image.new("RGB", (1400, 1400), "navy").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def make_job(tmp_path: Path) -> Callable[..., Job]:
    """Make the job of a text, with the tone voice unless another is named."""

    def make(
        text: str, *, name: str = "book", voice: str = "tone", meta: Meta | None = None
    ) -> Job:
        source = tmp_path / f"{name}.txt"
        source.write_text(text, "utf-8", "surrogatepass")
        speaker = load_voice(voice)
        sound = Sound(rate=speaker.rate)
        folder, cache = tmp_path / "out", tmp_path / "cache"
        # Without a cover: drawing one takes longer than all else of a small book.
        return Job(
            source=str(source),
            folder=folder,
            cast=Cast(speaker),
            sound=sound,
            meta=meta or Meta(),
            workers=2,
            cache=cache,
            cover=False,
        )

    return make


@pytest.fixture
def make_quick_job(make_job: Callable[..., Job]) -> Callable[..., Job]:
    """Make jobs of a voice four times as fast: most of the work is to encode what it says."""
    path = config_folder() / "voices" / "quick.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        'engine = "tone"\nspeaks = false\nlicence = "GPL-3.0-or-later"\nrate = 22050\n'
        "speed = 4.0\npace = 80.0\nsyllable = 0.0375\nbreath = 0.0\n"
    )
    return functools.partial(make_job, voice="quick")


@pytest.fixture
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Job], Job]:
    """Give a job the recordings that building it would keep; equal texts are recorded once."""

    def record(job: Job) -> Job:
        text = hashlib.sha256(Path(job.source).read_bytes()).hexdigest()[:16]
        kept = tmp_path_factory.getbasetemp() / f"recorded-{job.voice.name}-{text}"
        if not kept.exists():
            build(replace(job, folder=kept / "out", cache=kept / "cache"))
        for recording in (kept / "cache").glob("??/*.recording"):
            place = job.cache / recording.relative_to(kept / "cache")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(recording, place)
        return job

    return record
