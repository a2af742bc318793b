"""`LastLink`: the last two neurons of a chain of single ones, with their names; large, or small in the corner.

In a scene::

    link = LastLink(trace, notation, width=4.6, radius=0.75, font_size=58, buff=0.3)
    self.add(link)
    self.play(FadeIn(link.names[Weight(3, 0, 0)]))
    corner = corner_link(trace, notation)                  # with w and the cost, at the top right
    close = close_link(trace, notation)                    # large, in the middle
"""

from __future__ import annotations

from manim import DOWN, RIGHT, UP, Animation, Line, VGroup

from backprop_math import BackwardPass, Notation, Quantity

from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme
from .single_neurons import LayerQuantities

__all__ = ["LastLink", "close_link", "corner_link"]


class LastLink(VGroup):
    """``edge``, the neurons ``before`` and ``after`` it, and what is not added at first: ``names`` and the ``cost``.

    ``whole`` is all of it, to be moved. ``names`` has the symbols of the weight, the bias and both activations;
    ``cost`` is the cost's symbol, and ``to_cost`` the line to it.
    """

    def __init__(
        self, trace: BackwardPass, notation: Notation, *, width: float, radius: float, font_size: float, buff: float
    ) -> None:
        network = trace.network
        self.q = q = LayerQuantities(network.L)
        self.diagram = NetworkDiagram(network, width=width, radius=radius, first=network.L - 1)
        self.edge = self.diagram.edge(q.layer, 0, 0)
        self.before, self.after = self.diagram.neuron(q.layer - 1, 0), self.diagram.neuron(q.layer, 0)
        self.names: dict[Quantity, Formula] = {
            x: Formula(notation.symbol(x), font_size=font_size) for x in (q.w, q.previous, q.b, q.a)
        }
        for x, part, side in (
            (q.w, self.edge, UP),
            (q.previous, self.before, UP),
            (q.b, self.after, DOWN),
            (q.a, self.after, UP),
        ):
            self.names[x].next_to(part, side, buff=0.3 * font_size / theme.symbol_size)
        self.cost = Formula(notation.symbol(q.cost), font_size=1.1 * font_size).next_to(self.after, RIGHT, buff=buff)
        start = self.after.get_right()
        self.to_cost = Line(start, [self.cost.get_left()[0] - 0.1, start[1], 0], stroke_width=2.5, color=theme.arrow)
        super().__init__(self.diagram)
        self.whole = VGroup(self.diagram, *self.names.values(), self.to_cost, self.cost)

    def light(self, *lit: VGroup | Line) -> list[Animation]:
        """Animations that light strokes in the highlight colour."""
        return [part.animate.set_stroke(theme.highlight, opacity=1) for part in lit]


def close_link(trace: BackwardPass, notation: Notation) -> LastLink:
    """The link looked at alone: large, in the middle of the stage."""
    link = LastLink(trace, notation, width=3.5, radius=0.88, font_size=64, buff=1.25)
    link.whole.shift([0.0, 0.65, 0] - link.diagram.get_center())
    return link


def corner_link(trace: BackwardPass, notation: Notation) -> LastLink:
    """The link as it stays in sight: small, at the top right, its numbers in it, with w and the cost."""
    link = LastLink(trace, notation, width=1.62, radius=0.36, font_size=32, buff=0.4)
    link.diagram.show(trace)
    link.names[link.q.w].next_to(link.edge, UP, buff=0.16)
    link.add(link.names[link.q.w], link.to_cost, link.cost)
    link.move_to([0, 2.8, 0]).align_to([theme.safe.right, 0, 0], RIGHT)
    return link
