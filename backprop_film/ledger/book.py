"""Which numbers a scene shows, and from when until when: written down at the end of every play, drawn or not.

What runs within a play is calculated anew in every frame, and is written down where it stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from manim import Mobject, VMobject

from backprop_math import Example, Number
from backprop_math.watch import Watched

from ..kit.axis import Axis
from ..kit.captioning import Caption
from ..kit.nudge_beam import ScaleNote
from ..kit.readout import Readout
from ..kit.shown_number import ShownNumber, written
from ..kit.texts import Glyph, Prose
from ..timeline import ExampleSource, NumberSpan
from .naming import Namer
from .sources import bundled, packed

__all__ = ["NumberBook", "Sighting", "figures"]

_FIGURES = re.compile(r"(?<![\w.])[−-]?\d[\d,]*(?:\.\d+)?(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?(?![\w])(?!\.\d)")
# Of what is made while a play runs, one variant a frame, the first and the last are what is shown where it stands.
_FIRST, _LAST = 64, 16


@dataclass(eq=False)
class Sighting:
    """A number, from frame ``start``, with which the play ended that brought it, up to frame ``end``.

    ``seen`` says how many variants of the example there were by then.
    """

    number: ShownNumber
    start: int
    end: int
    beat: str
    seen: int
    words: bool = False


def figures(text: str) -> list[str]:
    """The numbers in a text.

    >>> figures("from −0.25 to 1,024 in layer L, w1 and 8.5 × 10⁻¹⁷.")
    ['−0.25', '1,024', '8.5 × 10⁻¹⁷']
    """
    return _FIGURES.findall(text)


class NumberBook:
    """An observer of a `Chapter` or a `PlainScene`, called at the end of every play."""

    def __init__(self, seen: Watched, example: str | None = None) -> None:
        self.seen, self._example = seen, example
        self.sightings: list[Sighting] = []
        self._open: dict[ShownNumber, Sighting] = {}
        self._said: dict[str, tuple[list[ShownNumber], int]] = {}
        self._kept = 0  # of the variants, those that are kept for good
        self._written: dict[str, tuple[Number, int]] = {}
        self._read = self._before = 0  # of what was written as plain text: all that was read, and before this beat

    def __call__(self, played: Any) -> None:
        """Write down what is on the screen."""
        self._keep_variants()
        self._read_written()
        beat = played.beats[-1] if played.beats else None
        if beat is not None and beat.key not in self._said:
            self._said[beat.key] = (list(self._in_words(beat.text)), len(self.seen.origins))
            self._before = self._read
        present = dict.fromkeys(self._numbers(getattr(played, "scene", played).mobjects))
        self._open = {number: found for number, found in self._open.items() if number in present}
        for number in present:
            if found := self._open.get(number):
                found.end = played.frame
            else:
                key = beat.key if beat else ""
                found = Sighting(number, played.frame, played.frame, key, len(self.seen.origins))
                self._open[number] = found
                self.sightings.append(found)

    def all(self, played: Any) -> list[Sighting]:
        """What was seen, and what was said or could be read in the captions, by its time."""
        found = list(self.sightings)
        for beat in played.beats:
            numbers, seen = self._said.get(beat.key, ([], 0))
            for cue in beat.cues:
                for number in numbers:
                    if number.text in figures(cue.text) and cue.start is not None:
                        end = played.frame if cue.end is None else min(cue.end, played.frame)
                        found.append(Sighting(number, cue.start, max(cue.start, end), beat.key, seen, words=True))
        return sorted(found, key=lambda one: one.start)

    def spans(self, played: Any) -> dict[str, Any]:
        """The ``numbers`` and ``examples`` of its `Timeline`, each number with what it is the value of."""
        own: Example | None = getattr(played, "example", None)
        namer = Namer(own, self.seen)
        sources: dict[int, ExampleSource] = {}
        numbers, sightings = [], self.all(played)
        names = namer.names((one.number, one.seen) for one in sightings)
        for one in sightings:
            expression, example = names[one.number]
            if example is not None and id(example) not in sources:
                name = self._example if example is own else bundled(example)
                sources[id(example)] = packed(example, name)
            key = "" if example is None else sources[id(example)].key
            end, shown = max(one.start, min(one.end, played.frame)), one.number
            numbers.append(
                NumberSpan(
                    shown.text, shown.value, shown.quantity, expression, key, one.beat, one.start, end, one.words
                )
            )
        examples = {source.key: source for source in sources.values()}
        return {"numbers": tuple(numbers), "examples": tuple(examples.values())}

    def _keep_variants(self) -> None:
        new = self.seen.origins[self._kept :]
        if len(new) > _FIRST + _LAST:
            self.seen.origins[self._kept :] = new[:_FIRST] + new[-_LAST:]
        self._kept = len(self.seen.origins)

    def _read_written(self) -> None:
        for place, expression in enumerate(self.seen.written[self._read :], self._read):
            for node in expression.walk():
                if isinstance(node, Number):
                    self._written[written(node)] = (node, place)
        self._read = len(self.seen.written)

    def _numbers(self, mobjects: list[Mobject]) -> Iterator[ShownNumber]:
        waiting = list(reversed(mobjects))
        while waiting:
            mobject = waiting.pop()
            if isinstance(mobject, Glyph):
                if mobject.shown is not None and mobject.get_fill_opacity() > 0:
                    yield mobject.shown
            elif isinstance(mobject, Readout):
                number = mobject.number
                if _visible(mobject):
                    quantity = str(number.quantity) if number.quantity else ""
                    yield ShownNumber.of(number) or ShownNumber(number.shown, number.value, quantity)
            elif isinstance(mobject, Prose):
                if _visible(mobject) and not isinstance(mobject, ScaleNote):
                    yield from self._in_words(mobject.string)
            elif isinstance(mobject, Caption):
                continue  # whose words the beats have
            elif isinstance(mobject, Axis):  # the marks of a scale are no results
                waiting += [part for part in reversed(mobject.submobjects) if part is not mobject.labels]
            else:
                waiting += reversed(mobject.submobjects)

    def _in_words(self, text: str) -> Iterator[ShownNumber]:
        """The numbers of a text that were formatted from values; of the others, those with decimals."""
        for found in figures(text):
            plain = found.lstrip("−-")
            for text, sign in ((found, 1.0), (f"−{plain}", -1.0), (plain, -1.0)):
                node, place = self._written.get(text, (None, 0))
                # Which 1 a sentence means is not told by its digit, unless it has just been written.
                if node is not None and ("." in found or place >= self._before):
                    yield ShownNumber(found, sign * node.value, str(node.quantity) if node.quantity else "")
                    break
            else:
                if "." in found:
                    yield ShownNumber(found, float(plain.replace(",", "").split(" ")[0]))


def _visible(mobject: VMobject) -> bool:
    return any(part.get_fill_opacity() > 0 for part in mobject.submobjects)
