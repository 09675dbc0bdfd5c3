"""Our voices of VieNeu-TTS are those of its package, as its makers describe them."""

from __future__ import annotations

import pytest

for library in ("vieneu", "sea_g2p"):
    pytest.importorskip(library)

from audiobook.config import load_voice, shared_files, voice_names  # noqa: E402
from audiobook.engines import vieneu as module  # noqa: E402
from audiobook.engines import vieneu_reference  # noqa: E402

OURS = sorted(name for name in voice_names() if load_voice(name).engine == "vieneu")


class TestVoices:
    def test_all_regions_and_both_sexes_tell_stories(self) -> None:
        voices = [load_voice(name) for name in OURS]
        assert {voice.accent for voice in voices} == {"north", "central", "south"}
        tellers = [voice for voice in voices if voice.style == "story-telling"]
        for region in ("north", "south"):
            sexes = {voice.sex for voice in tellers if voice.accent == region}
            assert sexes == {"female", "male"}
        assert len(voices) >= 10

    @pytest.mark.parametrize("name", OURS)
    def test_each_is_as_the_package_says(self, name: str) -> None:
        voice = load_voice(name)
        kind, _, speaker = voice.model.partition("#")
        details = vieneu_reference._presets(kind)[speaker]
        sex, region, style = details["description"].split(" · ")
        assert {"Nữ": "female", "Nam": "male"}[sex] == voice.sex
        assert {"Bắc": "north", "Trung": "central", "Nam": "south"}[region] == voice.accent
        assert ("truyện" in style or "kể chuyện" in style) == (voice.style == "story-telling")
        assert voice.licence == "Apache-2.0"

    @pytest.mark.parametrize("name", OURS)
    def test_its_files_are_those_that_it_speaks_from(self, name: str) -> None:
        voice = load_voice(name)
        kind = module._NETWORKS[voice.model.partition("#")[0]]
        assert tuple(file.name for file in voice.files) == kind.files
        assert voice.files == shared_files(voice.shared)
        assert voice.rate == kind.rate
