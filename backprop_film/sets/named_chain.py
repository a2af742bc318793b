"""`NamedChain`: a network with one neuron a layer, its weights and biases numbered, and its cost as a function of them.

In a scene::

    chain = NamedChain(example, notation)
    self.add(chain.diagram, chain.ends)                    # the penguin, what goes in, what is asked
    self.play(FadeIn(*chain.labels.values()))
    self.play(FadeIn(chain.around, *(part for _, part in chain.moves)))        # C(w₁, b₁, w₂, …), from its places
    self.play(FadeOut(*chain.others))
    self.play(*chain.close_up(close_link(trace, notation)))
"""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Animation, Mobject, VGroup, smooth

from backprop_math import Cost, Example, Glyph, Notation, Quantity, Symbol
from backprop_math.formula import Apply, Listing

from ..kit.fitted import fitted_prose
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme
from .counted import counted
from .last_link import LastLink
from .opening import neuron_radius
from .single_neurons import LayerQuantities

__all__ = ["NamedChain"]

#: Up to so many layers, all parameters stand in the formula.
_MOST = 4
_WIDEST, _BESIDE_BIRD = 11.6, 9.9  # the diagram


class NamedChain:
    """``diagram``, the ``labels`` of its parameters (w₁, b₁, …), and the ``cost``, with dots where there are many.

    The input has its value. ``ends`` are the ``bird`` before it (`None`, if it is no penguin), and over the first and
    the last neuron ``given``, what goes in, and ``asked``, what comes out.
    """

    def __init__(self, example: Example, notation: Notation) -> None:
        network, called = example.network, Naming(example)
        self.count = count = network.L
        self.bird = called.penguin(height=1.27)
        width = min(3.2 * count, _BESIDE_BIRD if self.bird else _WIDEST)
        apart = width / count
        places = {layer: (layer - count / 2) * apart for layer in range(count + 1)}
        radius = max(min(0.46, 0.3 * apart), min(neuron_radius(example.trace()), 0.4 * apart))
        # Where neurons stand close, the weights' names have no room between them.
        over = max(0.0, radius + 0.06 - 0.22) if radius > 0.31 * apart else 0.0
        self.diagram = NetworkDiagram(network, radius=radius, places=places).shift(0.55 * UP)
        first, last = self.diagram.neuron(0, 0), self.diagram.neuron(count, 0)
        first.show(example.trace())
        room = min(2 * (theme.safe.right - width / 2), 1.6 * apart, count * apart - 0.25)
        self.given, self.asked = (
            fitted_prose(text, width=room, font_size=30).set_x(neuron.get_x())
            for text, neuron in ((called.input(0), first), (called.asked(0), last))
        )
        for text in (self.given, self.asked):
            text.on_baseline(first.get_top()[1] + 0.26 + 1.5 * over)
        self.ends = VGroup(self.given, self.asked)
        if self.bird:
            self.bird.next_to(first, LEFT, buff=0.3).align_to(first, UP).shift(0.05 * DOWN)
            self.ends.add(self.bird)
        self.labels: dict[Quantity, Formula] = {}
        for layer in range(1, count + 1):
            q = LayerQuantities(layer)
            parts = (
                (q.w, "w", self.diagram.edge(layer, 0, 0), UP),
                (q.b, "b", self.diagram.neuron(layer, 0), DOWN),
            )
            for x, letter, part, side in parts:
                name = Formula(Symbol(letter, "", str(layer), x), font_size=min(theme.symbol_size, 27 * apart))
                self.labels[x] = name.next_to(part, side, buff=0.22 + (over if x == q.w else 0.0))
        names = list(self.labels)
        self.shown = names if count <= _MOST else [*names[:4], *names[-2:]]
        entries = [self.labels[x].expression for x in self.shown]
        if count > _MOST:
            entries.insert(4, Glyph("dots"))
        self.cost = Formula(Apply(notation.symbol(Cost()), Listing(tuple(entries))))
        self.cost.fit(theme.formula_zone.width).move_to(theme.formula_zone.center)

    @property
    def moves(self) -> list[tuple[Mobject, Mobject]]:
        """Each symbol's place in the network, and in the formula."""
        return [(self.labels[x], self.cost.quantity(x)) for x in self.shown]

    @property
    def around(self) -> VGroup:
        """What of the formula is no symbol of a weight or bias."""
        return self.cost.apart_from(*(part for _, part in self.moves))

    @property
    def _last(self) -> list[Quantity]:
        """The last weight and the last bias."""
        return list(self.labels)[-2:]

    @property
    def others(self) -> VGroup:
        """The formula, the ends but for the bird, and the names of all but the last layer."""
        return VGroup(
            self.cost, self.given, self.asked, *(label for x, label in self.labels.items() if x not in self._last)
        )

    def close_up(self, link: LastLink) -> list[Animation]:
        """The last two neurons come close, as ``link`` has them, and the names of the last layer with them."""
        layer, diagram = self.count, self.diagram
        old = (diagram.edge(layer, 0, 0), diagram.neuron(layer - 1, 0), diagram.neuron(layer, 0))
        moves = list(zip(old, (link.edge, link.before, link.after), strict=True))
        near = []
        for x in self._last:
            # Eased twice, as what moves within `Compose` is: each stays at its neuron or edge.
            name = self.labels[x].animate(rate_func=lambda t: smooth(smooth(t)))
            near.append(name.scale(link.names[x][0].width / self.labels[x][0].width).move_to(link.names[x]))
        return [Compose(link.diagram, moves, old=diagram), *near]

    def renamed(self, link: LastLink) -> list[Animation]:
        """The last layer is counted from the end: of each name only the letter stays what it is."""
        pairs = [(self.labels[x], link.names[x]) for x in self._last]
        return [Compose(new, [(old[0], new[0])], old=old) for old, new in pairs]

    @property
    def words(self) -> str:
        """How many numbers the network has.

        >>> from backprop_math import load_example
        >>> example = load_example("simplest")
        >>> NamedChain(example, Notation(example.network)).words
        'Three weights and three biases: that is all this network has. So the cost is a function of six numbers.'
        """
        count = counted(self.count)
        kinds = "weight and one bias" if self.count == 1 else f"weights and {count} biases"
        whole = f"{count.capitalize()} {kinds}: that is all this network has."
        return f"{whole} So the cost is a function of {counted(2 * self.count, 'numbers')}."
