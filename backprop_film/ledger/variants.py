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

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from backprop_math import Activation, BackwardPass, Descent, Example, Network, TrainingRun
from backprop_math.watch import Origin

from .tables import Table, of_values, shifted_name

__all__ = ["Variant"]

#: Of more values than this, products and ratios of all pairs are not looked through.
_PAIRS = 120


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
        example, shift, steps = origin.example, 0, []
        for step in origin.steps:
            if step[0] == "at":
                example = example.with_values(dict(step[1]))
                step = ("at", tuple((shifted_name(quantity, shift), value) for quantity, value in step[1]))
            elif step[0] == "after":
                example = Descent(example, step[1]).at(1.0)
            elif step[0] == "trained":
                example = runs[id(origin.example)].trace_example(step[1])
            elif step[0] == "tail":
                example, shift = tail(example, step[1]), step[1]
                continue
            else:
                continue
            steps.append(step)
        return cls(origin.example, example, tuple(steps), shift)

    @cached_property
    def trace(self) -> BackwardPass:
        """Everything calculated for it."""
        return self.example.trace(self.i)

    @property
    def i(self) -> int:
        """The place of its training example."""
        return next((step[1] for step in self.steps if step[0] == "of"), 0)

    def wrapped(self, expression: str) -> str:
        """The expression, said of this variant."""
        for step in reversed(self.steps):
            if step[0] == "at":
                changes = ", ".join(f"{quantity}: {value!r}" for quantity, value in step[1])
                expression = f"at({{{changes}}}, {expression})"
            else:
                expression = f"{step[0]}({', '.join([*map(repr, step[1:]), expression])})"
        return expression

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

    @cached_property
    def ratios(self) -> Table | None:
        """Changes for each unit of another change, and what a derivative foretells; of a small network."""
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
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.nan_to_num(change[:, None] / change[None, :], posinf=0.0, neginf=0.0)

        def delta(at: int) -> str:
            return by if at == 0 else f"({self.wrapped(names[at])} - {_closed(names[at])})"

        slope = self._before.derivative(quantity)
        places = range(2, 10)
        # How far the ratio is from the derivative, both as they are shown.
        off = [abs(round(float(ratio[1, 0]), n) - round(slope, n)) for n in places]
        return Table.of(
            [
                (lambda place: f"{delta(place[0])} / {delta(place[1])}", ratio),
                (lambda place: f"{by} * d(C, {quantity})", np.array([slope * moved])),
                (
                    lambda place: (
                        f"abs(round({delta(1)} / {by}, {places[place[0]]}) - "
                        f"round(d(C, {quantity}), {places[place[0]]}))"
                    ),
                    np.array(off),
                ),
                (lambda place: by, np.array([moved])),
            ]
        )


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
    inputs = np.array([[trace.value(Activation(layer, j)) for j in range(network.layers[layer])]])
    return Example(example.name, example.title, alone, inputs, example.targets[:1])
