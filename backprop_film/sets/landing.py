"""`landing`: a number leaves a picture as a tag and flies a free lane to the neuron that it is pinned on.

In a scene::

    total = Number(-0.473, 3)
    bars = ContributionBars(["a", "b"], [Number(-0.649, 3), Number(0.176, 3)], total)
    self.add(bars)
    landing(self, bars.numbers, PinnedNumber(total, diagram.neuron(1, 0)))     # the last of the numbers flies
"""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, CubicBezier, FadeIn, GrowFromCenter, MoveAlongPath, Scene, VGroup

from ..kit.pinned_number import PinnedNumber

__all__ = ["landing"]

_AIR = 0.06
_OUT, _IN = 1.5, 1.8  # how far the lane runs level at its two ends
_WAYS = tuple(y * UP for y in (-0.5, 0.5, -0.8, 0.8, -1.1))  # clear of the numbers beside it


def landing(scene: Scene, numbers: VGroup, pinned: PinnedNumber) -> None:
    """The last of ``numbers`` becomes a tag beside its place, and flies around, from the left, to where it is pinned.

    It is no longer among the numbers then, and ``pinned`` is on the screen.
    """
    number = numbers[-1]
    pointer, plate, end = pinned[0], pinned[1], pinned.formula
    goal = plate.get_center()
    tag = VGroup(plate.copy(), end.copy()).move_to(number)
    way = next(filter(lambda way: _clear(tag.copy().shift(way), numbers[:-1]), _WAYS), _WAYS[-1])
    tag.shift(way)
    numbers.remove(number)
    scene.remove(number)
    scene.play(GrowFromCenter(tag[0]), FadeIn(tag[1], shift=way), run_time=0.6)
    start = tag.get_center()
    lane = CubicBezier(start, start + _OUT * RIGHT + 0.2 * DOWN, goal + _IN * LEFT + 0.1 * UP, goal)
    scene.play(MoveAlongPath(tag, lane), run_time=1.5)
    scene.play(FadeIn(pointer), run_time=0.3)
    scene.remove(tag, pointer)
    scene.add(pinned)


def _clear(tag: VGroup, numbers: VGroup) -> bool:
    apart = [np.abs(tag.get_center() - number.get_center())[:2] for number in numbers]
    sizes = [((tag.width + number.width) / 2 + _AIR, (tag.height + number.height) / 2 + _AIR) for number in numbers]
    return all(bool(np.any(off > size)) for off, size in zip(apart, sizes, strict=True))
