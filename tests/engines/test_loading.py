"""Finding engines by name, and saying what to do when one is not there."""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from audiobook import engines
from audiobook.errors import EngineError, VoiceError

# The cache of `load` must not keep what these tests make of an engine.
load = engines._load.__wrapped__


@pytest.mark.parametrize("name", ["mozart", "", "Tone", "../tone"])
def test_an_unknown_engine_names_those_there_are(name: str) -> None:
    with pytest.raises(VoiceError) as caught:
        engines.load(name)
    assert f"no engine {name}" in str(caught.value)
    assert "edge, espeak, gtts, openai, piper, sano, tone" in str(caught.value)


def test_a_missing_extra_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", None)  # Python's way to say: not importable
    monkeypatch.delitem(sys.modules, "audiobook.engines.edge", raising=False)
    with pytest.raises(VoiceError) as caught:
        load("edge")
    assert "needs edge_tts" in caught.value.what
    assert re.fullmatch(r"pip install 'edge-tts[<>=.,0-9]+'", caught.value.remedy)


def test_a_library_of_the_base_is_reinstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("gtts", "gtts.tts"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "audiobook.engines.gtts", raising=False)
    with pytest.raises(VoiceError) as caught:
        load("gtts")
    assert caught.value.remedy == "reinstall it: pip install --force-reinstall audiobook-vi"


def test_an_engine_of_another_package_may_miss_something_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = EntryPoint("choir", "audiobook_choir:Choir", engines.GROUP)
    monkeypatch.setattr(engines, "entry_points", lambda **_: EntryPoints([entry]))
    with pytest.raises(VoiceError, match="needs audiobook_choir, which is not") as caught:
        load("choir")
    assert "audiobook[" not in caught.value.remedy


class TestSayable:
    def test_joins_letters_and_marks(self) -> None:
        assert engines.sayable("Viê\u0323t") == "Việt"

    def test_takes_out_what_libraries_choke_on(self) -> None:
        assert engines.sayable("một\0hai \udcffba 😀") == "một hai ba 😀"

    def test_keeps_punctuation_and_markup(self) -> None:
        assert engines.sayable(" “A & <b>”, 1…") == " “A & <b>”, 1…"

    @pytest.mark.parametrize("text", ["", ".", "😀", "\0"])
    def test_refuses_text_without_a_letter_or_digit(self, text: str) -> None:
        with pytest.raises(EngineError):
            engines.sayable(text)
