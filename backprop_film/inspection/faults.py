"""What a careful viewer would object to in a picture that stands: what is judged at the end of every play.

- ``outside``: something leaves the safe area.
- ``overlap``: a text lies over another or touches it, or a line, an edge or a shape's border runs through a
  text or touches it, or a shape hides it. A text that lies within a shape (a number in its neuron) is no
  overlap, nor is what stands behind an opaque shape. ``overlaps_ok`` on a mobject, or on what it is part
  of, permits it.
- ``small``: a text is smaller than 1/36 of the frame's height.
- ``caption zone``: something that is no caption enters the captions' zone, where there are captions.
- ``contrast``: a text has less than 4.5 : 1 (WCAG AA) against what is behind it. Texts dimmed on purpose
  (``dimmed`` on a mobject, or on what it is part of) are exempt.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from manim import ManimColor

from ..kit.theme import MIN_SIZE, Zone, contrast, theme
from ..playback import Played
from .visible import Item, Part, beyond, close, crosses, looks, marked, overlap, visible_items

__all__ = ["Fault", "Faults", "faults", "permitted"]

MIN_CONTRAST = 4.5
_GAP = 0.03  # units: what is nearer to a text than this touches it, to the eye
_OPAQUE = 0.9
_SOLID = 0.35  # a shape over a text that hides more than this is in its way

#: A fault at one moment: its kind, the mobjects concerned, and what it says.
Fault = tuple[str, tuple[Item, ...], str]


class Faults:
    """The faults in what a chapter shows, whenever it is asked; where nothing has changed, those of the time before."""

    def __init__(self) -> None:
        self._looks = b""
        self._found: list[Fault] = []

    def __call__(self, chapter: Played) -> list[Fault]:
        """The faults in what the chapter shows now."""
        items = visible_items(chapter)
        seen = looks(items)
        if seen != self._looks:
            self._looks, self._found = seen, list(faults(chapter, items))
        return self._found


def faults(chapter: Played, items: list[Item]) -> Iterator[Fault]:
    """The faults in ``items``, which the chapter shows now."""
    if not items:
        return
    captions, zone = _family(chapter.caption), _box(theme.caption_zone)[None]
    boxes = np.array([item.box for item in items])
    for item, out, low in zip(items, beyond(boxes, _box(theme.safe), 1e-3), close(boxes, zone, 0.0), strict=True):
        if out:
            yield "outside", (item,), f"leaves the safe area by {_beyond(item.box, theme.safe):.2f}"
        reserved = chapter.captions and id(item.mobject) not in captions
        if reserved and low and overlap(item.boxes, zone):
            yield "caption zone", (item,), "enters the caption zone"
    background = np.array(ManimColor(chapter.camera.background_color).to_rgb())
    near = close(boxes, boxes, _GAP)
    for index, text in enumerate(items):
        if not text.is_text:
            continue
        others = [items[place] for place in np.flatnonzero(near[index]) if place != index]
        shapes = [other for other in others if not other.is_text]
        yield from _too_small(text)
        yield from _too_faint(text, shapes, background)
        for other in others:
            # Of two texts, each is near the other: the one drawn first reports both.
            first = other.is_text and text.order < other.order
            if first and not permitted(text, other) and overlap(text.boxes, other.boxes, _GAP):
                how = "overlaps" if overlap(text.boxes, other.boxes) else "touches"
                yield "overlap", (text, other), f"{how} {other.name}"
        yield from _in_the_way(text, shapes)


def _too_small(text: Item) -> Iterator[Fault]:
    size = text.size
    if size is not None and size < MIN_SIZE * (1 - 1e-3):
        yield "small", (text,), f"has a size of {size:.3f}; the least is {MIN_SIZE:.3f}"


def _in_the_way(text: Item, near: list[Item]) -> Iterator[Fault]:
    """Shapes whose border or stroke runs through the text, or that are drawn over it."""
    hidden = hidden_below(text, near)
    for shape in near:
        part = shape.parts[0]
        if shape.order < hidden or permitted(text, shape):
            continue
        if shape.order > text.order and part.fill[1] > _SOLID and any(part.covers(box) for box in text.boxes):
            yield "overlap", (text, shape), f"is hidden by {shape.name}"
        elif crosses(part.outline, text.boxes, part.half_stroke + _GAP):
            how = "crossed" if crosses(part.outline, text.boxes, part.half_stroke) else "touched"
            yield "overlap", (text, shape), f"is {how} by {shape.name}"


def hidden_below(text: Item, shapes: list[Item]) -> int:
    """The place in drawing order below which nothing is seen at the text: of an opaque shape that holds all of it."""
    below = [shape for shape in shapes if shape.order < text.order and shape.parts[0].fill[1] >= _OPAQUE]
    return max((shape.order for shape in below if shape.parts[0].covers(text.box)), default=-1)


def permitted(one: Item, other: Item) -> bool:
    """Whether one may lie over the other."""
    return one.has("overlaps_ok") or other.has("overlaps_ok")


def _too_faint(text: Item, shapes: list[Item], background: np.ndarray) -> Iterator[Fault]:
    if text.has("dimmed"):
        return
    behind = [s.parts[0] for s in shapes if s.order < text.order and s.parts[0].fill[1] > 0]
    seen = [part for part in text.parts if not marked(part.mobject, "dimmed")]
    least = min((_contrast(part, behind, background) for part in seen), default=21.0)
    if least < MIN_CONTRAST:
        yield "contrast", (text,), f"has a contrast of {least:.1f} : 1; the least is {MIN_CONTRAST}"


def _contrast(part: Part, behind: list[Part], background: np.ndarray) -> float:
    """The contrast of a glyph against the shapes behind it and the background, opacities reckoned in."""
    ground = background
    for shape in behind:
        if shape.covers(part.box):
            colour, opacity = shape.fill
            ground = ground + opacity * (colour - ground)
    colour, opacity = part.fill if part.fill[1] >= part.stroke[1] else part.stroke
    return _contrast_of(colour.tobytes(), opacity, ground.tobytes())


@lru_cache(maxsize=4096)
def _contrast_of(colour: bytes, opacity: float, ground: bytes) -> float:
    above, below = np.frombuffer(colour), np.frombuffer(ground)
    return contrast(_hex(below + opacity * (above - below)), _hex(below))


def _hex(colour: np.ndarray) -> str:
    return "#" + "".join(f"{round(float(channel) * 255):02X}" for channel in np.clip(colour, 0, 1))


def _box(zone: Zone) -> np.ndarray:
    return np.array([zone.left, zone.bottom, zone.right, zone.top])


def _beyond(box: np.ndarray, zone: Zone) -> float:
    limits = _box(zone)
    return float(max(*(limits[:2] - box[:2]), *(box[2:] - limits[2:])))


def _family(mobject: Any) -> set[int]:
    return set() if mobject is None else {id(part) for part in mobject.get_family()}
