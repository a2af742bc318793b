from itertools import pairwise

import numpy as np
import pytest

from backprop_film.sets import deep_twin, layer_sizes
from backprop_math.checks import check_gradient


@pytest.mark.parametrize("depth", [2, 5, 10, 20])
def test_the_relu_twin_is_alive_and_the_sigmoid_twin_fades(depth):
    sigmoid, relu = (layer_sizes(deep_twin(depth, name)) for name in ("sigmoid", "relu"))
    assert min(relu) > 1e-4
    assert max(relu) / min(relu) < 100
    # Each layer before the last divides by 1.5 at least.
    assert all(before < 0.7 * after for before, after in pairwise(sigmoid))


def test_twins_have_the_same_parameters_and_input():
    sigmoid, relu = deep_twin(5, "sigmoid"), deep_twin(5, "relu")
    assert all(np.array_equal(a, b) for a, b in zip(sigmoid.network.W, relu.network.W, strict=True))
    assert np.array_equal(sigmoid.a[0], relu.a[0])
    assert [f.name for f in relu.network.activation] == ["relu"] * 4 + ["sigmoid"]


@pytest.mark.parametrize("name", ["sigmoid", "relu"])
def test_the_gradients_are_real(name):
    trace = deep_twin(5, name)
    assert check_gradient(trace.network, trace.a[0], [1.0]).ok
