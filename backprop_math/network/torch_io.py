"""Networks from PyTorch and back: an ``nn.Sequential`` of layers that both have, and activation functions.

PyTorch is imported only here, when one of the two functions is called.
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..functions import CostFunction
from .convolution import Conv2D, Flatten, MaxPool2D
from .layers import Dense, Layer, Shape, WeightedLayer
from .network import Network

__all__ = ["from_torch", "to_torch"]

# The activation functions that PyTorch has too: its module, and the arguments with which it is the same function.
_MODULES: dict[str, tuple[str, dict[str, Any]]] = {
    "identity": ("Identity", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "relu": ("ReLU", {}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": 0.01}),
    "elu": ("ELU", {"alpha": 1.0}),
    "softplus": ("Softplus", {"beta": 1.0}),
    "silu": ("SiLU", {}),
    "gelu": ("GELU", {"approximate": "none"}),
    "softmax": ("Softmax", {"dim": -1}),
}

# The layers that PyTorch has too, with the settings in which they are the same.
_LAYERS: dict[str, dict[str, Any]] = {
    "Linear": {},
    "Conv2d": {"padding": (0, 0), "dilation": (1, 1), "groups": 1},
    "MaxPool2d": {"padding": 0, "dilation": 1, "ceil_mode": False},
    "Flatten": {"start_dim": 1, "end_dim": -1},
}


def from_torch(module: Any, *, cost: str | CostFunction = "squared_error", shape: Shape | None = None) -> Network:
    """The network with a copy of the parameters of an ``nn.Sequential``, in their dtype.

    It is of ``Linear``, of ``Conv2d``, ``MaxPool2d`` and ``Flatten`` (for images of ``shape``), and of activation
    functions. A layer without an activation function behind it has the identity, one without biases has zeros for them.
    `TypeError` for a module of another kind, `ValueError` for settings that this package does not have; both name the
    module's place.
    """
    nn = _torch().nn
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module: found {type(module).__name__}, expected an nn.Sequential")
    kinds = {kind: name for name, (kind, _) in _MODULES.items()}
    layers: list[tuple[str, Any, list[str]]] = []
    for place, part in _parts(nn, module):
        kind = type(part).__name__
        if kind in _LAYERS and isinstance(part, getattr(nn, kind)):
            layers.append((place, part, []))
        elif kind not in kinds or not isinstance(part, getattr(nn, kind)):
            raise TypeError(f"module {place}: found {kind}, expected {', '.join((*_LAYERS, *kinds))}")
        elif not layers or not hasattr(layers[-1][1], "weight"):
            raise TypeError(f"module {place}: found {kind}, expected a Linear before it")
        elif layers[-1][2]:
            raise TypeError(f"module {place}: found {kind} behind an activation function, expected a Linear between")
        else:
            _check_settings(place, part, _MODULES[kinds[kind]][1], or_one_for="dim")
            layers[-1][2].append(kinds[kind])
    if not any(isinstance(part, nn.Linear) for _, part, _ in layers):
        raise TypeError("module: found an nn.Sequential without a Linear, expected at least one")
    stack = [_layer(place, part, (functions or ["identity"])[0]) for place, part, functions in layers]
    return Network(stack, cost=cost, shape=shape)


def to_torch(network: Network) -> Any:
    """An ``nn.Sequential`` with a copy of the network's parameters, in the network's dtype.

    The cost function is not in it. `ValueError` for an activation function or a layer that PyTorch does not have.
    """
    torch = _torch()
    parts = []
    for l, layer in enumerate(network.stack, 1):
        if layer.activation.name not in _MODULES:
            name = layer.activation.name
            raise ValueError(f"activation of layer {l}: found {name!r}, expected one of {', '.join(_MODULES)}")
        parts.append(_module(torch, l, layer))
        if isinstance(layer, WeightedLayer):
            kind, settings = _MODULES[layer.activation.name]
            parts.append(getattr(torch.nn, kind)(**settings))
    return torch.nn.Sequential(*parts)


def _layer(place: str, part: Any, function: str) -> Layer:
    """Our layer for a module of PyTorch's."""
    kind = type(part).__name__
    _check_settings(place, part, _LAYERS[kind])
    if kind == "Flatten":
        return Flatten()
    if kind == "MaxPool2d":
        return MaxPool2D(_one_number(place, part, "kernel_size"), _one_number(place, part, "stride"))
    W = _array(part.weight)
    b = np.zeros(len(W), W.dtype) if part.bias is None else _array(part.bias)
    if kind == "Linear":
        return Dense.from_arrays(W, b, activation=function, dtype=W.dtype)
    return Conv2D.from_arrays(W, b, activation=function, stride=_one_number(place, part, "stride"), dtype=W.dtype)


def _module(torch: Any, l: int, layer: Layer) -> Any:
    """PyTorch's module for a layer of ours, without the activation function."""
    match layer:
        case Flatten():
            return torch.nn.Flatten()
        case MaxPool2D():
            return torch.nn.MaxPool2d(layer.size, layer.stride)
        case Dense() | Conv2D():
            W, b = torch.from_numpy(layer.W.copy()), torch.from_numpy(layer.b.copy())
            outputs, inputs, *size = W.shape
            module = (
                torch.nn.Conv2d(inputs, outputs, size, layer.stride, dtype=W.dtype)
                if isinstance(layer, Conv2D)
                else torch.nn.Linear(inputs, outputs, dtype=W.dtype)
            )
            with torch.no_grad():
                module.weight.copy_(W)
                module.bias.copy_(b)
            return module
    raise ValueError(f"layer {l}: found {type(layer).__name__}, expected Dense, Conv2D, MaxPool2D or Flatten")


def _torch() -> Any:
    try:
        return importlib.import_module("torch")
    except ImportError:
        raise ImportError("torch: found no such package, expected PyTorch installed (pip install torch)") from None


def _parts(nn: Any, module: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The modules in their order with their places, those of a Sequential within it one by one."""
    for name, part in module.named_children():
        if isinstance(part, nn.Sequential):
            yield from _parts(nn, part, f"{place}{name}.")
        else:
            yield f"{place}{name}", part


def _check_settings(place: str, part: Any, settings: dict[str, Any], or_one_for: str = "") -> None:
    for key, expected in settings.items():
        found = getattr(part, key)
        # A batch has its outputs along axis 1, which is its last.
        if found != expected and not (key == or_one_for and found == 1):
            kind = type(part).__name__
            raise ValueError(f"module {place}: found {kind} with {key}={found!r}, expected {key}={expected!r}")


def _one_number(place: str, part: Any, key: str) -> int:
    """A setting that may be one number or one for each direction."""
    found = getattr(part, key)
    numbers = set(found) if isinstance(found, tuple) else {found}
    if len(numbers) != 1:
        kind = type(part).__name__
        raise ValueError(f"module {place}: found {kind} with {key}={found!r}, expected the same in both directions")
    return int(numbers.pop())


def _array(parameter: Any) -> np.ndarray:
    try:
        return parameter.detach().cpu().numpy()
    except TypeError:
        raise ValueError(f"parameters: found {parameter.dtype}, expected a dtype that NumPy has") from None
