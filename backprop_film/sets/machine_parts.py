"""`Station`, a number and its change; `Machine`, what makes another of it; and what pictures of them have in common.

In a scene::

    station = Station((-2, 0), 3.0, [Number(0.01, 2)], Number(0.01, 2))
    machine = Machine((1, 0), "square", Number(6.01, 2), Number(6.0, 0))
    self.play(FadeIn(station, machine))
    self.play(FadeIn(station.tick, station.bars, station.change), FadeIn(machine.ratio))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    CubicBezier,
    FadeIn,
    GrowFromEdge,
    Line,
    Mobject,
    MoveToTarget,
    Rectangle,
    RoundedRectangle,
    ShowPassingFlash,
    Succession,
    Triangle,
    VGroup,
    VMobject,
    smooth,
    squish_rate_func,
)

from backprop_math import Measured, Number, Relation

from ..kit.formula import Formula, Nothing
from ..kit.texts import Prose
from ..kit.theme import POINTS, theme
from .function_nudges import exactly

__all__ = ["BOX", "RADIUS", "SIZE", "UNIT", "Machine", "MachinePicture", "Station", "lights_along"]

#: A nudge is drawn so long.
UNIT = 0.11
#: A station's radius, a machine's width and height, and the font size of ratios and names.
RADIUS, BOX, SIZE = 0.36, (1.75, 0.78), 42.0
_DROP, _BAR, _TICK = 0.63, 0.17, 0.3
_NAME = 30.0


class Station(VGroup):
    """A number in a circle; ``bar`` under it is what it changes by, ``change`` the same as a number, in ``parts``."""

    def __init__(
        self,
        place: Sequence[float],
        value: float,
        changes: Sequence[Number],
        by: Number,
        unit: float = UNIT,
        *,
        below: bool = False,
    ) -> None:
        self.circle = Circle(RADIUS, stroke_color=theme.secondary, stroke_width=2.5).set_fill(theme.surface, 1)
        self.value = exactly(value)
        self.number = Formula(self.value, font_size=40)
        super().__init__(self.circle.move_to([*place, 0]), self.number.move_to(self.circle))
        start = self.circle.get_left() + 0.06 * RIGHT + _DROP * DOWN
        self.tick = Line(start + _TICK / 2 * UP, start + _TICK / 2 * DOWN, stroke_width=2, color=theme.secondary)
        self.bars, colors = VGroup(), (theme.ink,) if len(changes) == 1 else (theme.secondary, theme.ink)
        for change, color in zip(changes, colors, strict=True):
            width = unit * change.value / by.value
            bar = Rectangle(width=width, height=_BAR, stroke_width=0, fill_color=color, fill_opacity=1)
            self.bars.add(bar.next_to(self.bars[-1] if len(self.bars) else self.tick, RIGHT, buff=0))
        total = exactly(sum(change.value for change in changes))
        self.change = Formula(Relation((Nothing(), total), ("+",)), font_size=32.64)
        self.nudge, self._below = by.value, below
        self.write_change(self.bars)

    def write_change(self, bars: Mobject) -> None:
        """The change stands behind the ``bars``, or below them."""
        self.change.next_to(bars, RIGHT, buff=0.12)
        if self._below:
            self.change.next_to(self.tick, DOWN, buff=0.08).align_to(self.circle, LEFT)


class Machine(VGroup):
    """A box with its name; ``ratio`` above it is what it multiplies a change by, ``slope`` the same of a tiny one."""

    def __init__(self, place: Sequence[float], name: str, ratio: Number, slope: Number) -> None:
        self.box = RoundedRectangle(
            width=BOX[0], height=BOX[1], corner_radius=0.12, stroke_color=theme.arrow, stroke_width=2.5,
            fill_color=theme.surface, fill_opacity=1,
        )  # fmt: skip
        words = Prose(name, font_size=_NAME).move_to([*place, 0]).on_baseline(place[1] - 0.3 * _NAME / POINTS)
        super().__init__(self.box.move_to([*place, 0]), words)
        self.ratio, self.slope = (self._above(number) for number in (ratio, slope))
        self.limit = slope

    def _above(self, number: Number) -> Formula:
        shown = Formula(Relation((Nothing(), number), ("×",)), font_size=SIZE, color=theme.highlight, plain=True)
        return shown.next_to(self.box, UP, buff=0.13)


class MachinePicture(VGroup):
    """Stations and machines, and the arrows between."""

    stations: list[Station]
    boxes: list[Machine]
    measured: list[Measured]

    @property
    def numbers(self) -> VGroup:
        """All stations."""
        return VGroup(*self.stations)

    @property
    def everything(self) -> VGroup:
        """All of it, with all changes and ratios."""
        return VGroup(self, self.bars, self.changes, self.ratios)

    @property
    def bars(self) -> VGroup:
        """The bars of all changes."""
        return VGroup(*(VGroup(station.tick, station.bars) for station in self.stations))

    @property
    def changes(self) -> VGroup:
        """The numbers of all changes."""
        return VGroup(*(station.change for station in self.stations))

    @property
    def ratios(self) -> VGroup:
        """What each machine multiplies a change by."""
        return VGroup(*(box.ratio for box in self.boxes))

    @property
    def slopes(self) -> VGroup:
        """The same of a tiny change, at the same places."""
        return VGroup(*(box.slope for box in self.boxes))

    @staticmethod
    def arrow_along(*points: Any) -> VGroup:
        """An arrow from a point to another, or along a curve of four points."""
        corners = [np.array([*point, 0.0]) for point in points]
        line = Line(*corners) if len(corners) == 2 else CubicBezier(*corners)
        line.set_stroke(theme.arrow, 2.5).set_fill(opacity=0)
        tip = Triangle(stroke_width=0, fill_color=theme.arrow, fill_opacity=1).scale(0.09).rotate(-np.pi / 2)
        return VGroup(line, tip.move_to(corners[-1], aligned_edge=RIGHT))

    def pairs(self, result: Formula) -> list[tuple[Mobject, Mobject]]:
        """The machines' ratios, each with its place in a result, for `Compose`."""
        return [(box.ratio.side(1), result.part(one.value)) for box, one in zip(self.boxes, self.measured, strict=True)]

    def shrink(self, smaller: MachinePicture) -> list[Animation]:
        """The bars of all changes become as long as those of a ``smaller`` nudge are, to the same scale.

        The ``changes`` of the smaller one have their places then, where the bars have gone in half the time.
        """
        moves: list[Animation] = []
        early = squish_rate_func(smooth, 0.0, 0.5)
        for station, other in zip(self.stations, smaller.stations, strict=True):
            start = station.tick.get_center()
            station.bars.generate_target().stretch(other.nudge / station.nudge, 0, about_point=start)
            other.write_change(station.bars.target)
            moves.append(MoveToTarget(station.bars, rate_func=early))
        return moves

    def vanish(self) -> list[Animation]:
        """The bars of all changes shrink to nothing, each to where it begins."""
        for station in self.stations:
            station.bars.generate_target().stretch(1e-3, 0, about_point=station.tick.get_center()).set_opacity(0)
        return [MoveToTarget(station.bars, rate_func=squish_rate_func(smooth, 0.0, 0.6)) for station in self.stations]

    def note(self) -> Prose:
        """That the bars have one scale, at the right under them."""
        y = self.stations[0].circle.get_y() - 1.5
        note = Prose("all bars to one scale", font_size=theme.tick_size, color=theme.secondary)
        return note.move_to([theme.safe.right - 0.02, y, 0], aligned_edge=RIGHT)

    def grow(self, place: int, part: int = 0) -> list[Animation]:
        """The change of a station comes; of one that has two parts, the first or the second."""
        station = self.stations[place]
        first = [FadeIn(station.tick)] if not part else []
        last = [FadeIn(station.change, shift=0.15 * RIGHT)] if part == len(station.bars) - 1 else []
        return [*first, GrowFromEdge(station.bars[part], LEFT), *last]


def lights_along(ways: Sequence[Mobject]) -> Succession:
    """A light that runs along one way after the other."""
    flashes = []
    for way in ways:
        light = VMobject(stroke_color=theme.ink, stroke_width=5).set_points(way.points)
        light.overlaps_ok = True  # around a machine's name
        flashes.append(ShowPassingFlash(light, time_width=0.7, run_time=0.5))
    return Succession(*flashes)
