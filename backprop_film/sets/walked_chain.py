"""`WalkedChain`: a chain of single neurons at the top of the stage, with the number that is carried back along it.

Each neuron stands above the place where it is opened. In a scene::

    chain = WalkedChain(example, notation, WalkStage(last=3), at=3, carried=3)
    self.add(chain)
    further = chain.again(carried=2)
    for move in further.arrive(chain):                                  # the number goes one layer back
        self.play(move)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from manim import (
    LEFT,
    UP,
    Animation,
    AnimationGroup,
    Arrow,
    DashedLine,
    FadeIn,
    FadeOut,
    Indicate,
    Line,
    Mobject,
    RoundedRectangle,
    ShowPassingFlash,
    VGroup,
    Wait,
)

from backprop_math import (
    Activation,
    BackwardPass,
    Cost,
    Example,
    Expression,
    Notation,
    Number,
    Product,
    Quantity,
    WeightedSum,
)

from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.open_path import OpenPath
from ..kit.pinned_number import PinnedNumber
from ..kit.theme import theme
from .layer_chain_rules import LayerChainRules, layer_decimals
from .layer_tree import LayerTree
from .single_neurons import LayerQuantities
from .walk_stage import WalkStage

__all__ = ["CAPSULE_AIR", "CAPSULE_HEIGHT", "WalkedChain", "carried_numbers", "opened"]

#: The outline of an open neuron: how far beyond the symbols in it, and how high.
CAPSULE_AIR, CAPSULE_HEIGHT = 0.22, 0.76

_RADIUS = 0.36
_READ, _SEEN = 0.6, 1.5  # seconds: a quicker journey has no product to be read, which stays so long


class WalkedChain(VGroup):
    """The ``diagram`` of the network, the cost's ``symbol`` behind it, and a penguin before it, where there is one.

    While layer ``at`` is opened, the derivatives of the cost by the activations back to layer ``carried`` are pinned
    on their neurons, as ``numbers`` has them (`carried_numbers`), and violet arrows lead there; ``pin(layer)`` is one
    of them.
    """

    def __init__(
        self,
        example: Example,
        notation: Notation,
        stage: WalkStage,
        *,
        at: int,
        carried: int,
        numbers: Mapping[int, Expression] | None = None,
    ) -> None:
        trace, network = example.trace(), example.network
        self.example, self.notation, self.stage, self.at, self.carried = example, notation, stage, at, carried
        self.numbers = numbers = numbers or carried_numbers(trace, notation)
        self.diagram = NetworkDiagram(network, radius=_RADIUS, places=stage.places(at)).shift(stage.chain * UP)
        self.diagram.show(trace)
        self.symbol = Formula(notation.symbol(Cost()), font_size=46).move_to([stage.end(at), stage.chain, 0])
        self._pins: dict[int, PinnedNumber] = {}
        self._ways: dict[int, Mobject] = {}
        super().__init__(self.diagram, self.symbol)
        last = self.diagram.neuron(network.L, 0)
        self._add_way(network.L + 1, Line(last.get_right(), self.symbol.get_left() + 0.1 * LEFT, color=theme.arrow))
        for layer in self.diagram.layers:
            if layer - 1 in self.diagram.layers:
                self._add_way(layer, self.diagram.edge(layer, 0, 0))
            if layer >= carried and layer:
                self._pin(layer, numbers[layer])
        self.bird = Naming(example).penguin(height=0.8)
        first = self.diagram.neuron(0, 0)
        if self.bird and 0 in self.diagram.layers:
            room = first.get_left()[0] - theme.safe.left - 0.19
            self.bird.scale(min(1.0, room / self.bird.width))
            if self.bird.height > 0.5:
                self.add(self.bird.next_to(first, LEFT, buff=0.16))

    def _add_way(self, layer: int, edge: Line | DashedLine) -> None:
        """The line into a layer; where a number has been carried back along it, an arrow instead."""
        if layer - 1 >= self.carried:
            start, end = edge.get_end(), edge.get_start()
            self.diagram.remove(edge)
            edge = Arrow(start, end, buff=0.05, stroke_width=4, tip_length=0.17, color=theme.highlight,
                         max_tip_length_to_length_ratio=0.6, max_stroke_width_to_length_ratio=99)  # fmt: skip
        if edge not in self.diagram.submobjects:
            self.add(edge)
        self._ways[layer] = edge

    def _pin(self, layer: int, number: Expression) -> None:
        neuron = self.diagram.neuron(layer, 0)
        pin = PinnedNumber(number, neuron, font_size=30)
        neuron.circle.set_stroke(theme.highlight)
        others = [other.get_x() for at, other in self._neurons.items() if at != layer]
        free = min(abs(neuron.get_x() - x) for x in others) > pin.width + 0.1
        # The carried number is there whatever its width.
        if layer == self.carried or (free and all(_beside(pin, other) for other in self._pins.values())):
            self._pins[layer] = pin
            self.add(pin)

    @property
    def _neurons(self) -> dict[int, Mobject]:
        return {layer: self.diagram.neuron(layer, 0) for layer in self.diagram.layers}

    def pin(self, layer: int) -> PinnedNumber:
        """The number on a layer's neuron. `KeyError` where there is none."""
        return self._pins[layer]

    def pinned(self, layer: int) -> bool:
        """Whether a number is pinned on a layer's neuron."""
        return layer in self._pins

    def way(self, layer: int) -> Mobject:
        """The line or arrow between a layer's neuron and the one before; after the last layer, that to the cost."""
        return self._ways[layer]

    def flash(self, of: Quantity, by: Quantity) -> Animation:
        """A light where the factor ∂of/∂by comes from: around a neuron, along an edge, on the cost."""
        if of == Cost():
            return Indicate(self.symbol, scale_factor=1.15, color=theme.ink)
        light = self.diagram.neuron(of.layer, 0).circle  # type: ignore[attr-defined]
        if isinstance(of, WeightedSum):
            before = self.diagram.neuron(int(of.layer) - 1, 0).circle
            light = Line(light.get_left(), before.get_right()) if isinstance(by, Activation) else before
        light = light.copy().set_fill(opacity=0).set_stroke(theme.ink, 6)
        light.overlaps_ok = True  # around the neuron's number
        return ShowPassingFlash(light, time_width=0.7)

    def again(self, *, at: int | None = None, carried: int | None = None) -> Self:
        """The same chain while another layer is opened, or with the number carried to another one."""
        at, carried = at or self.at, carried or self.carried
        return type(self)(self.example, self.notation, self.stage, at=at, carried=carried, numbers=self.numbers)

    def arrive(self, old: WalkedChain, seconds: float = 0.8) -> list[Animation]:
        """In the place of ``old``, the number goes on to layer ``carried``, multiplied on its way: a list of plays.

        It leaves the cost, or a neuron, whose number stays: then the product that it is multiplied to is seen above the
        neuron it comes to, where that has room, and contracts into it.
        """
        to = self.carried
        arriving, pin = self.pin(to).copy().set_opacity(0), self.pin(to)
        if to == self.stage.last:
            arriving.set_x(old.symbol.get_x())
            return [Compose(self, [*old.shared(self), (arriving, pin)], old=old, run_time=seconds)]
        product = self.passed(to + 1) if seconds >= _READ else VGroup()
        light = old.diagram.pulse(to + 1, backward=True)
        landing = Compose(self, [*old.shared(self), (arriving.shift(0.12 * UP), pin)], old=old, run_time=seconds)
        if not product:
            return [AnimationGroup(light, run_time=seconds), landing]
        gone = FadeOut(product, target_position=pin.formula, scale=0.3, run_time=0.6 * seconds)
        return [
            AnimationGroup(light, FadeIn(product, shift=0.2 * LEFT), run_time=seconds),
            Wait(max(0.3, _SEEN - seconds)),
            AnimationGroup(gone, landing),
        ]

    def passed(self, layer: int) -> VGroup:
        """What a layer's number becomes one neuron further back: it times both factors, left of where it is pinned.

        Nothing where that has no room.
        """
        if not self.pinned(layer):
            return VGroup()
        trace, q, pin = self.example.trace(), LayerQuantities(layer), self.pin(layer)
        chains = LayerChainRules(trace, self.notation, layer, decimals=layer_decimals(trace, layer))
        factors = Product((chains.factor(Cost(), q.a), chains.factor(q.a, q.z), chains.factor(q.z, q.previous)))
        row = Formula(factors, font_size=28, color=theme.highlight, plain=True)
        most = pin.get_left()[0] - 0.2 - row.width / 2
        row.move_to([min(most, self.diagram.neuron(layer - 1, 0).get_x()), pin.formula.get_y(), 0])
        return row if row.get_left()[0] > theme.safe.left else VGroup()

    def shared(self, other: WalkedChain) -> list[tuple[Mobject, Mobject]]:
        """Pairs of what both show, for `Compose`."""
        pairs = [(self._neurons[n], other._neurons[n]) for n in self._neurons if n in other._neurons]
        pairs += [(self._pins[n], other._pins[n]) for n in self._pins if n in other._pins]
        both = [n for n in self._ways if n in other._ways]
        pairs += [(self._ways[n], other._ways[n]) for n in both if type(self._ways[n]) is type(other._ways[n])]
        birds = [(self.bird, other.bird)] if self.bird in self.submobjects and other.bird in other.submobjects else []
        return [*pairs, (self.symbol, other.symbol), *birds]


def _beside(pin: PinnedNumber, other: PinnedNumber) -> bool:
    return bool(abs(pin.get_x() - other.get_x()) > (pin.width + other.width) / 2 + 0.05)


def carried_numbers(trace: BackwardPass, notation: Notation) -> dict[int, Number]:
    """∂C/∂a of each layer, as its chain rules show it."""
    layers = range(1, notation.network.L + 1)
    chains = {n: LayerChainRules(trace, notation, n, decimals=layer_decimals(trace, n)) for n in layers}
    return {n: each.factor(Cost(), each.quantities.a) for n, each in chains.items()}


def opened(tree: LayerTree, chain: WalkedChain) -> VGroup:
    """The outline of a neuron that has opened into z and a, and the line up to where it was."""
    q = tree.quantities
    both, neuron = VGroup(tree.tree.node(q.z), tree.tree.node(q.a)), chain.diagram.neuron(q.layer, 0)
    shape = RoundedRectangle(
        width=both.width + 2 * CAPSULE_AIR, height=CAPSULE_HEIGHT, corner_radius=CAPSULE_HEIGHT / 2,
        stroke_color=theme.secondary, stroke_width=2.5,
        fill_color=theme.surface, fill_opacity=1,
    )  # fmt: skip
    shape.move_to([both.get_x(), both.get_y(), 0])
    x, top, bottom = neuron.get_x(), neuron.get_bottom()[1] - 0.05, shape.get_top()[1] + 0.42
    stem = OpenPath([[x, top, 0], [x, bottom, 0]], stroke_color=theme.line, stroke_width=2.5)
    return VGroup(shape, stem)
