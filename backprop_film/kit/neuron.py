"""`Neuron`: a circle whose fill is an activation, with the number in it, which fits whatever its size.

In a scene::

    neuron = Neuron(Activation(3, 0), radius=0.6)
    self.play(*neuron.reveal(trace))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from manim import UP, Animation, Circle, FadeIn, ManimColor, VGroup, interpolate_color, there_and_back

from backprop_math import Activation, Number, Trace
from backprop_math.formula import short_number

from .readout import Readout
from .theme import MIN_FONT_SIZE, POINTS, contrast, theme

__all__ = ["Neuron"]

_AIR = 0.034  # between a number and its circle: what is nearer touches it, to the eye
_RING = 2.5  # how wide the ring is drawn
_FEWEST = 3  # places of a number
_SMALLEST = 1e-12  # what is smaller is shown as 0.00
# Of a number on one line, and of one on two, which fills the corners of its box: a radius, and how much nearer a ring
# comes that has widened.
_LARGE, _LIT = {1: 0.53, 2: 0.37}, {1: 0.0, 2: 0.004}
# In ems: from a power of ten up to the digits before it; the space around a sign; and how much nearer to the middle
# the lower line is where it is the wider one.
_LINES, _SPACE, _UP = 0.88, 0.22, 0.06


class Neuron(VGroup):
    """A circle whose fill is the activation, with the number inside once it has been shown.

    The number has ``decimals``, or as many as have room in three places more (`short_number`); a very large one has a
    power of ten below it, and a very small one, too, if it may be ``tiny``: else it is shown as 0.00.
    """

    def __init__(
        self,
        quantity: Activation,
        *,
        radius: float = 0.36,
        scale: float = 1.0,
        decimals: int = 2,
        tiny: bool = False,
    ) -> None:
        self.quantity, self._scale, self._decimals, self._tiny = quantity, scale, decimals, tiny
        self.circle = Circle(radius, stroke_color=theme.secondary, stroke_width=_RING)
        self.circle.set_fill(theme.surface, 1)
        self.number: _Inside | None = None
        super().__init__(self.circle)

    def show(self, trace: Trace) -> Self:
        """Fill and number from the activation's value in ``trace``."""
        value = trace.value(self.quantity)
        full = 0.8 if theme.is_dark else 0.6  # of the ink, so that dark numbers can be read on most fills
        fill = interpolate_color(
            ManimColor(theme.surface), ManimColor(theme.ink), full * min(1.0, abs(value) / self._scale)
        )
        self.circle.set_fill(fill, 1)
        if self.number is None:
            size = 0.42 * self.circle.width * POINTS
            self.number = _Inside(value, self.quantity, decimals=self._decimals, font_size=size, tiny=self._tiny)
            self._fit()
            self.add(self.number)
        before = self.number.number.shown
        self.number.set_value(value)
        if _form(self.number.number.shown) != _form(before) or self._touches:  # a minus more, say, or a smaller circle
            self._fit()
        # Pure white and black: with less, a number on a middle grey would miss a contrast of 4.5 : 1.
        self.number.set_fill(max(("#FFFFFF", "#000000"), key=lambda ink: contrast(ink, fill.to_hex())), 1)
        return self

    def _fit(self) -> None:
        """As large as before, if that has room in the circle; where it could not be read, it has fewer digits."""
        number, width = self.number, 2 * self._inner + _RING / 100
        assert number is not None
        # Only of what stands before the point something can be told with fewer digits.
        places = self._decimals + 3
        for fewer in range(places, (_FEWEST if abs(number.value) >= 10 else places) - 1, -1):
            number.places = fewer
            number.set_value(number.value)
            number.font_size = 0.42 * width * POINTS
            scale = min(1.0, 0.8 * width / number.width, self._room / number.corner)
            least = min(1.0, MIN_FONT_SIZE / number.font_size)
            if scale >= least:
                break
        number.scale(max(scale, least)).move_to(self.circle)
        number.shift(number.lift * UP)

    def ring(self, color: str | None = None, width: float = _RING, **animation: Any) -> Any:
        """The ring takes a colour and a width, or its own again; it widens outwards, where no number is.

        ``self.play(neuron.ring(theme.highlight, 5))``
        """
        radius, inner = self.circle.width / 2, self._inner
        wider = (inner + width / 200) / radius
        return self.circle.animate(**animation).set_stroke(color or theme.secondary, width).scale(wider)

    def glow(self) -> Any:
        """The ring lights up and goes out again."""
        width = self.circle.get_stroke_width()
        return self.ring(theme.highlight, width + 4, rate_func=there_and_back)

    @property
    def _inner(self) -> float:
        """Where the ring ends inside."""
        return float(self.circle.width) / 2 - self.circle.get_stroke_width() / 200

    @property
    def _room(self) -> float:
        """How far a number's corners may be from the middle; in a large circle, which may shrink, not so far."""
        lines = 2 if self.number is not None and "e" in self.number.number.shown else 1
        air = max(1.0, self._inner / _LARGE[lines]) * (_RING / 200 + _AIR)
        wide = 0.05 if self._decimals > 2 else 0.0  # such a number reaches out to where a lit edge comes in
        return self._inner + _RING / 200 - float(np.sqrt(2)) * air - wide - _LIT[lines]

    @property
    def _touches(self) -> bool:
        return self.number is not None and self.number.corner > self._room + 1e-3

    def reveal(self, trace: Trace) -> list[Animation]:
        """Animations that fill the neuron and bring its number."""
        before = self.circle.get_fill_color()
        self.show(trace)
        after, number = self.circle.get_fill_color(), self.number
        assert number is not None
        self.circle.set_fill(before, 1)
        return [self.circle.animate.set_fill(after, 1), FadeIn(number, scale=0.7)]


def _form(shown: str) -> str:
    """Where the digits stand."""
    return "".join("0" if sign.isdigit() else sign for sign in shown)


class _Inside(Readout):
    """A number in a few places; a power of ten stands on a line of its own."""

    def __init__(self, *of: Any, tiny: bool, **how: Any) -> None:
        self._tiny, self.places = tiny, how["decimals"] + 3
        super().__init__(*of, **how)

    def _numbered(self, value: float) -> Number:
        tiny = self._tiny and abs(value) >= _SMALLEST
        number = short_number(value, self.decimals, places=self.places, tiny=tiny)
        return Number(number.value, number.decimals, self.quantity, number.scientific)

    @property
    def corner(self) -> float:
        """How far its corners are from where its middle, or that of a lifted one's circle, is."""
        return float(np.hypot(self.width / 2, self.height / 2 - self.lift))

    @property
    def lift(self) -> float:
        """How far it stands above the middle: two lines of which the lower one is the wider."""
        return _UP * self.font_size / POINTS if len(self.number.shown.partition("e")[2]) > 2 else 0.0

    def _corners(self, places: Sequence[str]) -> list[np.ndarray]:
        corners = super()._corners(places)
        if "×" not in places:
            return corners
        times = list(places).index("×")
        below, above = corners[:times], corners[times:]
        # The sign close behind the digits, all of it in the middle over the other line.
        sign, *digits = above
        digits = [corner + np.array([_SPACE * self._em, 0.0, 0.0]) for corner in digits]
        up = np.array([(_SPACE * self._em - digits[-1][0]) / 2, _LINES * self._em, 0.0])
        return [*below, *(corner + up for corner in (sign, *digits))]
