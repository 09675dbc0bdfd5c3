"""The door to ffmpeg, with the real one and a real MP3."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from audiobook.errors import EngineError
from audiobook.outputs import mp3
from audiobook.system import ffmpeg

RATE = 24_000


@pytest.fixture(autouse=True)
def forget_what_was_found() -> Iterator[None]:
    ffmpeg.find.cache_clear()
    yield
    ffmpeg.find.cache_clear()


@pytest.fixture
def no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the only one on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture(scope="module")
def tone() -> bytes:
    """One second of 440 Hz as an MP3."""
    samples = np.zeros(mp3.whole_frames(RATE + mp3.TAIL, RATE), np.int16)
    samples[:RATE] = 8_000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    return mp3.encode(samples, RATE, 64)


class TestFind:
    def test_prefers_the_one_on_the_path(self, no_path: Path) -> None:
        own = _program(no_path / "ffmpeg", "exit 0")
        assert ffmpeg.find() == str(own)

    @pytest.mark.usefixtures("no_path")
    def test_else_takes_the_one_of_the_wheel(self) -> None:
        path = Path(ffmpeg.find())
        assert path.is_file()
        assert path.is_relative_to(Path(imageio_ffmpeg.__file__).parent)

    @pytest.mark.usefixtures("no_path")
    def test_none_at_all_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def none() -> str:
            raise RuntimeError("No ffmpeg exe could be found.")

        monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
        with pytest.raises(EngineError, match="apt install ffmpeg"):
            ffmpeg.find()


class TestDecode:
    @pytest.mark.parametrize("rate", [24_000, 22_050, 48_000])
    def test_gives_sound_at_the_rate_that_is_asked_for(self, tone: bytes, rate: int) -> None:
        samples = np.frombuffer(ffmpeg.decode(tone, rate), np.int16)
        frames = mp3.count_frames(tone) * mp3.samples_per_frame(RATE)
        assert len(samples) == pytest.approx(frames * rate / RATE, abs=2)
        assert np.argmax(np.abs(np.fft.rfft(samples[:rate]))) == 440  # a bin is one hertz
        assert 7_000 < np.abs(samples.astype(int)).max() < 9_000

    @pytest.mark.usefixtures("no_path")
    def test_the_one_of_the_wheel_decodes_the_same(self, tone: bytes) -> None:
        samples = np.frombuffer(ffmpeg.decode(tone, RATE), np.int16)
        assert np.argmax(np.abs(np.fft.rfft(samples[:RATE]))) == 440

    @pytest.mark.parametrize(
        "garbage",
        [b"", b"\0" * 1_000, "không phải âm thanh\n".encode() * 99, b"\xff\xfb\x90\x00", b"ID3"],
        ids=["nothing", "zeros", "text", "only a header", "only a tag"],
    )
    def test_garbage_is_an_error_in_one_line(self, garbage: bytes) -> None:
        with pytest.raises(EngineError, match="cannot decode") as caught:
            ffmpeg.decode(garbage, RATE)
        assert "\n" not in str(caught.value)

    def test_damage_is_an_error_rather_than_a_gap(self, tone: bytes) -> None:
        with pytest.raises(EngineError, match="cannot decode"):
            ffmpeg.decode(tone[:3_000] + b"damage" * 20 + tone[3_000:], RATE)

    def test_a_playlist_is_not_followed(self, tone: bytes, tmp_path: Path) -> None:
        secret = tmp_path / "secret.mp3"
        secret.write_bytes(tone)
        for playlist in (
            f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n",
            f"ffconcat version 1.0\nfile '{secret}'\n",
        ):
            with pytest.raises(EngineError):
                ffmpeg.decode(playlist.encode(), RATE)

    def test_a_program_that_is_gone_is_an_error(
        self, tone: bytes, no_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(no_path / "gone"))
        with pytest.raises(EngineError, match="ffmpeg did not run"):
            ffmpeg.decode(tone, RATE)

    def test_a_program_that_is_none_is_an_error(self, tone: bytes, no_path: Path) -> None:
        (no_path / "ffmpeg").write_bytes(b"\x7fnothing")
        (no_path / "ffmpeg").chmod(0o755)
        with pytest.raises(EngineError, match="ffmpeg did not run"):
            ffmpeg.decode(tone, RATE)

    def test_a_program_that_hangs_is_an_error(
        self, tone: bytes, no_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ffmpeg, "_TIME_OUT", 0.1)
        _program(no_path / "ffmpeg", "while :; do :; done")
        with pytest.raises(EngineError, match="timed out"):
            ffmpeg.decode(tone, RATE)

    def test_what_it_says_last_is_passed_on(self, tone: bytes, no_path: Path) -> None:
        _program(no_path / "ffmpeg", "echo first >&2; echo the disk is full >&2; exit 1")
        with pytest.raises(EngineError, match="decode the sound: the disk is full"):
            ffmpeg.decode(tone, RATE)


class TestStream:
    def test_gives_what_decode_gives(self, tone: bytes, tmp_path: Path) -> None:
        path = tmp_path / "-tone: 1%.mp3"  # no option, address or pattern
        path.write_bytes(tone)
        with ffmpeg.stream(path, RATE) as stream:
            samples = np.concatenate(list(stream.blocks))
        assert (samples == np.frombuffer(ffmpeg.decode(tone, RATE), np.int16)).all()
        assert not stream.complaints

    def test_damage_is_complained_of(self, tone: bytes, tmp_path: Path) -> None:
        path = tmp_path / "tone.mp3"
        path.write_bytes(tone[:3_000] + b"damage" * 100 + tone[3_000:])
        with ffmpeg.stream(path, RATE) as stream:
            assert sum(map(len, stream.blocks)) > RATE / 2
        assert stream.complaints

    @pytest.mark.parametrize("garbage", [b"", b"no sound"])
    def test_garbage_is_an_error(self, garbage: bytes, tmp_path: Path) -> None:
        path = tmp_path / "x.mp3"
        path.write_bytes(garbage)
        with (
            pytest.raises(EngineError, match="cannot decode"),
            ffmpeg.stream(path, RATE) as stream,
        ):
            list(stream.blocks)

    @pytest.mark.parametrize(
        "playlist",
        [
            "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile {}\n",
        ],
        ids=["HLS", "concat"],
    )
    def test_a_playlist_is_not_followed(self, playlist: str, tone: bytes, tmp_path: Path) -> None:
        (tmp_path / "secret.mp3").write_bytes(tone)
        path = tmp_path / "list.mp3"
        path.write_text(playlist.format("secret.mp3"))
        with (
            pytest.raises(EngineError, match="cannot decode"),
            ffmpeg.stream(path, RATE) as stream,
        ):
            list(stream.blocks)

    @pytest.mark.parametrize(
        "name", ["a.wav", "a.ogg", "a.flac", "a.m4a", "a.webm", "a.aiff", "a.aac"]
    )
    def test_usual_files_of_sound(self, name: str, tone: bytes, tmp_path: Path) -> None:
        path = tmp_path / name
        command = [ffmpeg.find(), "-v", "error", "-i", "pipe:0", str(path)]
        subprocess.run(command, input=tone, check=True)
        with ffmpeg.stream(path, RATE) as stream:
            assert sum(map(len, stream.blocks)) > RATE / 2

    def test_leaving_early_leaves_nothing_running(self, tone: bytes, tmp_path: Path) -> None:
        path = tmp_path / "tone.mp3"
        path.write_bytes(tone * 200)
        with ffmpeg.stream(path, RATE) as stream:
            assert len(next(stream.blocks))

    def test_much_complaint_does_not_block(self, no_path: Path, tmp_path: Path) -> None:
        _program(
            no_path / "ffmpeg",
            "i=0; while [ $i -lt 5000 ]; do echo 'a line of complaint' >&2; i=$((i+1)); done\n"
            "printf 'ab'",
        )
        with ffmpeg.stream(tmp_path, RATE) as stream:
            assert [len(block) for block in stream.blocks] == [1]
        assert len(stream.complaints) == 20

    def test_a_program_that_hangs_is_an_error(
        self, no_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ffmpeg, "_TIME_OUT", 0.1)
        _program(no_path / "ffmpeg", "while :; do :; done")
        with pytest.raises(EngineError, match="hangs"), ffmpeg.stream(tmp_path, RATE) as stream:
            list(stream.blocks)

    def test_a_program_that_is_none_is_an_error(self, no_path: Path, tmp_path: Path) -> None:
        (no_path / "ffmpeg").write_bytes(b"\x7fnothing")
        (no_path / "ffmpeg").chmod(0o755)
        with pytest.raises(EngineError, match="did not run"), ffmpeg.stream(tmp_path, RATE):
            pass


def _program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
