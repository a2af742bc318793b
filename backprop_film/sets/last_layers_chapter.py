"""`LastLayersChapter`: a chapter about the last layers of a network, its picture at the left, a board beside it.

As a chapter::

    class Sums(LastLayersChapter):
        def construct(self):
            self.lay_out()
            self.add(self.diagram.show(self.trace), self.cost, self.cost.targets)
            with self.say("One term for each output, and their sum.", key="sum"):
                for j, row in enumerate((table := self.cost_table()).rows):
                    self.cost_term(row, j)
                self.add_up(table)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from manim import DOWN, UP, Create, FadeIn, FadeOut, LaggedStart, Mobject, VGroup

from backprop_math import Activation, Cost, Example, Path, Quantity, Target, Trace, Weight, WeightedSum

from ..kit.addends import cost_terms, path_terms, weighted_terms
from ..kit.chapter import Chapter
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.neuron import Neuron
from ..kit.paths import EdgeLabel, Light, path_parts
from ..kit.product_table import ProductTable
from ..kit.sum_table import SumRow, SumTable
from ..kit.theme import theme
from ..kit.weight_matrix import WeightMatrix
from .collected_factors import collect_factors, shortened
from .factor_by_factor import misfit_factor_by_factor
from .last_layers_layout import LastLayersLayout

__all__ = ["LastLayersChapter", "digit_moves", "moves_from_neuron"]

#: The decimals of the calculated numbers on the board, where more are not needed to add up.
_DECIMALS = 3
_LABEL = 29.76
#: From the picture to the board, numbers come from below, where no row is yet.
_ARC = 0.9


def digit_moves(source: VGroup, number: VGroup) -> list[tuple[Mobject, Mobject]]:
    """Moves for `Compose`: a number goes, digit by digit, to where it stands with as many digits or more."""
    return list(zip(source, number, strict=False))


def moves_from_neuron(neuron: Neuron, number: VGroup) -> list[tuple[Mobject, Mobject]]:
    """`digit_moves` of a neuron's number, light on the dark ground on their way, whatever they are in the neuron."""
    assert neuron.number is not None
    bright = neuron.number.copy().set_fill(theme.ink, 1)
    return digit_moves(VGroup(*reversed(bright)), number)  # a readout's places are counted from the right


class LastLayersChapter(Chapter):
    """Tables for the board, and how they are filled: each number comes from where it is in the picture.

    ``diagram`` and ``cost`` are the picture; ``stage`` is what is lit and dimmed of it, the diagram at first, to which
    a chapter adds and from which it removes. Output ``j`` is in the last layer L, neuron ``k`` in the one before it.
    """

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """At least two layers; 2 to 4 neurons in the one before the last, 2 or 3 outputs, which do not mix."""
        sizes, name = example.network.layers, example.name
        if len(sizes) < 3:
            return f"this chapter needs at least 2 layers after the input, the example {name!r} has {len(sizes) - 1}"
        if not (2 <= sizes[-2] <= 4 and 2 <= sizes[-1] <= 3):
            return (
                "this chapter needs 2 to 4 neurons in the layer before the last and 2 or 3 in the last one, "
                f"the example {name!r} has {sizes[-2]} and {sizes[-1]}"
            )
        if reason := misfit_factor_by_factor(example):
            return reason
        if example.trace().graph.count_paths(Cost(), WeightedSum(example.network.L, 0)) != 1:
            return (
                f"this chapter needs outputs that each depend on one weighted sum, the example {name!r} has "
                f"{example.network.activation[-1].name}"
            )
        return None

    def lay_out(self) -> None:
        """The picture, not yet on the screen, and the board."""
        self.L = self.example.network.L
        self.place_of = LastLayersLayout(self.trace, self.notation)
        self.diagram, self.cost, self.board = self.place_of.diagram, self.place_of.cost, self.place_of.board
        self.stage: list[Mobject] = [self.diagram]

    def light(self, lit: Iterable[Mobject], plain: Iterable[Mobject] = ()) -> Light:
        """Of the stage, only this."""
        return Light(self.stage, lit, plain)

    def telling_neuron(self) -> tuple[int, bool]:
        """The neuron k whose paths to the cost differ in sign, and that they do; or else one that matters much."""
        found = []
        for k in range(self.example.network.layers[-2]):
            products = [path.value for path in self.trace.chain_rule(Activation(self.L - 1, k)).paths]
            found.append((min(products) < 0 < max(products), abs(sum(products))))
        mixed = [k for k, (differs, _) in enumerate(found) if differs]
        return (mixed[0], True) if mixed else (max(range(len(found)), key=lambda k: found[k][1]), False)

    # -- tables ---------------------------------------------------------------------------------------

    def cost_table(self) -> SumTable:
        """The cost as a sum over the outputs."""
        terms = cost_terms(self.trace, self.notation, _DECIMALS)
        total = (self.notation.symbol(Cost()), self.trace.cost)
        return self.place_of.on_board(SumTable(terms, total, font_size=44.16, stacked=True, **self._room))

    def weighted_table(self, j: int) -> SumTable:
        """An output's weighted sum."""
        z = WeightedSum(self.L, j)
        terms = weighted_terms(self.trace, self.notation, z)
        total = (self.notation.symbol(z), self.trace.value(z))
        return self.place_of.on_board(SumTable(terms, total, font_size=40.32, buff=0.8, **self._room))

    def path_table(self, k: int) -> SumTable:
        """The cost's derivative by a neuron before the last layer, as a sum over its paths."""
        a = Activation(self.L - 1, k)
        terms = path_terms(self.trace.chain_rule(a, notation=self.notation, decimals=_DECIMALS))
        total = (self.notation.derivative_symbol(Cost(), a), self.trace.derivative(a))
        return self.place_of.on_board(
            SumTable(terms, total, font_size=40.32, symbols_font_size=33.6, stacked=True, **self._room)
        )

    def product_table(self, j: int, k: int) -> ProductTable:
        """The cost's derivative by a weight of the last layer, factor by factor."""
        chain = self.trace.chain_rule(Weight(self.L, j, k), notation=self.notation, decimals=_DECIMALS)
        return self.place_of.on_board(ProductTable(chain, font_size=33.12, **self._room))

    @property
    def _room(self) -> dict[str, Any]:
        return {"width": self.board.width, "height": self.board.height}

    def matrix(self, trace: Trace | None = None) -> WeightMatrix:
        """The last layer's weights."""
        matrix = WeightMatrix(
            self.example.network,
            self.notation,
            self.L,
            trace=trace,
            font_size=49.92,
            h_buff=1.35,
            v_buff=1.1,
            width=self.board.width,
        )
        return matrix.move_to(self.board.center).set_y(-0.1)

    # -- how they are filled --------------------------------------------------------------------------

    def weights_into(self, matrix: WeightMatrix, *plain: Mobject) -> None:
        """Every weight of the last layer goes from its edge to its place."""
        moves = [(self.diagram.edge(self.L, j, k), matrix.entry(j, k)) for j, k in matrix.places]
        self.play(
            self.light(self.diagram.edges(self.L), plain),
            FadeIn(matrix.brackets, matrix.labels),
            LaggedStart(*(FadeIn(entry, target_position=edge, scale=0.3) for edge, entry in moves), lag_ratio=0.12),
            run_time=2.0,
        )
        self.settle(matrix)

    def cost_term(self, row: SumRow, j: int) -> None:
        """One output's row, from its neuron and its desired output."""
        neuron, target = self.diagram.neuron(self.L, j), self.cost.desired(j)
        self.play(self.light([neuron, self.cost.edge(j)], [target, self.cost.symbol]))
        moves = [
            *moves_from_neuron(neuron, row.numbers.quantity(Activation(self.L, j))),
            (target.formula.side(1), row.numbers.quantity(Target(j))),
        ]
        self.play(Compose(row, moves, path_arc=_ARC), run_time=1.2)

    def weighted_term(self, row: SumRow, j: int, k: int, *plain: Mobject) -> None:
        """One row of a weighted sum: the weight from its edge, the activation from its neuron."""
        w, edge, source = Weight(self.L, j, k), self.diagram.edge(self.L, j, k), self.diagram.neuron(self.L - 1, k)
        label = EdgeLabel(shortened(self.notation.number(w, self.trace)), edge, place=0.5, font_size=_LABEL)
        lit = [edge, self.diagram.neuron(self.L, j)]
        self.play(self.light(lit, [source, *plain]), FadeIn(label, scale=0.7), run_time=0.6)
        moves = [
            *digit_moves(label.formula, row.numbers.quantity(w)),
            *moves_from_neuron(source, row.numbers.quantity(Activation(self.L - 1, k))),
        ]
        self.play(Compose(row, moves, path_arc=_ARC), FadeOut(label, run_time=0.4))

    def add_up(self, table: SumTable) -> None:
        """The rule, and under it the sum, from the values above."""
        self.play(Create(table.rule), FadeIn(table.result.symbols), run_time=0.6)
        numbers = table.result.numbers
        if table.result.arithmetic is None:
            self.play(FadeIn(numbers, shift=0.25 * DOWN))
        else:
            *across, last = table.carried
            self.play(Compose(numbers, [last], veiled=across, run_time=1.4))
        self.settle(table)

    def three_factors(self, formula: Formula, path: Sequence[Quantity], table: ProductTable, j: int, k: int) -> None:
        """Along a weight's path: each factor in ``formula``, which has it for this ``path``, and its row; the product.

        The first number is the activation behind the weight; for the last one the desired output is shown, too. A
        sentence is read before each factor, and before the product.
        """
        parts = self.parts_of(self.trace.chain_rule(Weight(self.L, j, k)).paths[0])
        source, target = self.diagram.neuron(self.L - 1, k), self.cost.desired(j)
        steps = collect_factors(parts, table.values, self.cost)
        for step, (wrt, of), row in zip(steps, pairwise(path), table.rows, strict=True):
            self.read()
            first, last = row is table.rows[0], row is table.rows[-1]
            come = [] if first else [step.label, target] if last else [step.label]
            self.play(
                self.light(step.lit, [source] if first else []),
                step.light(),
                FadeIn(formula.factor(of, wrt), shift=0.2 * UP),
                *(FadeIn(part) for part in come),
            )
            moves = moves_from_neuron(source, row.side(2)) if first else digit_moves(step.label.formula, row.side(2))
            self.play(
                Compose(row, moves, path_arc=_ARC),
                *([] if first else [FadeOut(step.label, run_time=0.4)]),
            )
        self.read()
        self.play(Create(table.rule), run_time=0.6)
        *across, near = table.factors
        self.play(Compose(table.product, [near], veiled=across, run_time=1.4))
        self.settle(formula, table)

    def collect(self, table: SumTable, index: int, path: Path, *plain: Mobject) -> None:
        """The light goes along a path; each factor appears where it passes, then they go to the path's row."""
        row, stage, parts = table.row(index), [*self.stage, *table.rows[:index]], self.parts_of(path)
        steps = collect_factors(parts, row.factors, self.cost)
        self.play(Light(stage, parts[:1], plain), run_time=0.5)
        factors = [(factor.of, factor.wrt) for factor in path.factors]
        for step, factor in zip(steps, factors, strict=True):
            symbol = row.symbols.factor(*factor)
            self.play(Light(stage, step.lit, plain), step.light(), FadeIn(step.label), FadeIn(symbol))
        moves = [
            move
            for step, factor in zip(steps, factors, strict=True)
            for move in digit_moves(step.label.formula, row.numbers.factor(*factor))
        ]
        gone = VGroup(*(step.label for step in steps))
        self.play(Compose(row.numbers, moves, path_arc=_ARC, run_time=1.4), FadeOut(gone, run_time=0.4))
        self.settle(row)

    def parts_of(self, path: Path) -> list[Mobject]:
        """What of the picture a path goes through."""
        quantities = [path.factors[0].wrt, *(factor.of for factor in path.factors)]
        return path_parts(quantities, self.diagram, self.cost)
