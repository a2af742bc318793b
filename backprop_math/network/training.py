"""Gradient descent: a network's parameters moved against the gradient of its cost, step after step.

>>> from backprop_math import Network
>>> xor = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
>>> start = Network.random((2, 3, 1), activation=["tanh", "sigmoid"], seed=3)
>>> trained, history = train(start, *xor, optimizer=Momentum(0.2), epochs=300)
>>> history.cost[[0, -1]].round(3).tolist(), len(history)
([0.232, 0.001], 300)
>>> trained.forward(xor[0]).a[2].round(1).ravel().tolist()
[0.0, 1.0, 1.0, 0.0]

What a step does with the gradient is the optimizer's affair; one of your own needs a method ``step``.
"""

# ruff: noqa: N815 (dW_norm[l] belongs to W[l])

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from ..arrays import FloatArray, LayerArrays, check_shape, checked_array, read_only
from ..frozen import Frozen
from ..names import did_you_mean
from .layers import with_parameters
from .network import Network
from .passes import Gradient

__all__ = ["Adam", "GradientDescent", "History", "Momentum", "Optimizer", "Step", "Trained", "TrainingError", "train"]


_FAR_DOWN = 0.3  # of the cost at first: XOR is left at a half where two of its four rows are learned


class Optimizer(Protocol):
    """How a gradient becomes a step. What is remembered between steps is handed from one call to the next."""

    def step(self, gradient: FloatArray, memory: Any) -> tuple[FloatArray, Any]:
        """The change of an array of parameters, and what to remember; ``memory`` is `None` at first."""


@dataclass(frozen=True)
class GradientDescent:
    """``w ← w − η ∂C/∂w``, with the learning rate η."""

    rate: float = 0.1

    def __post_init__(self) -> None:
        _check_numbers(self)

    def step(self, gradient: FloatArray, memory: None) -> tuple[FloatArray, None]:
        """``−η ∂C/∂w``."""
        return -self.rate * gradient, None


@dataclass(frozen=True)
class Momentum:
    """``v ← μ v − η ∂C/∂w``, ``w ← w + v``, with v = 0 at first (Polyak, *USSR Comp. Math.* 4, 1964)."""

    rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self) -> None:
        _check_numbers(self, below_one=("momentum",))

    def step(self, gradient: FloatArray, memory: FloatArray | None) -> tuple[FloatArray, FloatArray]:
        """The new v, twice: it is the change, and what is remembered."""
        velocity = -self.rate * gradient
        if memory is not None:
            velocity += self.momentum * memory
        return velocity, velocity


class _Moments(NamedTuple):
    steps: int
    first: FloatArray
    second: FloatArray


@dataclass(frozen=True)
class Adam:
    """Steps by the running means m, v of the gradient and of its square (Kingma and Ba, ICLR 2015, algorithm 1).

    ``m ← β₁ m + (1 − β₁) g``, ``v ← β₂ v + (1 − β₂) g²``, ``w ← w − η m̂ / (√v̂ + ε)``, where m̂ = m / (1 − β₁ᵗ) and
    v̂ = v / (1 − β₂ᵗ) make up for m = v = 0 at first.
    """

    rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        _check_numbers(self, below_one=("beta1", "beta2"))

    def step(self, gradient: FloatArray, memory: _Moments | None) -> tuple[FloatArray, _Moments]:
        """The change, and the means to remember."""
        t, m, v = memory or _Moments(0, np.zeros_like(gradient), np.zeros_like(gradient))
        t, m = t + 1, self.beta1 * m + (1 - self.beta1) * gradient
        v = self.beta2 * v + (1 - self.beta2) * gradient**2
        unbiased, scale = m / (1 - self.beta1**t), np.sqrt(v / (1 - self.beta2**t))
        return -self.rate * unbiased / (scale + self.epsilon), _Moments(t, m, v)


@dataclass(frozen=True, eq=False)
class Step(Frozen):
    """One step: its number ``index`` and its ``epoch``, both from 0, and its training ``examples`` by their indices.

    ``cost`` and ``gradient`` are those of these examples for the network ``before``, which led to the one ``after``.
    """

    index: int
    epoch: int
    examples: tuple[int, ...]
    cost: float
    gradient: Gradient
    before: Network
    after: Network


@dataclass(frozen=True, eq=False)
class History(Frozen):
    """What each step started from: the ``cost`` of its examples, (steps,), and how large its gradient was by layer.

    ``dW_norm[l]`` and ``db_norm[l]``, (steps,) each, are the Euclidean norms of dW[l] and db[l].
    """

    cost: FloatArray
    dW_norm: LayerArrays
    db_norm: LayerArrays

    def __len__(self) -> int:
        return len(self.cost)


class Trained(NamedTuple):
    """The network as it is after the last step, and the history of all steps."""

    network: Network
    history: History


class TrainingError(ArithmeticError):
    """Training that ran away; ``network`` is the last one whose cost was finite, ``history`` has the steps up to it."""

    def __init__(self, message: str, network: Network, history: History) -> None:
        super().__init__(message)
        self.network = network
        self.history = history

    def __reduce__(self) -> tuple[type[TrainingError], tuple[str, Network, History]]:
        return TrainingError, (str(self), self.network, self.history)


def train(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    optimizer: Optimizer | None = None,
    epochs: int = 500,
    batch_size: int | None = None,
    seed: int = 0,
    callbacks: Iterable[Callable[[Step], object]] = (),
) -> Trained:
    """Train on ``inputs`` (n, n_0) and ``targets`` (n, n_L); the network given stays as it is.

    An epoch goes once through all examples: in one step, or with ``batch_size`` in steps of so many (the last of an
    epoch may have fewer), in an order that ``seed`` decides anew for each epoch. Each callback is told each `Step`;
    one that returns True ends the training after it. Without an ``optimizer`` it is ``Adam(0.1)``, with a warning where
    that has not brought the cost far down.

    Inputs of a network for images are (n, channels, height, width).

    Raises `TrainingError` as soon as a cost or a gradient is not finite, and `ValueError` for what does not fit.
    """
    stepper, listeners = _checked_optimizer(optimizer), _listeners(callbacks)
    x, y = _training_examples(network, inputs, targets)
    for name, number in (("epochs", epochs), ("batch_size", len(x) if batch_size is None else batch_size)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
            raise ValueError(f"{name}: found {number!r}, expected a whole number from 1 on")
    memory: list[Any] = [None] * (len(network.W) + len(network.b))
    rows: list[tuple[float, ...]] = []
    for epoch, examples in _batches(len(x), epochs, batch_size, seed):
        # What overflows becomes infinite, and is reported as that.
        with np.errstate(over="ignore", invalid="ignore"):
            cost, gradient = network.gradient(x[examples], y[examples])
            norms = [float(np.linalg.norm(slopes)) for slopes in (*gradient.dW, *gradient.db)]
            after = _stepped(network, gradient, stepper, memory) if math.isfinite(sum(norms, cost)) else None
        if after is None:
            what = "gradient" if math.isfinite(cost) else f"cost, {cost},"
            message = f"step {len(rows)}, epoch {epoch}: the {what} or what follows from it is not finite"
            message += f"; expected a smaller learning rate than that of {stepper}"
            raise TrainingError(message, network, _history(rows, network))
        rows.append((cost, *norms))
        step = Step(len(rows) - 1, epoch, tuple(examples.tolist()), cost, gradient, network, after)
        network = after
        # All are told, whoever ends it.
        ends = True in [listener(step) for listener in listeners]
        del step, gradient, after  # of millions of parameters, what nobody has kept makes room for the next
        if ends:
            break
    else:
        if optimizer is None and rows[-1][0] > _FAR_DOWN * rows[0][0]:
            warnings.warn(
                f"the cost went from {rows[0][0]:.3g} only to {rows[-1][0]:.3g} in {len(rows)} steps of {stepper}; "
                "another seed of the network, more epochs or another optimizer may do better",
                stacklevel=2,
            )
    return Trained(network, _history(rows, network))


def _stepped(network: Network, gradient: Gradient, optimizer: Optimizer, memory: list[Any]) -> Network | None:
    """The network after one step, with ``memory`` brought up to date; `None` if a parameter is not finite."""
    changed = []
    for i, (parameters, slopes) in enumerate(zip((*network.W, *network.b), (*gradient.dW, *gradient.db), strict=True)):
        change, memory[i] = optimizer.step(slopes, memory[i])
        changed.append(read_only((parameters + change).astype(network.dtype, copy=False)))
    if not all(np.isfinite(array).all() for array in changed):
        return None
    stack = with_parameters(network.stack, changed[: len(network.W)], changed[len(network.W) :])
    return Network(stack, cost=network.cost, shape=network.shapes[0])


def _batches(n: int, epochs: int, batch_size: int | None, seed: int) -> Iterator[tuple[int, np.ndarray]]:
    rng = np.random.default_rng(seed)
    for epoch in range(epochs):
        order = np.arange(n) if batch_size is None else rng.permutation(n)
        for start in range(0, n, batch_size or n):
            yield epoch, order[start : start + (batch_size or n)]


def _history(rows: list[tuple[float, ...]], network: Network) -> History:
    count = len(network.W)
    cost, *norms = (column.copy() for column in np.array(rows, dtype=float).reshape(-1, 1 + 2 * count).T)
    dW_norm, db_norm = network.W.like("dW_norm", norms[:count]), network.b.like("db_norm", norms[count:])
    return History(read_only(cost), dW_norm, db_norm)


def _training_examples(network: Network, inputs: ArrayLike, targets: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, y = checked_array("inputs", inputs, network.dtype), checked_array("targets", targets, network.dtype)
    check_shape("inputs", x, ("n", *network.shapes[0]))
    network.check_targets("targets", y, (len(x), network.layers[-1]))
    if len(x) == 0:
        raise ValueError(f"inputs: found shape {x.shape}, expected at least one training example")
    return x, y


def _checked_optimizer(optimizer: Optimizer | None) -> Optimizer:
    if optimizer is None:
        return Adam(0.1)
    if isinstance(optimizer, type) or not callable(getattr(optimizer, "step", None)):
        name = optimizer.__name__ if isinstance(optimizer, type) else optimizer
        found = f"the class {name}" if isinstance(optimizer, type) else repr(optimizer)
        near = did_you_mean(str(name), ("GradientDescent()", "Momentum()", "Adam()")).replace("'", "")
        raise ValueError(f"optimizer: found {found}, expected one such as Adam(0.1), with a method step{near}")
    return optimizer


def _listeners(callbacks: Iterable[Callable[[Step], object]]) -> tuple[Callable[[Step], object], ...]:
    if callable(callbacks):
        raise ValueError(f"callbacks: found {callbacks!r}, expected a list of functions")
    return tuple(callbacks)


def _check_numbers(optimizer: Any, below_one: tuple[str, ...] = ()) -> None:
    for name in (field.name for field in fields(optimizer)):
        value, limit = getattr(optimizer, name), 1.0 if name in below_one else math.inf
        number = isinstance(value, int | float | np.floating) and not isinstance(value, bool)
        if not number or not (0 <= value < limit if name in below_one else 0 < value < limit):
            expected = "a number from 0 on, below 1" if name in below_one else "a finite number above 0"
            raise ValueError(f"{name}: found {value!r}, expected {expected}")
