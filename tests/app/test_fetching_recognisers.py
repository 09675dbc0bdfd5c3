"""Whisper models come from Hugging Face where somebody asks for one, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import run
from hub_stand_in import Hub, serving

from audiobook.app.build import build
from audiobook.audit.listening_back.models import fetch_model, find_model, models_folder
from audiobook.errors import EngineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.model import Job

NAME = "hf:Ai/nghe-nho"
FILES = {
    "model.bin": b"weights" * 999,
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a",
    "README.md": b"no part of a model",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.base)
        hub.hold("Ai/nghe-nho", FILES)
        yield hub


def ignore(_name: str, _received: int, _total: int | None) -> None:
    pass


def test_it_is_fetched_once_and_has_a_name_then(hub: Hub) -> None:
    folder = fetch_model(NAME, ignore)
    assert {path.name for path in folder.iterdir()} == FILES.keys() - {"README.md"}
    assert (folder / "model.bin").read_bytes() == FILES["model.bin"]
    assert find_model("nghe-nho") == folder
    asked = len(hub.asked)
    assert fetch_model(NAME, ignore) == folder
    assert len(hub.asked) == asked


def test_weights_that_are_not_what_was_published(hub: Hub) -> None:
    path = next(path for path in hub.files if path.endswith("model.bin"))
    hub.files[path] = b"other" * 999
    with pytest.raises(EngineError, match=r"model\.bin"):
        fetch_model(NAME, ignore)
    assert not (models_folder() / "nghe-nho").exists()


def test_a_repository_that_is_no_model(hub: Hub) -> None:
    hub.hold("Ai/khac", {"model.bin": b"1", "README.md": b""})
    with pytest.raises(EngineError, match=r"hf:Ai/khac lacks config\.json, tokenizer\.json"):
        fetch_model("hf:Ai/khac", ignore)
    with pytest.raises(UsageError, match="names no repository"):
        fetch_model("hf:Ai", ignore)
    with pytest.raises(EngineError, match="hf:Ai/none"):
        fetch_model("hf:Ai/none", ignore)


@pytest.mark.usefixtures("hub")
def test_the_command(make_job: Callable[..., Job]) -> None:
    """The model of the test cannot listen; it is fetched and told to be none."""
    book = build(make_job("Trời mưa.")).path
    done = run("check", str(book), "--listen", NAME)
    assert done.returncode == 5
    assert (models_folder() / "nghe-nho" / "model.bin").is_file()
    assert "model.bin" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("audiobook: ")
