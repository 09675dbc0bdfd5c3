"""Weights that lie in a network's file are read from there, and not copied into each process."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from audiobook.engines.repeatable_session import RepeatableSession
from audiobook.engines.weights_in_file import leave_weights_in

WEIGHTS = np.random.default_rng(4).standard_normal((64, 1_000)).astype(np.float32)
BIAS = np.arange(1_000, dtype=np.float32)


def write_network(path: Path, title: str = "") -> Path:
    """Write a network that multiplies by a large matrix twice, and adds a small bias."""
    nodes = [
        helper.make_node("MatMul", ["input", "once"], ["product"]),
        helper.make_node("MatMul", ["input", "twice"], ["same"]),
        helper.make_node("Add", ["product", "same"], ["both"]),
        helper.make_node("Add", ["both", "bias"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "weights",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 64])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1_000])],
        [
            numpy_helper.from_array(WEIGHTS, "once"),
            numpy_helper.from_array(WEIGHTS, "twice"),
            numpy_helper.from_array(BIAS, "bias"),
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    # A title moves what stands behind it in the file.
    model = helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name=title)
    onnx.save(model, path)
    return path


def run(network: Path) -> np.ndarray:
    numbers = np.linspace(-1, 1, 64, dtype=np.float32)[np.newaxis]
    (result,) = RepeatableSession.open(network).run(None, {"input": numbers})
    return np.asarray(result)


@pytest.mark.parametrize("title", ["", "a", "ab", "abc", "a" * 4_001])
def test_wherever_they_lie_the_network_computes_the_same(tmp_path: Path, title: str) -> None:
    numbers = np.linspace(-1, 1, 64, dtype=np.float32)[np.newaxis]
    wanted = 2 * numbers @ WEIGHTS + BIAS
    np.testing.assert_allclose(run(write_network(tmp_path / "a.onnx", title)), wanted, atol=1e-3)


def test_only_small_ones_are_left_in_the_network(tmp_path: Path) -> None:
    path = write_network(tmp_path / "a.onnx")
    model = onnx.load(path)
    leave_weights_in(path, model.graph)
    assert len(model.SerializeToString()) < path.stat().st_size / 50
    places = [
        {entry.key: entry.value for entry in weight.external_data}
        for weight in model.graph.initializer
    ]
    assert [place.get("location") for place in places] == ["a.onnx", "a.onnx", None]
    content = path.read_bytes()
    for place in places[:2]:
        start, length = int(place["offset"]), int(place["length"])
        assert content[start : start + length] == WEIGHTS.tobytes()
    assert places[0]["offset"] != places[1]["offset"]


def test_a_weight_from_elsewhere_stays(tmp_path: Path) -> None:
    path = write_network(tmp_path / "a.onnx")
    model = onnx.load(path)
    weight = model.graph.initializer[0]
    weight.CopyFrom(numpy_helper.from_array(-WEIGHTS, weight.name))
    leave_weights_in(path, model.graph)
    assert weight.raw_data == (-WEIGHTS).tobytes()


def test_the_file_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = write_network(tmp_path / "elsewhere" / "b.onnx")
    link = tmp_path / "a.onnx"
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("links need a permission here")
    np.testing.assert_array_equal(run(link), run(target))


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process sees its mappings")
def test_they_are_mapped(tmp_path: Path) -> None:
    """As those of convolutions are; onnxruntime orders those of products anew, in a copy."""
    path = tmp_path / "mapped.onnx"
    weight = WEIGHTS.reshape(64, 50, 20)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["input", "weight"], ["output"])],
        "convolution",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 50, 40])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(weight, "weight")],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
    session = RepeatableSession.open(path)
    (result,) = session.run(None, {"input": np.ones((1, 50, 40), np.float32)})
    np.testing.assert_allclose(result[0, :, 0], weight.sum(axis=(1, 2)), atol=1e-3)
    assert str(path.resolve()) in Path("/proc/self/maps").read_text("utf-8")
