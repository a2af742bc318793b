"""A nudge of one neuron on its way to the cost: its amount, the bands (`nudge_ripples`), what arrives (`nudge_bars`).

In a scene::

    stage, nudge = LastLayersStage(trace, notation, Naming(example)), LastLayerNudge(example, 0)
    self.add(stage.front, stage.cost)
    white, red = nudge_ripples(stage, nudge)
    self.play(*(ripple.run() for ripple in white))
    self.play(*(ripple.run() for ripple in red))
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from manim import DOWN, LEFT, UP

from backprop_math import Change, Cost, Notation, Number, Relation, Sum, WeightedSum
from backprop_math.formula import agreeing, decimals_for, relation_sign

from ..kit.contribution_bars import ContributionBars
from ..kit.formula import Formula
from ..kit.ripple import Ripple
from ..kit.texts import Prose
from ..kit.theme import theme
from .last_layer_nudge import LastLayerNudge
from .last_layers_stage import LastLayersStage

__all__ = ["nudge_amount", "nudge_bars", "nudge_ripples", "nudge_total"]

_WIDEST, _NARROWEST = 0.34, 0.03


def nudge_ripples(
    stage: LastLayersStage, nudge: LastLayerNudge, *, mixed: bool = False
) -> tuple[list[Ripple], list[Ripple]]:
    """Bands from the neuron to each output drawn, white, and from there to the cost, red, with chevrons where it falls.

    They are as wide as what comes through the output changes the cost; or, where the outputs are ``mixed`` before the
    cost, as the weighted sum changes.
    """
    sizes = {j: nudge.nudge.change(WeightedSum(1, j)) if mixed else nudge.changes[j] for j in stage.outputs}
    largest = max(map(abs, sizes.values())) or 1.0
    wide = {j: max(_NARROWEST, _WIDEST * abs(size) / largest) for j, size in sizes.items()}
    edges = {j: stage.diagram.edge(stage.L, j, nudge.k) for j in wide}
    red = theme.colour(Cost())
    return (
        [Ripple(edges[j], width=wide[j], color=theme.ink, opacity=0.6) for j in wide],
        [
            Ripple(stage.cost.edge(j), width=wide[j], color=red, opacity=0.9, chevrons=sizes[j] < 0 and not mixed)
            for j in wide
        ],
    )


def nudge_amount(stage: LastLayersStage, nudge: LastLayerNudge) -> Prose:
    """By how much the neuron is nudged, above it, or below it in the lower half."""
    neuron, by = stage.neuron(nudge.k), nudge.amount.text()
    amount = Prose(by if nudge.by < 0 else f"+{by}", font_size=30, color=theme.highlight)
    amount.next_to(neuron, DOWN if stage.lower(neuron) else UP, buff=0.2)
    return amount.shift(0.3 * LEFT) if len(stage.middle) == 1 else amount  # else a wide band that leads up touches it


def nudge_bars(
    nudge: LastLayerNudge, order: Sequence[int | None], names: Sequence[str]
) -> tuple[ContributionBars, list[Number], Number]:
    """What each output of ``order`` adds to the change (``None``: all the others), the numbers, and the total."""
    shown = [j for j in order if j is not None]
    rest = math.fsum(change for j, change in enumerate(nudge.changes) if j not in shown)
    parts = [rest if j is None else nudge.changes[j] for j in order]
    numbers = tuple(Number(part, decimals_for(part, 3)) for part in parts)
    total = Number(nudge.change, decimals_for(nudge.change, 3))
    (line,) = agreeing([Relation((Sum(numbers), total))])
    *addends, total = [node for node in line.walk() if isinstance(node, Number)]
    color = theme.colour(Cost())
    return ContributionBars(names, addends, total, color=color, width=3.0, height=2.7), addends, total


def nudge_total(nudge: LastLayerNudge, notation: Notation) -> Formula:
    """By how much the cost changes, as a formula."""
    number = Number(nudge.change, decimals_for(nudge.change, 3))
    return Formula(Relation((Change(notation.symbol(Cost())), number), (relation_sign(number),)), font_size=44)
