"""Automatic differentiation of any formula: `Var`, the rules, the graph, sweeps that count their work."""

from .differentiate import FunctionGradient, argument_names, forward_sweep, gradient, reverse_sweep
from .formula_graph import Calculated, FormulaGraph, checked_name
from .parsed import parse_formula
from .products import forward_products, network_products, nudging_products
from .rules import RULES, Rule, rule_partials
from .sweep_steps import SweepStep, forward_steps, reverse_steps
from .variable import Var, VarArray, apply, rule_for, variables

__all__ = [
    "RULES",
    "Calculated",
    "FormulaGraph",
    "FunctionGradient",
    "Rule",
    "SweepStep",
    "Var",
    "VarArray",
    "apply",
    "argument_names",
    "checked_name",
    "forward_products",
    "forward_steps",
    "forward_sweep",
    "gradient",
    "network_products",
    "nudging_products",
    "parse_formula",
    "reverse_steps",
    "reverse_sweep",
    "rule_for",
    "rule_partials",
    "variables",
]
