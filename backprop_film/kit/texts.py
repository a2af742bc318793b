"""`Prose`: plain words as a mobject; what all texts have in common: glyphs, a size, a baseline.

In a scene::

    words = Prose("The cost is small.", font_size=44)
    name = Prose("Adélie", font_size=32, color=theme.secondary, weight="bold").next_to(words, RIGHT)
    self.play(FadeIn(words, name.on_baseline(words.baseline)))      # or: words.fit(3.0), at most so wide
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any, Self

import numpy as np
from manim import LEFT, CapStyleType, LineJointType, ManimColor, VGroup, VMobject

from .arguments import expected
from .extents import Measured
from .shown_number import ShownNumber
from .theme import MIN_FONT_SIZE, POINTS, theme
from .typeset import Outline, boxed, escaped, typeset

__all__ = ["Glyph", "Prose", "TextMobject", "glyph", "placement"]


class Glyph(Measured, VMobject):
    """A filled outline. It is copied at once, as texts are copied glyph by glyph whenever they are transformed.

    ``shown`` is the number that it is a digit of, if it is one of a `Formula`.
    """

    shown: ShownNumber | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        clone = type(self).__new__(type(self))
        memo[id(self)] = clone
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                clone.__dict__[name] = value.copy()
            else:
                clone.__dict__[name] = value if type(value) in _CONSTANT else deepcopy(value, memo)
        clone.original_id = str(id(self))
        return clone


#: What a copy of a mobject may share with it.
_CONSTANT = {int, float, str, bool, type(None), ManimColor, LineJointType, CapStyleType, ShownNumber}


def glyph(outline: Outline, color: str) -> Glyph:
    """A filled mobject of one outline."""
    mobject = deepcopy(_empty(color))
    mobject.points = outline.points.copy()
    return mobject


@cache
def _empty(color: str) -> Glyph:
    return Glyph(stroke_width=0, fill_opacity=1, fill_color=color, stroke_color=color)


def placement(outline: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Axes (as rows) and origin with which ``outline @ axes + origin`` is ``points``, an outline that was moved."""
    across, up, origin = _fitting(outline.tobytes()) @ points
    return np.array([across, up, np.cross(across, up)]), origin


@lru_cache(maxsize=1024)
def _fitting(outline: bytes) -> np.ndarray:
    """What gives, multiplied by points, the least-squares placement of an outline: it is asked again and again."""
    places = np.frombuffer(outline).reshape(-1, 3)
    return np.linalg.pinv(np.column_stack([places[:, :2], np.ones(len(places))]))


class TextMobject(Measured, VGroup):
    """What is read: glyphs with a font size and a baseline. `Formula`, `Prose` and `Readout` are such."""

    def __init__(self, outlines: Sequence[Outline], font_size: float, colors: Callable[[Outline], str]) -> None:
        super().__init__(*(glyph(outline, colors(outline)) for outline in outlines))
        self._made = font_size
        self._first = self[0].points.copy() if self.submobjects else np.zeros((0, 3))
        self._height = self.height
        # Where the baseline (y = 0 in the outlines) lies within the bounding box, as a part of its height.
        self._base = -self.get_bottom()[1] / self.height if self.height else 0.0
        self.center()

    @property
    def font_size(self) -> float:
        """The font size as shown, after any scaling, as Manim counts it: 96 is an em of one unit. It can be set."""
        return self._made * self._scaled()

    @font_size.setter
    def font_size(self, font_size: float) -> None:
        self.scale(font_size / self.font_size)

    def _scaled(self) -> float:
        """How much larger it is now than it was made: by its first glyph, however it may have been turned."""
        if not self.submobjects or self.submobjects[0].points.shape != self._first.shape:
            return float(self.height / self._height) if self._height else 1.0
        _, up, _ = _fitting(self._first.tobytes()) @ self.submobjects[0].points
        return float(np.linalg.norm(up))

    @property
    def baseline(self) -> float:
        """The y of the baseline."""
        return float(self.get_bottom()[1] + self._base * self.height)

    def fit(self, width: float) -> Self:
        """Shrink about the left end to at most this width, but not below the smallest size that may be shown."""
        if self.width > width:
            self.scale(max(width / self.width, MIN_FONT_SIZE / self.font_size), about_edge=LEFT)
        return self

    def keep_baseline(self, y: float) -> None:
        """What has been laid out anew, in several lines, has its size as before, and its first line's baseline."""
        scaled = self._scaled()
        self._height = self.height / scaled
        self._base = (y - float(self.get_bottom()[1])) / self.height

    def on_baseline(self, y: float) -> Self:
        """Shift up or down so that the baseline is at ``y``."""
        self.shift(np.array([0.0, y - self.baseline, 0.0]))
        return self


class Prose(TextMobject):
    """Plain text in the theme's sans. It is never read as markup; what the fonts lack is boxed, with a warning.

    ``weight`` is ``"regular"`` or ``"bold"``.

    >>> from backprop_film.kit.texts import Prose
    >>> Prose("The cost").string
    'The cost'
    """

    def __init__(
        self, string: str, *, font_size: float | None = None, color: str | None = None, weight: str = "regular"
    ) -> None:
        self.string = expected("Prose", string, str, "a string")
        font_size, ink = font_size or theme.label_size, color or theme.ink
        _tell_of_boxes(string)
        outlines = typeset(f'#text(weight: "{weight}", {escaped(string)})', font_size / POINTS, math=False)
        super().__init__(outlines, font_size, lambda outline: ink)


@cache
def _tell_of_boxes(text: str) -> None:
    """Say once of a text that the fonts do not have all of it."""
    lacking = "".join(dict.fromkeys(sign for sign in text if not sign.isascii() and boxed(sign)))
    if lacking:
        warnings.warn(f"text {text!r}: found {lacking!r}, which the fonts lack, shown as empty boxes", stacklevel=3)
