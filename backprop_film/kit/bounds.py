"""Which examples a film can show at all: as many layers, neurons and digits as its pictures have room for.

>>> from backprop_math import load_example
>>> out_of_bounds(load_example("digits")) is None
True
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from backprop_math import Example

__all__ = ["out_of_bounds"]

_MOST_LAYERS, _MOST_NEURONS, _LARGEST = 12, 1000, 1e12


def out_of_bounds(example: Example) -> str | None:
    """Why no chapter can show the example, in one sentence, or `None`.

    A film shows 1 to 12 layers of weights, 1 to 1,000 neurons a layer, and values up to 10¹² in size.

    >>> out_of_bounds(Example.from_arrays([[[1e9]]], [[0.0]], [1e9], [0.0], activation="identity"))
    "a film shows values up to 1e+12, the example 'example' has 1e+18"
    """
    if example not in _told:
        _told[example] = _beyond(example)
    return _told[example]


_told: WeakKeyDictionary[Example, str | None] = WeakKeyDictionary()  # each chapter asks, and it takes a whole pass


def _beyond(example: Example) -> str | None:
    sizes = example.network.layers
    if len(sizes) - 1 > _MOST_LAYERS:
        return f"a film shows up to {_MOST_LAYERS} layers of weights, the example {example.name!r} has {len(sizes) - 1}"
    if max(sizes) > _MOST_NEURONS:
        return f"a film shows up to {_MOST_NEURONS:,} neurons a layer, the example {example.name!r} has {max(sizes):,}"
    network = example.network
    with np.errstate(all="ignore"):
        done = network.forward(example.inputs).backward(example.targets)
    arrays = [*network.W, *network.b, *done.a, *done.z, example.targets]
    largest = max(float(np.abs(array).max()) for array in arrays)
    if not (largest <= _LARGEST and np.isfinite(done.cost)):
        found = done.cost if largest <= _LARGEST else largest
        return f"a film shows values up to {_LARGEST:g}, the example {example.name!r} has {found:.3g}"
    return None
