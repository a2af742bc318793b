"""What a gradient takes of memory at its peak, as a multiple of the outputs of one batch."""

import tracemalloc

import numpy as np
import pytest

from backprop_math import Network, Weight

EXAMPLES, CLASSES = 64, 500


def peak(run):
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", ["gradient", "backward", "dy"])
@pytest.mark.parametrize("cost", ["categorical_cross_entropy", "cross_entropy", "squared_error"])
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_no_array_has_the_classes_twice(activation, cost, way):
    """Such an array would be 500 times the outputs; what is needed is some arrays of their size."""
    rng = np.random.default_rng(0)
    network = Network.random((4, CLASSES), activation=activation, cost=cost, dtype="float32")
    x = rng.normal(size=(EXAMPLES, 4)).astype("float32")
    y = np.eye(CLASSES, dtype="float32")[rng.integers(0, CLASSES, EXAMPLES)]
    run = {
        "gradient": lambda: network.gradient(x, y),
        "backward": lambda: network.forward(x).backward(y),
        "dy": lambda: network.forward(x).backward(y).dy,
    }[way]
    assert peak(run) < 16 * y.nbytes


def test_a_pass_makes_no_matrix_that_nobody_asks_for():
    net, zeros = Network.random((400, 400, 400), seed=1), np.zeros(400)
    weight = Weight(2, 3, 4)
    trace = net.forward(zeros).backward(zeros)
    assert peak(lambda: net.forward(zeros).backward(zeros).derivative(weight)) < net.W[2].nbytes / 2
    assert trace.dW[2][3, 4] == trace.derivative(weight)
