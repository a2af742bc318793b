"""`Penguin`: a drawn penguin whose bill and flipper are as long, and as deep, as they were measured.

In a scene::

    bird = Penguin({"bill length": 50.1, "bill depth": 15.0, "flipper length": 225}, species="Gentoo", height=4.8)
    self.play(FadeIn(bird))
    self.play(Create(bird.caliper("flipper length")))      # a line with two ends, where it is measured
    self.play(Create(bird.caliper("bill length")))         # where the bird is when the caliper is made

The shapes are our own. All lengths are true to each other: so many units to a millimetre, whichever of them it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import svgelements as se
from manim import RIGHT, Line, ManimColor, VGroup, VMobject, VMobjectFromSVGPath, interpolate_color

from backprop_math import Cost, Target

from .texts import placement
from .theme import theme

__all__ = ["Penguin"]

#: What is drawn where nothing was measured, in millimetres: what the film's first penguin measures.
_USUAL = {"bill length": 50.1, "bill depth": 15.0, "flipper length": 225.0}

# The shapes, y downwards; the flipper's about its shoulder, and upright.
_BODY = (
    "M185 47 C181 28 166 14 144 14 C119 14 106 33 106 57 C106 84 100 104 89 128 C65 176 50 238 50 304 C50 354 58 398 "
    "75 432 C66 452 52 470 34 486 C58 486 82 478 100 467 C122 478 150 482 176 478 C204 473 222 458 232 434 C246 400 "
    "246 352 239 312 C231 264 217 216 203 176 C193 148 186 122 184 97 C183 83 186 71 186 59 Z"
)
_BELLY = (
    "M189 120 C184 136 172 147 158 154 C138 164 130 184 122 214 C108 268 102 326 108 384 C113 420 125 450 148 474 "
    "C157 478 167 479 176 478 C204 473 222 458 232 434 C246 400 246 352 239 312 C231 264 217 216 203 176 C197 158 192 "
    "140 189 120 Z"
)
_FAR_FOOT = "M196 470 C202 478 206 482 214 484 C226 485 238 489 244 495 L198 495 C194 488 194 478 196 470 Z"
_NEAR_FOOT = "M150 468 C154 478 158 483 168 485 C182 486 196 489 204 496 L152 496 C147 488 147 478 150 468 Z"
_BILL = "M184.5 47 C197 48 210 51 219 56 C222 57.6 223.8 60.4 223 64.4 C211 62.6 199 60.6 186 59 Z"
_RIDGE = "M184.5 47 C197 48 210 51 219 56 C222 57.6 223.8 60.4 223 64.4 C219 59 207 54 184.8 50.6 Z"
_BONNET = "M163 38 C156 35 149 26 147 13.5 C142 12.8 137 13.4 132 14.8 C132 29 139 43 153 46 C158 46.5 161 43 163 38 Z"
_CHEEK = "M184 56 C178 40 160 36 150 44 C140 54 138 74 142 92 C152 104 172 106 184 96 C183 83 186 71 184 56 Z"
_STRAP = "M140 58 C146 72 158 84 182 88 L183 92 C158 90 144 78 138 62 Z"
_FLIPPER = (
    "M-16 -10 C-23 28 -25 76 -19 116 C-14 146 -8 167 0 180 C9 171 15 150 18 118 C22 78 22 34 17 -2 C12 -18 -10 -22 "
    "-16 -10 Z"
)
_EYE = np.array([162.8, 45.0])
_BASE, _TIP = np.array([184.5, 47.0]), np.array([222.5, 60.0])
_DEPTH = 10.9  # of the bill as it is drawn, square to its ridge
_SHOULDER, _TURN = np.array([122.0, 168.0]), math.radians(-47)
_FLIPPER_FROM, _FLIPPER_TO = -14.0, 180.0  # along it
_SCALE = (_FLIPPER_TO - _FLIPPER_FROM) / _USUAL["flipper length"]  # units of the shapes to a millimetre
_ALONG = (_TIP - _BASE) / np.linalg.norm(_TIP - _BASE)
_ACROSS = np.array([-_ALONG[1], _ALONG[0]])


class Penguin(VGroup):
    """A penguin, ``height`` high, with the ``measured`` lengths (in millimetres; what is not given is as usual).

    ``species`` decides the markings of its head: a Gentoo's white bonnet, an Adélie's ring around the eye, a
    Chinstrap's strap; any other has none. ``PLACES`` are the names of what can be measured on it.
    """

    PLACES: tuple[str, ...] = tuple(_USUAL)

    def __init__(self, measured: Mapping[str, float] | None = None, *, species: str = "", height: float = 4.8) -> None:
        lengths = {**_USUAL, **(measured or {})}
        for name, length in lengths.items():
            if name not in _USUAL or not length > 0:
                raise ValueError(f"Penguin: found {name!r}: {length!r}, expected lengths of {', '.join(_USUAL)}")
        self._lengths = lengths
        soft, deep, light, wing = _plumage()
        dark, orange = _mixed(soft, deep, 0.25), _mixed(theme.role(Target), theme.role(Cost), 0.5)
        back = _shape(_BODY).set_fill([dark, _mixed(soft, deep, 0.1)], 1)
        back.set_stroke(_mixed(theme.secondary, soft, 0.35), 1.6)
        belly = _shape(_BELLY).set_fill([_mixed(light, theme.secondary, 0.45), light], 1)
        for part in (back, belly):
            part.set_sheen_direction(RIGHT)
        bill = VGroup(_shape(_BILL, self._on_bill), _shape(_RIDGE, self._on_bill))
        bill[0].set_fill(orange, 1)
        bill[1].set_fill(_mixed(deep, orange, 0.25), 1)
        head = VGroup(*(_shape(path).set_fill(light, 1) for path in _HEADS.get(species, ())))
        if species == "Chinstrap":
            head[-1].set_fill(dark, 1)
        eye = VGroup(_spot(5.6 if species == "Adélie" else 4.6, light), _spot(3.3, deep))
        flipper = _shape(_FLIPPER, self._on_flipper).set_fill(wing, 1)
        flipper.set_stroke(_mixed(theme.secondary, soft, 0.2), 1.5)
        feet = VGroup(_shape(_FAR_FOOT).set_fill(_mixed(orange, deep, 0.35), 1),
                      _shape(_NEAR_FOOT).set_fill(orange, 1))  # fmt: skip
        super().__init__(back, feet[0], belly, feet[1], bill, head, eye, flipper)
        self._drawn = back.points.copy()
        self.scale(height / self.height).center()

    def _on_bill(self, point: np.ndarray) -> np.ndarray:
        """Where a point of the bill is when the bill is as long and as deep as it was measured."""
        along, across = (point - _BASE) @ _ALONG, (point - _BASE) @ _ACROSS
        longer = self._lengths["bill length"] * _SCALE / np.linalg.norm(_TIP - _BASE)
        deeper = self._lengths["bill depth"] * _SCALE / _DEPTH
        return np.array(_BASE + longer * along * _ALONG + deeper * across * _ACROSS)

    def _on_flipper(self, point: np.ndarray) -> np.ndarray:
        """Where a point of the flipper, drawn along the second axis, is on the bird."""
        longer = self._lengths["flipper length"] / _USUAL["flipper length"]
        x, y = point * [0.4 + 0.6 * longer, longer]
        c, s = math.cos(_TURN), math.sin(_TURN)
        return _SHOULDER + np.array([c * x - s * y, s * x + c * y])

    def ends(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Between which two points of the picture it is measured; `KeyError` for what cannot be measured on it."""
        depth = _DEPTH * _ACROSS
        at = {
            "bill length": (_BASE, _TIP),
            "bill depth": (_BASE + 7.0 * _ALONG, _BASE + 7.0 * _ALONG + depth),
            "flipper length": (np.array([0.0, _FLIPPER_FROM]), np.array([0.0, _FLIPPER_TO])),
        }[name]
        place = self._on_flipper if name == "flipper length" else self._on_bill
        # However the bird has been moved, scaled or turned since it was drawn.
        axes, origin = placement(self._drawn, self[0].points)
        one, other = (np.append(place(point) * [1, -1], 0.0) @ axes + origin for point in at)
        return one, other

    def caliper(self, name: str, *, lift: float | None = None) -> VGroup:
        """The line along which it is measured, with two ends: a new mobject, for where the bird is now.

        It lies beside the bill, so far away as ``lift`` says (in units), and on the flipper.
        """
        one, other = self.ends(name)
        size = 0.0042 * self.height
        along = (other - one) / np.linalg.norm(other - one)
        across = np.array([-along[1], along[0], 0.0])
        away = lift if lift is not None else 0.034 * self.height if name == "bill length" else 0.0
        one, other = one + away * across, other + away * across
        ticks = [Line(end - 3 * size * across, end + 3 * size * across) for end in (one, other)]
        return VGroup(Line(one, other), *ticks).set_stroke(theme.ink, 2.5)


_HEADS = {"Gentoo": (_BONNET,), "Chinstrap": (_CHEEK, _STRAP)}


def _plumage() -> tuple[str, str, str, str]:
    """The dark of its back, a deeper one, the white of its belly, and its flipper, on which lines of ink are seen."""
    if theme.is_dark:
        return theme.line, theme.background, theme.ink, _mixed(theme.line, theme.secondary, 0.06)
    wing = _mixed(theme.background, theme.secondary, 0.45)
    return _mixed(theme.ink, theme.secondary, 0.35), theme.ink, theme.background, wing


def _mixed(one: str, other: str, part: float) -> str:
    return str(interpolate_color(ManimColor(one), ManimColor(other), part).to_hex())


def _shape(path: str, moved: object = None) -> VMobject:
    """A filled shape of a path, y upwards."""
    shape = VMobjectFromSVGPath(se.Path(path), should_subdivide_sharp_curves=False, should_remove_null_curves=True)
    points = np.array(shape.points[:, :2])
    if callable(moved):
        points = np.array([moved(point) for point in points])
    shape.points = np.column_stack([points * [1, -1], np.zeros(len(points))])
    return VMobject(stroke_width=0).set_points(shape.points)


def _spot(radius: float, colour: str) -> VMobject:
    x, y = _EYE
    k = radius
    path = f"M{x - k} {y} A{k} {k} 0 1 0 {x + k} {y} A{k} {k} 0 1 0 {x - k} {y} Z"
    return _shape(path).set_fill(colour, 1)
