"""Deep networks that are twins: the same weights, biases and input, once with sigmoids and once with ReLUs inside.

>>> sigmoid, relu = deep_twin(20, "sigmoid"), deep_twin(20, "relu")
>>> sigmoid.network.W[5].tolist() == relu.network.W[5].tolist(), sigmoid.network.activation[-1].name
(True, 'sigmoid')
>>> [f"{layer_sizes(twin)[0]:.0e}" for twin in (sigmoid, relu)]
['5e-12', '8e-03']
"""

from __future__ import annotations

import math

import numpy as np

from backprop_math import BackwardPass, Example, Network

__all__ = ["deep_twin", "layer_sizes"]

_WIDTH, _SEED = 10, 3


def deep_twin(depth: int, activation: str) -> BackwardPass:
    """The trace of a network of ``depth`` layers of weights, ten neurons each but for one sigmoid at the end.

    The weights have the variance 2/inputs, which keeps a ReLU network's activations at their size (He, Zhang, Ren and
    Sun, *Delving Deep into Rectifiers*, 2015).
    """
    sizes = [_WIDTH] * depth + [1]
    inside = [activation] * (depth - 1)
    drawn = Network.random(sizes, activation=[*inside, "sigmoid"], seed=_SEED)
    network = drawn.with_parameters([math.sqrt(2) * W for W in drawn.W], [np.zeros_like(b) for b in drawn.b])
    given = np.random.default_rng(_SEED).uniform(size=(1, _WIDTH))
    return Example(f"{activation} {depth}", f"{depth} layers of {activation}", network, given, np.ones((1, 1))).trace()


def layer_sizes(trace: BackwardPass) -> list[float]:
    """The mean size of the derivatives of the cost with respect to each layer's weights."""
    return [float(np.abs(dW).mean()) for dW in trace.dW]
