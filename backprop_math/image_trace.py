"""What the passes of a `ConvolutionalNetwork` calculate, found by quantity, and joined in one graph."""

# ruff: noqa: E741, N815 (l is a layer's number, dK the derivatives for K)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, cast

import numpy as np

from .arrays import FloatArray
from .chain_rule import ChainRule
from .convolution import Conv2D, ImageLayer, MaxPool2D
from .graph import ComputationGraph, Edge, Node
from .image_notation import ImageNotation
from .passes import BackwardPass, Gradient
from .quantities import Activation, Bias, Cost, KernelWeight, Pixel, PixelSum, Quantity, Weight, WeightedSum

if TYPE_CHECKING:
    from .image_network import ConvolutionalNetwork

__all__ = ["ConvolutionalGradient", "ImageTrace", "moved"]


@dataclass(frozen=True, eq=False)
class ConvolutionalGradient:
    """``dK[l]`` and ``db[l]`` of each convolution l, like its K and b, and the ``head``'s gradient."""

    dK: Mapping[int, FloatArray]
    db: Mapping[int, FloatArray]
    head: Gradient
    images: int

    def derivative(self, quantity: Quantity) -> float:
        """The entry that belongs to this weight or bias; `KeyError` for a layer without parameters."""
        if isinstance(quantity, KernelWeight):
            return float(self.dK[int(quantity.layer)][_indices(quantity)])
        if isinstance(quantity, Bias) and int(quantity.layer) <= self.images:
            return float(self.db[int(quantity.layer)][_indices(quantity)])
        return self.head.derivative(cast(Weight, moved(quantity, -self.images)))


@dataclass(frozen=True, eq=False)
class ImageTrace:
    """Both passes of one example: ``z``, ``a``, ``dz``, ``da`` of the layers of images, and the head's two passes.

    ``a`` and ``da`` are counted from 0, the image; ``z[l - 1]`` and ``dz[l - 1]`` are layer l's.
    """

    network: ConvolutionalNetwork
    z: list[FloatArray]
    a: list[FloatArray]
    dz: list[FloatArray]
    da: list[FloatArray]
    head: BackwardPass

    @property
    def cost(self) -> float:
        """The cost of this example."""
        return self.head.cost

    @property
    def cost_quantity(self) -> Cost:
        """The cost by name."""
        return self.head.cost_quantity

    def value(self, quantity: Quantity) -> float:
        """The value of any quantity, by name."""
        self.network.check(quantity)
        match quantity:
            case KernelWeight(l):
                return float(self.network.convolutions[int(l)].K[_indices(quantity)])
            case Bias(l) if int(l) <= self.network.images:
                return float(self.network.convolutions[int(l)].b[_indices(quantity)])
            case PixelSum(l):
                return float(self.z[int(l) - 1][_indices(quantity)])
            case Pixel(l):
                return float(self.a[int(l)][_indices(quantity)])
        return self.head.value(moved(quantity, -self.network.images))

    def derivative(self, quantity: Quantity) -> float:
        """The derivative of the cost with respect to any quantity, by name."""
        self.network.check(quantity)
        match quantity:
            case KernelWeight(l) | Bias(l) if int(l) <= self.network.images:
                return self._gradient.derivative(quantity)
            case PixelSum(l):
                return float(self.dz[int(l) - 1][_indices(quantity)])
            case Pixel(l):
                return float(self.da[int(l)][_indices(quantity)])
        return self.head.derivative(moved(quantity, -self.network.images))

    @cached_property
    def _gradient(self) -> ConvolutionalGradient:
        both = {
            l: layer.gradient(self.a[l - 1][None], self.dz[l - 1][None])
            for l, layer in self.network.convolutions.items()
        }
        dK, db = ({l: pair[i] for l, pair in both.items()} for i in (0, 1))
        return ConvolutionalGradient(dK, db, Gradient(self.head.dW, self.head.db), self.network.images)

    @cached_property
    def graph(self) -> ComputationGraph:
        """Every quantity joined by local derivatives; a kernel weight by an edge to each place where it stands."""
        values: dict[Node, float] = {Pixel(0, *place): float(v) for place, v in np.ndenumerate(self.a[0])}
        edges: list[Edge] = []
        for l, layer in enumerate(self.network.layers, 1):
            if isinstance(layer, Conv2D):
                values |= {KernelWeight(l, *place): float(v) for place, v in np.ndenumerate(layer.K)}
                values |= {Bias(l, j): float(v) for j, v in enumerate(layer.b)}
                self._convolution(l, layer, values, edges)
            else:
                self._passed_on(l, layer, values, edges)
        images = self.network.images
        for node in self.head.graph.nodes:
            values[moved(cast(Quantity, node), images)] = self.head.graph.value(node)
        edges += (
            Edge(moved(cast(Quantity, e.of), images), moved(cast(Quantity, e.wrt), images), e.value)
            for e in self.head.graph.edges
        )
        return ComputationGraph(values, edges)

    def _convolution(self, l: int, layer: Conv2D, values: dict[Node, float], edges: list[Edge]) -> None:
        slopes = layer.activation.df(self.z[l - 1])
        for place in product(*map(range, self.network.shapes[l])):
            z, a = PixelSum(l, *place), Pixel(l, *place)
            values |= {z: float(self.z[l - 1][place]), a: float(self.a[l][place])}
            for source, (c, i, j) in layer.sources(place):  # type: ignore[arg-type]
                edges.append(Edge(z, KernelWeight(l, place[0], c, i, j), float(self.a[l - 1][source])))
                edges.append(Edge(z, Pixel(l - 1, *source), float(layer.K[place[0], c, i, j])))
            edges += (Edge(z, Bias(l, place[0]), 1.0), Edge(a, z, float(slopes[place])))

    def _passed_on(self, l: int, layer: ImageLayer, values: dict[Node, float], edges: list[Edge]) -> None:
        """The largest of a window is passed on with the derivative 1, the others with 0; flattened pixels all."""
        for k, place in enumerate(product(*map(range, self.network.shapes[l]))):
            if isinstance(layer, MaxPool2D):
                of: Quantity = Pixel(l, *place)
                sources = [source for source, _ in layer.sources(place)]  # type: ignore[arg-type]
            else:
                of, sources = Activation(l, k), [np.unravel_index(k, self.network.shapes[l - 1])]  # type: ignore[list-item]
            inputs = [float(self.a[l - 1][source]) for source in sources]
            largest = inputs.index(max(inputs))
            values[of] = inputs[largest]
            for n, source in enumerate(sources):
                edges.append(Edge(of, Pixel(l - 1, *map(int, source)), float(n == largest)))

    def chain_rule(self, wrt: Quantity, of: Quantity | None = None) -> ChainRule:
        """The derivative of ``of`` (the cost, if not given) with respect to ``wrt``: for a kernel weight a sum over
        the places where it stands.
        """
        of = of or self.cost_quantity
        self.network.check(of)
        self.network.check(wrt)
        return ChainRule(
            of, wrt, cast(BackwardPass, self), ImageNotation(self.network.head, image_layers=self.network.layers)
        )


def _indices(quantity: Quantity) -> tuple[int, ...]:
    return tuple(int(index) for index in quantity.indices)


def moved(quantity: Quantity, by: int) -> Quantity:
    """The quantity with its layer counted from elsewhere; targets and costs have none."""
    if isinstance(quantity, Weight | Bias | WeightedSum | Activation):
        return replace(quantity, layer=int(quantity.layer) + by)
    return quantity
