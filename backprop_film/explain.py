"""A worked example in writing: every number of its forward pass, and its chain rules, factor by factor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backprop_math import (
    Activation,
    BackwardPass,
    Bias,
    ChainRule,
    Cost,
    Example,
    Expression,
    Notation,
    Quantity,
    Relation,
    Sum,
    Target,
    WeightedSum,
    parse_quantity,
)

from .errors import Problem

__all__ = ["FORMATS", "Section", "as_json", "as_markup", "explain", "parse"]

#: How an expression is written in each format.
FORMATS: dict[str, Callable[[Expression], str]] = {
    "text": lambda expression: expression.text(),
    "latex": lambda expression: expression.latex(),
    "typst": lambda expression: expression.typst(),
}
#: Networks with at most so many parameters have the chain rules of all of them written out.
_ALL = 12
#: A sum longer than this, in characters, is broken into its terms.
_WIDE = 90


@dataclass(frozen=True)
class Section:
    """A heading, and the relations below it; the sides of each are continued from line to line."""

    heading: str
    relations: tuple[Relation, ...]
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """A derivative that is asked for: of the cost, unless said otherwise."""

    wrt: Quantity
    of: Quantity | None = None


def parse(text: str) -> Asked:
    """``w[2][1,0]``, or ``z[3][0]/w[2][1,0]`` for the derivative of another quantity than the cost."""
    of, slash, wrt = text.partition("/")
    try:
        return Asked(parse_quantity(wrt), parse_quantity(of)) if slash else Asked(parse_quantity(text))
    except ValueError as error:
        raise Problem(str(error)) from None


def explain(example: Example, asked: Sequence[Asked] = (), number: int = 0, layers: Any = "relative") -> list[Section]:
    """The sections of the explanation: of the quantities asked for, or of the whole example."""
    if not 0 <= number < len(example.inputs):
        raise Problem(f"training example {number}: {example.name} has {len(example.inputs)}, counted from 0")
    trace, notation = example.trace(number), Notation(example.network, layers)
    try:
        return list(_asked(trace, notation, asked) if asked else _whole(trace, notation))
    except ValueError as error:  # a quantity that this network does not have
        raise Problem(str(error)) from None


def _whole(trace: BackwardPass, notation: Notation) -> Iterator[Section]:
    network = trace.network
    for layer in range(1, network.L + 1):
        neurons = range(network.layers[layer])
        quantities = [kind(layer, j) for j in neurons for kind in (WeightedSum, Activation)]
        yield Section(f"Forward, layer {layer}", tuple(_defined(q, trace, notation) for q in quantities))
    yield Section("The cost", (_defined(trace.cost_quantity, trace, notation),))
    parameters = list(network.parameters)
    if len(parameters) <= _ALL:
        for parameter in reversed(parameters):
            yield _chain_section(trace.chain_rule(parameter, notation=notation))
        return
    yield Section(
        "The gradient",
        tuple(trace.chain_rule(p, notation=notation).numbers for p in parameters if _short(p, network.L)),
        f"The other {sum(not _short(p, network.L) for p in parameters)} parameters have longer chains; "
        f"ask for one by its name, such as {parameters[0]}.",
    )


def _short(parameter: Quantity, last: int) -> bool:
    return getattr(parameter, "layer", None) == last


def _asked(trace: BackwardPass, notation: Notation, asked: Sequence[Asked]) -> Iterator[Section]:
    for one in asked:
        trace.network.check(one.wrt)
        if isinstance(one.wrt, Cost):
            yield Section(str(one.wrt), (_defined(trace.cost_quantity, trace, notation),))
            continue
        yield _chain_section(trace.chain_rule(one.wrt, one.of, notation=notation), value=True)


def _defined(quantity: Quantity, trace: BackwardPass, notation: Notation) -> Relation:
    """A definition in symbols, then in numbers: one relation of several sides."""
    symbols = notation.definition(quantity)
    return symbols.followed_by(notation.with_numbers(symbols, trace))


def _chain_section(chain: ChainRule, value: bool = False) -> Section:
    trace, notation = chain.trace, chain.notation
    relations = []
    if value:
        try:
            relations.append(_defined(chain.wrt, trace, notation))
        except ValueError:  # given, not calculated
            number = notation.number(chain.wrt, trace)
            relations.append(Relation((notation.symbol(chain.wrt), number), ("=" if number.exact else "≈",)))
    written = chain.symbols.followed_by(chain.formulas).followed_by(chain.numbers) if chain.count else chain.numbers
    kind = "bias" if isinstance(chain.wrt, Bias) else type(chain.wrt).__name__.lower()
    heading = f"{chain.wrt}" if value else f"Backward, {kind} {chain.wrt}"
    paths = f"a sum over {chain.count} paths" if chain.count > 1 else ""
    return Section(heading, (*relations, written), paths)


def as_markup(relation: Relation, form: str) -> list[str]:
    """A relation in lines: the first two sides, then each further side below the second one.

    A long sum, as over the paths of a chain rule, has a line for each of its terms.
    """
    write = FORMATS[form]
    if form != "text":
        return [write(relation)]
    left = write(relation.sides[0])
    broken = any(isinstance(side, Sum) and len(side.text()) > _WIDE for side in relation.sides)
    pieces: list[tuple[str, str]] = []
    for sign, side in zip(relation.signs, relation.sides[1:], strict=True):
        if broken and isinstance(side, Sum):
            signs = [sign, *["+"] * (len(side.terms) - 1)]
            pieces += [_signed(mark, term.text()) for mark, term in zip(signs, side.terms, strict=True)]
        else:
            pieces.append((sign, write(side)))
    margins = [left, *[" " * len(left)] * (len(pieces) - 1)]
    return [f"{margin} {sign} {text}" for margin, (sign, text) in zip(margins, pieces, strict=True)]


def _signed(sign: str, text: str) -> tuple[str, str]:
    """A term that begins with a minus is subtracted."""
    return ("−", text[1:].lstrip()) if sign == "+" and text.startswith("−") else (sign, text)


def as_json(example: Example, asked: Sequence[Asked], number: int) -> dict[str, Any]:
    """The example's values, and the derivatives of its cost (or those asked for), unrounded."""
    if not 0 <= number < len(example.inputs):
        raise Problem(f"training example {number}: {example.name} has {len(example.inputs)}, counted from 0")
    trace, network = example.trace(number), example.network
    neurons = [(layer, j) for layer, size in enumerate(network.layers) for j in range(size)]
    sums = [WeightedSum(layer, j) for layer, j in neurons if layer > 0]
    activations = [Activation(layer, j) for layer, j in neurons]
    targets = [Target(j) for j in range(network.layers[-1])]
    quantities = [*network.parameters, *sums, *activations, *targets, Cost()]
    wanted = asked or [Asked(parameter) for parameter in network.parameters]
    try:
        chains = [trace.chain_rule(one.wrt, one.of) for one in wanted]
        return {
            "example": example.name,
            "title": example.title,
            "layers": list(network.layers),
            "values": {str(q): trace.value(q) for q in quantities},
            "derivatives": [
                {
                    "of": str(chain.of),
                    "with_respect_to": str(chain.wrt),
                    "value": chain.value,
                    "paths": chain.count,
                    "text": str(chain),
                    "latex": chain.latex(),
                    "typst": chain.typst(),
                }
                for chain in chains
            ],
        }
    except ValueError as error:
        raise Problem(str(error)) from None
