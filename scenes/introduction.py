"""Chapter 1, introduction: a network, its cost, the gradient of the cost, and the plan."""

from __future__ import annotations

from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    VGroup,
    there_and_back,
)

from backprop_film.kit import (
    ChangeQuantity,
    Chapter,
    Compose,
    Dim,
    Formula,
    GradientColumn,
    NetworkDiagram,
    Nothing,
    Readout,
    Underscore,
    theme,
)
from backprop_math import Bias, Cost, Example, Notation, Parameter, Relation, Target, load_example

#: The nudge to one weight, large enough to be seen in the last layer.
FAR = 1.0


class Introduction(Chapter):
    """Backpropagation computes the gradient of the cost; the film explains how, on the simplest network."""

    title = "Introduction"
    example_name = "introduction"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Networks with 2 to 5 layers of several neurons."""
        sizes = example.network.layers
        if max(sizes) == 1:
            return f"this chapter needs layers of several neurons, the example {example.name!r} has one in each"
        if not 3 <= len(sizes) <= 6:
            return (
                f"this chapter needs 2 to 5 layers after the input, the example {example.name!r} has {len(sizes) - 1}"
            )
        return None

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.a_network_runs_forward()
        self.its_cost()
        self.the_gradient()
        self.the_plan()
        self.down_to_the_simplest_network()

    def a_network_runs_forward(self) -> None:
        """Edges from the real weights; the activations light up layer by layer."""
        network = self.example.network
        self.notation = Notation(network, layers="absolute")
        self.diagram = NetworkDiagram(network, width=5.5, height=4.0, radius=0.36).move_to([-0.7, 0.62, 0])
        layers = range(len(network.layers))
        rings = [neuron.circle for layer in layers[1:] for neuron in self.diagram.layer(layer)]
        with self.say(
            "A neural network. Each edge has a weight: thick for large, dashed for negative. "
            "Each neuron after the input has a bias. "
            "Numbers go in on the left; layer by layer, they become an output.",
            key="network",
        ):
            self.play(
                LaggedStart(*(FadeIn(self.diagram.layer(layer)) for layer in layers), lag_ratio=0.3), run_time=1.0
            )
            self.read()
            self.play(
                LaggedStart(*(FadeIn(self.diagram.edges(layer)) for layer in layers[1:]), lag_ratio=0.4), run_time=1.6
            )
            self.remove(*self.diagram)
            self.add(self.diagram)
            self.read()
            pink = {"color": theme.roles[Bias], "width": 5}
            self.play(*(ring.animate(rate_func=there_and_back).set_stroke(**pink) for ring in rings), run_time=1.4)
            self.read()
            self.play(*self.diagram.reveal(0, self.trace), run_time=0.6)
            for layer in layers[1:]:
                self.play(self.diagram.pulse(layer), run_time=0.7)
                self.play(*self.diagram.reveal(layer, self.trace), run_time=0.5)

    def its_cost(self) -> None:
        """The outputs against the desired outputs: one number."""
        network, notation = self.example.network, self.notation
        outputs = list(self.diagram.layer(network.L))
        self.targets = VGroup()
        for neuron in outputs:
            target = Target(neuron.quantity.j)
            value = Formula(Relation((notation.symbol(target), notation.number(target, self.trace))), font_size=40.32)
            self.targets.add(value.next_to(neuron, RIGHT, buff=0.3))
        symbols = notation.definition(Cost())
        numbers = notation.with_numbers(symbols, self.trace)
        self.cost = Formula(Relation((symbols.sides[0], *numbers.sides[1:]), numbers.signs), font_size=46.08)
        self.cost.fit(theme.formula_zone.width).move_to(theme.formula_zone.center)
        moves: list[tuple[Mobject, Mobject]] = []
        for neuron, shown in zip(outputs, self.targets, strict=True):
            target = Target(neuron.quantity.j)
            if any(number.quantity == target for number in self.cost.numbers):
                moves.append((shown.side(1), self.cost.quantity(target)))
                moves.append((neuron.number, self.cost.quantity(neuron.quantity)))
        with self.say(
            "These are the outputs that we want. The cost measures how far off they are: "
            f"one number, {self.shown(self.trace.value(Cost()))}.",
            key="cost",
        ):
            self.play(FadeIn(self.targets, shift=0.2 * LEFT))
            self.read()
            self.play(Compose(self.cost, moves, lag_ratio=0.1), run_time=1.8)

    def the_gradient(self) -> None:
        """A column with one entry for each weight and bias; symbols come from their edges and neurons."""
        network = self.example.network
        parameters = network.parameters
        self.gradient = GradientColumn(self.trace, self.notation).move_to([4.4, 0.62, 0])
        shown = self.gradient.shown
        with self.say(
            f"The gradient says how the cost reacts to each of the {len(parameters)} weights and biases. "
            "Backpropagation is the way to all of them.",
            key="gradient",
        ):
            self.play(VGroup(self.diagram, self.targets).animate.shift(2.55 * LEFT), run_time=0.9)
            moves = [(self._place_of(q), self.gradient.entry(q)[0]) for q in shown]
            self.play(Compose(self.gradient, moves, lag_ratio=0.1), run_time=2.0)
            self.read()
            for layer in range(network.L, 0, -1):
                entries = [Underscore(self.gradient.value(q)) for q in shown if q.layer == layer]
                self.play(self.diagram.pulse(layer, backward=True), *entries, run_time=1.0)

    def _place_of(self, quantity: Parameter) -> Mobject:
        """Where a parameter is in the diagram: its edge, or its neuron's circle."""
        if isinstance(quantity, Bias):
            # Without its fill, which would cover the number that stands there.
            return self.diagram.neuron(quantity.layer, quantity.j).circle.copy().set_fill(opacity=0)
        return self.diagram.edge(quantity.layer, *quantity.indices)

    def the_plan(self) -> None:
        """One weight is nudged: its neuron moves, then the layers after it, then the cost, all calculated anew."""
        network, notation = self.example.network, self.notation
        first = [q for q in self.diagram.weights if q.layer == 1]
        weight = max(first, key=lambda q: abs(self.trace.derivative(q)))
        value = self.trace.value(weight)
        live, numbers = VGroup(), []
        cost = Relation((notation.symbol(Cost()), Nothing()), ("≈",))
        for q, shown, decimals in ((weight, notation.symbol(weight), 2), (Cost(), cost, 4)):
            name = Formula(shown, font_size=51.84)
            numbers.append(Readout(self.trace, q, decimals=decimals, font_size=51.84))
            live.add(VGroup(name, numbers[-1]).arrange(RIGHT, buff=0.2 if shown is cost else 0.5))
        live.arrange(RIGHT, buff=1.6).set_x(0)
        for pair in live:
            pair[1].on_baseline(pair[0].on_baseline(theme.formula_zone.center[1]).baseline)
        name, number = live[1]
        edge = self.diagram.edge(1, weight.j, weight.k)
        lit = [self.diagram.edges(2, source=weight.j)]
        lit += [self.diagram.edges(layer) for layer in range(3, network.L + 1)]
        followers = [self.diagram.neuron(1, weight.j)]
        followers += [neuron for layer in range(2, network.L + 1) for neuron in self.diagram.layer(layer)]
        with self.say(
            "This film shows how people who build networks think of the chain rule: as nudges that are passed on. "
            "Nudge one weight. It moves one neuron, then the layers after it, and in the end the cost.",
            key="plan",
        ):
            self.play(
                Dim(self.gradient, self.targets, *(self.diagram.edges(layer) for layer in range(1, network.L + 1))),
                Compose(live[1], [(self.cost.side(0), name[:2]), (self.cost.side(-1), number)], old=self.cost),
            )
            self.reach("as nudges")
            self.play(edge.animate.set_stroke(theme.highlight, 7, opacity=1), FadeIn(live[0], target_position=edge))
            self.read()
            for edges in lit:
                self.play(*self._light(edges), run_time=0.6)
            self.read()
            there = {"lag": 0.08, "run_time": 1.8}
            self.play(ChangeQuantity(self.example, weight, value, value + FAR, [*followers, *numbers], **there))
            self.play(ChangeQuantity(self.example, weight, value + FAR, value, [*followers, *numbers], **there))
        self.live = live

    def _light(self, edges: VGroup) -> list[Animation]:
        return [edge.animate.set_stroke(theme.highlight, opacity=1) for edge in edges]

    def down_to_the_simplest_network(self) -> None:
        """The neurons of each layer become one."""
        simplest = load_example("simplest").network
        small = NetworkDiagram(simplest, width=9.6, radius=0.46).shift(0.55 * UP)
        last, end = self.example.network.L, simplest.L

        def place(layer: int) -> int:
            return round(layer * end / last)

        moves: list[tuple[Mobject, Mobject]] = []
        gone: list[Mobject] = [self.diagram.edges(layer) for layer in range(1, last + 1)]
        for layer in range(last + 1):
            moves += [(neuron.circle, small.neuron(place(layer), 0).circle) for neuron in self.diagram.layer(layer)]
            gone += [neuron.number for neuron in self.diagram.layer(layer)]
        with self.say(
            "To see it clearly, take the simplest network: one neuron in each layer.",
            key="collapse",
        ):
            self.play(FadeOut(self.gradient, self.live, self.targets, *gone), run_time=0.9)
            self.play(Compose(small, moves, old=self.diagram, lag_ratio=0.03), run_time=2.6)
