"""Networks with one neuron a layer: the names of a layer's quantities, and which examples are such."""

from __future__ import annotations

from dataclasses import dataclass

from manim import RIGHT

from backprop_math import (
    Activation,
    ActivationFunction,
    BackwardPass,
    Bias,
    Cost,
    Example,
    Notation,
    Quantity,
    Target,
    Weight,
    WeightedSum,
)

from ..kit.computation_tree import ComputationTree
from ..kit.gradient_column import GradientColumn
from ..kit.theme import MIN_SIZE, theme
from .factor_by_factor import misfit_factor_by_factor
from .labelled_diagram import LabelledDiagram

__all__ = [
    "NUDGES",
    "LayerQuantities",
    "gradient_at_the_right",
    "labelled_diagram_at_the_left",
    "last_layer_tree",
    "mean_gradient_at_the_right",
    "misfit_of_single_neurons",
]

#: The nudges that chapters 2 and 3 measure, each a tenth of the one before.
NUDGES = (1.0, 0.1, 0.01, 0.001)


@dataclass(frozen=True)
class LayerQuantities:
    """The quantities around the only neuron of ``layer``, which is the last one.

    >>> str(LayerQuantities(3).w), str(LayerQuantities(3).previous)
    ('w[3][0,0]', 'a[2][0]')
    """

    layer: int

    @property
    def w(self) -> Weight:
        """Its weight."""
        return Weight(self.layer, 0, 0)

    @property
    def b(self) -> Bias:
        """Its bias."""
        return Bias(self.layer, 0)

    @property
    def z(self) -> WeightedSum:
        """Its weighted sum."""
        return WeightedSum(self.layer, 0)

    @property
    def a(self) -> Activation:
        """Its activation."""
        return Activation(self.layer, 0)

    @property
    def previous(self) -> Activation:
        """The activation of the layer before."""
        return Activation(self.layer - 1, 0)

    y = Target(0)
    cost = Cost()

    @property
    def path(self) -> list[Quantity]:
        """From the weight to the cost."""
        return [self.w, self.z, self.a, self.cost]

    @property
    def tree(self) -> list[Quantity]:
        """All that the cost is calculated from, down to this layer."""
        return [self.w, self.previous, self.b, self.z, self.a, self.y, self.cost]


def last_layer_tree(trace: BackwardPass, notation: Notation, *, h_buff: float = 1.6) -> ComputationTree:
    """The tree of the last layer, where the chapters show it: at the left of the stage."""
    tree = ComputationTree(trace.graph, notation, LayerQuantities(notation.network.L).tree, h_buff=h_buff, v_buff=1.27)
    return tree.move_to([-3.85, 0.72, 0])


def gradient_at_the_right(
    trace: BackwardPass,
    notation: Notation,
    *,
    decimals: int = 4,
    cost: Cost | None = None,
    values: dict[Quantity, float] | None = None,
) -> GradientColumn:
    """The column of the gradient, where chapters 4 and 5 show it: at the right of the stage, as high as it can be."""
    column = GradientColumn(
        trace,
        notation,
        first=2,
        last=4,
        h_buff=0.3,
        symbol_size=0.95,
        v_buff=1.06,
        decimals=decimals,
        cost=cost,
        values=values,
    )
    legible = MIN_SIZE / column.smallest  # powers of ten make it wide
    column.scale(max(min(3.05 / column.width, 5.85 / column.height), legible)).set_y(0.05)
    return column.align_to([theme.safe.right - 0.02, 0, 0], RIGHT)


def mean_gradient_at_the_right(example: Example, notation: Notation) -> GradientColumn:
    """The same for the mean over the training examples."""
    traces = [example.trace(k) for k in range(len(example.inputs))]
    means: dict[Quantity, float] = {
        q: sum(trace.derivative(q) for trace in traces) / len(traces) for q in example.network.parameters
    }
    return gradient_at_the_right(traces[0], notation, cost=Cost(None), values=means)


def labelled_diagram_at_the_left(trace: BackwardPass, notation: Notation) -> LabelledDiagram:
    """The empty network with the names of its weights and biases, beside the gradient that is at the right."""
    return LabelledDiagram(trace, notation, filled=False).move_to([-1.65, 0.05, 0])


def misfit_of_single_neurons(example: Example) -> str | None:
    """Why an example is not a network with one neuron a layer, with a chain of three factors, or ``None``."""
    sizes = example.network.layers
    if any(size != 1 for size in sizes):
        shape = "-".join(map(str, sizes))
        return f"this chapter needs one neuron a layer, the example {example.name!r} has {shape}"
    if not all(isinstance(function, ActivationFunction) for function in example.network.activation):
        return f"this chapter needs functions of one neuron, the example {example.name!r} has one of a whole layer"
    return misfit_factor_by_factor(example)
