"""The network: a pretrained encoder, and for each label its own attention over the tokens of the line.

A label's attention says in which words it was seen, which is what a finding quotes.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel


class Network(nn.Module):
    """Gives for token numbers (lines x tokens) the logits (lines x labels), where each label was seen
    (lines x tokens x labels, summing to 1 over the line's own tokens) and the line's embedding (lines x width).
    """

    def __init__(self, encoder: Path | str, labels: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.attention = nn.Linear(width, labels)
        self.weight = nn.Parameter(torch.randn(labels, width) * 0.02)
        self.bias = nn.Parameter(torch.full((labels,), -2.0))
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, given: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`given` masks padding (1 for a token), `own` what is not of the line itself."""
        states = self.encoder(input_ids=ids, attention_mask=given).last_hidden_state
        inside = own.unsqueeze(-1)
        focus = (self.attention(states) + (1 - inside) * -1e4).softmax(dim=1)
        pooled = torch.einsum("btl,bth->blh", focus, self.drop(states))
        logits = (pooled * self.weight).sum(-1) + self.bias
        embedding = (states * inside).sum(1) / inside.sum(1)
        return logits, focus, embedding
