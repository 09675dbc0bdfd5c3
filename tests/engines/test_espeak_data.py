"""Where eSpeak NG finds its voices, by the real data of the package."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import espeakng_loader
import numpy as np
import pytest

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines.espeak_data import EspeakData, VoicePlace
from audiobook.system import folders

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA = Path(espeakng_loader.get_data_path())
TEXT = "Xin chào, London!"


def test_a_voice_is_found_in_the_folder_of_its_family() -> None:
    assert EspeakData(DATA).place_of("vi") == VoicePlace(DATA, "aav/vi")
    assert EspeakData(DATA).place_of("vi+f2") == VoicePlace(DATA, "aav/vi+f2")


@pytest.mark.parametrize("model", ["nowhere", "gmw/en", ""])
def test_what_is_no_name_of_a_file_is_left_to_the_library(model: str) -> None:
    assert EspeakData(DATA).place_of(model) == VoicePlace(DATA, model)


@pytest.mark.parametrize("model", ["vi-vn-x-south", "vi-VN-x-south", "vi-vn-x-south+Alex"])
def test_a_voice_with_capitals_has_a_file_in_small_letters(model: str) -> None:
    place = EspeakData(DATA).place_of(model)
    name, _, variant = place.name.partition("+")
    file = place.data / "lang" / name.lower()
    assert file.read_bytes() == (DATA / "lang" / "aav" / "vi-VN-x-south").read_bytes()
    assert not variant or (place.data / "voices" / "!v" / variant).exists()


def test_all_data_are_there_after_a_process_was_killed() -> None:
    model = "vi-vn-x-central"
    place = EspeakData(DATA).place_of(model)
    if place.data == DATA:
        pytest.skip("this file system finds files by names in small letters")
    (place.data / "phontab").unlink()
    (place.data / "lang" / place.name).unlink()
    assert EspeakData(DATA).place_of(model) == place
    assert {entry.name for entry in place.data.iterdir()} == {
        entry.name for entry in DATA.iterdir()
    }
    assert (place.data / "lang" / place.name).exists()


def test_a_cache_that_is_emptied_meanwhile_is_filled_again() -> None:
    data = EspeakData(DATA)
    place = data.place_of("vi-vn-x-south")
    if place.data != DATA:
        shutil.rmtree(place.data)
    assert data.place_of("vi-vn-x-south") == place
    assert (place.data / "phontab").exists()


def test_it_sounds_the_same_without_links(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = engines.load("espeak")  # the library can be started once in a process

    def heard(data: EspeakData) -> list[NDArray[np.int16]]:
        monkeypatch.setattr(engine, "_data", data)
        return [engine.say([TEXT], load_voice(voice))[0].samples for voice in ("hue", "saigon")]

    with_links = heard(EspeakData(DATA))
    (tmp_path / "file").touch()
    monkeypatch.setattr(folders, "cache_folder", lambda: tmp_path / "file")
    for linked, alone in zip(with_links, heard(EspeakData(DATA)), strict=True):
        assert np.array_equal(linked, alone)
