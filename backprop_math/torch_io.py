"""Networks from PyTorch and back: an ``nn.Sequential`` of ``Linear`` and activation functions.

PyTorch is imported only here, when one of the two functions is called.
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from .costs import CostFunction
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


def from_torch(module: Any, *, cost: str | CostFunction = "squared_error") -> Network:
    """The network with a copy of the parameters of an ``nn.Sequential`` of ``Linear`` and activation functions.

    A ``Linear`` without an activation function behind it has the identity, one without biases has zeros for them. The
    dtype is that of the parameters. `TypeError` for a module of another kind, `ValueError` for an activation function
    with other settings than this package's; both name the module's place.
    """
    nn = _torch().nn
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module: found {type(module).__name__}, expected an nn.Sequential")
    kinds = {kind: name for name, (kind, _) in _MODULES.items()}
    layers: list[tuple[Any, list[str]]] = []
    for place, part in _parts(nn, module):
        kind = type(part).__name__
        if isinstance(part, nn.Linear):
            layers.append((part, []))
        elif kind not in kinds or not isinstance(part, getattr(nn, kind)):
            raise TypeError(f"module {place}: found {kind}, expected Linear, {', '.join(kinds)}")
        elif not layers:
            raise TypeError(f"module {place}: found {kind}, expected a Linear before it")
        elif layers[-1][1]:
            raise TypeError(f"module {place}: found {kind} behind an activation function, expected a Linear between")
        else:
            _check_settings(place, part, kinds[kind])
            layers[-1][1].append(kinds[kind])
    if not layers:
        raise TypeError("module: found an nn.Sequential without a Linear, expected at least one")
    weights = [_array(linear.weight) for linear, _ in layers]
    biases = [np.zeros(len(W), W.dtype) if part.bias is None else _array(part.bias)
              for W, (part, _) in zip(weights, layers, strict=True)]  # fmt: skip
    names = [(found or ["identity"])[0] for _, found in layers]
    return Network.from_arrays(weights, biases, activation=names, cost=cost, dtype=weights[0].dtype)  # type: ignore[arg-type]


def to_torch(network: Network) -> Any:
    """An ``nn.Sequential`` with a copy of the network's parameters, in the network's dtype.

    The cost function is not in it. `ValueError` for an activation function that PyTorch does not have.
    """
    torch = _torch()
    parts = []
    for l, (W, b, row) in enumerate(zip(network.W, network.b, network.activation, strict=True), 1):
        if row.name not in _MODULES:
            raise ValueError(f"activation of layer {l}: found {row.name!r}, expected one of {', '.join(_MODULES)}")
        dtype = torch.from_numpy(W.copy()).dtype
        linear = torch.nn.Linear(*W.shape[::-1], dtype=dtype)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.copy()))
            linear.bias.copy_(torch.from_numpy(b.copy()))
        kind, settings = _MODULES[row.name]
        parts += [linear, getattr(torch.nn, kind)(**settings)]
    return torch.nn.Sequential(*parts)


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


def _check_settings(place: str, part: Any, name: str) -> None:
    kind, settings = _MODULES[name]
    for key, expected in settings.items():
        found = getattr(part, key)
        # A batch has its outputs along axis 1, which is its last.
        if found != expected and not (name == "softmax" and found == 1):
            raise ValueError(f"module {place}: found {kind} with {key}={found!r}, expected {key}={expected!r}")


def _array(parameter: Any) -> np.ndarray:
    try:
        return parameter.detach().cpu().numpy()
    except TypeError:
        raise ValueError(f"parameters: found {parameter.dtype}, expected a dtype that NumPy has") from None
