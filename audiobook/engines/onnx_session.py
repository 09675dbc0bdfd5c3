"""Opens networks of ONNX for one thread, and names the errors of onnxruntime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state

if TYPE_CHECKING:
    from pathlib import Path

_ERRORS_ONLY = 3
_FOLDER_OF_WEIGHTS = "session.model_external_initializers_file_folder_path"

# onnxruntime has a dozen errors, whose only common base class is Exception.
FAILURES: tuple[type[Exception], ...] = (
    *(
        kind
        for kind in vars(onnxruntime_pybind11_state).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
    RuntimeError,
    ValueError,
    OSError,
)


def open_session(model: Path | bytes, weights: Path | None = None) -> onnxruntime.InferenceSession:
    """Open a network, which lies in a file or in memory.

    Several processes in parallel use the cores better than several threads do, so that each
    process gets one.

    Args:
        model: the network.
        weights: the folder of the files that one in memory names for its weights.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    if weights is not None:
        options.add_session_config_entry(_FOLDER_OF_WEIGHTS, str(weights))
    return onnxruntime.InferenceSession(
        model, sess_options=options, providers=["CPUExecutionProvider"]
    )
