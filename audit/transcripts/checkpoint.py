"""Whisper weights in CTranslate2's format as a checkpoint for openai-whisper: the same numbers under its own names."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray

from classifiers.errors import MissingModel

Weights = dict[str, NDArray[Any]]

_DTYPES = ("float32", "int8", "int16", "int32", "float16")  # CTranslate2's, in the order of its codes
_NORM = {"gamma": "weight", "beta": "bias"}
_JOINED = {  # how CTranslate2 joins an attention's projections
    "self_attention": {"linear_0": ("query", "key", "value"), "linear_1": ("out",)},
    "attention": {"linear_0": ("query",), "linear_1": ("key", "value"), "linear_2": ("out",)},
}
_MLP = {"linear_0": 0, "linear_1": 2}


def convert(path: Path) -> dict[str, Any]:
    """The checkpoint (`dims`, `model_state_dict`) in a model.bin. Raises MissingModel when it is no float Whisper."""
    weights = _read(path)
    if any(name.endswith("/weight_scale") for name in weights):
        raise MissingModel(f"{path} is quantised", "give a model with float weights")
    tensors = {name: torch.from_numpy(array.astype("float16")) for name, array in _renamed(weights)}
    return {"dims": _dims(weights), "model_state_dict": tensors}


def _read(path: Path) -> Weights:
    with path.open("rb") as file:
        _version, spec = _unpack(file, "I")[0], _string(file)
        if spec != "WhisperSpec":
            raise MissingModel(f"{path} holds a {spec}, not a Whisper model", "give a Whisper model")
        _revision, count = _unpack(file, "II")
        return dict(_variable(file) for _ in range(count))


def _variable(file: BinaryIO) -> tuple[str, NDArray[Any]]:
    name, (rank,) = _string(file), _unpack(file, "B")
    shape = _unpack(file, f"{rank}I")
    dtype, size = _unpack(file, "BI")
    return name, np.frombuffer(file.read(size), _DTYPES[dtype]).reshape(shape)


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    layout = "<" + layout
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _string(file: BinaryIO) -> str:
    return file.read(*_unpack(file, "H"))[:-1].decode()


def _renamed(weights: Weights) -> Iterator[tuple[str, NDArray[Any]]]:
    for side in ("encoder", "decoder"):
        yield f"{side}.positional_embedding", weights[f"{side}/position_encodings/encodings"]
        yield from _norm(weights, f"{side}/layer_norm", f"{side}.ln_post" if side == "encoder" else f"{side}.ln")
        for i in range(_layers(weights, side)):
            yield from _block(weights, f"{side}/layer_{i}", f"{side}.blocks.{i}", side == "decoder")
    yield "decoder.token_embedding.weight", weights["decoder/embeddings/weight"]
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            yield f"encoder.{conv}.{part}", weights[f"encoder/{conv}/{part}"]


def _block(weights: Weights, source: str, target: str, crosses: bool) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _attention(weights, source, "self_attention", f"{target}.attn")
    if crosses:
        yield from _attention(weights, source, "attention", f"{target}.cross_attn")
    yield from _norm(weights, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
    for linear, place in _MLP.items():
        for part in ("weight", "bias"):
            yield f"{target}.mlp.{place}.{part}", weights[f"{source}/ffn/{linear}/{part}"]


def _attention(weights: Weights, source: str, name: str, target: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _norm(weights, f"{source}/{name}/layer_norm", f"{target}_ln")
    for linear, projections in _JOINED[name].items():
        for part in ("weight", "bias"):
            pieces = np.split(weights[f"{source}/{name}/{linear}/{part}"], len(projections))
            for projection, piece in zip(projections, pieces, strict=True):
                if (projection, part) != ("key", "bias"):  # always zero: Whisper's keys have none
                    yield f"{target}.{projection}.{part}", piece


def _norm(weights: Weights, source: str, target: str) -> Iterator[tuple[str, NDArray[Any]]]:
    for ours, theirs in _NORM.items():
        yield f"{target}.{theirs}", weights[f"{source}/{ours}"]


def _layers(weights: Weights, side: str) -> int:
    return sum(name.startswith(f"{side}/layer_") and name.endswith("/ffn/layer_norm/beta") for name in weights)


def _dims(weights: Weights) -> dict[str, int]:
    vocabulary, width = weights["decoder/embeddings/weight"].shape
    dims = {
        "n_mels": weights["encoder/conv1/weight"].shape[1],
        "n_audio_ctx": len(weights["encoder/position_encodings/encodings"]),
        "n_text_ctx": len(weights["decoder/position_encodings/encodings"]),
        "n_vocab": vocabulary,
    }
    for side, kind in (("encoder", "audio"), ("decoder", "text")):
        heads = int(weights[f"{side}/num_heads"])
        dims |= {f"n_{kind}_state": width, f"n_{kind}_head": heads, f"n_{kind}_layer": _layers(weights, side)}
    return dims
