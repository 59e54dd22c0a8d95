"""Losses, PHI-S, mosaics, balancers, tokens: functions of tensors that a user imports alone."""
from collections.abc import Callable

import torch

from radio_core.balance import create_balancer
from radio_core.losses import Fidelity, feature_loss, geometric_mean, match_grids, match_loss, summary_loss
from radio_core.mosaic import Mosaic
from radio_core.phis import Moments, Standardizer
from radio_core.tokens import merge_tokens, pixel_unshuffle, unmerge_tokens

from .kit import Case

X, Y = torch.randn(2, 4, 4, 8), torch.randn(2, 4, 4, 8)
NAN = torch.full((2, 4, 4, 8), float("nan"))
WEIGHTS = {("clip", "summary"): 1.0, ("clip", "features"): 1.0}
LOSSES = {key: torch.ones(2) for key in WEIGHTS}


def of(entry: str) -> Callable[[str, Callable[[], object], str], Case]:
    "Cases of one module."
    return lambda name, make, says="": Case(entry, name, lambda here: make(), says)


def seen(*values: torch.Tensor) -> Moments:
    "Moments of these vectors."
    moments = Moments(values[0].shape[-1])
    for value in values:
        moments.update(value)
    return moments


def mosaic(name: str, says: str, **sizes) -> Case:
    return Case("Mosaic", name, lambda here: Mosaic(**dict(k=2, image_size=64, teacher_size=256, patch_size=8) | sizes), says)


loss, phis, balance, tokens, tile = (of(name) for name in ("losses", "PHI-S", "balancers", "tokens", "Mosaic"))
GRID = Mosaic(k=2, image_size=64, teacher_size=128, patch_size=8)

CASES = [
    loss("channels that broadcast", lambda: match_loss(X[..., :1], Y), "shape"),
    loss("other channels", lambda: match_loss(X, Y[..., :4]), "shape"),
    loss("another grid", lambda: match_loss(X, Y[:, :2]), "shape"),
    loss("another batch", lambda: summary_loss(X[:1, 0, 0], Y[:, 0, 0]), "shape"),
    loss("summaries of another width", lambda: summary_loss(X[:, 0, 0, :4], Y[:, 0, 0]), "shape"),
    loss("one image against two", lambda: match_loss(X[:1], Y), "shape"),
    loss("a target without dimensions", lambda: match_loss(X, torch.tensor(1.0)), "shape"),
    loss("an array", lambda: match_loss(X.numpy(), Y.numpy()), "tensor"),
    loss("an unknown kind", lambda: feature_loss(X, Y, "l2"), "l2"),
    loss("two shapes", lambda: feature_loss(X, Y[:, :2]), "shape"),
    loss("kind None", lambda: feature_loss(X, Y, None), "None"),
    loss("an unknown rule", lambda: match_grids(X, Y, "student"), "student"),
    loss("maps without a grid", lambda: match_grids(X[:, 0, 0], Y), "shape"),
    loss("maps of two batches", lambda: match_grids(X[:1], Y), "shape"),
    loss("fidelity of another width", lambda: Fidelity(4).update(X, Y), "channels"),
    loss("fidelity of two shapes", lambda: Fidelity(8).update(X, Y[:1]), "shape"),
    loss("fidelity of no channels", lambda: Fidelity(0), "dim"),
    loss("a mean of nothing", lambda: geometric_mean([]), "values"),
    loss("a mean of a negative number", lambda: geometric_mean([1.0, -2.0]), "none below 0"),
    loss("no images", lambda: match_loss(X[:0], Y[:0]), "images"),
    loss("fidelities merged", lambda: Fidelity(8).merge(Fidelity(4)), "shape"),
    phis("another width", lambda: seen(X[..., :4], Y), "channels"),
    phis("an unknown method", lambda: Standardizer.fit(seen(X), "phi-s"), "phi-s"),
    phis("features that do not vary", lambda: Standardizer.fit(seen(torch.ones(4, 8))), "var"),
    phis("nothing seen", lambda: Standardizer.fit(Moments(8)), "var"),
    phis("NaN", lambda: Standardizer.fit(seen(NAN)), "var"),
    phis("a width without Hadamard matrix", lambda: Standardizer.fit(seen(torch.randn(9, 7))), "7"),
    phis("no vectors", lambda: Moments(8).update(torch.zeros(0, 8)), "vector"),
    phis("no channels", lambda: Moments(0), "dim"),
    phis("a state of another width", lambda: Moments(8).load_state(torch.eye(4)), "shape"),
    phis("another width to standardize", lambda: Standardizer(8)(X[..., :4]), "channels"),
    phis("another width back", lambda: Standardizer(8).inverse(X[..., :4]), "channels"),
    phis("moments of another width merged", lambda: seen(X).merge(seen(X[..., :4])), "shape"),
    phis("method None", lambda: Standardizer.fit(seen(X), None), "None"),
    mosaic("k=0", "k", k=0),
    mosaic("k=-1", "k", k=-1),
    mosaic("k=1.5", "k", k=1.5),
    mosaic("k=3", "k = 3", k=3),
    mosaic("an image larger than a tile", "tile", image_size=256),
    mosaic("a size that is no multiple", "image_size", image_size=65),
    mosaic("no image", "image_size", image_size=0),
    mosaic("a patch of 0", "patch_size", patch_size=0),
    mosaic("8-bit fill", "fill", fill=(123, 116, 103)),
    mosaic("fill of two", "fill", fill=(0.1, 0.2)),
    mosaic("a teacher of 0", "teacher_size", teacher_size=0),
    mosaic("a fill of NaN", "fill", fill=(float("nan"), 0, 0)),
    tile("an image size of 0", lambda: Mosaic.for_sizes(0, 256, 8), "image_size"),
    tile("a patch of 0", lambda: Mosaic.for_sizes(64, 256, 0), "patch_size"),
    tile("an image larger than its teacher", lambda: Mosaic.for_sizes(512, 256, 8), "512"),
    tile("three images", lambda: GRID.compose(torch.rand(3, 3, 64, 64), torch.rand(3, 2)), "3"),
    tile("images of another size", lambda: GRID.compose(torch.rand(4, 3, 32, 32), torch.rand(4, 2)), "32"),
    tile("a map of another grid", lambda: GRID.cut(torch.rand(1, 8, 8, 4), torch.zeros(4, 2, dtype=torch.int64)), "8"),
    tile("offsets of three images", lambda: GRID.cut(torch.rand(1, 16, 16, 4), torch.zeros(3, 2, dtype=torch.int64)), "3"),
    balance("an unknown name", lambda: create_balancer("equal", WEIGHTS), "equal"),
    balance("no weights", lambda: create_balancer("naive", {}), "weights"),
    balance("a loss without a weight", lambda: create_balancer("naive", WEIGHTS)({("sam", "summary"): torch.ones(2)}), "sam"),
    balance("a negative weight", lambda: create_balancer("naive", {("clip", "summary"): -1.0}), "clip"),
    balance("a weight of NaN", lambda: create_balancer("naive", {("clip", "summary"): float("nan")}), "clip"),
    balance("no summary_dim", lambda: create_balancer("uncertainty", WEIGHTS), "summary_dim"),
    balance("no summary", lambda: create_balancer("uncertainty", WEIGHTS, 8)(LOSSES), "summary"),
    balance("means instead of images", lambda: create_balancer("uncertainty", WEIGHTS, 8)({k: torch.ones(()) for k in WEIGHTS}, torch.ones(2, 8)), "image"),
    balance("a summary of another width", lambda: create_balancer("amtml_kd", WEIGHTS, 8)(LOSSES, torch.ones(2, 4)), "summary"),
    balance("no losses", lambda: create_balancer("naive", WEIGHTS)({}), "loss"),
    balance("name None", lambda: create_balancer(None, WEIGHTS), "None"),
    tokens("r beyond the sources", lambda: merge_tokens(X, 13), "13"),
    tokens("r -1", lambda: merge_tokens(X, -1), "-1"),
    tokens("r 1.5", lambda: merge_tokens(X, 1.5), "r"),
    tokens("a stride of 0", lambda: merge_tokens(X, 2, (0, 2)), "0"),
    tokens("a stride of one number", lambda: merge_tokens(X, 2, 2), "stride"),
    tokens("a cell beyond the grid", lambda: merge_tokens(X, 2, (5, 5)), "5"),
    tokens("tokens without a grid", lambda: merge_tokens(X.flatten(1, 2), 2), "(b, h, w, c)"),
    tokens("a metric of other images", lambda: merge_tokens(X, 2, metric=Y[:1]), "metric"),
    tokens("blocks that do not divide", lambda: pixel_unshuffle(X, 3), "3"),
    tokens("blocks of 0", lambda: pixel_unshuffle(X, 0), "k"),
    tokens("tokens instead of a map", lambda: pixel_unshuffle(X.flatten(1, 2)), "map"),
    tokens("slots of other images", lambda: unmerge_tokens(X.flatten(1, 2)[:1], merge_tokens(X, 2).slots), "slots"),
]
