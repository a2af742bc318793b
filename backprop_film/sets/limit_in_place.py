"""`kept` and `lay_on`: a ratio with Δ becomes one with ∂ where it stands, and nothing else moves.

In a scene::

    c, w = Cost(), Weight(1, 0, 0)
    ratio, limit = Formula(notation.difference_quotient(c, w)), Formula(notation.derivative_symbol(c, w))
    lay_on(limit, ratio)
    self.play(Compose(limit, kept(ratio, limit), old=ratio))
"""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

__all__ = ["kept", "lay_on"]


def kept(old: VGroup, new: VGroup) -> list[tuple[VMobject, VMobject]]:
    """Pairs of the glyphs that both have, one after the other: all but Δ and ∂."""
    return [(a, b) for a, b in zip(old, new, strict=False) if len(a.points) == len(b.points)]


def lay_on(new: VGroup, old: VGroup) -> None:
    """Lay the glyphs of ``new`` on those of ``old`` that are the same; another ends where that one did."""
    step = np.zeros(3)
    for mine, other in reversed(list(zip(new, old, strict=True))):
        if len(mine.points) == len(other.points):
            step = other.get_center() - mine.get_center()
            mine.match_points(other)
        else:  # as far from what follows as it was
            mine.shift(step)
