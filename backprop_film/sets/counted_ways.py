"""`CountedWays`: what the derivatives of a formula and of a network take, in runs, sweeps and products, in a table.

In a scene::

    ways = CountedWays(load_example("digits").trace(), inputs=2)
    self.play(FadeIn(ways.rules, ways.table, ways.counts.diagram))

>>> from backprop_math import load_example
>>> ways = CountedWays(load_example("digits").trace(), inputs=2)
>>> ways.parameters, ways.run, ways.one, ways.mean, ways.back
('13,002', '12,960', '214', '207', '26,024')
"""

from __future__ import annotations

from manim import DOWN, UP, VGroup

from backprop_math import BackwardPass, Cost
from backprop_math.autodiff import network_products, nudging_products

from ..kit.texts import Prose
from ..kit.theme import theme
from .counted import counted
from .counts_table import counts_table
from .sweep_counts import SweepCounts

__all__ = ["CountedWays"]


class CountedWays:
    """``head`` and ``rows`` of the ``table`` with its ``rules``; the ``size`` of the network; below, its ``counts``.

    The formula has so many ``inputs``. As they are said: the network's ``parameters``, the products of a ``run``, of
    ``one`` sweep forward from the first layer, of the ``mean`` one, by ``layers``, and of the sweep ``back``.
    """

    def __init__(self, trace: BackwardPass, inputs: int) -> None:
        network = trace.network
        many, nudged, forward = len(network.parameters), nudging_products(trace), network_products(trace)
        self.counts = SweepCounts(trace)
        self.parameters, self.run = f"{many:,}", f"{nudged // (many + 1):,}"
        self.runs, self.sweeps = f"{many + 1:,} runs", f"{many:,} sweeps"
        self.one, self.mean = str(self.counts.each[0][1]), f"{forward / many:.0f}"
        self.layers = [f"{weights:,} with {arrows}" for weights, arrows in self.counts.each]
        self.back = f"{trace.graph.reverse_sweep(Cost()).multiplications:,}"
        heads = ("found by", "the formula", f"network {'-'.join(map(str, network.layers))}", "products in each")
        total = f"≈ {round(forward, -5):,}"
        ways = (
            ("nudge each", counted(inputs + 1, "runs"), self.runs, f"× {self.run}", f"{nudged:,}"),
            ("forward mode", counted(inputs, "sweeps"), self.sweeps, f"× about {self.mean}", total),
            ("reverse mode", counted(1, "sweeps"), counted(1, "sweeps"), f"× {self.back}", self.back),
        )
        written = [[Prose(word, font_size=36) for word in way] for way in ways]
        self.table, self.rules = counts_table((*heads, "products in all"), written)
        both = VGroup(self.table, self.rules).move_to([0, 1.55, 0])
        self.counts.next_to(both, DOWN, 0.6).set_x(0)
        self.head, *self.rows = self.table
        self.rows[-1].set_color(theme.highlight)
        self.size = Prose(f"{self.parameters} parameters", font_size=28, color=theme.secondary)
        self.size.next_to(self.head[2], UP, buff=0.2)

    @property
    def all(self) -> VGroup:
        """What stands there at the end."""
        counts = self.counts
        return VGroup(self.table, self.rules, self.size, counts.diagram, counts.cost, counts.back)
