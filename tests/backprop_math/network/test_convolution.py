"""Layers of images in a network: against loops written out here, complex step, and by hand."""

# ruff: noqa: E741 (l is a layer's number)

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import (
    Activation,
    Bias,
    Conv2D,
    Cost,
    Dense,
    Flatten,
    KernelWeight,
    MaxPool2D,
    Momentum,
    Network,
    Notation,
    Pixel,
    PixelSum,
    Target,
    Weight,
    WeightedSum,
    train,
)
from backprop_math.checks import check_gradient

from ..strategies import modest, targets_for

SMOOTH = ("sigmoid", "tanh", "softplus", "gelu")


@pytest.fixture
def small():
    """One kernel of 2 × 2 on an image of 2 × 3, and one neuron behind it; every number by hand."""
    conv = Conv2D.from_arrays([[[[1.0, -2.0], [0.5, 3.0]]]], [0.25], activation="identity")
    last = Dense.from_arrays([[2.0, -1.0]], [0.5], activation="identity")
    return Network([conv, Flatten(), last], shape=(1, 2, 3))


IMAGE = [[[1.0, 0.0, 2.0], [-1.0, 4.0, 3.0]]]


def passed_through(network, x, y):
    return network.forward(x).backward(y)


@st.composite
def image_problems(draw):
    """A network of one or two convolutions with pooling between, and a batch of images."""
    seed, size = draw(st.integers(0, 2**32 - 1)), st.integers(1, 2)
    rng, channels = np.random.default_rng(seed), draw(size)
    layers = [
        Conv2D.random(draw(size), channels, (draw(size), 2), activation=draw(st.sampled_from(SMOOTH)),
                      stride=draw(size), padding=draw(st.integers(0, 2)), seed=seed),
    ]  # fmt: skip
    if draw(st.booleans()):
        layers.append(MaxPool2D(2, draw(size)))
    if draw(st.booleans()):
        layers.append(Conv2D.random(draw(size), len(layers[0].W), (1, draw(size)), activation="sigmoid", seed=seed + 1))
    shape = (channels, draw(st.integers(6, 7)), draw(st.integers(9, 10)))
    after = shape
    for layer in layers:
        after = layer.shape(after)
    function, cost = draw(st.sampled_from([("sigmoid", "cross_entropy"), ("softmax", "categorical_cross_entropy"),
                                           ("tanh", "squared_error")]))  # fmt: skip
    layers += [
        Flatten(),
        Dense.random(2, int(np.prod(after)), activation="tanh", seed=seed),
        Dense.random(2, 2, activation=function, seed=seed),
    ]
    n = draw(st.integers(1, 3))
    network = Network(layers, cost=cost, shape=shape)
    return network, rng.normal(size=(n, *shape)), targets_for(network, (n,), rng)


@given(image_problems())
@modest
def test_gradient_is_exact(problem):
    network, x, y = problem
    # The derivative for a filter's bias is a sum over all places, in which up to four digits may cancel.
    assert check_gradient(network, x, y, tolerance=1e-11).require().method == "complex step"
    cost, gradient = network.gradient(x, y)
    whole = passed_through(network, x, y)
    one_by_one = [passed_through(network, *one) for one in zip(x, y, strict=True)]
    assert cost == pytest.approx(np.mean([trace.cost for trace in one_by_one]), rel=1e-13)
    for l, dW in gradient.dW.items():
        for ours, parts in ((dW, [t.dW[l] for t in one_by_one]), (gradient.db[l], [t.db[l] for t in one_by_one])):
            assert ours == pytest.approx(np.mean(parts, axis=0), rel=1e-10, abs=1e-14)
        assert whole.dW[l] == pytest.approx(dW, rel=1e-12, abs=1e-15)
        assert whole.dz[l][0] == pytest.approx(one_by_one[0].dz[l] / len(x), rel=1e-10, abs=1e-15)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "silu"])
def test_gradient_of_other_functions(activation):
    conv = Conv2D.random(2, 1, (3, 3), activation=activation, seed=4)
    network = Network([conv, MaxPool2D(2, 1), Flatten(), Dense.random(3, 8, seed=2)], shape=(1, 5, 5))
    rng = np.random.default_rng(1)
    check_gradient(network, rng.normal(size=(2, 1, 5, 5)), rng.random((2, 3))).require()


@pytest.mark.parametrize("wrong", [lambda z: np.ones_like(z), lambda z: np.tanh(z)])
def test_a_planted_error_in_a_function_is_found(wrong):
    conv = Conv2D.random(2, 1, (3, 3), activation="tanh", seed=4)
    planted = dataclasses.replace(conv, activation=dataclasses.replace(conv.activation, df=wrong))
    network = Network([planted, Flatten(), Dense.random(3, 18, seed=2)], shape=(1, 5, 5))
    report = check_gradient(network, np.random.default_rng(1).normal(size=(1, 1, 5, 5)), np.zeros((1, 3)))
    assert not report.ok
    assert report.quantity.layer == 1


@pytest.mark.parametrize("method", ["gradient", "backward"])
def test_a_planted_error_in_a_layer_is_found(monkeypatch, method):
    """A second convolution whose backward rule is 1 % off, for its weights or for what goes in."""
    layers = [Conv2D.random(2, 1, (2, 2), activation="tanh", seed=seed) for seed in (4,)]
    layers += [Conv2D.random(1, 2, (2, 2), activation="tanh", seed=5), Flatten(), Dense.random(1, 9, seed=2)]
    network = Network(layers, shape=(1, 5, 5))
    x, y = np.random.default_rng(1).normal(size=(1, 1, 5, 5)), np.zeros((1, 1))
    right = getattr(Conv2D, method)

    def wrong(self, a, dz):
        found = right(self, a, dz)
        if len(self.W) == 2:
            return found
        return (found[0] * 1.01, found[1]) if method == "gradient" else found * 1.01

    assert check_gradient(network, x, y).ok
    monkeypatch.setattr(Conv2D, method, wrong)
    report = check_gradient(network, x, y)
    assert not report.ok
    assert report.quantity.layer == (2 if method == "gradient" else 1)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 4])
def test_forward_is_the_sum_over_the_window(stride, padding):
    """z_f[r, s] = Σ_c Σ_i Σ_j W_f[c, i, j] a_c[r t + i − p, s t + j − p] + b_f, with loops, within the image."""
    rng = np.random.default_rng(0)
    layer = Conv2D.random(3, 2, (2, 3), activation="sigmoid", stride=stride, padding=padding, seed=1)
    a = rng.normal(size=(2, 2, 6, 7))
    z, out = layer.forward(a)
    rows, columns = (6 - 2 + 2 * padding) // stride + 1, (7 - 3 + 2 * padding) // stride + 1
    assert z.shape == out.shape == (2, 3, rows, columns) == (2, *layer.shape((2, 6, 7)))
    for n, f, r, s in np.ndindex(z.shape):
        total = layer.b[f]
        for c, i, j in np.ndindex(2, 2, 3):
            row, column = r * stride + i - padding, s * stride + j - padding
            if 0 <= row < 6 and 0 <= column < 7:
                total += layer.W[f, c, i, j] * a[n, c, row, column]
        assert z[n, f, r, s] == pytest.approx(total, rel=1e-12, abs=1e-14)
        assert out[n, f, r, s] == pytest.approx(1 / (1 + np.exp(-total)), rel=1e-12)
    assert layer.forward(a[1])[0] == pytest.approx(z[1], rel=1e-13)


def test_pooling_by_hand():
    a = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 2.0, 2.0], [0.0, 1.0, 9.0, 8.0]]]])
    pool = MaxPool2D(2)
    assert pool.stride == 2
    assert pool.forward(a)[1].tolist() == [[[[5.0, 2.0]]]]  # the last row has no window of its own
    da = pool.backward(a, np.array([[[[10.0, 20.0]]]]))
    # Of three pixels of 2 in the second window the first has the derivative.
    assert da.tolist() == [[[[0.0, 10.0, 20.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]
    overlapping = MaxPool2D(2, 1).backward(a, np.ones((1, 1, 2, 3)))
    assert overlapping[0, 0].tolist() == [[0, 2, 1, 0], [0, 1, 0, 0], [0, 0, 2, 0]]


def test_a_convolution_by_hand(small):
    """z = [1·1 − 2·0 + 0.5·(−1) + 3·4 + 0.25, 1·0 − 2·2 + 0.5·4 + 3·3 + 0.25] = [12.75, 7.25]."""
    trace = passed_through(small, IMAGE, [10.0])
    assert trace.forward.z[1].tolist() == [[[12.75, 7.25]]]
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
    trace = passed_through(small, IMAGE, [10.0])
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


def test_the_recursive_form_adds_over_the_places(small):
    """∂C/∂w = Σ a δ over the places; a bias's is the sum of δ; a pixel's goes on through the kernels above it."""
    trace = passed_through(small, IMAGE, [10.0])
    weight = trace.chain_rule(KernelWeight(1, 0, 0, 0, 0))
    assert str(weight.recursive) == "∂C₀/∂w₀₀,₀₀⁽ᴸ⁻²⁾ = a₀,₀₀⁽ᴸ⁻³⁾ δ₀,₀₀⁽ᴸ⁻²⁾ + a₀,₀₁⁽ᴸ⁻³⁾ δ₀,₀₁⁽ᴸ⁻²⁾"
    assert str(weight.recursive_numbers) == "∂C₀/∂w₀₀,₀₀⁽ᴸ⁻²⁾ = 1.00 · 35.00 + 0.00 · (−17.50) = 35.00"
    assert str(trace.chain_rule(Bias(1, 0)).recursive) == "∂C₀/∂b₀⁽ᴸ⁻²⁾ = δ₀,₀₀⁽ᴸ⁻²⁾ + δ₀,₀₁⁽ᴸ⁻²⁾"
    pixel = trace.chain_rule(Pixel(0, 0, 1, 1))
    assert str(pixel.recursive).endswith("= w₀₀,₁₁⁽ᴸ⁻²⁾ δ₀,₀₀⁽ᴸ⁻²⁾ + w₀₀,₁₀⁽ᴸ⁻²⁾ δ₀,₀₁⁽ᴸ⁻²⁾")
    assert pixel.recursive_numbers.sides[-1].value == 17.5 * 5.5
    z = trace.chain_rule(PixelSum(1, 0, 0, 1))
    assert str(z.recursive) == "δ₀,₀₁⁽ᴸ⁻²⁾ = id′(z₀,₀₁⁽ᴸ⁻²⁾) ∂C₀/∂a₀,₀₁⁽ᴸ⁻²⁾"
    for quantity in small.parameters:
        assert trace.chain_rule(quantity).recursive_numbers.adds_up(), quantity


def test_what_the_places_of_an_image_are_calculated_from(small):
    trace = passed_through(small, IMAGE, [10.0])
    notation = Notation(small, layers="absolute")
    z = notation.definition(PixelSum(1, 0, 0, 1))
    assert str(z) == (
        "z₀,₀₁⁽¹⁾ = w₀₀,₀₀⁽¹⁾ a₀,₀₁⁽⁰⁾ + w₀₀,₀₁⁽¹⁾ a₀,₀₂⁽⁰⁾ + w₀₀,₁₀⁽¹⁾ a₀,₁₁⁽⁰⁾ + w₀₀,₁₁⁽¹⁾ a₀,₁₂⁽⁰⁾ + b₀⁽¹⁾"
    )
    numbers = notation.with_numbers(z, trace)
    assert (numbers.sides[-1].value, numbers.adds_up()) == (7.25, True)
    assert str(notation.definition(Pixel(1, 0, 0, 1))) == "a₀,₀₁⁽¹⁾ = id(z₀,₀₁⁽¹⁾)"
    assert str(notation.definition(Activation(2, 1))) == "a₁⁽²⁾ = a₀,₀₁⁽¹⁾"
    assert str(notation.definition(WeightedSum(3, 0))) == "z⁽³⁾ = w₀₀⁽³⁾ a₀⁽²⁾ + w₀₁⁽³⁾ a₁⁽²⁾ + b⁽³⁾"
    wide = Network([Conv2D.random(1, 2, (3, 3)), Flatten(), Dense.random(1, 1)], shape=(2, 3, 3))
    assert str(Notation(wide).definition(PixelSum(1, 0, 0, 0))).count(" … ") == 1


@given(image_problems())
@modest
def test_the_graph_has_every_value_and_every_derivative(problem):
    network, x, y = problem
    trace = passed_through(network, x[0], y[0])
    sweep = trace.graph.reverse_sweep(Cost())
    assert set(network.parameters) <= set(trace.graph.nodes)
    for node in trace.graph.nodes:
        assert trace.graph.value(node) == trace.value(node)
        assert sweep[node] == pytest.approx(trace.derivative(node), rel=1e-10, abs=1e-14)
    assert network.gradient(x[:1], y[:1])[0] == pytest.approx(trace.cost)


def test_chains_through_pooling_and_to_another_quantity():
    conv = Conv2D.from_arrays([[[[2.0]]]], [0.0], activation="relu")
    last = Dense.from_arrays([[3.0]], [0.0], activation="identity")
    network = Network([conv, MaxPool2D(2), Flatten(), last], shape=(1, 2, 2))
    trace = passed_through(network, [[[1.0, 5.0], [2.0, 0.0]]], [0.0])
    assert trace.derivative(Pixel(0, 0, 0, 1)) == 2 * 30.0 * 3 * 2
    assert trace.derivative(Pixel(0, 0, 0, 0)) == 0.0
    assert trace.chain_rule(KernelWeight(1, 0, 0, 0, 0), of=WeightedSum(4, 0)).value == 5.0 * 3
    pooled = trace.chain_rule(Pixel(0, 0, 0, 1))
    assert "{1 if a₀,₀₁⁽ᴸ⁻³⁾ = a₀,₀₀⁽ᴸ⁻²⁾; 0 otherwise}" in str(pooled.formulas)
    assert str(pooled.numbers).endswith("= 2.00 · 1.00 · 1 · 1 · 3.00 · 1.00 · 60.00 = 360.00")
    assert str(pooled.paths[0].factors[2].numbers) == "∂a₀,₀₀⁽ᴸ⁻²⁾/∂a₀,₀₁⁽ᴸ⁻³⁾ = 1"
    pool = Notation(network).definition(Pixel(2, 0, 0, 0))
    assert str(pool) == "a₀,₀₀⁽ᴸ⁻²⁾ = max(a₀,₀₀⁽ᴸ⁻³⁾, a₀,₀₁⁽ᴸ⁻³⁾, a₀,₁₀⁽ᴸ⁻³⁾, a₀,₁₁⁽ᴸ⁻³⁾)"
    assert str(Notation(network).with_numbers(pool, trace)) == "a₀,₀₀⁽ᴸ⁻²⁾ = max(2.00, 10.00, 4.00, 0.00) = 10.00"


def test_a_padded_convolution_by_hand():
    """On one row (1, 2) a kernel of three weights, the outer two of which reach over the edges."""
    conv = Conv2D.from_arrays([[[[0.0] * 3, [1.0, -2.0, 4.0], [0.0] * 3]]], [0.5], activation="identity", padding=1)
    last = Dense.from_arrays([[3.0, 1.0]], [0.0], activation="identity")
    network = Network([conv, Flatten(), last], shape=(1, 1, 2))
    trace, notation = passed_through(network, [[[1.0, 2.0]]], [0.0]), Notation(network, layers="absolute")
    # z = (−2 · 1 + 4 · 2 + 0.5, 1 · 1 − 2 · 2 + 0.5), a = 3 z_0 + z_1 and ∂C/∂a = 2a.
    assert trace.forward.z[1].tolist() == [[[6.5, -2.5]]]
    assert trace.value(WeightedSum(3, 0)) == 17.0
    assert str(notation.definition(PixelSum(1, 0, 0, 0))) == (
        "z₀,₀₀⁽¹⁾ = w₀₀,₁₁⁽¹⁾ a₀,₀₀⁽⁰⁾ + w₀₀,₁₂⁽¹⁾ a₀,₀₁⁽⁰⁾ + b₀⁽¹⁾"
    )
    middle, left, above = (KernelWeight(1, 0, 0, *at) for at in ((1, 1), (1, 0), (0, 1)))
    assert trace.derivative(middle) == 34.0 * (3 * 1.0 + 2.0)
    assert trace.derivative(left) == 34.0 * 1.0
    assert trace.derivative(Pixel(0, 0, 0, 0)) == 34.0 * (3 * -2.0 + 1.0)
    assert (trace.chain_rule(middle).count, trace.chain_rule(left).count) == (2, 1)
    assert str(trace.chain_rule(left).recursive) == "∂C₀/∂w₀₀,₁₀⁽ᴸ⁻²⁾ = a₀,₀₀⁽ᴸ⁻³⁾ δ₀,₀₁⁽ᴸ⁻²⁾"
    # The kernel's first row lies on no pixel anywhere.
    chain = trace.chain_rule(above)
    assert (chain.value, chain.count, chain.paths) == (0.0, 0, ())
    assert [str(form).split(" = ")[1] for form in (chain.symbols, chain.numbers, chain.recursive)] == ["0"] * 3
    assert set(network.parameters) <= set(trace.graph.nodes)
    with pytest.raises(ValueError, match="is not calculated directly from"):
        notation.local_derivative(PixelSum(1, 0, 0, 0), left)


def test_a_window_without_a_pixel_has_its_bias_alone():
    conv = Conv2D.random(1, 1, (1, 1), padding=1, seed=1)
    network = Network([conv, Flatten(), Dense.random(1, 9)], shape=(1, 1, 1))
    trace, notation = passed_through(network, [[[0.3]]], [0.0]), Notation(network, layers="absolute")
    definition = notation.definition(PixelSum(1, 0, 0, 2))
    assert str(definition) == "z₀,₀₂⁽¹⁾ = b₀⁽¹⁾"
    assert notation.with_numbers(definition, trace).adds_up()
    assert trace.value(PixelSum(1, 0, 0, 2)) == float(conv.b[0])


def test_of_equally_large_pixels_the_first_one_counts():
    conv = Conv2D.from_arrays([[[[1.0]]]], [0.0], activation="relu")
    network = Network([conv, MaxPool2D(2), Flatten(), Dense.random(1, 1)], shape=(1, 2, 2))
    trace = passed_through(network, [[[-1.0, -2.0], [-3.0, -1.0]]], [0.0])  # All are 0 behind the ReLU.
    edges = [trace.chain_rule(Pixel(1, 0, *place)).paths[0].factors[0] for place in ((0, 0), (0, 1), (1, 0))]
    assert [edge.value for edge in edges] == [1.0, 0.0, 0.0]
    assert [str(edge.numbers)[-1] for edge in edges] == ["1", "0", "0"]


def test_every_formula_compiles(small):
    typst = pytest.importorskip("typst")
    trace = passed_through(small, IMAGE, [10.0])
    chains = [trace.chain_rule(node) for node in trace.graph.nodes]
    forms = [form for chain in chains for form in (chain.symbols, chain.formulas, chain.numbers)]
    forms += [form for q in small.parameters for form in (trace.chain_rule(q).recursive, )]  # fmt: skip
    page = "\n".join(f"$ {form.typst()} $" for form in forms)
    assert typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False)).compile(page.encode(), format="svg")


def test_layers_in_absolute_numbers(small):
    notation = Notation(small, layers="absolute")
    names = [KernelWeight(1, 0, 0, 1, 0), Pixel(0, 0, 1, 2), Bias(1, 0), Activation(2, 1), Weight(3, 0, 1), Target(0)]
    assert [notation.symbol(q).text() for q in names] == ["w₀₀,₁₀⁽¹⁾", "a₀,₁₂⁽⁰⁾", "b₀⁽¹⁾", "a₁⁽²⁾", "w₀₁⁽³⁾", "y"]
    assert [notation.symbol(q).quantity for q in names] == names


def test_training_goes_through_layers_of_images():
    """Vertical and horizontal bars are told apart; the same steps by hand lead to the same kernels."""
    rng = np.random.default_rng(3)
    x = np.zeros((8, 1, 4, 4))
    for n in range(8):
        x[n, 0, :, n // 2] = 1.0
        if n % 2:
            x[n, 0] = x[n, 0].T.copy()
    x += 0.05 * rng.normal(size=x.shape)
    y = np.array([[n % 2] for n in range(8)], dtype=float)
    layers = [Conv2D.random(2, 1, (3, 1), activation="tanh", seed=1), MaxPool2D(2), Flatten()]
    start = Network([*layers, Dense.random(1, 4, seed=2)], cost="cross_entropy", shape=(1, 4, 4))
    trained, history = train(start, x, y, optimizer=Momentum(0.3), epochs=120)
    assert (trained.forward(x).a[4] > 0.5).ravel().tolist() == [bool(n % 2) for n in range(8)]
    assert history.cost[-1] < 0.05 < history.cost[0]
    assert [l for l, _ in history.dW_norm.items()] == [1, 4]
    _, gradient = start.gradient(x, y)
    assert history.dW_norm[1][0] == pytest.approx(np.linalg.norm(gradient.dW[1]))
    after = train(start, x, y, optimizer=Momentum(0.3), epochs=1).network
    assert after.W[1] == pytest.approx(start.W[1] - 0.3 * gradient.dW[1], rel=1e-14)
    with pytest.raises(ValueError, match=re.escape("inputs: found shape (1, 4, 4), expected (n, 1, 4, 4)")):
        train(start, x[0], y)


def test_a_kernel_weight_can_be_replaced(small):
    changed = small.replace({KernelWeight(1, 0, 0, 0, 1): 7.0, Bias(1, 0): 0.0, Weight(3, 0, 0): 1.0})
    assert changed.W[1].tolist() == [[[[1.0, 7.0], [0.5, 3.0]]]]
    assert (changed.value(KernelWeight(1, 0, 0, 0, 1)), changed.b[1].tolist(), changed.W[3].tolist()) == (
        7.0, [0.0], [[1.0, -1.0]],
    )  # fmt: skip
    assert small.W[1][0, 0, 0, 1] == -2.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv2D.from_arrays([[1.0]], [0.0]), "W: found shape (1, 1), expected (filters, channels, height"),
        (lambda: Conv2D.from_arrays([[[[1.0]]]], [0.0, 1.0]), "b: found shape (2,), expected (1,)"),
        (lambda: Conv2D.from_arrays(np.zeros((1, 1, 0, 2)), [0.0]), "expected at least one entry"),
        (lambda: Conv2D.from_arrays([[[[np.nan]]]], [0.0]), "W: found nan at index [0, 0, 0, 0]"),
        (lambda: Conv2D.random(1, 1, (2, 2), stride=0), "stride: found 0, expected a whole number from 1 on"),
        (lambda: MaxPool2D(0), "size: found 0"),
        (lambda: MaxPool2D(2, -1), "stride: found -1"),
        (lambda: Conv2D.random(1, 1, (2, 2)).shape((1, 1, 5)), "found an image of 1 × 5, expected at least 2 × 2"),
        (lambda: Conv2D.random(1, 2, (2, 2)).shape((1, 5, 5)), "found an image of 1 channels, expected 2"),
        (lambda: MaxPool2D(2).shape((8,)), "found an input of shape (8,), expected an image"),
        (lambda: Flatten().shape((8,)), "Flatten: found an input of shape (8,), expected an image"),
        (lambda: Dense.random(1, 8).shape((1, 2, 4)), "Dense: found an input of shape (1, 2, 4), expected a vector"),
        (lambda: Dense.from_arrays([1.0], [1.0]), "W: found shape (1,), expected (outputs, inputs)"),
    ],
)
def test_layers_that_can_not_be(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "stack: found no layers at its end, expected a Dense as the last layer"),
        ([MaxPool2D(2), Flatten()], "stack: found Flatten at its end, expected a Dense as the last layer"),
        ([MaxPool2D(4), Flatten(), Dense.random(1, 6)], "layer 1: MaxPool2D: found an image of 2 × 3"),
        ([Flatten(), Dense.random(1, 5)], "layer 2: Dense: found 6 inputs, expected 5, one for each column of W"),
        ([Flatten(), Flatten(), Dense.random(1, 6)], "layer 2: Flatten: found an input of shape (6,)"),
        ([Conv2D.random(1, 1, (1, 1)), Flatten(), Dense.random(1, 6, dtype="float32")],
         "layer 1: found the dtype float64, expected that of the last layer, float32"),
        ([Conv2D.random(1, 1, (1, 1), activation="softmax"), Flatten(), Dense.random(1, 6)],
         "activation: found 'softmax' for layer 1, expected it only for the last layer"),
    ],
)  # fmt: skip
def test_networks_whose_layers_do_not_fit(layers, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Network(layers, shape=(1, 2, 3))


def test_a_network_for_images_needs_their_shape():
    with pytest.raises(ValueError, match=re.escape("shape: found none, expected that of the images for Flatten, (cha")):
        Network([Flatten(), Dense.random(1, 6)])
    assert Network([Dense.random(1, 6)]).shapes == ((6,), (1,))


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
    for call in (small.gradient, lambda x, y: passed_through(small, x, y)):
        with pytest.raises(ValueError, match=re.escape(message)):
            call(x, y)


def test_examples_of_a_batch_one_by_one(small):
    batch = small.forward(np.stack([IMAGE, np.ones((1, 2, 3))]))
    assert batch.batched
    assert batch.example(0).z[1].tolist() == [[[12.75, 7.25]]]
    assert batch.example(1).backward([10.0]).value(PixelSum(1, 0, 0, 0)) == 1 - 2 + 0.5 + 3 + 0.25
    with pytest.raises(ValueError, match="belongs to one example, found a batch of 2"):
        batch.value(Pixel(0, 0, 0, 0))


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        (KernelWeight(1, 0, 0, 0, 2), "found index 2, expected an index from 0 to 1"),
        (KernelWeight(2, 0, 0, 0, 0), "found layer 2, a Flatten layer, which has no KernelWeight"),
        (Pixel(2, 0, 0, 0), "found layer 2, a Flatten layer, which has no Pixel"),
        (PixelSum(2, 0, 0, 0), "found layer 2, a Flatten layer, which has no PixelSum"),
        (Bias(2, 0), "found layer 2, a Flatten layer, which has no Bias"),
        (Weight(1, 0, 0), "found layer 1, a Conv2D layer, which has no Weight"),
        (Activation(0, 0), "found layer 0, inputs of shape (1, 2, 3), which has no Activation"),
        (Activation(1, 0), "found layer 1, a Conv2D layer, which has no Activation"),
        (Activation(2, 2), "found neuron 2, expected a neuron from 0 to 1"),
        (Weight(3, 0, 2), "found neuron 2, expected a neuron from 0 to 1"),
        (WeightedSum(4, 0), "found layer 4, expected a layer from 1 to 3"),
    ],
)
def test_quantities_that_a_network_does_not_have(small, quantity, message):
    with pytest.raises(ValueError, match=re.escape(f"{quantity}: {message}")):
        passed_through(small, IMAGE, [10.0]).derivative(quantity)


def test_what_belongs_to_fully_connected_layers_says_so(small):
    trace = passed_through(small, IMAGE, [10.0])
    assert trace.equations(3).weighted_sum.value.tolist() == [18.75]
    for layer, kind in ((1, "Conv2D"), (2, "Flatten")):
        with pytest.raises(ValueError, match=f"layer {layer}: found a {kind} layer, expected a Dense one"):
            trace.equations(layer)
    with pytest.raises(IndexError, match=re.escape("W[2]: layer 2 has none, expected one of the layers 1, 3")):
        trace.dW.like("W", trace.dW)[2]


def test_float32_is_kept():
    conv = Conv2D.random(2, 1, (2, 2), dtype="float32")
    layers = [conv, MaxPool2D(2), Flatten(), Dense.random(1, 2, dtype="float32")]
    network = Network(layers, shape=(1, 3, 3))
    _, gradient = network.gradient(np.zeros((2, 1, 3, 3)), np.zeros((2, 1)))
    assert {array.dtype for array in (*gradient.dW, *gradient.db)} == {np.dtype("float32")}
    with pytest.raises(ValueError, match="read-only"):
        gradient.dW[1][0] = 0
    assert repr(network) == (
        "Network(layers=(9, 8, 2, 2, 1), activation=('relu', 'identity', 'identity', 'sigmoid'), "
        "cost='squared_error', dtype='float32', shapes=((1, 3, 3), (2, 2, 2), (2, 1, 1), (2,), (1,)), "
        "stack=(Conv2D, MaxPool2D, Flatten, Dense))"
    )
