"""`falls`: a pinned number goes to another place: light runs down a lane that is free, and the number opens there.

In a scene::

    carried = Number(trace.derivative(Activation(2, 0)), 4)
    pin, number = PinnedNumber(carried, diagram.neuron(2, 0)), Formula(carried).shift([3, -2, 0])
    self.add(diagram, pin)
    for move in falls(pin, number, [(1.5, 0.6), (1.5, -2)]):
        self.play(move)
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import RIGHT, Animation, FadeIn, Indicate, ShowPassingFlash

from ..kit.formula import Formula
from ..kit.open_path import OpenPath
from ..kit.pinned_number import PinnedNumber
from ..kit.theme import theme

__all__ = ["falls"]

_LONG = 0.4  # of the way: a light that is short would look like a sign


def falls(pin: PinnedNumber, number: Formula, corners: Sequence[tuple[float, float]]) -> list[Animation]:
    """The plays: the pin flashes and comes to rest; light leaves it at the right, turns at the ``corners`` and comes
    to the left end of ``number``, which opens from there.
    """
    start, end = pin.get_right(), number.get_left() - 0.1 * RIGHT
    path = OpenPath([start, *([*corner, 0.0] for corner in corners), end], stroke_color=theme.highlight, stroke_width=5)
    return [
        Indicate(pin, scale_factor=1.15, color=None, run_time=0.7),
        ShowPassingFlash(path, time_width=_LONG, run_time=1.0),
        FadeIn(number, target_position=end, scale=0.3, run_time=0.5),
    ]
