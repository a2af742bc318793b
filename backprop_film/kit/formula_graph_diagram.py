"""`FormulaGraphDiagram`: a formula as a graph, what is calculated from what, with its numbers at nodes and arrows.

In a scene::

    from backprop_math.autodiff import parse_formula
    graph = parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()
    diagram = FormulaGraphDiagram(graph)
    self.play(FadeIn(diagram))
    for node in graph.nodes:
        self.play(FadeIn(diagram.value(node)))
    self.play(*map(FadeIn, diagram.factors.values()))
    self.play(FadeIn(diagram.derivative(graph.inputs[0], graph.derivative(graph.outputs[0], graph.inputs[0]))))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from statistics import fmean

import networkx as nx
import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Circle, VGroup, VMobject

from backprop_math import FormulaGraph, Number, Relation, Symbol, Var
from backprop_math.formula import Bracket, decimals_for, relation_sign

from .arguments import expected
from .formula import Formula, Nothing
from .texts import Prose
from .theme import MIN_FONT_SIZE, theme

__all__ = ["FormulaGraphDiagram"]

_RADIUS = 0.42
#: The smallest radius with a symbol in it, and the room that a node's two numbers take, across and down.
_SMALL, _ACROSS, _DOWN = 0.18, 1.4, 0.76
_DOT = 0.12  # the radius of a node without a symbol
_RING = 0.3  # the smallest radius of a ring around a symbol
_NUMBER = 28  # the font size of the numbers, and of the symbols
_PASSES = 4
_NEAR = 0.09  # from a node to its numbers
#: The signs of operations that have one.
_OPERATIONS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "negative": "−", "absolute": "| |", "square": "( )²",
    "sqrt": "√", "power": "( )ⁿ", "float_power": "( )ⁿ", "exp": "exp", "exp2": "2ⁿ", "maximum": "max", "minimum": "min",
    "cbrt": "³√", "reciprocal": "1/", "arctan": "atan", "arcsin": "asin", "arccos": "acos",
}  # fmt: skip


class FormulaGraphDiagram(VGroup):
    """Inputs at the left, the result at the right, an arrow from each node to what is calculated from it.

    ``node(v)`` and ``edge(of, wrt)`` find the parts; ``value(v)`` is a number above a node, ``derivative(v, found)``
    and ``change(v, by)`` are numbers below it, ``factors`` the local derivatives at the arrows ``(of, wrt)`` that have
    room for one, all of which are not part of the diagram until a scene adds them. In a node stands its operation,
    above it its name; with less room, its name stands in it. Where the graph is so large that numbers have no room,
    ``detailed`` is false; nodes are dots then, and only inputs and results have their symbols, beside them.
    """

    def __init__(
        self, graph: FormulaGraph[Var], *, width: float = 12.0, height: float = 4.6, decimals: int = 2
    ) -> None:
        expected("FormulaGraphDiagram", graph, FormulaGraph, "the graph of a formula, f.graph()")
        self.graph, self._decimals = graph, decimals
        columns = _columns(graph)
        across = (width - 2 * _RADIUS - 0.3) / max(1, len(columns) - 1)
        down = height / max(len(column) for column in columns)
        self.detailed = across >= _ACROSS and down >= _DOWN + 2 * _SMALL
        self.radius = min(_RADIUS, 0.36 * across, (down - _DOWN) / 2 if self.detailed else 0.36 * down)
        if self.radius < (_SMALL if self.detailed else _RING):
            self.radius = min(self.radius, _DOT)
        self._across = min(across, 4.4)
        places = _places(columns, self._across, min(down, 2.4))
        self._circles = {node: self._circle(places[node]) for node in graph.nodes}
        self._edges: dict[tuple[Var, Var], VMobject] = {
            (edge.of, edge.wrt): self._curve([places[wrt] for wrt in _way(columns, edge.of, edge.wrt)])  # type: ignore[arg-type, misc]
            for edge in graph.edges
        }
        self.named = self.radius == _RADIUS and all(self._has_room(node) for node in graph.nodes)
        self._symbols = {node: self._symbol(node) for node in graph.nodes}
        self._nodes = {node: VGroup(self._circles[node], *self._symbols[node]) for node in graph.nodes}
        super().__init__(VGroup(*self._edges.values()), VGroup(*self._nodes.values()))
        self._factors: dict[tuple[Var, Var], Formula] = {}

    def node(self, node: Var) -> VGroup:
        """A node's circle, and its symbol. `KeyError` for one of another graph."""
        return self._nodes[node]

    def edge(self, of: Var, wrt: Var) -> VMobject:
        """The arrow from ``wrt`` to what is calculated from it."""
        return self._edges[of, wrt]

    def edges_into(self, node: Var) -> list[VMobject]:
        """The arrows that end at a node."""
        return [edge for (of, _), edge in self._edges.items() if of is node]

    def edges_from(self, node: Var) -> list[VMobject]:
        """The arrows that start from a node."""
        return [edge for (_, wrt), edge in self._edges.items() if wrt is node]

    def value(self, node: Var) -> Formula:
        """The node's value, above it, behind the name that stands there."""
        number = self.graph.number(node, self._decimals)
        if self.named and node.rule is not None:
            whole = self._whole(node)
            whole.side(0).set_fill(opacity=0)  # the node's name, which is there already
            return whole
        return self._number(number, theme.ink).next_to(self._circles[node], UP, buff=_NEAR)

    @property
    def factors(self) -> dict[tuple[Var, Var], Formula]:
        """At each arrow its local derivative, if there is room for it."""
        if not self._factors and self.named:
            kept: list[tuple[float, float, float, float]] = []
            for circle, node in ((self._circles[node], node) for node in self.graph.nodes):
                low, high = (texts.height + 2 * _NEAR for texts in (self.derivative(node, -8.88), self.value(node)))
                half = max(self.value(node).width, 1.0) / 2 + 0.06
                x, y = circle.get_x(), circle.get_y()
                kept.append((x - half, y - _RADIUS - low, x + half, y + _RADIUS + high))
            ways = self._ways()
            for pair in self._edges:
                if made := self._placed(pair, kept, ways):
                    self._factors[pair] = made
                    kept.append(_box(made, 0.05))
        return self._factors

    def _placed(
        self,
        pair: tuple[Var, Var],
        kept: Iterable[tuple[float, float, float, float]],
        ways: Mapping[tuple[Var, Var], np.ndarray],
    ) -> Formula | None:
        """The factor of an arrow, beside it where nothing else is."""
        slope = self.graph.edge(*pair).value
        number = Number(slope, decimals_for(slope, self._decimals, given=float(slope).is_integer()))
        made = Formula(Relation((Symbol(""), Bracket(number) if slope < 0 else number), ("·",)), font_size=_NUMBER)
        made.set_color(theme.highlight)
        way = ways[pair]
        for part in (20, 16, 24, 12, 28):
            along = way[part + 1] - way[part - 1]
            across = np.array([-along[1], along[0], 0.0]) / max(float(np.linalg.norm(along)), 1e-9)
            for side in (1, -1) if across[1] >= 0 else (-1, 1):  # above, if it can be
                reach = abs(across[0]) * made.width / 2 + abs(across[1]) * made.height / 2
                made.move_to(way[part] + side * (reach + 0.14) * across)
                box = _box(made, 0.04)
                clear = all(not _meet(box, other) for other in kept)
                if clear and not any(_inside(box, points) for points in ways.values()):
                    return made
        return None

    def derivative(self, node: Var, found: float, *, color: str | None = None) -> Formula:
        """The derivative that has been ``found`` at the node, below it; violet unless said, as on the way back."""
        number = Number(found, decimals_for(found, self._decimals, given=float(found).is_integer()))
        return self._number(number, color or theme.highlight).next_to(self._circles[node], DOWN, buff=_NEAR)

    def change(self, node: Var, by: Number) -> Formula:
        """What a nudge changes the node ``by``, below it, aside where an arrow passes."""
        sides, signs = ((Nothing(), by), ("+",)) if by.value > 0 else ((by,), ())
        made = Formula(Relation(sides, signs), font_size=_NUMBER).next_to(self._circles[node], DOWN, buff=_NEAR)
        places, ways = [made.get_center() + step * RIGHT for step in (0, -0.1, 0.1, -0.2, 0.2)], self._ways().values()
        clear = (at for at in places if not any(_inside(_box(made.move_to(at), 0.04), points) for points in ways))
        return made.move_to(next(clear, places[0]))

    def _ways(self) -> dict[tuple[Var, Var], np.ndarray]:
        """Points of each arrow."""
        shares = np.linspace(0, 1, 41)
        return {pair: np.array([edge.point_from_proportion(t) for t in shares]) for pair, edge in self._edges.items()}

    def _whole(self, node: Var) -> Formula:
        """Name and value, above a node."""
        number = self.graph.number(node, self._decimals)
        relation = Relation((self.graph.symbol(node), number), (relation_sign(number),))
        return Formula(relation, font_size=_NUMBER, plain=True).next_to(self._circles[node], UP, buff=_NEAR)

    def _has_room(self, node: Var) -> bool:
        """Whether its name fits over a node, and its operation into it."""
        return node.rule is None or (self._whole(node).width < self._across - 0.3 and self._operation(node) is not None)

    def _operation(self, node: Var) -> Prose | None:
        """What the node does, as large as it can be; `None` where that is too small to be read."""
        assert node.rule is not None, "an input does nothing"
        sign = _OPERATIONS.get(node.rule.name, node.rule.name)
        made = Prose(sign, font_size=46 if len(sign) == 1 else 32)
        made.scale(min(1.0, 1.62 * _RADIUS / float(np.hypot(made.width, made.height))))
        return made if made.font_size >= MIN_FONT_SIZE else None

    def _number(self, number: Number, color: str) -> Formula:
        return Formula(number, font_size=_NUMBER, color=color, plain=True)

    def _circle(self, place: np.ndarray) -> Circle:
        circle = Circle(self.radius, stroke_color=theme.secondary, stroke_width=2.5).move_to(place)
        if _DOT < self.radius < _RING:
            return circle.set_stroke(width=0)
        return circle.set_fill(theme.surface, 1)

    def _symbol(self, node: Var) -> list[Formula | Prose]:
        """In a node; beside a dot, if it is an input's or the result's."""
        circle, symbol = self._circles[node], Formula(self.graph.symbol(node), font_size=40)
        if self.named and node.rule is not None:
            operation, whole = self._operation(node), self._whole(node)
            assert operation is not None, "it is named"
            name = Formula(self.graph.symbol(node), font_size=_NUMBER)
            return [operation.move_to(circle), name.move_to(whole.side(0))]
        if self.radius > _DOT:
            size = float(np.hypot(symbol.width, symbol.height))
            return [symbol.scale(min(1.0, 1.6 * self.radius / size)).move_to(circle)]
        symbol.scale(0.8)
        if node.rule is None:
            return [symbol.next_to(circle, LEFT, buff=0.1)]
        return [symbol.next_to(circle, RIGHT, buff=0.1)] if node in self.graph.outputs else []

    def _curve(self, places: list[np.ndarray]) -> VMobject:
        """A curve from circle to circle through the places between, with a tip."""
        curve = VMobject(stroke_color=theme.arrow, stroke_width=3 if self.detailed else 2)
        # It leaves and comes level, so that it keeps clear of the numbers above and below.
        handles = [0.7 * (end[0] - start[0]) * RIGHT for start, end in pairwise(places)]
        curve.set_points(
            [point for h, (p, q) in zip(handles, pairwise(places), strict=True) for point in (p, p + h, q - h, q)]
        )
        shares = np.linspace(0.0, 1.0, 101)
        count, leaves = len(places) - 1, curve.get_nth_curve_function(0)
        comes = curve.get_nth_curve_function(count - 1)
        start = next(t for t in shares if np.linalg.norm(leaves(t) - places[0]) >= self.radius)
        end = next(t for t in shares if np.linalg.norm(comes(1 - t) - places[-1]) >= self.radius + 0.06)
        curve = curve.get_subcurve(start / count, 1 - end / count)
        tip, before = curve.point_from_proportion(1.0), curve.point_from_proportion(0.93)
        along = (tip - before) / max(float(np.linalg.norm(tip - before)), 1e-6)
        across = np.array([-along[1], along[0], 0.0])
        size = min(0.13, 0.5 * self.radius)
        corners = [tip, *(tip - size * along + side * size * across for side in (0.5, -0.5)), tip]
        head = VMobject(fill_color=theme.arrow, fill_opacity=1, stroke_width=0)
        curve.add(head.set_points_as_corners(corners))
        return curve


def _box(made: VMobject, air: float) -> tuple[float, float, float, float]:
    (left, low), (right, high) = made.get_corner(DOWN + LEFT)[:2], made.get_corner(UP + RIGHT)[:2]
    return float(left) - air, float(low) - air, float(right) + air, float(high) + air


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: tuple[float, float, float, float], points: np.ndarray) -> bool:
    """Whether one of the points lies in the box."""
    x, y = points[:, 0], points[:, 1]
    return bool(((box[0] < x) & (x < box[2]) & (box[1] < y) & (y < box[3])).any())


# A column holds nodes, and where an edge passes through it, a place for that edge: (of, wrt, column).
_Item = Var | tuple[Var, Var, int]


def _columns(graph: FormulaGraph[Var]) -> list[list[_Item]]:
    """Each node as far to the right as the longest way to it, with few crossings between neighbouring columns.

    Sugiyama, Tagawa and Toda (1981): edges that pass a column get a place in it, and each column is ordered by the mean
    place of what its items are joined to, forwards and backwards a few times.
    """
    joined: nx.DiGraph = nx.DiGraph()
    joined.add_nodes_from(graph.nodes)
    joined.add_edges_from((edge.wrt, edge.of) for edge in graph.edges)
    columns: list[list[_Item]] = [
        [node for node in graph.nodes if node in generation]
        for generation in map(set, nx.topological_generations(joined))
    ]
    at = {node: i for i, column in enumerate(columns) for node in column}
    for edge in graph.edges:
        of, wrt = edge.of, edge.wrt
        for i in range(at[wrt] + 1, at[of]):  # type: ignore[index]
            columns[i].append((of, wrt, i))  # type: ignore[arg-type]
    beside: dict[_Item, list[_Item]] = {item: [] for column in columns for item in column}
    for edge in graph.edges:
        for one, other in pairwise(_way(columns, edge.of, edge.wrt)):  # type: ignore[arg-type]
            beside[one].append(other)
            beside[other].append(one)
    for turn in range(2 * _PASSES):
        order = range(1, len(columns)) if turn % 2 == 0 else range(len(columns) - 2, -1, -1)
        for i in order:
            known = {item: place - len(column) / 2 for column in columns for place, item in enumerate(column)}
            before = set(columns[i - 1 if turn % 2 == 0 else i + 1])
            columns[i].sort(key=lambda item: fmean([known[x] for x in beside[item] if x in before] or [known[item]]))
    return columns


def _way(columns: list[list[_Item]], of: Var, wrt: Var) -> list[_Item]:
    """The places of an edge, from column to column."""
    passed = [item for column in columns for item in column if isinstance(item, tuple) and item[:2] == (of, wrt)]
    return [wrt, *passed, of]


def _places(columns: list[list[_Item]], across: float, down: float) -> dict[_Item, np.ndarray]:
    """Where everything stands: columns ``across`` apart, their items ``down`` apart, around the middle."""
    layered: nx.Graph = nx.Graph()
    layered.add_nodes_from(item for column in columns for item in column)
    found = nx.multipartite_layout(layered, subset_key=dict(enumerate(columns)))
    left, right = (found[column[0]][0] for column in (columns[0], columns[-1]))
    unit = (right - left) / (len(columns) - 1)  # of columns and of rows alike
    middle = (left + right) / 2
    return {item: np.array([(x - middle) / unit * across, -y / unit * down, 0.0]) for item, (x, y) in found.items()}
