"""What comes in from outside, and what stays as it is."""

import re

import numpy as np
import pytest

from backprop_math import Example, Network, train
from backprop_math.arrays import LayerArrays, Outer, checked_array

MASKED = np.ma.array([[1.0, 2.0]], mask=[[False, True]])
NET = Network.random((2, 1), activation="identity", seed=1)


@pytest.mark.parametrize(
    "take",
    [
        lambda: checked_array("x", MASKED, np.dtype(float)),
        lambda: checked_array("x", np.ma.array([1.0, 2.0]), np.dtype(float)),
        lambda: checked_array("x", [MASKED[0], [1.0, 2.0]], np.dtype(float)),
        lambda: Network.from_arrays([MASKED], [[0.0]]),
        lambda: NET.forward(MASKED),
        lambda: NET.forward([1.0, 2.0]).backward(MASKED[0, :1]),
        lambda: NET.gradient(MASKED, [[0.0]]),
        lambda: NET.gradient([[1.0, 2.0]], MASKED[:, :1]),
        lambda: train(NET, MASKED, [[0.0]]),
        lambda: Example.from_arrays([[[1.0]]], [[0.0]], [1.0], MASKED[0, :1]),
    ],
)
def test_a_mask_is_not_lost_in_silence(take):
    with pytest.raises(ValueError, match=r"found a masked array, expected one without a mask"):
        take()


@pytest.mark.parametrize("value", [2**63, 2**64, 2**64 + 3, -(2**70), 10**300])
def test_whole_numbers_of_any_size(value):
    """Exactly what Python's own conversion gives."""
    assert checked_array("x", [value], np.dtype(float)).tolist() == [float(value)]
    assert checked_array("x", [[value, 0.5], [1, 2]], np.dtype(float)).tolist() == [[float(value), 0.5], [1.0, 2.0]]
    assert Network.from_arrays([[[value]]], [[0]]).W[1].tolist() == [[float(value)]]


@pytest.mark.parametrize(
    ("values", "dtype", "message"),
    [
        ([10**400], "float64", "x: found a whole number too large for a float, expected finite numbers"),
        ([10**5000, 1], "float64", "x: found a whole number too large for a float, expected finite numbers"),
        ([2**130], "float32", "x: found inf at index [0], expected finite numbers"),
        ([2**64, True], "float64", "x: found values of type object, expected real numbers"),
        ([2**64, None], "float64", "x: found values of type object, expected real numbers"),
        ([2**64, "1"], "float64", "x: found values of type"),
    ],
)
def test_what_is_no_finite_number_is_refused(values, dtype, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        checked_array("x", values, np.dtype(dtype))


def test_the_products_of_two_vectors_are_those_of_matrices_to_the_last_bit():
    column, row = np.array([-0.0, 0.1, -3.0]), np.array([0.0, 1e-300, 7.0, -0.3])
    arrays = LayerArrays("dW", [Outer(column.copy(), row.copy())], first=1)
    expected = column[:, None] @ row[None, :]
    for (j, k), value in np.ndenumerate(expected):
        found = arrays.element(1, (j, k))
        assert (found, np.signbit(found)) == (value, np.signbit(value))
    assert arrays[1].tobytes() == expected.tobytes()
    assert not arrays[1].flags.writeable
