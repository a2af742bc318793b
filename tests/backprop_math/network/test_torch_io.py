"""Networks from PyTorch and back, and PyTorch's own gradients as one more oracle."""

import re
import sys

import numpy as np
import pytest

from backprop_math import Conv2D, Dense, Flatten, MaxPool2D, Network
from backprop_math.network.torch_io import from_torch, to_torch


def test_torch_is_optional(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    for call in (lambda: to_torch(Network.random((1, 1))), lambda: Network.from_torch(None)):
        with pytest.raises(ImportError, match="torch: found no such package, expected PyTorch installed"):
            call()


ACTIVATIONS = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "silu", "gelu", "softmax"]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_there_and_back(name, dtype):
    torch = pytest.importorskip("torch")
    hidden = "tanh" if name == "softmax" else name
    cost = "squared_error"
    network = Network.random((3, 4, 2), activation=[hidden, name], cost=cost, seed=3, dtype=dtype)
    module = network.to_torch()
    again = Network.from_torch(module, cost=cost)
    assert repr(again) == repr(network)
    for ours, theirs in zip((*network.W, *network.b), (*again.W, *again.b), strict=True):
        assert ours.tobytes() == theirs.tobytes()
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(dtype)
    outputs = module(torch.from_numpy(x)).detach().numpy()
    tolerance = 1e-6 if dtype == "float32" else 1e-14
    # Above z = 20, which is not reached here, PyTorch's softplus is z itself.
    assert network.forward(x).a[2] == pytest.approx(outputs, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_the_gradient_is_that_of_torch(name):
    torch = pytest.importorskip("torch")
    network = Network.random((3, 5, 4, 2), activation=name, seed=11)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    module = network.to_torch()
    cost = ((module(torch.from_numpy(x)) - torch.from_numpy(y)) ** 2).sum(dim=1).mean()
    cost.backward()
    ours, gradient = network.gradient(x, y)
    assert ours == pytest.approx(cost.item(), rel=1e-13)
    linear = [part for part in module if hasattr(part, "weight")]
    for layer, part in enumerate(linear, 1):
        assert gradient.dW[layer] == pytest.approx(part.weight.grad.numpy(), rel=1e-10, abs=1e-13)
        assert gradient.db[layer] == pytest.approx(part.bias.grad.numpy(), rel=1e-10, abs=1e-13)


@pytest.mark.parametrize(("stride", "pool"), [(1, (2, 2)), (2, (3, 1))])
def test_layers_of_images_are_those_of_torch(stride, pool):
    """Outputs, cost and gradient of a convolution, a pooling layer and a fully connected one."""
    torch = pytest.importorskip("torch")
    layers = [Conv2D.random(3, 2, (3, 2), stride=stride, activation="tanh", seed=1), MaxPool2D(*pool), Flatten()]
    shape = (2, 9, 10)
    for layer in layers:
        shape = layer.shape(shape)
    network = Network([*layers, Dense.random(2, *shape, seed=2)], shape=(2, 9, 10))
    module = network.to_torch()
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(4, 2, 9, 10)), rng.normal(size=(4, 2))
    outputs = module(torch.from_numpy(x))
    assert network.forward(x).a[4] == pytest.approx(outputs.detach().numpy(), rel=1e-13)
    cost = ((outputs - torch.from_numpy(y)) ** 2).sum(dim=1).mean()
    cost.backward()
    ours, gradient = network.gradient(x, y)
    assert ours == pytest.approx(cost.item(), rel=1e-13)
    for layer, part in ((1, module[0]), (4, module[4])):
        assert gradient.dW[layer] == pytest.approx(part.weight.grad.numpy(), rel=1e-10, abs=1e-13)
        assert gradient.db[layer] == pytest.approx(part.bias.grad.numpy(), rel=1e-10, abs=1e-13)
    again = Network.from_torch(module, shape=(2, 9, 10))
    assert repr(again) == repr(network)
    assert again.gradient(x, y)[0] == ours


def test_copies_share_nothing():
    torch = pytest.importorskip("torch")
    network = Network.random((2, 3, 1), seed=0)
    before = network.W[1].copy()
    module = network.to_torch()
    again = Network.from_torch(module)
    with torch.no_grad():
        module[0].weight.fill_(7.0)
    assert network.W[1].tolist() == again.W[1].tolist() == before.tolist()
    assert module[0].weight.requires_grad


def test_nested_modules_without_biases_and_without_functions():
    torch = pytest.importorskip("torch")
    nn = torch.nn
    inner = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Tanh())
    module = nn.Sequential(nn.Linear(2, 3), inner, nn.Linear(3, 2), nn.Softmax(dim=1))
    network = from_torch(module)
    assert [row.name for row in network.activation] == ["identity", "tanh", "softmax"]
    assert network.b[2].tolist() == [0.0, 0.0, 0.0]
    x = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))
    assert network.forward(x.numpy()).a[3] == pytest.approx(module(x).detach().numpy(), rel=1e-5)


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda nn: nn.Linear(1, 1), TypeError, "module: found Linear, expected an nn.Sequential"),
        (lambda nn: nn.Sequential(), TypeError, "module: found an nn.Sequential without a Linear"),
        (lambda nn: nn.Sequential(nn.Tanh()), TypeError, "module 0: found Tanh, expected a Linear before it"),
        (
            lambda nn: nn.Sequential(nn.Linear(1, 1), nn.Tanh(), nn.Sigmoid()),
            TypeError,
            "module 2: found Sigmoid behind an activation function, expected a Linear between",
        ),
        (
            lambda nn: nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.Dropout(), nn.ReLU())),
            TypeError,
            "module 1.0: found Dropout, expected Linear, Conv2d, MaxPool2d, Flatten, Identity, Sigmoid",
        ),
        (
            lambda nn: nn.Sequential(nn.Linear(1, 1), nn.LeakyReLU(0.2)),
            ValueError,
            "module 1: found LeakyReLU with negative_slope=0.2, expected negative_slope=0.01",
        ),
        (
            lambda nn: nn.Sequential(nn.Linear(1, 1), nn.GELU("tanh")),
            ValueError,
            "module 1: found GELU with approximate='tanh', expected approximate='none'",
        ),
        (
            lambda nn: nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 1)),
            ValueError,
            "layer 2: Dense: found 3 inputs, expected 2",
        ),
        (
            lambda nn: nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Flatten(), nn.Linear(1, 1)),
            ValueError,
            "module 0: found Conv2d with padding=(1, 1), expected padding=(0, 0)",
        ),
        (
            lambda nn: nn.Sequential(nn.MaxPool2d((2, 3)), nn.Flatten(), nn.Linear(1, 1)),
            ValueError,
            "module 0: found MaxPool2d with kernel_size=(2, 3), expected the same in both directions",
        ),
        (
            lambda nn: nn.Sequential(nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(1, 1)),
            TypeError,
            "module 1: found ReLU, expected a Linear before it",
        ),
        (lambda nn: nn.Sequential(nn.Linear(1, 1)).bfloat16(), ValueError, "parameters: found torch.bfloat16"),
    ],
)
def test_modules_of_other_kinds_are_named(build, error, message):
    torch = pytest.importorskip("torch")
    with pytest.raises(error, match=re.escape(message)):
        from_torch(build(torch.nn))


def test_a_function_that_torch_lacks_is_named(monkeypatch):
    pytest.importorskip("torch")
    from dataclasses import replace

    network = Network.random((1, 1, 1), seed=0)
    own = replace(network.activation[0], name="own")
    network = Network.from_arrays(network.W, network.b, activation=[network.activation[0], own])
    with pytest.raises(ValueError, match="activation of layer 2: found 'own', expected one of identity, sigmoid"):
        to_torch(network)
