"""`ForetoldChange`: what the derivative foretells of a nudge, and what happens.

In a scene::

    q = LayerQuantities(network.L)
    limit = Number(trace.derivative(q.w), 4)
    line = ForetoldChange(Nudge(example, q.w, 0.1), notation, q.cost, limit)
    self.add(line.foretold)
    self.play(FadeIn(line.tried))
"""

from __future__ import annotations

from manim import RIGHT, VGroup

from backprop_math import Change, Notation, Nudge, Number, Product, Quantity, Relation
from backprop_math.formula import relation_sign

from ..kit.formula import Formula, Prose
from ..kit.theme import theme

__all__ = ["ForetoldChange"]

_SIZE = 38.4


class ForetoldChange(VGroup):
    """``foretold``, ΔC ≈ ∂C/∂w Δw ≈ … ≈ …, and ``tried``, what was measured, in one line within the safe area.

    ``worked`` are the numbers of ``foretold``, ``symbols`` what stands before them. `by`, `expected` and `happened` are
    the numbers: the nudge, what the derivative (``slope``, as shown) times it gives, and the change.
    """

    def __init__(self, nudge: Nudge, notation: Notation, of: Quantity, slope: Number) -> None:
        wrt = nudge.quantity
        self.by = Number(nudge.by, 1, wrt)
        self.expected = Number(slope.value * nudge.by, slope.decimals + 1, of)
        self.happened = nudge.measured(of, wrt).change
        change = Change(notation.symbol(of))
        product = Product((notation.derivative_symbol(of, wrt), Change(notation.symbol(wrt))))
        sides = (change, product, Product((slope, self.by)), self.expected)
        self.foretold = Formula(Relation(sides, ("≈", "≈", relation_sign(self.expected))), font_size=_SIZE)
        words = Prose("tried:", color=theme.secondary)
        found = Formula(Relation((change, self.happened), ("≈",)), font_size=_SIZE)
        self.tried = VGroup(words, found)
        super().__init__(self.foretold, words, found)
        self.arrange(RIGHT, buff=0.3)
        for part in self.tried:
            part.shift(0.3 * RIGHT).on_baseline(self.foretold.baseline)
        self.scale(min(1.0, theme.safe.width / self.width))
        line = self.foretold
        self.worked = VGroup(line.sign(1), line.side(2), line.sign(2), line.side(3))
        self.symbols = line.apart_from(self.worked)
