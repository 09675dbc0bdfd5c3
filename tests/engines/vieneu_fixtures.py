"""What tests of VieNeu-TTS share: its voices as `audiobook voices add` would have fetched them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audiobook.system.folders import voice_folder


@pytest.fixture(scope="session")
def tiny_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of both networks, made once."""
    from vieneu_turbo import make_turbo
    from vieneu_voice import make_nano

    folder = tmp_path_factory.mktemp("networks")
    make_nano(folder / "vieneu-nano")
    make_turbo(folder / "vieneu-turbo")
    return folder


@pytest.fixture
def vieneu_voices(tiny_networks: Path) -> None:
    """Let the voices of VieNeu-TTS be fetched."""
    for folder in tiny_networks.iterdir():
        shutil.copytree(folder, voice_folder(folder.name), copy_function=shutil.copy2)
