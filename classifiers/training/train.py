"""From labelled lines to a folder that serves: fine-tune, export, calibrate, choose thresholds, write the card."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from classifiers.folding import fold
from classifiers.model import Model
from classifiers.reading import Reader, Said
from classifiers.rules import RulePack
from classifiers.training.calibration import Floats, expected_error, platt
from classifiers.training.export import export
from classifiers.training.fit import Plan, fit
from classifiers.training.fusing import fit_fusion
from classifiers.training.network import Network
from classifiers.training.public import offence, service_talk
from classifiers.training.samples import KINDS, LABELS, Sample
from classifiers.turns import LabelledTurn

_SHAPE = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
_OFFENCE, _SERVICE = 1000, 400  # lines taken of the public data
_NEUTRAL = {"chance": 1.0, "words": 0.0, "bias": 0.0, "thresholds": {}}


@dataclass(frozen=True)
class Material:
    """Lines to train on, lines held out to calibrate on, and public lines seen `first` and `beside` the lines."""

    lines: Sequence[LabelledTurn]
    held: Sequence[LabelledTurn]
    beside: Sequence[Sample] = ()

    @staticmethod
    def gather(lines: Sequence[LabelledTurn], held: Sequence[LabelledTurn], public: Path | None) -> "Material":
        """The material with what is taken from the folder of public data, if there is one."""
        beside = [*offence(public)[:_OFFENCE], *service_talk(public, _SERVICE)] if public else []
        return Material(lines, held, beside)


def train_model(
    material: Material,
    pack: RulePack,
    encoder: Path,
    target: Path,
    plan: Plan,
    *,
    report: Callable[[str], None] = print,
) -> Model:
    """Trains, and writes to `target` what `classifiers.model` serves, fused with that pack's rules."""
    reader = Reader(encoder / "tokenizer.json")
    torch.manual_seed(plan.seed)
    network = Network(encoder, len(LABELS))
    fit(network, reader, [*map(Sample.of, material.lines), *material.beside], plan, report)
    target.mkdir(parents=True, exist_ok=True)
    export(network, target / "model.onnx")
    shutil.copyfile(encoder / "tokenizer.json", target / "tokenizer.json")
    card = {
        "labels": list(LABELS),
        "encoder": encoder.name,
        "shape": {name: getattr(network.encoder.config, name) for name in _SHAPE},
        "trained_on": {"lines": len(material.lines), "public": len(material.beside)},
        "plan": asdict(plan),
    }
    return calibrate(card, material, pack, target)


def calibrate(card: dict[str, Any], material: Material, pack: RulePack, target: Path) -> Model:
    """Fits what the card holds besides: calibration, the embeddings' centre, fusion with the rules and thresholds."""
    _write(target, {**card, "calibration": [(1.0, 0.0)] * len(LABELS), "centre": [0.0], "fusion": _NEUTRAL})
    raw, held = Model(target), material.held
    truth = np.array([[kind in turn.labels for kind in KINDS] for turn in held], np.float64)
    logits = _logits(raw, held)
    fitted = [platt(logits[:, n], truth[:, n]) for n in range(len(KINDS))] + [(1.0, 0.0)] * (len(LABELS) - len(KINDS))
    centre = np.mean(
        [o.embedding for o in raw.opinions([said_of(t) for t in material.lines[::5]]) if o.embedding is not None],
        axis=0,
    )
    card |= {"calibration": fitted, "centre": [round(float(x), 5) for x in centre], "fusion": _NEUTRAL}
    _write(target, card)
    model = Model(target)
    chances = 1 / (1 + np.exp(-_logits(model, held)))
    card |= {"fusion": fit_fusion(chances, truth, held, pack), "calibrated_on": len(held)}
    card |= {"reliability": expected_error(chances.ravel(), truth.ravel())}
    _write(target, card)
    return Model(target)


def said_of(turn: LabelledTurn) -> Said:
    """The line as the model reads it."""
    return Sample.of(turn).said._replace(text=fold(turn.text).text)


def _logits(model: Model, turns: Sequence[LabelledTurn]) -> Floats:
    chances = np.array(
        [[o.chances.get(kind, 0.0) for kind in KINDS] for o in model.opinions([said_of(t) for t in turns])]
    )
    held = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.log(held / (1 - held))  # type: ignore[no-any-return]


def _write(target: Path, card: dict[str, Any]) -> None:
    (target / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
