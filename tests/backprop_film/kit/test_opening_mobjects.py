"""The opening's mobjects: answers, misses, dials, the gradient's bars, the sweep of light, and what counts the runs."""

import numpy as np
import pytest
from manim import PI, RIGHT, Circle

from backprop_film.kit import (
    AnswerLine,
    BackwardSweep,
    CostNode,
    Dials,
    GradientBars,
    LargeDial,
    Misses,
    Naming,
    NetworkDiagram,
    Readout,
)
from backprop_film.kit.theme import theme
from backprop_film.sets import (
    MeasuredInputs,
    ParameterKinds,
    RunsAgainstOne,
    TurnedWeightChapter,
    answer_in_words,
    small_nudge,
)
from backprop_math import Activation, Bias, Cost, Example, Network, Notation, Symbol, Weight, load_example

from .any_network import faults_of
from .stage import network_example, played

OPENING = load_example("introduction")
TRACE = OPENING.trace()
NOTATION = Notation(OPENING.network)


def test_an_answers_line_goes_from_0_to_1_and_its_gap_is_the_miss():
    line = AnswerLine(TRACE, 0, name="Gentoo", width=2.0)
    (left, right), miss = line.rail[0].get_start_and_end(), 1 - TRACE.forward.a[3][0]
    assert line.gap.get_length() == pytest.approx(2.0 * miss)
    assert line.tick.get_x() == pytest.approx(right[0])
    zero, one = line.rail[-2:]
    assert line.bounded
    assert zero.get_right()[0] < left[0] < right[0] < one.get_left()[0]
    line.shift([1.0, 2.0, 0.0])
    nudged = OPENING.with_values({Bias(3, 0): 3.0}).trace()
    line.show(nudged)
    assert line.dot.get_x() - line.rail[0].get_start()[0] == pytest.approx(2.0 * nudged.forward.a[3][0])
    assert left[0] < line.dot.get_x()


def test_an_answer_beyond_0_and_1_has_a_line_of_its_own():
    example = load_example("body_mass")
    line = AnswerLine(example.trace(), 0, name="a name that is much too long for so short a line")
    assert line.span[0] <= example.trace().forward.a[3][0] < 5000 <= line.span[1]
    assert line.label.get_right()[0] < line.truth.get_left()[0]


def test_beside_a_long_truth_the_name_keeps_its_room():
    example = Example.from_arrays([[[0.5]]], [[0.0]], [1.0], [-1.4722], activation="identity")
    line = AnswerLine(example.trace(), 0, name="a name", width=1.7)
    assert line.label.get_right()[0] < line.truth.get_left()[0]
    assert line.truth.string == "−1.4722"


def test_an_answer_that_is_the_truth_has_no_gap_and_a_ring_at_the_end_keeps_clear_of_its_number():
    example = Example.from_arrays([[[0.5]]], [[0.0]], [0.0], [0.0], activation="identity")
    line = AnswerLine(example.trace(), 0, name="a name")
    assert line.bounded
    assert line.gap.get_length() < 0.01
    ring = Circle(0.12, stroke_width=2.5).move_to(line.dot)
    assert not [fault for fault in faults_of(line.rail, ring) if "“0”" in fault]


def test_the_squares_areas_add_up_to_the_cost():
    misses = Misses(TRACE, NOTATION, width=4.2, height=2.2)
    a = TRACE.forward.a[3]
    areas = np.array([misses.shape(j).width * misses.shape(j).height for j in (0, 1)])
    assert areas[0] / areas[1] == pytest.approx((1 - a[0]) ** 2 / a[1] ** 2)
    assert misses.total.expression.text() == "C₀ ≈ 0.542 + 0.432 ≈ 0.974"
    # What is shown of a side gives what is shown of its area: 0.736² ≈ 0.542.
    shown = [(float(misses.side(j).expression.text()), float(misses.number(j).expression.text())) for j in (0, 1)]
    assert [round(side**2, 3) for side, _ in shown] == [area for _, area in shown]
    assert misses.total.expression.adds_up()
    assert len(misses.moves()) == 2


@pytest.mark.parametrize(("name", "shown"), [("three_species", 3), ("xor", 1), ("digits", 5), ("body_mass", 1)])
def test_any_cost_has_its_parts(name, shown):
    example = load_example(name)
    trace, notation = example.trace(), Notation(example.network)
    n = example.network.layers[-1]
    outputs = range(n) if n == shown else [0, 1, 2, n - 2, n - 1]
    misses = Misses(trace, notation, outputs, width=4.2, height=2.2)
    assert misses.width <= 4.2 + 1e-6
    assert misses.total.expression.adds_up()
    assert ("more" in misses.total.expression.text()) is (shown < n)
    heights = [misses.shape(j).height for j in outputs]
    assert max(heights) <= 2.2 + 1e-6


def test_dials_point_to_their_values():
    dials = Dials(OPENING.network, width=4.1, height=3.9)
    assert len(dials.shown) == len(OPENING.network.parameters) == 54
    largest = max(abs(OPENING.network.value(q)) for q in dials.shown)
    for q in (Weight(1, 0, 0), Bias(3, 1), Weight(2, 3, 4)):
        pointer = dials.dial(q)[1]
        turned = PI / 2 - pointer.get_angle()
        assert turned == pytest.approx(np.radians(135) * OPENING.network.value(q) / largest, abs=1e-6)
    assert dials.dial(Bias(1, 0))[0].get_stroke_color().to_hex() == theme.role(Bias)


def test_a_large_dial_turns_with_the_small_one():
    weight = Weight(1, 2, 2)
    dials = Dials(OPENING.network, width=4.1, height=3.9)
    large = LargeDial(dials, weight, radius=0.4).shift(3 * RIGHT)
    trace = OPENING.with_values({weight: 1.0}).trace()
    dials.show(trace)
    large.show(trace)
    small = dials.dial(weight)[1]
    assert large.pointer.get_angle() == pytest.approx(small.get_angle())
    assert large.pointer.get_start() == pytest.approx(large.ring.get_center())
    assert large[1].get_angle() != pytest.approx(small.get_angle())
    many = Dials(load_example("digits").network, width=4.1, height=3.9)
    assert len(many.shown) == 60
    assert (many.shown[0], many.shown[-1]) == (Weight(1, 0, 0), Bias(3, 9))
    with pytest.raises(KeyError):
        many.dial(Weight(2, 3, 3))


def test_every_entry_of_the_gradient_is_a_bar_of_its_length_and_sign():
    bars = GradientBars(TRACE, NOTATION, width=2.0, height=5.0)
    slopes = {q: TRACE.derivative(q) for q in OPENING.network.parameters}
    largest = max(map(abs, slopes.values()))
    for q, slope in slopes.items():
        bar = bars.bar(q)
        assert bar.width == pytest.approx(max(0.9 * abs(slope) / largest, 0.012))
        assert bool(bar.get_x() > bars.axis.get_x()) is bool(slope > 0)
    heights = [bars.bar(q).get_y() for q in OPENING.network.parameters]
    assert heights == sorted(heights, reverse=True)
    spelled = [entry[1].expression.text() for entry in bars.entries()]
    assert spelled == ["∂C₀/∂b₁⁽ᴸ⁾ ≈ 0.2961", "∂C₀/∂b₂⁽ᴸ⁻¹⁾ ≈ 0.1989", "∂C₀/∂b₂⁽ᴸ⁻²⁾ ≈ −0.0545"]


@pytest.mark.parametrize("sizes", [(784, 16, 16, 10), (2, *[3] * 12), (1, 1), (30, 1000, 2)])
def test_the_column_of_any_network(sizes):
    example = network_example(*sizes)
    bars = GradientBars(example.trace(), Notation(example.network), width=2.1, height=4.9)
    assert len(bars.bars) <= 100
    assert bars.bars.height <= 4.9 + 1e-6
    assert Weight(1, 0, 0) in bars
    assert Bias(len(sizes) - 1, sizes[-1] - 1) in bars
    ys = sorted(entry.get_y() for entry in bars.entries())
    assert min(np.diff(ys), default=1.0) > 0.9


def test_light_runs_back_and_fills_the_column():
    diagram = NetworkDiagram(OPENING.network, width=4.2, height=3.6, radius=0.3).show(TRACE)
    cost = CostNode(TRACE, NOTATION, diagram)
    bars = GradientBars(TRACE, NOTATION)
    runs = RunsAgainstOne(54)
    bars.bars.set_fill(opacity=0)
    sweep = BackwardSweep(diagram, bars, cost_edges=[cost.edge(0), cost.edge(1)], arrow=runs)
    shown = []
    for alpha in (0.0, 0.25, 0.5, 0.75, 1.0):
        sweep.interpolate(alpha)
        seen = [q for q in OPENING.network.parameters if bars.bar(q).get_fill_opacity() > 0]
        shown.append(len(seen))
        # The last layers first, each from its end.
        assert seen == list(OPENING.network.parameters)[54 - len(seen) :]
        assert bars.count[0].number.value == len(seen)
    assert shown[0] == 0
    assert sorted(shown) == shown
    assert shown[-1] == 54
    assert 0 < shown[2] < 54
    highlight = theme.highlight
    assert {neuron.circle.get_stroke_color().to_hex() for neuron in diagram.layer(0)} == {highlight}


def test_the_sweep_is_played_over_what_stands():
    """Bars, neurons and the count move with it: they are not left behind as a still background."""

    def construct(scene):
        diagram = NetworkDiagram(OPENING.network, width=4.2, height=3.6, radius=0.3).show(TRACE)
        bars = GradientBars(TRACE, NOTATION).shift([4, 0, 0])
        bars.bars.set_fill(opacity=0)
        sweep = BackwardSweep(diagram, bars, run_time=0.3)
        scene.add(diagram, bars, sweep.light)
        moving = set(map(id, sweep.mobject.get_family()))
        assert {id(part) for part in [*bars.bars, *bars.count, diagram.neuron(1, 0)]} <= moving
        scene.play(sweep)
        scene.bars = bars

    assert all(bar.get_fill_opacity() == 1 for bar in played(construct).bars.bars)


def test_runs_are_counted_one_by_one():
    runs = RunsAgainstOne(54, width=6.2)
    runs.run(0.5)
    lit = [chevron.get_stroke_opacity() > 0 for chevron in runs.chevrons]
    assert (sum(lit), runs.number.number.value) == (27, 27)
    runs.shift([1.0, -1.0, 0.0]).reach(1.0)
    assert runs.arrow.get_end()[0] == pytest.approx(runs.forward[1].get_left()[0], abs=1e-6)
    assert len(RunsAgainstOne(13_002).chevrons) == 63
    few = RunsAgainstOne(
        6, buff=1.02, each="runs forward, one for each number", of_many="1,000,000 weights: 1,000,000 runs"
    )
    assert few.back[1].get_top()[1] < few.many.get_bottom()[1] < few.many.get_top()[1] < few.chevrons.get_bottom()[1]


def test_the_nudge_is_small_and_keeps_the_sign():
    diagram = NetworkDiagram(OPENING.network)
    nudge = small_nudge(OPENING, OPENING.network.parameters, diagram)
    assert (str(nudge.quantity), nudge.by) == ("w[1][2,2]", -0.2)
    assert nudge.change(Cost()) == pytest.approx(nudge.by * TRACE.derivative(nudge.quantity), rel=0.05)


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (OPENING, "The network says: Gentoo 0.26, Adélie 0.66. But it is a Gentoo. Not convinced."),
        (load_example("xor"), "The network says: only one 0.50. The truth: this. Not convinced."),
        (load_example("digits"), "It gives 10 numbers. The truth: one. Not convinced."),
        (load_example("several"), "The network says: Gentoo 0.66. But it is a Gentoo. Not convinced."),
    ],
)  # fmt: skip
def test_what_is_said_of_an_answer(example, words):
    assert answer_in_words(example.trace(), example, Naming(example)) == words


def test_an_answer_without_names():
    example = Example("x", "", Network.random((2, 2), seed=1), np.array([[0.1, 0.2]]), np.array([[1.0, 0.0]]))
    words = answer_in_words(example.trace(), example, Naming(example))
    assert words.startswith("The network says: output 1 0.")
    assert "This is what should have come out." in words


def test_an_entry_that_was_talked_about_takes_the_place_of_its_layers_largest():
    bars = GradientBars(TRACE, NOTATION, width=2.1, height=4.9)
    weight = Weight(1, 2, 2)
    spelled = [entry[1].expression.text() for entry in bars.entries({weight: Symbol("w", quantity=weight)})]
    assert [text.partition(" ")[0] for text in spelled] == ["∂C₀/∂b₁⁽ᴸ⁾", "∂C₀/∂b₂⁽ᴸ⁻¹⁾", "∂C₀/∂w"]
    assert spelled[-1] == f"∂C₀/∂w ≈ −{-TRACE.derivative(weight):.4f}"


def test_an_entrys_dash_is_there_until_its_bar_is():
    diagram = NetworkDiagram(OPENING.network, width=4.2, height=3.6, radius=0.3).show(TRACE)
    bars = GradientBars(TRACE, NOTATION)
    sweep = BackwardSweep(diagram, bars)
    for part in (0.0, 0.5, 1.0):
        sweep.interpolate(part)
        for q in OPENING.network.parameters:
            assert (bars.place(q).get_stroke_opacity() > 0) is (bars.bar(q).get_fill_opacity() == 0)


def test_what_was_measured_is_scaled_before_it_goes_in():
    """225 mm lies at 0.90 between 172 mm, which is 0, and 231 mm, which is 1; each number beside what it comes from."""
    diagram = NetworkDiagram(OPENING.network, width=4.3, height=3.8, radius=0.3, spread={0: 1.45})
    measured = MeasuredInputs(Naming(OPENING), diagram.move_to([1.3, 0.5, 0]))
    scaling = measured.scaling
    assert [figure.expression.text() for figure in measured.scaled] == ["0.65", "0.23", "0.90"]
    assert ([text.string for _, text in scaling.ends], [it.expression.text() for it in scaling.bounds]) == (
        ["172", "231"], ["0", "1"]
    )  # fmt: skip
    rail = scaling.rail
    for (tick, text), at in zip(scaling.ends, rail.get_start_and_end(), strict=True):
        assert tick.get_x() == pytest.approx(text.get_x()) == pytest.approx(at[0])
    assert (scaling.dot.get_x() - rail.get_left()[0]) / rail.width == pytest.approx((225 - 172) / (231 - 172))
    assert measured.scaled[-1].get_x() == pytest.approx(scaling.dot.get_x())
    # What goes in is the neurons' own number, from where the figure stood: there are never two.
    inputs, starts = diagram.layer(0), [figure.get_center() for figure in measured.scaled]
    goes, _ = measured.go_in(TRACE)
    for neuron, start in zip(inputs, starts, strict=True):
        assert neuron.number.get_center() == pytest.approx(start)
        assert neuron.number.saved_state.get_center() == pytest.approx(neuron.circle.get_center())
    assert [type(move).__name__ for move in goes] == ["MoveToTarget", "FadeOut"] * 3


def test_a_change_has_arrived_in_a_layer_before_it_goes_on_to_the_next():
    """Weight, neuron, outputs, cost: none in one play with another; the outputs with as many decimals as the cost."""
    example = network_example(2, 3, 2)

    def construct(scene):
        scene.diagram = NetworkDiagram(example.network, width=4, height=3, radius=0.3).show(example.trace())
        scene.cost = CostNode(example.trace(), Notation(example.network), scene.diagram)
        scene.dials = Dials(example.network, width=3, height=3).shift([4.5, 0, 0])
        scene.add(scene.diagram, scene.cost, scene.dials)
        nudge = small_nudge(example, scene.dials.shown, scene.diagram)
        neuron = scene.diagram.neuron(1, nudge.quantity.j)
        scene.states = []

        def look(scene):
            numbers = [m for m in scene.get_mobject_family_members() if isinstance(m, Readout) and m.quantity]
            fine = [m.number.shown for m in numbers if m.decimals >= 4 and isinstance(m.quantity, Activation)]
            weight, cost = ([m.value for m in numbers if m.quantity == q] for q in (nudge.quantity, Cost()))
            outputs = [one.number.value for one in scene.diagram.layer(2)]
            scene.states.append((fine, [weight, neuron.number.value, outputs, cost]))

        scene.observers.append(look)
        scene.one_is_turned_a_little()

    states = played(construct, base=TurnedWeightChapter, fps=5, example=example).states
    assert all(len(fine) == 2 for fine, _ in states[:-1])
    first = [next(play for play, (_, now) in enumerate(states) if now[i] != states[0][1][i]) for i in range(4)]
    assert first == sorted(set(first))


def test_weights_and_biases_are_counted_in_one_row():
    small, large = (ParameterKinds(network_example(*sizes).network) for sizes in ((1, 1), (100, 300)))
    assert [part.string for part in small] == ["1 weight", "+", "1 bias", "= 2"]
    assert [part.string for part in large] == ["30,000 weights", "+", "300 biases", "= 30,300"]
    assert large.width <= 5.0
