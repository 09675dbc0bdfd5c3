"""Makes VieNeu-TTS v3 Turbo in a few kilobytes: it hums half a frame for each phoneme."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from vieneu_graphs import FLOAT, INT, INT32, Ports, save_network, tone, tone_constants
from vieneu_voice import PHONES

if TYPE_CHECKING:
    from pathlib import Path

TURBO_RATE = 48_000
_CODEBOOKS, _HIDDEN, _SAMPLES_A_FRAME = 16, 8, 3840
_STYLE, _PAD, _EOS, _SPEECH, _SLOT, _START, _END = range(7)


def make_turbo(folder: Path, *, amplitude: float = 0.3) -> Path:
    """Write the files of Turbo, and return their folder.

    Args:
        folder: where they go.
        amplitude: of the tone, 1 for full scale.
    """
    folder.mkdir(parents=True, exist_ok=True)
    signs = ["[s]", "[pad]", "[eos]", "[speech]", "[slot]", "[start]", "[end]", "[?]", *PHONES]
    vocab = {sign: number for number, sign in enumerate(dict.fromkeys(signs))}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token="[?]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "n_vq": _CODEBOOKS,
        "hidden_size": _HIDDEN,
        "num_hidden_layers": 1,
        "local_num_hidden_layers": 1,
        "local_num_attention_heads": 1,
        "audio_pad_token_id": 1024,
        "text_prompt_start_token_id": _START,
        "text_prompt_end_token_id": _END,
        "speech_generation_start_token_id": _SPEECH,
        "speech_generation_end_token_id": _EOS,
        "audio_ref_slot_token_id": _SLOT,
        "text_vocab_size": len(vocab),
        "default_style_token_id": _STYLE,
        "use_speaker_embedding": True,
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    # The first of the hidden numbers counts phonemes; below 0 the speech ends.
    counted = np.zeros((len(vocab), _HIDDEN), np.float32)
    counted[_END + 2 :, 0], counted[_EOS, 0] = 1, -1
    numbers = np.random.default_rng(0).normal(size=(_CODEBOOKS, 1024, _HIDDEN)) * 0.1
    numbers[..., 0] = 0
    np.savez(
        folder / "vieneu_v3_heads.npz",
        text_emb=counted,
        audio_emb=numbers.astype(np.float32),
        xvec_w=np.ones((_HIDDEN, 192), np.float32),
        xvec_b=np.zeros(_HIDDEN, np.float32),
        xvec_ln_w=np.zeros(_HIDDEN, np.float32),
        xvec_ln_b=np.zeros(_HIDDEN, np.float32),
        xvec_ln_eps=np.float32(1e-5),
    )
    for name in ("vieneu_backbone_shared.data", "moss_audio_tokenizer_decode_shared.data"):
        (folder / name).write_bytes(b"")
    memory: list[int | str] = [1, 1, 1, 1]
    past: Ports = {"past_k_0": (FLOAT, memory), "past_v_0": (FLOAT, memory)}
    present: Ports = {"present_k_0": (FLOAT, memory), "present_v_0": (FLOAT, memory)}
    embeds: Ports = {"inputs_embeds": (FLOAT, [1, "tokens", _HIDDEN])}
    hidden: Ports = {"hidden": (FLOAT, [1, "positions", _HIDDEN])}
    counter = np.eye(1, _HIDDEN, dtype=np.float32).reshape(1, 1, _HIDDEN)
    save_network(
        folder / "vieneu_prefill.onnx",
        [
            ("Mul", ["inputs_embeds", "counter"], "counts"),
            ("ReduceSum", ["counts"], "count", {"keepdims": 0}),
            ("Reshape", ["count", "four"], "present_k_0"),
            ("Shape", ["inputs_embeds"], "shape"),
            ("Gather", ["shape", "second"], "length"),
            ("Cast", ["length"], "position", {"to": FLOAT}),
            ("Reshape", ["position", "four"], "present_v_0"),
            ("Reshape", ["count", "three"], "left"),
            ("Mul", ["left", "counter"], "hidden"),
        ],
        embeds,
        {**hidden, **present},
        {
            "counter": counter,
            "second": np.int64(1),
            "three": np.array([1, 1, 1], np.int64),
            "four": np.array([1, 1, 1, 1], np.int64),
        },
    )
    # What is left after each frame: the phonemes of the text, less two for each frame.
    save_network(
        folder / "vieneu_decode_step.onnx",
        [
            ("Cast", ["position_ids"], "position", {"to": FLOAT}),
            ("Reshape", ["past_v_0", "one"], "start"),
            ("Sub", ["position", "start"], "frames"),
            ("Mul", ["frames", "two"], "gone"),
            ("Reshape", ["past_k_0", "one"], "count"),
            ("Sub", ["count", "gone"], "left"),
            ("Sub", ["left", "two"], "ahead"),
            ("Mul", ["ahead", "counter"], "hidden"),
            ("Identity", ["past_k_0"], "present_k_0"),
            ("Identity", ["past_v_0"], "present_v_0"),
        ],
        {**embeds, "position_ids": (INT, [1, 1]), **past},
        {**hidden, **present},
        {"counter": counter, "one": np.array([1, 1], np.int64), "two": np.float32(2)},
    )
    empty: list[int | str] = [1, 1, "past", _HIDDEN]
    save_network(
        folder / "vieneu_acoustic_cached.onnx",
        [
            ("Identity", ["token_emb"], "hidden"),
            ("Identity", ["past_k_0"], "present_k_0"),
            ("Identity", ["past_v_0"], "present_v_0"),
        ],
        {
            "token_emb": (FLOAT, [1, "tokens", _HIDDEN]),
            "position_ids": (INT, [1, "tokens"]),
            "past_k_0": (FLOAT, empty),
            "past_v_0": (FLOAT, empty),
        },
        {**hidden, "present_k_0": (FLOAT, empty), "present_v_0": (FLOAT, empty)},
        {},
    )
    save_network(
        folder / "moss_audio_tokenizer_decode_full.onnx",
        [
            ("Cast", ["audio_code_lengths"], "lengths", {"to": FLOAT}),
            ("ReduceSum", ["lengths"], "frames", {"keepdims": 0}),
            ("Mul", ["frames", "hop"], "samples"),
            ("Cast", ["audio_codes"], "numbers", {"to": FLOAT}),
            ("ReduceMean", ["numbers"], "phase", {"keepdims": 0}),
            *tone("mono"),
            ("Concat", ["mono", "mono"], "audio", {"axis": 1}),
        ],
        {"audio_codes": (INT32, [1, "frames", _CODEBOOKS]), "audio_code_lengths": (INT32, [1])},
        {"audio": (FLOAT, [1, 2, "samples"])},
        {"hop": np.float32(_SAMPLES_A_FRAME), **tone_constants(amplitude, TURBO_RATE)},
    )
    return folder
