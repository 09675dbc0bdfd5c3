"""The decoder of sanoTTS in onnxruntime against the package's own, with a small random network."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audiobook.engines import sano, sano_decoder
from audiobook.engines.sano_decoder import can_decode, make_decoder

models = pytest.importorskip("sanotts.models")

CONFIG = {"variant": "piperlite", "channels": [12, 8, 6, 4], "res_layers": 1}
LATENT_CHANNELS = 10
CLOSE = 1e-4


@pytest.fixture(scope="module")
def tensors() -> dict[str, NDArray[np.float32]]:
    """Random weights in the shapes of a voice, with fewer channels."""
    random = np.random.default_rng(1)
    weights: dict[str, NDArray[np.float32]] = {}

    def add(name: str, out: int, *shape: int) -> None:
        weights[f"{name}.weight"] = random.normal(0, 0.3, shape).astype(np.float32)
        weights[f"{name}.bias"] = random.normal(0, 0.1, out).astype(np.float32)

    widths = CONFIG["channels"]
    assert isinstance(widths, list)
    add("pre", widths[0], widths[0], LATENT_CHANNELS, 7)
    for stage, kernel in enumerate((16, 16, 8)):
        before, after = widths[stage : stage + 2]
        add(f"up{stage}", after, before, after, kernel)
        for branch, size in enumerate((3, 5, 7)):
            for convolution in ("conv1", "conv2"):
                name = f"res{stage}.0.blocks.{branch}.{convolution}"
                add(name, after, after, after, size)
    add("post", 1, 1, widths[-1], 7)
    return weights


def noise(frames: int) -> NDArray[np.float32]:
    return np.random.default_rng(frames).normal(size=(LATENT_CHANNELS, frames)).astype(np.float32)


@pytest.mark.parametrize("frames", [1, 2, 7, 60])
def test_it_computes_what_the_package_computes(
    tensors: dict[str, NDArray[np.float32]], frames: int
) -> None:
    latent = noise(frames)
    wave = make_decoder(tensors, CONFIG)(latent)
    expected = models.decoder_forward(tensors, CONFIG, latent)
    assert wave.shape == expected.shape == (frames * 256,)
    assert np.abs(expected).max() > 0.1
    assert np.abs(wave - expected).max() < CLOSE


@pytest.mark.parametrize("numbers", [2**8, 2**10, 2**12])
def test_no_block_shows_where_it_was_joined(
    tensors: dict[str, NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch, numbers: int
) -> None:
    expected = models.decoder_forward(tensors, CONFIG, noise(50))
    monkeypatch.setattr(sano_decoder, "_BLOCK", numbers)
    wave = make_decoder(tensors, CONFIG)(noise(50))
    assert wave.shape == expected.shape
    assert np.abs(wave - expected).max() < CLOSE


def test_only_the_branches_in_use_count(tensors: dict[str, NDArray[np.float32]]) -> None:
    config = {**CONFIG, "stage1_branches": [2], "stage2_branches": [0, 1]}
    used = {name: value for name, value in tensors.items() if "res1.0.blocks.0" not in name}
    expected = models.decoder_forward(tensors, config, noise(5))
    assert np.abs(make_decoder(used, config)(noise(5)) - expected).max() < CLOSE


@pytest.mark.parametrize(
    "config",
    [{"variant": "other"}, {"activation": "gelu"}, {"res_layers": 2}, {"post_filter_channels": 8}],
    ids=str,
)
def test_a_decoder_of_another_kind_is_left_to_the_package(config: dict[str, Any]) -> None:
    assert can_decode(CONFIG)
    assert not can_decode({**CONFIG, **config})


def test_features_of_another_width_are_an_error_of_python(
    tensors: dict[str, NDArray[np.float32]],
) -> None:
    with pytest.raises(RuntimeError):
        make_decoder(tensors, CONFIG)(np.zeros((3, 4), np.float32))


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_without_onnxruntime_numpy_computes(
    tensors: dict[str, NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    assert sano._fast_decoder(tensors, CONFIG) is not None
    monkeypatch.setitem(sys.modules, missing, None)  # as if it were not installed
    assert sano._fast_decoder(tensors, CONFIG) is None
