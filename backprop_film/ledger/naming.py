"""Which expression has the value of a number that was shown.

First what the number says it is: its quantity, its factor. Then, among all values of the example, of its training
examples and of the variants that were calculated by then (the last first), what has this value; what is no such value
is the result of the arithmetic that stands beside it. A number without an expression is not verified.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from backprop_math import Example, TrainingRun, parse_quantity
from backprop_math.watch import Origin, Watched

from ..kit.shown_number import ShownNumber
from .formulas import named_in
from .variants import Variant
from .ways import counted_ways

__all__ = ["Namer"]

_EXAMPLES = 60  # training examples that are looked through, at most
_SUMS = 12  # variants of whose sums all parts are looked through
_VARIANTS = 400  # variants that are looked through for one number, at most
_WORK = 100_000_000  # weights of all variants together, at most


class Namer:
    """Names for the numbers of one chapter, whose ``example`` may be `None`: then there are none."""

    def __init__(self, example: Example | None, seen: Watched) -> None:
        self._origins, self._all_runs = tuple(seen.origins), tuple(seen.runs)
        self._runs = {id(run.example): run for run in seen.runs}
        self._variants: dict[Any, Variant] = {}
        self._values: dict[float, tuple[str, Example]] = {}
        self._work = 0
        self._formulas = named_in(seen.formulas)
        self._bases = [example] if example else []
        for other in chain(
            (origin.example for origin in self._origins), (run.example for run in self._all_runs), seen.examples
        ):
            if all(other is not base for base in self._bases):
                self._bases.append(other)

    def names(self, shown: Iterable[tuple[ShownNumber, int]]) -> dict[ShownNumber, tuple[str, Example | None]]:
        """For each number, with so many variants seen before it, the expression and the example that it is about.

        The expression is empty where none is found.
        """
        numbers: dict[ShownNumber, int] = {}
        for number, seen in shown:
            numbers.setdefault(number, seen)
        names: dict[ShownNumber, tuple[str, Example | None]] = {}
        if not self._bases:
            return dict.fromkeys(numbers, ("", None))
        for number, seen in numbers.items():
            if found := self._found(number, seen):
                names[number] = found
                self._values.setdefault(number.value, found)
        for number in numbers:  # whose arithmetic is with those
            names.setdefault(number, self._calculated(number) or self._claimed(number))
        return names

    def _claimed(self, number: ShownNumber) -> tuple[str, Example | None]:
        """The quantity that a number says it is of, and is not, as the check will find."""
        if number.quantity and _exists(number.quantity, self._bases[0]):
            return number.quantity, self._bases[0]
        if not number.value and re.fullmatch(r"\d+", number.text):
            return "0", self._bases[0]  # nothing has been counted yet
        return "", None

    def _found(self, number: ShownNumber, seen: int) -> tuple[str, Example] | None:
        known = self._values.get(number.value)
        if known and _fits(number, known[0]) == _best(number):
            return known
        best: tuple[int, str, Example] | None = None
        if found := self._as_said(number, seen):
            return found
        for look in (self._in_formulas, self._in_tables, self._in_counts, self._in_changes, self._in_ratios):
            for variant_name, example in look(number.value, seen):
                score = _fits(number, variant_name)
                if score == _best(number):
                    return variant_name, example
                if best is None or score > best[0]:
                    best = score, variant_name, example
            if best is not None and best[0] > 0:
                break
        return best[1:] if best else self._hidden(number, seen)

    def _hidden(self, number: ShownNumber, seen: int) -> tuple[str, Example] | None:
        """The sum of terms that are not shown: ``0.2134 (13 more)``."""
        found = re.search(r"\((\d[\d,]*) more\)", number.text)
        count = int(found[1].replace(",", "")) if found else None
        for variant in islice(chain(self._plain(), self._moved(seen)), _SUMS):
            for sign, form in ((1.0, "{}"), (-1.0, "-({})")):
                for name in variant.parts_of_sums(sign * number.value, count) if number.value else ():
                    return form.format(name), variant.base
        return None

    def _as_said(self, number: ShownNumber, seen: int) -> tuple[str, Example] | None:
        """What the number itself says that it is, if that is so in one of the variants."""
        if not number.quantity and not number.factor:
            return None
        for variant in chain(self._plain(), self._moved(seen)):
            try:
                for name, value in variant.said(number.quantity, number.factor):
                    if _same(value, number.value):
                        return variant.wrapped(name), variant.base
            except (ValueError, IndexError):  # of another network
                continue
        return None

    # -- where to look --------------------------------------------------------------------------------

    def _in_formulas(self, value: float, seen: int) -> Iterator[tuple[str, Example]]:
        """What a formula of its own has that value: no number of an example."""
        for sign, form in ((1.0, "{}"), (-1.0, "-({})")):
            for found, name in self._formulas:
                if _same(sign * found, value):
                    yield form.format(name()), self._bases[0]

    def _in_tables(self, value: float, seen: int) -> Iterator[tuple[str, Example]]:
        for variant in self._plain():
            yield from self._searched(variant, "table", value)
        yield from self._means(value)
        for variant in self._moved(seen):
            yield from self._searched(variant, "table", value)

    def _in_changes(self, value: float, seen: int) -> Iterator[tuple[str, Example]]:
        for variant in self._moved(seen):
            yield from self._searched(variant, "changes", value)

    def _in_ratios(self, value: float, seen: int) -> Iterator[tuple[str, Example]]:
        for variant in self._moved(seen):
            yield from self._searched(variant, "ratios", value)

    def _searched(self, variant: Variant, which: str, value: float) -> Iterator[tuple[str, Example]]:
        table = getattr(variant, which)
        if table is None:
            return
        wrapped: Callable[[str], str] = variant.wrapped if which == "table" else str
        for sign, form in ((1.0, "{}"), (-1.0, "-({})")):
            for name in table.find(sign * value):
                yield form.format(wrapped(name)), variant.base
            if not value:
                return

    def _plain(self) -> Iterator[Variant]:
        """The examples as they are, each with its training examples."""
        for base in self._bases:
            for i in range(min(len(base.inputs), _EXAMPLES)):
                key = (id(base), i)
                if key not in self._variants:
                    self._variants[key] = Variant(base, base, (("of", i),) if i else ())
                yield self._variants[key]

    def _moved(self, seen: int) -> Iterator[Variant]:
        """The variants that were calculated by then, the last first; then those that came later."""
        origins = [*reversed(self._origins[:seen]), *self._origins[seen:]]
        yield from islice(self._different(origins), _VARIANTS)

    def _different(self, origins: Sequence[Origin]) -> Iterator[Variant]:
        met = set()
        for origin in origins:
            key = (id(origin.example), origin.steps)
            if key in met:
                continue
            met.add(key)
            if key not in self._variants:
                if self._work > _WORK:
                    return
                self._variants[key] = Variant.of(origin, self._runs)
                self._work += sum(W.size for W in origin.example.network.W)
            yield self._variants[key]

    def _means(self, value: float) -> Iterator[tuple[str, Example]]:
        for base in self._bases:
            n = len(base.inputs)
            if not 1 < n <= _EXAMPLES:
                continue
            key = (id(base), "mean")
            if key not in self._variants:
                self._variants[key] = _Mean(base)  # type: ignore[assignment]
            table = self._variants[key].table
            yield from ((f"mean({name})", base) for name in table.find(value))
            yield from ((f"{n} * mean({name})", base) for name in table.find(value / n))

    def _in_counts(self, value: float, seen: int) -> Iterator[tuple[str, Example]]:
        for run in self._all_runs:
            yield from ((name, run.example) for name, found in _of_run(run) if _same(found, value))
        for base in self._bases:
            yield from ((name, base) for name, found in _counts(base) if _same(found, value))
        for origin in self._origins:
            for step in origin.steps:
                if step[0] == "after" and _same(step[1], value):
                    yield repr(step[1]), origin.example

    # -- arithmetic -----------------------------------------------------------------------------------

    def _calculated(self, number: ShownNumber) -> tuple[str, Example] | None:
        """The arithmetic beside it, with the names of the numbers in it."""
        if not number.arithmetic:
            return None
        try:
            tree = ast.parse(number.arithmetic, mode="eval")
        except (SyntaxError, ValueError, RecursionError):
            return None
        named = _Named(self._values)
        text = ast.unparse(named.visit(tree))
        if named.strange or not _same(_worth(number.arithmetic), number.value, 1e-6):
            return None
        return text, named.example or self._bases[0]


class _Mean:
    """The means over the training examples."""

    def __init__(self, base: Example) -> None:
        from .tables import Table, of_values

        traces = [list(of_values(base.trace(i))) for i in range(len(base.inputs))]
        parts = [(rows[0][0], sum(array for _, array in rows) / len(rows)) for rows in zip(*traces, strict=True)]
        self.table = Table.of(parts)


class _Named(ast.NodeTransformer):
    """Numbers in arithmetic become what they are the value of; whole ones may be constants of a formula."""

    def __init__(self, values: dict[float, tuple[str, Example]]) -> None:
        self.values, self.strange = values, False
        self.example: Example | None = None

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        value = float(node.value)  # type: ignore[arg-type]
        for sign in (1.0, -1.0):
            if known := self.values.get(sign * value):
                self.example = self.example or known[1]
                self.strange = self.strange or self.example is not known[1]
                name = ast.parse(known[0], mode="eval").body
                return name if sign > 0 else ast.UnaryOp(ast.USub(), name)
        self.strange = self.strange or not value.is_integer()
        return node


def _worth(arithmetic: str) -> float:
    """The value of what `kit.shown_number.arithmetic` wrote: numbers, brackets and operations."""
    try:
        return float(eval(arithmetic, {"__builtins__": {}}, {"abs": abs}))  # noqa: S307 (numbers and operators, our own)
    except ArithmeticError:
        return float("nan")


def _same(one: float, other: float, near: float = 1e-9) -> bool:
    return abs(one - other) <= near * abs(other)


def _best(number: ShownNumber) -> int:
    return 2 if number.factor else 1 if number.quantity else 0


def _fits(number: ShownNumber, name: str) -> int:
    """How well an expression suits what a number says that it is."""
    if number.factor:
        of, _, wrt = number.factor.partition("/")
        if f"d({of}, {wrt})" in name or (f"{of}" in name and f"{wrt}" in name):
            return 2
    return 1 if number.quantity and number.quantity in name else 0


def _exists(quantity: str, example: Example) -> bool:
    try:
        example.network.check(parse_quantity(quantity))
    except (ValueError, IndexError):
        return False
    return True


def _of_run(run: TrainingRun) -> Iterator[tuple[str, float]]:
    for step, found in enumerate(run.costs):
        yield f"trained({step}, {run.rate!r}, training_cost)", float(found)
    yield repr(float(run.rate)), run.rate
    yield str(len(run)), float(len(run))
    for step in (0, len(run)):
        if (right := run.right(step)) is not None:
            yield f"trained({step}, {run.rate!r}, right)", float(right)


def _counts(base: Example) -> Iterator[tuple[str, float]]:
    if base.input_measured is not None:
        for i, row in enumerate(base.input_measured[:_EXAMPLES]):
            for k, value in enumerate(row):
                yield f"of({i}, measured[{k}])" if i else f"measured[{k}]", float(value)
    yield from counted_ways(base.network.layers)
    yield "parameters", float(sum(W.size for W in base.network.W) + sum(b.size for b in base.network.b))
    sizes = [W.size + b.size for W, b in zip(base.network.W, base.network.b, strict=True)]
    for layer in range(1, len(sizes) + 1):
        rest = range(layer, len(sizes) + 1)
        yield " + ".join(f"entries({at})" for at in rest), float(sum(sizes[layer - 1 :]))
    yield "examples", float(len(base.inputs))
    yield "training_examples", float(len(base.training[0]))
