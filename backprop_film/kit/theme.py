"""The look of the film: colours by role, sizes, zones. Read when used, so a scene may change it.

Sizes are Manim's font sizes: `POINTS` of them are an em of one unit, and the frame is 8 units high. Zones are
rectangles of the frame. Palette and rules: every text colour passes WCAG AA against the background (tests hold that).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from backprop_math import Activation, Bias, Cost, KernelWeight, Pixel, PixelSum, Quantity, Target, Weight, WeightedSum

__all__ = ["FONTS", "MIN_FONT_SIZE", "MIN_SIZE", "POINTS", "Theme", "Zone", "contrast", "theme"]

FONTS = Path(__file__).with_name("fonts")
FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0
#: A font size of so much is an em of one unit, as in Manim's own texts (48 is half a unit).
POINTS = 96
#: The smallest text allowed, 1/36 of the frame's height: in units, and as a font size.
MIN_SIZE = FRAME_HEIGHT / 36
MIN_FONT_SIZE = MIN_SIZE * POINTS

# Layers of images have the same kinds of quantities.
_KINDS: dict[type[Quantity], type[Quantity]] = {KernelWeight: Weight, PixelSum: WeightedSum, Pixel: Activation}


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

    background: str = "#0E1116"
    ink: str = "#ECEFF4"
    secondary: str = "#7C8694"
    line: str = "#3A434F"
    arrow: str = "#5B6675"
    highlight: str = "#B79CFF"
    surface: str = "#171C24"
    roles: dict[type[Quantity], str] = field(
        default_factory=lambda: {
            Cost: "#FF6B5E",
            Weight: "#58C4DD",
            Bias: "#F08BB4",
            WeightedSum: "#8FD66E",
            Activation: "#ECEFF4",
            Target: "#F4C95D",
        }
    )
    prose_font: str = "Lato"
    math_font: str = "New Computer Modern Math"

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
    formula_zone: Zone = Zone(-_X, _X, -3.0, -1.75)
    caption_zone: Zone = Zone(-_X, _X, -_Y, -3.08)

    def colour(self, quantity: Quantity | None) -> str:
        """The colour of a quantity's kind; ink for none."""
        if quantity is None:
            return self.ink
        return self.roles[_KINDS.get(type(quantity), type(quantity))]


theme = Theme()


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
