"""What a gradient costs: time ratios, each from one run in which the two sides take turns.

    python tests/benchmarks/gradient.py            # the table
    python tests/benchmarks/gradient.py --check    # exit status 1 where a ratio is above its limit

Compared with the matrix products that the gradient cannot do without, with the forward pass, and with eager
PyTorch and jitted JAX where these are installed. A ratio is the median over rounds of time / time, so that what
slows the machine down for a while slows both sides. Absolute times are shown for orientation only.
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from backprop_math import Network
from backprop_math.network import network_graph

Run = Callable[[], object]
ROUNDS = 25


@dataclass(frozen=True)
class Problem:
    """A network's sizes and a batch of examples."""

    sizes: tuple[int, ...]
    batch: int | None
    dtype: str = "float32"

    @property
    def name(self) -> str:
        examples = "one example" if self.batch is None else f"batch {self.batch}"
        return f"{'-'.join(map(str, self.sizes))}, {examples}, {self.dtype}"

    def network(self) -> Network:
        return Network.random(self.sizes, seed=1, dtype=self.dtype)

    def examples(self) -> tuple[np.ndarray, np.ndarray]:
        rng, shape = np.random.default_rng(2), () if self.batch is None else (self.batch,)
        x = rng.standard_normal((*shape, self.sizes[0])).astype(self.dtype)
        return x, rng.random((*shape, self.sizes[-1])).astype(self.dtype)


LARGE = Problem((784, 512, 512, 10), 256)
MIDDLE = Problem((784, 16, 16, 10), 32)
SMALL = Problem((3, 4, 4, 2), None)


def ours(problem: Problem) -> Run:
    """``network.gradient``."""
    network, (x, y) = problem.network(), problem.examples()
    return lambda: network.gradient(x, y)


def forward(problem: Problem) -> Run:
    """``network.forward``."""
    network, (x, _) = problem.network(), problem.examples()
    return lambda: network.forward(x)


def products(problem: Problem) -> Run:
    """Only the matrix products: z = a Wᵀ forward, dW = dzᵀ a and da = dz W backward, into buffers made before."""
    network, (x, _) = problem.network(), problem.examples()
    rng, n = np.random.default_rng(3), problem.batch or 1
    a = [x.reshape(n, -1), *(rng.random((n, size)).astype(problem.dtype) for size in problem.sizes[1:])]
    jobs = []
    for l, (below, above) in enumerate(pairwise(problem.sizes), 1):
        W = network.W[l]
        jobs.append((a[l - 1], W.T, np.empty((n, above), problem.dtype)))
        jobs.append((a[l].T, a[l - 1], np.empty_like(W)))
        if l > 1:
            jobs.append((a[l], W, np.empty((n, below), problem.dtype)))

    def run() -> None:
        for left, right, result in jobs:
            np.matmul(left, right, out=result)

    return run


def eager_torch(problem: Problem) -> Run | None:
    """Forward pass and ``backward`` of the same network in PyTorch, gradients set to zero before."""
    try:
        import torch
    except ImportError:
        return None
    network, (x, y) = problem.network(), problem.examples()
    layers: list[torch.nn.Module] = []
    for W, b in zip(network.W, network.b, strict=True):
        linear = torch.nn.Linear(W.shape[1], W.shape[0])
        linear.weight.data, linear.bias.data = torch.tensor(np.array(W)), torch.tensor(np.array(b))
        layers += [linear, torch.nn.Sigmoid()]
    module, inputs, targets = torch.nn.Sequential(*layers), torch.tensor(x), torch.tensor(y)

    def run() -> None:
        module.zero_grad()
        ((module(inputs) - targets) ** 2).sum(-1).mean().backward()

    return run


def jitted_jax(problem: Problem) -> Run | None:
    """``jit(value_and_grad)`` of the same network in JAX, the result waited for."""
    try:
        import jax
    except ImportError:
        return None
    network, (x, y) = problem.network(), problem.examples()

    def cost(parameters: list, x: jax.Array, y: jax.Array) -> jax.Array:
        for W, b in parameters:
            x = jax.nn.sigmoid(x @ W.T + b)
        return ((x - y) ** 2).sum(-1).mean()

    parameters = [(jax.numpy.array(W), jax.numpy.array(b)) for W, b in zip(network.W, network.b, strict=True)]
    both, inputs, targets = jax.jit(jax.value_and_grad(cost)), jax.numpy.array(x), jax.numpy.array(y)
    return lambda: jax.block_until_ready(both(parameters, inputs, targets))


def built(_: Problem) -> Run:
    """The scalar graph of one example of 784-16-16-10."""
    network = Network.random((784, 16, 16, 10), seed=1)
    trace = network.forward(np.linspace(0, 1, 784)).backward(np.zeros(10))
    return lambda: network_graph(trace)


def swept(_: Problem) -> Run:
    """A reverse sweep on that graph."""
    network = Network.random((784, 16, 16, 10), seed=1)
    trace = network.forward(np.linspace(0, 1, 784)).backward(np.zeros(10))
    graph = trace.graph
    return lambda: graph.reverse_sweep(trace.cost_quantity)


def seconds(run: Run, repeats: int) -> float:
    """The time of one of ``repeats`` runs."""
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def ratio(first: Run, second: Run) -> tuple[float, float, float]:
    """The median of time / time, and the shortest time of each."""
    for run in (first, second):
        seconds(run, 3)
    repeats = [max(1, round(0.02 / seconds(run, 3))) for run in (first, second)]
    gc.disable()
    try:
        pairs = [(seconds(first, repeats[0]), seconds(second, repeats[1])) for _ in range(ROUNDS)]
    finally:
        gc.enable()
    return statistics.median(a / b for a, b in pairs), min(a for a, _ in pairs), min(b for _, b in pairs)


COMPARISONS: list[tuple[Problem, str, Callable[[Problem], Run], str, Callable[[Problem], Run | None], float]] = [
    (LARGE, "gradient", ours, "its matrix products", products, 1.2),
    (LARGE, "gradient", ours, "forward", forward, 3.0),
    (LARGE, "gradient", ours, "eager PyTorch", eager_torch, 1.2),
    (MIDDLE, "gradient", ours, "eager PyTorch", eager_torch, 0.3),
    (MIDDLE, "gradient", ours, "jitted JAX", jitted_jax, 1.0),
    (SMALL, "gradient", ours, "eager PyTorch", eager_torch, 0.2),
]


def rows() -> Iterator[tuple[str, float, float]]:
    """One line of the table for each comparison whose other side is installed, its figure and its limit."""
    for problem, name, make, other, make_other, limit in COMPARISONS:
        first, second = make(problem), make_other(problem)
        if second is None:
            continue
        found, a, b = ratio(first, second)
        label = f"{problem.name}: {name} / {other}"
        yield f"{label:<75} {found:6.2f}  (at most {limit})   {a * 1e6:9.0f} µs / {b * 1e6:9.0f} µs", found, limit
    for name, make, limit in (("graph of 784-16-16-10 built", built, 0.5), ("reverse sweep on it", swept, 0.2)):
        run = make(MIDDLE)
        found = min(seconds(run, 1) for _ in range(5))
        yield f"{name:<75} {found:6.3f} s (at most {limit} s)", found, limit


if __name__ == "__main__":
    above = 0
    for line, found, limit in rows():
        sys.stdout.write(line + "\n")
        above += found > limit
    sys.exit(1 if above and "--check" in sys.argv else 0)
