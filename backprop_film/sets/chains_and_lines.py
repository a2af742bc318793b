"""What chains there are in networks: `chains_and_lines` counts them, `three_factors` is what one comes to.

In a scene::

    table, rules = chains_and_lines([PathCounts(trace)])
    self.play(FadeIn(table, rules))
    self.play(FadeOut(table, rules))
    line, words = three_factors(trace)
    pairs = at_their_places(line, diagram)
    self.add(*(number for number, _ in pairs))
    self.play(Compose(line, pairs), FadeIn(words))
"""

from __future__ import annotations

from collections.abc import Iterable

from manim import DOWN, RIGHT, UP, Mobject, VGroup

from backprop_math import (
    Activation,
    BackwardPass,
    Cost,
    Derivative,
    Notation,
    Number,
    Product,
    Term,
    Weight,
    WeightedSum,
)
from backprop_math.formula import adding_up, decimals_for, factor_name

from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram
from ..kit.texts import Prose
from ..kit.theme import theme
from .counts_table import counts_table
from .path_counts import PathCounts, how_many

__all__ = ["at_their_places", "chains_and_lines", "three_factors"]


def chains_and_lines(networks: Iterable[PathCounts]) -> tuple[VGroup, VGroup]:
    """A row for each network: its layers, the chains of all its weights, and the lines of one pass back; the rules."""
    rows: list[list[Prose | Formula]] = []
    for counts in networks:
        shape = Prose(_layout(counts.sizes), font_size=30)
        lines = Formula(how_many(counts.all_lines), font_size=42, color=theme.highlight, plain=True)
        rows.append([shape, Formula(how_many(counts.all_paths), font_size=42), lines])
    table, rules = counts_table(("neurons in each layer", "chains of all weights", "lines, once each"), rows)
    VGroup(table, rules).move_to([0, -1.2, 0])
    return table, rules


def at_their_places(line: Formula, diagram: NetworkDiagram) -> list[tuple[Mobject, VGroup]]:
    """Pairs for `Compose`: a factor of `three_factors`, first where it is in the network; and the factor.

    The activation stands at the input, the slope and what is carried at the neuron that the weight leads to.
    """
    w, a, z = Weight(1, 0, 0), Activation(1, 0), WeightedSum(1, 0)
    factors = [line.factor(z, w, side=1), line.factor(a, z, side=1), line.factor(Cost(), a, side=1)]
    into, slope, carried = numbers = [VGroup(*(glyph.copy() for glyph in factor)).scale(0.6) for factor in factors]
    into.next_to(diagram.neuron(0, 0).circle, UP, 0.15)
    into.shift(max(0.0, theme.safe.left - into.get_left()[0]) * RIGHT)
    carried.next_to(diagram.neuron(1, 0).circle, UP, 0.2)
    slope.next_to(carried, UP, 0.2)
    return list(zip(numbers, factors, strict=True))


def three_factors(trace: BackwardPass) -> tuple[Formula, VGroup]:
    """The derivative of a network's first weight as three numbers, and under each in a word what it is."""
    graph, notation = trace.graph, Notation(trace.network)
    w, a, z = Weight(1, 0, 0), Activation(1, 0), WeightedSum(1, 0)
    values = {(z, w): graph.edge(z, w).value, (a, z): graph.edge(a, z).value, (Cost(), a): trace.derivative(a)}
    factors = [
        Term(factor_name(*ends), Number(value, decimals_for(value, 2, significant=3))) for ends, value in values.items()
    ]
    left = Derivative(notation.symbol(Cost()), notation.symbol(w))
    whole = adding_up(left, Product(tuple(factors)), trace.derivative(w), 4, significant=3)
    line = fitted(whole, width=11.0, font_size=50).move_to([0, -1.55, 0])
    line.factor(Cost(), a, side=1).set_fill(theme.highlight)
    words = VGroup(*(Prose(word, font_size=26, color=theme.secondary) for word in ("activation", "slope", "carried")))
    for word, ends in zip(words, values, strict=True):
        word.next_to(line.factor(*ends, side=1), DOWN, buff=0.3)
    low = min(word.get_top()[1] for word in words)
    for word in words:
        word.on_baseline(low - 0.2)
    return line, words


def _layout(sizes: tuple[int, ...]) -> str:
    """The layers of a network as 3-4-2; the middle of many is left out."""
    shown = [f"{size:,}" for size in sizes]
    return "-".join(shown if len(shown) <= 9 else [*shown[:4], "…", *shown[-3:]])
