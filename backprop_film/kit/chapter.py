"""`Chapter`: the base of every scene. A worked example, spoken beats with captions, a clock exact to the frame.

In a scene::

    class Two(Chapter):
        title = "Two"

        def construct(self):
            with self.say("This is the cost.", key="cost"):
                self.play(Write(Formula(self.notation.symbol(Cost()))))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from manim import Animation, Group, Mobject, RoundedRectangle, Scene, VGroup, Wait, config
from manim.utils.family import extract_mobject_family_members

from backprop_math import Example, Notation, Number, load_example

from .chapter_list import ListedChapter, place
from .formula import Prose
from .narration import Beat, Cue, Speaker, sentences
from .theme import POINTS, theme

__all__ = ["Chapter"]

_AIR = 0.25  # seconds of silence between two spoken sentences
_BREATH = 0.3  # seconds that a beat's last caption stays longer, before the next thought
# Manim floors the frames of a static wait and takes the ceiling for a play; this decides neither.
_NUDGE = 1e-9


class Chapter(Scene):
    """A scene with a worked example and narration.

    A subclass sets ``title`` and ``example_name``, and refuses an example that it cannot show in `misfit`.
    Its number, and how many chapters there are, it finds in the list beside its file (`chapter_list`); in
    no list, it has none. Run by Manim's command line it uses its own example; ``ChainRule(example=…)`` uses
    another. ``captions=False`` leaves the captions out of the picture; the timing stays the same. With a
    ``speaker`` each sentence lasts as long as its clip, without one as long as it takes to read.

    ``trace`` holds everything calculated for the example; ``beats`` and ``frame`` say what has been
    played; ``observers`` are called after every play.
    """

    title: ClassVar[str] = ""
    example_name: ClassVar[str] = "simplest"

    def __init__(
        self,
        example: Example | None = None,
        captions: bool = True,
        speaker: Speaker | None = None,
        **scene: Any,
    ) -> None:
        self.example = example or load_example(self.example_name)
        if reason := self.misfit(self.example):
            raise ValueError(f"{type(self).__name__}: {reason}")
        self.captions = captions
        self.speaker = speaker
        self.trace = self.example.trace()
        self.notation = Notation(self.example.network)
        self.beats: list[Beat] = []
        self.frame = 0
        self.observers: list[Callable[[Chapter], None]] = []
        self.caption: Prose | None = None
        self.furniture = VGroup()
        self._waiting: list[Cue] = []
        super().__init__(**scene)

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Why the example cannot be shown, in one clear sentence; ``None`` if it can."""
        return None

    def setup(self) -> None:
        """Background, title and progress."""
        self.camera.background_color = theme.background
        self.camera.init_background()
        self.furniture = _furniture(self.title or type(self).__name__, place(type(self)))
        self.bring_to_back(self.furniture)

    # -- beats and captions ---------------------------------------------------------------------------

    @contextmanager
    def say(self, text: str, *, key: str, spoken: str | Sequence[str | None] | None = None) -> Iterator[Beat]:
        """One beat: the words, and what is played while they are read.

        The words become captions of at most 84 characters. A caption stays at least as long as it takes
        to read; the next one appears at the first play after that, and at the end the picture is held
        until all of them have been read. ``spoken`` is what a voice
        says, if it is not what `aloud` makes of the words: as many sentences, or one text for each.
        """
        if any(beat.end is None for beat in self.beats):
            raise RuntimeError(f"beat {key!r} begins within another one")
        if any(beat.key == key for beat in self.beats):
            raise ValueError(f"beat key {key!r} is used twice in {type(self).__name__}")
        beat = Beat(key, text, self.frame, sentences(key, text, spoken, self.speaker))
        self.beats.append(beat)
        self.next_section(key)
        self._waiting = [cue for sentence in beat.sentences for cue in sentence.cues]
        self._advance_caption()
        yield beat
        while self._waiting:
            self.read()
        self._hold_caption()
        self.wait(_BREATH)
        beat.end = beat.cues[-1].end = self.frame
        self._show_caption(None)

    def read(self) -> None:
        """Hold the picture until the caption shown has been read; then show the next one, if there is one."""
        self._hold_caption()
        self._advance_caption()

    def rest(self, seconds: float) -> None:
        """Hold the picture for a while."""
        self.wait(seconds)

    def _hold_caption(self) -> None:
        left = self._due() - self.frame
        if left > 0:
            self.wait(left / config.frame_rate)

    def _due(self) -> int:
        """The frame at which the caption shown has been read."""
        cue = self.beats[-1].cues[-1]
        sentence = next(s for s in self.beats[-1].sentences if any(cue is own for own in s.cues))
        seconds = cue.seconds
        if sentence.clip:
            seconds = sentence.seconds * len(cue.text) / sum(len(own.text) for own in sentence.cues)
            seconds += _AIR * (cue is sentence.cues[-1])
        return (cue.start or 0) + math.ceil(seconds * config.frame_rate - _NUDGE)

    def _advance_caption(self) -> None:
        beat = self.beats[-1]
        if beat.end is None and self._waiting and (not beat.cues or self.frame >= self._due()):
            if beat.cues:
                beat.cues[-1].end = self.frame
            cue = self._waiting.pop(0)
            cue.start = self.frame
            self._show_caption(cue.text)

    def _show_caption(self, text: str | None) -> None:
        if self.caption is not None:
            self.remove(self.caption)
            self.caption = None
        if text and self.captions:
            zone = theme.caption_zone
            self.caption = Prose(text, font_size=theme.caption_size)
            # At the back: nothing shares its zone, and what lies behind a moving thing is not drawn again.
            self.bring_to_back(self.caption.on_baseline(zone.center[1] - 0.35 * theme.caption_size / POINTS))

    # -- numbers --------------------------------------------------------------------------------------

    def shown(self, value: float, decimals: int = 2) -> str:
        """A calculated value as the narration writes it."""
        return Number(value, decimals).text()

    # -- the clock ------------------------------------------------------------------------------------

    def get_run_time(self, animations: list[Animation]) -> float:
        """The run time in whole frames, so that captions, marks and frame counts agree exactly."""
        seconds = max(animation.run_time for animation in animations)
        frames = max(1, round(seconds * config.frame_rate))
        only = animations[0] if len(animations) == 1 else None
        static = isinstance(only, Wait) and only.is_static_wait is not False
        return frames / config.frame_rate + (_NUDGE if static else -_NUDGE)

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Manim's ``play``; counts the frames, changes captions, tells the observers."""
        if self.beats:
            self._advance_caption()
        super().play(*args, **kwargs)
        self.frame += round(self.duration * config.frame_rate)
        for observer in self.observers:
            observer(self)

    def wait(self, duration: float = 1.0, stop_condition: Any = None, frozen_frame: bool | None = None) -> None:
        """Manim's ``wait``, at least one frame long; its length must be known before it is played."""
        if stop_condition is not None:
            raise ValueError("found a wait with a stop condition, expected one of a fixed length: captions are timed")
        self.play(
            Wait(
                run_time=max(duration, 1 / config.frame_rate),
                frozen_frame=frozen_frame,
            )
        )

    # -- what is on the screen ------------------------------------------------------------------------

    def add(self, *mobjects: Mobject) -> Self:
        """Manim's ``add``; the groups that Manim makes only to animate several mobjects at once are unpacked."""
        return super().add(*_unpacked(mobjects))

    def remove(self, *mobjects: Mobject) -> Self:
        """Manim's ``remove``; a group that is not on the screen itself takes its members with it."""
        return super().remove(*extract_mobject_family_members(mobjects))

    def settle(self, *wholes: Mobject) -> None:
        """What came in parts is one thing from here on."""
        for whole in wholes:
            self.remove(whole, *whole)
            self.add(whole)

    def get_moving_and_static_mobjects(self, animations: Iterable[Animation]) -> tuple[list[Mobject], list[Mobject]]:
        """Manim's division; but while nothing moves, all is drawn once.

        A wait's empty mobject is not added here, so that in a wait nothing moves; Manim would draw everything
        as static and then, given nothing that moves, everything again on top: what is translucent would
        become brighter, and edges bolder, whenever the picture is held.
        """
        moving, static = super().get_moving_and_static_mobjects(animations)
        return (moving, static) if moving else (static, [])

    def add_mobjects_from_animations(self, animations: list[Animation]) -> None:
        """Add what is animated and not on the screen yet.

        A group made of parts that are on the screen (a term of a formula) is left where it is: Manim would
        take the formula apart for it.
        """
        super().add_mobjects_from_animations([a for a in animations if not self._is_on_screen(a.mobject)])

    def _is_on_screen(self, mobject: Mobject | None) -> bool:
        if mobject is None:
            return False
        present = {id(m) for m in self.get_mobject_family_members()}
        drawn = mobject.family_members_with_points()
        return all(id(part) in present for part in drawn)


def _unpacked(mobjects: Iterable[Mobject]) -> list[Mobject]:
    found = []
    for mobject in mobjects:
        if type(mobject) is Group:
            found += _unpacked(mobject.submobjects)
        elif mobject.family_members_with_points() or mobject.updaters:
            found.append(mobject)
    return found


def _furniture(title: str, listed: ListedChapter | None) -> VGroup:
    """The title at the top left; if the chapter is in a list, a dash for each at the top right, this one's lit."""
    zone = theme.title_zone
    words = Prose(title, font_size=theme.title_size, color=theme.secondary)
    words.move_to(zone.center).align_to((zone.left, 0, 0), (-1, 0, 0))
    words.on_baseline(zone.center[1] - 0.35 * theme.title_size / POINTS)
    if listed is None:
        return VGroup(words)
    dashes = VGroup(
        *(
            RoundedRectangle(
                width=0.34, height=0.055, corner_radius=0.0275, stroke_width=0, fill_opacity=1,
                fill_color=theme.ink if index == listed.number else theme.line,
            )
            for index in range(1, listed.count + 1)
        )
    ).arrange(buff=0.1)  # fmt: skip
    dashes.move_to(zone.center).align_to((zone.right, 0, 0), (1, 0, 0))
    return VGroup(words, dashes)
