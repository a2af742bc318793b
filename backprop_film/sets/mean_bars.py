"""`MeanBars`: the derivatives of some training examples laid end to end, and the part of the sum that is their mean.

In a scene::

    several = some_examples(example)
    bars = MeanBars(several, notation, Weight(2, 0, 0))
    self.play(*bars.bars.grow(0))
    self.play(*bars.share())
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Line, Transform, VGroup

from backprop_math import Activation, CostDerivatives, Example, Notation, Number, Relation, Target, Term, Var, Weight
from backprop_math.formula import decimals_for, fewest_decimals, inside, relation_sign
from backprop_math.functions import OutputActivation

from ..kit.contribution_bars import ContributionBars
from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.naming import Naming
from ..kit.theme import theme
from .question_chapter import instead

__all__ = ["MeanBars", "some_examples"]

_COUNT = 3
_PITCH = 2.9  # of the bars, which leaves room for what is given beside a drawing
_UP = 0.15 * UP  # more air above the caption


def some_examples(example: Example) -> Example:
    """An example with a few training examples, at most three: its own ones; or it and some of its data.

    Of the data these are the first ones that should give another answer than the one before. Where there is one alone,
    it is the example itself.

    >>> from backprop_math import load_example
    >>> some_examples(load_example("two_outputs")).targets.tolist()
    [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    """
    if 1 < len(example.inputs) <= _COUNT or (len(example.inputs) == 1 and example.data is None):
        return example
    if len(example.inputs) > 1:
        inputs, targets = example.inputs[:_COUNT], example.targets[:_COUNT]
        return replace(example, inputs=inputs, targets=targets, labels=(), input_measured=None, origin=None)
    given = [example.inputs[0]], [example.targets[0]]
    assert example.data is not None
    for x, y in zip(example.data.inputs, example.data.targets, strict=True):
        if len(given[0]) < _COUNT and not np.array_equal(y, given[1][-1]):
            given[0].append(x)
            given[1].append(y)
    inputs, targets = (np.array(rows) for rows in given)
    name = f"{example.name} and others"
    return replace(
        example, name=name, inputs=inputs, targets=targets, labels=(), input_measured=None, data=None, origin=None
    )


class MeanBars:
    """A bar for each training example's derivative by ``w``, each beginning where the one before ends, and the sum.

    ``columns`` say whose they are, ``costs`` what each costs, ``given`` what each derivative is calculated from;
    ``symbols`` and ``numbers`` are the lines of the mean. ``cuts`` divide the sum into equal parts; `share` leaves one
    of them, the mean, and writes its number, ``mean_label``.
    """

    def __init__(self, example: Example, notation: Notation, w: Weight) -> None:
        self.traces = [example.trace(i) for i in range(len(example.inputs))]
        derivatives, count = CostDerivatives(notation), len(self.traces)
        self.symbols = formula_line(derivatives.mean(w)).shift(_UP)
        relation = derivatives.mean_numbers(self.traces, w, 3)
        self.relation = relation
        self.numbers = formula_line(relation).shift(_UP)
        shown = {node.name: node.body for node in relation.walk() if isinstance(node, Term)}
        addends = [shown[f"C[{i}]"] for i in range(count)]
        numbers = [number for number in addends if isinstance(number, Number)]
        total = _added_up(numbers)
        self.bars = ContributionBars(
            _names(example),
            numbers,
            total,
            color=theme.colour(w),
            width=_PITCH * (count + 1),
            height=2.0,
            apart=True,
        )
        self.bars.move_to([0, 0.05, 0])
        self.costs, self.columns = self._costs(notation), VGroup()
        for i, (name, cost) in enumerate(zip(self.bars.names, self.costs, strict=False)):
            cost.next_to(name, DOWN, buff=0.4)
            bird = Naming(example).penguin(i, height=1.1)
            self.columns.add(VGroup(name, *([bird.next_to(name, UP, buff=0.15)] if bird else [])))
        self.given = self._given(notation, w)
        self.mean = self.bars.bars[-1].copy().set_fill(theme.highlight, 1)
        zero = self.bars.baseline.get_center()
        self.mean.stretch(1 / count, 1, about_point=zero)
        self.cuts = self._cuts(count)
        self.mean_label = Formula(self.mean_number, font_size=self.bars.numbers[-1].font_size, color=theme.highlight)
        self.mean_label.move_to(self.bars.numbers[-1])

    def _given(self, notation: Notation, w: Weight) -> VGroup:
        """What each derivative is calculated from, beside its example's drawing or above its name.

        Nothing where an output is not the function of one weighted sum, or where it has no room.
        """
        found, last = VGroup(), notation.network.L
        if isinstance(notation.network.activation[-1], OutputActivation):
            return found
        for trace, column, cost in zip(self.traces, self.columns, self.costs, strict=True):
            rows = VGroup()
            for q in (Activation(last - 1, w.k), Activation(last, w.j), Target(w.j)):
                value = trace.value(q)
                number = Number(value, decimals_for(value, 3, given=not isinstance(q, Activation)), q)
                if isinstance(q, Target):
                    number = replace(number, decimals=fewest_decimals(value, 0, 2))
                rows.add(Formula(Relation((notation.symbol(q), number), (relation_sign(number),)), font_size=28))
            rows.arrange(DOWN, buff=0.14, aligned_edge=LEFT)
            if rows.width > _PITCH - 0.9:
                return VGroup()
            name, *bird = column
            if bird:
                column.set_x(name.get_x() - 0.85)
                cost.set_x(name.get_x())
                rows.next_to(bird[0], RIGHT, buff=0.25)
            else:
                rows.next_to(name, UP, buff=0.15)
            found.add(rows)
        return found

    def _costs(self, notation: Notation) -> VGroup:
        """What each example costs, ``C_k ≈ …``."""
        costs = [(notation.symbol(t.cost_quantity), Number(t.cost, 3, t.cost_quantity)) for t in self.traces]
        return VGroup(*(Formula(Relation(cost, (relation_sign(cost[1]),)), font_size=34).fit(1.7) for cost in costs))

    @property
    def mean_number(self) -> Number:
        """The mean, as it is shown."""
        number = inside(self.relation.sides[-1])
        assert isinstance(number, Number)
        return number

    def share(self) -> list[Animation]:
        """The sum shrinks to the mean, and turns violet; its number and the cuts go."""
        number = instead([self.bars.numbers[-1], self.cuts], [self.mean_label])
        return [Transform(self.bars.bars[-1], self.mean), *number]

    def _cuts(self, count: int) -> VGroup:
        """Lines across the sum that cut it into equal parts."""
        whole, cuts = self.bars.bars[-1], VGroup()
        zero = self.bars.baseline.get_center()[1]
        end = (whole.get_bottom() if self.bars.down[-1] else whole.get_top())[1]
        for part in range(1, count):
            line = Line(whole.get_left(), whole.get_right(), stroke_width=3, color=theme.background)
            cuts.add(line.set_y(zero + (end - zero) * part / count))
        return cuts


def _added_up(numbers: Sequence[Number]) -> Number:
    """What is found by who adds up the numbers as they are shown; whoever watches learns of it."""
    first, *others = (Var(number.shown_value(), f"C_{k}") for k, number in enumerate(numbers))
    whole = sum(others, first)
    whole.graph()
    return Number(whole.value, max(number.decimals for number in numbers))


def _names(example: Example) -> list[str]:
    """What the training examples are: what they should give, where one output has it, else their places."""
    names, found = Naming(example), []
    for i, target in enumerate(example.targets):
        clear = example.output_names and len(target) > 1 and sorted(target)[-2:] == [0.0, 1.0]
        found.append(names.output(int(np.argmax(target))) if clear else names.label(i))
    return found
