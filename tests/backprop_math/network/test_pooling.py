"""Pooling: padding, means of windows, and how both are written; by hand, with loops, and against complex step."""

import re
from fractions import Fraction

import numpy as np
import pytest

from backprop_math import (
    Activation,
    AvgPool2D,
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
    WeightedSum,
    train,
)
from backprop_math.checks import check_gradient

IMAGE = np.array([[[1.0, 5.0, 2.0], [3.0, -4.0, 6.0], [0.0, 8.0, -7.0]]])
POOLS = [
    MaxPool2D(2, 1, 1),
    MaxPool2D(3, 2, 1),
    AvgPool2D(2),
    AvgPool2D(2, 1, 1),
    AvgPool2D(3, 2, 1, count_include_pad=False),
]


def test_means_by_hand():
    assert AvgPool2D(2, 1).forward(IMAGE)[1].tolist() == [[[5 / 4, 9 / 4], [7 / 4, 3 / 4]]]
    # Padded, a corner's window holds one pixel, an edge's two.
    with_zeros = AvgPool2D(2, 2, 1).forward(IMAGE)[1]
    assert with_zeros.tolist() == [[[1 / 4, 7 / 4], [3 / 4, 3 / 4]]]
    alone = AvgPool2D(2, 2, 1, count_include_pad=False).forward(IMAGE)[1]
    assert alone.tolist() == [[[1.0, 7 / 2], [3 / 2, 3 / 4]]]
    dz = np.array([[[4.0, 8.0], [12.0, 16.0]]])
    assert AvgPool2D(2, 2, 1).backward(IMAGE, dz).tolist() == [[[1, 2, 2], [3, 4, 4], [3, 4, 4]]]
    shares = AvgPool2D(2, 2, 1, count_include_pad=False).backward(IMAGE, dz)
    assert shares.tolist() == [[[4, 4, 4], [6, 4, 4], [6, 4, 4]]]
    overlapping = AvgPool2D(2, 1).backward(IMAGE, dz)
    assert overlapping.tolist() == [[[1, 3, 2], [4, 10, 6], [3, 7, 4]]]


def test_the_largest_is_a_pixel_of_the_image():
    """What lies outside is never the largest, even where all pixels are negative."""
    below = IMAGE - 10
    pool = MaxPool2D(2, 2, 1)
    assert pool.forward(below)[1].tolist() == [[[-9.0, -5.0], [-7.0, -2.0]]]
    assert pool.backward(below, np.ones((1, 2, 2))).tolist() == [[[1, 1, 0], [1, 0, 0], [0, 1, 0]]]
    for dtype in ("float16", "float32"):
        assert pool.forward(below.astype(dtype))[1].dtype == dtype


@pytest.mark.parametrize("pool", POOLS, ids=repr)
@pytest.mark.parametrize("batch", [(), (3,)])
def test_each_number_is_that_of_its_sources(pool, batch):
    """The pass, and each derivative, from the sources alone, one number after the other."""
    a = np.random.default_rng(4).normal(size=(*batch, 2, 5, 6))
    _, out = pool.forward(a)
    outputs = pool.shape((2, 5, 6))
    assert out.shape == (*batch, *outputs)
    dz, da = np.random.default_rng(5).normal(size=out.shape), np.zeros_like(a)
    for example in np.ndindex(batch):
        for place in np.ndindex(outputs):
            sources = [source for source, at in pool.sources(place, (2, 5, 6)) if at == ()]
            pixels = [float(a[(*example, *source)]) for source in sources]
            count = pool.size**2 if getattr(pool, "count_include_pad", False) else len(pixels)
            expected = max(pixels) if isinstance(pool, MaxPool2D) else sum(map(Fraction, pixels)) / count
            assert out[(*example, *place)] == pytest.approx(float(expected), rel=1e-14)
            for source, slope in zip(sources, pool.local_derivatives(pixels), strict=True):
                da[(*example, *source)] += slope * dz[(*example, *place)]
    assert pool.backward(a, dz) == pytest.approx(da, rel=1e-13)


@pytest.mark.parametrize("pool", POOLS, ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gradient_and_graph(pool, dtype):
    conv = Conv2D.random(2, 1, (3, 2), activation="tanh", stride=2, padding=1, seed=4, dtype=dtype)
    shape = pool.shape(conv.shape((1, 5, 6)))
    last = Dense.random(2, int(np.prod(shape)), seed=2, dtype=dtype)
    network = Network([conv, pool, Flatten(), last], cost="mean_squared_error", shape=(1, 5, 6))
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1, 5, 6)).astype(dtype), rng.random((2, 2)).astype(dtype)
    check_gradient(network, x, y).require()
    if dtype == "float64":
        trace = network.forward(x[0]).backward(y[0])
        sweep = trace.graph.reverse_sweep(Cost())
        for node in trace.graph.nodes:
            assert trace.graph.value(node) == trace.value(node)
            assert sweep[node] == pytest.approx(trace.derivative(node), rel=1e-10, abs=1e-14)
        for quantity in (*network.parameters, *(Pixel(0, 0, *place) for place in np.ndindex(5, 6))):
            chain = trace.chain_rule(quantity)
            assert chain.recursive_numbers.adds_up(), quantity
            assert sum(path.value for path in chain.iterate_paths()) == pytest.approx(chain.value, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("pool", POOLS, ids=repr)
@pytest.mark.parametrize("wrong", [lambda da: da * 1.01, lambda da: np.roll(da, 1, axis=-1), np.zeros_like])
def test_a_planted_error_is_found(monkeypatch, pool, wrong):
    conv = Conv2D.random(2, 1, (2, 2), activation="tanh", padding=1, seed=4)
    shape = pool.shape(conv.shape((1, 5, 5)))
    network = Network([conv, pool, Flatten(), Dense.random(1, int(np.prod(shape)), seed=2)], shape=(1, 5, 5))
    x, y, right = np.random.default_rng(1).normal(size=(1, 1, 5, 5)), np.zeros((1, 1)), type(pool).backward
    assert check_gradient(network, x, y).ok
    monkeypatch.setattr(type(pool), "backward", lambda self, a, dz: wrong(right(self, a, dz)))
    report = check_gradient(network, x, y)
    assert not report.ok
    assert report.quantity.layer == 1


@pytest.fixture
def means():
    """Two means, of one pixel at a corner and of two, and one neuron behind them; every number by hand."""
    last = Dense.from_arrays([[2.0, -1.0]], [0.5], activation="identity")
    conv = Conv2D.from_arrays([[[[3.0]]]], [0.0], activation="identity")

    def network(count_include_pad):
        return Network([conv, AvgPool2D(2, 2, 1, count_include_pad), Flatten(), last], shape=(1, 1, 3))

    return network


def test_a_mean_and_its_chain_rule_are_written(means):
    """a = (1/4) 3 · 1 and (1/4)(3 · 2 + 3 · 4), or 3 · 1 and (1/2)(3 · 2 + 3 · 4)."""
    for included, first, second, share, shown in (
        (True, "1/4 a₀,₀₀⁽ᴸ⁻³⁾", "1/4(a₀,₀₁⁽ᴸ⁻³⁾ + a₀,₀₂⁽ᴸ⁻³⁾)", 0.25, "1/4 = 0.25"),
        (False, "a₀,₀₀⁽ᴸ⁻³⁾", "1/2(a₀,₀₁⁽ᴸ⁻³⁾ + a₀,₀₂⁽ᴸ⁻³⁾)", 0.5, "1/2 = 0.50"),
    ):
        network = means(included)
        trace, notation = network.forward([[[1.0, 2.0, 4.0]]]).backward([0.0]), Notation(network)
        definitions = [notation.definition(Pixel(2, 0, 0, column)) for column in range(2)]
        assert [str(each).split(" = ")[1] for each in definitions] == [first, second]
        assert trace.forward.a[2].tolist() == [[[3.0 * share if included else 3.0, 18.0 * share]]]
        numbers = notation.with_numbers(definitions[1], trace)
        assert numbers.adds_up()
        assert str(numbers).endswith(f"(6.00 + 12.00) = {18 * share:.2f}")
        of, wrt = Pixel(2, 0, 0, 1), Pixel(1, 0, 0, 2)
        assert notation.local_derivative(of, wrt).shown_value() == share
        assert str(notation.local_with_numbers(of, wrt, trace)).split("⁾ = ")[1] == shown
        chain = trace.chain_rule(Pixel(1, 0, 0, 2))
        assert chain.paths[0].factors[0].value == share
        assert chain.value == pytest.approx(share * -1.0 * 2 * float(trace.forward.a[4][0]))
        assert shown.split(" = ")[0] in str(chain.formulas)
        assert chain.numbers.adds_up()
        with pytest.raises(ValueError, match=re.escape("a[2][0,0,0] is not calculated directly from a[1][0,0,2]")):
            notation.local_derivative(Pixel(2, 0, 0, 0), wrt)


def test_where_one_pixel_is_the_window(means):
    """At the corner the mean of one pixel, or the largest of one, is the pixel: its derivative is 1."""
    conv = Conv2D.from_arrays([[[[3.0]]]], [0.0], activation="identity")
    largest = Network([conv, MaxPool2D(2, 2, 1), Flatten(), Dense.random(1, 2)], shape=(1, 1, 3))
    for network in (means(False), largest):
        trace, notation = network.forward([[[1.0, 2.0, 4.0]]]).backward([0.0]), Notation(network)
        of, wrt = Pixel(2, 0, 0, 0), Pixel(1, 0, 0, 0)
        assert notation.local_derivative(of, wrt).text() == "1"
        assert str(notation.definition(of)).endswith("= a₀,₀₀⁽ᴸ⁻³⁾")
        assert str(trace.chain_rule(wrt).paths[0].factors[0].numbers).endswith("= 1")


def test_a_long_mean_has_dots_and_compiles():
    typst = pytest.importorskip("typst")
    conv = Conv2D.random(1, 1, (1, 1), seed=1)
    network = Network([conv, AvgPool2D(4), Flatten(), Dense.random(3, 1)], cost="mean_squared_error", shape=(1, 4, 4))
    trace, notation = network.forward(np.full((1, 4, 4), 0.3)).backward([0.0, 1.0, 0.5]), Notation(network)
    mean = notation.definition(Pixel(2, 0, 0, 0))
    assert str(mean) == "a₀,₀₀⁽ᴸ⁻²⁾ = 1/16(a₀,₀₀⁽ᴸ⁻³⁾ + a₀,₀₁⁽ᴸ⁻³⁾ + … + a₀,₃₃⁽ᴸ⁻³⁾)"
    assert r"\frac{1}{16}" in mean.latex()
    chains = [trace.chain_rule(q) for q in (Pixel(1, 0, 0, 0), KernelWeight(1, 0, 0, 0, 0), Bias(1, 0))]
    forms = [form for c in chains for form in (c.symbols, c.formulas, c.numbers, c.recursive, c.recursive_numbers)]
    forms += [mean, notation.definition(Cost()), notation.definition(Cost(), expanded=False)]
    page = "\n".join(f"$ {form.typst()} $" for form in forms)
    assert typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False)).compile(page.encode(), format="svg")


def test_training_goes_through_padding_and_means():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(12, 1, 4, 4))
    y = (x[:, :, :2].sum(axis=(1, 2, 3)) > 0)[:, None].astype(float)
    layers = [Conv2D.random(3, 1, (3, 3), padding=1, activation="tanh", seed=1), AvgPool2D(2), Flatten()]
    start = Network([*layers, Dense.random(1, 12, seed=2)], cost="mean_squared_error", shape=(1, 4, 4))
    trained, history = train(start, x, y, optimizer=Momentum(0.5), epochs=200)
    assert history.cost[-1] < 0.02 < history.cost[0]
    assert ((trained.forward(x).a[4] > 0.5) == y).all()


def test_a_chain_to_another_quantity(means):
    trace = means(True).forward([[[1.0, 2.0, 4.0]]]).backward([0.0])
    # z = 2 (1/4) w 1 − (1/4)(w 2 + w 4) + 0.5
    assert trace.chain_rule(KernelWeight(1, 0, 0, 0, 0), of=WeightedSum(4, 0)).value == 2 / 4 - 6 / 4
    assert trace.chain_rule(Pixel(0, 0, 0, 1), of=Activation(3, 1)).value == 3 / 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AvgPool2D(2, padding=-1), "padding: found -1, expected a whole number from 0 on"),
        (lambda: MaxPool2D(2, padding=2), "padding: found 2, expected at most half the size of a window, 2"),
        (lambda: AvgPool2D(2, count_include_pad=1), "count_include_pad: found 1, expected True or False"),
        (lambda: AvgPool2D(2.0), "size: found 2.0, expected a whole number from 1 on"),
        (
            lambda: AvgPool2D(4, padding=1).shape((1, 1, 9)),
            "AvgPool2D: found an image of 1 × 9 with a padding of 1, exp",
        ),
        (lambda: Conv2D.random(1, 1, (2, 2), padding=True), "padding: found True, expected a whole number from 0 on"),
    ],
)
def test_pooling_that_can_not_be(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()
