"""`NudgeBeam`: one nudge falling through the quantities of a path, a segment that every step scales.

`Fall` lets it fall, `Shrink` makes the nudge smaller or looks closer.

In a scene::

    path = [Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0), Cost()]
    beam = NudgeBeam(Nudge(example, path[0], 0.001), notation, path, rows=(2, 1, 0, -1), left=-2, right=4)
    self.add(beam.at(0))
    for step in range(3):
        self.play(Fall(beam, step, step + 1))
        self.play(FadeIn(beam.factors[step], beam.changes[step + 1]))
    self.play(Shrink(beam, by=(0.001, 0.0001)))                    # the segments shrink, the factors stay
    self.play(Shrink(beam, by=(0.0001, 0.0001), zoom=(1, 10)))
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Dot,
    Line,
    ManimColor,
    Mobject,
    Polygon,
    VGroup,
    interpolate_color,
    smooth,
)

from backprop_math import Change, Expression, Notation, Nudge, Number, Quantity, Relation
from backprop_math.formula import Bracket, decimals_for, relation_sign

from .formula import Formula, Nothing
from .texts import Prose
from .theme import MIN_FONT_SIZE, theme

__all__ = ["Fall", "NudgeBeam", "ScaleNote", "Shrink"]

_RADIUS = 0.105
_AIR = 0.28  # between the beam and what is written beside it
_SHARES = (0.6, 0.5, 0.4, 0.3)  # of the lines, that the longest change takes


class ScaleNote(Prose):
    """What a mark of a scale stands for: no result, as little as the numbers at an axis."""


class NudgeBeam(VGroup):
    """A line for each quantity of ``path``, all to one scale, each change a segment from the same starting edge.

    ``rows`` are the lines' heights, from the top; ``left`` and ``right`` their ends. ``at(depth)`` shows how far the
    nudge has fallen: 0, at the first line, to ``len(path) − 1``, at the last. A change of the other sign turns round.

    What is written beside it is not added: ``changes`` (``Δz ≈ 0.000480``), ``factors`` between them (``× 0.480``) and
    ``scale_note``, what a tick is. `measured` are the numbers of the factors, which multiply to that of ``product``.
    """

    def __init__(
        self,
        nudge: Nudge,
        notation: Notation,
        path: Sequence[Quantity],
        *,
        rows: Sequence[float],
        left: float,
        right: float,
        decimals: int = 3,
        whole: int = 4,
    ) -> None:
        self.path, self.rows, self.left, self.right, self.nudge = list(path), list(rows), left, right, nudge
        self.measured, self.product = nudge.passed_along(path, decimals=decimals, whole=whole)
        values = self._changes_of(nudge)
        low, high = min(0.0, *values), max(0.0, *values)
        room = right - left
        shown = [self.measured[0].by, *(row.change for row in self.measured)]
        still = [q != nudge.quantity and not nudge.moves(q) for q in path]
        numbers = [Number(0.0, 0, q) if no else number for q, no, number in zip(path, still, shown, strict=True)]
        self.changes = VGroup(
            *(self._change(Change(notation.symbol(q)), number) for q, number in zip(path, numbers, strict=True))
        )
        self.factors = VGroup(*(Formula(_times(row.value), font_size=44.16) for row in self.measured))
        for share in _SHARES:  # less, where what is written beside it is long
            self.unit = share * room / (high - low)
            self.edge = left + 0.07 * room - low * self.unit
            self.ends = [self.edge + value * self.unit for value in values]
            if all(start + _least_width(text) <= self._limit for text, start in self._beside()):
                break
        colours = [theme.colour(q) for q in path]
        self._colours = [ManimColor(colour) for colour in colours]
        self.tick = _step(0.5 / self.unit)
        self.lines = VGroup(*(self._line(y, left, right) for y in rows))
        self.wall = Line(UP, DOWN, stroke_width=2, color=theme.highlight)
        self.beams = VGroup(
            *(
                Polygon(UP, DOWN, LEFT, RIGHT, stroke_width=0, fill_color=theme.highlight, fill_opacity=0.26)
                for _ in rows[1:]
            )
        )
        self.edges = VGroup(*(Line(UP, DOWN, stroke_width=2, color=theme.highlight) for _ in rows[1:]))
        self.segments = VGroup(*(Line(LEFT, RIGHT, stroke_width=7, color=colour) for colour in colours))
        self.rings = VGroup(*(Circle(_RADIUS, color=colour, stroke_width=2.5) for colour in colours))
        self.rings.set_fill(theme.background, 1)
        self.dots = VGroup(*(Dot(radius=_RADIUS, color=colour) for colour in colours))
        self.falling = VGroup(Line(LEFT, RIGHT, stroke_width=7), Dot(radius=_RADIUS))
        super().__init__(
            self.beams, self.lines, self.wall, self.edges, self.segments, self.rings, self.dots, self.falling
        )
        self.changes[0].move_to([(self.edge + self.ends[0]) / 2, rows[0] + 0.36, 0])
        for text, start in self._beside():
            text.move_to([start, text.get_y(), 0], aligned_edge=LEFT).fit(self._limit - start)
        self.scale_note = self.closer(1)
        self.at(len(path) - 1)

    def _changes_of(self, nudge: Nudge) -> list[float]:
        """What has not moved is drawn where it is; the factors behind it come from nudges of their own."""
        return [nudge.change(q) if nudge.moves(q) else 0.0 for q in self.path]

    def closer(self, zoom: int) -> ScaleNote:
        """What a tick is when the lines are seen so many times as large."""
        tick = self.tick / zoom
        times = f"{zoom:,} times larger: " if zoom > 1 else ""
        words = f"{times}one tick is {Number(tick, decimals_for(tick, 0, significant=1)).text()}, on every line"
        note = ScaleNote(words, font_size=theme.tick_size, color=theme.secondary)
        return note.move_to([self.right, self.rows[-1] - 0.38, 0], aligned_edge=RIGHT)

    def show(self, by: float, zoom: float = 1.0) -> Self:
        """A nudge of another size, fallen to the last line: its changes, calculated anew, ``zoom`` times as large."""
        changes = self._changes_of(replace(self.nudge, by=by))
        ends = [self.edge + zoom * change * self.unit for change in changes]
        self.ends = [min(max(end, self.left), self.right) for end in ends]
        return self.at(len(self.path) - 1)

    def _line(self, y: float, left: float, right: float) -> VGroup:
        line = Line([left, y, 0], [right, y, 0], stroke_width=2.5, color=theme.line)
        step = self.tick * self.unit
        first, last = math.ceil((left - self.edge) / step), math.floor((right - self.edge) / step)
        ticks = [
            Line([x, y - 0.07, 0], [x, y + 0.07, 0], stroke_width=2, color=theme.line)
            for x in (self.edge + number * step for number in range(first, last + 1) if number)
        ]
        return VGroup(line, *ticks)

    @staticmethod
    def _change(name: Expression, number: Number) -> Formula:
        return Formula(Relation((name, number), (relation_sign(number),)), font_size=32.64)

    @property
    def _limit(self) -> float:
        """Where what is written beside the beam must end."""
        return self.right + 0.1

    def _beside(self) -> Iterator[tuple[Formula, float]]:
        """What is written between the lines, at its height, and where it begins: at the right of the beam."""
        for step, (factor, change) in enumerate(zip(self.factors, self.changes[1:], strict=True)):
            top, bottom = self.rows[step : step + 2]
            for text, y in ((change, bottom + 0.275 * (top - bottom)), (factor, bottom + 0.675 * (top - bottom))):
                text.set_y(y)
                heights = np.clip(np.array([text.get_bottom()[1], text.get_top()[1]]), bottom, top)
                parts = (top - heights) / (top - bottom)
                ends = self.ends[step] + parts * (self.ends[step + 1] - self.ends[step])
                yield text, max(self.edge, *ends) + _AIR

    def at(self, depth: float) -> Self:
        """How far the nudge has fallen: the lines above have their segments, and the beam ends between two lines."""
        reached, part = int(depth), depth - int(depth)
        for row, (y, end) in enumerate(zip(self.rows, self.ends, strict=True)):
            start, tip = np.array([self.edge, y, 0.0]), np.array([end, y, 0.0])
            _lay(self.segments[row], start, tip, seen=row <= reached)
            self.rings[row].move_to(start).set_stroke(opacity=float(row <= reached))
            self.rings[row].set_fill(theme.background, float(row <= reached))
            self.dots[row].move_to(tip).set_fill(opacity=float(row <= reached))
        moving = 0 < part < 1
        y, end = self.rows[reached], self.ends[reached]
        if moving:
            y += part * (self.rows[reached + 1] - y)
            end += part * (self.ends[reached + 1] - end)
        _lay(self.wall, np.array([self.edge, self.rows[0], 0.0]), np.array([self.edge, y, 0.0]), seen=depth > 0)
        for row, beam in enumerate(self.beams):
            top, start = np.array([self.ends[row], self.rows[row], 0.0]), np.array([self.edge, self.rows[row], 0.0])
            if row < reached:
                bottom = np.array([self.ends[row + 1], self.rows[row + 1], 0.0])
            else:
                bottom = np.array([end, y, 0.0])
            shown = row < reached or (row == reached and moving)
            below = np.array([self.edge, bottom[1], 0.0])
            if shown:
                beam.set_points_as_corners([start, top, bottom, below, start])
            beam.set_fill(opacity=0.26 * shown)
            _lay(self.edges[row], top, bottom, seen=shown)
        colour = self._colours[reached]
        if moving:
            colour = interpolate_color(colour, self._colours[reached + 1], part)
        segment, dot = self.falling
        _lay(segment.set_color(colour), np.array([self.edge, y, 0.0]), np.array([end, y, 0.0]), seen=moving)
        dot.move_to([end, y, 0]).set_fill(colour, float(moving))
        return self


class Shrink(Animation):
    """Takes the nudge of a fallen beam from one size to another, and the scale of its lines from one to another."""

    def __init__(
        self, beam: NudgeBeam, by: tuple[float, float], zoom: tuple[float, float] = (1.0, 1.0), **animation: object
    ) -> None:
        self.beam, self.by, self.zoom = beam, by, zoom
        super().__init__(beam, **{"run_time": 1.0, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: every frame is calculated from the example."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Both change by a constant factor in a given time."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        self.beam.show(*(a ** (1 - t) * b**t for a, b in (self.by, self.zoom)))


class Fall(Animation):
    """Lets the nudge of a beam fall from one depth to another."""

    def __init__(self, beam: NudgeBeam, start: float, end: float, **animation: object) -> None:
        self.beam, self.start, self.end = beam, start, end
        super().__init__(beam, **{"run_time": 1.6, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: the beam knows how it looks at every depth."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Show the depth of this moment."""
        part = self.rate_func(min(1.0, max(0.0, alpha)))
        self.beam.at((1 - part) * self.start + part * self.end)


def _least_width(text: Formula) -> float:
    """How wide a text is that is as small as one may be."""
    return float(text.width) * min(1.0, MIN_FONT_SIZE / text.font_size)


def _times(number: Number) -> Expression:
    """``× 0.225``, a negative one in brackets."""
    return Relation((Nothing(), Bracket(number) if number.leads_with_minus else number), ("×",))


def _lay(line: Line, start: np.ndarray, end: np.ndarray, *, seen: bool) -> None:
    length = float(np.linalg.norm(end - start))
    if length > 1e-3:
        line.put_start_and_end_on(start, end)
    line.set_stroke(opacity=float(seen and length > 1e-3))


def _step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least so large."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
