"""`IndexedLayersChapter`: the neurons of the last two layers get indices, and the way forward is written with them.

In a file of its own::

    class Mine(IndexedLayersChapter):
        def construct(self):
            self.lay_out()
            self.add(self.stage.front, self.stage.cost)
            self.the_indices()
"""

from __future__ import annotations

from manim import DOWN, RIGHT, FadeIn, FadeOut, LaggedStart

from backprop_math import Activation, Cost, WeightedSum

from ..kit.motion import Pulse, seen
from ..kit.paths import Light, Unlight
from .definition_board import DefinitionBoard
from .index_meanings import IndexMeanings, lower_indices
from .last_layers_chapter import LastLayersChapter

__all__ = ["IndexedLayersChapter"]

_BESIDE_BOARD = (-4.3, -0.1)  # where the middle between the last two layers stands


class IndexedLayersChapter(LastLayersChapter):
    """A chapter that counts the neurons of a layer: ``the_indices``, then cost and weighted sum on a ``board``."""

    def the_indices(self) -> None:
        """The neurons of both layers are counted from 0; a weight has both numbers."""
        stage, indices = self.stage, self.stage.indices
        meanings = IndexMeanings(self.notation, at=(3.0, 1.75))
        with self.say(
            "To write this down, we number the neurons: k in the layer before the last, j in the last one. "
            "A weight has both: first j, where it leads to, then k, where it comes from.",
            key="indices",
        ):
            self.play(FadeOut(*seen(stage.back, stage.input_labels, stage.bird, stage.output_labels)), run_time=0.7)
            self.play(*stage.to(_BESIDE_BOARD, *self.lit), run_time=1.2)
            for layer, name, word in zip((self.L - 1, self.L), indices.names, ("k in", "j in"), strict=True):
                self.reach(word)
                labels = [FadeIn(label) for label in indices.layer(layer)]
                self.play(LaggedStart(*labels, lag_ratio=0.4), FadeIn(name, shift=0.1 * DOWN), run_time=1.2)
            self.read()
            edges = [self.edge, stage.output(self.j), self.neuron]
            # Out of its edge, where nothing stands in the way.
            grows = {"target_position": self.edge, "scale": 0.3} if len(stage.outputs) == 2 and self.ways == 2 else {}
            self.play(Light(self.lit, edges[:1]), FadeIn(meanings.symbol, **grows), run_time=1.2)
            for count, (word, meaning) in enumerate(zip(("first j", "then k"), meanings.rows, strict=True), 2):
                self.reach(word)
                self.play(Light(self.lit, edges[:count]), FadeIn(meaning, shift=0.2 * RIGHT), run_time=0.9)
        self.settle(indices)
        self.play(FadeOut(meanings.rows, meanings.symbol), Unlight(*self.lit), run_time=0.7)

    def the_cost_is_a_sum(self) -> None:
        """C_0 = Σ_j (a_j − y_j)², in symbols and in numbers."""
        stage, figures = self.stage, self.figures
        squared = self.example.network.cost.name == "squared_error"
        each = "the miss, squared" if squared else "how far it is off"
        each = f"with one term for each output: {each}" if self.ways > 1 else f"here with one term: {each}"
        self.board = DefinitionBoard(self.notation, left=-0.2)
        symbols, numbers = self.board.write(Cost(), figures.cost, height=1.7)
        last = stage.indices.layer(self.L)
        with self.say(
            f"The cost is a sum, {each}. The 0 of C is the {self.names.thing}'s number. "
            "The lower indices of a and y count neurons.",
            key="cost",
        ):
            name = stage.indices.names[1]
            self.play(FadeOut(last, name), FadeIn(stage.cost.targets), run_time=0.6)
            whole = [*self.lit, stage.cost.targets]
            self.play(FadeIn(symbols, shift=0.2 * RIGHT), run_time=0.9)
            for j in stage.outputs:
                out, edge = stage.output(j), stage.cost.edge(j)
                self.play(Light(whole, [out, edge], [stage.cost.symbol, stage.cost.desired(j)]), run_time=0.5)
            self.play(Light(whole, [stage.cost], [*stage.front, stage.cost.targets]),
                      FadeIn(numbers, shift=0.2 * RIGHT), run_time=0.9)  # fmt: skip
            self.read()
            for low in (lower_indices(symbols, side) for side in (0, 1)):
                self.play(*(Pulse(glyph, scale_factor=1.5) for glyph in low), run_time=1.8)
                self.read()
        self.play(Unlight(*whole), FadeOut(stage.cost.targets), FadeIn(last, name), run_time=0.6)

    def the_weighted_sum(self) -> None:
        """z_j with a term for each neuron before, and the bias; then a_j."""
        stage, figures = self.stage, self.figures
        z, a = WeightedSum(self.L, self.j), Activation(self.L, self.j)
        sums = self.board.write(z, figures.weighted_sum, height=2.4)
        output = self.board.write(a, figures.output, height=1.25)
        edges = [stage.diagram.edge(self.L, self.j, k) for k in stage.middle]
        with self.say(
            "A weighted sum has a term for each neuron of the layer before, and the bias. "
            "The activation follows from it, as before.",
            key="weighted-sum",
        ):
            self.play(Light(self.lit, [stage.output(self.j)], stage.front[2]), FadeIn(sums[0], shift=0.2 * RIGHT))
            for i in range(len(edges)):
                lit = [stage.output(self.j), *edges[: i + 1]]
                self.play(Light(self.lit, lit, stage.front[2]), run_time=0.45)
            self.play(FadeIn(sums[1], shift=0.2 * RIGHT), run_time=0.9)
            self.read()
            self.play(FadeIn(output[0], shift=0.2 * RIGHT), stage.output(self.j).glow(), run_time=0.9)
            self.play(FadeIn(output[1], shift=0.2 * RIGHT), run_time=0.8)
