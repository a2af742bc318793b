"""`WeightMatrix`: a layer's weights, row j for what leads into neuron j, column k for what comes from neuron k;
and `NeuronIndices`, the numbers that the neurons have.

In a scene::

    matrix = WeightMatrix(network, notation, 2)                  # symbols; numbers with trace=…
    self.play(FadeIn(VGroup(diagram.scale(0.7), matrix).arrange(RIGHT, buff=0.8)[0]))
    self.play(Compose(matrix, [(diagram.edge(2, j, k), matrix.entry(j, k)) for j, k in matrix.places]))
    self.play(Light([matrix], matrix.row(1)))
"""

from __future__ import annotations

from itertools import product

from manim import LEFT, RIGHT, UP, VGroup

from backprop_math import Activation, Expression, Glyph, Network, Notation, Number, Relation, Symbol, Trace, Weight
from backprop_math.formula import in_one_form

from .formula import Formula
from .gradient_column import brackets
from .network_diagram import NetworkDiagram
from .paths import EdgeLabel, place_by_neuron
from .theme import MIN_FONT_SIZE, POINTS, theme

__all__ = ["NeuronIndices", "WeightMatrix", "index_label", "layer_index_labels"]


def index_label(letter: str, index: int, *, font_size: float = 30.72) -> Formula:
    """``k = 0``, small: which number an index has here."""
    return Formula(_index_equals(letter, index), font_size=font_size, color=theme.secondary, plain=True)


def layer_index_labels(neurons: VGroup, letter: str, *, font_size: float = 24.96) -> dict[Activation, EdgeLabel]:
    """``k = 0``, ``k = 1``, … for a layer, each above its neuron, or below it in the lower half."""
    found = {}
    for row, neuron in enumerate(neurons):
        label = EdgeLabel(_index_equals(letter, neuron.quantity.j), font_size=font_size, color=theme.secondary)
        found[neuron.quantity] = place_by_neuron(label, neuron, lower=row > (len(neurons) - 1) / 2)
    return found


def _index_equals(letter: str, index: int) -> Relation:
    return Relation((Symbol(letter), Number(float(index), 0)))


class NeuronIndices(VGroup):
    """The last two layers drawn, counted: ``k = 0``, … beside the neurons of L − 1 and ``j = 0``, … beside those of L.

    Their size goes with that of the neurons. Above each layer is its name, ``names[0]`` a_k and ``names[1]`` a_j;
    ``label(layer, j)`` is a neuron's number, ``layer(l)`` has all of a layer.

        indices = NeuronIndices(diagram, notation)
        self.play(FadeIn(diagram, indices.names, indices.layer(1), indices.layer(2)))
    """

    def __init__(self, diagram: NetworkDiagram, notation: Notation) -> None:
        last = diagram.network.L
        em = 0.39 * diagram.neuron(last, 0).circle.width
        self.names, self._labels = VGroup(), dict[Activation, EdgeLabel]()
        for layer, letter, name in ((last - 1, "k", Activation("L-1", "k")), (last, "j", Activation("L", "j"))):
            neurons = diagram.layer(layer)
            self._labels |= layer_index_labels(neurons, letter, font_size=em * POINTS)
            formula = Formula(notation.symbol(name), font_size=1.28 * em * POINTS)
            self.names.add(formula.next_to(self._labels[neurons[0].quantity], UP, buff=0.45 * em))
        super().__init__(self.names, *self._labels.values())

    def label(self, layer: int, j: int) -> EdgeLabel:
        """The number beside a neuron."""
        return self._labels[Activation(layer, j)]

    def layer(self, layer: int) -> VGroup:
        """The numbers beside a layer's neurons, from the top."""
        return VGroup(*(label for quantity, label in self._labels.items() if quantity.layer == layer))


class WeightMatrix(VGroup):
    """W of one layer, in symbols or (given a ``trace``) in numbers, with its indices beside rows and columns.

    ``entry(j, k)``, ``row(j)``, ``column(k)`` and the labels ``row_label(j)``, ``column_label(k)`` by their
    numbers; ``places`` are all pairs (j, k); ``brackets`` the rest. ``h_buff`` and ``v_buff`` are the least distances
    of columns and of rows, ``width`` and ``height`` the most that all of it takes. Of more than ``most`` rows or
    columns, or of more than have room, only the first ones and the last are shown, with ``dots`` between
    (`KeyError` for what is not).
    """

    def __init__(
        self,
        network: Network,
        notation: Notation,
        layer: int,
        *,
        trace: Trace | None = None,
        font_size: float = 40.32,
        h_buff: float = 1.15,
        v_buff: float = 0.85,
        width: float = 6.0,
        height: float = 4.8,
        most: int = 6,
    ) -> None:
        sizes = network.layers[layer], network.layers[layer - 1]
        rows, columns = (min(size, most) for size in sizes)
        while True:
            shown = _first_and_last(sizes[0], rows), _first_and_last(sizes[1], columns)
            super().__init__(*self._parts(notation, layer, trace, font_size, (h_buff, v_buff), shown))
            least = MIN_FONT_SIZE / min(label.font_size for label in self.labels)
            if self.width * least > width and columns > 2:
                columns -= 1
            elif self.height * least > height and rows > 2:
                rows -= 1
            else:
                break
        self.scale(min(1.0, max(min(width / self.width, height / self.height), least))).center()

    def _parts(
        self,
        notation: Notation,
        layer: int,
        trace: Trace | None,
        font_size: float,
        buffs: tuple[float, float],
        shown: tuple[list[int | None], list[int | None]],
    ) -> list[VGroup]:
        numbers = [[j for j in indices if j is not None] for indices in shown]
        self.places = [(j, k) for j in numbers[0] for k in numbers[1]]
        weights = {(j, k): Weight(layer, j, k) for j, k in self.places}
        if trace is None:
            written: dict[tuple[int, int], Expression] = {at: notation.symbol(q) for at, q in weights.items()}
        else:
            written = dict(zip(weights, _one_form([notation.number(q, trace) for q in weights.values()]), strict=True))
        self._entries = {at: Formula(expression, font_size=font_size) for at, expression in written.items()}
        across = max(buffs[0], 0.3 + max(entry.width for entry in self._entries.values()))
        at = [{index: row for row, index in enumerate(indices)} for indices in shown]
        for (j, k), entry in self._entries.items():
            entry.move_to([at[1][k] * across, 0, 0]).on_baseline(-at[0][j] * buffs[1])
        if trace is not None:
            for k in numbers[1]:
                right = max(self._entries[j, k].get_right()[0] for j in numbers[0])
                for j in numbers[0]:
                    self._entries[j, k].align_to([right, 0, 0], RIGHT)
        self.dots = VGroup()
        for row, column in product(*shown):
            if (row is None) != (column is None):
                x = at[1][None] * across if column is None else self._entries[numbers[0][0], column].get_x()
                y = -at[0][None] * buffs[1] if row is None else self._entries[row, numbers[1][0]].get_y()
                dots = Formula(Glyph("vdots" if row is None else "dots"), font_size=font_size)
                self.dots.add(dots.move_to([x, y, 0]))
        self.brackets = brackets(VGroup(*self._entries.values()))
        self._row_labels = {j: index_label("j", j) for j in numbers[0]}
        self._column_labels = {k: index_label("k", k) for k in numbers[1]}
        for j, label in self._row_labels.items():
            label.next_to(self.brackets, LEFT, buff=0.25).set_y(self._entries[j, 0].get_y())
        for k, label in self._column_labels.items():
            label.next_to(self.brackets, UP, buff=0.2).set_x(self.column(k).get_x())
        self.labels = VGroup(*self._row_labels.values(), *self._column_labels.values())
        return [self.brackets, *self._entries.values(), self.dots, self.labels]

    def entry(self, j: int, k: int) -> Formula:
        """The weight from neuron ``k`` to neuron ``j``."""
        return self._entries[j, k]

    def row(self, j: int) -> VGroup:
        """All weights into neuron ``j``."""
        return VGroup(*(entry for (row, _), entry in self._entries.items() if row == j))

    def column(self, k: int) -> VGroup:
        """All weights out of neuron ``k``."""
        return VGroup(*(entry for (_, column), entry in self._entries.items() if column == k))

    def row_label(self, j: int) -> Formula:
        """``j = …`` beside a row."""
        return self._row_labels[j]

    def column_label(self, k: int) -> Formula:
        """``k = …`` above a column."""
        return self._column_labels[k]


def _first_and_last(size: int, most: int) -> list[int | None]:
    """The indices shown; ``None`` are the dots."""
    if size <= most:
        return list(range(size))
    return [*range(most - 1), None, size - 1]


def _one_form(numbers: list[Number]) -> list[Number]:
    """As they are; where one has a power of ten, all have."""
    if any("e" in number.shown for number in numbers):
        return in_one_form([number.value for number in numbers], 2)
    return numbers
