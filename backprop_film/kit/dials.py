"""`Dials`: the numbers of a network that can be turned, each a small dial.

In a scene::

    dials = Dials(network, width=4.0, height=3.6)
    self.play(LaggedStart(*map(FadeIn, dials), lag_ratio=0.05))
    self.play(ChangeQuantity(example, Weight(1, 0, 0), -2.0, 2.0, [dials]))
"""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from manim import Circle, Dot, Line, VGroup

from backprop_math import Parameter, Trace
from backprop_math.network import Structure

from .theme import theme

__all__ = ["Dials", "LargeDial"]

_TURN = math.radians(135)  # as far as the largest of them is turned


class Dials(VGroup):
    """A dial for each weight and bias, row after row, its pointer at its value: upright for 0.

    Of more than ``most`` only the first and the last are drawn, with dots between them. ``dial(q)`` is one of them
    (`KeyError` for what is not drawn), ``shown`` are the quantities that have one. ``show(trace)`` turns the pointers.
    """

    def __init__(self, network: Structure, *, width: float, height: float, most: int = 60) -> None:
        super().__init__()
        parameters, count = network.parameters, len(network.parameters)
        half = most // 2
        places = range(count) if count <= most else [*range(half), *range(count - half, count)]
        self.shown: list[Parameter] = [parameters[place] for place in places]
        self._scale = max((abs(network.value(q)) for q in self.shown), default=0.0) or 1.0
        cells = len(self.shown) + (count > most)
        across = max(1, min(cells, math.ceil(math.sqrt(cells * width / height))))
        down = math.ceil(cells / across)
        step = min(width / across, height / down, 0.62)
        self._dials: dict[Parameter, VGroup] = {}
        self._turned: dict[Parameter, float] = {}
        for place, quantity in enumerate(self.shown):
            cell = place + (count > most and place >= half)
            row, column = divmod(cell, across)
            at = np.array([(column - (across - 1) / 2) * step, ((down - 1) / 2 - row) * step, 0.0])
            ring = Circle(0.36 * step, color=theme.colour(quantity), stroke_width=2).move_to(at)
            pointer = Line(at, at + 0.3 * step * np.array([0, 1, 0]), color=theme.ink, stroke_width=2.5)
            self._dials[quantity] = VGroup(ring, pointer)
        self.dots = VGroup()
        if count > most:
            row, column = divmod(half, across)
            x, y = (column - (across - 1) / 2) * step, ((down - 1) / 2 - row) * step
            self.dots.add(*(Dot([x + d * step, y, 0], 0.03, color=theme.secondary) for d in (-0.22, 0, 0.22)))
        self.add(*self._dials.values(), self.dots)
        for quantity in self.shown:
            self._turn(quantity, network.value(quantity))

    def dial(self, quantity: Parameter) -> VGroup:
        """The ring and the pointer of a weight or bias."""
        return self._dials[quantity]

    def show(self, trace: Trace) -> Self:
        """Turn the pointers to the values in ``trace``."""
        for quantity in self.shown:
            self._turn(quantity, trace.value(quantity))
        return self

    def _turn(self, quantity: Parameter, value: float) -> None:
        if self._turned.get(quantity) == value:
            return
        self._turned[quantity] = value
        ring, pointer = self._dials[quantity]
        angle = math.pi / 2 - _TURN * max(-1.0, min(1.0, value / self._scale))
        centre, reach = ring.get_center(), 0.8 * ring.width / 2
        tip = centre + reach * np.array([math.cos(angle), math.sin(angle), 0.0])
        # Manim's `put_start_and_end_on` scales and turns what is there: for a hundred dials, half of a picture's time.
        pointer.set_points_as_corners([centre, tip])


class LargeDial(VGroup):
    """One of ``dials`` again, larger; a faint line stays where it stood. Call ``show(trace)`` after theirs."""

    def __init__(self, dials: Dials, quantity: Parameter, *, radius: float) -> None:
        self._small = dials.dial(quantity)
        self.ring = Circle(radius, color=theme.highlight, stroke_width=3)
        self.pointer = Line(color=theme.ink, stroke_width=4)
        self._follow()
        before = self.pointer.copy().set_stroke(theme.secondary, 2.5)
        super().__init__(self.ring, before, self.pointer)

    def _follow(self) -> None:
        ring, pointer = self._small
        centre = self.ring.get_center()
        reach = (pointer.get_end() - ring.get_center()) * self.ring.width / ring.width
        self.pointer.set_points_as_corners([centre, centre + reach])

    def show(self, trace: Trace) -> Self:
        """Turn the pointer to where that of the small one is."""
        self._follow()
        return self
