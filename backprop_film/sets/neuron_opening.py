"""`NeuronOpening`: the last neuron of a link opens into z and a, and its names become a tree.

In a scene::

    numbers = shown_numbers(trace, notation)
    board, tree = NeuronDefinitions(notation, numbers), OpenNeuron(trace, notation, numbers)
    link = close_link(trace, notation)
    self.add(link.diagram.show(trace), link.to_cost, link.cost, board.y)
    opening = NeuronOpening(link, board, tree)
    self.play(*opening.network())
    for move in (opening.names, opening.stretched, opening.inside, opening.weight, opening.target, opening.cost):
        self.play(*move())
"""

from __future__ import annotations

from typing import Any

from manim import PI, RIGHT, Animation, Circle, FadeIn, FadeOut, RoundedRectangle, VGroup, smooth, squish_rate_func

from ..kit.motion import Compose
from ..kit.theme import theme
from .last_link import LastLink
from .neuron_definitions import NeuronDefinitions
from .open_neuron import OpenNeuron

__all__ = ["NeuronOpening"]


class NeuronOpening:
    """The moves one after the other; each leaves its part of the tree on the screen, but for the capsule: that is the
    ``circle`` until all is one, with the ``number`` in it.

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
        """Activation before and bias go to their places."""
        link, tree, given = self.link, self.tree, (self.q.previous, self.q.b)
        moves = [(link.names[x], tree.node(x)) for x in given]
        old = VGroup(*(link.names[x] for x in given))
        return [Compose(VGroup(*(new for _, new in moves)), moves, old=old)]

    def stretched(self) -> list[Animation]:
        """The circle is stretched downwards until it is the capsule; its number goes with it, to where a's will be.

        The line to the cost goes: it would leave the capsule beside z. A capsule that is wide for its values comes no
        nearer to the weight's name.
        """
        place, name, capsule = self.tree.value(self.q.a), self.link.names[self.q.w], self.tree.capsule
        size = min(1.0, place.height / self.number.height, theme.tick_size / self.number.font_size)
        number: list[Any] = [self.number.animate.scale(size).move_to(place).set_fill(theme.ink)]
        if "e" in self.number.number.shown:  # a power of ten on two lines has no room there
            number = [FadeOut(self.number, rate_func=squish_rate_func(smooth, 0.0, 0.4))]
            self.number = place.copy().set_fill(theme.ink)
            number.append(FadeIn(self.number, rate_func=squish_rate_func(smooth, 0.5, 1.0)))
        aside = capsule.get_left()[0] - 0.15 - name.get_right()[0]
        line = FadeOut(self.link.to_cost, rate_func=squish_rate_func(smooth, 0.0, 0.4))
        return [
            _Stretch(self.circle, capsule),
            *number,
            line,
            *([name.animate.shift(aside * RIGHT)] if aside < 0 else []),
        ]

    def inside(self) -> list[Animation]:
        """In it come a, which was its name, and above it z, from its definition."""
        q, tree, name = self.q, self.tree, self.link.names[self.q.a]
        veiled = [(name, tree.node(q.a)), (self.board[q.z].symbols.side(0), tree.node(q.z))]
        return [Compose(VGroup(tree.node(q.z), tree.node(q.a)), [], veiled=veiled, old=name)]

    def weight(self) -> list[Animation]:
        """The weight goes above them, where the name was."""
        name, node = self.link.names[self.q.w], self.tree.node(self.q.w)
        return [Compose(node, [(name, node)], old=name)]

    def target(self) -> list[Animation]:
        """The desired output goes to its place, below the neuron."""
        y, node = self.board.y, self.tree.node(self.q.y)
        return [Compose(node, [(y.quantity(self.q.y)[:1], node)], old=y, path_arc=-2 * PI / 3)]

    def cost(self) -> list[Animation]:
        """The cost goes to its place, around the neuron."""
        link, node = self.link, self.tree.node(self.q.cost)
        return [Compose(node, [(link.cost, node)], old=link.cost, path_arc=-PI / 2)]


class _Stretch(Animation):
    """A circle becomes a capsule, without a lump on the way."""

    def __init__(self, circle: Circle, capsule: RoundedRectangle, **animation: Any) -> None:
        self.capsule = capsule
        super().__init__(circle, **animation)

    def interpolate(self, alpha: float) -> None:
        """The outline in between, and its look."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        start, end, shape = self.starting_mobject, self.capsule, self.mobject
        sides = [(1 - t) * a + t * b for a, b in ((start.width, end.width), (start.height, end.height))]
        corner = (1 - t) * start.width / 2 + t * end.corner_radius
        outline = RoundedRectangle(width=sides[0], height=sides[1], corner_radius=0.999 * corner)
        shape.set_points(outline.move_to((1 - t) * start.get_center() + t * end.get_center()).points)
        shape.interpolate_color(start, end, t)
