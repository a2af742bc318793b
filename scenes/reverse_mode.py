"""Chapter 12, reverse mode: a formula that is no network, its derivatives forward and in reverse, and their price."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    ShowPassingFlash,
    Succession,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
)

from backprop_film.kit import (
    Formula,
    FormulaGraphDiagram,
    NetworkDiagram,
    Underscore,
    formula_line,
    theme,
)
from backprop_film.sets import CountRuns, FormulaChapter, RunsAgainstOne, counted, neuron_radius
from backprop_math import Cost, Number, Relation, Var, load_example
from backprop_math.autodiff import SweepStep, forward_products, forward_steps, network_products, reverse_steps

#: Seconds that a sweep takes at most, and a step of it.
SWEEP, STEP = 9.0, 1.5
#: The formula's width at its largest, by how much it may be too wide for that, its height, and what it shrinks to.
WIDE, LONG, TALL, SMALL = 11.5, 1.3, 1.9, 0.65
#: The network whose weights and biases are counted.
LARGE = "digits"


class ReverseMode(FormulaChapter):
    """A formula's graph; a sweep forward for each input, one sweep back for all of them; and that a network is one."""

    title = "Reverse mode"
    question = "Where is the automatic differentiation in this?"
    example_name = "introduction"
    formula, at = "x*y + sin(x)", {"x": 2.0, "y": 3.0}

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.lay_out()
        self.the_question()
        self.a_formula_in_small_steps()
        self.the_value()
        self.each_step_knows_its_derivative()
        self.forward_mode()
        self.reverse_mode()
        self.what_it_takes()
        self.what_is_automatic()

    def lay_out(self) -> None:
        """The formula, its graph, and the line in which a step is written."""
        (self.f,) = self.graph.outputs
        self.diagram = FormulaGraphDiagram(self.graph).move_to([0, 0.75, 0])
        self.inputs = [node for node in self.graph.nodes if node.rule is None]
        self.steps = [node for node in self.graph.nodes if node.rule]
        self.line = VGroup()
        self.values: dict[Var, Formula] = {}
        self.found: dict[Var, Formula] = {}

    def a_formula_in_small_steps(self) -> None:
        """The formula becomes a graph, a node for each operation."""
        symbol, whole = self.graph.symbol(self.f), self.graph.formula(self.f)
        written = Formula(Relation((symbol, whole)), font_size=60)
        if written.width > LONG * WIDE or written.height > TALL:  # nobody could read it: its last step alone
            written = Formula(self.graph.definition(self.f), font_size=60)
        formula = written.scale_to_fit_width(min(written.width, WIDE)).move_to([0, 0.75, 0])
        with self.say(
            "Take a formula that is no network. "
            "It is calculated in small steps, one operation at a time. "
            "Each step is a node, and each arrow says what goes into it.",
            key="graph",
        ):
            self.play(FadeIn(formula, shift=0.15 * UP), run_time=1.0)
            self.reach("It is calculated")
            self.play(formula.animate.scale(SMALL).move_to(theme.formula_zone.center), run_time=1.0)
            self.play(FadeIn(*map(self.diagram.node, self.inputs)), run_time=0.8)
            self.reach("Each step")
            for node in self.steps:
                arrows = self.diagram.edges_into(node)
                self.play(*map(Create, arrows), FadeIn(self.diagram.node(node)), run_time=self._pace(self.steps))
        self.line = formula

    def the_value(self) -> None:
        """The inputs get their values, and each step calculates one number."""
        given = ", ".join(f"{self.graph.symbol(node).text()} is {self.shown(node.value)}" for node in self.inputs[:4])
        with self.say(f"Put numbers in: {given}. Step by step, they become the value.", key="value"):
            self.play(*self._valued(self.inputs), run_time=0.9)
            self.reach("Step by step")
            for node in self.steps:
                relation = self.graph.definition(node).followed_by(self.graph.with_numbers(node))
                self._write(relation, run_time=self._pace(self.steps))
                self.play(*self._valued([node]), run_time=0.4)

    def each_step_knows_its_derivative(self) -> None:
        """The formula of each edge's own derivative."""
        edges = [(node, parent) for node in self.steps for parent in node.parents]
        written = (
            Relation((self.graph.derivative_symbol(*edge), self.graph.local_derivative(*edge))) for edge in edges
        )
        with self.say(
            "Each step also knows its own derivative, for each arrow that goes in.",
            key="local",
        ):
            for edge, relation in zip(edges, written, strict=True):
                self._write(relation, _flash(self.diagram.edge(*edge)), run_time=self._pace(edges))

    def forward_mode(self) -> None:
        """A sweep for each input: a nudge of it, followed forward."""
        first, *others = self.inputs
        name = self.graph.symbol(first).text()
        again = "For each other input, it all starts again." if others else ""
        with self.say(
            f"Now nudge {name}, and follow it forward. At {name} itself the derivative is 1. "
            "Each node gets its own from those before it. "
            f"At the end stands one derivative. {again}",
            key="forward",
        ):
            self.reach(f"At {name}")
            self._start(first)
            self.reach("Each node")
            self._sweep(forward_steps(self.graph, first), backward=False)
            self.reach("At the end")
            if self.diagram.detailed:
                self.play(Underscore(self.found[self.f]), run_time=1.0)
            for wrt in others[:2]:
                self.reach(again) if wrt is others[0] else None
                self.play(*self._clear(), run_time=0.5)
                self._start(wrt)
                self._sweep(forward_steps(self.graph, wrt), backward=False)

    def reverse_mode(self) -> None:
        """One sweep from the end, for all inputs."""
        name = self.graph.symbol(self.f).text()
        with self.say(
            f"Now start at the other end. At {name} the derivative is 1. "
            "Go back: each node gets its own from those after it, added up where paths meet. "
            "One sweep, and every input has its derivative. "
            "These are partial derivatives; the question was how to find them all.",
            key="reverse",
        ):
            self.play(*self._clear(), run_time=0.6)
            self._start(self.f)
            self.reach("Go back")
            self._sweep(reverse_steps(self.graph, self.f), backward=True)
            self.reach("One sweep")
            if self.diagram.detailed:
                self.play(*(Underscore(self.found[node]) for node in self.inputs), run_time=1.2)
            else:
                self.play(*(Indicate(self.diagram.node(node)) for node in self.inputs), run_time=1.2)
            self.reach("These are")
            ways = [way for node in reversed(self.steps) for way in self.diagram.edges_into(node)]
            self.play(LaggedStart(*(_flash(way, backward=True) for way in ways), lag_ratio=0.4), run_time=2.5)

    def what_it_takes(self) -> None:
        """Sweeps counted, for the formula and for a network."""
        trace = load_example(LARGE).trace()
        network = trace.network
        few, many = len(self.inputs), sum(1 for _ in network.parameters)
        formula = forward_products(self.graph, self.inputs), self.graph.reverse_sweep(self.f).multiplications
        large = network_products(trace), trace.graph.reverse_sweep(Cost()).multiplications
        shape = "-".join(map(str, network.layers))
        rows = VGroup(
            *(
                RunsAgainstOne(
                    count, of_many=f"{what}: {ahead:,} products forward (none by 0), {back:,} back", width=8.0
                )
                for count, what, (ahead, back) in ((few, "the formula", formula), (many, shape, large))
            )
        )
        for row in rows:
            row.run(0).reach(0)
        rows.arrange(DOWN, 0.9, aligned_edge=RIGHT).move_to([0, 0.75, 0])
        with self.say(
            f"For {counted(few, 'inputs')} it makes little difference. "
            f"A network that reads digits has {many:,} weights and biases. "
            f"To nudge each takes {many + 1:,} runs; forward mode takes {many:,} sweeps. "
            "In reverse it is one sweep.",
            key="counts",
        ):
            self.play(FadeOut(self.diagram, self.line, *self.values.values(), *self.found.values()), run_time=0.8)
            self.add(rows[0])
            self.play(CountRuns(rows[0], run_time=1.5))
            self.reach("A network")
            self.add(rows[1])
            self.play(CountRuns(rows[1], run_time=3.0))
            self.reach("In reverse")
            self.play(*(UpdateFromAlphaFunc(row, lambda m, part: m.reach(part)) for row in rows), run_time=1.5)
        self.play(FadeOut(rows), run_time=0.6)

    def what_is_automatic(self) -> None:
        """The sweep needs the steps' own derivatives only; on a network it is backpropagation."""
        network = NetworkDiagram(self.example.network, width=8.5, height=4.0, radius=neuron_radius(self.trace))
        network.show(self.trace).move_to([0, 0.75, 0])
        layers = range(self.example.network.L, 0, -1)
        with self.say(
            "That is what is automatic: each step knows its own derivative, and the sweep needs nothing else. "
            "A network is such a formula: its weights and biases go in, its cost comes out. "
            "There, the sweep in reverse is backpropagation.",
            key="answer",
        ):
            self.play(FadeIn(self.diagram), run_time=1.0)
            self.reach("and the sweep")
            ways = [way for node in reversed(self.steps) for way in self.diagram.edges_into(node)]
            self.play(LaggedStart(*(_flash(way, backward=True) for way in ways), lag_ratio=0.4), run_time=2.5)
            self.reach("A network")
            self.play(FadeOut(self.diagram), FadeIn(network), run_time=1.0)
            edges = (network.edge(w.layer, w.j, w.k) for w in network.weights)
            self.play(*(_flash(edge) for edge in edges), run_time=1.4)
            self.reach("There")
            for layer in layers:
                self.play(network.pulse(layer, backward=True), run_time=0.8)
        self.rest(1.0)

    # -- moves -----------------------------------------------------------------------------------------

    def _pace(self, steps: Sized) -> float:
        return min(STEP, SWEEP / max(1, len(steps)))

    def _write(self, relation: Relation, *others: Animation, run_time: float) -> None:
        """Another line in the place of the one that stands there, while something else moves."""
        old, self.line = self.line, formula_line(relation)
        gone = [FadeOut(old, run_time=0.3 * run_time)] if len(old) else []
        come = FadeIn(self.line, run_time=0.7 * run_time)
        self.play(Succession(*gone, come), *others, run_time=run_time)

    def _valued(self, nodes: Iterable[Var]) -> list[Animation]:
        """Values come to their nodes, if the nodes have room for numbers; else they light up once."""
        if self.diagram.detailed:
            self.values |= {node: self.diagram.value(node) for node in nodes}
            return [FadeIn(self.values[node], shift=0.1 * UP) for node in nodes]
        return [Indicate(self.diagram.node(node)) for node in nodes]

    def _start(self, node: Var) -> None:
        """The derivative of a node with respect to itself."""
        symbol = self.graph.derivative_symbol(node, node)
        self.found, self.moved = {node: self.diagram.derivative(node, 1.0)}, {node}
        self._write(Relation((symbol, Number(1.0, 0))), *self._comes(node), run_time=1.2)

    def _sweep(self, steps: Iterable[SweepStep], *, backward: bool) -> None:
        """Each step is written, its arrows light up, and its derivative lands on its node."""
        steps = list(steps)
        for step in steps:
            node, seconds = step.node, self._pace(steps)
            ends = [after for after in self.steps if node in after.parents] if backward else dict.fromkeys(node.parents)
            ways = [self.diagram.edge(end, node) if backward else self.diagram.edge(node, end)
                    for end in ends if end in self.moved]  # fmt: skip
            self.moved |= {node} if step.value else set()
            lit = [_flash(way, backward=backward) for way in ways]  # only where something comes
            self.found[node] = self.diagram.derivative(node, step.value)
            constant = isinstance(step.formulas.sides[1], Number)
            written = step.numbers if constant else step.formulas.followed_by(step.numbers)
            self._write(written, *lit, run_time=seconds)
            self.play(*self._comes(node), run_time=max(0.3, 0.3 * seconds))

    def _comes(self, node: Var) -> list[Animation]:
        """A derivative comes to its node, if the nodes have room for numbers; else the node is ringed."""
        if self.diagram.detailed:
            return [FadeIn(self.found[node], shift=0.1 * DOWN)]
        return [self.diagram.node(node)[0].animate.set_stroke(theme.highlight)]

    def _clear(self) -> list[Animation]:
        """The derivatives go."""
        if self.diagram.detailed:
            return [FadeOut(*self.found.values())] if self.found else []
        return [self.diagram.node(node)[0].animate.set_stroke(theme.secondary) for node in self.found]


def _flash(way: VMobject, *, backward: bool = False) -> ShowPassingFlash:
    """A light along an arrow or an edge."""
    light = VMobject(stroke_color=theme.highlight, stroke_width=5).set_points(way.points)
    return ShowPassingFlash(light.reverse_direction() if backward else light, time_width=0.8)
