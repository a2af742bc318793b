"""`NeuronOpening`: the last neuron of a link opens into z and a, and its names become a tree.

In a scene::

    numbers = shown_numbers(trace, notation)
    board, tree = NeuronDefinitions(notation, numbers), OpenNeuron(trace, notation, numbers)
    link = close_link(trace, notation)
    self.add(link.diagram.show(trace), link.to_cost, link.cost, board.y)
    opening = NeuronOpening(link, board, tree)
    self.play(*opening.network())
    for move in (opening.names, opening.inside, opening.cost):
        self.play(*move())
"""

from __future__ import annotations

from manim import Animation, FadeOut, VGroup

from ..kit.motion import Compose
from .last_link import LastLink
from .neuron_definitions import NeuronDefinitions
from .open_neuron import OpenNeuron

__all__ = ["NeuronOpening"]


class NeuronOpening:
    """The moves one after the other; each leaves its part of the tree on the screen.

    Before the first, ``replaced`` goes from the screen and ``kept`` stays.
    """

    def __init__(self, link: LastLink, board: NeuronDefinitions, tree: OpenNeuron) -> None:
        self.link, self.board, self.tree, self.q = link, board, tree, tree.q
        self.circle = link.after.circle
        self.replaced = VGroup(link.diagram, *link.names.values())
        assert link.after.number is not None
        self.number, self.rest = link.after.number, VGroup(link.edge, link.before, *link.diagram.ellipses)
        self.kept = VGroup(*link.names.values(), *self.rest, self.circle, self.number)

    def network(self) -> list[Animation]:
        """The network goes, but for its last neuron: the names have free ways."""
        return [FadeOut(self.rest, run_time=0.6)]

    def names(self) -> list[Animation]:
        """Weight, activation before and bias go to their places."""
        link, tree, given = self.link, self.tree, (self.q.w, self.q.previous, self.q.b)
        moves = [(link.names[x], tree.node(x)) for x in given]
        old = VGroup(*(link.names[x] for x in given))
        return [Compose(VGroup(*(new for _, new in moves)), moves, old=old)]

    def inside(self) -> list[Animation]:
        """The circle becomes the capsule; in it a, and z that comes from its definition."""
        q, tree, link = self.q, self.tree, self.link
        opened = VGroup(tree.capsule, tree.node(q.z), tree.node(q.a))
        moves = [(self.circle, tree.capsule), (link.names[q.a], tree.node(q.a))]
        veiled = [(self.board[q.z].symbols.side(0), tree.node(q.z))]
        return [Compose(opened, moves, veiled=veiled, old=VGroup(self.circle, self.number, link.names[q.a]))]

    def cost(self) -> list[Animation]:
        """The cost and the desired output go to their places, unseen where the neuron is in their way."""
        q, tree, link, y = self.q, self.tree, self.link, self.board.y
        new, old = VGroup(tree.node(q.cost), tree.node(q.y)), VGroup(link.cost, link.to_cost, y)
        moves = [(link.cost, tree.node(q.cost)), (y.quantity(q.y)[:1], tree.node(q.y))]
        return [Compose(new, [], veiled=moves, old=old)]
