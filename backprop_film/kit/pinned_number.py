"""`PinnedNumber`: the number that is carried backwards, where it has landed: on a small plate, pinned on a neuron.

In a scene::

    pinned = PinnedNumber(Number(trace.derivative(Activation(1, 0)), 3), diagram.neuron(1, 0))
    self.play(FadeIn(diagram))
    self.play(FadeIn(pinned, shift=LEFT))
"""

from __future__ import annotations

from manim import DOWN, RIGHT, UP, Polygon, RoundedRectangle, VGroup, interpolate_color
from manim.utils.color import ManimColor

from backprop_math import Expression

from .formula import Formula
from .neuron import Neuron
from .theme import theme

__all__ = ["PinnedNumber"]


class PinnedNumber(VGroup):
    """A ``formula`` in the highlight colour on a plate with a pointer to the neuron, above it, or (``lower``) below.

    The plate may stand ``aside`` of the pointer, by so many units to the right.
    """

    def __init__(
        self,
        expression: Expression,
        neuron: Neuron,
        *,
        lower: bool = False,
        aside: float = 0.0,
        font_size: float = 32,
        buff: float = 0.05,
    ) -> None:
        self.formula = Formula(expression, font_size=font_size, color=theme.highlight, plain=True)
        ground = interpolate_color(ManimColor(theme.background), ManimColor(theme.highlight), 0.16)
        plate = RoundedRectangle(
            width=self.formula.width + 0.26, height=self.formula.height + 0.2, corner_radius=0.08,
            stroke_color=theme.highlight, stroke_width=2, fill_color=ground, fill_opacity=1,
        ).move_to(self.formula)  # fmt: skip
        y, way = (plate.get_top()[1], 1) if lower else (plate.get_bottom()[1], -1)
        pointer = Polygon([-0.09, y, 0], [0.09, y, 0], [0, y + 0.1 * way, 0], stroke_width=0)
        pointer.set_fill(theme.highlight, 1)
        super().__init__(pointer, plate, self.formula)
        side = DOWN if lower else UP
        self.next_to(neuron.circle, side, buff=buff)
        VGroup(plate, self.formula).shift(aside * RIGHT)
