"""Random networks within the bounds of what a film shows, each from a seed; and the faults of one mobject."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from backprop_film.inspection.faults import faults
from backprop_film.inspection.visible import visible_items
from backprop_film.kit import theme
from backprop_film.sets import misfit_factor_by_factor
from backprop_math import ACTIVATIONS, Cost, Example, Network
from backprop_math.functions import OUTPUT_ACTIVATIONS
from tests.backprop_math.strategies import costs_for, targets_for

WIDTHS = (1, 1, 2, 3, 4, 5, 7, 10, 16, 100, 1000)
SMALLEST, LARGEST = 1e-12, 1e12
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
                every = network.forward(inputs)
                cost = example.trace().cost
            except ValueError:
                continue
        values = [*every.a, *every.z, np.array([cost])]
        if all(np.isfinite(v).all() and np.abs(v).max() <= LARGEST for v in values):
            return example


#: What can be odd about a chain.
CHAINS = ("plain", "tiny", "huge", "dead", "saturated", "whole")


def any_chain(seed):
    """One neuron a layer, 1 to 12 layers, 1 to 40 training examples: any functions that go together, values of any
    size, neurons that are dead or saturated, whole numbers, long names.
    """
    rng = np.random.default_rng(seed)
    depth, kind = int(rng.choice([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12])), str(rng.choice(CHAINS))
    while True:
        unbounded = [name for name, row in ACTIVATIONS.items() if not np.isfinite(row.bounds).all()]
        kinds = unbounded if kind in ("tiny", "huge") else list(ACTIVATIONS)
        names = [str(name) for name in rng.choice(kinds, size=depth)]
        if rng.random() < 0.25:
            names[-1] = "sigmoid"
        if kind == "dead":
            names[int(rng.integers(depth))] = "relu"
        cost = str(rng.choice(costs_for(names[-1])))
        W, b = rng.normal(size=(depth, 1, 1)).round(2), rng.normal(size=(depth, 1)).round(2)
        x = rng.normal(size=(int(rng.choice([1, 1, 2, 3, 4, 5, 12, 40])), 1)).round(2)
        if kind == "tiny":
            W, b, x = (
                W * 10.0 ** rng.uniform(-6 / depth, 0),
                b * 10.0 ** rng.uniform(-12, 0),
                x * 10.0 ** rng.uniform(-9, 0),
            )
        elif kind == "huge":
            W, b, x = (
                W * 10.0 ** rng.uniform(0, 6 / depth),
                b * 10.0 ** rng.uniform(0, 9),
                x * 10.0 ** rng.uniform(0, 12),
            )
        elif kind == "dead":
            b[names.index("relu")] = -100.0
        elif kind == "saturated":
            W[int(rng.integers(depth))] *= 40
        elif kind == "whole":
            W, b, x = (rng.integers(-3, 4, size=part.shape).astype(float) for part in (W, b, x))
        with np.errstate(all="ignore"):
            try:
                network = Network.from_arrays(list(W), list(b), activation=names, cost=cost)
                outputs = network.forward(x).a[depth]
                y = targets_for(network, (len(x),), rng)
                if network.cost.targets == "probabilities":
                    y = y.round()
                elif rng.random() < 0.8:
                    y = y * 10.0 ** np.ceil(np.log10(np.abs(outputs).max() or 1.0))
                example = Example("any", "Any chain", network, x, y.round(2) if kind == "whole" else y)
                traces = [example.trace(k) for k in range(len(x))]
            except ValueError:
                continue
        values = [t.value(q) for t in traces for q in t.graph.nodes if not isinstance(q, Cost)]
        sizes = np.abs(np.array([value for value in values if value]))
        within = sizes.min() >= SMALLEST and max(sizes.max(), *(t.cost for t in traces), 0.0) <= LARGEST
        if within and not misfit_factor_by_factor(example):
            return replace(example, input_names=tuple(any_names(1, seed)), output_names=tuple(any_names(1, seed + 1)))


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
