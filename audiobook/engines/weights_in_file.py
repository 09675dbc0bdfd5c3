"""Leaves the weights of an ONNX network in its file, where all processes share one copy of them.

onnxruntime maps a part of a file into memory for each weight that is said to lie there, and the
system reads what is mapped once for all processes. A network that is handed over as bytes instead
is copied into each of them.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

from onnx import TensorProto

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import onnx

_LEAST = 1 << 14
"""Bytes of a weight from which on it is left in the file. Small ones are needed to check a network,
and each mapping takes at least a page."""


def leave_weights_in(file: Path, graph: onnx.GraphProto) -> None:
    """Replace the large weights of a network by where the same bytes lie in its file.

    Args:
        file: the network was read from it.
        graph: the network; a weight that is not in the file stays as it is.
    """
    large = [weight for weight in graph.initializer if len(weight.raw_data) >= _LEAST]
    if not large:
        return
    with (
        file.open("rb") as opened,
        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        end = 0
        for weight in large:
            # Weights lie in their order, so that the search is short.
            start = content.find(weight.raw_data, end)
            if start >= 0:
                end = start + len(weight.raw_data)
                _point(
                    weight, (("location", file.name), ("offset", start), ("length", end - start))
                )


def _point(weight: onnx.TensorProto, place: Iterable[tuple[str, object]]) -> None:
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, value in place:
        entry = weight.external_data.add()
        entry.key, entry.value = key, str(value)
