"""Fine-tuning, multi-label, with the labels that a data set does not know left out of the loss."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from classifiers.reading import Reader
from classifiers.training.network import Network
from classifiers.training.samples import LABELS, Sample, batches

_STEP = 8  # tokens: few different shapes let the processor reuse what it has compiled


@dataclass(frozen=True)
class Plan:
    """How to train. `decay` is the learning rate's factor from each layer of the encoder to the one below it; the
    embeddings and the `frozen` lowest layers stay as they were pretrained.
    """

    epochs: int = 5
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 2e-3
    decay: float = 0.9
    frozen: int = 2
    warm_up: float = 0.1
    seed: int = 2026


def fit(network: Network, reader: Reader, samples: Sequence[Sample], plan: Plan, report: Callable[[str], None]) -> None:
    """Trains the network in place, the same way each time for the same samples and plan; tells `report` each epoch."""
    chance = random.Random(plan.seed)  # noqa: S311 - not for secrets
    torch.manual_seed(plan.seed)
    steps = plan.epochs * -(-len(samples) // plan.batch)
    optimizer = torch.optim.AdamW(_groups(network, plan), weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _slope(step / steps, plan.warm_up))
    network.train()
    for epoch in range(plan.epochs):
        total = 0.0
        for batch in batches([sample.varied(chance) for sample in samples], plan.batch, chance):
            loss = _loss(network, reader, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += float(loss.detach())
        report(f"epoch {epoch + 1} of {plan.epochs}: mean loss {total * plan.batch / len(samples):.4f}")


def _loss(network: Network, reader: Reader, batch: Sequence[Sample]) -> Tensor:
    read = list({window.line: window for window in reversed(list(reader.windows([s.said for s in batch])))}.values())
    batch = [batch[window.line] for window in read]
    wanted = torch.tensor([[float(label in sample.labels) for label in LABELS] for sample in batch])
    known = torch.tensor([[float(label in sample.known) for label in LABELS] for sample in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, _, _ = network(*(torch.from_numpy(array) for array in reader.arrays(read, _STEP).values()))
    losses = nn.functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
    return (losses * known).sum() / known.sum() * len(LABELS) / 2


def _groups(network: Network, plan: Plan) -> list[dict[str, object]]:
    """The parameters with their rates: the head fast, the encoder the slower the lower, its lowest part not at all."""
    bert = network.encoder
    bert.embeddings.requires_grad_(False)
    bert.encoder.layer[: plan.frozen].requires_grad_(False)
    trained = list(reversed(bert.encoder.layer[plan.frozen :]))
    groups = [(layer.parameters(), plan.rate * plan.decay**above) for above, layer in enumerate(trained)]
    groups += [([*network.attention.parameters(), network.weight, network.bias], plan.head_rate)]
    return [{"params": list(parameters), "lr": rate} for parameters, rate in groups]


def _slope(done: float, warm_up: float) -> float:
    return done / warm_up if done < warm_up else max(0.0, (1 - done) / (1 - warm_up))
