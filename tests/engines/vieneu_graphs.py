"""Small networks in ONNX, step by step, and the tone that those of VieNeu-TTS hum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FLOAT, INT, INT32, BOOL = (
    TensorProto.FLOAT,
    TensorProto.INT64,
    TensorProto.INT32,
    TensorProto.BOOL,
)
PITCH = 300
"""The tone in Hz."""

Step = tuple[str, list[str], str] | tuple[str, list[str], str, dict[str, Any]]
Ports = dict[str, tuple[int, list[int | str]]]


def tone(result: str) -> list[Step]:
    """Return the steps to a tone of a number of samples that begins at a phase."""
    return [
        ("Range", ["none", "samples", "unit"], "moments"),
        ("Add", ["pitch", "none"], "step"),
        ("Mul", ["moments", "step"], "angles"),
        ("Add", ["angles", "phase"], "shifted"),
        ("Sin", ["shifted"], "sine"),
        ("Mul", ["sine", "amplitude"], "tone"),
        ("Reshape", ["tone", "layout"], result),
    ]


def tone_constants(amplitude: float, rate: int) -> dict[str, Any]:
    """Return what the steps of a tone need beside the number of samples and the phase."""
    return {
        "none": np.float32(0),
        "unit": np.float32(1),
        "pitch": np.float32(2 * np.pi * PITCH / rate),
        "amplitude": np.float32(amplitude),
        "layout": np.array([1, 1, -1], np.int64),
    }


def save_network(
    path: Path, steps: Sequence[Step], inputs: Ports, outputs: Ports, constants: Mapping[str, Any]
) -> None:
    """Write a network.

    Args:
        path: its file.
        steps: each an operator, what it takes, its result, and its attributes.
        inputs: types and shapes by name.
        outputs: the same.
        constants: values by name.
    """
    nodes = [
        helper.make_node(step[0], step[1], [step[2]], **(step[3] if len(step) == 4 else {}))
        for step in steps
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, *port) for name, port in inputs.items()],
        [helper.make_tensor_value_info(name, *port) for name, port in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.save(model, path)
