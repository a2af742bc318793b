import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import DashedLine, Line

from backprop_film.kit import NetworkDiagram, Neuron, network_diagram, theme
from backprop_film.kit.theme import MIN_FONT_SIZE, contrast
from backprop_math import Activation, Network, Weight
from backprop_math.formula import short_number
from tests.backprop_film.kit.any_network import faults_of
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import in_chapter, network_example

SHAPES = [(1, 1), (1, 1, 1, 1), (3, 5, 4, 2), (6, 6), (7, 2), (20, 12, 1), (784, 16, 16, 10)]
EXAMPLE = network_example(3, 4, 2)


def diagram(*sizes, **how):
    return NetworkDiagram(Network.random(sizes, seed=3), **how)


def with_weights(*weights):
    """The edges of a layer of one neuron with these weights."""
    network = Network.from_arrays(weights=[[weights]], biases=[[0.0]])
    made = NetworkDiagram(network, most=len(weights))
    return [made.edge(1, 0, k) for k in range(len(weights))]


class Fixed:
    """A trace in which everything has one value."""

    def __init__(self, value):
        self.value = lambda quantity: value


# -- neurons ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.27, -0.02, 2238.98, 2e-8, 3.1e9])
def test_a_ring_widens_outwards_and_comes_back(value):
    neuron = Neuron(Activation(0, 0), tiny=True).show(Fixed(value))
    circle = neuron.circle
    radius, inner = circle.width / 2, circle.width / 2 - circle.get_stroke_width() / 200
    for width in (6.5, 4):
        circle.become(neuron.ring(theme.highlight, width).build().mobject.target)
        assert circle.get_stroke_width() == width
        assert circle.width / 2 - circle.get_stroke_width() / 200 == pytest.approx(inner)
        assert faults_of(neuron) == []
        size = neuron.number.font_size
        neuron.show(Fixed(-value))
        neuron.show(Fixed(value))
        assert neuron.number.font_size == pytest.approx(size)  # the room inside is the same
    circle.become(neuron.ring().build().mobject.target)
    assert circle.width / 2 == pytest.approx(radius)
    assert circle.get_stroke_color().to_hex() == theme.secondary


def test_a_number_has_fewer_digits_where_it_could_not_be_read():
    shown = [read(Neuron(Activation(0, 0), radius=radius).show(Fixed(277.2)).number) for radius in (0.36, 0.3)]
    assert shown == ["277.2", "277"]
    for value in (277.2, -12.3, 0.27):
        assert faults_of(Neuron(Activation(0, 0), radius=0.33).show(Fixed(value))) == []


def test_in_a_circle_that_has_become_smaller_the_number_finds_its_place_when_it_is_shown():
    neuron = Neuron(Activation(0, 0)).show(Fixed(277.2)).scale(0.85)
    assert faults_of(neuron)
    assert faults_of(neuron.show(Fixed(310.9))) == []


# -- edges ------------------------------------------------------------------------------------------------


def width_of(edge):
    return float(edge.family_members_with_points()[0].get_stroke_width())


def test_an_edge_is_as_wide_as_its_weight_is_large():
    weights = [0.0, 0.25, -0.5, 0.75, -1.0]
    widths = [width_of(edge) for edge in with_weights(*weights)]
    assert widths == sorted(widths)
    # Even a weight of 0 is seen; the width grows in proportion from there.
    assert widths[0] > 0
    assert np.diff(widths) == pytest.approx([np.diff(widths)[0]] * 4)
    assert widths[0] < widths[1]


def test_the_largest_weight_of_every_layer_has_the_same_width():
    for scale in (0.01, 100.0):
        assert width_of(with_weights(0.3 * scale, -scale)[1]) == pytest.approx(width_of(with_weights(1.0)[0]))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(-5, 5).filter(lambda w: abs(w) > 1e-6), min_size=1, max_size=6))
def test_dashes_are_for_negative_weights(weights):
    for weight, edge in zip(weights, with_weights(*weights), strict=True):
        assert isinstance(edge, DashedLine) == (weight < 0)
        assert isinstance(edge, Line)


def test_a_weight_of_zero_is_not_negative():
    assert [isinstance(edge, DashedLine) for edge in with_weights(0.0, -0.0, -1e-9, 1.0)] == [False, False, True, False]


def test_edges_have_the_weights_kind_mixed_with_the_background():
    (edge,) = with_weights(1.0)
    mixed = edge.get_stroke_color().to_rgb()
    kind, background = (
        np.array([int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for c in (theme.role(Weight), theme.background)
    )
    assert np.all((np.minimum(kind, background) < mixed) & (mixed < np.maximum(kind, background)))
    assert contrast(edge.get_stroke_color().to_hex(), theme.background) > 1.5


def test_an_edge_leads_from_border_to_border():
    made = diagram(3, 4, 2)
    for layer, j, k in ((1, 0, 2), (1, 3, 0), (2, 1, 3)):
        edge, source, target = made.edge(layer, j, k), made.neuron(layer - 1, k), made.neuron(layer, j)
        for end, neuron in ((edge.get_start(), source), (edge.get_end(), target)):
            distance = np.linalg.norm(end - neuron.get_center())
            assert distance == pytest.approx(neuron.circle.width / 2, abs=0.08)  # a dash may end before the border
        assert edge.get_start()[0] < edge.get_end()[0]


# -- parts ------------------------------------------------------------------------------------------------


def test_parts_are_found_by_the_numbers_that_quantities_have():
    made = diagram(3, 4, 2)
    for quantity in (Activation(0, 2), Activation(2, 0)):
        assert made.neuron(quantity.layer, quantity.j).quantity == quantity
    assert [neuron.quantity.j for neuron in made.layer(1)] == [0, 1, 2, 3]
    ys = [neuron.get_y() for neuron in made.layer(1)]
    assert ys == sorted(ys, reverse=True)
    assert {id(e) for e in made.edges(2)} == {id(made.edge(2, j, k)) for j in range(2) for k in range(4)}
    assert len(made.ellipses) == 0
    assert len(made.family_members_with_points()) > 0
    assert len(made.edges(1)) == 12


@pytest.mark.parametrize(
    "find", [lambda d: d.neuron(3, 0), lambda d: d.neuron(1, 4), lambda d: d.edge(0, 0, 0), lambda d: d.edge(1, 0, 3)]
)
def test_what_is_not_in_the_network_is_not_found(find):
    with pytest.raises(KeyError):
        find(diagram(3, 4, 2))


@pytest.mark.parametrize(
    ("size", "most", "drawn"),
    [(7, 6, [0, 1, 2, 5, 6]), (784, 6, [0, 1, 2, 782, 783]), (9, 5, [0, 1, 7, 8]), (4, 3, [0, 3])],
)
def test_a_large_layer_shows_its_first_and_last_neurons_around_an_ellipsis(size, most, drawn):
    made = diagram(size, 2, most=most)
    assert [neuron.quantity.j for neuron in made.layer(0)] == drawn
    assert len(made.layer(0)) == most - 1
    assert len(made.ellipses) == 3
    missing = next(j for j in range(size) if j not in drawn)
    for find in (lambda: made.neuron(0, missing), lambda: made.edge(1, 0, missing)):
        with pytest.raises(KeyError):
            find()
    assert made.edge(1, 1, drawn[-1]) in made.edges(1).submobjects
    rows = [neuron.get_y() for neuron in made.layer(0)]
    gap, head = rows[0] - rows[1] if most > 3 else None, most // 2
    for dot in made.ellipses:
        assert rows[head] < dot.get_y() < rows[head - 1]
        assert dot.get_x() == pytest.approx(made.neuron(0, 0).get_x())
    if gap:
        assert rows[head - 1] - rows[head] == pytest.approx(2 * gap)


def test_a_layer_that_just_fits_has_no_ellipsis():
    assert len(diagram(6, 6).ellipses) == 0
    assert len(diagram(6, 6).layer(0)) == 6


def test_it_may_begin_at_a_later_layer():
    made = diagram(3, 2, 4, 1, first=2)
    assert [len(made.layer(layer)) for layer in range(4)] == [0, 0, 4, 1]
    assert len(made.edges(3)) == 4
    for find in (lambda: made.neuron(1, 0), lambda: made.edge(2, 0, 0)):
        with pytest.raises(KeyError):
            find()
    assert made.neuron(2, 1).quantity == Activation(2, 1)
    assert len(made.ellipses) == 3
    for dot in made.ellipses:
        assert dot.get_right()[0] < made.layer(2).get_left()[0]
        assert dot.get_y() == pytest.approx(made.layer(2).get_y())
    weights = made.network.W[3][0]
    assert [isinstance(made.edge(3, 0, k), DashedLine) for k in range(4)] == [w < 0 for w in weights]


# -- places -----------------------------------------------------------------------------------------------


def layout_faults(made, width, height):
    """What is wrong with the places of the neurons."""
    neurons = [neuron for layer in range(len(made.network.layers)) for neuron in made.layer(layer)]
    radius = neurons[0].circle.width / 2
    found = set()
    if np.ptp([n.get_x() for n in neurons]) > width + 1e-9 or np.ptp([n.get_y() for n in neurons]) > height + 1e-9:
        found.add("too large")
    if made.width > width + 2 * radius + 0.1 or made.height > height + 2 * radius + 0.1:
        found.add("too large")
    centers = np.array([n.get_center() for n in neurons])
    distances = np.linalg.norm(centers[:, None] - centers[None], axis=2) + 1e9 * np.eye(len(neurons))
    if distances.min() <= 2 * radius:
        found.add("neurons overlap")
    for layer in range(len(made.network.layers)):
        if abs(made.layer(layer).get_y() - made.get_y()) > 1e-6:
            found.add("off the middle")
    return found


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize(("width", "height"), [(8.0, 4.0), (5.0, 3.8)])
def test_a_diagram_keeps_to_its_width_and_height(sizes, width, height):
    made = diagram(*sizes, width=width, height=height)
    assert layout_faults(made, width, height) == set()
    layers = [made.layer(layer).get_x() for layer in range(len(sizes))]
    assert np.diff(layers) == pytest.approx([width / (len(sizes) - 1)] * (len(sizes) - 1))
    assert made.get_center() == pytest.approx([0, 0, 0], abs=0.01)


def test_a_bad_layout_would_be_noticed():
    made = diagram(3, 2)
    made.neuron(0, 0).shift([0, 5, 0])
    assert "too large" in layout_faults(made, 8, 4)
    made = diagram(3, 2)
    made.neuron(0, 0).move_to(made.neuron(0, 1))
    assert "neurons overlap" in layout_faults(made, 8, 4)
    assert "off the middle" in layout_faults(made, 8, 4)


# -- values -----------------------------------------------------------------------------------------------


def number_faults(neuron):
    """What is wrong with the number in a neuron."""
    found, center = set(), neuron.circle.get_center()
    points = np.vstack([cell.points for cell in neuron.number if len(cell.points)])
    if np.linalg.norm(points - center, axis=1).max() >= neuron.circle.width / 2:
        found.add("sticks out")
    if abs(neuron.number.get_x() - center[0]) > 0.05 * neuron.circle.width:
        found.add("off the middle")
    if neuron.number.font_size < MIN_FONT_SIZE - 1e-9:
        found.add("too small")
    fill = neuron.circle.get_fill_color().to_hex()
    if min(contrast(cell.get_fill_color().to_hex(), fill) for cell in neuron.number) < 4.5:
        found.add("too faint")
    return found


RANGE = [*np.linspace(-1, 1, 41), 0.004, 2.5, 12.3, -9.75]


def test_a_number_is_within_its_neuron_and_can_be_read():
    for value in RANGE:
        neuron = diagram(1, 1).neuron(1, 0).show(Fixed(value))
        assert number_faults(neuron) == set(), value
        assert read(neuron.number) == short_number(value, tiny=False).shown


@pytest.mark.parametrize(
    "run",
    [[0.48, -0.93], [-0.93, 0.48], [9.99, 10.0, -10.0], np.linspace(1, -1, 9)],
    ids=lambda run: f"{run[0]} to {run[-1]}",
)
def test_a_number_that_grows_stays_within_its_neuron(run):
    made = diagram(1, 1).shift([1.5, 1, 0])
    neuron = made.neuron(1, 0)
    for value in run:
        neuron.show(Fixed(value))
        assert number_faults(neuron) == set(), value
        assert read(neuron.number) == short_number(value, tiny=False).shown


@pytest.mark.parametrize("radius", [0.36, 0.6])
def test_numbers_of_any_size_have_air_around_them(radius):
    """What the layout checks call touching, found when −0.27 and 2238.98 were in neurons."""
    empty = NetworkDiagram(Network.random((1, 1), seed=0), radius=radius).neuron(0, 0)
    for exponent in range(-12, 13):
        for mantissa in (1.0, -1.0, 2.23898, -9.996):
            neuron = empty.copy()
            neuron.show(Fixed(mantissa * 10.0**exponent))
            assert number_faults(neuron) <= {"off the middle"}, (mantissa, exponent)
            reach = max(np.hypot(*(corner - neuron.circle.get_center())[:2]) for corner in corners(neuron.number))
            assert reach < radius - 0.0125 - 0.015, (mantissa, exponent)


def corners(number):
    return [cell.get_corner([x, y, 0]) for cell in number for x in (-1, 1) for y in (-1, 1)]


def test_a_power_of_ten_stands_below_its_digits():
    number = NetworkDiagram(Network.random((1, 1), seed=0)).neuron(0, 0).show(Fixed(-3.2e-7)).number
    assert number.number.shown == "-3e-7"
    lines = sorted({round(float(cell.get_bottom()[1]), 1) for cell in number})
    assert len(lines) >= 2
    bounded = NetworkDiagram(Network.random((1, 1), seed=0)).neuron(1, 0).show(Fixed(3.2e-7)).number
    assert read(bounded) == "0.00"


# -- many layers, and names -------------------------------------------------------------------------------


def test_layers_that_have_no_room_are_dots():
    made = diagram(*[3] * 13, width=8.0)
    assert made.layers == [0, 1, 2, 3, 10, 11, 12]
    assert np.diff([made.layer(layer).get_x() for layer in made.layers[:4]]) == pytest.approx([8 / 7] * 3)
    assert len(made.ellipses) == 3
    for layer in (4, 10):
        with pytest.raises(KeyError):
            made.edge(layer, 0, 0)
        light = made.pulse(layer).animations[0].mobject
        assert light.get_start()[0] < made.ellipses.get_x() < light.get_end()[0]
    assert made.width <= 8.0 + 2 * 0.36 + 0.1
    assert made.edge(11, 0, 0) in made.edges(11).submobjects


@pytest.mark.parametrize("sizes", [(2, 3, 1), (784, 5, 10)])
def test_names_stand_beside_inputs_and_outputs_and_keep_to_their_width(sizes):
    inputs, outputs = (
        [f"{what} {j} of very many" for j in range(size)] for what, size in (("in", sizes[0]), ("out", sizes[-1]))
    )
    made = diagram(*sizes, input_names=inputs, output_names=outputs, name_width=1.5, width=6)
    for neuron in (*made.layer(0), *made.layer(2)):
        name = made.name_of(neuron.quantity.layer, neuron.quantity.j)
        assert name.width <= 1.5 + 1e-6
        assert name.font_size >= MIN_FONT_SIZE * (1 - 1e-6)
        assert name.string[:4] == (inputs if neuron.quantity.layer == 0 else outputs)[neuron.quantity.j][:4]
        side = -1 if neuron.quantity.layer == 0 else 1
        assert side * (name.get_edge_center([-side, 0, 0])[0] - neuron.get_edge_center([side, 0, 0])[0]) > 0.1
        assert name.get_y() == pytest.approx(neuron.get_y())
    assert len(made.names) == len(made.layer(0)) + len(made.layer(2))


def test_a_bad_number_would_be_noticed():
    def fault(plant):
        neuron = diagram(1, 1).neuron(1, 0).show(Fixed(0.5))
        plant(neuron)
        return number_faults(neuron)

    assert "sticks out" in fault(lambda n: n.number.scale(1.5))
    assert fault(lambda n: n.number.shift([0.05, 0, 0])) == {"off the middle"}
    assert fault(lambda n: n.number.scale(0.5)) == {"too small"}
    assert fault(lambda n: n.number.set_fill("#888888")) == {"too faint"}


def test_the_fill_grows_with_the_activations_size():
    neuron = diagram(1, 1).neuron(1, 0)

    def light(value):
        return contrast(neuron.show(Fixed(value)).circle.get_fill_color().to_hex(), "#000000")

    lights = [light(value) for value in np.linspace(0, 1, 21)]
    assert all(a < b for a, b in itertools.pairwise(lights))
    assert [light(-value) for value in np.linspace(0, 1, 21)] == lights
    assert light(7.0) == light(1.0) == lights[-1]
    assert contrast(neuron.show(Fixed(0.0)).circle.get_fill_color().to_hex(), theme.surface) == pytest.approx(1)


def test_before_it_is_shown_a_neuron_is_empty():
    neuron = diagram(2, 1).neuron(0, 1)
    assert neuron.number is None
    assert neuron.circle.get_fill_color().to_hex() == theme.surface


def test_a_diagram_shows_the_traces_activations():
    made, trace = NetworkDiagram(EXAMPLE.network, decimals=3), EXAMPLE.trace()
    made.show(trace, layers=range(2))
    assert made.neuron(2, 0).number is None
    made.show(trace)
    for layer in range(3):
        for neuron in made.layer(layer):
            assert read(neuron.number) == f"{trace.value(neuron.quantity):.3f}"


def test_a_neuron_is_revealed():
    made, trace = NetworkDiagram(EXAMPLE.network), EXAMPLE.trace()
    neuron = made.neuron(0, 2)
    expected = NetworkDiagram(EXAMPLE.network).show(trace).neuron(0, 2)
    fills = []

    def construct(scene):
        scene.add(made)
        animations = neuron.reveal(trace)
        fills.append(neuron.circle.get_fill_color().to_hex())
        scene.play(*animations)
        fills.append(neuron.circle.get_fill_color().to_hex())

    scene = in_chapter(construct)
    assert fills == [theme.surface, expected.circle.get_fill_color().to_hex()]
    assert number_faults(neuron) == set()
    assert {cell.get_fill_opacity() for cell in neuron.number} == {1}
    assert made in scene.mobjects
    assert len([m for m in scene.get_mobject_family_members() if m is neuron.number]) == 1


# -- light ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backward", [False, True])
def test_a_pulse_runs_along_every_edge_into_a_layer(backward):
    made = diagram(3, 4, 2)
    lights = [animation.mobject for animation in made.pulse(1, backward=backward).animations]
    assert len(lights) == len(made.edges(1)) == 12
    for light in lights:
        assert (light.get_start()[0] > light.get_end()[0]) == backward
    assert {light.get_color().to_hex() for light in lights} == {theme.highlight if backward else theme.ink}


def test_a_pulse_from_one_neuron():
    made = diagram(3, 4, 2)
    lights = [animation.mobject for animation in made.pulse(2, source=1).animations]
    assert len(lights) == 2
    for light in lights:
        assert np.linalg.norm(light.get_start() - made.neuron(1, 1).get_center()) < 0.5
    assert {light.get_color().to_hex() for light in lights} == {theme.highlight}


def test_edges_by_other_numbers_lie_on_the_edges():
    example = network_example(2, 3, 2)
    trace = example.trace()
    diagram = NetworkDiagram(example.network)
    values = {q: trace.derivative(q) for q in example.network.parameters if isinstance(q, Weight)}
    edges = diagram.edges_by(values, color="#B79CFF")
    assert set(edges) == set(values)
    largest = max(map(abs, values.values()))
    for weight, edge in edges.items():
        drawn = diagram.edge(weight.layer, weight.j, weight.k)
        assert np.allclose([edge.get_start(), edge.get_end()], [drawn.get_start(), drawn.get_end()], atol=0.1)
        assert isinstance(edge, DashedLine) == (values[weight] < 0)
        assert edge.get_stroke_width() == pytest.approx(1.5 + 5 * abs(values[weight]) / largest)
        assert edge.get_color().to_hex() == "#B79CFF"


@pytest.mark.parametrize("value", [17.35, -0.14, 0.5])
def test_the_widest_edges_end_clear_of_a_number(value):
    """From wherever they come; one that comes towards a corner of the number is nearest to it."""
    target = Neuron(Activation(1, 0), radius=0.38).show(Fixed(value))
    sources = [Neuron(Activation(0, 0), radius=0.38).shift([-2.2, height, 0]) for height in np.linspace(-2, 2, 41)]
    edges = [network_diagram._edge(source, target, -1.0, 1.0) for source in sources]
    assert [faults_of(target, edge) for edge in edges] == [[]] * len(edges)


def test_a_layer_may_be_spread_where_the_height_allows():
    made = NetworkDiagram(Network.random((3, 5, 2), seed=1), height=4.0, radius=0.3, spread={0: 1.4, 2: 9.0})
    ys = {layer: [neuron.get_y() for neuron in made.layer(layer)] for layer in (0, 1, 2)}
    assert np.diff(ys[0]) == pytest.approx([-1.4, -1.4])
    assert np.diff(ys[1]) == pytest.approx([-0.96] * 4)
    assert ys[2] == pytest.approx([2.0, -2.0])
