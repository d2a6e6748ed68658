"""Training on a small encoder made here: the same lines give the same weights, and what comes out serves."""

import json
import random
import shutil
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from classifiers import load_pack
from classifiers.model import Model
from classifiers.training.fit import Plan
from classifiers.training.noise import misheard
from classifiers.training.samples import KINDS, Sample
from classifiers.training.train import Material, train_model
from classifiers.turns import LabelledTurn

CORPUS = Path(__file__).parents[2] / "classifiers" / "corpus"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two layers over single characters, with random weights."""
    folder = tmp_path_factory.mktemp("encoder")
    characters = sorted(set("".join(turn.text for turn in turns("calls", 400))))
    known = {token: n for n, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", *characters])}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    ends = [("<s>", 0), ("</s>", 2)]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(known), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def turns(name: str, count: int) -> list[LabelledTurn]:
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:count]
    return [LabelledTurn.model_validate_json(line) for line in lines]


def trained(encoder: Path, target: Path) -> Model:
    material = Material(turns("abuse-threat", 150), turns("held-calibrate", 100))
    return train_model(material, load_pack(), encoder, target, Plan(epochs=2, frozen=0), report=lambda _: None)


def test_the_same_lines_give_the_same_weights_and_they_serve(encoder: Path, tmp_path: Path) -> None:
    once, again = trained(encoder, tmp_path / "a"), trained(encoder, tmp_path / "b")
    assert once.digest == again.digest
    (opinion,) = once.opinions([Sample.of(turns("calls", 1)[0]).said])
    assert set(opinion.chances) == set(KINDS)
    assert all(0 < chance < 1 for chance in opinion.chances.values())
    assert {"plan", "trained_on", "reliability", "fusion"} <= set(once.card)


def test_the_command_trains_from_a_folder(shengjian, encoder: Path, tmp_path: Path) -> None:
    (tmp_path / "lines").mkdir()
    for name in ("abuse-threat", "held-calibrate"):
        head = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:60]
        (tmp_path / "lines" / f"{name}.jsonl").write_text("\n".join(head), encoding="utf-8")
    command = ("train", tmp_path / "lines", "--encoder", encoder, "--epochs", "1", "--out", tmp_path / "out")
    ran = shengjian(*command)
    assert (ran.code, "60 lines" in ran.out) == (0, True)
    assert json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8"))["plan"]["epochs"] == 1
    shutil.rmtree(tmp_path / "lines")
    refused = shengjian(*command)
    assert (refused.code, "no labelled lines" in refused.err) == (2, True)


def test_misheard_lines_sound_like_what_was_said() -> None:
    chance = random.Random(3)
    heard = [misheard("今天不还钱我就去你单位找你们领导", chance) for _ in range(50)]
    assert len(set(heard)) > 25
    assert all(abs(len(text) - 16) <= 2 for text in heard)
