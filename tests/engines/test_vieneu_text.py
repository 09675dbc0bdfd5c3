"""What reaches the networks of VieNeu-TTS is what we read, not what the package makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

for library in ("vieneu", "sea_g2p", "onnx", "tokenizers"):
    pytest.importorskip(library)

from sea_g2p import G2P, SEAPipeline  # noqa: E402
from vieneu._v3_turbo_engine.onnx_runtime_lite import OnnxV3LiteEngine  # noqa: E402
from vieneu.v3nano import OnnxV3NanoEngine  # noqa: E402
from vieneu_fixtures import tiny_networks, vieneu_voices  # noqa: E402, F401
from vieneu_voice import make_nano  # noqa: E402

from audiobook.config import load_voice  # noqa: E402
from audiobook.engines.vieneu import Vieneu  # noqa: E402
from audiobook.engines.vieneu_text import phonemes_of  # noqa: E402
from audiobook.errors import EngineError  # noqa: E402
from audiobook.system.folders import voice_folder  # noqa: E402
from audiobook.vietnamese import normalize  # noqa: E402

if TYPE_CHECKING:
    from audiobook.model import Voice

pytestmark = pytest.mark.usefixtures("vieneu_voices")


@pytest.fixture
def engine() -> Vieneu:
    return Vieneu()


@pytest.fixture(params=["anhkhoi", "quynhanh"])
def voice(request: pytest.FixtureRequest) -> Voice:
    return load_voice(request.param)


class TestReading:
    @pytest.fixture
    def heard(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The phonemes that reach the tokenizers of either network."""
        phonemes: list[str] = []

        def listening(encode: Any) -> Any:
            def listen(self: Any, given: str, *rest: Any) -> Any:
                phonemes.append(given)
                return encode(self, given, *rest)

            return listen

        for kind, name in (
            (OnnxV3NanoEngine, "encode_phones"),
            (OnnxV3LiteEngine, "_build_rows"),
        ):
            monkeypatch.setattr(kind, name, listening(getattr(kind, name)))
        return phonemes

    @pytest.mark.parametrize(
        "text",
        [
            # The package would drop a "năm", and read I, km and % out.
            "đến cái năm năm mươi nhăm tuổi, đã phải sửa một cỗ xôi",
            "Chương I của cuốn sách ấy",
            "chạy hết ba km đường làng",
            "Thưa ông, U B N D đã họp",
        ],
    )
    def test_words_stay_as_they_are(
        self, engine: Vieneu, voice: Voice, heard: list[str], text: str
    ) -> None:
        engine.say([text], voice)
        (given,) = heard
        assert given == G2P("vi").convert(text) + "."
        assert given != SEAPipeline("vi").run(text, punc_norm=True)

    def test_of_a_book_no_number_is_left(
        self, engine: Vieneu, voice: Voice, heard: list[str]
    ) -> None:
        spoken = normalize("Ngày 2/9/1945, hơn 50 vạn người về Ba Đình.")
        engine.say([spoken], voice)
        assert heard == [G2P("vi").convert(spoken)]

    @pytest.mark.parametrize(
        ("text", "same_as"),
        [
            ("Một, hai… ba bốn năm sáu.", "Một, hai. ba bốn năm sáu."),
            ("“Một hai ba bốn năm?”", "Một hai ba bốn năm?"),
            ("Anh (cười) nói với tôi thế.", "Anh, cười, nói với tôi thế."),
            ("Một hai — ba bốn năm.", "Một hai, ba bốn năm."),
            ("- Một hai ba bốn năm!...", "Một hai ba bốn năm!"),
            ("Anh bảo với tôi rằng:", "Anh bảo với tôi rằng."),
            ("Một hai ba bốn năm,", "Một hai ba bốn năm,"),
            ("Một <en>hai</en> <|x|> ba bốn năm", "Một en hai /en x ba bốn năm."),
            ("Thế à?", "Thế à."),
        ],
    )
    def test_marks_are_those_that_it_was_taught(self, text: str, same_as: str) -> None:
        assert phonemes_of(text, "north") == phonemes_of(same_as, "north")
        assert phonemes_of(text, "north")[-1] in ".,!?"

    def test_the_package_would_read_novels_the_same(self) -> None:
        """Where it adds nothing of its own, our marks lead to what its own front would hand on."""
        reader = SEAPipeline("vi")
        text = (Path(__file__).parents[1] / "data" / "ve-tinh.txt").read_text("utf-8")
        sentences = [
            normalize(sentence) for sentence in text.splitlines() if sentence.strip().endswith(".")
        ]
        assert sentences
        for sentence in sentences:
            assert phonemes_of(sentence, "north") == reader.run(sentence, punc_norm=True)

    def test_a_letter_that_only_changes_another_is_passed_over(self) -> None:
        assert phonemes_of("đảo Hawai\u02bbi", "north")

    def test_a_number_is_read_with_the_accent_of_the_voice(self) -> None:
        assert phonemes_of("1000", "north") == phonemes_of("một nghìn", "north")
        assert phonemes_of("1000", "south") == phonemes_of("một ngàn", "south")

    @pytest.mark.parametrize(
        "text", ["đi 北京 chơi", "chữ Привет", "góc α", "mười ③", "số ٣", "nửa ½"]
    )
    def test_a_word_without_sound_is_named(self, engine: Vieneu, voice: Voice, text: str) -> None:
        try:
            engine.say([text], voice)
        except EngineError as problem:
            assert "VieNeu has no sound for" in problem.what
            assert "lexicon.tsv" in problem.remedy
        else:
            assert normalize(text) != text  # it was read out

    def test_a_network_that_knows_none_of_it(self, engine: Vieneu) -> None:
        make_nano(voice_folder("vieneu-nano"), phones="ŋ.")
        with pytest.raises(EngineError, match="no sound for 'ba'"):
            engine.say(["ba"], load_voice("anhkhoi"))
