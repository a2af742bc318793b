"""Backpropagation in NumPy, with every activation, derivative and chain-rule factor to be had by name.

>>> from backprop_math import Network, Weight
>>> net = Network.from_arrays(weights=[[[0.5]], [[1.2]]], biases=[[-0.25], [0.1]], activation="sigmoid")
>>> trace = net.forward([0.35]).backward([1.0])
>>> print(trace.chain_rule(Weight(2, 0, 0)))
∂C₀/∂w⁽ᴸ⁾ = ∂z⁽ᴸ⁾/∂w⁽ᴸ⁾ · ∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ · ∂C₀/∂a⁽ᴸ⁾ ≈ 0.481 · 0.2234 · (−0.674) ≈ −0.0724
"""

from .autodiff import FormulaGraph, Var, gradient
from .examples import Descent, Example, ExampleError, Measured, Nudge, example_names, load_example
from .formula import Derivative, Expression, Glyph, Number, Partial, Product, Relation, Sum, Symbol, Term
from .functions import ACTIVATIONS, COSTS, ActivationFunction, CostFunction, register_activation, register_cost
from .network import (
    Adam,
    AvgPool2D,
    BackwardPass,
    ComputationGraph,
    Conv2D,
    Dense,
    Edge,
    Flatten,
    ForwardPass,
    Gradient,
    GradientDescent,
    Layer,
    MaxPool2D,
    Momentum,
    Network,
    Sweep,
    train,
)
from .notation import ChainRule, CostDerivatives, Delta, Factor, LayerEquations, Notation, Path
from .quantities import (
    Activation,
    Bias,
    Cost,
    KernelWeight,
    Parameter,
    Pixel,
    PixelSum,
    Quantity,
    Target,
    Trace,
    Weight,
    WeightedSum,
    parse_quantity,
)

__all__ = [
    "ACTIVATIONS",
    "COSTS",
    "Activation",
    "ActivationFunction",
    "Adam",
    "AvgPool2D",
    "BackwardPass",
    "Bias",
    "ChainRule",
    "ComputationGraph",
    "Conv2D",
    "Cost",
    "CostDerivatives",
    "CostFunction",
    "Delta",
    "Dense",
    "Derivative",
    "Descent",
    "Edge",
    "Example",
    "ExampleError",
    "Expression",
    "Factor",
    "Flatten",
    "FormulaGraph",
    "ForwardPass",
    "Glyph",
    "Gradient",
    "GradientDescent",
    "KernelWeight",
    "Layer",
    "LayerEquations",
    "MaxPool2D",
    "Measured",
    "Momentum",
    "Network",
    "Notation",
    "Nudge",
    "Number",
    "Parameter",
    "Partial",
    "Path",
    "Pixel",
    "PixelSum",
    "Product",
    "Quantity",
    "Relation",
    "Sum",
    "Sweep",
    "Symbol",
    "Target",
    "Term",
    "Trace",
    "Var",
    "Weight",
    "WeightedSum",
    "example_names",
    "gradient",
    "load_example",
    "parse_quantity",
    "register_activation",
    "register_cost",
    "train",
]

__version__ = "0.2.0"
