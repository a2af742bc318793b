"""`TrainingChapter`: a chapter that trains its network really, and asks the opening's question again.

In a file of its own::

    class Mine(TrainingChapter):
        example_name, step = "two_outputs", None

        def construct(self):
            network = NetworkDiagram(self.example.network).show(self.trace)
            self.add(network)
            self.many_steps(VGroup(network))
            self.the_question_of_the_opening()
"""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut, Indicate, VGroup, smooth, squish_rate_func, there_and_back

from backprop_math import Example, Target, TrainingRun, load_example

from ..kit.chapter import Chapter
from ..kit.descent import Descend
from ..kit.motion import Compose, Dim, Pulse, Undim, seen
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme
from .answered import AnsweredQuestion
from .counted import counted
from .decision_plane import DecisionPlane, told_apart
from .gradient_step import GradientStep
from .training_board import TrainingBoard
from .training_words import TrainingWords

__all__ = ["TrainingChapter"]

#: The example of the first chapter, whose question is answered.
OPENING = "introduction"
_NAMED = 4  # outputs with names beside them


class TrainingChapter(Chapter):
    """``step`` is the one step that was taken before, if one was; ``board`` shows the training, ``answered`` the
    network of the question, trained.
    """

    step: GradientStep | None
    board: TrainingBoard
    answered: AnsweredQuestion

    def many_steps(self, leaving: VGroup) -> None:
        """The same over all training examples, again and again; the network ``leaving`` starts anew."""
        self.board = board = TrainingBoard(TrainingRun.of(self.example))
        words, curve, thing = TrainingWords(board.run), board.curve, Naming(self.example).thing
        one = f"That was one step{f', for one {thing}' if board.run.count > 1 else ''}. Now start again, and "
        if self.step is None:
            one = "Now "
        dots = red = ""
        right = VGroup()
        if board.in_the_plane:
            filled, ring = told_apart(board.run)
            dots = (
                f"Every dot is one of them: filled for {filled}, a ring for {ring}. "
                f"The shading is the network's answer, gold for {filled}, blue for {ring}. "
                f"{self._undecided(board.left)}"
            )
            red = words.red
        said = f"{one}{words.begins}. {dots}{words.before}{red}{words.goes}{words.ends} {words.after}".strip()
        with self.say(said, key="training"):
            if self.step:
                self.reach("start again")
                again = Descend(self.step.step, [leaving[0]], rate_func=lambda t: 1 - smooth(t))
                self.play(FadeOut(self.step.table, self.step.gauge), again, run_time=1.0)
            self.reach(words.begins)
            if board.in_the_plane:
                right = self._into_the_plane(board.left, leaving)
            else:
                self.play(FadeOut(leaving), run_time=0.6)
                self.play(FadeIn(board.left), run_time=0.8)
            if words.before:
                self.reach(words.before.strip())
            if len(right):
                self.play(FadeOut(right), run_time=0.4)
            self.play(FadeIn(curve.frame), FadeIn(curve.ring, curve.dot, curve.says), run_time=1.0)
            if red:
                self.play(board.left.judge(), run_time=1.6)
                self.reach(red.strip())
                self.play(Indicate(curve.says[-1], scale_factor=1.15, color=theme.highlight), run_time=1.2)
            self.reach(words.goes.split(",")[0].strip())
            self.add(board)
            whole = 9.0 if not words.after else 6.0
            self.play(board.train(last=words.settled, run_time=max(whole, self.seconds_left)))
            if words.ends:
                self.reach(words.ends)
                self.play(Indicate(curve.says[-1], scale_factor=1.15, color=theme.highlight), run_time=1.2)
            if words.after:
                self.reach(words.after)
                self.play(board.train(words.settled, run_time=max(5.0, self.seconds_left)))
        self.rest(0.8)

    @staticmethod
    def _undecided(plane: DecisionPlane) -> str:
        return "On the line between, it is undecided. " if len(plane.line.points) else ""

    def _into_the_plane(self, plane: DecisionPlane, leaving: VGroup) -> NetworkDiagram:
        """The example is a dot among all the others; then the shading comes, and the line.

        The network, whose answer the shading is, stands small beside it; it holds no single example's numbers.
        """
        example = self.example
        own = plane.dot_at(example.inputs[0] if example.data is None else _first_row(example.input_measured))
        small = self._beside(plane)
        late = squish_rate_func(smooth, 0.4, 1.0)
        axes = FadeIn(plane.axes, *plane.names, rate_func=late)
        # What is written goes before the network moves, and its names come when it has arrived.
        old, arrived = leaving[0], small.bare
        if written := seen(old.numbers, old.names, *leaving[1:]):
            self.play(*map(FadeOut, written), run_time=0.4)
        self.play(Compose(arrived, small.shared(old), old=old.bare), axes, run_time=1.0)
        named = map(FadeIn, seen(small.names))
        self.play(*named, FadeIn(own, scale=3, run_time=0.8), plane.pop(but=own))
        self.remove(arrived)
        self.add(small)
        for cue, first in (("filled for", True), ("a ring for", False)):
            self.reach(cue)
            self.play(*plane.name_dots(first=first), run_time=1.0)
        self.reach("The shading")
        self.bring_to_back(plane.field)
        self.play(FadeIn(plane.field), run_time=2.0)
        # One output alone is gold and blue, by turns.
        outputs = small.layer(example.network.L)
        first, others = (outputs[:1], outputs[1:]) if len(outputs) > 1 else (VGroup(), VGroup())
        ringed = [[(one, theme.role(Target)) for one in first], [(one, theme.other) for one in others]]
        for cue, label, rings in zip(("gold for", "blue for"), plane.key, ringed, strict=True):
            self.reach(cue)
            self.play(Pulse(label, color=None), *(one.ring(color, 5) for one, color in rings), run_time=1.0)
        if self._undecided(plane):
            self.reach("On the line")
        if even := seen(plane.start, plane.line):
            self.bring_to_back(*even)
            self.bring_to_back(plane.field)
            self.play(*(FadeIn(part) for part in even), run_time=1.0)
        self.add(plane)
        if self._undecided(plane):
            self.play(plane.line.animate(rate_func=there_and_back).set_stroke(width=9), run_time=1.4)
        return small

    def _beside(self, plane: DecisionPlane) -> NetworkDiagram:
        """The network, its neurons empty, to the right of the plane, with names where they have room."""
        names, sizes = Naming(self.example), self.example.network.layers
        outputs = [names.output(j) for j in range(sizes[-1])] if sizes[-1] <= _NAMED else ()
        small = NetworkDiagram(
            self.example.network, width=3.0, height=2.8, radius=0.28, v_buff=1.0, most=4,
            input_names=[names.input(k) for k in range(sizes[0])], output_names=outputs, name_width=1.5,
        )  # fmt: skip
        left = float(plane.get_right()[0]) + 0.4
        middle = (left + theme.safe.right) / 2
        return small.scale(min(1.0, (theme.safe.right - left) / small.width)).move_to([middle, plane.field.get_y(), 0])

    def the_question_of_the_opening(self) -> None:
        """The first example runs through its network again, which has been trained."""
        own = self.example.same_as(load_example(self.example_name))
        run = TrainingRun.of(load_example(OPENING), 300, 1.0) if own else self.board.run
        self.answered = answered = AnsweredQuestion(run)
        thing = answered.names.thing
        trained = "These steps have trained it."
        if own:
            trained = f"That network, too, was trained, in {counted(len(run), 'steps')}."
        with self.say(
            f"And the {thing} from the beginning? {answered.at_first} {trained} "
            f"Run the {thing} through it again. {answered.now} {answered.verdict}",
            key="answer",
        ):
            if answered.bird and own and self.board.in_the_plane:
                place = self._measured_alike(run.example)
                dot = self.board.left.dot_at(place)
                own = dot.copy()
                self.add(own)
                self.play(own.animate.scale(2.2), run_time=0.6)
                self.play(FadeOut(self.board), run_time=0.6)
                bird = FadeIn(answered.bird, target_position=dot, scale=0.05)
                self.play(FadeOut(own, run_time=0.3), bird, run_time=1.1)
            else:
                self.play(FadeOut(self.board), run_time=0.6)
            first = VGroup(*seen(answered.bird)) if answered.bird not in self.mobjects else VGroup()
            self.play(FadeIn(answered.untrained, answered.lines, *first), run_time=0.9)
            self.reach("At first")
            self.play(FadeIn(answered.rings, answered.cost, *answered.finer), run_time=0.8)
            for neuron, said in answered.one_by_one(answered.untrained, answered.before):
                self.reach(said)
                self.play(neuron.glow(), run_time=1.2)
            self.reach(trained)
            # The answers are those of before, until the penguin has run through it again; the numbers come anew then.
            of_before, finer = seen(answered.lines, answered.rings), seen(*answered.finer)
            numbers = (FadeOut(part) for part in seen(answered.cost, *finer))
            self.play(Dim(*of_before), *numbers, *map(FadeIn, seen(answered.counts)), run_time=0.4)
            answered.renew()
            self.play(*answered.retrain(), run_time=max(1.6, self.seconds_left))
            self.remove(answered.untrained, *answered.diagram)
            self.add(answered.diagram)
            self.reach("Run the")
            for layer in answered.diagram.layers:
                light = [answered.diagram.pulse(layer)] if layer else []
                with_it = map(FadeIn, finer if layer == answered.diagram.layers[-1] else [])
                self.play(*light, *answered.diagram.reveal(layer, answered.trace), *with_it, run_time=0.8)
            self.reach("Now ")
            self.play(Undim(*of_before), run_time=0.3)
            self.play(answered.train(run_time=1.6))
            changed = [*map(FadeIn, seen(answered.cost)), *map(FadeOut, seen(answered.counts))]
            if changed:
                self.play(*changed, run_time=0.6)
            for neuron, said in answered.one_by_one(answered.diagram, answered.trace)[1:]:
                self.reach(said)
                self.play(neuron.glow(), run_time=1.0)
            self.reach(answered.verdict)
            if rings := answered.judged():
                self.play(*rings, run_time=1.0)

    def _measured_alike(self, other: Example) -> Any:
        """What was measured of another example's first one, for the inputs of this one; `None` if it was not all."""
        names = other.input_names
        if other.input_measured is None or not set(self.example.input_names) <= set(names):
            return None
        return other.input_measured[0][[names.index(name) for name in self.example.input_names]]


def _first_row(rows: Any) -> Any:
    return None if rows is None else rows[0]
