"""What PyTorch's modules have to be for this package to have the same: their kinds and settings.

The names are PyTorch's; nothing here imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

__all__ = ["ACTIVATIONS", "CALLS", "DROPOUTS", "LAYERS", "LOSSES", "check_settings", "check_untouched"]

# The activation functions that PyTorch has too: its module, and the arguments with which it is the same function.
ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
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
LAYERS = ("Linear", "Conv2d", "MaxPool2d", "AvgPool2d", "Flatten")
# In evaluation mode each of them is the identity.
DROPOUTS = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")
# Its losses: the cost that is the same, and the activation function of the outputs that is part of the loss.
LOSSES: dict[str, tuple[str, str | None]] = {
    "MSELoss": ("mean_squared_error", None),
    "BCELoss": ("cross_entropy", None),
    "BCEWithLogitsLoss": ("cross_entropy", "sigmoid"),
    "CrossEntropyLoss": ("categorical_cross_entropy", "softmax"),
}
# What decides how a module is calculated.
CALLS = ("forward", "__call__")


class _Setting(NamedTuple):
    key: str
    expected: str
    fits: Callable[[Any], bool]  # given the module


def _one_of(key: str, *values: Any) -> _Setting:
    """The first is what is expected; the others mean the same."""
    return _Setting(key, f"{key}={values[0]!r}", lambda module: getattr(module, key) in values)


def _pair(found: Any) -> tuple[Any, Any]:
    return found if isinstance(found, tuple) else (found, found)


def _undilated(module: Any) -> bool:
    """In a direction in which a window has one pixel only there is nothing to keep apart."""
    pairs = zip(_pair(module.dilation), _pair(module.kernel_size), strict=True)
    return all(1 in pair for pair in pairs)


_DILATION = _Setting("dilation", "dilation=1", _undilated)
# With steps of one pixel no window is left over at the end.
_CEIL = _Setting("ceil_mode", "ceil_mode=False", lambda m: not m.ceil_mode or _pair(m.stride) == (1, 1))
_REDUCTION = _one_of("reduction", "mean")
_WEIGHT = _Setting("weight", "weight=None", lambda module: module.weight is None)

_SETTINGS: dict[str, tuple[_Setting, ...]] = {
    "LeakyReLU": (_one_of("negative_slope", 0.01),),
    "ELU": (_one_of("alpha", 1.0),),
    "Softplus": (
        _one_of("beta", 1.0),
        # Above it PyTorch's softplus is z itself, less than e^(−threshold) off.
        _Setting("threshold", "threshold=20 or more", lambda module: module.threshold >= 20),
    ),
    "GELU": (_one_of("approximate", "none"),),
    # A batch has its outputs along axis 1, which is its last, and which PyTorch takes if none is given.
    "Softmax": (_one_of("dim", -1, 1, None),),
    "Conv2d": (
        _DILATION,
        _one_of("groups", 1),
        _Setting(
            "padding_mode",
            "padding_mode='zeros'",
            lambda m: m.padding_mode == "zeros" or m.padding == "valid" or _pair(m.padding) == (0, 0),
        ),
    ),
    "MaxPool2d": (_DILATION, _CEIL, _one_of("return_indices", False)),
    "AvgPool2d": (
        _CEIL,
        _Setting(
            "divisor_override",
            "divisor_override=None",
            lambda m: m.divisor_override in (None, _pair(m.kernel_size)[0] * _pair(m.kernel_size)[1]),
        ),
    ),
    "Flatten": (_one_of("start_dim", 1, -3), _one_of("end_dim", -1, 3)),
    "MSELoss": (_REDUCTION,),
    "BCELoss": (_REDUCTION, _WEIGHT),
    "BCEWithLogitsLoss": (
        _REDUCTION,
        _WEIGHT,
        _Setting("pos_weight", "pos_weight=None", lambda module: module.pos_weight is None),
    ),
    "CrossEntropyLoss": (
        _REDUCTION,
        _WEIGHT,
        _one_of("label_smoothing", 0.0),
        _one_of("ignore_index", -100),
    ),
}
_HOOKS = {
    "_forward_pre_hooks": "forward pre-hook",
    "_forward_hooks": "forward hook",
    "_backward_pre_hooks": "backward pre-hook",
    "_backward_hooks": "backward hook",
}


def check_settings(where: str, module: Any) -> None:
    """Raise `ValueError`, naming it, for a setting with which this package does not calculate."""
    kind = type(module).__name__
    for setting in _SETTINGS.get(kind, ()):
        if not setting.fits(module):
            found = getattr(module, setting.key)
            raise ValueError(f"{where}: found {kind} with {setting.key}={found!r}, expected {setting.expected}")


def check_untouched(where: str, module: Any) -> None:
    """Raise `ValueError` for a module that does more, or something else, than its class says."""
    kind = type(module).__name__.removeprefix("Parametrized")
    for found in _touches(module):
        raise ValueError(f"{where}: found {kind} with {found}, expected none")


def _touches(module: Any) -> Iterator[str]:
    if parametrized := getattr(module, "parametrizations", None):
        yield f"a parametrization of {', '.join(parametrized)}"
    yield from (f"a {name} of its own" for name in CALLS if name in vars(module))
    for key, hook in _HOOKS.items():
        for function in getattr(module, key).values():
            yield f"a {hook}, {getattr(function, '__name__', type(function).__name__)}"
    for name, parameter in module.named_parameters(recurse=False):
        if parameter._backward_hooks:
            yield f"a hook of its {name}"
