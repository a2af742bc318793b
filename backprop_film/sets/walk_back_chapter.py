"""`WalkBackChapter`: a chapter in which a number is carried back along a chain of single neurons, and its moves.

In a file of its own::

    class Mine(WalkBackChapter):
        def construct(self):
            self.set_the_stage()
            self.add(self.chain, self.gradient.column, self.now.tree)
            self.open_neuron()
            self.turn_to(self.last.b)
"""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    Indicate,
    Mobject,
    RoundedRectangle,
    Succession,
    VGroup,
    smooth,
    squish_rate_func,
)

from backprop_math import Quantity

from ..kit.factor_bars import NudgeBars
from ..kit.formula import Formula
from ..kit.motion import Compose, Dim
from ..kit.spans import nice_span
from ..kit.theme import theme
from .borrowed_functions import ChainChapter
from .falling_number import falls
from .filling_gradient import FillingGradient
from .first_factors import FirstFactors
from .layer_product import LayerProduct, ProductInNumbers
from .single_neurons import LayerQuantities
from .tree_walk import walk_back
from .two_layers import TwoLayers
from .walk_stage import WalkStage
from .walked_chain import WalkedChain, opened

__all__ = ["WalkBackChapter"]


class WalkBackChapter(ChainChapter):
    """What is on the stage, and the moves that several beats share.

    ``last`` are the last layer's quantities, ``now`` is the layer that is open, with its ``capsule``, and ``wrt`` what
    is looked at in it; ``chain`` is the network with the number carried, ``gradient`` the column, ``line`` the product
    under the tree, ``in_numbers`` the one in numbers alone, ``factors`` the definition that factors are read off; a
    ``blank`` keeps the place of a factor that is asked for.
    """

    factors: FirstFactors
    blank: RoundedRectangle

    def set_the_stage(self) -> None:
        """The last layer is open, and nothing is carried yet."""
        self.last = q = LayerQuantities(self.example.network.L)
        self.in_numbers: ProductInNumbers | None = None
        self.gradient = FillingGradient(self.trace, self.notation)
        self.stage = WalkStage(q.layer, right=self.gradient.left)
        self.chain = WalkedChain(self.example, self.notation, self.stage, at=q.layer, carried=q.layer + 1)
        self.now = self.stage.tree(self.trace, self.notation, q.layer)
        self.capsule = opened(self.now, self.chain)
        self.wrt: Quantity = q.w
        self.line = LayerProduct(self.stage, self.now, q.w)

    def open_neuron(self) -> None:
        """The outline of the neuron that opens, under the neuron."""
        shape, stem = self.capsule
        self.bring_to_back(self.capsule)
        self.play(Create(stem), FadeIn(shape), run_time=0.8)

    def turn_to(self, wrt: Quantity, *more: Animation) -> None:
        """Another quantity of the layer is looked at: its path is lit."""
        old, self.wrt = self.wrt, wrt
        self.play(*self.now.turn(old, wrt), *more, run_time=0.9)

    def nudged(self, wrt: Quantity) -> tuple[NudgeBars, list[Animation]]:
        """A nudge of ``wrt`` and what it moves z by, as bars in the free place at the left; how either grows."""
        z = self.last.z
        factor = float(self.trace.graph.edge(z, wrt).value)
        span = nice_span(0.0, 1.0, factor)
        left, width = theme.safe.left + 0.05, 1.7
        room = self.now.tree.node(self.last.previous).get_left()[0] - 0.2 - left
        for _ in range(2):  # the second time, as long as what stands beside it leaves room
            bars = NudgeBars(self.trace, self.notation, wrt, z, span=span, width=width, buff=0.5, font_size=34)
            bars.remove(*bars.ratio).move_to([left, -0.4, 0], aligned_edge=LEFT)
            width -= max(0.0, bars.width - room)
        sides = (LEFT, LEFT if factor > 0 else RIGHT)
        return bars, [GrowFromEdge(bar, side) for bar, side in zip(bars.bars, sides, strict=True)]

    def swap(self, wrt: Quantity) -> None:
        """Only the first factor of the product is new; of the numbers, the two that stay, stay."""
        old, self.line = self.line, LayerProduct(self.stage, self.now, wrt)
        first = self.line.first
        self.blank = RoundedRectangle(
            width=max(first.width, 0.34), height=0.4, corner_radius=0.1, stroke_width=2, stroke_color=theme.highlight
        ).move_to(first)
        self.play(
            *self.line.kept_from(old), FadeIn(self.blank, rate_func=squish_rate_func(smooth, 0.35, 0.65)), run_time=1.2
        )

    def fill_the_blank(self, *gone: Mobject) -> None:
        """The first factor of the numbers comes where its place was kept."""
        self.play(FadeOut(self.blank, *gone), run_time=0.3)
        self.play(FadeIn(self.line.first), run_time=0.5)

    def derive(self, wrt: Quantity) -> None:
        """The factor from the definition of z, and its number beside its arrow."""
        self.play(*self.factors.derive(wrt), FadeIn(self.now.numbers.number(wrt, self.last.z)), run_time=1.2)

    def finish(self) -> None:
        """The whole product, and its result."""
        numbers = self.line.numbers
        self.play(FadeIn(self.line.rest), run_time=0.8)
        self.remove(*numbers.get_family())
        self.add(numbers)

    def collect_the_factors(self, both: TwoLayers) -> None:
        """From the cost to the weight: each arrow is lit, and its factor comes from where it lives in the network."""
        line = both.line
        aside = both.tree.symbols_apart_from([*both.path, both.last.quantities.w])
        self.play(
            Dim(*aside, to=0.65),
            *both.tree.rest(),
            FadeIn(line.side(0), line.sign(0)),
        )
        for step, (by, of) in enumerate(both.steps):
            if step in (1, 3):
                self.reach(("The miss", "Then the slope")[step // 3])
            number = FadeIn(both.factors.number(by, of), shift=0.1 * DOWN)
            self.play(*walk_back(both.tree, by, of), self.chain.flash(of, by), number, run_time=1.0)
            self.play(FadeIn(line.factor(of, by, side=1), shift=0.2 * DOWN), run_time=0.6)
        self.remove(*line)
        self.add(line)

    def enter(self, wrt: Quantity, result: VGroup) -> None:
        """The result goes to its place in the gradient."""
        for move in self.gradient.enter(wrt, result):
            self.play(*move)

    def find(self, wrt: Quantity) -> None:
        """The way from ``wrt`` is lit and multiplied, and the result entered."""
        self.turn_to(wrt)
        self.play(FadeIn(self.now.numbers.number(wrt, self.now.quantities.z)), run_time=0.4)
        self.enter(wrt, self.calculate().side(-1))

    def calculate(self, old: Formula | None = None) -> Formula:
        """The product in numbers, in one line, in the place of ``old`` or of another product of the layer.

        Of that, what both have stays where it is; the rest goes before its successor comes.
        """
        before, self.in_numbers = self.in_numbers, ProductInNumbers(self.stage, self.now, self.wrt)
        new, flashes, moves = self.in_numbers, self.now.flashes(self.wrt), []
        if before:
            self.play(FadeOut(before.swapped, *([] if before.joins(new) else [before.kept])), run_time=0.4)
            self.remove(*before.formula.get_family())
            moves = [(before.kept, new.kept)] if before.joins(new) else []
        gone = before.kept if before and moves else old
        self.play(Compose(new.formula, moves, old=gone), *flashes, run_time=1.0)
        return new.formula

    def carry(self, to: int, seconds: float = 0.8) -> None:
        """The number goes back to a neuron, multiplied on its way, and stays pinned there."""
        old, self.chain = self.chain, self.chain.again(carried=to)
        for move in self.chain.arrive(old, seconds):
            self.play(move)

    def leave_the_layer(self) -> None:
        """The layer closes; the activation before, and the cost, stay."""
        now, q = self.now, self.now.quantities
        kept = [now.tree.node(q.previous), now.tree.node(q.cost)]
        gone = [part for part in now.tree if part not in kept]
        left = [self.in_numbers.formula] if self.in_numbers else []
        self.play(FadeOut(*gone, *now.on_path(self.wrt), *left, self.capsule), run_time=0.6)
        now.tree.remove(*gone)
        self.in_numbers = None

    def hop_to_the_second_layer(self) -> None:
        """In a long chain the number hops from neuron to neuron; the entries found are among those not shown."""
        self.play(FadeOut(self.now.tree), run_time=0.5)
        for layer in range(self.last.layer - 2, 1, -1):
            self.slide(layer, [], run_time=0.6)
            self.play(Indicate(self.gradient.column.dots, color=theme.highlight), run_time=0.3)
            self.carry(layer - 1, 0.4)

    def slide(self, at: int, more: list[Animation], run_time: float) -> None:
        """The row moves on, so that a layer stands where it is opened."""
        old, self.chain = self.chain, self.chain.again(at=at)
        self.play(Compose(self.chain, old.shared(self.chain), old=old), *more, run_time=run_time)

    def open_the_first_layer(self) -> None:
        """The first layer; all that comes after it is one number. Its neuron opens as the row comes to rest."""
        old = self.now
        self.now, q = self.stage.tree(self.trace, self.notation, 1), LayerQuantities(1)
        self.wrt = q.w
        ends = VGroup(self.now.tree.node(q.a), self.now.tree.node(q.cost))
        whole = old.quantities.layer == 2
        moves = old.tree.shared(self.now.tree) if whole else []
        self.capsule = opened(self.now, self.chain.again(at=1))
        self.bring_to_back(self.capsule)
        shape, stem = self.capsule
        comes = [
            FadeIn(shape, rate_func=squish_rate_func(smooth, 0.25, 0.75)),
            Create(stem, rate_func=squish_rate_func(smooth, 0.7, 1.0)),
        ]
        self.slide(1, [Compose(ends, moves, old=old.tree if whole else None), *comes], run_time=1.4)
        now, (*numbers, _) = self.now, self.now.on_path(q.w)
        near = VGroup(*(part for part in now.tree if part is not now.last_arrow))
        self.play(Compose(near, [(end, end) for end in ends], old=ends), FadeIn(*numbers), run_time=1.0)

    def draw_what_follows(self) -> None:
        """The arrow to the cost, with the number that is pinned on the neuron."""
        now, pin = self.now, self.chain.pin(1)
        x = pin.get_right()[0] + 0.14
        flash, fall, number = falls(pin, now.behind, [(x, pin.get_y()), (x, now.behind.get_y())])
        self.play(flash)
        self.play(fall, Create(now.last_arrow, run_time=1.0))
        self.play(number)
        self.remove(*now.tree.get_family())
        self.add(now.tree)

    def light(self, seconds: float, *, backward: bool = False) -> Succession:
        """A light that runs through the network, forward or back."""
        layers = range(self.last.layer, 0, -1) if backward else range(1, self.last.layer + 1)
        return Succession(*(self.chain.diagram.pulse(n, backward=backward) for n in layers), run_time=seconds)
