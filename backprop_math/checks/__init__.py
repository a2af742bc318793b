"""Derivatives held against central differences or complex steps, and any number of an example calculated anew."""

from .differences import Method, allows_complex_step, slopes, step_for
from .gradcheck import (
    GradientReport,
    WrongGradientError,
    central_differences,
    check_activation,
    check_cost,
    check_function,
    check_gradient,
    complex_step,
)
from .recalculation import Recalculation, UnknownExpressionError

__all__ = [
    "GradientReport",
    "Method",
    "Recalculation",
    "UnknownExpressionError",
    "WrongGradientError",
    "allows_complex_step",
    "central_differences",
    "check_activation",
    "check_cost",
    "check_function",
    "check_gradient",
    "complex_step",
    "slopes",
    "step_for",
]
