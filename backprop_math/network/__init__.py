"""Networks in numbers: layers, their forward and backward passes, the computation graph, training, and files.

Nothing here knows how anything is written: that is `backprop_math.notation`.
"""

from .convolution import Conv2D
from .graph import ComputationGraph, Edge, Node, Sweep
from .layers import (
    Dense,
    Layer,
    LayerFunction,
    Passes,
    Place,
    Shape,
    WeightedLayer,
    backward_through,
    checked_parameters,
    forward_through,
    layer_function,
    normal,
    with_parameters,
)
from .network import Network
from .network_graph import network_graph, taken_together
from .passes import BackwardPass, ForwardPass, Gradient, backpropagate, one_example
from .pooling import AvgPool2D, Flatten, MaxPool2D, PassingLayer
from .shortcuts import Shortcuts
from .structure import Structure
from .training import Adam, GradientDescent, History, Momentum, Optimizer, Step, Trained, TrainingError, train
from .workspace import Workspace, given_array

__all__ = [
    "Adam",
    "AvgPool2D",
    "BackwardPass",
    "ComputationGraph",
    "Conv2D",
    "Dense",
    "Edge",
    "Flatten",
    "ForwardPass",
    "Gradient",
    "GradientDescent",
    "History",
    "Layer",
    "LayerFunction",
    "MaxPool2D",
    "Momentum",
    "Network",
    "Node",
    "Optimizer",
    "Passes",
    "PassingLayer",
    "Place",
    "Shape",
    "Shortcuts",
    "Step",
    "Structure",
    "Sweep",
    "Trained",
    "TrainingError",
    "WeightedLayer",
    "Workspace",
    "backpropagate",
    "backward_through",
    "checked_parameters",
    "forward_through",
    "given_array",
    "layer_function",
    "network_graph",
    "normal",
    "one_example",
    "taken_together",
    "train",
    "with_parameters",
]
