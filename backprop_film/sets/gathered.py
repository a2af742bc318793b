"""A network becomes the chain of single neurons: `gathered`, and the input that both have, `same_input`.

In a scene::

    chain = NamedChain(example, notation)
    self.add(diagram)
    self.play(Compose(chain.diagram, gathered(diagram, chain.diagram), old=diagram))
"""

from __future__ import annotations

from manim import Mobject

from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron

__all__ = ["gathered", "same_input"]


def gathered(diagram: NetworkDiagram, small: NetworkDiagram) -> list[tuple[Mobject, Mobject]]:
    """The neurons of a layer become one, and their edges go with them, and fade on the way."""
    last, end = diagram.network.L, small.network.L
    place = {layer: round(layer * end / last) for layer in range(last + 1)}
    moves: list[tuple[Mobject, Mobject]] = []
    for layer in diagram.layers[1:]:
        for edge in diagram.edges(layer):
            gone = edge.copy()
            one, other = (small.neuron(place[at], 0) for at in (layer - 1, layer))
            if one is other:
                gone.scale(0.01).move_to(one)
            else:
                gone.put_start_and_end_on(one.get_right(), other.get_left())
            moves.append((edge, gone.set_stroke(opacity=0)))
    for layer in diagram.layers:
        moves += [(neuron.circle, small.neuron(place[layer], 0).circle) for neuron in diagram.layer(layer)]
    return moves


def same_input(diagram: NetworkDiagram, own: Naming, small: NetworkDiagram, names: Naming) -> Neuron | None:
    """The input of the network that is the chain's, too, by name and number."""
    first = small.neuron(0, 0)
    shown = [inside.number.shown for neuron in (first, *diagram.layer(0)) if (inside := neuron.number)]
    for neuron, number in zip(diagram.layer(0), shown[1:], strict=True):
        if own.input(int(neuron.quantity.j)) == names.input(0) and number == shown[0]:
            return neuron
    return None
