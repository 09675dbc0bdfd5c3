"""Makes a Piper voice of 7 kB: a tone as long as its phonemes, through the same doors as speech.

Each of several speakers hums a tone of their own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.patch_voice_with_alignment import add_alignment_output
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RATE = 22050
HOP = 64
FRAMES = 16
"""Frames of HOP samples that each phoneme lasts at length scale 1."""

# What marks the ends and the room between phonemes, which last nothing.
_SILENT = "_^$"
_IDS = 256
PITCH = 300
"""The tone of the first speaker in Hz; that of the second is twice as high, and so on."""


def make_voice(
    folder: Path,
    *,
    amplitude: float = 0.3,
    length_scale: float = 1.0,
    noise: float = 0.0,
    aligned: bool = False,
    speakers: Mapping[str, int] | None = None,
) -> Path:
    """Write a voice's network and its description, and return the network's path.

    Args:
        folder: where they go.
        amplitude: of the tone, 1 for full scale; 0 makes silence, NaN nonsense.
        length_scale: how much longer than FRAMES it makes each phoneme.
        noise: amplitude of random numbers that the network adds to the tone; 0 for none.
        aligned: whether it tells how long it made each.
        speakers: the numbers of several speakers by name; None for a network of one.
    """
    path = folder / "tiny.onnx"
    count = len(speakers) if speakers else 1
    network = _network(amplitude, count, noise)
    if aligned:
        add_alignment_output(network)
    onnx.save(network, path)
    description = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "vi"},
        "inference": {"noise_scale": 0.667, "length_scale": length_scale, "noise_w": 0.8},
        "hop_length": HOP,
        "num_symbols": _IDS,
        "num_speakers": count,
        "speaker_id_map": dict(speakers or {}),
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
    }
    path.with_name("tiny.onnx.json").write_text(json.dumps(description), "utf-8")
    return path


def _network(amplitude: float, speakers: int, noise: float) -> onnx.ModelProto:
    frames = np.full(_IDS, FRAMES, np.float32)
    frames[[DEFAULT_PHONEME_ID_MAP[mark][0] for mark in _SILENT]] = 0
    constants = {
        "frames": frames,
        "second": np.int64(1),
        "hop": np.float32(HOP),
        "zero": np.float32(0),
        "one": np.float32(1),
        "steps": np.float32(2 * np.pi * PITCH / RATE)
        * np.arange(1, speakers + 1, dtype=np.float32),
        "first": np.array([0], np.int64),
        "amplitude": np.float32(amplitude),
        "shape": np.array([1, 1, 1, -1], np.int64),
    }
    steps = [
        ("Gather", ["frames", "input"], "usual"),
        ("Gather", ["scales", "second"], "length_scale"),
        ("Mul", ["usual", "length_scale"], "lengths"),
        ("Ceil", ["lengths"], "w_ceil"),
        ("Mul", ["w_ceil", "hop"], "samples"),
        ("ReduceSum", ["samples"], "end"),
        ("Range", ["zero", "end", "one"], "moments"),
        ("Gather", ["steps", "sid" if speakers > 1 else "first"], "step"),
        ("Mul", ["moments", "step"], "phases"),
        ("Sin", ["phases"], "sine"),
        ("Mul", ["sine", "amplitude"], "tone"),
    ]
    if noise:
        constants["noise"] = np.float32(noise)
        steps += [
            ("RandomNormalLike", ["tone"], "drawn"),
            ("Mul", ["drawn", "noise"], "hiss"),
            ("Add", ["tone", "hiss"], "sound"),
        ]
    steps.append(("Reshape", [steps[-1][2], "shape"], "output"))
    nodes = [helper.make_node(kind, taken, [result]) for kind, taken, result in steps]
    total = next(node for node in nodes if node.op_type == "ReduceSum")
    total.attribute.append(helper.make_attribute("keepdims", 0))
    number, count = TensorProto.FLOAT, TensorProto.INT64
    inputs = [
        helper.make_tensor_value_info("input", count, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", count, [1]),
        helper.make_tensor_value_info("scales", number, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", count, [1]))
    graph = helper.make_graph(
        nodes,
        "voice",
        inputs,
        [helper.make_tensor_value_info("output", number, [1, 1, 1, "time"])],
        [numpy_helper.from_array(np.asarray(held), name) for name, held in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
