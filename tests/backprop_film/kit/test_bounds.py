from itertools import pairwise

import numpy as np
import pytest

from backprop_film.kit import Chapter
from backprop_film.kit.bounds import out_of_bounds
from backprop_math import Example, Network


def example(layers, input=1.0, weight=1.0, activation="identity"):
    made = Network.from_arrays(
        [np.full((b, a), weight) for a, b in pairwise(layers)],
        [np.zeros(b) for b in layers[1:]],
        activation=activation,
    )
    return Example("x", "", made, np.full((1, layers[0]), input), np.zeros((1, layers[-1])))


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (example([1] * 13), None),
        (example([1, 1000, 1]), None),
        (example([1, 1], input=1e6, weight=1e6), None),
        (example([1, 1], input=1e-200, weight=1e-200), None),
        (example([1] * 14), "a film shows up to 12 layers of weights, the example 'x' has 13"),
        (example([1, 1001, 1]), "a film shows up to 1,000 neurons a layer, the example 'x' has 1,001"),
        (example([1, 1], input=1e6, weight=2e6), "a film shows values up to 1e+12, the example 'x' has 2e+12"),
        (example([1, 1, 1], 1e200, 1e200), "a film shows values up to 1e+12, the example 'x' has inf"),
    ],
)
def test_what_is_out_of_bounds_is_said_by_every_chapter(made, found):
    assert out_of_bounds(made) == found
    assert Chapter.refusal(made) == found
    if found:
        with pytest.raises(ValueError, match="a film shows"):
            Chapter(made)
