"""The nodes of a formula that calculate: sums, products, fractions, powers, functions of arguments.

>>> from backprop_math.formula.tree import Number, Symbol
>>> print(Product((Number(2.0, 0), Sum((Symbol("a"), Negative(Symbol("y")))))))
2(a − y)
"""

# ruff: noqa: D102 (what a node overrides is described in Expression)

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from .printers import Mark, Printer
from .tree import Expression, Glyph, Number, Symbol, Term, closed, inside

__all__ = ["Absolute", "Apply", "Bracket", "Fraction", "Listing", "Negative", "Power", "Product", "Root", "Sum"]


@dataclass(frozen=True)
class Negative(Expression):
    """Minus ``body``."""

    body: Expression

    @property
    def leads_with_minus(self) -> bool:
        return True

    def shown_value(self) -> float:
        return -self.body.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.minus + closed(self.body, out, mark)


@dataclass(frozen=True)
class Sum(Expression):
    """Terms added up; a term that leads with a minus is printed with a minus between, so that the
    difference a − y is ``Sum((a, Negative(y)))``.
    """

    terms: tuple[Expression, ...]
    binding = "sum"

    @property
    def leads_with_minus(self) -> bool:
        return self.terms[0].leads_with_minus

    def shown_value(self) -> float:
        return math.fsum(term.shown_value() for term in self.terms)

    def _render(self, out: Printer, mark: Mark) -> str:
        parts = [self.terms[0]._print(out, mark)]
        for term in self.terms[1:]:
            body = _without_minus(term) if term.leads_with_minus else None
            if body is None:
                parts += [out.plus, closed(term, out, mark, sums=False)]
            else:
                parts += [out.between_minus, closed(body, out, mark)]
        return "".join(parts)


def _without_minus(node: Expression) -> Expression | None:
    """The node of which ``node``, which leads with a minus, is the negative; `None` if it can't be taken off."""
    if isinstance(node, Negative):
        return node.body
    if isinstance(node, Number):
        return replace(node, value=-node.value)
    if isinstance(node, Term):
        body = _without_minus(node.body)
        return body and replace(node, body=body)
    if isinstance(node, Product):
        first = _without_minus(node.factors[0])
        return first and replace(node, factors=(first, *node.factors[1:]))
    return None


@dataclass(frozen=True)
class Product(Expression):
    """Factors side by side; with dots between them where one that is not the first begins with a number, or where the
    first one is 1, which beside a letter would not be read as a factor; or if they are to be ``dotted``.
    """

    factors: tuple[Expression, ...]
    dotted: bool = False
    binding = "product"

    @property
    def leads_with_minus(self) -> bool:
        return self.factors[0].leads_with_minus and inside(self.factors[0]).binding != "sum"

    def shown_value(self) -> float:
        return math.prod(factor.shown_value() for factor in self.factors)

    def _render(self, out: Printer, mark: Mark) -> str:
        first = self.factors[0]
        printed = first._print(out, mark)
        if inside(first).binding == "sum":
            printed = out.brackets(printed)
        before = inside(first)
        dotted = (
            self.dotted
            or before == Number(1.0, 0)
            or any(isinstance(_lead(factor), Number) for factor in self.factors[1:])
        )
        for factor in self.factors[1:]:
            inner = inside(factor)
            right = closed(factor, out, mark)
            if isinstance(before, Fraction) and isinstance(inner, Fraction):
                between = out.dot if self.dotted else out.between_fractions
            else:
                beside = out.before_fraction if isinstance(inner, Fraction) else out.beside(printed, right)
                between = out.dot if dotted else beside
            printed += between + right
            before = inner
        return printed


def _lead(factor: Expression) -> Expression:
    """What a factor begins with."""
    inner = inside(factor)
    if isinstance(inner, Product):
        return inside(inner.factors[0])
    return inside(inner.base) if isinstance(inner, Power) else inner


@dataclass(frozen=True)
class Fraction(Expression):
    """A numerator over a denominator."""

    numerator: Expression
    denominator: Expression
    binding = "product"

    def shown_value(self) -> float:
        return self.numerator.shown_value() / self.denominator.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        if out.inline_fractions:
            return f"{closed(self.numerator, out, mark)}/{closed(self.denominator, out, mark, products=True)}"
        return out.fraction(self.numerator._print(out, mark), self.denominator._print(out, mark))


@dataclass(frozen=True)
class Power(Expression):
    """``base`` to the power ``exponent`` (a real exponent: a layer's number is part of a `Symbol`)."""

    base: Expression
    exponent: int | Expression

    def shown_value(self) -> float:
        raised = self.exponent.shown_value() if isinstance(self.exponent, Expression) else self.exponent
        try:
            return float(self.base.shown_value() ** raised)
        except OverflowError:
            raise ValueError(f"{self.text()!r} is larger than any float64") from None

    def _render(self, out: Printer, mark: Mark) -> str:
        inner = inside(self.base)
        base = self.base._print(out, mark)
        plain = isinstance(inner, Symbol | Number | Glyph | Bracket | Absolute) and inner.binding == "atom"
        plain = plain and not inner.leads_with_minus
        if isinstance(inner, Symbol) and inner.superscript:
            plain = False
        exponent = self.exponent._print(out, mark) if isinstance(self.exponent, Expression) else str(self.exponent)
        return out.power(base if plain else out.brackets(base), exponent)


@dataclass(frozen=True)
class Root(Expression):
    """The square root of ``body``, or with ``degree`` 3 its cube root."""

    body: Expression
    degree: Literal[2, 3] = 2

    def shown_value(self) -> float:
        return (math.sqrt if self.degree == 2 else math.cbrt)(self.body.shown_value())

    def _render(self, out: Printer, mark: Mark) -> str:
        body = self.body._print(out, mark)
        whole = isinstance(inside(self.body), Symbol | Number | Bracket | Absolute) and not self.body.leads_with_minus
        return out.root(body, body if whole else out.brackets(body), self.degree)


@dataclass(frozen=True)
class Absolute(Expression):
    """The absolute value of ``body``, between bars."""

    body: Expression

    def shown_value(self) -> float:
        return abs(self.body.shown_value())

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.bars(self.body._print(out, mark))


@dataclass(frozen=True)
class Bracket(Expression):
    """``body`` in round brackets, where a reader needs them and the rules would not place them."""

    body: Expression

    def shown_value(self) -> float:
        return self.body.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.brackets(self.body._print(out, mark))


@dataclass(frozen=True)
class Apply(Expression):
    """A function of an argument, ``σ(z)``; ``function`` calculates it, if the sign stands for one known.

    Where the argument is a `Listing`, the function is given its items.
    """

    sign: Expression
    argument: Expression
    function: Callable[..., float] | None = None

    def shown_value(self) -> float:
        if self.function is None:
            return super().shown_value()
        argument = inside(self.argument)
        items = argument.items if isinstance(argument, Listing) else (argument,)
        return float(self.function(*(item.shown_value() for item in items)))

    def _render(self, out: Printer, mark: Mark) -> str:
        return self.sign._print(out, mark) + out.brackets(self.argument._print(out, mark), call=True)


@dataclass(frozen=True)
class Listing(Expression):
    """Expressions separated by commas."""

    items: tuple[Expression, ...]

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.comma.join(item._print(out, mark) for item in self.items)
