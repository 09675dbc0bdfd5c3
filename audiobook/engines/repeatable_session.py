"""Runs networks of ONNX that draw random numbers so that the same inputs give the same outputs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper, numpy_helper

from audiobook.engines import onnx_session
from audiobook.engines.weights_in_file import leave_weights_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_NOISE = "audiobook_noise"
# How many numbers are drawn for a run, which takes some 10 ms. A network that wants more gets them
# over again; those of Piper want so many for 16 seconds of speech.
_DRAWN = 1 << 18
_DRAWING = frozenset({"RandomNormal", "RandomNormalLike"})


class RepeatableSession:
    """A network whose random numbers are drawn here, from a seed made of its inputs.

    onnxruntime seeds its generator once a session, so that what a network gives depends on what it
    gave before. To open a session for each sentence would take as long as to speak it.

    Args:
        session: what runs the network.
        is_random: whether it takes random numbers as an input.
        variant: part of the seed; another number gives another sound.
    """

    def __init__(self, session: Any, *, is_random: bool, variant: int = 0) -> None:
        self.session = session
        self._is_random = is_random
        self._variant = variant

    @classmethod
    def open(cls, network: Path) -> RepeatableSession:
        """Open a network; errors are `onnx_session.FAILURES`."""
        try:
            model = onnx.load(network)
        except DecodeError as problem:
            raise ValueError(str(problem)) from problem
        is_random = _take_noise_as_input(model.graph)
        file = network.resolve()  # onnxruntime takes no link to a file elsewhere
        leave_weights_in(file, model.graph)
        content = model.SerializeToString()
        del model  # it still holds the weights
        session = onnx_session.open_session(content, weights=file.parent)
        return cls(session, is_random=is_random)

    def variation(self, variant: int) -> RepeatableSession:
        """Return the same network with another seed."""
        return RepeatableSession(self.session, is_random=self._is_random, variant=variant)

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, NDArray[Any]]) -> Any:
        """Return what the network computes of its inputs, as a session of onnxruntime does."""
        drawn = {_NOISE: _draw(inputs, self._variant)} if self._is_random else {}
        return self.session.run(outputs, {**inputs, **drawn})


def _draw(inputs: Mapping[str, NDArray[Any]], variant: int) -> NDArray[np.float32]:
    """Return random numbers of the normal distribution that follow from some inputs."""
    seed = hashlib.blake2b(str(variant).encode())
    for name in sorted(inputs):
        seed.update(f"{name} {inputs[name].shape} ".encode() + inputs[name].tobytes())
    # The one generator whose numbers stay the same in every version of numpy.
    generator = np.random.RandomState(np.frombuffer(seed.digest(), "<u4"))
    return generator.standard_normal(_DRAWN).astype(np.float32)


def _take_noise_as_input(graph: onnx.GraphProto) -> bool:
    """Let a network take its random numbers as an input; return whether it draws any.

    Each node that draws them is replaced by nodes that take as many from the input. Each begins
    elsewhere, so that two of them get different numbers.
    """
    drawing = [node.output[0] for node in graph.node if node.op_type in _DRAWING]
    if not drawing:
        return False
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type in _DRAWING:
            first = drawing.index(node.output[0]) * (_DRAWN // len(drawing))
            nodes.extend(_taking_nodes(graph, node, first))
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    graph.input.append(helper.make_tensor_value_info(_NOISE, TensorProto.FLOAT, [_DRAWN]))
    return True


def _taking_nodes(graph: onnx.GraphProto, node: onnx.NodeProto, first: int) -> list[onnx.NodeProto]:
    """Return nodes that take from the input what a node drew, after adding their constants.

    Args:
        graph: the network, which gets the constants.
        node: the node that draws random numbers.
        first: the position in the input of the first number that it gets.
    """
    settings = {item.name: helper.get_attribute_value(item) for item in node.attribute}
    constants: dict[str, Any] = {
        "drawn": np.int64(_DRAWN),
        "first": np.int64(first),
        "one": np.int64(1),
        "scale": np.float32(settings.get("scale", 1)),
        "mean": np.float32(settings.get("mean", 0)),
    }
    steps = [
        ("ReduceProd", ["shape"], "count"),
        ("Add", ["first", "count"], "end"),
        ("Range", ["first", "end", "one"], "counted"),
        ("Mod", ["counted", "drawn"], "positions"),
        ("Gather", ["input", "positions"], "numbers"),
        ("Reshape", ["numbers", "shape"], "shaped"),
        ("Mul", ["shaped", "scale"], "scaled"),
        ("Add", ["scaled", "mean"], "moved"),
        ("Cast", ["moved"], "result"),
    ]
    if node.op_type == "RandomNormal":
        constants["shape"] = np.array(settings["shape"], np.int64)
    else:
        steps.insert(0, ("Shape", ["like"], "shape"))
    attributes = {
        "ReduceProd": {"keepdims": 0},
        "Cast": {"to": settings.get("dtype", TensorProto.FLOAT)},
    }
    names: dict[str, str] = {
        "input": _NOISE,
        "like": next(iter(node.input), ""),
        "result": node.output[0],
    }

    def named(tensor: str) -> str:
        return names.get(tensor, f"{_NOISE}/{node.output[0]}/{tensor}")

    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value), named(name)) for name, value in constants.items()
    )
    return [
        helper.make_node(
            operator, list(map(named, inputs)), [named(output)], **attributes.get(operator, {})
        )
        for operator, inputs, output in steps
    ]
