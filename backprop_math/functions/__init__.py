"""Activation functions, softmax and costs: tables of f, f′ and how both are typeset; your own by `register_…`."""

from .activations import ACTIVATIONS, ActivationFunction, activation_function, register_activation
from .costs import COSTS, CostFunction, Paired, cost_function, register_cost
from .softmax import OUTPUT_ACTIVATIONS, OutputActivation

__all__ = [
    "ACTIVATIONS",
    "COSTS",
    "OUTPUT_ACTIVATIONS",
    "ActivationFunction",
    "CostFunction",
    "OutputActivation",
    "Paired",
    "activation_function",
    "cost_function",
    "register_activation",
    "register_cost",
]
