"""Networks from PyTorch and back: an ``nn.Sequential`` of layers that both have, and activation functions.

PyTorch is imported only here, when one of the two functions is called.
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from .convolution import Conv2D
from .layers import Dense, Layer, Shape, WeightedLayer
from .network import Network
from .pooling import AvgPool2D, Flatten, MaxPool2D
from .torch_settings import ACTIVATIONS, CALLS, DROPOUTS, LAYERS, LOSSES, check_settings, check_untouched

__all__ = ["from_torch", "to_torch"]


class _Part(NamedTuple):
    """A layer of PyTorch's, where it stands ("module 0"), and the name of the activation function behind it, if any."""

    where: str
    module: Any
    functions: list[str]


def from_torch(module: Any, *, cost: Any = "squared_error", shape: Shape | None = None) -> Network:
    """The network with a copy of the parameters of an ``nn.Sequential``, in their dtype, as it is in evaluation mode.

    It is of ``Linear``, of ``Conv2d``, ``MaxPool2d``, ``AvgPool2d`` and ``Flatten`` (for images of ``shape``), and of
    activation functions. A layer without an activation function behind it has the identity, one without biases has
    zeros for them. ``Identity`` and dropout, which in evaluation mode is the identity, leave nothing behind; of dropout
    in training mode a warning says so. A module that stands twice becomes two layers, each with a gradient of its own.
    Softplus is taken as exact, from which PyTorch's differs by 2e-9 at most, above its threshold.

    ``cost`` may be a loss of PyTorch's: ``MSELoss``, ``BCELoss`` or ``BCEWithLogitsLoss`` of one output, or
    ``CrossEntropyLoss``. Of those that are given logits the sigmoid or softmax becomes the last layer's function.

    `TypeError` for a module of another kind, `ValueError` for settings that this package does not have, for hooks and
    for parametrizations; all name the module's place.
    """
    nn = _torch().nn
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module: found {type(module).__name__}, expected an nn.Sequential")
    if nn.modules.module._has_any_global_hook():
        raise ValueError("module: found hooks for all modules, expected none")
    parts = _layers(nn, module)
    name, function = _loss(nn, cost, parts) if isinstance(cost, nn.Module) else (cost, None)
    if function:
        parts[-1].functions.append(function)
    return Network([_layer(part) for part in parts], cost=name, shape=shape)


def to_torch(network: Network) -> Any:
    """An ``nn.Sequential`` with a copy of the network's parameters, in the network's dtype.

    The cost function is not in it. `ValueError` for an activation function or a layer that PyTorch does not have.
    """
    torch = _torch()
    parts = []
    for l, layer in enumerate(network.stack, 1):
        if layer.activation.name not in ACTIVATIONS:
            name = layer.activation.name
            raise ValueError(f"activation of layer {l}: found {name!r}, expected one of {', '.join(ACTIVATIONS)}")
        parts.append(_module(torch, l, layer))
        if isinstance(layer, WeightedLayer):
            kind, settings = ACTIVATIONS[layer.activation.name]
            parts.append(getattr(torch.nn, kind)(**settings))
    return torch.nn.Sequential(*parts)


def _layers(nn: Any, module: Any) -> list[_Part]:
    """The layers of a Sequential in their order, each with its functions."""
    kinds = {kind: name for name, (kind, _) in ACTIVATIONS.items()}
    parts: list[_Part] = []
    for where, part in _walk(nn, module, "module"):
        kind = type(part).__name__
        named = kind in (*LAYERS, *DROPOUTS, *kinds)
        if not (named and type(part) is getattr(nn, kind)) and not hasattr(part, "parametrizations"):
            found = f"{type(part).__module__}.{kind}" if named else kind
            raise TypeError(f"{where}: found {found}, expected {', '.join((*LAYERS, *kinds, DROPOUTS[0]))}")
        check_untouched(where, part)
        check_settings(where, part)
        if kind in DROPOUTS and part.training and part.p > 0:
            message = f"{where}: found {kind} in training mode, taken as the identity, as it is after eval()"
            warnings.warn(message, stacklevel=3)
        elif kind in LAYERS:
            # What is a vector already stays as it is.
            if kind != "Flatten" or not parts or type(parts[-1].module).__name__ not in ("Linear", "Flatten"):
                parts.append(_Part(where, part, []))
        elif kind in kinds and kind != "Identity":
            if not parts or not hasattr(parts[-1].module, "weight"):
                raise TypeError(f"{where}: found {kind}, expected a Linear before it")
            if parts[-1].functions:
                found = f"{kind} behind an activation function"
                raise TypeError(f"{where}: found {found}, expected a Linear between")
            parts[-1].functions.append(kinds[kind])
    if not any(isinstance(part.module, nn.Linear) for part in parts):
        raise TypeError("module: found an nn.Sequential without a Linear, expected at least one")
    return parts


def _walk(nn: Any, module: Any, where: str) -> Iterator[tuple[str, Any]]:
    """The modules in the order in which they are called, however often, those of a Sequential within it one by one."""
    if not isinstance(module, nn.Sequential):
        yield where, module
        return
    check_untouched(where, module)
    for name in CALLS:
        if getattr(type(module), name) is not getattr(nn.Sequential, name):
            kind = type(module).__name__
            raise ValueError(f"{where}: found {kind} with a {name} of its own, expected that of nn.Sequential")
    # Not `named_children`, which leaves out what has been there already.
    for name, part in module._modules.items():
        yield from _walk(nn, part, f"{where} {name}" if where == "module" else f"{where}.{name}")


def _loss(nn: Any, loss: Any, parts: list[_Part]) -> tuple[str, str | None]:
    """The name of our cost for a loss of PyTorch's, and the function of the last layer that the loss has in it."""
    kind, last = type(loss).__name__, parts[-1]
    if kind not in LOSSES or type(loss) is not getattr(nn, kind):
        raise TypeError(f"cost: found {kind}, expected a cost of this package, or {', '.join(LOSSES)}")
    check_untouched("cost", loss)
    check_settings("cost", loss)
    cost, function = LOSSES[kind]
    outputs = getattr(last.module, "out_features", 1)
    if cost == "cross_entropy" and outputs != 1:
        raise ValueError(f"cost: found {kind}, their mean, for {outputs} outputs, expected one output, or MSELoss")
    if function and last.functions:
        raise ValueError(
            f"cost: found {kind}, which has a {function} in it, behind {ACTIVATIONS[last.functions[0]][0]}, "
            f"expected no activation function behind {last.where}"
        )
    return cost, function


def _layer(part: _Part) -> Layer:
    """Our layer for a module of PyTorch's."""
    try:
        return _converted(part.module, (part.functions or ["identity"])[0])
    except ValueError as error:
        raise ValueError(f"{part.where}: {error}") from None


def _converted(module: Any, function: str) -> Layer:
    kind = type(module).__name__
    if kind == "Flatten":
        return Flatten()
    if kind in ("MaxPool2d", "AvgPool2d"):
        size, stride, padding = (_one_number(module, key) for key in ("kernel_size", "stride", "padding"))
        if kind == "MaxPool2d":
            return MaxPool2D(size, stride, padding)
        return AvgPool2D(size, stride, padding, module.divisor_override is not None or module.count_include_pad)
    W = _array(module.weight)
    b = np.zeros(len(W), W.dtype) if module.bias is None else _array(module.bias)
    if kind == "Linear":
        return Dense.from_arrays(W, b, activation=function, dtype=W.dtype)
    stride, padding = _one_number(module, "stride"), _padding(module)
    return Conv2D.from_arrays(W, b, activation=function, stride=stride, padding=padding, dtype=W.dtype)


def _module(torch: Any, l: int, layer: Layer) -> Any:
    """PyTorch's module for a layer of ours, without the activation function."""
    match layer:
        case Flatten():
            return torch.nn.Flatten()
        case MaxPool2D():
            return torch.nn.MaxPool2d(layer.size, layer.stride, layer.padding)
        case AvgPool2D():
            return torch.nn.AvgPool2d(
                layer.size, layer.stride, layer.padding, count_include_pad=layer.count_include_pad
            )
        case Dense() | Conv2D():
            W, b = torch.from_numpy(layer.W.copy()), torch.from_numpy(layer.b.copy())
            outputs, inputs, *size = W.shape
            module = (
                torch.nn.Conv2d(inputs, outputs, size, layer.stride, layer.padding, dtype=W.dtype)
                if isinstance(layer, Conv2D)
                else torch.nn.Linear(inputs, outputs, dtype=W.dtype)
            )
            with torch.no_grad():
                module.weight.copy_(W)
                module.bias.copy_(b)
            return module
    raise ValueError(
        f"layer {l}: found {type(layer).__name__}, expected Dense, Conv2D, MaxPool2D, AvgPool2D or Flatten"
    )


def _torch() -> Any:
    try:
        return importlib.import_module("torch")
    except ImportError:
        raise ImportError("torch: found no such package, expected PyTorch installed (pip install torch)") from None


def _one_number(module: Any, key: str) -> int:
    """A setting that may be one number or one for each direction."""
    found = getattr(module, key)
    numbers = set(found) if isinstance(found, tuple) else {found}
    if len(numbers) != 1:
        kind = type(module).__name__
        raise ValueError(f"found {kind} with {key}={found!r}, expected the same in both directions")
    return int(numbers.pop())


def _padding(module: Any) -> int:
    """That of a convolution, which may be the words "valid", none, and "same", half of an odd kernel."""
    if not isinstance(module.padding, str):
        return _one_number(module, "padding")
    sizes = set(module.kernel_size) if module.padding == "same" else {1}
    if len(sizes) != 1 or (size := sizes.pop()) % 2 == 0:
        found = f"Conv2d with padding='same' and kernel_size={module.kernel_size!r}"
        raise ValueError(f"found {found}, expected an odd size, the same in both directions")
    return size // 2


def _array(parameter: Any) -> np.ndarray:
    try:
        return parameter.detach().cpu().numpy()
    except TypeError:
        raise ValueError(f"found parameters of {parameter.dtype}, expected a dtype that NumPy has") from None
    except NotImplementedError:
        raise ValueError(f"found parameters without numbers, on the device {parameter.device}") from None
