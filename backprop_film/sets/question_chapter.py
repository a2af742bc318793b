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

from typing import ClassVar

from manim import DOWN, UP, FadeIn, FadeOut, VGroup

from ..kit.chapter import Chapter
from ..kit.chapter_list import place
from ..kit.fitted import fitted_prose
from ..kit.formula import Prose
from ..kit.theme import theme

__all__ = ["QuestionChapter"]


class QuestionChapter(Chapter):
    """A subclass sets its ``question``; ``asked`` says what a viewer did with it, ``follows`` what is said then.

    The first chapter of a part shows the part's title above its question.
    """

    question: ClassVar[str]
    asked: ClassVar[str] = "A viewer asked"
    follows: ClassVar[str] = ""

    def the_question(self) -> None:
        """The question, as a viewer put it."""
        words = fitted_prose(f"“{self.question}”", width=10.5, font_size=44).move_to([0, 0.6, 0])
        whose = Prose("a viewer", font_size=26, color=theme.secondary).next_to(words, DOWN, 0.45)
        card = VGroup(words, whose)
        listed = place(type(self))
        if listed and listed.number == 1:
            part = fitted_prose(listed.part, width=10.5, font_size=34, color=theme.secondary)
            card.add(part.next_to(words, UP, 0.9))
            self.play(FadeIn(part), run_time=0.8)
        said = self.question if self.question.split()[0] in _CAPITAL else self.question[0].lower() + self.question[1:]
        with self.say(f"{self.asked}: {said} {self.follows}".strip(), key="question"):
            self.play(FadeIn(words, shift=0.15 * UP), run_time=1.2)
            self.play(FadeIn(whose), run_time=0.6)
        self.play(FadeOut(card), run_time=0.6)


#: First words that are written with a capital letter within a sentence, too.
_CAPITAL = ("I", "I’m", "I’ll")
