"""`NarratedScene`: spoken beats with captions, and a clock exact to the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from manim import Animation, Scene, Wait, config

from .captioning import Caption, ChangeCaption
from .narration import Beat, Speaker, sentences
from .speech_clock import SpeechClock, at

__all__ = ["NarratedScene"]

_BREATH = 0.3  # seconds that a beat's last caption stays longer, before the next thought
_APART = 0.005  # parts of a play between the beginnings of two sentences in it, at least
# Manim floors the frames of a static wait and takes the ceiling for a play; this decides neither.
_NUDGE = 1e-9


class NarratedScene(Scene):
    """A scene that is told in beats; every play takes whole frames.

    ``captions=False`` leaves the captions out of the picture; the timing stays the same. With a ``speaker`` each
    sentence lasts as long as its clip, without one as long as it takes to read.

    ``beats`` and ``frame`` say what has been played; ``observers`` are called after every play,
    ``beat_observers`` after every beat; the ``book``, if a film is made, is that of the numbers shown.
    """

    def __init__(self, captions: bool = True, speaker: Speaker | None = None, **scene: Any) -> None:
        self.captions = captions
        self.speaker = speaker
        self.beats: list[Beat] = []
        self.frame = 0
        self.observers: list[Callable[[Any], None]] = []
        self.beat_observers: list[Callable[[Any], None]] = []
        self.book: Any = None
        self.caption: Caption | None = None
        self._clock: SpeechClock | None = None
        super().__init__(**scene)

    # -- beats and captions ---------------------------------------------------------------------------

    @contextmanager
    def say(self, text: str, *, key: str, spoken: str | Sequence[str | None] | None = None) -> Iterator[Beat]:
        """One beat: the words, and what is played while they are said.

        The text is said sentence by sentence, each with its caption. The first begins with the beat, each of the
        others where the chapter wants it:

        - `read` holds the picture until the sentence has been said; the next one begins with the next play;
        - ``play(…, next_at=0.5)`` begins the next one in the middle of the play;
        - `reach` holds the picture until the voice has come to certain words;
        - what is left at the end of the beat is said over its last picture.

        So the words come with the move that they describe, however long they are: whoever speaks, and where they are
        read; and no sentence is cut off. A play with ``run_time=max(1, self.seconds_left)`` lasts as long as its
        sentence. ::

            with self.say("Here is a neuron. Its parts come out: the sum z, and a. One feeds the other.", key="open"):
                self.play(FadeIn(neuron))               # "Here is a neuron."
                self.read()
                self.play(Create(outline))              # "Its parts come out: …"
                self.reach("the sum z")
                self.play(TransformFromCopy(neuron, z))
                self.reach("a")
                self.play(Create(arrow), FadeIn(a), next_at=0.3)  # "One feeds the other."

        A sentence of more than 84 characters has several captions, which follow each other by themselves. ``spoken``
        is what a voice says, if it is not what `aloud` makes of the words: as many sentences, or one text for each.
        """
        if any(beat.end is None for beat in self.beats):
            raise RuntimeError(f"beat {key!r} begins within another one")
        if any(beat.key == key for beat in self.beats):
            raise ValueError(f"beat key {key!r} is used twice in {type(self).__name__}")
        beat = Beat(key, text, self.frame, sentences(key, text, spoken, self.speaker))
        self.beats.append(beat)
        self.next_section(key)
        self._clock = clock = SpeechClock(beat, config.frame_rate)
        clock.begin(self.frame)
        self._show(self._captions())
        yield beat
        while clock.left:
            self.read()
        self._hold(clock.ready)
        self.wait(_BREATH)
        clock.end(self.frame)
        self._clock = None
        self._show(self._captions())
        for observer in self.beat_observers:
            observer(self)

    def read(self) -> None:
        """Hold the picture until the sentence has been said; the next one, if any, begins with the next play."""
        clock = self._speaking("read")
        self._hold(clock.ready)
        if clock.left:
            clock.begin(self.frame)
            self._show(self._captions())

    def reach(self, words: str) -> None:
        """Hold the picture until these words of the beat's text are reached, where they come next, as written.

        Sentences before theirs are said first. Words that the voice has passed already are not waited for.
        `ValueError` if the sentence being said and those after it do not have them.
        """
        clock = self._speaking("reach")
        sentence, place = clock.find(words)
        while clock.begun <= sentence:
            self.read()
        self._hold(clock.reaches(sentence, place))

    @property
    def all_said(self) -> bool:
        """Whether a beat is going on and all of it has been said: what is played now may be its last."""
        clock = self._clock
        return clock is not None and not clock.left and self.frame >= clock.ready

    @property
    def seconds_left(self) -> float:
        """Seconds until the sentence has been said and the next one may begin; 0 if that is so already."""
        return max(0, self._speaking("seconds_left").ready - self.frame) / config.frame_rate

    def rest(self, seconds: float) -> None:
        """Hold the picture for a while."""
        self.wait(seconds)

    def _speaking(self, what: str) -> SpeechClock:
        if self._clock is None:
            raise RuntimeError(f"{what}: found no beat, expected to be within one: with self.say(…)")
        return self._clock

    def _hold(self, until: int) -> None:
        if until > self.frame:
            self.wait((until - self.frame) / config.frame_rate)

    def _begin_within(self, animations: list[Animation], next_at: Sequence[float]) -> None:
        """Begin the next sentences at moments of a play; before it, hold the picture if that is needed."""
        clock = self._speaking("next_at")
        if not (next_at[0] >= 0 and all(b - a > _APART for a, b in pairwise([*next_at, 1.0 + _APART]))):
            raise ValueError(
                f"next_at: found {', '.join(map(str, next_at))}, expected parts of the play from 0 up to 1, in order "
                f"and more than {_APART} apart"
            )
        if len(next_at) > clock.left:
            raise ValueError(
                f"next_at in beat {clock.beat.key!r}: found {len(next_at)} sentences to begin, expected at most "
                f"{clock.left}, which are left"
            )
        frames = self._frames(animations)
        needed = clock.fit(next_at, frames)
        for animation in animations:
            animation.run_time *= needed / frames
        moments = at(next_at, needed)
        self._hold(clock.ready - moments[0])
        for moment in moments:
            clock.begin(self.frame + moment)

    def _frames(self, animations: list[Animation]) -> int:
        return round(self.get_run_time(animations) * config.frame_rate)

    def _captioned(self, animations: list[Animation]) -> Iterator[list[Animation]]:
        """The plays that a play consists of, each with its captions on the screen.

        A wait is cut where the caption changes; in any other play the caption is one of the things that move.
        """
        frames, fps = self._frames(animations), config.frame_rate
        captions = self._captions(frames)
        starts = [start for start, _ in captions]
        if len(captions) > 1 and len(animations) == 1 and isinstance(wait := animations[0], Wait):
            for start, end in pairwise([*starts, frames]):
                self._show(self._captions())
                yield [Wait(run_time=(end - start) / fps, frozen_frame=wait.is_static_wait)]
            return
        self._show(captions)
        if len(captions) < 2 or self.caption is None:
            yield animations
            return
        # In front, so that what stands still need not be drawn again.
        self.bring_to_front(self.caption)
        yield [*animations, ChangeCaption(self.caption, starts, frames, run_time=frames / fps)]
        self.caption.keep()
        self.bring_to_back(self.caption)

    def _captions(self, frames: int = 1) -> list[tuple[int, str]]:
        """The captions of the frames to come, each with the frame of these at which it appears."""
        return self._clock.captions(self.frame, frames) if self._clock and self.captions else []

    def _show(self, captions: list[tuple[int, str]]) -> None:
        texts = tuple(text for _, text in captions)
        if self.caption is not None and self.caption.texts != texts:
            self.remove(self.caption)
            self.caption = None
        if texts and self.caption is None:
            self.caption = Caption(*texts)
            # At the back: nothing shares its zone, and what lies behind a moving thing is not drawn again.
            self.bring_to_back(self.caption)

    # -- the clock ------------------------------------------------------------------------------------

    def get_run_time(self, animations: list[Animation]) -> float:
        """The run time in whole frames, so that captions, marks and frame counts agree exactly."""
        seconds = max(animation.run_time for animation in animations)
        frames = max(1, round(seconds * config.frame_rate))
        only = animations[0] if len(animations) == 1 else None
        static = isinstance(only, Wait) and only.is_static_wait is not False
        return frames / config.frame_rate + (_NUDGE if static else -_NUDGE)

    def play(self, *args: Any, next_at: float | Sequence[float] = (), **kwargs: Any) -> None:
        """Manim's ``play``; counts the frames, changes captions, tells the observers.

        At ``next_at``, a part of the play from 0 up to 1, the beat's next sentence begins; at several, the next
        ones. If the sentence before has not been said by then, the picture is held before the play; and if
        one does not fit between two moments, the play takes longer. `ValueError` if no sentence is left.
        """
        subcaptions = {key: kwargs.pop(key) for key in list(kwargs) if key.startswith("subcaption")}
        animations = self.compile_animations(*args, **kwargs)
        if not animations:
            super().play()  # Manim refuses it
        moments = [next_at] if isinstance(next_at, int | float) else list(next_at)
        if moments:
            self._begin_within(animations, moments)
        for part in self._captioned(animations):
            super().play(*part, **subcaptions)
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
