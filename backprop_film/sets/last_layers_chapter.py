"""`LastLayersChapter`: a chapter whose stage is the last layers of any network; what only some of them need is here.

In a file of its own::

    class Mine(LastLayersChapter):
        def construct(self):
            self.lay_out()
            self.add(self.stage.front, self.stage.cost)
            self.what_arrives()
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, Mobject, VGroup, there_and_back

from backprop_math import Change, Cost, Number, Weight

from ..kit.chapter import Chapter
from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.motion import Pulse, Underscore, seen
from ..kit.naming import Naming
from ..kit.paths import Unlight, travelling_light
from ..kit.pinned_number import PinnedNumber
from ..kit.texts import Prose
from ..kit.theme import theme
from .changes_in_words import moves
from .counted import counted
from .gradient_blocks import GradientBlocks
from .last_layer_nudge import LastLayerNudge
from .last_layers_layout import LastLayersLayout
from .last_layers_stage import LastLayersStage
from .nudge_ripples import nudge_bars, nudge_total
from .path_figures import PathFigures, telling_neuron
from .path_marks import PathMarks

__all__ = ["LastLayersChapter", "cancelling", "flow"]


class LastLayersChapter(Chapter):
    """The ``stage``, the neuron ``k`` that is nudged, an output ``j``, the ``figures`` and ``marks`` of the paths."""

    question: Prose
    carried: PinnedNumber
    paths: Mobject
    added: Formula
    line: VGroup
    pins: VGroup
    amount: Prose
    ripples: VGroup
    quiet: list[Mobject]

    def lay_out(self) -> None:
        """The network, the neuron k that is nudged, an output j, and all numbers of the chapter."""
        self.names = Naming(self.example)
        self.stage = stage = LastLayersStage(self.trace, self.notation, self.names)
        self.L = stage.L
        self.k = telling_neuron(self.trace, stage.middle)
        self.j = next((j for j in stage.outputs if j != self.k), stage.outputs[0])
        m = 0 if self.L > 1 else None
        self.figures = PathFigures(self.trace, self.notation, j=self.j, k=self.k, outputs=stage.outputs, m=m)
        self.marks = PathMarks(stage, self.figures)
        self.nudge = LastLayerNudge(self.example, self.k)
        self.neuron, self.edge = stage.neuron(self.k), stage.diagram.edge(self.L, self.j, self.k)
        self.ways, self.mixed = len(stage.outputs) + self.figures.hidden, self.figures.mixed
        self.lit: list[Mobject] = [stage.front, stage.cost]

    def what_arrives(self) -> None:
        """Where nothing is to be added by eye: one output, or softmax, with which the ripples mix."""
        total = nudge_total(self.nudge, self.notation)
        self.bars = VGroup(total.fit(3.0).move_to([4.85, 0.1, 0]))
        why = "With one output there is one path, and nothing to add."
        if self.mixed:
            why = "But with softmax, every output depends on every weighted sum: "
            why += "the ripples mix before they reach the cost."
        with self.say(why, key="ripples-add"):
            if self.mixed:
                outputs = self.stage.diagram.layer(self.L)
                self.play(LaggedStart(*(neuron.glow() for neuron in outputs), lag_ratio=0.3), run_time=1.8)
            self.reach("the ripples mix" if self.mixed else "there is one path")
            self.play(FadeIn(total, shift=0.2 * RIGHT))

    def bars_of_the_ripples(self) -> None:
        """A bar for what arrives through each output, and one for the sum."""
        order = self.figures.order()
        bars, addends, total = nudge_bars(self.nudge, order, self.names_of(order))
        bars.move_to([4.85, -0.25, 0])
        bars.shift(min(0.0, theme.safe.right - 0.05 - bars.get_right()[0]) * RIGHT)
        title = Formula(Change(self.notation.symbol(Cost())), font_size=48).next_to(bars, UP, buff=0.25)
        self.bars = VGroup(bars, title)
        words = "Through each output, the cost moves by its own amount. "
        if len(addends) == 2:
            one, other = (f"the {name} output" if self.example.output_names else name for name in self.names_of(order))
            by, then = addends
            words = f"Through {one}, the cost {moves(by)}. Through {other}, the cost {moves(then)}. "
        words += f"What arrives is the sum, {total.text()}: they add{cancelling(addends)}."
        with self.say(words, key="ripples-add"):
            self.play(FadeOut(self.question), run_time=0.4)
            self.play(FadeIn(title, bars.names[:-1]), Create(bars.baseline), run_time=0.7)
            for i in range(len(addends)):
                if i:
                    if len(addends) == 2:
                        self.read()
                    self.play(Create(bars.links[i - 1]), run_time=0.3)
                self.play(*bars.grow(i), run_time=1.2)
            self.reach("What arrives")
            self.play(FadeIn(bars.names[-1]), Create(bars.links[-1]), run_time=0.4)
            self.play(*bars.grow(-1), run_time=1.4)
            self.settle(bars)
            self.reach("they add")
            self.play(Underscore(*bars.numbers), run_time=1.6)

    def names_of(self, order: Sequence[int | None]) -> list[str]:
        """What the outputs are called; `None` stands for those that are not drawn."""
        return [self.names.output(j) if j is not None else f"{self.figures.hidden} more" for j in order]

    def what_softmax_changes(self, general: Formula) -> None:
        """∂C/∂z_j gathers all outputs; with the cost made for it, it is a_j − y_j."""
        relation = self.figures.gathered
        line = formula_line(relation)
        end = ". With this cost, all that comes to a minus y." if len(relation.sides) > 2 else "."
        with self.say(
            f"Softmax changes the last factor. One z moves every output, so it is a sum, too{end}",
            key="softmax",
        ):
            self.play(FadeOut(general, shift=0.2 * DOWN), run_time=0.5)
            self.play(FadeIn(line, shift=0.2 * UP), run_time=1.0)
            self.read()
            self.play(Underscore(line.side(1)), run_time=1.6)
            if len(relation.sides) > 2:
                self.read()
                self.play(Underscore(line.side(2)), run_time=1.4)
        self.play(FadeOut(line), run_time=0.4)

    def the_way_back_ends(self) -> None:
        """A network of one layer of weights: before it there are only the inputs."""
        stage, leave = self.stage, [*self.marks.left, self.paths, self.added]
        with self.say("Before this layer there are only the inputs, and they are given. Here the way back ends.",
                      key="layer-before"):  # fmt: skip
            self.play(FadeOut(*leave), Unlight(*self.lit), run_time=0.9)
            self.bring_to_front(self.carried)
            self.reach("and they are given")
            self.play(*(stage.neuron(k).glow() for k in stage.middle), run_time=1.0)
            self.read()
            self.play(stage.diagram.pulse(self.L, backward=True), run_time=1.2)

    def the_ripples_add(self) -> None:
        """What arrives through each output, as bars, and the sum."""
        neuron = self.neuron
        if self.ways == 1 or self.mixed:
            self.what_arrives()
        else:
            self.bars_of_the_ripples()
        self.play(
            self.nudge.run([neuron, *self.stage.diagram.layer(self.L)], back=True),
            FadeOut(self.amount, self.ripples, self.bars), Unlight(*self.quiet), run_time=1.0,
        )  # fmt: skip
        # On its own: the ring would bring the fill of the nudge back with it.
        self.play(neuron.ring(), run_time=0.3)

    def the_whole_gradient(self) -> None:
        """Layer by layer, back to the first; all real numbers, those found before among them."""
        found = self.figures.found
        place = LastLayersLayout(self.trace, self.notation)
        blocks = GradientBlocks(self.trace, self.notation, found=found).beside(place)
        count = len(self.example.network.parameters)
        back = ": layer by layer, back to the first" if len(blocks.heads) > 1 else ""
        with self.say(
            f"Nothing else is needed{back}. "
            f"Each of the {count:,} weights and biases has its number. This is the gradient.",
            key="gradient",
        ):
            gone = seen(self.line, self.pins, self.carried)
            self.play(*(FadeOut(part) for part in gone), Unlight(*self.lit), run_time=0.7)
            self.play(*self.stage.become(place), run_time=1.4)
            for layer, head in blocks.heads.items():
                self.play(self.stage.diagram.pulse(layer, backward=True), FadeIn(head), run_time=1.0)
                # What was found before comes first, as a light runs back along its edge.
                before = [q for q in found if q in blocks and q.layer == layer]
                known = [blocks.row(q) for q in before]
                edges = [self.stage.diagram.edge(w.layer, w.j, w.k) for w in before if isinstance(w, Weight)]
                lights = [travelling_light([edge], backward=True, seconds=1.0) for edge in edges]
                for row in known:
                    row[:2].set_fill(theme.highlight)
                if known:
                    self.play(*lights, *(FadeIn(row, shift=0.1 * LEFT) for row in known), run_time=1.0)
                others = [row for row in blocks.rows(layer) if row not in known]
                comes = LaggedStart(*(FadeIn(row, shift=0.1 * LEFT) for row in others), lag_ratio=0.15)
                self.play(comes, run_time=1.6 if back else max(1.6, self.seconds_left))
            self.reach("Each of")
            numbers = [part for layer in blocks.heads for row in blocks.rows(layer) for part in row[:2]]
            sweep = (part.animate(rate_func=there_and_back).set_color(theme.highlight) for part in numbers)
            self.play(LaggedStart(*sweep, lag_ratio=0.12), run_time=2.6)
            self.reach("This is")
            self.play(*(Pulse(head[1]) for head in blocks.heads.values()), run_time=1.2)
        self.rest(1.0)


def flow(number: int, what: str, where: str) -> str:
    """How many go ``"in"`` or come ``"out"``: "two numbers go in", "one output comes out"."""
    several, single = {"in": ("go", "goes"), "out": ("come", "comes")}[where]
    return f"{counted(number, what)} {single if number == 1 else several} {where}"


def cancelling(addends: Sequence[Number]) -> str:
    """What to say of addends of both signs."""
    values = [number.value for number in addends]
    return ", and partly cancel" if min(values) < 0 < max(values) else ""
