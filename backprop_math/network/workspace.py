"""The gradient without keeping a trace: the same rules as in `passes`, written into buffers that are used again.

A network keeps a few workspaces, one for each number of examples it was last given; whoever calculates takes one out
and puts it back, so that two threads never share one. What the caller gets is in arrays of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..arrays import FloatArray, checked_array
from ..functions import ActivationFunction, CostFunction, Paired
from .layers import Dense

__all__ = ["Workspace", "given_array"]


def given_array(name: str, values: ArrayLike, dtype: np.dtype) -> FloatArray:
    """``values`` as they are, if they are a finite array of this dtype; else a checked copy of them.

    The caller only reads it, and before anyone else can write to it.
    """
    if type(values) is np.ndarray and values.dtype == dtype and values.ndim and math.isfinite(np.vdot(values, values)):
        return values
    return checked_array(name, values, dtype)


class _Layer:
    """The buffers of one layer, all (n, n_l): what is calculated in them changes from step to step."""

    def __init__(self, layer: Dense, n: int) -> None:
        self.W, self.WT, self.b, self.function = layer.W, layer.W.T, layer.b, layer.activation
        self.both = self.function.both if isinstance(self.function, ActivationFunction) else None
        self.z, self.a, self.slope, self.da = (np.empty((n, len(self.b)), self.W.dtype) for _ in range(4))

    def forward(self, below: FloatArray) -> FloatArray:
        """``a = f(z)`` with ``z = W a + b``, and the slopes f'(z) where they are at hand."""
        z = np.dot(below, self.WT, self.z)
        np.add(z, self.b, z)
        if self.both:
            self.both(z, self.a, self.slope)
        else:
            self.a[...] = self.function.f(z)
        return self.a

    def backward(self) -> FloatArray:
        """``∂C/∂z`` from ``∂C/∂a``, in the buffer of one of them."""
        if self.both:
            return np.multiply(self.da, self.slope, self.slope)
        return self.function.pull_back(self.z, self.a, self.da)


class Workspace:
    """The buffers for some fully connected layers, the last of a network, and ``n`` examples at a time."""

    def __init__(self, layers: Sequence[Dense], cost: CostFunction, paired: Paired | None, n: int) -> None:
        self.layers = [_Layer(layer, n) for layer in layers]
        self.downwards = list(zip(self.layers[::-1], [*self.layers[-2::-1], None], strict=True))
        self.cost, self.both, self.paired, self.n = cost, cost.both, paired, n

    def gradient(self, x: FloatArray, y: FloatArray) -> tuple[float, list[FloatArray], list[FloatArray], FloatArray]:
        """The mean cost for what goes in, ``x``, and targets ``y``, a row an example; ``dW``, ``db``; and ``dz``.

        The last is that of the first layer, in a buffer: good until the next call.
        """
        a = x
        for layer in self.layers:
            a = layer.forward(a)
        cost, dz = self._output(a, y)
        dW, db = [], []
        for layer, below in self.downwards:
            dW.append(np.dot(dz.T, below.a if below else x))
            db.append(dz[0].copy() if self.n == 1 else np.add.reduce(dz, axis=0))
            if below:
                np.dot(dz, layer.W, below.da)
                dz = below.backward()
        return cost, dW[::-1], db[::-1], dz

    def _output(self, a: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
        """The mean cost, and ∂C/∂z of the last layer."""
        last = self.layers[-1]
        if self.paired:
            cost = self.paired.value(last.z, y).mean()
            return float(cost), self.paired.dz(last.z, y) / self.n
        if self.both:
            cost = self.both(a, y, self.n, last.da) / self.n
        else:
            cost = self.cost.value(a, y).mean()
            np.divide(self.cost.da(a, y), self.n, out=last.da)
        return float(cost), last.backward()
