"""Random networks within the bounds of what a film shows, each from a seed; and the faults of one mobject."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from backprop_film.inspection.faults import faults
from backprop_film.inspection.visible import visible_items
from backprop_film.kit import theme
from backprop_math import ACTIVATIONS, Example, Network
from backprop_math.functions import OUTPUT_ACTIVATIONS
from tests.backprop_math.strategies import costs_for, targets_for

WIDTHS = (1, 1, 2, 3, 4, 5, 7, 10, 16, 100, 1000)
LARGEST = 1e12
NAMES = (
    "x",
    "flipper length",
    "größte Weite",
    "длина крыла",
    "μήκος",
    "ширина " * 12,
    "$a_b$ #let x",
    'a "quoted" \\ name',
)


def any_example(seed):
    """1 to 12 layers of 1 to 1,000 neurons, any functions that go together, values of any size."""
    rng = np.random.default_rng(seed)
    while True:
        sizes = [int(n) for n in rng.choice(WIDTHS, size=rng.integers(2, 14))]
        if sum(a * b for a, b in pairwise(sizes)) > 3_000_000:
            continue
        names = [str(name) for name in rng.choice(list(ACTIVATIONS), size=len(sizes) - 1)]
        names[-1] = str(rng.choice([*ACTIVATIONS, *OUTPUT_ACTIVATIONS]))
        cost = str(rng.choice(costs_for(names[-1])))
        network = Network.random(sizes, activation=names, cost=cost, seed=int(rng.integers(2**32)))
        if rng.random() < 0.5:
            scale = 10.0 ** rng.uniform(-2, 2)
            network = network.with_parameters([scale * W for W in network.W], network.b)
        size = 10.0 ** (rng.uniform(-12, 12) if rng.random() < 0.3 else 0.0)
        examples = int(rng.choice([1, 1, 4]))
        inputs = size * rng.normal(size=(examples, sizes[0])).round(2)
        targets = targets_for(network, (examples,), rng).round(6)
        if network.cost.targets == "distribution":
            targets = np.eye(sizes[-1])[rng.integers(sizes[-1], size=examples)]
        with np.errstate(all="ignore"):
            try:
                example = Example("any", "Any network", network, inputs, targets)
                trace = example.trace()
            except ValueError:
                continue
        values = [*(a for a in trace.a), *(z for z in trace.z), np.array([trace.cost])]
        if all(np.isfinite(v).all() and np.abs(v).max() <= LARGEST for v in values):
            return example


def any_names(size, seed):
    rng = np.random.default_rng(seed)
    return [str(name) for name in rng.choice(NAMES, size=size)]


def faults_of(*mobjects, captions=True):
    """What the layout checks say of mobjects that stand in the frame."""
    scene = SimpleNamespace(
        mobjects=list(mobjects), foreground_mobjects=[], caption=None, captions=captions,
        camera=SimpleNamespace(background_color=theme.background),
    )  # fmt: skip
    return [f"{kind}: {items[0].name}: {says}" for kind, items, says in faults(scene, visible_items(scene))]
