"""What a careful viewer would object to in the middle of a move.

- ``flies over``: something that moves crosses a text that stays. ``overlaps_ok`` permits it; what has lain over a text
  since it came (a copy of a part of it, say) may leave.
- ``doubled``: two different texts stand over each other while they change, for longer than 0.3 s.
- ``scrambled``: a text's glyphs are bent into others, for longer than 0.3 s.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .faults import Fault, hidden_below, permitted
from .visible import Item, close, crosses, overlap

__all__ = ["Moves"]

#: For so many seconds a move may blur what is to be read.
BLUR = 0.3
_STEP = 0.02  # units between two looks: less is no movement
_SEEN = 0.15  # an opacity at which a text can be read
_SHARE = 0.3  # of the smaller of two texts: lying over each other by less is no doubling
_BENT = 0.05  # of a glyph's size: how far it is from any enlarged, turned or slanted copy of itself


class Moves:
    """Looks at one play at several moments, one after the other; each play has its own.

    A fault is told at the first look at which it is certain; what lasts is told for each mobject once a play.
    """

    def __init__(self) -> None:
        self._first: dict[int, np.ndarray] = {}
        self._before: dict[int, Item] = {}
        self._shapes: dict[int, bytes] = {}
        self._said: dict[int, str] = {}
        self._since: dict[tuple[str, int, int], float] = {}
        self._leaving: set[tuple[int, int]] = set()

    def look(self, items: list[Item], seconds: float) -> Iterator[Fault]:
        """The faults at a moment, so many seconds after the play began; ``items`` are what is visible then."""
        now = {id(item.mobject): item for item in items}
        moving = [item for item in items if self._moves(item)]
        staying = [item for item in items if item.is_text and self._stays(item)]
        yield from self._flying(moving, staying, [item for item in items if not item.is_text])
        yield from self._lasting("doubled", self._doubled(items, staying), seconds)
        yield from self._lasting("scrambled", self._scrambled(items), seconds)
        new = [item for key, item in now.items() if key not in self._first]
        self._first |= {id(item.mobject): _state(item) for item in new}
        self._leaving |= {
            (id(item.mobject), id(text.mobject))
            for item, text in _near(new, [item for item in items if item.is_text], _boxes(new))
            if text is not item and _over(item, text)
        }
        self._before = now

    def _moves(self, item: Item) -> bool:
        before = self._before.get(id(item.mobject))
        return before is not None and float(np.abs(_middle(item) - _middle(before)).max()) > _STEP

    def _stays(self, item: Item) -> bool:
        first = self._first.get(id(item.mobject))
        return first is not None and np.array_equal(first, _state(item))

    def _flying(self, moving: list[Item], staying: list[Item], shapes: list[Item]) -> Iterator[Fault]:
        paths = {id(item): np.array([_middle(self._before[id(item.mobject)]), _middle(item)]) for item in moving}
        ends = np.array(list(paths.values())).reshape(-1, 2, 2)
        boxes = _boxes(moving)
        swept = np.concatenate(
            [np.minimum(boxes[:, :2], ends.min(axis=1)), np.maximum(boxes[:, 2:], ends.max(axis=1))], axis=1
        )
        over: set[tuple[int, int]] = set()
        for item, text in _near(moving, staying, swept):
            if permitted(text, item) or not (_over(item, text) or crosses(paths[id(item)][None], text.boxes, 0.0)):
                continue
            pair = (id(item.mobject), id(text.mobject))
            over.add(pair)
            if pair not in self._leaving and item.order > hidden_below(text, shapes):
                yield "flies over", (item, text), f"flies over {text.name}"
        moved, stayed = ({id(item.mobject) for item in some} for some in (moving, staying))
        self._leaving -= {pair for pair in self._leaving - over if pair[0] in moved and pair[1] in stayed}

    def _doubled(self, items: list[Item], staying: list[Item]) -> Iterator[Fault]:
        texts = [item for item in items if item.is_text and max(part.fill[1] for part in item.parts) > _SEEN]
        if len(texts) < 2:
            return
        still = {id(item) for item in staying}
        near = close(_boxes(texts), _boxes(texts), 0.0)
        for one, other in zip(*np.nonzero(np.triu(near, 1)), strict=True):
            a, b = texts[one], texts[other]
            if {id(a), id(b)} <= still or permitted(a, b) or a.says == b.says or _shared(a.box, b.box) < _SHARE:
                continue
            if overlap(a.boxes, b.boxes):
                yield "doubled", (a, b), f"stands over {b.name} while they change, for longer than {BLUR} s"

    def _scrambled(self, items: list[Item]) -> Iterator[Fault]:
        shapes: dict[int, bytes] = {}
        for text in items:
            if not text.is_text:
                continue
            bent = False
            for part in text.parts:
                before = self._shapes.get(id(part.mobject))
                shapes[id(part.mobject)] = part.path
                bent = bent or (before is not None and _is_bent(before, part.path))
            # A readout that counts exchanges its digits whole.
            if bent and self._said.get(id(text.mobject), text.says) == text.says:
                yield "scrambled", (text,), f"is bent into other glyphs, for longer than {BLUR} s"
        self._shapes = shapes
        self._said = {id(text.mobject): text.says for text in items if text.is_text}

    def _lasting(self, kind: str, faults: Iterator[Fault], seconds: float) -> Iterator[Fault]:
        since: dict[tuple[str, int, int], float] = {}
        for fault in faults:
            key = (kind, id(fault[1][0].mobject), id(fault[1][-1].mobject))
            since[key] = self._since.get(key, seconds)
            if seconds - since[key] >= BLUR:
                yield fault
        self._since = {key: when for key, when in self._since.items() if key[0] != kind} | since


def _state(item: Item) -> np.ndarray:
    """Where the item is and how strongly it is painted."""
    paints = [(part.fill[1], part.stroke[1]) for part in item.parts]
    return np.round(np.concatenate([item.boxes.ravel(), np.ravel(paints)]), 4)


def _middle(item: Item) -> np.ndarray:
    return (item.box[:2] + item.box[2:]) / 2


def _boxes(items: list[Item]) -> np.ndarray:
    return np.array([item.box for item in items]).reshape(-1, 4)


def _near(items: list[Item], texts: list[Item], boxes: np.ndarray) -> Iterator[tuple[Item, Item]]:
    """The few pairs of an item, with the box it takes up, and a text that meet: of all, there are thousands."""
    for place, one in zip(*np.nonzero(close(_boxes(texts), boxes, 1e-6)), strict=True):
        yield items[one], texts[place]


def _over(item: Item, text: Item) -> bool:
    """Whether the item really lies over the text: its glyphs over the text's, or its line through them."""
    if not overlap(item.boxes, text.boxes):
        return False
    if item.is_text:
        return True
    part = item.parts[0]
    return crosses(part.outline, text.boxes, part.half_stroke) or any(part.covers(box) for box in text.boxes)


def _shared(one: np.ndarray, other: np.ndarray) -> float:
    """The part of the smaller box that lies within the other."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    least = min(float(np.prod(box[2:] - box[:2])) for box in (one, other))
    return float(np.prod(np.maximum(sides, 0))) / least if least > 0 else 0.0


def _is_bent(path: bytes, now: bytes) -> bool:
    """Whether the outline has changed in a way that is no moving, scaling, turning or slanting of all of it."""
    if len(path) != len(now) or path == now:
        return False
    before, points = (np.frombuffer(points).reshape(-1, 3)[:, :2] for points in (path, now))
    flat = np.column_stack([before, np.ones(len(before))])
    fitted = flat @ np.linalg.lstsq(flat, points, rcond=None)[0]
    size = float(np.ptp(points, axis=0).max())
    return bool(np.abs(fitted - points).max() > _BENT * max(size, 1e-3))
