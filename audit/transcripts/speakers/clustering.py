"""Vectors of unit length put into groups of those that point alike."""

import numpy as np
from numpy.typing import NDArray

from audit.transcripts.speakers.embedding import Vectors

Labels = NDArray[np.intp]

_WARD_AT_MOST = 1000  # vectors, since Ward's method compares each with each; k-means places the others
_ROUNDS = 10


def grouped(vectors: Vectors, groups: int, cost: Vectors) -> Labels:
    """The group of each of the vectors, which are in order of time: one speaks for a while before another does.

    Ward's method over an even sample finds the groups; spherical k-means settles them, in which it costs something to
    change the group: `cost` says for each vector how much (in cosine) when the one before is of another group.
    Some groups may stay empty.
    """
    sample = vectors[:: -(-len(vectors) // _WARD_AT_MOST)]
    centres = centres_of(sample, ward(sample, groups))
    labels = steady(vectors @ centres.T, cost)
    for _ in range(_ROUNDS):
        before, labels = labels, steady(vectors @ centres_of(vectors, labels).T, cost)
        if np.array_equal(before, labels):
            break
    return labels


def ward(vectors: Vectors, groups: int) -> Labels:
    """The group of each vector when the two groups that lie closest are joined until so many are left."""
    count = len(vectors)
    labels, sizes = np.arange(count), np.ones(count, dtype=np.float32)
    far = 2 - 2 * (vectors @ vectors.T)
    np.fill_diagonal(far, np.inf)
    for _ in range(count - groups):
        kept, gone = divmod(int(far.argmin()), count)
        far[kept] = _joined(far, sizes, kept, gone)
        far[:, kept] = far[kept]
        far[gone] = far[:, gone] = np.inf
        sizes[kept] += sizes[gone]
        labels[labels == gone] = kept
    return np.unique(labels, return_inverse=True)[1]


def _joined(far: Vectors, sizes: Vectors, kept: int, gone: int) -> Vectors:
    """How far each group is from two that are joined, by the formula of Lance and Williams."""
    one, other = sizes + sizes[kept], sizes + sizes[gone]
    row: Vectors = (one * far[kept] + other * far[gone] - sizes * far[kept, gone]) / (sizes + sizes[kept] + sizes[gone])
    row[kept] = np.inf
    return row


def centres_of(vectors: Vectors, labels: Labels) -> Vectors:
    """The direction of each group, in order of the groups that are there."""
    sums = np.stack([vectors[labels == label].sum(axis=0) for label in np.unique(labels)])
    directions: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return directions


def steady(likeness: Vectors, cost: Vectors) -> Labels:
    """The labels that together are most like, less what their changes cost (Viterbi's method)."""
    best, came = likeness[0], np.empty(likeness.shape, dtype=np.intp)
    own = np.arange(likeness.shape[1])
    for n, row in enumerate(likeness):
        top = best.argmax()
        change = best[top] - cost[n]
        came[n] = np.where(best >= change, own, top)
        best = np.maximum(best, change) + row
    labels = np.empty(len(likeness), dtype=np.intp)
    label = best.argmax()
    for n in range(len(likeness) - 1, -1, -1):
        labels[n] = label
        label = came[n, label]
    return labels


def silhouette(vectors: Vectors, labels: Labels) -> float:
    """How much nearer vectors are to their own group than to the next one (-1 to 1), by the groups' directions."""
    own_group = np.unique(labels, return_inverse=True)[1]
    away = 1 - vectors @ centres_of(vectors, labels).T
    own = away[np.arange(len(vectors)), own_group]
    away[np.arange(len(vectors)), own_group] = np.inf
    other = away.min(axis=1)
    return float(np.mean((other - own) / np.maximum(np.maximum(own, other), 1e-9)))
