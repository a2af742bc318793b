"""`SweepChapter`: a formula's graph, on which values and derivatives come to the nodes, step by step.

A chapter of such a kind begins with ``lay_out()``. Each step stands as a ``line`` in the formula zone; ``valued``
brings values, ``start`` and ``sweep`` derivatives, which ``cleared`` takes away. What goes forward is white, and what
goes back is violet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized

from manim import DOWN, UP, Animation, FadeIn, FadeOut, Indicate, ShowPassingFlash, Succession, VGroup, VMobject

from backprop_math import Number, Relation, Var
from backprop_math.autodiff import SweepStep

from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.formula_graph_diagram import FormulaGraphDiagram
from ..kit.theme import theme
from .formula_chapter import FormulaChapter
from .formula_nudge import FormulaNudge

__all__ = ["SweepChapter", "flash"]

#: Seconds that a sweep takes at most, and a step of it.
_SWEEP, _STEP = 9.0, 1.5
#: The decimals of what is calculated: as many as a nudge's ratio has, to which the derivative is compared.
_DECIMALS = 3


class SweepChapter(FormulaChapter):
    """``inputs`` and ``steps`` are the nodes of the graph, ``f`` the last one; its picture is the ``diagram``."""

    decimals = _DECIMALS

    def lay_out(self) -> None:
        """The formula, its graph, and the line in which a step is written."""
        (self.f,) = self.graph.outputs
        self.diagram = FormulaGraphDiagram(self.graph, decimals=self.decimals).move_to([0, 0.75, 0])
        self.inputs = [node for node in self.graph.nodes if node.rule is None]
        self.steps = [node for node in self.graph.nodes if node.rule]
        self.line = VGroup()
        self.values: dict[Var, Formula] = {}
        self.found: dict[Var, Formula] = {}

    def pace(self, steps: Sized) -> float:
        """Seconds for each of some steps."""
        return min(_STEP, _SWEEP / max(1, len(steps)))

    def write(self, relation: Relation, *others: Animation, run_time: float) -> None:
        """Another line in the place of the one that stands there, while something else moves."""
        old, self.line = self.line, formula_line(relation)
        gone = [FadeOut(old, run_time=0.3 * run_time)] if len(old) else []
        come = FadeIn(self.line, run_time=0.7 * run_time)
        self.play(Succession(*gone, come), *others, run_time=run_time)

    def valued(self, nodes: Iterable[Var]) -> list[Animation]:
        """Values come to their nodes, if the nodes have room for numbers; else they light up once."""
        if self.diagram.detailed:
            self.values |= {node: self.diagram.value(node) for node in nodes}
            return [FadeIn(self.values[node], shift=0.1 * UP) for node in nodes]
        return [Indicate(self.diagram.node(node), color=None) for node in nodes]

    def follow(self, nudge: FormulaNudge) -> VGroup:
        """A light goes where a nudge goes, and what each node changes by comes to it: these numbers, if they have room.

        Else the nodes light up.
        """
        changes = VGroup()
        for node, by in nudge.changes.items():
            ways = [self.diagram.edge(node, end) for end in dict.fromkeys(node.parents) if end in nudge.changes]
            if ways:
                self.play(*map(flash, ways), run_time=min(0.8, self.pace(nudge.changes)))
            if self.diagram.detailed:
                changes.add(self.diagram.change(node, by))
                self.play(FadeIn(changes[-1], shift=0.1 * DOWN), run_time=0.5)
            else:
                self.play(Indicate(self.diagram.node(node), color=None), run_time=0.3)
        return changes

    def start(self, node: Var) -> None:
        """The derivative of a node with respect to itself: of the last one a sweep back begins, else one forward."""
        symbol = self.graph.derivative_symbol(node, node)
        self._color = theme.highlight if node is self.f else theme.ink
        self.found, self.moved = {node: self.diagram.derivative(node, 1.0, color=self._color)}, {node}
        self.write(Relation((symbol, Number(1.0, 0))), *self._comes(node), run_time=1.2)

    def sweep(self, steps: Iterable[SweepStep], *, backward: bool, meeting: str = "") -> None:
        """Each step is written, its arrows light up, and its derivative lands on its node.

        Where several arrows bring something for the first time, the voice has come to ``meeting``.
        """
        steps = list(steps)
        for step in steps:
            node, seconds = step.node, self.pace(steps)
            ends = [after for after in self.steps if node in after.parents] if backward else dict.fromkeys(node.parents)
            ways = [self.diagram.edge(end, node) if backward else self.diagram.edge(node, end)
                    for end in ends if end in self.moved]  # fmt: skip
            if meeting and len(ways) > 1:
                self.reach(meeting)
                meeting = ""
            self.moved |= {node} if step.value else set()
            lit = [flash(way, backward=backward) for way in ways]  # only where something comes
            self.found[node] = self.diagram.derivative(node, step.value, color=self._color)
            constant = isinstance(step.formulas.sides[1], Number)
            written = step.numbers if constant else step.formulas.followed_by(step.numbers)
            self.write(written, *lit, run_time=seconds)
            self.play(*self._comes(node), run_time=max(0.3, 0.3 * seconds))

    def _comes(self, node: Var) -> list[Animation]:
        """A derivative comes to its node, if the nodes have room for numbers; else the node is ringed."""
        if self.diagram.detailed:
            return [FadeIn(self.found[node], shift=0.1 * DOWN)]
        return [self.diagram.node(node)[0].animate.set_stroke(self._color)]

    def cleared(self) -> list[Animation]:
        """The derivatives go."""
        if self.diagram.detailed:
            return [FadeOut(*self.found.values())] if self.found else []
        return [self.diagram.node(node)[0].animate.set_stroke(theme.secondary) for node in self.found]


def flash(way: VMobject, *, backward: bool = False) -> ShowPassingFlash:
    """A light along an arrow or an edge: white, or violet on the way back."""
    light = VMobject(stroke_color=theme.highlight if backward else theme.ink, stroke_width=5).set_points(way.points)
    return ShowPassingFlash(light.reverse_direction() if backward else light, time_width=0.8)
