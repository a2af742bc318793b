"""Worked examples: a network with inputs and targets, bundled or of your own; nudges, and a step downhill."""

from .descent import Descent
from .example import Example
from .example_file import ExampleError, example_names, load_example
from .nudge import Measured, Nudge
from .training_run import TrainingRun

__all__ = [
    "Descent",
    "Example",
    "ExampleError",
    "Measured",
    "Nudge",
    "TrainingRun",
    "example_names",
    "load_example",
]
