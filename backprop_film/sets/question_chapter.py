"""`QuestionChapter`: a chapter that opens with a viewer's question, in the viewer's words, and is there to answer it.

In a file of its own::

    class Why(QuestionChapter):
        title = "The transpose"
        question = "Why the transpose?"

        def construct(self):
            self.the_question()
            ...
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from manim import RIGHT, UP, Animation, FadeIn, FadeOut, LaggedStart, Mobject, VGroup
from manim.utils.rate_functions import smooth, squish_rate_func

from ..kit.chapter import Chapter
from ..kit.chapter_list import place
from ..kit.fitted import fitted_prose
from ..kit.motion import Underscore
from ..kit.penguin import Penguin
from ..kit.theme import theme

__all__ = ["QuestionChapter", "instead"]


def instead(gone: Iterable[Mobject], come: Iterable[Mobject], seconds: float = 1.0) -> list[Animation]:
    """What is there goes, and other things come as the last of it goes.

    Two pictures are never seen through each other: both are all but gone when they meet. Nor is the stage ever empty.
    """
    early, late = squish_rate_func(smooth, 0.0, 0.5), squish_rate_func(smooth, 0.25, 1.0)
    return [
        *(FadeOut(each, run_time=seconds, rate_func=early) for each in gone),
        *(FadeIn(each, run_time=seconds, rate_func=late) for each in come),
    ]


class QuestionChapter(Chapter):
    """A subclass sets its ``question``; ``asked`` says what a viewer did with it, ``follows`` what is said then.

    The first chapter of a part shows the part's title before its own.
    """

    question: ClassVar[str]
    asked: ClassVar[str] = "A viewer asked"
    follows: ClassVar[str] = ""

    def the_question(self, *, leave: bool = False) -> None:
        """The title has a second of its own; then the question comes as it is spoken, in the viewer's words.

        With ``leave`` it stays, as ``card``, for the first picture to take its place.
        """
        listed = place(type(self))
        if listed and listed.number == 1:
            bird = Penguin(height=1.7)
            part = fitted_prose(listed.part, width=9.0, font_size=60)
            both = VGroup(bird, part).arrange(RIGHT, 0.5).move_to([0, 0.6, 0])
            self.play(FadeIn(both), run_time=0.8)
            self.rest(1.0)
            self.play(FadeOut(both), run_time=0.5)
        title = fitted_prose(self.title, width=10.5, font_size=38, color=theme.secondary)
        words = fitted_prose(f"“{self.question}”", width=11.0, font_size=46).move_to([0, 0.4, 0])
        self.card = VGroup(words, title.next_to(words, UP, 0.8))
        self.play(FadeIn(title, shift=0.1 * UP), run_time=0.7)
        self.rest(0.3)
        said = self.question if self.question.split()[0] in _CAPITAL else self.question[0].lower() + self.question[1:]
        with self.say(f"{self.asked}: {said} {self.follows}".strip(), key="question"):
            rest = [*words]
            for at, sentence in enumerate(sentences := re.split(r"(?<=[.?!])\s", self.question)):
                if at:
                    self.read()
                count = len(rest) if at == len(sentences) - 1 else len(re.sub(r"\s", "", sentence)) + (not at)
                letters, rest = rest[:count], rest[count:]
                come = LaggedStart(*map(FadeIn, letters), lag_ratio=0.3)
                self.play(come, run_time=max(1.0, self.seconds_left - 0.3))
            self.settle(words)
            if self.follows:
                self.read()
                self.play(Underscore(words), run_time=max(1.2, self.seconds_left))
        if not leave:
            self.play(FadeOut(self.card), run_time=0.6)


#: First words that are written with a capital letter within a sentence, too.
_CAPITAL = ("I", "I’m", "I’ll")
