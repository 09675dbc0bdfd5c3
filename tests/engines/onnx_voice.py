"""Makes a Piper voice of 7 kB: a tone as long as its phonemes, through the same doors as speech."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.patch_voice_with_alignment import add_alignment_output
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

if TYPE_CHECKING:
    from pathlib import Path

RATE = 22050
HOP = 64
FRAMES = 16
"""Frames of HOP samples that each phoneme lasts at length scale 1."""

# What marks the ends and the room between phonemes, which last nothing.
_SILENT = "_^$"
_IDS = 256


def make_voice(
    folder: Path, *, amplitude: float = 0.3, length_scale: float = 1.0, aligned: bool = False
) -> Path:
    """Write a voice's network and its description, and return the network's path.

    Args:
        folder: where they go.
        amplitude: of the tone, 1 for full scale; 0 makes silence, NaN nonsense.
        length_scale: how much longer than FRAMES it makes each phoneme.
        aligned: whether it tells how long it made each.
    """
    path = folder / "tiny.onnx"
    network = _network(amplitude)
    if aligned:
        add_alignment_output(network)
    onnx.save(network, path)
    description = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "vi"},
        "inference": {"noise_scale": 0.667, "length_scale": length_scale, "noise_w": 0.8},
        "hop_length": HOP,
        "num_symbols": _IDS,
        "num_speakers": 1,
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
    }
    path.with_name("tiny.onnx.json").write_text(json.dumps(description), "utf-8")
    return path


def _network(amplitude: float) -> onnx.ModelProto:
    frames = np.full(_IDS, FRAMES, np.float32)
    frames[[DEFAULT_PHONEME_ID_MAP[mark][0] for mark in _SILENT]] = 0
    constants = {
        "frames": frames,
        "second": np.int64(1),
        "hop": np.float32(HOP),
        "zero": np.float32(0),
        "one": np.float32(1),
        "step": np.float32(2 * np.pi * 300 / RATE),
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
        ("Mul", ["moments", "step"], "phases"),
        ("Sin", ["phases"], "sine"),
        ("Mul", ["sine", "amplitude"], "tone"),
        ("Reshape", ["tone", "shape"], "output"),
    ]
    nodes = [helper.make_node(kind, taken, [result]) for kind, taken, result in steps]
    total = next(node for node in nodes if node.op_type == "ReduceSum")
    total.attribute.append(helper.make_attribute("keepdims", 0))
    number, count = TensorProto.FLOAT, TensorProto.INT64
    graph = helper.make_graph(
        nodes,
        "voice",
        [
            helper.make_tensor_value_info("input", count, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", count, [1]),
            helper.make_tensor_value_info("scales", number, [3]),
        ],
        [helper.make_tensor_value_info("output", number, [1, 1, 1, "time"])],
        [numpy_helper.from_array(np.asarray(held), name) for name, held in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
