"""From a trained network to what is served: ONNX with weights of 8 bits."""

import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifiers.training.network import Network

_OUTPUTS = ("logits", "focus", "embedding")


def export(network: Network, target: Path) -> None:
    """Writes model.onnx: inputs ids, given and own (lines x tokens), outputs as of `Network`."""
    network.eval()
    ids = torch.zeros((2, 8), dtype=torch.long)
    axes = {name: {0: "lines", 1: "tokens"} for name in ("ids", "given", "own", "focus")}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            network,
            (ids, torch.ones_like(ids), torch.ones(ids.shape)),
            full,
            input_names=["ids", "given", "own"],
            output_names=list(_OUTPUTS),
            dynamic_axes={**axes, "logits": {0: "lines"}, "embedding": {0: "lines"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, target, weight_type=QuantType.QInt8)
