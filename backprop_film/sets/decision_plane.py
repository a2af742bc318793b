"""`DecisionPlane`: every training example in the plane of two inputs, and what a network in training says there.

In a scene::

    plane = DecisionPlane(TrainingRun.of(example))
    self.play(FadeIn(plane.axes, *plane.names))
    self.play(plane.pop())
    self.play(*plane.name_dots(first=True))
    self.play(UpdateFromAlphaFunc(plane, lambda plane, alpha: plane.at(80 * alpha)))
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    PI,
    RIGHT,
    UP,
    Animation,
    Circle,
    Dot,
    FadeIn,
    Group,
    ImageMobject,
    LaggedStart,
    ManimColor,
    Mobject,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    interpolate_color,
    there_and_back,
)

from backprop_math import Cost, Target, TrainingRun

from ..kit.axis import Axis, Plane
from ..kit.fitted import fitted_prose
from ..kit.naming import Naming
from ..kit.texts import Prose
from ..kit.theme import theme
from .contour import contour, dotted

__all__ = ["DecisionPlane", "round_values", "told_apart"]

_CELLS, _FEWEST_CELLS = 64, 16  # of the shading, across
_WORK = 4e8  # parameters times cells: a large network's shading is coarser
_SIDE = 4.5
_RADIUS, _AIR = 0.05, 0.1  # of a dot, and what it keeps free of text


def told_apart(run: TrainingRun) -> tuple[str, str]:
    """What a filled dot is, and what a ring is.

    >>> from backprop_math import load_example
    >>> told_apart(TrainingRun.of(load_example("two_outputs"), 5, 1.0))
    ('Gentoo', 'Adélie')
    >>> told_apart(TrainingRun.of(load_example("xor"), 5, 1.0))
    ('only one above ½', 'only one below ½')
    """
    names, count = Naming(run.example), run.example.network.layers[-1]
    first = names.output(0)
    if count == 1:
        return f"{first} above ½", f"{first} below ½"
    return first, names.output(1) if count == 2 else "another"


class DecisionPlane(Group):
    """Every training example as a dot in the plane of two inputs; the shading is what the network says there.

    Filled dots want the first output, rings another; the shading is gold where the first output is the larger (of a
    single one, where it is above ½), and on the white ``line`` the two are even. ``start`` is the line before the first
    step, dotted, ``key`` says what dots and rings are. The axes have the units that were measured, where they are
    known. ``at(step)`` shows the network after so many steps, and between two of them what lies between; once
    `judge` has been played, examples that are told wrong are red.
    """

    def __init__(self, run: TrainingRun, *, side: float = _SIDE) -> None:
        self.run, self._side = run, side
        example, names = run.example, Naming(run.example)
        data = example.data
        inputs, targets = example.training
        self._places = places = data.measured if data is not None else inputs
        low, high = places.min(axis=0), places.max(axis=0)
        air = np.where(high > low, 0.06 * (high - low), 1.0)
        self._spans = [(float(a), float(b)) for a, b in zip(low - air, high + air, strict=True)]
        self.axes = Plane(
            *(Axis(span, length=side, vertical=bool(k), ticks=(), labels=round_values(span), buff=0.16)
              for k, span in enumerate(self._spans))
        )  # fmt: skip
        units = example.input_units or ("", "")
        words = [f"{names.input(k)}{f', {unit}' if unit and data is not None else ''}" for k, unit in enumerate(units)]
        self.names = labels = [fitted_prose(word, width=side, font_size=theme.tick_size) for word in words]
        for label in labels:
            label.set_color(theme.secondary)
        labels[0].next_to(VGroup(self.axes.x, self.axes.x.labels), DOWN, buff=0.14).set_x(self.axes.x.line.get_x())
        labels[1].rotate(PI / 2).next_to(VGroup(self.axes.y, self.axes.y.labels), LEFT, buff=0.14)
        labels[1].set_y(self.axes.y.line.get_y())
        size = sum(matrix.size for matrix in example.network.W)
        self._cells = cells = min(_CELLS, max(_FEWEST_CELLS, int(math.sqrt(_WORK / size))))
        self._said: dict[int, np.ndarray] = {}
        grid = np.stack(np.meshgrid(*(np.linspace(*span, cells) for span in self._spans)), axis=-1)[::-1]
        if data is not None:
            grid = (grid - data.smallest) / np.where(data.largest > data.smallest, data.largest - data.smallest, 1.0)
        self._grid = grid.reshape(-1, 2)
        self.field = ImageMobject(np.zeros((cells, cells, 4), np.uint8))
        self.field.stretch_to_fit_width(side).stretch_to_fit_height(side)
        self.field.move_to(self.axes.point(*(sum(span) / 2 for span in self._spans)))
        self.wants_first = targets[:, 0] > 0.5 if targets.shape[1] == 1 else targets.argmax(axis=1) == 0
        self.dots = VGroup(*(self._dot(place, first) for place, first in zip(places, self.wants_first, strict=True)))
        self.line = VMobject(stroke_color=theme.ink, stroke_width=3)
        self.line.overlaps_ok = True  # it sweeps across the whole plane
        self.start = VGroup(*(Dot(point, 0.016, color=theme.ink) for point in self._even(0, dots=True)))
        self.key = self._key()
        if note := self._note():
            self.start.add(note)
        self._judged = False
        super().__init__(self.field, self.axes, *labels, self.start, self.line, self.dots, self.key)
        self.at(0.0)

    # -- examples -------------------------------------------------------------------------------------

    def _dot(self, place: np.ndarray, first: bool) -> VGroup:
        point = self.axes.point(*map(float, place))
        if first:
            return Dot(point, radius=_RADIUS, color=theme.role(Target)).set_stroke(theme.background, 0.8)
        return Circle(_RADIUS, color=theme.ink, stroke_width=1.8).move_to(point)

    def of(self, first: bool) -> VGroup:
        """The filled dots, or the rings."""
        return VGroup(*(dot for dot, one in zip(self.dots, self.wants_first, strict=True) if one == first))

    def dot_at(self, place: np.ndarray | None) -> VMobject:
        """The dot nearest to what was measured; the first one, if nothing was."""
        spread = np.ptp(self._places, axis=0)
        far = self._places - (self._places[0] if place is None else place)
        found: VMobject = self.dots[int(np.argmin(((far / np.where(spread > 0, spread, 1.0)) ** 2).sum(axis=1)))]
        return found

    def pop(self, *, but: VMobject | None = None, **animation: Any) -> Animation:
        """All dots come, one after the other, the filled ones first; ``but`` one is there already."""
        dots = [dot for dot in (*self.of(True), *self.of(False)) if dot is not but]
        come = (FadeIn(dot, scale=0.2) for dot in dots)
        return LaggedStart(*come, lag_ratio=3.0 / (len(dots) + 1), **{"run_time": 3.2, **animation})

    def name_dots(self, *, first: bool) -> list[Animation]:
        """What the filled dots are comes, or the rings, and they swell."""
        swell = [dot.animate(rate_func=there_and_back).scale(1.5) for dot in self.of(first)]
        return [FadeIn(self.key[0 if first else 1]), *swell]

    def judge(self, **animation: Any) -> Animation:
        """What is told wrong turns red; from here on that is so at every step."""
        told = self.run.told(0)
        wrong = [] if told is None else [dot for dot, right in zip(self.dots, told, strict=True) if not right]
        self._judged = told is not None

        def redden(_: Mobject, alpha: float) -> None:
            for dot in wrong:
                self._colour(dot, alpha)

        return UpdateFromAlphaFunc(self.dots, redden, **animation)

    @staticmethod
    def _colour(dot: VMobject, wrong: float) -> None:
        ring = isinstance(dot, Circle) and not isinstance(dot, Dot)
        own, red = (ManimColor(c) for c in (theme.ink if ring else theme.role(Target), theme.role(Cost)))
        colour = interpolate_color(own, red, wrong)
        dot.set_stroke(colour) if ring else dot.set_fill(colour)

    # -- the network ----------------------------------------------------------------------------------

    def at(self, step: float) -> None:
        """Shade the plane, draw the line, tell right from wrong."""
        margin = self._margin(step)
        colours = [np.array(ManimColor(c).to_int_rgb()) for c in (theme.role(Target), theme.other, theme.background)]
        strength = 0.28 * np.tanh(4 * np.abs(margin))[:, None]
        paint = np.where(margin[:, None] > 0, colours[0], colours[1])
        rgb = colours[2] + strength * (paint - colours[2])
        image = np.full((len(rgb), 4), 255, np.uint8)
        image[:, :3] = np.round(rgb)
        self.field.pixel_array = image.reshape(self._cells, self._cells, 4)
        self.line.points = self._even(step)
        told = self.run.told(round(step)) if self._judged else None
        if told is not None:
            for dot, right in zip(self.dots, told, strict=True):
                self._colour(dot, float(not right))

    def _margin(self, step: float) -> np.ndarray:
        first = min(int(step), len(self.run) - 1)
        said = [self._says(n) for n in (first, first + 1)]
        margin: np.ndarray = (1 - (step - first)) * said[0] + (step - first) * said[1]
        return margin

    def _says(self, step: int) -> np.ndarray:
        if step not in self._said:
            outputs = self.run.outputs(step, self._grid)
            margin = outputs[:, 0] - (0.5 if outputs.shape[1] == 1 else outputs[:, 1:].max(axis=1))
            self._said = {**dict(list(self._said.items())[-1:]), step: margin}  # the one before is asked for again
        return self._said[step]

    def _even(self, step: float, *, dots: bool = False) -> np.ndarray:
        """The points of the line on which the network is undecided, as curves or as single dots."""
        found = contour(self._margin(step).reshape(self._cells, self._cells)[::-1])
        parts = dotted(found, 0.11 / self._side) if dots else found.reshape(-1, 2)
        corner = self.field.get_corner(DOWN + LEFT)
        points = np.zeros((len(parts), 3))
        points[:, :2] = parts * [self.field.width, self.field.height]
        return np.array(points + corner)

    # -- words ----------------------------------------------------------------------------------------

    def _key(self) -> VGroup:
        """What dots and rings are, above the field, where the line never passes."""
        labels = VGroup()
        for first, words in zip((True, False), told_apart(self.run), strict=True):
            text = fitted_prose(words, width=0.42 * self._side, font_size=theme.label_size)
            text.set_color(theme.role(Target) if first else theme.ink)
            dot = self._dot(self._places[0], first).next_to(text, LEFT, buff=0.12)
            labels.add(VGroup(text, dot))
        return labels.arrange(RIGHT, buff=0.5).next_to(self.field, UP, buff=0.14)

    def _free(self, text: VMobject, beside: np.ndarray) -> bool:
        """Whether no dot of an example lies under a text, nor any of some other points."""
        points = np.concatenate([[dot.get_center() for dot in self.dots], beside])
        (left, bottom, _), (right, top, _) = text.get_corner(DOWN + LEFT), text.get_corner(UP + RIGHT)
        x, y = points[:, 0], points[:, 1]
        return not ((x > left - _AIR) & (x < right + _AIR) & (y > bottom - _AIR) & (y < top + _AIR)).any()

    def _note(self) -> Prose | None:
        """The words "at first" beside the dotted line, where nothing is in their way; `None` if there is no place."""
        note = Prose("at first", font_size=theme.tick_size, color=theme.ink)
        points = np.array([dot.get_center() for dot in self.start]).reshape(-1, 3)
        beside = np.concatenate([points, self._even(len(self.run), dots=True)])
        box = self.field
        for point in points:
            for side in (UP + RIGHT, UP + LEFT, DOWN + LEFT, DOWN + RIGHT):
                note.move_to(point + 0.16 * side, aligned_edge=-side)
                inside = box.get_left()[0] + 0.1 < note.get_left()[0] and note.get_right()[0] < box.get_right()[0] - 0.1
                inside = inside and box.get_bottom()[1] + 0.1 < note.get_bottom()[1]
                if inside and note.get_top()[1] < box.get_top()[1] - 0.1 and self._free(note, beside):
                    return note
        return None


def round_values(span: tuple[float, float]) -> list[float]:
    """Two to five round values within a span.

    >>> round_values((0.0, 80.0)), round_values((0.0, 0.8))
    ([0.0, 20.0, 40.0, 60.0, 80.0], [0.0, 0.2, 0.4, 0.6000000000000001, 0.8])
    """
    width = span[1] - span[0]
    power = 10.0 ** math.floor(math.log10(width))
    step = next(power * part for part in (0.2, 0.25, 0.5, 1.0, 2.0) if width / (power * part) <= 5)
    return [float(n * step) for n in range(math.ceil(span[0] / step), math.floor(span[1] / step) + 1)]
