"""`FillingGradient`: the gradient of one example at the right of the stage, filled entry by entry, a bar to each.

In a scene::

    gradient, q = FillingGradient(trace, notation), LayerQuantities(3)
    self.add(only_known(gradient.column, q.w))
    for move in gradient.enter(q.b, Formula(Number(trace.derivative(q.b), 4))):         # from there to its place
        self.play(*move)
"""

from __future__ import annotations

from itertools import pairwise

from manim import RIGHT, Animation, Create, FadeIn, FadeOut, Indicate, Line, Mobject, VGroup

from backprop_math import BackwardPass, Notation, Quantity

from ..kit.gradient_column import GradientColumn
from ..kit.motion import Dim, Undim
from ..kit.theme import theme
from .layer_chain_rules import gradient_decimals
from .single_neurons import LayerQuantities, gradient_at_the_right

__all__ = ["FillingGradient", "faint", "only_known"]

_LONGEST = 1.25  # the longest bar
_FAINT = 0.55


class FillingGradient:
    """The ``column``; ``bars`` are lines under its numbers, as long as they are large, on one scale."""

    def __init__(self, trace: BackwardPass, notation: Notation) -> None:
        self.trace = trace
        self.column = gradient_at_the_right(trace, notation, decimals=gradient_decimals(trace))
        sizes = {q: abs(trace.derivative(q)) for q in self.column.shown}
        most = max(sizes.values()) or 1.0
        self.bars: dict[Quantity, Line] = {}
        for q, size in sizes.items():
            value = self.column.value(q)
            end = [value.get_right()[0], value.get_bottom()[1] - 0.15, 0.0]
            length = max(0.02, _LONGEST * size / most)
            self.bars[q] = Line(end, [end[0] - length, *end[1:]], stroke_width=6, color=theme.colour(q))

    @property
    def left(self) -> float:
        """Where it begins."""
        return float(self.column.get_left()[0])

    def enter(self, wrt: Quantity, result: Mobject) -> list[list[Animation]]:
        """A result goes to its place, with a bar as long as it is large: the animations of each play.

        One that is not shown goes where the dots are.
        """
        if wrt not in self.column:
            return [[FadeOut(result.copy(), target_position=self.column.dots, run_time=0.66)]]
        symbol, value = self.column.entry(wrt)
        return [
            [Indicate(result, scale_factor=1.1, color=theme.highlight, run_time=0.66), Undim(symbol, run_time=0.66)],
            [FadeIn(value, shift=0.15 * RIGHT, run_time=0.77), Create(self.bars[wrt], run_time=0.77)],
        ]

    @property
    def in_words(self) -> tuple[str, str]:
        """What the bars show, and why.

        >>> from backprop_math import load_example
        >>> example = load_example("several")
        >>> FillingGradient(example.trace(), Notation(example.network)).in_words[0]
        'And look at the bars: the further back, the smaller.'
        """
        layers = range(1, self.trace.network.L + 1)
        sizes = [abs(self.trace.derivative(LayerQuantities(n).w)) for n in layers]
        shrinking = all(one < other for one, other in pairwise(sizes))
        what = (
            "And look at the bars: the further back, the smaller." if shrinking else "The bars show how large they are."
        )
        return what, "Each layer multiplies by one more weight and one more slope."


def only_known(column: GradientColumn, known: Quantity) -> VGroup:
    """A column in which one value is known: its brackets, dots and symbols, all others dim, and that value."""
    symbols = {q: column.entry(q)[0] for q in column.shown}
    faint(*(symbol for q, symbol in symbols.items() if q != known), column.dots)
    return VGroup(column.brackets, column.dots, *symbols.values(), column.value(known))


def faint(*parts: VGroup) -> None:
    """Dim what is still to come, at once, and not so far that a fraction in a column could not be read."""
    dim = Dim(*parts)
    dim.begin()
    dim.finish()
    for part in dim.parts:
        part.fill_rgbas[:, 3] *= _FAINT / theme.dim
