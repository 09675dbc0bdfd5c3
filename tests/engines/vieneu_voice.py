"""Makes VieNeu-TTS v3 Nano in a few kilobytes: tones as long as their phonemes.

The inputs and outputs are those of the real networks, so the real package drives them.
"""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING

import numpy as np
from vieneu_graphs import BOOL, FLOAT, INT, Ports, save_network, tone, tone_constants

if TYPE_CHECKING:
    from pathlib import Path

NANO_RATE = 24_000
FRAMES_A_PHONEME = 1.0
"""Frames, 15.6 of them a second, that each phoneme lasts."""
PHONES = string.ascii_lowercase + "æðŋɐɑɒɔɕəɘɚɛɜɝɡɣɤɪɫɯɲɵɹɾʃʊʌʒʔʰʲʷˈˌːθβχɗɓ̪œøɨʉ0123456789 .,!?-'"
_FPS = NANO_RATE / 256 / 6


def make_nano(folder: Path, *, amplitude: float = 0.3, phones: str = PHONES) -> Path:
    """Write the files of Nano, and return their folder.

    Args:
        folder: where they go.
        amplitude: of the tone, 1 for full scale; 0 makes silence, NaN nonsense.
        phones: the signs that it knows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocab = {sign: number for number, sign in enumerate(dict.fromkeys(phones), 3)}
    config = {"vocab": vocab, "bos_id": 1, "eos_id": 2, "pad_id": 0, "group": 6}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    np.savez(
        folder / "constants.npz",
        null_spk=np.zeros(192, np.float32),
        null_style=np.zeros((50, 256), np.float32),
        latent_mean=np.zeros(24, np.float32),
        latent_std=np.ones(24, np.float32),
        latent_scale=np.float32(1),
    )
    shown: Ports = {"ctx": (FLOAT, [1, "phonemes", 1])}
    masked: Ports = {**shown, "ctx_mask": (BOOL, [1, "phonemes"])}
    speaker: Ports = {"spk": (FLOAT, [1, 192])}
    style: Ports = {"style": (FLOAT, [1, 50, 256])}
    noise: Ports = {"x": (FLOAT, [1, 144, "frames"])}
    save_network(
        folder / "text_encoder.onnx",
        [("Cast", ["ids"], "numbers", {"to": FLOAT}), ("Unsqueeze", ["numbers", "last"], "ctx")],
        {"ids": (INT, [1, "phonemes"]), **style},
        shown,
        {"last": np.array([2], np.int64)},
    )
    save_network(
        folder / "duration_predictor.onnx",
        [
            ("Cast", ["ctx_mask"], "ones", {"to": FLOAT}),
            ("ReduceSum", ["ones", "axis"], "count", {"keepdims": 0}),
            ("Mul", ["count", "each"], "seconds"),
            ("Log", ["seconds"], "log_seconds"),
        ],
        {**masked, **speaker},
        {"log_seconds": (FLOAT, [1])},
        {"axis": np.array([1], np.int64), "each": np.float32(FRAMES_A_PHONEME / _FPS)},
    )
    # The speaker goes into the noise, and from there into the pitch.
    save_network(
        folder / "vector_estimator.onnx",
        [
            ("ReduceMean", ["spk"], "timbre", {"keepdims": 0}),
            ("Mul", ["x", "zero"], "nothing"),
            ("Add", ["nothing", "timbre"], "v"),
        ],
        {**noise, "t": (FLOAT, [1]), **masked, **speaker, **style},
        {"v": (FLOAT, [1, 144, "frames"])},
        {"zero": np.float32(0)},
    )
    save_network(
        folder / "codec_decoder.onnx",
        [
            ("Shape", ["x"], "shape"),
            ("Gather", ["shape", "third"], "frames"),
            ("Cast", ["frames"], "length", {"to": FLOAT}),
            ("Mul", ["length", "hop"], "samples"),
            ("ReduceMean", ["x"], "phase", {"keepdims": 0}),
            *tone("wav"),
        ],
        noise,
        {"wav": (FLOAT, [1, 1, "samples"])},
        {
            "third": np.int64(2),
            "hop": np.float32(1536),
            **tone_constants(amplitude, NANO_RATE),
        },
    )
    return folder


def make_encoders(folder: Path) -> Path:
    """Write the files that clone a voice for Nano, and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_network(
        folder / "speaker_encoder.onnx",
        [
            ("ReduceMean", ["input"], "loudness", {"axes": [1], "keepdims": 0}),
            ("Slice", ["loudness", "first", "end", "axis"], "low"),
            ("Concat", ["loudness", "loudness", "low"], "pieces", {"axis": 1}),
            ("Add", ["pieces", "some"], "output"),
        ],
        {"input": (FLOAT, [1, "frames", 80])},
        {"output": (FLOAT, [1, 192])},
        {
            "first": np.array([0], np.int64),
            "end": np.array([32], np.int64),
            "axis": np.array([1], np.int64),
            "some": np.full(192, 0.1, np.float32),
        },
    )
    save_network(
        folder / "codec_encoder.onnx",
        [
            ("AveragePool", ["wav"], "slow", {"kernel_shape": [256], "strides": [256]}),
            ("Concat", ["slow"] * 24, "mu", {"axis": 1}),
        ],
        {"wav": (FLOAT, [1, 1, "samples"])},
        {"mu": (FLOAT, [1, 24, "frames"])},
        {},
    )
    save_network(
        folder / "reference_encoder.onnx",
        [
            ("ReduceMean", ["ref"], "mean", {"keepdims": 0}),
            ("Add", ["zeros", "mean"], "styles"),
        ],
        {"ref": (FLOAT, [1, 144, "frames"]), "ref_mask": (BOOL, [1, "frames"])},
        {"styles": (FLOAT, [1, 50, 256])},
        {"zeros": np.zeros((1, 50, 256), np.float32)},
    )
    spectrum: list[int | str] = [1, "pitches", "frames"]
    save_network(
        folder / "denoiser.onnx",
        [("Identity", [name], f"sep_{name}") for name in ("mag", "cos", "sin")],
        dict.fromkeys(("mag", "cos", "sin"), (FLOAT, spectrum)),
        {f"sep_{name}": (FLOAT, spectrum) for name in ("mag", "cos", "sin")},
        {},
    )
    return folder
