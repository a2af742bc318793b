"""Chapter 12, reverse mode: a formula that is no network, its derivatives forward and in reverse, and their price."""

from __future__ import annotations

from contextlib import suppress

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, Indicate, LaggedStart, VGroup, there_and_back

from backprop_film.kit import (
    CostNode,
    Formula,
    NetworkDiagram,
    Pulse,
    Underscore,
    formula_line,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    CountedWays,
    FormulaNudge,
    SweepChapter,
    counted,
    flash,
    instead,
    neuron_radius,
)
from backprop_math import Bias, Number, Relation, Weight, load_example
from backprop_math.autodiff import forward_steps, reverse_steps
from backprop_math.formula import fewest_decimals

#: The formula's width at its largest, by how much it may be too wide for that, its height, and what it shrinks to.
WIDE, LONG, TALL, SMALL = 11.5, 1.3, 1.9, 0.65
#: The network whose weights and biases are counted.
LARGE = "digits"


class ReverseMode(SweepChapter):
    """A formula's graph; a sweep forward for each input, one sweep back for all of them; and that a network is one."""

    title = "Reverse mode"
    question = "Where is the automatic differentiation in this?"
    example_name = "introduction"
    formula, at = "x*y + sin(x)", {"x": 2.0, "y": 3.0}

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.lay_out()
        self.the_question(leave=True)
        self.a_formula_in_small_steps()
        self.the_value()
        self.each_step_knows_its_derivative()
        self.forward_mode()
        self.reverse_mode()
        self.what_it_takes()
        self.what_is_automatic()

    @property
    def written(self) -> Formula:
        """The formula; one so long that nobody could read it, by its last step alone."""
        with suppress(ValueError):  # of more symbols than are written out
            whole = Relation((self.graph.symbol(self.f), self.graph.formula(self.f)))
            formula = Formula(whole, font_size=60)
            if formula.width <= LONG * WIDE and formula.height <= TALL:
                return formula
        return Formula(self.graph.definition(self.f), font_size=60)

    def a_formula_in_small_steps(self) -> None:
        """The formula becomes a graph, a node for each operation."""
        written = self.written
        formula = written.scale_to_fit_width(min(written.width, WIDE)).move_to([0, 0.75, 0])
        with self.say(
            "Take a formula that is no network. "
            "It is calculated in small steps, one operation at a time. "
            "Each step is a node, and each arrow says what goes into it.",
            key="graph",
        ):
            self.play(*instead([self.card], [formula]))
            self.reach("It is calculated")
            self.play(formula.animate.scale(SMALL).move_to(theme.formula_zone.center), run_time=1.0)
            self.play(FadeIn(*map(self.diagram.node, self.inputs)), run_time=0.8)
            self.reach("Each step")
            for node in self.steps:
                arrows = self.diagram.edges_into(node)
                self.play(*map(Create, arrows), FadeIn(self.diagram.node(node)), run_time=self.pace(self.steps))
        self.line = formula

    def the_value(self) -> None:
        """The inputs get their values, and each step calculates one number."""
        given = ", ".join(f"{self.graph.symbol(node).text()} is {_brief(node.value)}" for node in self.inputs[:4])
        with self.say(f"Put numbers in: {given}. Step by step, they become the value.", key="value"):
            self.play(*self.valued(self.inputs), run_time=0.9)
            self.reach("Step by step")
            for node in self.steps:
                relation = self.graph.definition(node).followed_by(self.graph.with_numbers(node, self.decimals))
                self.write(relation, run_time=self.pace(self.steps))
                self.play(*self.valued([node]), run_time=0.4)

    def each_step_knows_its_derivative(self) -> None:
        """The formula of each edge's own derivative; its number stays at the arrow."""
        edges = [(node, parent) for node in self.steps for parent in node.parents]
        self.factors = self.diagram.factors
        with self.say(
            "Each step also knows its own derivative, for each arrow that goes in. "
            f"{'It stays at its arrow, as a factor.' if self.factors else ''}",
            key="local",
        ):
            for edge in edges:
                symbol, local = self.graph.derivative_symbol(*edge), self.graph.local_derivative(*edge)
                relation = Relation((symbol, local))
                if not isinstance(local, Number):
                    relation = relation.followed_by(self.graph.local_with_numbers(*edge, self.decimals))
                comes = [FadeIn(self.factors[edge])] if edge in self.factors else []
                self.write(relation, flash(self.diagram.edge(*edge)), *comes, run_time=self.pace(edges))
            if self.factors:
                self.reach("It stays")
                self.play(*(Indicate(factor, color=None) for factor in self.factors.values()), run_time=1.2)

    def forward_mode(self) -> None:
        """A sweep for each input: a nudge of it, followed forward."""
        first, *others = self.inputs
        name = self.graph.symbol(first).text()
        again = "For each other input, it all starts again." if others else ""
        nudge = FormulaNudge(self.graph, first)
        near = "was near it" if nudge.differ else "was the same"
        f, times = self.graph.symbol(self.f).text(), nudge.times.text()
        with self.say(
            f"Now nudge {name} by {nudge.changes[first].text()}, and follow it forward: each node moves in its turn. "
            f"At the end, {f} has moved {times} times as far as {name}. "
            f"Without a nudge, derivatives do the same. At {name} itself it is 1. "
            "Each node gets its own from those before it, times the factor. "
            f"At the end stands one derivative, and the nudge's ratio {near}. {again}",
            key="forward",
        ):
            self.play(FadeOut(self.line), Indicate(self.diagram.node(first), color=None), run_time=0.8)
            self.line = VGroup()
            moved = self.follow(nudge)
            self.reach("At the end")
            self.write(nudge.ratio, run_time=1.0)
            self.play(Underscore(self.line.side(-1)), run_time=1.0)
            self.reach("Without")
            self.play(FadeOut(self.line, moved), run_time=0.6)
            self.line = VGroup()
            self.reach(f"At {name}")
            self.start(first)
            self.reach("Each node")
            self.sweep(forward_steps(self.graph, first, self.decimals), backward=False)
            self.reach("At the end")
            self.play(*([Underscore(self.found[self.f])] if self.diagram.detailed else []),
                      *instead([self.line], [both := self.beside_the_ratio(nudge)]), run_time=1.2)  # fmt: skip
            self.line = both
            for wrt in others[:2]:
                self.reach(again) if wrt is others[0] else None
                self.play(*self.cleared(), run_time=0.5)
                self.start(wrt)
                self.sweep(forward_steps(self.graph, wrt, self.decimals), backward=False)

    def beside_the_ratio(self, nudge: FormulaNudge) -> VGroup:
        """The derivative, and before it the ratio of the nudge, where both have room."""
        both = VGroup(*map(formula_line, (nudge.ratio, nudge.derivative)))
        both.arrange(RIGHT, buff=1.2).move_to(theme.formula_zone.center)
        return both if both.width < theme.formula_zone.width else both[1:].move_to(theme.formula_zone.center)

    def reverse_mode(self) -> None:
        """One sweep from the end, for all inputs."""
        name = self.graph.symbol(self.f).text()
        with self.say(
            f"Now start at the other end. At {name} the derivative is 1. "
            "Go back: each node gets its own from those after it, times the factor. "
            "Where paths meet, they are added up. "
            "One sweep, and every input has its derivative. "
            "A viewer asked: is that just a complicated way of saying partial derivative? "
            "It is a way to find all of them at once.",
            key="reverse",
        ):
            self.play(*self.cleared(), run_time=0.6)
            self.reach(f"At {name}")
            self.start(self.f)
            self.reach("Go back")
            self.sweep(reverse_steps(self.graph, self.f, self.decimals), backward=True, meeting="Where paths")
            self.reach("One sweep")
            if self.diagram.detailed:
                self.play(*(Underscore(self.found[node]) for node in self.inputs), run_time=1.2)
            else:
                self.play(*(Indicate(self.diagram.node(node), color=None) for node in self.inputs), run_time=1.2)
            self.reach("A viewer asked")
            asked = (Indicate(self.diagram.node(node), color=None) for node in self.inputs)
            self.play(LaggedStart(*asked, lag_ratio=0.6), run_time=1.6)
            self.reach("It is a way")
            ways = [way for node in reversed(self.steps) for way in self.diagram.edges_into(node)]
            self.play(LaggedStart(*(flash(way, backward=True) for way in ways), lag_ratio=0.4), run_time=2.5)

    def what_it_takes(self) -> None:
        """Runs, sweeps and products counted, for the formula and for a network."""
        few = len(self.inputs)
        self.ways = ways = CountedWays(load_example(LARGE).trace(), few)
        gone = [self.diagram, self.line, *self.values.values(), *self.found.values(), *self.factors.values()]
        with self.say(
            f"For {counted(few, 'inputs')} it makes little difference. "
            f"A network that reads digits has {ways.parameters} weights and biases. "
            f"To nudge each takes {ways.runs}; forward mode takes {ways.sweeps}. "
            "In reverse it is one sweep. "
            f"Count the products. A run takes one for each weight: {ways.run}. "
            "A sweep forward goes only where its weight leads: a product for each line, each slope, "
            f"and each way into the cost: {ways.one}. "
            f"Weights and biases, layer by layer: {', '.join(ways.layers)}. The mean is about {ways.mean}. "
            "The sweep back takes one for each arrow of the network's graph: two for each weight, "
            "one for each bias and each slope; "
            f"into the cost, one for each output and each target: {ways.back}. "
            "But there is only one of it, as there is only one cost.",
            key="counts",
        ):
            self.play(*instead(gone, [ways.rules, *(VGroup(row[0], row[1]) for row in ways.table)]))
            self.play(Underscore(*(row[1] for row in ways.rows[1:])), run_time=1.2)
            self._runs_and_sweeps()
            self._products_of_a_run()
            self._products_forward()
            self._products_back()
            self.reach("But there")
            totals = (FadeIn(row[4], shift=0.1 * DOWN) for row in ways.table)
            self.play(LaggedStart(*totals, lag_ratio=0.5), run_time=2.4)
            self.play(Underscore(ways.rows[-1]), run_time=1.4)

    def _runs_and_sweeps(self) -> None:
        ways = self.ways
        self.reach("A network")
        came = FadeIn(ways.counts.diagram, ways.counts.cost)
        self.play(FadeIn(ways.head[2], shift=0.1 * DOWN), came, run_time=0.8)
        self.reach(ways.parameters)
        self.play(FadeIn(ways.size, shift=0.1 * UP), run_time=0.8)
        for cue, row in zip(("To nudge", "forward mode", "In reverse"), ways.rows, strict=True):
            self.reach(cue)
            self.play(FadeIn(row[2], shift=0.1 * DOWN), run_time=0.8)

    def _products_of_a_run(self) -> None:
        ways = self.ways
        self.reach("Count")
        self.play(FadeIn(ways.head[3], shift=0.1 * DOWN), run_time=0.7)
        self.reach("A run")
        for layer in range(1, len(ways.layers) + 1):
            self.play(ways.counts.diagram.pulse(layer), run_time=0.6)
        self.reach(f"{ways.run}.")
        self.play(FadeIn(ways.rows[0][3], shift=0.1 * DOWN), run_time=0.7)

    def _products_forward(self) -> None:
        ways, counts = self.ways, self.ways.counts
        self.reach("A sweep forward")
        for lit, term in zip(counts.reached, counts.one, strict=False):
            self.play(FadeIn(lit, term), run_time=0.75)
        self.reach(f"{ways.one}.")
        self.play(FadeIn(counts.one[-1]), run_time=0.5)
        self.reach("Weights")
        self.play(FadeOut(*counts.reached, counts.one), Underscore(ways.size), run_time=1.4)
        for layer, (said, term) in enumerate(zip(ways.layers, counts.forward, strict=False), 1):
            self.reach(said)
            self.play(counts.diagram.pulse(layer), FadeIn(term), run_time=1.2)
        self.reach("The mean")
        self.play(FadeIn(counts.forward[-1]), FadeIn(ways.rows[1][3], shift=0.1 * DOWN), run_time=0.9)

    def _products_back(self) -> None:
        ways, counts = self.ways, self.ways.counts
        self.reach("The sweep back")
        self.play(FadeOut(counts.forward), run_time=0.5)
        for layer in range(len(ways.layers), 0, -1):
            self.play(counts.diagram.pulse(layer, backward=True), run_time=0.6)
        cues = "two for", "one for each bias", "each slope;", "one for each output"
        for cue, light, term in zip(cues, counts.lights_back(), counts.back, strict=False):
            self.reach(cue)
            self.play(light, FadeIn(term), run_time=1.0)
        self.reach(f"{ways.back}.")
        self.play(FadeIn(counts.back[-1]), FadeIn(ways.rows[2][3], shift=0.1 * DOWN), run_time=0.9)

    def what_is_automatic(self) -> None:
        """The sweep needs the steps' own derivatives only; on a network it is backpropagation."""
        network = NetworkDiagram(self.example.network, width=8.5, height=4.0, radius=neuron_radius(self.trace))
        network.show(self.trace).move_to([-0.6, 0.75, 0])
        cost = CostNode(self.trace, self.notation, network, font_size=48, buff=0.8)
        layers = range(self.example.network.L, 0, -1)
        graph = VGroup(self.diagram, *self.factors.values())
        with self.say(
            "That is what is automatic: each step knows its own derivative, and the sweep needs nothing else. "
            "A network is such a formula: its weights and biases go in, its cost comes out. "
            "There, the sweep in reverse is backpropagation.",
            key="answer",
        ):
            self.play(*instead([self.ways.all], [graph]))
            self.reach("and the sweep")
            ways = [way for node in reversed(self.steps) for way in self.diagram.edges_into(node)]
            self.play(LaggedStart(*(flash(way, backward=True) for way in ways), lag_ratio=0.4), run_time=2.5)
            self.reach("A network")
            self.play(*instead([graph], [network, cost]))
            self.reach("its weights")
            edges = (network.edge(w.layer, w.j, w.k) for w in network.weights)
            blue, pink = map(theme.colour, (Weight("l", "j", "k"), Bias("l", "j")))
            self.play(*(travelling_light([edge], color=blue) for edge in edges), run_time=0.8)
            neurons = (neuron for layer in layers for neuron in network.layer(layer))
            self.play(*(neuron.ring(pink, 5, rate_func=there_and_back) for neuron in neurons), run_time=0.8)
            self.reach("its cost")
            for layer in reversed(layers):
                self.play(network.pulse(layer), run_time=min(0.4, 1.2 / len(layers)))
            self.play(Pulse(cost.symbol, scale_factor=1.3), run_time=0.8)
            self.reach("There")
            for layer in layers:
                self.play(network.pulse(layer, backward=True), run_time=0.8)
        self.rest(1.0)


def _brief(value: float) -> str:
    """An input as it was given."""
    return Number(value, fewest_decimals(value, 0, 4)).text()
