"""`Chapter`: the base of every scene. A worked example, spoken beats with captions, a clock exact to the frame.

In a scene::

    class Two(Chapter):
        title = "Two"

        def construct(self):
            with self.say("This is the cost.", key="cost"):
                self.play(Write(Formula(self.notation.symbol(Cost()))))
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from manim import Animation, Group, Mobject, RoundedRectangle, VGroup
from manim.utils.family import extract_mobject_family_members

from backprop_math import Example, Notation, Number, load_example

from .bounds import out_of_bounds
from .chapter_list import ListedChapter, place
from .fitted import fitted_prose
from .narrated_scene import NarratedScene
from .narration import Speaker
from .surroundings import EXAMPLE, example_asked_for, refuse, refuse_what_cannot_be_drawn
from .theme import POINTS, theme

__all__ = ["Chapter"]


class Chapter(NarratedScene):
    """A scene with a worked example and narration.

    A subclass sets ``title`` and ``example_name``, and refuses an example that it cannot show in `misfit`; it may have
    a `stand_in`, which shows what it can of one. Its number, and how many chapters there are, it finds in the list
    beside its file (`chapter_list`); in no list, it has none. Run by Manim's command line it uses the example that
    ``BACKPROP_EXAMPLE`` names, or else its own; ``ChainRule(example=…)`` uses another. How it is told: `NarratedScene`.

    ``example`` is what is shown, ``stands_for`` the example that it stands in for, if it does.
    ``trace`` holds everything calculated for the example.
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
        refuse_what_cannot_be_drawn()
        given = example or self._asked_for() or load_example(self.example_name)
        if reason := self.refusal(given):
            raise ValueError(f"{type(self).__name__}: {reason}")
        self.example = self.shown_for(given)
        self.stands_for = None if self.example is given else given
        self.trace = self.example.trace()
        self.notation = Notation(self.example.network)
        self.furniture = VGroup()
        super().__init__(captions, speaker, **scene)

    @classmethod
    def _asked_for(cls) -> Example | None:
        """The example that the environment names, which must fit."""
        asked = example_asked_for()
        if asked and (reason := cls.refusal(asked)):
            refuse(f"{EXAMPLE}: example {asked.name} does not fit {cls.__name__}: {reason}")
        return asked

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Why the example cannot be shown itself, in one clear sentence; ``None`` if it can."""
        return None

    @classmethod
    def stand_in(cls, example: Example) -> Example | None:
        """What is shown of an example that cannot be shown itself: an example of the chapter's own, or ``None``."""
        return None

    @classmethod
    def refusal(cls, example: Example) -> str | None:
        """Why nothing of the example can be shown, in one clear sentence; ``None`` if it or its stand-in is."""
        if reason := out_of_bounds(example):
            return reason
        reason = cls.misfit(example)
        return reason if reason and cls.stand_in(example) is None else None

    @classmethod
    def shown_for(cls, example: Example) -> Example:
        """The example itself, or what stands in for it."""
        return example if cls.misfit(example) is None else cls.stand_in(example) or example

    def setup(self) -> None:
        """Background, title and progress."""
        self.camera.background_color = theme.background
        self.camera.init_background()
        self.furniture = _furniture(self.title or type(self).__name__, place(type(self)))
        self.bring_to_back(self.furniture)

    # -- numbers --------------------------------------------------------------------------------------

    def shown(self, value: float, decimals: int = 2) -> str:
        """A calculated value as the narration writes it."""
        return Number(value, decimals).text()

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
        present = {id(member) for member in self.get_mobject_family_members()}

        def is_on_screen(mobject: Mobject | None) -> bool:
            return mobject is not None and all(id(part) in present for part in mobject.family_members_with_points())

        super().add_mobjects_from_animations([a for a in animations if not is_on_screen(a.mobject)])


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
    width = zone.width - (0.0 if listed is None else 0.44 * listed.count + 0.4)
    words = fitted_prose(title, width=width, font_size=theme.title_size, color=theme.secondary)
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
