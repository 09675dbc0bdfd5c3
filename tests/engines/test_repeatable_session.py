"""Random numbers of networks that follow from their inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from audiobook.engines import onnx_session
from audiobook.engines.repeatable_session import _DRAWN, RepeatableSession

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MANY = np.zeros((2, 3, 5_000), np.float32)
SHAPE = [4, 500]


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network of three nodes that draw: two as many as there are inputs, one a fixed number."""
    nodes = [
        helper.make_node("RandomNormalLike", ["input"], ["usual"]),
        helper.make_node("RandomNormalLike", ["input"], ["moved"], mean=5.0, scale=2.0, seed=1.0),
        helper.make_node("RandomNormal", [], ["fixed"], shape=SHAPE, dtype=TensorProto.DOUBLE),
    ]
    kinds = {"usual": TensorProto.FLOAT, "moved": TensorProto.FLOAT, "fixed": TensorProto.DOUBLE}
    return _write(tmp_path / "random.onnx", nodes, kinds)


def _write(path: Path, nodes: list[onnx.NodeProto], outputs: Mapping[str, int]) -> Path:
    graph = helper.make_graph(
        nodes,
        "random",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [2, 3, "count"])],
        [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.save(model, path)
    return path


def _run(
    session: RepeatableSession, numbers: NDArray[np.float32] = MANY
) -> list[NDArray[np.float32]]:
    return list(session.run(None, {"input": numbers}))


def test_they_are_of_the_distribution_that_the_network_asks_for(network: Path) -> None:
    usual, moved, fixed = _run(RepeatableSession.open(network))
    assert usual.shape == moved.shape == MANY.shape
    assert fixed.shape == tuple(SHAPE)
    assert fixed.dtype.name == "float64"
    assert (usual.mean(), usual.std()) == pytest.approx((0, 1), abs=0.03)
    assert (moved.mean(), moved.std()) == pytest.approx((5, 2), abs=0.06)
    assert abs(np.corrcoef(usual.ravel(), moved.ravel())[0, 1]) < 0.03


def test_the_same_inputs_give_the_same(network: Path) -> None:
    session = RepeatableSession.open(network)
    first = _run(session)
    other = _run(session, MANY + 1)
    for again in _run(session), _run(RepeatableSession.open(network)):
        assert all(map(np.array_equal, first, again))
    assert not any(map(np.array_equal, first, other))


def test_another_variation_gives_others(network: Path) -> None:
    session = RepeatableSession.open(network)
    first, second = _run(session.variation(1)), _run(session.variation(2))
    assert not any(map(np.array_equal, first, second))
    assert all(map(np.array_equal, first, _run(session.variation(1))))


def test_there_are_enough_for_any_length(network: Path) -> None:
    long = np.zeros((2, 3, _DRAWN), np.float32)
    usual, _, _ = _run(RepeatableSession.open(network), long)
    assert usual.shape == long.shape
    assert usual.std() == pytest.approx(1, abs=0.03)


def test_a_network_without_them_stays_as_it_is(tmp_path: Path) -> None:
    nodes = [helper.make_node("Neg", ["input"], ["output"])]
    path = _write(tmp_path / "plain.onnx", nodes, {"output": TensorProto.FLOAT})
    (negative,) = _run(RepeatableSession.open(path), MANY + 1)
    assert np.array_equal(negative, -MANY - 1)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00 nonsense"])
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(onnx_session.FAILURES):
        RepeatableSession.open(path)
