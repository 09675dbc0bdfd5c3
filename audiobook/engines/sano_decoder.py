"""The decoder of sanoTTS, computed by onnxruntime stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from audiobook.engines.sano_graph import Graph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobook.engines.sano_graph import Floats, Tensors

    Decode = Callable[[Floats], Floats]


class _Stage(NamedTuple):
    """One stage of the decoder: the factor by which it lengthens the sound, and its names."""

    factor: int
    upsampling: str
    residuals: str
    branches: str
    """The key of the configuration that lists the branches in use."""
    before: str = ""
    """A convolution before the stage."""
    behind: str = ""
    """The convolution that makes a wave of what the stage returns."""


class _Branch(NamedTuple):
    """One of the parallel residual branches of a stage: how far apart the taps of each kernel."""

    first_dilation: int
    second_dilation: int


_STAGES = (
    _Stage(8, "up0", "res0.0", "stage0_branches", before="pre"),
    _Stage(8, "up1", "res1.0", "stage1_branches"),
    _Stage(4, "up2", "res2.0", "stage2_branches", behind="post"),
)
_BRANCHES = (_Branch(1, 2), _Branch(2, 6), _Branch(3, 12))
_SLOPE, _LAST_SLOPE = 0.1, 0.01
"""How leaky the rectifiers are, within the stages and behind them."""
_BLOCK = 2**18
"""Numbers that a stage computes at a time. It bounds the memory, and what a stage handles at a time
stays in a processor's cache: blocks of 2**16 or of a whole text take some 5 % longer."""


def can_decode(config: Mapping[str, Any]) -> bool:
    """Return whether a decoder is of the kind built here, which all published voices have."""
    return (
        config.get("variant") == "piperlite"
        and config.get("activation", "leaky_relu") == "leaky_relu"
        and config.get("res_layers", 1) == 1
        and not config.get("pre_tanh_repair_channels")
        and not config.get("post_filter_channels")
    )


def make_decoder(tensors: Tensors, config: Mapping[str, Any]) -> Decode:
    """Return a function from latent features [channels, frames] to a wave [samples].

    It computes what ``sanotts.models.decoder_forward`` does, in one thread, but for rounding. The
    function raises a RuntimeError where onnxruntime fails.

    Args:
        tensors: the weights by the names that the voice's manifest gives them.
        config: the manifest's description of the decoder, for which `can_decode` holds.
    """
    networks = [_Network(tensors, config, stage) for stage in _STAGES]

    def decode(latent: Floats) -> Floats:
        features = latent[np.newaxis]
        for network in networks:
            features = network.compute(features)
        return features.ravel()

    return decode


class _Network:
    """A stage in onnxruntime, computed block by block."""

    def __init__(self, tensors: Tensors, config: Mapping[str, Any], stage: _Stage) -> None:
        self._compute = _open(stage, tensors, config)
        self._factor = stage.factor
        self._margin = _margin(stage, tensors, config)
        self._columns = _BLOCK // (stage.factor * len(tensors[f"{stage.upsampling}.bias"]))

    def compute(self, features: Floats) -> Floats:
        """Return what the stage makes of features [1, channels, columns], longer by its factor."""
        total = features.shape[-1]
        blocks = []
        for start in range(0, total, self._columns):
            # Columns beside the block are computed with it, because it depends on them.
            first = max(start - self._margin, 0)
            end = min(start + self._columns, total)
            block = self._compute(features[..., first : end + self._margin])
            blocks.append(block[..., (start - first) * self._factor : (end - first) * self._factor])
        return np.concatenate(blocks, axis=-1)


def _margin(stage: _Stage, tensors: Tensors, config: Mapping[str, Any]) -> int:
    """Return how many columns on either side of a column influence what a stage makes of it."""

    def reach(name: str) -> int:
        return tensors[f"{name}.weight"].shape[-1] // 2 if name else 0

    longest = max(
        branch.first_dilation * reach(f"{name}.conv1")
        + branch.second_dilation * reach(f"{name}.conv2")
        for name, branch in _branches(stage, config)
    )
    lengthened = longest + reach(stage.behind)
    return reach(stage.before) + 1 + -(-lengthened // stage.factor)


def _branches(stage: _Stage, config: Mapping[str, Any]) -> list[tuple[str, _Branch]]:
    """Return the branches of a stage that are in use, with their names."""
    numbers = config.get(stage.branches) or range(len(_BRANCHES))
    return [(f"{stage.residuals}.blocks.{number}", _BRANCHES[number]) for number in numbers]


def _open(stage: _Stage, tensors: Tensors, config: Mapping[str, Any]) -> Callable[[Floats], Floats]:
    graph = Graph(tensors)
    features = graph.input
    if stage.before:
        features = graph.convolution(features, stage.before)
    features = _upsampled(graph, _rectified(graph, features), stage, tensors)
    branches = [
        _branch_output(graph, features, name, branch) for name, branch in _branches(stage, config)
    ]
    features = graph.node("Mean", *branches)
    if stage.behind:
        rectified = _rectified(graph, features, _LAST_SLOPE)
        features = graph.node("Tanh", graph.convolution(rectified, stage.behind))
    return graph.open(features)


def _upsampled(graph: Graph, features: str, stage: _Stage, tensors: Tensors) -> str:
    """Add a transposed convolution, as a convolution to ``factor`` times the channels.

    Its kernel is twice as long as its stride. So each ``factor`` columns of the result depend on
    two columns of the features: on the earlier one by the second half of the kernel, and on the
    later one by the first. onnxruntime takes half as long again for ConvTranspose.
    """
    factor = stage.factor
    kernel, bias = (tensors[f"{stage.upsampling}.{part}"] for part in ("weight", "bias"))
    inputs, outputs, _ = kernel.shape
    halves = kernel.reshape(inputs, outputs, 2, factor)[:, :, ::-1]
    weight = halves.transpose(3, 1, 0, 2).reshape(factor * outputs, inputs, 2)
    groups = graph.node(
        "Conv",
        features,
        graph.constant(weight),
        graph.constant(np.tile(bias, factor)),
        pads=[1, 1],
    )
    apart = graph.node("Reshape", groups, graph.integers(factor, outputs, -1))
    ordered = graph.node("Transpose", apart, perm=[1, 2, 0])
    longer = graph.node("Reshape", ordered, graph.integers(1, outputs, -1))
    # Half a group is too much at both ends.
    start, end, axis = (graph.integers(number) for number in (factor // 2, -(factor // 2), 2))
    return graph.node("Slice", longer, start, end, axis)


def _branch_output(graph: Graph, features: str, name: str, branch: _Branch) -> str:
    """Add a branch of a stage, two residual convolutions."""
    for part, dilation in (("conv1", branch.first_dilation), ("conv2", branch.second_dilation)):
        rectified = _rectified(graph, features)
        changed = graph.convolution(rectified, f"{name}.{part}", dilation)
        features = graph.node("Add", changed, features)
    return features


def _rectified(graph: Graph, features: str, slope: float = _SLOPE) -> str:
    return graph.node("LeakyRelu", features, alpha=slope)
