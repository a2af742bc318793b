"""`AreaNudges`: a rectangle's area as a function of two inputs; a nudge of one of them adds a strip.

In a scene::

    picture = AreaNudges(width=3.0, height=2.0, by=0.5)
    self.add(picture)
    self.play(*picture.grow(0))
    self.play(FadeIn(picture.ratios[0]))
    self.play(picture.shrink(0))
    self.play(picture.move(0))
"""

from __future__ import annotations

from typing import Any

from manim import DOWN, LEFT, RIGHT, UP, Animation, FadeIn, Mobject, MoveToTarget, Rectangle, VGroup, there_and_back

from backprop_math import Change, Derivative, DifferenceQuotient, Measured, Number, Product, Relation, Symbol
from backprop_math.formula import Fraction

from ..kit.formula import Formula
from ..kit.theme import theme
from .function_nudges import derivative_of, exactly, measured_change

__all__ = ["AreaNudges"]

_UNIT = 1.25  # of length, as it is drawn
_CENTRE = (-2.85, 0.3)
_RIGHT = 1.6
#: Where the strips come out, and how much of one is left there.
_EDGES, _EDGE = (LEFT, DOWN), 1e-3


def _area(x: Any, y: Any) -> Any:
    return x * y


class AreaNudges(VGroup):
    """The ``box``, its ``sides`` and its ``area``; ``strips`` are what a nudge of one side adds, ``nudges`` its size.

    ``ratios`` are the two ratios of changes, and ``derivatives`` what they go to, at the same places.
    """

    def __init__(self, *, width: float, height: float, by: float) -> None:
        x, y, a = Symbol("x", subscript="1"), Symbol("x", subscript="2"), Symbol("y")
        at = {"x": width, "y": height}
        self.measured = [measured_change(_area, at, by, wrt=wrt) for wrt in at]
        slopes = [exactly(derivative_of(_area, at, wrt)) for wrt in at]
        self.box = Rectangle(
            width=_UNIT * width, height=_UNIT * height, stroke_width=2.5, stroke_color=theme.secondary,
            fill_color=theme.surface, fill_opacity=1,
        ).move_to([*_CENTRE, 0])  # fmt: skip
        self.sides = VGroup(_equation(x, exactly(width), 40), _equation(y, exactly(height), 40))
        self.sides[0].next_to(self.box, DOWN, buff=0.2)
        self.sides[1].next_to(self.box, LEFT, buff=0.2)
        product = Relation((a, Product((x, y)), exactly(width * height)), ("=", "="))
        self.area = Formula(product, font_size=44).move_to(self.box)
        thick = _UNIT * by
        self.strips = VGroup(
            _strip(thick, _UNIT * height).next_to(self.box, RIGHT, buff=0),
            _strip(_UNIT * width, thick).next_to(self.box, UP, buff=0),
        )
        self.nudges = VGroup(
            *(_equation(Change(letter), one.by, 34) for letter, one in zip((x, y), self.measured, strict=True))
        )
        self.nudges[0].next_to(self.strips[0], DOWN, buff=0.2)
        self.nudges[1].next_to(self.strips[1], LEFT, buff=0.12)
        self.added = VGroup(
            *(
                _equation(Change(a), one.change, 34).next_to(strip, side, buff=0.2)
                for one, strip, side in zip(self.measured, self.strips, (RIGHT, UP), strict=True)
            )
        )
        heights = (1.45, -0.65)
        self.ratios = VGroup(
            *(
                _at_right(_ratio(DifferenceQuotient(a, letter), one), row)
                for letter, one, row in zip((x, y), self.measured, heights, strict=True)
            )
        )
        self.derivatives = VGroup(
            *(
                _at_right(Relation((Derivative(a, letter), other, slope), ("=", "=")), row)
                for letter, other, slope, row in zip((x, y), (y, x), slopes, heights, strict=True)
            )
        )
        super().__init__(self.box, self.sides, self.area)

    def grow(self, place: int) -> list[Animation]:
        """One side is nudged: the strip comes out of its edge, as long as that from the start, with width and area."""
        strip = self.strips[place]
        strip.generate_target()
        _flat(strip, place)
        return [
            MoveToTarget(strip),
            FadeIn(self.nudges[place], shift=0.1 * RIGHT),
            FadeIn(self.added[place], shift=0.1 * RIGHT),
        ]

    def shrink(self, place: int) -> Animation:
        """A strip goes back to its edge: the nudge shrinks to nothing."""
        _flat(self.strips[place].generate_target(), place)
        return MoveToTarget(self.strips[place])

    def move(self, place: int) -> Animation:
        """A strip that has gone to its edge comes out once more, and goes back."""
        strip = self.strips[place]
        strip.generate_target().stretch(1 / _EDGE, place, about_edge=_EDGES[place])
        return MoveToTarget(strip, rate_func=there_and_back)


def _flat(strip: Mobject, place: int) -> None:
    """Nothing is left of a strip but the edge that it came out of."""
    strip.stretch(_EDGE, place, about_edge=_EDGES[place])


def _equation(left: Any, number: Number, font_size: float) -> Formula:
    return Formula(Relation((left, number), ("=",)), font_size=font_size)


def _ratio(name: Any, one: Measured) -> Relation:
    return Relation((name, Fraction(one.change, one.by), one.value), ("=", "="))


def _strip(width: float, height: float) -> Rectangle:
    return Rectangle(width=width, height=height, stroke_width=0, fill_color=theme.ink, fill_opacity=0.85)


def _at_right(relation: Relation, y: float) -> Formula:
    formula = Formula(relation, font_size=50)
    formula.side(-1).set_fill(theme.highlight)
    return formula.shift([_RIGHT - formula.sign(0).get_left()[0] + 1.0, y - formula.sign(0).get_y(), 0])
