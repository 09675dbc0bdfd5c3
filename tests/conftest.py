"""What tests share: their own cache and settings, and small books."""

from __future__ import annotations

import signal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from PIL import Image

from audiobook.config import load_voice
from audiobook.model import Cast, Job, Meta, Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# The same examples each time and no clock, so that a run tells about the change and not about
# luck; `pytest --hypothesis-profile=default` looks further.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> Iterator[None]:
    """What a shell starts in the background ignores SIGINT, and so would what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's recordings and settings."""
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AUDIOBOOK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("AUDIOBOOK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOBOOK_LANG", "en")


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
        return Job(str(source), folder, Cast(speaker), sound, meta or Meta(), 2, cache, cover=False)

    return make
