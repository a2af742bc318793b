"""`IndexMeanings`: w_jk, large, and what its two indices mean, in words.

In a scene::

    meanings = IndexMeanings(notation, at=(3.0, 1.75))
    self.play(FadeIn(meanings.symbol))
    self.play(FadeIn(meanings.rows[0]))                   # j: where it leads to
    self.play(FadeIn(meanings.rows[1]))                   # k: where it comes from
"""

from __future__ import annotations

from manim import VGroup

from backprop_math import Activation, Cost, Notation, Symbol, Target, Weight

from ..kit.columns import columns
from ..kit.formula import Formula
from ..kit.texts import Prose

__all__ = ["IndexMeanings", "lower_indices"]

_APART = 1.85  # from the name down to the middle of the rows


class IndexMeanings(VGroup):
    """``symbol`` is the weight's, its middle ``at`` a point; ``rows`` below say for j and for k what they count."""

    def __init__(self, notation: Notation, *, at: tuple[float, float]) -> None:
        self.symbol = Formula(notation.symbol(Weight("L", "j", "k")), font_size=110).move_to([*at, 0])
        self.rows = columns(
            [
                [Formula(Symbol(index), font_size=50), Prose(text, font_size=34)]
                for index, text in (("j", "where it leads to"), ("k", "where it comes from"))
            ],
            h_buff=0.35,
            v_buff=0.85,
            align="l",
        )
        self.rows.move_to([at[0], at[1] - _APART, 0])
        super().__init__(self.symbol, self.rows)


def lower_indices(definition: Formula, side: int) -> VGroup:
    """The lower index of each cost, activation and target on one side of a definition.

    >>> from backprop_math import load_example
    >>> network = load_example("two_outputs").network
    >>> definition = Formula(Notation(network).definition(Cost()))
    >>> len(lower_indices(definition, 0))
    1
    """
    within = {id(glyph) for glyph in definition.side(side)}
    named = [
        glyphs for node, glyphs in definition.leaves(Symbol) if isinstance(node.quantity, Cost | Activation | Target)
    ]
    return VGroup(
        *(min(glyphs, key=lambda glyph: glyph.get_bottom()[1]) for glyphs in named if id(glyphs[0]) in within)
    )
