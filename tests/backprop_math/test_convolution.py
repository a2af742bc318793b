"""Convolutions against loops written out here, complex step, and by hand."""

# ruff: noqa: E741 (l is a layer's number)

import dataclasses
import re
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import Activation, Bias, Cost, Network, Target, Weight, WeightedSum
from backprop_math.convolution import Conv2D, Flatten, MaxPool2D
from backprop_math.differences import slopes
from backprop_math.image_network import ConvolutionalNetwork
from backprop_math.quantities import KernelWeight, Pixel, PixelSum

from .strategies import modest

SMOOTH = ("sigmoid", "tanh", "softplus", "gelu")


@pytest.fixture
def small():
    """One kernel of 2 × 2 on an image of 2 × 3, and a head of one neuron; every number by hand."""
    conv = Conv2D.from_arrays([[[[1.0, -2.0], [0.5, 3.0]]]], [0.25], activation="identity")
    return ConvolutionalNetwork((1, 2, 3), [conv, Flatten()], Network.from_arrays([[[2.0, -1.0]]], [[0.5]],
                                activation="identity"))  # fmt: skip


IMAGE = [[[1.0, 0.0, 2.0], [-1.0, 4.0, 3.0]]]


@st.composite
def image_problems(draw):
    """A network of one or two convolutions with pooling between, and a batch of images."""
    seed, size = draw(st.integers(0, 2**32 - 1)), st.integers(1, 2)
    rng, channels = np.random.default_rng(seed), draw(size)
    layers = [
        Conv2D.random(draw(size), channels, (draw(size), 2), activation=draw(st.sampled_from(SMOOTH)),
                      stride=draw(size), seed=seed),
    ]  # fmt: skip
    if draw(st.booleans()):
        layers.append(MaxPool2D(2, draw(size)))
    if draw(st.booleans()):
        layers.append(Conv2D.random(draw(size), len(layers[0].K), (1, draw(size)), activation="sigmoid", seed=seed + 1))
    shape = (channels, draw(st.integers(6, 7)), draw(st.integers(9, 10)))
    after = shape
    for layer in layers:
        after = layer.shape(after)
    output = draw(st.sampled_from([("sigmoid", "cross_entropy"), ("softmax", "categorical_cross_entropy"),
                                   ("tanh", "squared_error")]))  # fmt: skip
    head = Network.random((int(np.prod(after)), 2, 2), activation=["tanh", output[0]], cost=output[1], seed=seed)
    n = draw(st.integers(1, 3))
    return ConvolutionalNetwork(shape, [*layers, Flatten()], head), rng.normal(size=(n, *shape)), rng.random((n, 2))


def oracle(network, x, y):
    """Each parameter's derivative by complex step, which uses no derivative of ours."""
    K = {l: layer.K.astype(complex) for l, layer in network.convolutions.items()}
    b = {l: layer.b.astype(complex) for l, layer in network.convolutions.items()}
    W, c = ([array.astype(complex) for array in arrays] for arrays in (network.head.W, network.head.b))
    cost = partial(network.cost, K, b, W, c, x.astype(complex), y)
    found, _ = slopes(cost, [*K.values(), *b.values(), *W, *c], "complex step")
    return found


def arrays(gradient):
    return [*gradient.dK.values(), *gradient.db.values(), *gradient.head.dW, *gradient.head.db]


def worst(ours, theirs):
    """The largest error relative to the largest derivative of its array."""
    pairs = zip(ours, theirs, strict=True)
    return max(float(np.abs(o - t).max() / (np.abs(t).max() or 1.0)) for o, t in pairs)


@given(image_problems())
@modest
def test_gradient_is_exact(problem):
    network, x, y = problem
    cost, gradient = network.gradient(x, y)
    assert cost == pytest.approx(np.mean([network.trace(*one).cost for one in zip(x, y, strict=True)]), rel=1e-13)
    assert worst(arrays(gradient), oracle(network, x, y)) < 1e-12


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "silu"])
def test_gradient_of_other_functions(activation):
    conv = Conv2D.random(2, 1, (3, 3), activation=activation, seed=4)
    network = ConvolutionalNetwork((1, 5, 5), [conv, MaxPool2D(2, 1), Flatten()], Network.random((8, 3), seed=2))
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1, 5, 5)), rng.random((2, 3))
    assert worst(arrays(network.gradient(x, y)[1]), oracle(network, x, y)) < 1e-12


@pytest.mark.parametrize("wrong", [lambda z: np.ones_like(z), lambda z: np.tanh(z)])
def test_a_planted_error_is_found(wrong):
    conv = Conv2D.random(2, 1, (3, 3), activation="tanh", seed=4)
    planted = dataclasses.replace(conv, activation=dataclasses.replace(conv.activation, df=wrong))
    network = ConvolutionalNetwork((1, 5, 5), [planted, Flatten()], Network.random((18, 3), seed=2))
    x, y = np.random.default_rng(1).normal(size=(1, 1, 5, 5)), np.zeros((1, 3))
    assert worst(arrays(network.gradient(x, y)[1]), oracle(network, x, y)) > 1e-3


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_forward_is_the_sum_over_the_window(stride):
    """z_f[r, s] = Σ_c Σ_i Σ_j K_f[c, i, j] a_c[r t + i, s t + j] + b_f, with loops."""
    rng = np.random.default_rng(0)
    layer = Conv2D.random(3, 2, (2, 3), activation="sigmoid", stride=stride, seed=1)
    a = rng.normal(size=(2, 2, 6, 7))
    z, out = layer.forward(a)
    rows, columns = (6 - 2) // stride + 1, (7 - 3) // stride + 1
    assert z.shape == out.shape == (2, 3, rows, columns) == (2, *layer.shape((2, 6, 7)))
    for n, f, r, s in np.ndindex(z.shape):
        total = layer.b[f]
        for c, i, j in np.ndindex(2, 2, 3):
            total += layer.K[f, c, i, j] * a[n, c, r * stride + i, s * stride + j]
        assert z[n, f, r, s] == pytest.approx(total, rel=1e-12, abs=1e-14)
        assert out[n, f, r, s] == pytest.approx(1 / (1 + np.exp(-total)), rel=1e-12)


def test_pooling_by_hand():
    a = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 2.0, 2.0], [0.0, 1.0, 9.0, 8.0]]]])
    pool = MaxPool2D(2)
    assert pool.stride == 2
    assert pool.forward(a)[1].tolist() == [[[[5.0, 2.0]]]]  # the last row has no window of its own
    _, da = pool.backward(a, a, np.array([[[[10.0, 20.0]]]]))
    # Of three pixels of 2 in the second window the first has the derivative.
    assert da.tolist() == [[[[0.0, 10.0, 20.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]
    _, overlapping = MaxPool2D(2, 1).backward(a, a, np.ones((1, 1, 2, 3)))
    assert overlapping[0, 0].tolist() == [[0, 2, 1, 0], [0, 1, 0, 0], [0, 0, 2, 0]]


def test_a_convolution_by_hand(small):
    """z = [1·1 − 2·0 + 0.5·(−1) + 3·4 + 0.25, 1·0 − 2·2 + 0.5·4 + 3·3 + 0.25] = [12.75, 7.25]."""
    trace = small.trace(IMAGE, [10.0])
    assert trace.z[0].tolist() == [[[12.75, 7.25]]]
    assert trace.value(WeightedSum(3, 0)) == 2 * 12.75 - 7.25 + 0.5
    delta = 2 * (18.75 - 10.0)
    assert trace.cost == 8.75**2
    # Each kernel weight is a sum over both places: the pixel under it times 2, and times −1.
    assert trace.derivative(KernelWeight(1, 0, 0, 0, 0)) == delta * (2 * 1.0 - 0.0)
    assert trace.derivative(KernelWeight(1, 0, 0, 1, 1)) == delta * (2 * 4.0 - 3.0)
    assert trace.derivative(Bias(1, 0)) == delta * (2 - 1)
    assert trace.derivative(Pixel(0, 0, 1, 1)) == delta * (2 * 3.0 - 1 * 0.5)
    assert trace.derivative(PixelSum(1, 0, 0, 1)) == -delta
    assert trace.derivative(Target(0)) == -delta
    assert (trace.derivative(Weight(3, 0, 1)), trace.derivative(Bias(3, 0))) == (delta * 7.25, delta)


def test_a_kernel_weights_chain_is_a_sum_over_its_places(small):
    trace = small.trace(IMAGE, [10.0])
    chain = trace.chain_rule(KernelWeight(1, 0, 0, 0, 0))
    assert chain.count == 2
    assert [path.value for path in chain.paths] == [17.5 * 2.0, 0.0]
    assert str(chain.symbols).split(" + ")[1] == (
        "∂z₀,₀₁⁽ᴸ⁻²⁾/∂w₀₀,₀₀⁽ᴸ⁻²⁾ · ∂a₀,₀₁⁽ᴸ⁻²⁾/∂z₀,₀₁⁽ᴸ⁻²⁾ · ∂a₁⁽ᴸ⁻¹⁾/∂a₀,₀₁⁽ᴸ⁻²⁾ · ∂z⁽ᴸ⁾/∂a₁⁽ᴸ⁻¹⁾ · "
        "∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ · ∂C₀/∂a⁽ᴸ⁾"
    )
    assert chain.numbers.adds_up()
    assert chain.numbers.sides[-1].value == 35.0
    assert "a₀,₀₀⁽ᴸ⁻³⁾" in str(chain.formulas)
    assert "w₀₁⁽ᴸ⁾" in str(chain.formulas)
    assert trace.chain_rule(Activation(2, 0)).symbols.latex().endswith(r"\frac{\partial C_{0}}{\partial a^{(L)}}")


@given(image_problems())
@modest
def test_the_graph_has_every_value_and_every_derivative(problem):
    network, x, y = problem
    trace = network.trace(x[0], y[0])
    sweep = trace.graph.reverse_sweep(Cost())
    assert set(network.parameters) <= set(trace.graph.nodes)
    for node in trace.graph.nodes:
        assert trace.graph.value(node) == trace.value(node)
        assert sweep[node] == pytest.approx(trace.derivative(node), rel=1e-10, abs=1e-14)
    cost, gradient = network.gradient(x[:1], y[:1])
    for quantity in network.parameters:
        assert gradient.derivative(quantity) == pytest.approx(trace.derivative(quantity), rel=1e-12, abs=1e-15)
    assert cost == pytest.approx(trace.cost)


def test_chains_through_pooling_and_to_another_quantity():
    conv = Conv2D.from_arrays([[[[2.0]]]], [0.0], activation="identity")
    head = Network.from_arrays([[[3.0]]], [[0.0]], activation="identity")
    network = ConvolutionalNetwork((1, 2, 2), [conv, MaxPool2D(2), Flatten()], head)
    trace = network.trace([[[1.0, 5.0], [2.0, 0.0]]], [0.0])
    assert trace.derivative(Pixel(0, 0, 0, 1)) == 2 * 30.0 * 3 * 2
    assert trace.derivative(Pixel(0, 0, 0, 0)) == 0.0
    assert trace.chain_rule(KernelWeight(1, 0, 0, 0, 0), of=WeightedSum(4, 0)).value == 5.0 * 3
    pooled = trace.chain_rule(Pixel(0, 0, 0, 1)).formulas
    assert "{1 if a₀,₀₁⁽ᴸ⁻³⁾ = a₀,₀₀⁽ᴸ⁻²⁾; 0 otherwise}" in str(pooled)


def test_every_formula_compiles(small):
    typst = pytest.importorskip("typst")
    trace = small.trace(IMAGE, [10.0])
    chains = [trace.chain_rule(node) for node in trace.graph.nodes]
    lines = [form.typst() for chain in chains for form in (chain.symbols, chain.formulas, chain.numbers)]
    page = "\n".join(f"$ {line} $" for line in lines)
    assert typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False)).compile(page.encode(), format="svg")


def test_layers_in_absolute_numbers(small):
    trace = small.trace(IMAGE, [10.0])
    notation = dataclasses.replace(trace.chain_rule(Bias(1, 0)).notation, layers="absolute")
    names = [KernelWeight(1, 0, 0, 1, 0), Pixel(0, 0, 1, 2), Bias(1, 0), Activation(2, 1), Weight(3, 0, 1), Target(0)]
    assert [notation.symbol(q).text() for q in names] == ["w₀₀,₁₀⁽¹⁾", "a₀,₁₂⁽⁰⁾", "b₀⁽¹⁾", "a₁⁽²⁾", "w₀₁⁽³⁾", "y"]
    assert [notation.symbol(q).quantity for q in names] == names


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv2D.from_arrays([[1.0]], [0.0]), "K: found shape (1, 1), expected (filters, channels, height"),
        (lambda: Conv2D.from_arrays([[[[1.0]]]], [0.0, 1.0]), "b: found shape (2,), expected (1,)"),
        (lambda: Conv2D.from_arrays(np.zeros((1, 1, 0, 2)), [0.0]), "expected at least one entry"),
        (lambda: Conv2D.from_arrays([[[[np.nan]]]], [0.0]), "K: found nan at index [0, 0, 0, 0]"),
        (lambda: Conv2D.random(1, 1, (2, 2), stride=0), "stride: found 0, expected a whole number from 1 on"),
        (lambda: MaxPool2D(0), "stride: found 0"),
        (lambda: Conv2D.random(1, 1, (2, 2)).shape((1, 1, 5)), "found an image of 1 × 5, expected at least 2 × 2"),
        (lambda: Conv2D.random(1, 2, (2, 2)).shape((1, 5, 5)), "found an image of 1 channels, expected 2"),
        (lambda: MaxPool2D(2).shape((8,)), "found an input of shape (8,), expected an image"),
    ],
)
def test_layers_that_can_not_be(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("layers", "head", "message"),
    [
        ([], Network.random((6, 1)), "expected a Flatten as the last one"),
        ([MaxPool2D(2)], Network.random((6, 1)), "expected a Flatten as the last one"),
        ([MaxPool2D(4), Flatten()], Network.random((6, 1)), "layer 1: MaxPool2D: found an image of 2 × 3"),
        ([Flatten()], Network.random((5, 1)), "head: found 5 inputs, expected 6"),
        ([Conv2D.random(1, 1, (1, 1)), Flatten()], Network.random((6, 1), dtype="float32"),
         "layer 1: found the dtype float64, expected the head's, float32"),
    ],
)  # fmt: skip
def test_networks_whose_layers_do_not_fit(layers, head, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ConvolutionalNetwork((1, 2, 3), layers, head)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((1, 3, 3)), [0.0], "x: found shape (1, 3, 3), expected (1, 2, 3) or (n, 1, 2, 3)"),
        (np.zeros((2, 1, 2, 3)), [0.0], "y: found shape (1,), expected (2, 1)"),
        (np.zeros((0, 1, 2, 3)), np.zeros((0, 1)), "expected at least one example"),
        (np.full((1, 2, 3), np.inf), [0.0], "x: found inf"),
    ],
)
def test_wrong_inputs_are_named(small, x, y, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        small.gradient(x, y)


def test_a_trace_is_that_of_one_example(small):
    with pytest.raises(ValueError, match="found a batch of 2, expected one example"):
        small.trace(np.zeros((2, 1, 2, 3)), np.zeros((2, 1)))


@pytest.mark.parametrize(
    "quantity",
    [
        KernelWeight(1, 0, 0, 0, 2), KernelWeight(2, 0, 0, 0, 0), Pixel(2, 0, 0, 0), PixelSum(2, 0, 0, 0),
        Bias(2, 0), Weight(1, 0, 0), Activation(1, 0), Activation(2, 2), Weight(3, 0, 2), WeightedSum(4, 0),
    ],
)  # fmt: skip
def test_quantities_that_a_network_does_not_have(small, quantity):
    with pytest.raises(ValueError, match=re.escape(f"{quantity}: found")):
        small.trace(IMAGE, [10.0]).derivative(quantity)


def test_float32_is_kept():
    conv = Conv2D.random(2, 1, (2, 2), dtype="float32")
    network = ConvolutionalNetwork((1, 3, 3), [conv, MaxPool2D(2), Flatten()], Network.random((2, 1), dtype="float32"))
    _, gradient = network.gradient(np.zeros((2, 1, 3, 3)), np.zeros((2, 1)))
    assert {array.dtype for array in arrays(gradient)} == {np.dtype("float32")}
    with pytest.raises(ValueError, match="read-only"):
        gradient.dK[1][0] = 0
    assert "Conv2D, MaxPool2D, Flatten" in repr(network)
