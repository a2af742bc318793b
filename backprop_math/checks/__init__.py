"""Derivatives held against central differences or complex steps: of functions, rules, layers and whole networks."""

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

__all__ = [
    "GradientReport",
    "Method",
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
