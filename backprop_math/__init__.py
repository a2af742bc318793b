"""Backpropagation in NumPy, with every activation, derivative and chain-rule factor to be had by name.

>>> from backprop_math import Network, Weight
>>> net = Network.from_arrays(weights=[[[0.5]], [[1.2]]], biases=[[-0.25], [0.1]], activation="sigmoid")
>>> trace = net.forward([0.35]).backward([1.0])
>>> print(trace.chain_rule(Weight(2, 0, 0)))
∂C₀/∂w⁽ᴸ⁾ = ∂z⁽ᴸ⁾/∂w⁽ᴸ⁾ · ∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ · ∂C₀/∂a⁽ᴸ⁾ ≈ 0.481 · 0.2234 · (−0.674) ≈ −0.0724
"""

from .activations import ACTIVATIONS, ActivationFunction, register_activation
from .autodiff import Var, gradient
from .chain_rule import ChainRule, Factor, Path
from .convolution import Conv2D, Flatten, MaxPool2D
from .costs import COSTS, CostFunction, register_cost
from .delta import Delta
from .examples import Example, ExampleError, example_names, load_example
from .expression import Expression, Number, Relation, Symbol, Term
from .formula_graph import FormulaGraph
from .general import General
from .graph import ComputationGraph, Edge, Sweep
from .layers import Dense, Layer
from .network import Network
from .notation import Notation
from .nudge import Measured, Nudge
from .passes import BackwardPass, ForwardPass, Gradient
from .quantities import (
    Activation,
    Bias,
    Cost,
    KernelWeight,
    Pixel,
    PixelSum,
    Quantity,
    Target,
    Weight,
    WeightedSum,
    parse_quantity,
)
from .training import Adam, GradientDescent, Momentum, train
from .vectorised import LayerEquations

__all__ = [
    "ACTIVATIONS",
    "COSTS",
    "Activation",
    "ActivationFunction",
    "Adam",
    "BackwardPass",
    "Bias",
    "ChainRule",
    "ComputationGraph",
    "Conv2D",
    "Cost",
    "CostFunction",
    "Delta",
    "Dense",
    "Edge",
    "Example",
    "ExampleError",
    "Expression",
    "Factor",
    "Flatten",
    "FormulaGraph",
    "ForwardPass",
    "General",
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
    "Path",
    "Pixel",
    "PixelSum",
    "Quantity",
    "Relation",
    "Sweep",
    "Symbol",
    "Target",
    "Term",
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

__version__ = "0.1.0"
