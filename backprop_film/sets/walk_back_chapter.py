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

from manim import Animation, Create, FadeIn, FadeOut, Indicate, Mobject, RoundedRectangle, Succession, VGroup

from backprop_math import Quantity

from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.theme import theme
from .borrowed_functions import ChainChapter
from .filling_gradient import FillingGradient
from .first_factors import FirstFactors
from .layer_product import LayerProduct, product_in_numbers
from .single_neurons import LayerQuantities
from .walk_stage import WalkStage
from .walked_chain import WalkedChain, opened

__all__ = ["WalkBackChapter"]


class WalkBackChapter(ChainChapter):
    """What is on the stage, and the moves that several beats share.

    ``last`` are the last layer's quantities, ``now`` is the layer that is open, with its ``capsule``, and ``wrt`` what
    is looked at in it; ``chain`` is the network with the number carried, ``gradient`` the column, ``line`` the product
    under the tree, ``product`` the one in numbers alone, ``factors`` the definition that factors are read off; a
    ``blank`` keeps the place of a factor that is asked for.
    """

    factors: FirstFactors
    blank: RoundedRectangle

    def set_the_stage(self) -> None:
        """The last layer is open, and nothing is carried yet."""
        self.last = q = LayerQuantities(self.example.network.L)
        self.product: Formula | None = None
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

    def turn_to(self, wrt: Quantity) -> None:
        """Another quantity of the layer is looked at: its path is lit."""
        old, self.wrt = self.wrt, wrt
        self.play(*self.now.turn(old, wrt), run_time=0.9)

    def swap(self, wrt: Quantity) -> None:
        """Only the first factor of the product is new; of the numbers, the two that stay, stay."""
        old, self.line = self.line, LayerProduct(self.stage, self.now, wrt)
        first = self.line.first
        self.blank = RoundedRectangle(
            width=max(first.width, 0.34), height=0.4, corner_radius=0.1, stroke_width=2, stroke_color=theme.highlight
        ).move_to(first)
        self.play(*self.line.kept_from(old), run_time=1.2)
        self.play(FadeIn(self.blank), run_time=0.3)

    def fill_the_blank(self, *gone: Mobject) -> None:
        """The first factor of the numbers comes where its place was kept."""
        self.play(FadeOut(self.blank, *gone), run_time=0.3)
        self.play(FadeIn(self.line.first), run_time=0.5)

    def derive(self, wrt: Quantity) -> None:
        """The factor from the definition of z, and its number beside its arrow."""
        self.play(self.factors.derive(wrt), FadeIn(self.now.numbers.number(wrt, self.last.z)), run_time=1.2)

    def finish(self) -> None:
        """The whole product, and its result."""
        numbers = self.line.numbers
        self.play(FadeIn(self.line.rest), run_time=0.8)
        self.remove(*numbers.get_family())
        self.add(numbers)

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
        """The product in numbers, in one line, in the place of ``old`` or of another product of the layer."""
        q, before = self.now.quantities, self.product
        self.product = new = product_in_numbers(self.stage, self.now, self.wrt)
        same = [(q.a, q.z), (q.cost, q.a)] if before else []
        moves = [(before.factor(*ends, side=1), new.factor(*ends, side=1)) for ends in same if before]
        self.play(Compose(new, moves, old=old or before), *self.now.flashes(self.wrt), run_time=1.2)
        return new

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
        self.play(FadeOut(*gone, *now.on_path(self.wrt), self.product, self.capsule), run_time=0.8)
        now.tree.remove(*gone)
        self.product = None

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
        """The first layer; all that comes after it is one number."""
        old = self.now
        self.now, q = self.stage.tree(self.trace, self.notation, 1), LayerQuantities(1)
        self.wrt = q.w
        ends = VGroup(self.now.tree.node(q.a), self.now.tree.node(q.cost))
        whole = old.quantities.layer == 2
        moves = old.tree.shared(self.now.tree) if whole else []
        self.slide(1, [Compose(ends, moves, old=old.tree if whole else None)], run_time=1.4)
        self.capsule = opened(self.now, self.chain)
        self.open_neuron()
        now, (*numbers, _) = self.now, self.now.on_path(q.w)
        near = VGroup(*(part for part in now.tree if part is not now.last_arrow))
        self.play(Compose(near, [(end, end) for end in ends], old=ends), FadeIn(*numbers), run_time=1.0)

    def draw_what_follows(self) -> None:
        """The arrow to the cost, with the number that is pinned on the neuron."""
        now = self.now
        self.play(
            Create(now.last_arrow),
            Compose(now.behind, [], veiled=[(self.chain.pin(1).formula, now.behind)]),
            Indicate(self.chain.pin(1), scale_factor=1.15, color=None),
            run_time=1.6,
        )
        self.remove(*now.tree.get_family())
        self.add(now.tree)

    def light(self, seconds: float, *, backward: bool = False) -> Succession:
        """A light that runs through the network, forward or back."""
        layers = range(self.last.layer, 0, -1) if backward else range(1, self.last.layer + 1)
        return Succession(*(self.chain.diagram.pulse(n, backward=backward) for n in layers), run_time=seconds)
