"""What is visible on the screen, as boxes and strokes, in drawing order: the geometry behind `inspect`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from manim import Group, MarkupText, Mobject, Scene, Text, VGroup, VMobject
from manim.mobject.text.tex_mobject import SingleStringMathTex
from manim.mobject.text.typst_mobject import Typst

from ..kit.texts import TextMobject
from ..kit.theme import POINTS

__all__ = ["Box", "Item", "Part", "beyond", "close", "crosses", "inside", "looks", "marked", "overlap", "visible_items"]

#: left, bottom, right, top
Box = np.ndarray
_STROKE_UNIT = 0.01  # Manim's stroke width 1, in units of the frame
_FAINT = 0.02  # an opacity that nobody sees
_TEXTS = (TextMobject, Text, MarkupText, SingleStringMathTex, Typst)
_PLAIN = {Group, VGroup, VMobject, Mobject}
_KEPT = 5_000  # paths whose boxes are kept: from one look to the next most things stay as they are
_BLACK = np.zeros(3)
_NOWHERE = np.zeros(4)
_T = np.linspace(0, 1, 9)
_BERNSTEIN = np.stack([(1 - _T) ** 3, 3 * (1 - _T) ** 2 * _T, 3 * (1 - _T) * _T**2, _T**3], axis=1)


@dataclass(eq=False)
class Part:
    """One mobject that has points, and how it is painted."""

    mobject: VMobject
    order: int = 0
    #: The box around the path, without the stroke's width.
    box: Box = field(default_factory=lambda: _NOWHERE)
    #: The path's points (x, y, z), as bytes.
    path: bytes = b""
    #: Fill colour (red, green, blue from 0 to 1) and opacity.
    fill: tuple[np.ndarray, float] = field(init=False)
    #: Stroke colour and opacity; opacity 0 for a stroke without width.
    stroke: tuple[np.ndarray, float] = field(init=False)
    #: Half the stroke's width, in units; 0 for one that nobody sees.
    half_stroke: float = field(init=False)

    def __post_init__(self) -> None:
        fill, stroke = self.mobject.get_fill_rgbas(), self.mobject.get_stroke_rgbas()
        width = self.mobject.get_stroke_width() if len(stroke) else 0.0
        self.fill = (fill[0, :3], float(fill[0, 3])) if len(fill) else (_BLACK, 0.0)
        self.stroke = (stroke[0, :3], float(stroke[0, 3])) if width > 0 else (_BLACK, 0.0)
        self.half_stroke = width * _STROKE_UNIT / 2 if self.stroke[1] > _FAINT else 0.0

    @property
    def visible(self) -> bool:
        """Whether anything of it can be seen."""
        return max(self.fill[1], self.stroke[1]) > _FAINT

    @cached_property
    def outline(self) -> np.ndarray:
        """The path as a polyline: an array of segments, each two points (x, y)."""
        places = _places(_curves(self.mobject))
        return np.stack([places[:, :-1], places[:, 1:]], axis=2).reshape(-1, 2, 2)

    def covers(self, box: Box) -> bool:
        """Whether the filled shape contains the box."""
        if self.fill[1] <= _FAINT or not inside(box, self.box):
            return False
        return bool(_within(box[[0, 0, 2, 2]], box[[1, 3, 1, 3]], self.outline).all())


@dataclass(eq=False)
class Item:
    """What is judged as one: a text with its glyphs, or a single shape."""

    mobject: Mobject
    path: tuple[Mobject, ...]
    is_text: bool
    parts: list[Part] = field(default_factory=list)
    #: The boxes of all that is drawn of it, one a row.
    boxes: np.ndarray = field(init=False)
    #: The box around all that is drawn of it.
    box: Box = field(init=False)

    @property
    def order(self) -> int:
        """Its place in drawing order."""
        return self.parts[0].order

    @property
    def size(self) -> float | None:
        """A text's font size as shown, in units of the frame; ``None`` if it is not known."""
        font_size = getattr(self.mobject, "font_size", None)
        return None if font_size is None else float(font_size) / POINTS

    def has(self, attribute: str) -> bool:
        """Whether the mobject, or anything that it is part of, carries a true ``attribute``."""
        return any(marked(mobject, attribute) for mobject in (*self.path, self.mobject))

    @property
    def says(self) -> str:
        """What a text says, as far as it can be asked, else what kind of thing it is."""
        return _says(self.mobject) or _kind(self.mobject)

    @property
    def name(self) -> str:
        """What it is called in a report: its kind, what it says, what it is part of, and where it is."""
        owners = [_kind(m) for m in self.path if type(m) not in _PLAIN]
        chain = " › ".join([*owners, _kind(self.mobject) + _says(self.mobject)])
        x, y = np.round((self.box[:2] + self.box[2:]) / 2, 2) + 0.0  # no negative zero
        return f"{chain} at ({x:.2f}, {y:.2f})"


def _kind(mobject: Mobject) -> str:
    kind = type(mobject).__name__
    return kind if mobject.name == kind else f"{kind} {mobject.name!r}"


def _says(mobject: Mobject) -> str:
    """What a text says, as far as it can be asked."""
    for value in (
        getattr(mobject, "string", None),
        getattr(mobject, "expression", None),
        getattr(mobject, "number", None),
        getattr(mobject, "original_text", None),
        getattr(mobject, "typst_code", None),
    ):
        if value is not None and not isinstance(value, Mobject):
            words = value if isinstance(value, str) else str(value)
            return f" “{words if len(words) <= 40 else words[:39] + '…'}”"
    return ""


def marked(mobject: Mobject, attribute: str) -> bool:
    """Whether a mobject carries a true ``attribute``; Manim's own look-up of one that is not there takes long."""
    own = vars(mobject)
    return bool(own[attribute] if attribute in own else getattr(type(mobject), attribute, False))


def is_text(mobject: Mobject) -> bool:
    """Whether a mobject is something to be read."""
    return _kinds_of(mobject)[1] or marked(mobject, "is_text")


#: Whether mobjects of a class have points, and whether they are texts: of Manim's classes, that takes long to ask.
_kinds: dict[type, tuple[bool, bool]] = {}


def _kinds_of(mobject: Mobject) -> tuple[bool, bool]:
    kind = type(mobject)
    if kind not in _kinds:
        _kinds[kind] = isinstance(mobject, VMobject), isinstance(mobject, _TEXTS)
    return _kinds[kind]


def visible_items(scene: Scene) -> list[Item]:
    """Everything that can be seen, in drawing order."""
    items: list[Item] = []
    seen: set[int] = set()

    def visit(mobject: Mobject, path: tuple[Mobject, ...], text: Item | None) -> None:
        if id(mobject) in seen:
            return
        seen.add(id(mobject))
        if text is None and is_text(mobject):
            text = Item(mobject, path, True)
            items.append(text)
        if _kinds_of(mobject)[0] and len(mobject.points) >= 4:
            part = Part(mobject)
            if part.visible:
                if text is not None:
                    text.parts.append(part)
                else:
                    items.append(Item(mobject, path, False, [part]))
        if mobject.submobjects:
            inner = (*path, mobject)
            for submobject in mobject.submobjects:
                visit(submobject, inner, text)

    for mobject in _roots(scene):
        visit(mobject, (), None)
    items = [item for item in items if item.parts]
    parts = sorted((part for item in items for part in item.parts), key=lambda part: part.mobject.z_index)
    for part in parts:
        part.path = part.mobject.points.tobytes()
    for order, (part, box) in enumerate(zip(parts, _path_boxes(parts), strict=True)):
        part.order, part.box = order, box
    _give_boxes(items)
    return sorted(items, key=lambda item: item.order)


def _give_boxes(items: Sequence[Item]) -> None:
    """Work out the boxes of all that is drawn of the items, all together, as there are hundreds of them."""
    parts = [part for item in items for part in item.parts]
    if not parts:
        return
    halves = np.array([part.half_stroke for part in parts])
    boxes = np.array([part.box for part in parts]) + halves[:, None] * [-1, -1, 1, 1]
    firsts = np.cumsum([0, *(len(item.parts) for item in items)])
    low, high = (least.reduceat(boxes, firsts[:-1]) for least in (np.minimum, np.maximum))
    around = np.concatenate([low[:, :2], high[:, 2:]], axis=1)
    for place, (item, (first, end)) in enumerate(zip(items, pairwise(firsts.tolist()), strict=True)):
        item.boxes, item.box = boxes[first:end], around[place]


def _curves(mobject: VMobject) -> np.ndarray:
    """A path's Bézier curves: an array of four points (x, y) for each."""
    return mobject.points[: len(mobject.points) // 4 * 4, :2].reshape(-1, 4, 2)


def _places(curves: np.ndarray) -> np.ndarray:
    """Nine places on each of the curves."""
    return np.einsum("tk,nkd->ntd", _BERNSTEIN, curves)


_boxes: dict[bytes, Box] = {}


def _path_boxes(parts: Sequence[Part]) -> list[Box]:
    """The boxes around the parts' paths; new ones are worked out together, as there are hundreds of small ones."""
    new = {part.path: _curves(part.mobject) for part in parts if part.path not in _boxes}
    if new:
        if len(_boxes) > _KEPT:
            _boxes.clear()
            return _path_boxes(parts)
        places = _places(np.concatenate(list(new.values())))
        firsts = np.cumsum([0, *map(len, new.values())])[:-1]
        low, high = (least.reduceat(least.reduce(places, axis=1), firsts) for least in (np.minimum, np.maximum))
        _boxes.update(zip(new, np.concatenate([low, high], axis=1), strict=True))
    return [_boxes[part.path] for part in parts]


def _roots(scene: Scene) -> Iterator[Mobject]:
    yield from scene.mobjects
    yield from scene.foreground_mobjects


def looks(items: Sequence[Item]) -> bytes:
    """A summary of what the items look like and where they are: equal for two pictures that are the same."""
    parts = [part for item in items for part in item.parts]
    strengths = [(part.fill[1], part.stroke[1], part.half_stroke) for part in parts]
    drawn = ([part.box for part in parts], [part.fill[0] for part in parts], [part.stroke[0] for part in parts])
    rounded = [np.round(np.array(what), 6).tobytes() for what in (*drawn, strengths)]
    return b"".join([np.array([id(part.mobject) for part in parts]).tobytes(), *rounded])


def inside(box: Box, outer: Box, tolerance: float = 1e-6) -> bool:
    """Whether ``box`` lies within ``outer``."""
    return bool(np.all(box[:2] >= outer[:2] - tolerance) and np.all(box[2:] <= outer[2:] + tolerance))


def beyond(boxes: np.ndarray, outer: Box, tolerance: float) -> np.ndarray:
    """Which of the boxes, one a row, do not lie within ``outer``."""
    out = (boxes[:, :2] < outer[:2] - tolerance) | (boxes[:, 2:] > outer[2:] + tolerance)
    found: np.ndarray = np.any(out, axis=1)
    return found


def overlap(boxes: np.ndarray, others: np.ndarray, gap: float = 0.0) -> bool:
    """Whether any box overlaps any of the others, or comes nearer to it than ``gap``."""
    return bool(np.any(_meeting(boxes, others, gap)))


def close(boxes: np.ndarray, others: np.ndarray, gap: float) -> np.ndarray:
    """For each box and each of the others, whether they overlap or come nearer than ``gap``."""
    return _meeting(boxes, others, gap)


def _meeting(boxes: np.ndarray, others: np.ndarray, gap: float) -> np.ndarray:
    a, b = boxes[:, None], others[None]
    return (
        (a[..., 0] - gap < b[..., 2])
        & (b[..., 0] - gap < a[..., 2])
        & (a[..., 1] - gap < b[..., 3])
        & (b[..., 1] - gap < a[..., 3])
    )


def crosses(segments: np.ndarray, boxes: np.ndarray, margin: float) -> bool:
    """Whether any segment comes into any box, each box grown by ``margin`` (or shrunk, if it is negative)."""
    grown = boxes + margin * np.array([-1, -1, 1, 1])
    start, delta = segments[:, None, 0, :], (segments[:, 1] - segments[:, 0])[:, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (grown[None, :, :2] - start) / delta, (grown[None, :, 2:] - start) / delta
    still = np.broadcast_to(delta == 0, one.shape)
    between = (start >= grown[None, :, :2]) & (start <= grown[None, :, 2:])
    enter = np.where(still, np.where(between, -np.inf, np.inf), np.minimum(one, two)).max(axis=2)
    leave = np.where(still, np.where(between, np.inf, -np.inf), np.maximum(one, two)).min(axis=2)
    return bool(np.any((enter <= leave) & (enter <= 1) & (leave >= 0)))


def _within(x: np.ndarray, y: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """Which points lie within a closed outline: a ray to the right crosses it an odd number of times."""
    (x0, y0), (x1, y1) = segments[:, 0].T, segments[:, 1].T
    spans = (y0 > y[:, None]) != (y1 > y[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = x0 + (y[:, None] - y0) / (y1 - y0) * (x1 - x0)
    odd: np.ndarray = np.count_nonzero(spans & (crossed > x[:, None]), axis=1) % 2 == 1
    return odd
