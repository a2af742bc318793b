"""The variants of examples that a film has calculated with: one parameter set, a step made, a training run.

>>> from backprop_math import load_example
>>> from backprop_math.watch import watched
>>> with watched() as seen:
...     _ = load_example("simplest").with_values({"w[3][0,0]": 1.9})
>>> variant = Variant.of(seen.origins[0], {})
>>> variant.wrapped("C"), round(variant.trace.cost, 4)
('at({w[3][0,0]: 1.9}, C)', 0.1098)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from backprop_math import (
    Activation,
    ActivationFunction,
    BackwardPass,
    Bias,
    Cost,
    Descent,
    Example,
    Network,
    Quantity,
    TrainingRun,
    Weight,
    WeightedSum,
    parse_quantity,
)
from backprop_math.watch import Origin

from .tables import Part, Table, of_values, rows_of_terms, shifted_name

__all__ = ["Variant"]

#: Parts of a ratio of two changes that float64 may be off, as near values are subtracted.
_CANCELLED = 1e-7
#: Parts of the largest term that a sum of terms may be off.
_NEAR = 1e-13
#: Of more values than this, products and ratios of all pairs are not looked through.
_PAIRS = 120
#: Terms from which parts of a sum are looked through together.
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Variant:
    """An ``example`` as it was calculated with, its training example ``i``, and how an expression says so.

    ``base`` is the example that it is a variant of, ``shift`` the layers that it has left out.
    """

    base: Example
    example: Example
    steps: tuple[tuple[Any, ...], ...] = ()
    shift: int = 0

    @classmethod
    def of(cls, origin: Origin, runs: Mapping[int, TrainingRun]) -> Variant:
        """What an origin says; ``runs`` are training runs by the `id` of their example."""
        example, shift, i, steps = origin.example, 0, 0, []
        for step in origin.steps:
            if step[0] == "at":
                example = example.with_values(dict(step[1]), i)
                step = ("at", tuple((shifted_name(quantity, shift), value) for quantity, value in step[1]))
            elif step[0] == "after":
                example = Descent(example, step[1]).at(1.0)
            elif step[0] == "trained":
                example = runs[id(origin.example)].trace_example(step[1])
            elif step[0] == "tail":
                example, shift = tail(example, step[1]), step[1]
                continue
            else:
                i = step[1]
            steps.append(step)
        return cls(origin.example, example, tuple(steps), shift)

    @cached_property
    def trace(self) -> BackwardPass:
        """Everything calculated for it."""
        return self.example.trace(self.i)

    @property
    def i(self) -> int:
        """The place of its training example."""
        return next((step[1] for step in reversed(self.steps) if step[0] == "of"), 0)

    def wrapped(self, expression: str) -> str:
        """The expression, said of this variant."""
        for step in reversed(self.steps):
            if step[0] == "at":
                changes = ", ".join(f"{quantity}: {value!r}" for quantity, value in step[1])
                expression = f"at({{{changes}}}, {expression})"
            else:
                expression = f"{step[0]}({', '.join([*map(repr, step[1:]), expression])})"
        return expression

    def said(self, quantity: str, factor: str) -> Iterator[tuple[str, float]]:
        """What a number of this quantity, or of this factor, may be: the expressions and their values."""
        if quantity and not self.shift:
            yield quantity, self.trace.value(quantity)
            yield f"d(C, {quantity})", 1.0 if quantity == "C" else self.trace.derivative(quantity)
        of, _, wrt = factor.partition("/")
        if factor and not self.shift and (value := self._local(parse_quantity(of), parse_quantity(wrt))) is not None:
            yield f"d({of}, {wrt})", value

    def _local(self, of: Quantity, wrt: Quantity) -> float | None:
        """The derivative of what is calculated directly from another quantity."""
        network, trace = self.example.network, self.trace
        match of, wrt:
            case Cost(), _:
                return trace.derivative(wrt)
            case WeightedSum(l, j), Weight(m, i, k) if (l, j) == (m, i):
                return trace.value(Activation(int(l) - 1, k))
            case WeightedSum(l, j), Activation(m, k) if m == int(l) - 1:
                return trace.value(Weight(l, j, k))
            case WeightedSum(l, j), Bias(m, i) if (l, j) == (m, i):
                return 1.0
            case Activation(l, j), WeightedSum(m, i) if l == m:
                function = network.activation[int(l) - 1]
                if isinstance(function, ActivationFunction):
                    return float(function.df(trace.forward.z[int(l)][int(j)])) if j == i else 0.0
                return float(function.jacobian(trace.forward.a[int(l)])[int(j), int(i)])
        return None

    @cached_property
    def table(self) -> Table:
        """Its values."""
        return Table.of_trace(self.trace, self.shift)

    @cached_property
    def changes(self) -> Table:
        """What has changed against the example as it is."""
        found = []
        for (name, after), (_, before) in zip(
            of_values(self.trace, self.shift), of_values(self._before, self.shift), strict=True
        ):
            found.append((self._difference(name), after - before))
        return Table.of(found)

    def _difference(self, name: Any) -> Any:
        return lambda place: f"{self.wrapped(name(place))} - {_closed(name(place))}"

    @cached_property
    def _before(self) -> BackwardPass:
        base = tail(self.base, self.shift) if self.shift else self.base
        return base.trace(self.i)

    def parts_of_sums(self, value: float, count: int | None) -> Iterator[str]:
        """Which neighbouring terms of a sum, ``count`` of them, come to this; or the changes of which."""
        before = dict(rows_of_terms(self._before)) if self.steps else {}
        for name, row in rows_of_terms(self.trace):
            for terms, change in ((row, False), *([(row - before[name], True)] if before else ())):
                sums = np.cumsum([0.0, *terms])
                near = _NEAR * (abs(value) + float(np.abs(terms).max(initial=0.0)))
                for first, end in _spans(sums, value, near, count):
                    part = f"terms({shifted_sum(name, self.shift)}, {first}, {end})"
                    yield f"{self.wrapped(part)} - {part}" if change else self.wrapped(part)

    @cached_property
    def ratios(self) -> Table | None:
        """Changes for each unit of another change, and what a derivative predicts; of a small network.

        Of a step of gradient descent, the changes as they are made.
        """
        if len(self.steps) == 1 and self.steps[0][0] == "after":
            return self._step(self.steps[0][1])
        set_to = [step for step in self.steps if step[0] == "at"]
        if len(set_to) != 1 or len(set_to[0][1]) != 1 or self.shift:
            return None
        quantity, value = set_to[0][1][0]
        by = f"({value!r} - {quantity})"
        moved = value - self._before.value(quantity)
        names, after, before = [quantity], [value], [self._before.value(quantity)]
        for name, (late, early) in _small(self.trace, self._before):
            names.append(name)
            after.append(late)
            before.append(early)
        if len(names) > _PAIRS or not moved:
            return None
        change = np.array(after) - np.array(before)
        with np.errstate(all="ignore"):
            ratio = np.nan_to_num(change[:, None] / change[None, :], posinf=np.nan, neginf=np.nan, nan=np.nan)

        def delta(at: int) -> str:
            return by if at == 0 else f"({self.wrapped(names[at])} - {_closed(names[at])})"

        slope = self._before.derivative(quantity)
        places = range(20)
        # How far the ratio is from the derivative, and what happens from what was predicted, both as they are shown.
        off = [
            [abs(round(float(one), n) - round(float(other), n)) for n in places]
            for one, other in ((ratio[1, 0], slope), (slope * moved, change[1]))
        ]
        asked = [(f"{delta(1)} / {by}", f"d(C, {quantity})"), (f"{by} * d(C, {quantity})", delta(1))]
        return Table.of(
            [
                (lambda place: f"{delta(place[0])} / {delta(place[1])}", ratio),
                (lambda place: f"{by} * d(C, {quantity})", np.array([slope * moved])),
                (
                    lambda place: "abs({} - {})".format(*(f"round({one}, {place[1]})" for one in asked[place[0]])),
                    np.array(off),
                ),
                (lambda place: by, np.array([moved])),
                *self._own(by, moved),
            ],
            near=_CANCELLED,
        )

    def _step(self, rate: float) -> Table:
        def scaled(name: Any) -> Any:
            return lambda place: f"{rate!r} * {name(place)}"

        derivatives = [
            (scaled(name), rate * values)
            for name, values in of_values(self._before)
            if values.size and name((0,) * values.ndim).startswith("d(C, ")
        ]
        return Table.of(derivatives)

    def _own(self, by: str, moved: float) -> Iterator[Part]:
        """What a nudge as large does to what comes next where it is given to a neuron itself, and the ratio of both."""
        with np.errstate(all="ignore"):
            yield from self._own_changes(by, moved)

    def _own_changes(self, by: str, moved: float) -> Iterator[Part]:
        L, network, before = self.base.network.L, self.base.network, self._before
        for layer in range(1, L + 1):
            function = network.activation[layer - 1]
            if isinstance(function, ActivationFunction):
                z = before.forward.z[layer]
                change = function.f(z + moved) - function.f(z)
                yield from _passed(f"z[{layer}]", f"a[{layer}]", by, change, moved)
        a = before.forward.a[L]
        ends = [a + moved * (np.arange(len(a)) == j) for j in range(len(a))]
        change = np.array([float(network.cost.value(end, before.y) - network.cost.value(a, before.y)) for end in ends])
        yield from _passed(f"a[{L}]", "C", by, change, moved)


def _spans(sums: np.ndarray, value: float, near: float, count: int | None) -> Iterator[tuple[int, int]]:
    """From which to which of these running sums the difference is the value: ``count`` terms apart, or two or more."""
    if count:
        for first in np.flatnonzero(np.abs(sums[count:] - sums[:-count] - value) <= near).tolist():
            yield first, first + count
        return
    for start in range(0, len(sums) - 2, _AT_ONCE):
        apart = sums[start + 2 :] - sums[start : start + _AT_ONCE, None]
        for first, end in np.argwhere(np.triu(np.abs(apart - value) <= near)).tolist():
            yield start + first, start + 2 + end


def _passed(start: str, end: str, by: str, change: np.ndarray, moved: float) -> Iterator[Part]:
    def name(place: tuple[int, ...]) -> str:
        wrt, of = f"{start}[{place[0]}]", end if end == "C" else f"{end}[{place[0]}]"
        return f"(at({{{wrt}: {wrt} + {by}}}, {of}) - {of})"

    yield name, change
    yield lambda place: f"{name(place)} / {by}", change / moved


def _small(after: BackwardPass, before: BackwardPass) -> list[tuple[str, tuple[float, float]]]:
    found = [("C", (after.cost, before.cost))]
    for letter, late, early in (("z", after.forward.z, before.forward.z), ("a", after.forward.a, before.forward.a)):
        for (layer, values), (_, others) in zip(late.items(), early.items(), strict=True):
            if values.size > _PAIRS:
                return [("", (0.0, 0.0))] * (_PAIRS + 1)
            found += [(f"{letter}[{layer}][{j}]", (values[j], others[j])) for j in range(len(values))]
    return found


def _closed(name: str) -> str:
    return f"({name})" if " " in name and not name.startswith("d(") else name


def shifted_sum(name: str, by: int) -> str:
    """``C``, ``z[1][0]`` or ``d(C, a[1][0])`` so many layers further on."""
    if name.startswith("d(C, "):
        return f"d(C, {shifted_name(name[5:-1], by)})"
    return shifted_name(name, by)


def tail(example: Example, layer: int) -> Example:
    """The layers behind this one alone, for the first training example."""
    network, trace = example.network, example.trace()
    rest = range(layer, network.L)
    alone = Network.from_arrays(
        [network.W[at + 1] for at in rest],
        [network.b[at + 1] for at in rest],
        activation=[network.activation[at] for at in rest],
        cost=network.cost,
    )
    inputs = trace.forward.a[layer][None, :]
    return Example(example.name, example.title, alone, inputs, example.targets[:1])
