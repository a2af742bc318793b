"""How the quantities of a network, their definitions, derivatives, chain rules and matrices are written."""

from .chain_rule import ChainRule, Factor, Path
from .cost_derivatives import CostDerivatives
from .delta import Delta
from .matrix_equation import MatrixEquation, matrix_values
from .notation import Notation
from .vectorised import LayerEquations
from .written_pass import WrittenPass

__all__ = [
    "ChainRule",
    "CostDerivatives",
    "Delta",
    "Factor",
    "LayerEquations",
    "MatrixEquation",
    "Notation",
    "Path",
    "WrittenPass",
    "matrix_values",
]
