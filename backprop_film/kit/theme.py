"""The look of the film: colours by role, sizes, zones. Read when used, so a scene may change it.

Sizes are Manim's font sizes: `POINTS` of them are an em of one unit, and the frame is 8 units high. Zones are
rectangles of the frame. The colours and fonts are those of a palette (`palettes`); each may be set by itself::

    theme.use("light")                       # or "dark", or a palette's file
    theme.roles[Weight] = "#00629B"
    theme.prose_font = "Corporate.ttf"
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from backprop_math import Activation, Bias, Cost, KernelWeight, Pixel, PixelSum, Quantity, Target, Weight, WeightedSum

from .palettes import palette
from .surroundings import THEME, refuse

__all__ = ["MIN_FONT_SIZE", "MIN_SIZE", "POINTS", "Theme", "Zone", "contrast", "theme"]

FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0
#: A font size of so much is an em of one unit, as in Manim's own texts (48 is half a unit).
POINTS = 96
#: The smallest text allowed, 1/36 of the frame's height: in units, and as a font size.
MIN_SIZE = FRAME_HEIGHT / 36
MIN_FONT_SIZE = MIN_SIZE * POINTS

# Layers of images have the same kinds of quantities.
_KINDS: dict[type[Quantity], type[Quantity]] = {KernelWeight: Weight, PixelSum: WeightedSum, Pixel: Activation}


_NAMES = (
    "background", "ink", "secondary", "line", "arrow", "highlight", "surface", "other", "prose_font", "math_font",
)  # fmt: skip
#: What a palette calls the kinds of quantities.
_ROLES: dict[type[Quantity], str] = {
    Cost: "cost", Weight: "weight", Bias: "bias", WeightedSum: "weighted_sum", Activation: "activation",
    Target: "target",
}  # fmt: skip


@dataclass(frozen=True)
class Zone:
    """A rectangle of the frame, in Manim units."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def center(self) -> tuple[float, float, float]:
        """Its middle, as a point."""
        return ((self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0)

    @property
    def corner(self) -> tuple[float, float, float]:
        """Its upper left corner, to align to."""
        return (self.left, self.top, 0.0)

    @property
    def width(self) -> float:
        """Its width in units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height in units."""
        return self.top - self.bottom


_X, _Y = FRAME_WIDTH / 2 * 0.9, FRAME_HEIGHT / 2 * 0.9


@dataclass
class Theme:
    """Colours, sizes and zones. ``theme`` is the one in use."""

    background: str = ""
    ink: str = ""
    secondary: str = ""
    line: str = ""
    arrow: str = ""
    highlight: str = ""
    surface: str = ""
    other: str = ""
    #: The colours of kinds of quantities; an activation without one is ink.
    roles: dict[type[Quantity], str] = field(default_factory=dict)
    #: A family that comes with the film, or a font's file.
    prose_font: str = ""
    math_font: str = ""

    title_size: float = 25.92
    caption_size: float = 30.72
    label_size: float = 26.88
    tick_size: float = 24
    symbol_size: float = 48
    formula_size: float = 51.84
    #: How visible things are that are not being talked about.
    dim: float = 0.34

    safe: Zone = Zone(-_X, _X, -_Y, _Y)
    title_zone: Zone = Zone(-_X, _X, 3.22, _Y)
    stage: Zone = Zone(-_X, _X, -1.75, 3.05)
    formula_zone: Zone = Zone(-_X, _X, -2.9, -1.75)  # a line's height above the captions' letters
    caption_zone: Zone = Zone(-_X, _X, -_Y, -3.08)

    def __post_init__(self) -> None:
        if not self.ink:
            self.use("dark")

    def use(self, named: str) -> None:
        """Take the colours and fonts of a palette, ``"dark"``, ``"light"`` or a file. `ValueError` if there is none."""
        found = palette(named)
        for name in _NAMES:
            setattr(self, name, getattr(found, name))
        self.roles = {kind: colour for kind, name in _ROLES.items() if (colour := getattr(found, name))}

    @property
    def is_dark(self) -> bool:
        """Whether the ink is lighter than the background."""
        return contrast(self.ink, "#000000") > contrast(self.background, "#000000")

    @property
    def wash(self) -> float:
        """The opacity of the highlight behind texts of any colour, which stay legible on it."""
        return 0.1 if self.is_dark else 0.05

    def role(self, kind: type[Quantity]) -> str:
        """The colour of a kind of quantities."""
        kind = _KINDS.get(kind, kind)
        return self.roles.get(kind, self.ink) if kind is Activation else self.roles[kind]

    def colour(self, quantity: Quantity | None) -> str:
        """The colour of a quantity's kind; ink for none."""
        return self.ink if quantity is None else self.role(type(quantity))

    @contextmanager
    def as_it_was(self) -> Iterator[Theme]:
        """Within, all of it may be changed; afterwards it is as before. What it was is given."""
        before = copy(self)
        self.roles = dict(before.roles)
        try:
            yield before
        finally:
            vars(self).update(vars(before))

    def other_than(self, before: Theme) -> dict[str, Any]:
        """What has been changed, by name; of the roles, those that have."""
        found = {name: value for name, value in vars(self).items() if value != getattr(before, name)}
        if "roles" in found:
            found["roles"] = {kind: one for kind, one in self.roles.items() if before.roles.get(kind) != one}
        return found

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change what is named; of the roles, those that are."""
        vars(self).update({**changes, "roles": {**self.roles, **changes.get("roles", {})}})


theme = Theme()
try:
    theme.use(os.environ.get(THEME) or "dark")
except ValueError as error:
    refuse(f"{THEME}: {error}")


def _luminance(colour: str) -> float:
    channels = [int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(foreground: str, background: str) -> float:
    """The contrast ratio of two colours ``#RRGGBB``, 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    light, dark = sorted((_luminance(foreground), _luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
