"""Reads JSON, which may come from strangers."""

from __future__ import annotations

import json
from typing import Any

from audiobook.messages import message


def load_json(data: bytes | str) -> Any:
    """Return what JSON holds.

    Raises:
        ValueError: it is not JSON, or nested so deeply that nothing could read it.
    """
    try:
        return json.loads(data)
    except RecursionError as problem:
        raise ValueError(message("it is nested too deeply")) from problem
