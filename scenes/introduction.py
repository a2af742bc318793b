"""Chapter 1, introduction: a network, its cost, the gradient of the cost, and the plan."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, Animation, FadeIn, FadeOut, Indicate, LaggedStart, Mobject, VGroup

from backprop_math import Example, Notation, load_example
from backprop_math.expression import Relation
from backprop_math.quantities import Cost, Target
from scenes.kit import Chapter, Compose, Dim, Formula, GradientColumn, NetworkDiagram, theme


class Introduction(Chapter):
    """Backpropagation computes the gradient of the cost; the film explains how, on the simplest network."""

    title = "Introduction"
    place = (1, 7)
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
        with self.say(
            "A neural network: every edge has a weight, every neuron a bias. "
            "Numbers go in on the left; layer by layer, they become an output.",
            key="network",
        ):
            self.play(
                LaggedStart(*(FadeIn(self.diagram.layer(layer)) for layer in layers), lag_ratio=0.3), run_time=1.2
            )
            self.play(
                LaggedStart(*(FadeIn(self.diagram.edges(layer)) for layer in layers[1:]), lag_ratio=0.4), run_time=1.6
            )
            self.remove(*self.diagram)
            self.add(self.diagram)
            self.read()
            self.play(*self._reveal(0), run_time=0.7)
            for layer in layers[1:]:
                self.play(self.diagram.pulse(layer), run_time=0.7)
                self.play(*self._reveal(layer), run_time=0.5)

    def _reveal(self, layer: int) -> list[Animation]:
        return [animation for neuron in self.diagram.layer(layer) for animation in neuron.reveal(self.trace)]

    def its_cost(self) -> None:
        """The outputs against the desired outputs: one number."""
        network, notation = self.example.network, self.notation
        self.targets = VGroup()
        for neuron in self.diagram.layer(network.L):
            target = Target(neuron.quantity.j)
            value = Formula(Relation((notation.symbol(target), notation.number(target, self.trace))), 0.42)
            self.targets.add(value.next_to(neuron, RIGHT, buff=0.3))
        symbols = notation.definition(Cost())
        numbers = notation.with_numbers(symbols, self.trace)
        cost = Formula(Relation((symbols.sides[0], *numbers.sides[1:]), numbers.signs), 0.48)
        cost.fit(theme.formula_zone.width).move_to(theme.formula_zone.center)
        moves: list[tuple[Mobject, Mobject]] = []
        for neuron, shown in zip(self.diagram.layer(network.L), self.targets, strict=True):
            moves.append((shown.side(1), cost.quantity(Target(neuron.quantity.j))))
            moves.append((neuron.number, cost.quantity(neuron.quantity)))
        with self.say(
            "These are the outputs that we want. The cost measures how far off they are: "
            f"one number, {self.shown(self.trace.value(Cost()))}.",
            key="cost",
        ):
            self.play(FadeIn(self.targets, shift=0.2 * LEFT))
            self.read()
            self.play(Compose(cost, moves), run_time=1.6)
        self.cost = cost

    def the_gradient(self) -> None:
        """A column with one entry for each weight and bias."""
        count = len(list(self.example.network.parameters))
        self.gradient = GradientColumn(self.trace, self.notation).move_to([4.4, 0.62, 0])
        with self.say(
            f"The gradient says how the cost reacts to each of the {count} weights and biases. "
            "Backpropagation is the way to all of them.",
            key="gradient",
        ):
            self.play(VGroup(self.diagram, self.targets).animate.shift(2.55 * LEFT), run_time=0.9)
            self.play(FadeIn(self.gradient, shift=0.15 * DOWN), run_time=1.0)
            self.read()
            for layer in range(self.example.network.L, 0, -1):
                self.play(self.diagram.pulse(layer, backward=True), run_time=0.8)

    def the_plan(self) -> None:
        """A chain of nudges: from a weight, through the neurons that it reaches, to the cost."""
        network = self.example.network
        with self.say(
            "Underneath is the chain rule. People who build networks think of it "
            "as a nudge to one weight, which travels on to the cost.",
            key="plan",
        ):
            self.play(Dim(self.gradient, self.cost))
            self.read()
            first = VGroup(self.diagram.edge(1, 0, 0))
            self.play(Indicate(first, color=theme.highlight), run_time=1.0)
            for layer in range(1, network.L + 1):
                self.play(self.diagram.pulse(layer, source=0 if layer <= 2 else None), run_time=0.8)

    def down_to_the_simplest_network(self) -> None:
        """Layer by layer, the neurons become one."""
        simplest = load_example("simplest").network
        small = NetworkDiagram(simplest, width=9.6, radius=0.46).shift(0.55 * UP)
        last, end = self.example.network.L, simplest.L
        with self.say(
            "To see it clearly, take the simplest network: one neuron in each layer.",
            key="collapse",
        ):
            self.play(FadeOut(self.gradient, self.cost, self.targets))
            moves: list[tuple[Mobject, Mobject]] = [
                (neuron.circle, small.neuron(round(layer * end / last), 0).circle)
                for layer in range(last + 1)
                for neuron in self.diagram.layer(layer)
            ]
            self.play(Compose(small, moves, old=self.diagram, lag_ratio=0.06), run_time=2.4)
