"""Random networks with a training example each, for hypothesis."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from backprop_math import ACTIVATIONS, COSTS, Network
from backprop_math.functions import OUTPUT_ACTIVATIONS

# Every network is a pure function of what hypothesis draws, so a slow machine must not fail a test.
modest = settings(deadline=None, max_examples=30)

ALL = tuple(ACTIVATIONS)
KINKED = ("relu", "leaky_relu", "elu")
SMOOTH = tuple(name for name in ALL if name not in KINKED)


def costs_for(activation):
    """The costs that are defined and finite for the outputs of an activation function, and belong with it."""
    if activation == "softmax":
        return ["squared_error", "half_squared_error", "categorical_cross_entropy"]
    low, high = {**ACTIVATIONS, **OUTPUT_ACTIVATIONS}[activation].bounds
    return [name for name, row in COSTS.items() if row.domain[0] <= low and high <= row.domain[1]]


@st.composite
def networks(draw, activations=ALL, largest=4, deepest=4, dtype="float64"):
    sizes = draw(st.lists(st.integers(1, largest), min_size=2, max_size=deepest + 1))
    names = [draw(st.sampled_from(activations)) for _ in sizes[1:]]
    names[-1] = draw(st.sampled_from([*activations, *OUTPUT_ACTIVATIONS]))
    cost = draw(st.sampled_from(costs_for(names[-1])))
    return Network.random(sizes, activation=names, cost=cost, seed=draw(st.integers(0, 2**32 - 1)), dtype=dtype)


@st.composite
def problems(draw, batches=True, **kinds):
    """A network, an input and its target, or a batch of them."""
    network = draw(networks(**kinds))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    examples = draw(st.sampled_from([(), (1,), (3,)])) if batches else ()
    return network, rng.normal(size=(*examples, network.layers[0])), targets_for(network, examples, rng)


def targets_for(network, examples, rng):
    """Desired outputs that the network's cost can aim at."""
    outputs = network.layers[-1]
    if network.cost.targets == "distribution":
        return rng.dirichlet(np.ones(outputs), size=examples)
    return {"any": rng.normal, "probabilities": rng.random}[network.cost.targets](size=(*examples, outputs))
