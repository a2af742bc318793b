"""Networks from PyTorch and back, and PyTorch's own gradients as one more oracle."""

# ruff: noqa: E741 (l is a layer's number)

import importlib
import re
import sys
import warnings

import numpy as np
import pytest

from backprop_math import AvgPool2D, Conv2D, Dense, Flatten, MaxPool2D, Network
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


@pytest.mark.parametrize(
    ("stride", "padding", "pool"),
    [
        (1, 0, MaxPool2D(2)),
        (2, 0, MaxPool2D(3, 1)),
        (1, 1, MaxPool2D(3, 2, 1)),
        (3, 2, AvgPool2D(2)),
        (2, 4, AvgPool2D(3, 1, 1)),
        (1, 1, AvgPool2D(3, 2, 1, count_include_pad=False)),
        (2, 1, AvgPool2D(2, 1, 1, count_include_pad=False)),
    ],
)
def test_layers_of_images_are_those_of_torch(stride, padding, pool):
    """Outputs, cost and all gradients of a convolution, a pooling layer and a fully connected one."""
    torch = pytest.importorskip("torch")
    first = Conv2D.random(3, 2, (3, 2), stride=stride, padding=padding, activation="tanh", seed=1)
    layers, shape = [first, pool, Flatten()], (2, 9, 10)
    for layer in layers:
        shape = layer.shape(shape)
    network = Network([*layers, Dense.random(2, *shape, seed=2)], cost="mean_squared_error", shape=(2, 9, 10))
    module = network.to_torch()
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(4, 2, 9, 10)), rng.normal(size=(4, 2))
    given = torch.from_numpy(x).requires_grad_()
    outputs = module(given)
    assert network.forward(x).a[4] == pytest.approx(outputs.detach().numpy(), rel=1e-13)
    cost = torch.nn.MSELoss()(outputs, torch.from_numpy(y))
    cost.backward()
    ours, gradient = network.gradient(x, y)
    assert ours == pytest.approx(cost.item(), rel=1e-13)
    for layer, part in ((1, module[0]), (4, module[4])):
        assert gradient.dW[layer] == pytest.approx(part.weight.grad.numpy(), rel=1e-10, abs=1e-13)
        assert gradient.db[layer] == pytest.approx(part.bias.grad.numpy(), rel=1e-10, abs=1e-13)
    assert network.forward(x).backward(y).da[0] == pytest.approx(given.grad.numpy(), rel=1e-10, abs=1e-13)
    again = Network.from_torch(module, cost=torch.nn.MSELoss(), shape=(2, 9, 10))
    assert repr(again) == repr(network)
    assert again.stack[1] == pool
    assert (again.stack[0].stride, again.stack[0].padding) == (stride, padding)
    assert again.gradient(x, y)[0] == ours


def test_modules_that_stand_twice():
    """Walked in the order in which they are called, each as often as it stands there."""
    torch = pytest.importorskip("torch")
    nn = torch.nn
    torch.manual_seed(0)
    act, square = nn.Tanh(), nn.Linear(3, 3)
    block = nn.Sequential(square, act)
    listed = [nn.Linear(2, 3), act]
    for _ in range(2):
        listed += [nn.Linear(3, 3), act]
    for module, functions in (
        (nn.Sequential(nn.Linear(2, 3), act, nn.Linear(3, 1), act), ["tanh", "tanh"]),
        (nn.Sequential(nn.Linear(2, 3), square, act, square, square), ["identity", "tanh", "identity", "identity"]),
        (nn.Sequential(nn.Linear(2, 3), block, block, nn.Linear(3, 1)), ["identity", "tanh", "tanh", "identity"]),
        (nn.Sequential(*listed), ["tanh", "tanh", "tanh"]),
    ):
        network = from_torch(module.double())
        assert [row.name for row in network.activation] == functions
        x = torch.randn(5, 2, dtype=torch.float64)
        y = torch.randn(5, network.layers[-1], dtype=torch.float64)
        outputs = module(x)
        assert network.forward(x.numpy()).a[network.L] == pytest.approx(outputs.detach().numpy(), rel=1e-12)
        module.zero_grad()
        ((outputs - y) ** 2).sum(dim=1).mean().backward()
        _, gradient = network.gradient(x.numpy(), y.numpy())
        assert gradient.dW[1] == pytest.approx(module[0].weight.grad.numpy(), rel=1e-10, abs=1e-14)
        # PyTorch adds up what a layer is owed at each of its places.
        places = [l for l, W in network.W.items() if W.tolist() == square.weight.tolist()]
        if places:
            assert sum(gradient.dW[l] for l in places) == pytest.approx(square.weight.grad.numpy(), rel=1e-10)


def test_what_is_the_identity_leaves_nothing_behind():
    torch = pytest.importorskip("torch")
    nn = torch.nn
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Identity(), nn.Conv2d(1, 2, 3), nn.Dropout2d(0.5), nn.ReLU(inplace=True), nn.Dropout(0.3), nn.Flatten(),
        nn.Identity(), nn.Flatten(), nn.Linear(8, 3), nn.Identity(), nn.Tanh(), nn.Dropout(0.5), nn.Flatten(),
        nn.Linear(3, 1), nn.AlphaDropout(0.1),
    ).eval()  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network = from_torch(module, shape=(1, 4, 4))
        from_torch(nn.Sequential(nn.Linear(1, 1), nn.Dropout(0.0)))
    assert [type(layer).__name__ for layer in network.stack] == ["Conv2D", "Flatten", "Dense", "Dense"]
    assert [row.name for row in network.activation] == ["relu", "identity", "tanh", "identity"]
    x = torch.randn(6, 1, 4, 4)
    assert network.forward(x.numpy()).a[4] == pytest.approx(module(x).detach().numpy(), rel=1e-5, abs=1e-6)
    module.train()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        from_torch(module, shape=(1, 4, 4))
    assert len(said) == 4
    assert str(said[0].message).startswith("module 2: found Dropout2d in training mode, taken as the identity")


@pytest.mark.parametrize("z", [-3.0, 0.5, 2.0, 19.0, 25.0])
@pytest.mark.parametrize("threshold", [20, 30.0, 1e9])
def test_softplus_is_that_of_torch(z, threshold):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(1, 1), torch.nn.Softplus(threshold=threshold)).double()
    with torch.no_grad():
        module[0].weight.fill_(1.0)
        module[0].bias.fill_(0.0)
    network = from_torch(module)
    assert network.forward([z]).a[1] == pytest.approx(module(torch.tensor([[z]]).double()).detach()[0], abs=2.1e-9)


@pytest.mark.parametrize(
    "build",
    [
        lambda nn: [nn.Conv2d(1, 2, 3, padding="valid"), nn.MaxPool2d(2, padding=(0, 0), dilation=(1, 1))],
        lambda nn: [nn.Conv2d(1, 2, 3, padding="same"), nn.MaxPool2d((2, 2), (2, 2), ceil_mode=False)],
        lambda nn: [nn.Conv2d(1, 2, 1, padding="same", dilation=2), nn.AvgPool2d((2, 2), stride=(3, 3))],
        lambda nn: [nn.Conv2d(1, 2, (3, 3), (2, 2), (1, 1), bias=False), nn.AvgPool2d(2, 1, ceil_mode=True)],
        lambda nn: [nn.Conv2d(1, 2, 3, padding_mode="circular"), nn.AvgPool2d(3, 2, 1, divisor_override=9)],
        lambda nn: [
            nn.Conv2d(1, 2, 3, padding="valid", padding_mode="reflect"),
            nn.AvgPool2d(3, 2, 1, count_include_pad=False, divisor_override=9),
        ],
    ],
)
@pytest.mark.parametrize("flat", [(1, -1), (-3, 3)])
def test_settings_that_mean_the_same_are_accepted(build, flat):
    torch = pytest.importorskip("torch")
    nn = torch.nn
    torch.manual_seed(0)
    parts = [*build(nn), nn.Flatten(*flat)]
    x = torch.randn(3, 1, 6, 6)
    module = nn.Sequential(*parts, nn.Linear(nn.Sequential(*parts)(x).shape[1], 2), nn.Softmax(None))
    network = from_torch(module, shape=(1, 6, 6))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch warns of dim=None.
        expected = module(x).detach().numpy()
    assert network.forward(x.numpy()).a[network.L] == pytest.approx(expected, rel=1e-4, abs=1e-6)


LOSSES = [
    ("MSELoss", ["Tanh"], 3, "tanh", "mean_squared_error"),
    ("MSELoss", [], 1, "identity", "mean_squared_error"),
    ("BCELoss", ["Sigmoid"], 1, "sigmoid", "cross_entropy"),
    ("BCEWithLogitsLoss", [], 1, "sigmoid", "cross_entropy"),
    ("CrossEntropyLoss", [], 4, "softmax", "categorical_cross_entropy"),
    ("CrossEntropyLoss", ["Identity"], 2, "softmax", "categorical_cross_entropy"),
]


@pytest.mark.parametrize(("loss", "behind", "outputs", "function", "cost"), LOSSES)
def test_losses_are_those_of_torch(loss, behind, outputs, function, cost):
    """The loss and its gradient, of a batch."""
    torch = pytest.importorskip("torch")
    nn = torch.nn
    torch.manual_seed(1)
    module = nn.Sequential(
        nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, outputs), *(getattr(nn, each)() for each in behind)
    ).double()
    criterion = getattr(nn, loss)()
    network = Network.from_torch(module, cost=criterion)
    assert (network.activation[-1].name, network.cost.name) == (function, cost)
    x, y = torch.randn(7, 3, dtype=torch.float64), torch.rand(7, outputs, dtype=torch.float64)
    y = y / y.sum(dim=1, keepdim=True) if loss == "CrossEntropyLoss" else y
    found = criterion(module(x), y)
    found.backward()
    ours, gradient = network.gradient(x.numpy(), y.numpy())
    assert ours == pytest.approx(found.item(), rel=1e-12)
    for layer, part in ((1, module[0]), (2, module[2])):
        assert gradient.dW[layer] == pytest.approx(part.weight.grad.numpy(), rel=1e-9, abs=1e-14)
        assert gradient.db[layer] == pytest.approx(part.bias.grad.numpy(), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda nn: nn.L1Loss(), TypeError, "cost: found L1Loss, expected a cost of this package, or MSELoss, BCELoss"),
        (lambda nn: nn.MSELoss(reduction="sum"), ValueError, "cost: found MSELoss with reduction='sum', expected"),
        (lambda nn: nn.BCELoss(), ValueError, "cost: found BCELoss, their mean, for 2 outputs, expected one output"),
        (lambda nn: nn.CrossEntropyLoss(label_smoothing=0.1), ValueError, "label_smoothing=0.1, expected label_smo"),
        (lambda nn: nn.CrossEntropyLoss(ignore_index=0), ValueError, "ignore_index=0, expected ignore_index=-100"),
        (lambda nn: nn.CrossEntropyLoss(), ValueError,
         "cost: found CrossEntropyLoss, which has a softmax in it, behind Sigmoid, expected no activation"),
    ],
)  # fmt: skip
def test_losses_that_mean_something_else(build, error, message):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Sigmoid())
    with pytest.raises(error, match=re.escape(message)):
        from_torch(module, cost=build(torch.nn))


def test_weights_of_a_loss_are_named():
    torch = pytest.importorskip("torch")
    module, one = torch.nn.Sequential(torch.nn.Linear(2, 1)), torch.ones(1)
    for loss, key in (
        (torch.nn.CrossEntropyLoss(weight=one), "weight"),
        (torch.nn.BCEWithLogitsLoss(pos_weight=one), "pos_weight"),
    ):
        with pytest.raises(ValueError, match=rf"cost: found {type(loss).__name__} with {key}=tensor.*{key}=None"):
            from_torch(module, cost=loss)


def test_what_a_module_does_besides_is_refused():
    """Hooks, parametrizations, pruning, and a forward of its own: each would be lost."""
    torch = pytest.importorskip("torch")
    nn, utils, prune = torch.nn, torch.nn.utils, importlib.import_module("torch.nn.utils.prune")

    def doubled(module, given, found):
        return 2 * found

    def own_forward(module):
        module[0].forward = lambda x: x

    class Twice(nn.Sequential):
        def forward(self, x):
            return super().forward(super().forward(x))

    class Linear(nn.Linear):
        pass

    for touch, message in (
        (
            lambda m: m[0].register_forward_hook(doubled),
            "module 0: found Linear with a forward hook, doubled, expected",
        ),
        (lambda m: m[1].register_forward_hook(doubled), "module 1: found Tanh with a forward hook, doubled"),
        (lambda m: m.register_forward_hook(doubled), "module: found Sequential with a forward hook, doubled"),
        (lambda m: m[2].register_forward_hook(doubled), "module 2: found Sequential with a forward hook, doubled"),
        (lambda m: m[2][0].register_forward_pre_hook(print), "module 2.0: found Linear with a forward pre-hook, print"),
        (lambda m: m[0].register_full_backward_hook(doubled), "module 0: found Linear with a backward hook, doubled"),
        (lambda m: m[0].register_full_backward_pre_hook(print), "module 0: found Linear with a backward pre-hook"),
        (
            lambda m: m[0].weight.register_hook(lambda slope: 0 * slope),
            "module 0: found Linear with a hook of its",
        ),
        (lambda m: utils.parametrizations.weight_norm(m[0]), "module 0: found Linear with a parametrization of weight"),
        (lambda m: utils.parametrizations.spectral_norm(m[2][0]), "module 2.0: found Linear with a parametrization"),
        (lambda m: prune.l1_unstructured(m[0], "weight", 0.5), "forward pre-hook, L1Unstructured, expected none"),
        (own_forward, "module 0: found Linear with a forward of its own"),
        (lambda m: m.append(Twice(nn.Linear(1, 1))), "module 3: found Twice with a forward of its own, expected that"),
    ):
        module = nn.Sequential(nn.Linear(2, 1), nn.Tanh(), nn.Sequential(nn.Linear(1, 1)))
        from_torch(module)
        touch(module)
        with pytest.raises(ValueError, match=re.escape(message)):
            from_torch(module)
    with pytest.raises(TypeError, match=r"module 0: found \S*test_torch_io.Linear, expected Linear, Conv2d"):
        from_torch(nn.Sequential(Linear(1, 1)))
    handle = nn.modules.module.register_module_forward_hook(doubled)
    try:
        with pytest.raises(ValueError, match="module: found hooks for all modules, expected none"):
            from_torch(nn.Sequential(nn.Linear(1, 1)))
    finally:
        handle.remove()


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
            lambda nn: nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.BatchNorm1d(1), nn.ReLU())),
            TypeError,
            "module 1.0: found BatchNorm1d, expected Linear, Conv2d, MaxPool2d, AvgPool2d, Flatten, Identity, Sigmoid",
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
            lambda nn: nn.Sequential(nn.Conv2d(1, 1, 3, padding=(1, 0)), nn.Flatten(), nn.Linear(1, 1)),
            ValueError,
            "module 0: found Conv2d with padding=(1, 0), expected the same in both directions",
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
        (
            lambda nn: nn.Sequential(nn.Linear(1, 1)).bfloat16(),
            ValueError,
            "module 0: found parameters of torch.bfloat16, expected a dtype that NumPy has",
        ),
        (
            lambda nn: nn.Sequential(nn.Linear(1, 1, device="meta")),
            ValueError,
            "module 0: found parameters without numbers, on the device meta",
        ),
    ],
)
def test_modules_of_other_kinds_are_named(build, error, message):
    torch = pytest.importorskip("torch")
    with pytest.raises(error, match=re.escape(message)):
        from_torch(build(torch.nn))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda nn: nn.Softplus(threshold=1), "found Softplus with threshold=1, expected threshold=20 or more"),
        (lambda nn: nn.Softplus(beta=2), "found Softplus with beta=2, expected beta=1.0"),
        (lambda nn: nn.ELU(0.5), "found ELU with alpha=0.5, expected alpha=1.0"),
        (lambda nn: nn.Softmax(dim=0), "found Softmax with dim=0, expected dim=-1"),
        (lambda nn: nn.Flatten(0), "found Flatten with start_dim=0, expected start_dim=1"),
        (lambda nn: nn.Flatten(1, 2), "found Flatten with end_dim=2, expected end_dim=-1"),
        (lambda nn: nn.Conv2d(1, 1, 3, dilation=2), "found Conv2d with dilation=(2, 2), expected dilation=1"),
        (lambda nn: nn.Conv2d(2, 2, 3, groups=2), "found Conv2d with groups=2, expected groups=1"),
        (lambda nn: nn.Conv2d(1, 1, 3, stride=(1, 2)), "found Conv2d with stride=(1, 2), expected the same"),
        (lambda nn: nn.Conv2d(1, 1, 2, padding="same"), "found Conv2d with padding='same' and kernel_size=(2, 2)"),
        (lambda nn: nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), "found Conv2d with padding_mode='reflect'"),
        (lambda nn: nn.MaxPool2d(2, dilation=2), "found MaxPool2d with dilation=2, expected dilation=1"),
        (lambda nn: nn.MaxPool2d(2, ceil_mode=True), "found MaxPool2d with ceil_mode=True, expected ceil_mode=False"),
        (lambda nn: nn.MaxPool2d(2, return_indices=True), "found MaxPool2d with return_indices=True, expected return"),
        (lambda nn: nn.MaxPool2d(2, padding=(0, 1)), "found MaxPool2d with padding=(0, 1), expected the same"),
        (lambda nn: nn.AvgPool2d(2, ceil_mode=True), "found AvgPool2d with ceil_mode=True, expected ceil_mode=False"),
        (lambda nn: nn.AvgPool2d(2, divisor_override=3), "found AvgPool2d with divisor_override=3, expected divisor"),
        (lambda nn: nn.AvgPool2d(2, padding=2), "padding: found 2, expected at most half the size of a window, 2"),
    ],
)  # fmt: skip
def test_settings_that_this_package_does_not_have_are_named(build, message):
    torch = pytest.importorskip("torch")
    nn = torch.nn
    module = nn.Sequential(nn.Conv2d(1, 1, 1), build(nn), nn.Flatten(), nn.Linear(1, 1))
    with pytest.raises(ValueError, match=re.escape(f"module 1: {message}")):
        from_torch(module, shape=(1, 4, 4))


def test_a_function_that_torch_lacks_is_named(monkeypatch):
    pytest.importorskip("torch")
    from dataclasses import replace

    network = Network.random((1, 1, 1), seed=0)
    own = replace(network.activation[0], name="own")
    network = Network.from_arrays(network.W, network.b, activation=[network.activation[0], own])
    with pytest.raises(ValueError, match="activation of layer 2: found 'own', expected one of identity, sigmoid"):
        to_torch(network)
