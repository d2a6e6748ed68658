"""Makes `encoder.onnx` from Resemblyzer's checkpoint, for whoever wants to check or remake it.

python -m audit.transcripts.speakers.weights CHECKPOINT

CHECKPOINT is `pretrained.pt` out of the wheel of Resemblyzer 0.1.4 (Apache-2.0, see NOTICE.txt). The network is three
LSTM layers over mel bands, one linear layer, ReLU, unit length. Weights are kept in half precision: 2.9 MB.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from audit.store import blobs
from audit.transcripts.speakers.embedding import ENCODER
from classifiers.errors import BadInput

DIGEST = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
"""SHA-256 of the published checkpoint."""

_LAYERS, _HIDDEN, _BANDS = 3, 256, 40
_GATES = [0, 3, 1, 2]  # torch keeps input, forget, cell, output; ONNX wants input, output, forget, cell
_MADE_WITH = {"opset_imports": [helper.make_opsetid("", 17)], "ir_version": 9, "producer_name": "shengjian"}

Array = NDArray[np.float32]


def make(checkpoint: Path, target: Path = ENCODER) -> Path:
    """Writes the network with its weights and returns where. Raises BadInput for any but the published checkpoint."""
    if not checkpoint.is_file() or blobs.digest(checkpoint) != DIGEST:
        raise BadInput(f"{checkpoint} is not the published checkpoint", "take pretrained.pt from Resemblyzer 0.1.4")
    import torch  # noqa: PLC0415 - two seconds to import, and only for this

    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["model_state"]
    onnx.save(_network({name: tensor.numpy() for name, tensor in state.items()}), target)
    return target


def _network(state: dict[str, Array]) -> onnx.ModelProto:
    """(frames, windows, bands) of mel power in, (windows, 256) of unit length out."""
    kept: list[tuple[str, Array]] = []
    nodes, heard = [], "mel"
    for n in range(_LAYERS):
        names = [f"{part}{n}" for part in ("input", "recurrent", "bias")]
        kept += zip(names, _layer(state, n), strict=True)
        nodes.append(
            helper.make_node("LSTM", [heard, *names], [f"all{n}", f"last{n}"], hidden_size=_HIDDEN, name=f"lstm{n}")
        )
        nodes.append(helper.make_node("Squeeze", [f"all{n}", "direction"], [heard := f"heard{n}"]))
    kept += [("weight", state["linear.weight"]), ("offset", state["linear.bias"])]
    nodes += [
        helper.make_node("Squeeze", [f"last{_LAYERS - 1}", "first"], ["last"]),
        helper.make_node("Gemm", ["last", "weight", "offset"], ["raw"], transB=1),
        helper.make_node("Relu", ["raw"], ["positive"]),
        helper.make_node("LpNormalization", ["positive"], ["voice"], axis=1, p=2),
    ]
    halves = [numpy_helper.from_array(array.astype(np.float16), f"half_{name}") for name, array in kept]
    casts = [helper.make_node("Cast", [f"half_{name}"], [name], to=TensorProto.FLOAT) for name, _ in kept]
    axes = [numpy_helper.from_array(np.array([at]), name) for name, at in (("direction", 1), ("first", 0))]
    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["frames", "windows", _BANDS])
    voice = helper.make_tensor_value_info("voice", TensorProto.FLOAT, ["windows", _HIDDEN])
    graph = helper.make_graph([*casts, *nodes], "voice encoder", [mel], [voice], [*halves, *axes])
    model = helper.make_model(graph, **_MADE_WITH)
    onnx.checker.check_model(model)
    return model


def _layer(state: dict[str, Array], n: int) -> tuple[Array, Array, Array]:
    """A layer's input weights, recurrent weights and both biases, with the gates in ONNX's order."""
    inputs, recurrent, bias_in, bias_back = (
        _regated(state[f"lstm.{name}_l{n}"]) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    return inputs[None], recurrent[None], np.concatenate([bias_in, bias_back])[None]


def _regated(array: Array) -> Array:
    return np.concatenate([array.reshape(4, _HIDDEN, *array.shape[1:])[gate] for gate in _GATES])


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
