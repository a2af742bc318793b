"""A formula as a tree, printed as Typst, LaTeX or plain text, and evaluated from the digits it shows.

One tree serves every use: `Symbol` leaves print a quantity's name; `substitute` puts `Number` leaves in
their place; `shown_value` calculates with the *rounded* digits that a reader sees, so that it can be
checked that shown arithmetic adds up. Brackets and multiplication dots are placed by the printers.

>>> from backprop_math.expression import Number, Product, Sum, Symbol
>>> z = Sum((Product((Symbol("w"), Symbol("a"))), Symbol("b")))
>>> z.text()
'w a + b'
>>> z.substitute(lambda symbol: Number({"w": 1.2, "a": 0.48, "b": -0.1}[symbol.letter], 2)).text()
'1.20 · 0.48 − 0.10'
"""

# ruff: noqa: D102 (what a node overrides is described in Expression)

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

from .printers import LATEX, TEXT, TYPST, Mark, Printer
from .quantities import Quantity

__all__ = [
    "Apply",
    "Bracket",
    "Cases",
    "Derivative",
    "Expression",
    "Fraction",
    "Glyph",
    "Listing",
    "Matrix",
    "Negative",
    "Number",
    "Partial",
    "Power",
    "Product",
    "Relation",
    "Root",
    "Sum",
    "Summation",
    "Symbol",
    "Term",
    "inside",
]


@dataclass(frozen=True)
class Expression:
    """A node of a formula. Subclasses are frozen; ``children`` are their expressions in reading order."""

    def typst(self, mark: Mark | None = None) -> str:
        """Typst math markup (what stands between dollar signs).

        ``mark(node, markup)`` is given each node with its markup, innermost first, and returns what to
        write instead; the kit uses it to find the glyphs of each node again.
        """
        return self._print(TYPST, mark or _plain)

    def latex(self) -> str:
        """LaTeX math markup, without dollar signs."""
        return self._print(LATEX, _plain)

    def text(self) -> str:
        """One line of Unicode, for a terminal."""
        return self._print(TEXT, _plain)

    def __str__(self) -> str:
        return self.text()

    @property
    def children(self) -> tuple[Expression, ...]:
        """The expressions that this one is made of."""
        found: list[Expression] = []
        for field in fields(self):
            value = getattr(self, field.name)
            items = value if isinstance(value, tuple) else (value,)
            for item in items:
                inner = item if isinstance(item, tuple) else (item,)
                found += [part for part in inner if isinstance(part, Expression)]
        return tuple(found)

    def walk(self) -> Iterator[Expression]:
        """The node and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()

    def map(self, change: Callable[[Expression], Expression | None]) -> Expression:
        """The same tree with each node for which ``change`` returns an expression replaced by it."""
        replaced = change(self)
        if replaced is not None:
            return replaced

        def mapped(value: object) -> object:
            if isinstance(value, Expression):
                return value.map(change)
            if isinstance(value, tuple):
                return tuple(mapped(item) for item in value)
            return value

        return replace(self, **{f.name: mapped(getattr(self, f.name)) for f in fields(self) if f.init})

    def substitute(self, value: Callable[[Symbol], Expression | None]) -> Expression:
        """The same tree with each `Symbol` for which ``value`` returns an expression replaced by it."""
        return self.map(lambda node: value(node) if isinstance(node, Symbol) else None)

    def shown_value(self) -> float:
        """What a reader with a calculator gets from the digits shown; `ValueError` where symbols remain."""
        raise ValueError(f"{self.text()!r} is not arithmetic")

    @property
    def leads_with_minus(self) -> bool:
        """Whether the printed form begins with a minus sign."""
        return False

    def _print(self, out: Printer, mark: Mark) -> str:
        return mark(self, self._render(out, mark))

    def _render(self, out: Printer, mark: Mark) -> str:
        raise NotImplementedError


def _plain(node: object, markup: str) -> str:
    return markup


def inside(node: Expression) -> Expression:
    """``node``, or what is in it where it is a `Term`."""
    while isinstance(node, Term):
        node = node.body
    return node


def _closed(node: Expression, out: Printer, mark: Mark, *, sums: bool = True, products: bool = False) -> str:
    """A factor, a term or a power's base: in brackets where it would be read wrongly without them."""
    inner = inside(node)
    needs = inner.leads_with_minus or (sums and isinstance(inner, Sum | Relation))
    needs = needs or (products and isinstance(inner, Product | Fraction))
    markup = node._print(out, mark)
    return out.brackets(markup) if needs else markup


@dataclass(frozen=True)
class Symbol(Expression):
    """A quantity's name: a letter with a bracketed superscript (its layer) and a subscript (its indices)."""

    letter: str
    superscript: str = ""
    subscript: str = ""
    quantity: Quantity | None = None

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.symbol(self.letter, self.superscript, self.subscript)


@dataclass(frozen=True)
class Number(Expression):
    """A value with the number of decimals that are shown. ``quantity`` is what it is the value of."""

    value: float
    decimals: int = 2
    quantity: Quantity | None = None

    @property
    def shown(self) -> str:
        """The digits shown, with a hyphen for minus; never a negative zero."""
        text = f"{self.value:.{self.decimals}f}"
        return text.lstrip("-") if float(text) == 0 else text

    @property
    def exact(self) -> bool:
        """Whether the shown digits are the whole value, to within float64 rounding of a calculation."""
        return math.isclose(self.value, float(self.shown), rel_tol=1e-12, abs_tol=1e-15)

    @property
    def leads_with_minus(self) -> bool:
        return self.shown.startswith("-")

    def shown_value(self) -> float:
        return float(self.shown)

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.number(self.shown)


@dataclass(frozen=True)
class Glyph(Expression):
    """A fixed sign that is no quantity, by its name in the printers: ``sigma``, ``partial``, ``dots``, ``e``…"""

    name: str

    def shown_value(self) -> float:
        constants = {"e": math.e, "half": 0.5}
        return constants[self.name] if self.name in constants else super().shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.glyph(self.name)


@dataclass(frozen=True)
class Term(Expression):
    """A named part of a formula: ``formula.term("dz_dw")`` finds it again, printed forms do not show it."""

    name: str
    body: Expression

    @property
    def leads_with_minus(self) -> bool:
        return self.body.leads_with_minus

    def shown_value(self) -> float:
        return self.body.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        return self.body._print(out, mark)


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
        return out.minus + _closed(self.body, out, mark)


@dataclass(frozen=True)
class Sum(Expression):
    """Terms added up; a term that leads with a minus is printed with a minus between, so that the
    difference a − y is ``Sum((a, Negative(y)))``.
    """

    terms: tuple[Expression, ...]

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
                parts += [out.plus, _closed(term, out, mark, sums=False)]
            else:
                parts += [out.between_minus, _closed(body, out, mark)]
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
    """Factors side by side, with a dot before each number that is not the first factor."""

    factors: tuple[Expression, ...]

    @property
    def leads_with_minus(self) -> bool:
        return self.factors[0].leads_with_minus and not isinstance(inside(self.factors[0]), Sum | Relation)

    def shown_value(self) -> float:
        return math.prod(factor.shown_value() for factor in self.factors)

    def _render(self, out: Printer, mark: Mark) -> str:
        first = self.factors[0]
        printed = first._print(out, mark)
        if isinstance(inside(first), Sum | Relation):
            printed = out.brackets(printed)
        before = inside(first)
        for factor in self.factors[1:]:
            inner = inside(factor)
            lead = inside(inner.factors[0]) if isinstance(inner, Product) else inner
            right = _closed(factor, out, mark)
            if isinstance(before, Fraction) and isinstance(inner, Fraction):
                between = out.between_fractions
            else:
                between = out.dot if isinstance(lead, Number) else out.beside(printed, right)
            printed += between + right
            before = inner
        return printed


@dataclass(frozen=True)
class Fraction(Expression):
    """A numerator over a denominator."""

    numerator: Expression
    denominator: Expression

    def shown_value(self) -> float:
        return self.numerator.shown_value() / self.denominator.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        if out.inline_fractions:
            return f"{_closed(self.numerator, out, mark)}/{_closed(self.denominator, out, mark, products=True)}"
        return out.fraction(self.numerator._print(out, mark), self.denominator._print(out, mark))


@dataclass(frozen=True)
class Power(Expression):
    """``base`` to the power ``exponent`` (a real exponent: a layer's number is part of a `Symbol`)."""

    base: Expression
    exponent: int | Expression

    def shown_value(self) -> float:
        raised = self.exponent.shown_value() if isinstance(self.exponent, Expression) else self.exponent
        return float(self.base.shown_value() ** raised)

    def _render(self, out: Printer, mark: Mark) -> str:
        inner = inside(self.base)
        base = self.base._print(out, mark)
        plain = isinstance(inner, Symbol | Number | Glyph | Bracket) and not inner.leads_with_minus
        if isinstance(inner, Symbol) and inner.superscript:
            plain = False
        exponent = self.exponent._print(out, mark) if isinstance(self.exponent, Expression) else str(self.exponent)
        return out.power(base if plain else out.brackets(base), exponent)


@dataclass(frozen=True)
class Root(Expression):
    """The square root of ``body``."""

    body: Expression

    def shown_value(self) -> float:
        return math.sqrt(self.body.shown_value())

    def _render(self, out: Printer, mark: Mark) -> str:
        body = self.body._print(out, mark)
        whole = isinstance(inside(self.body), Symbol | Number | Bracket) and not self.body.leads_with_minus
        return out.root(body, body if whole else out.brackets(body))


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
    """A function of an argument, ``σ(z)``; ``function`` calculates it, if the sign stands for one known."""

    sign: Expression
    argument: Expression
    function: Callable[[float], float] | None = None

    def shown_value(self) -> float:
        if self.function is None:
            return super().shown_value()
        return float(self.function(self.argument.shown_value()))

    def _render(self, out: Printer, mark: Mark) -> str:
        return self.sign._print(out, mark) + out.brackets(self.argument._print(out, mark), call=True)


@dataclass(frozen=True)
class Listing(Expression):
    """Expressions separated by commas."""

    items: tuple[Expression, ...]

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.comma.join(item._print(out, mark) for item in self.items)


@dataclass(frozen=True)
class Partial(Expression):
    """``∂`` before a quantity's symbol: the size of a nudge to it."""

    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.partial(self.body._print(out, mark))


def Derivative(of: Expression, wrt: Expression) -> Fraction:
    """The partial derivative ∂of/∂wrt."""
    return Fraction(Partial(of), Partial(wrt))


@dataclass(frozen=True)
class Summation(Expression):
    """``Σ`` over an index, from ``lower`` to ``upper``, which may be a formula, as n_L − 1 is."""

    index: str
    lower: str
    upper: str | Expression
    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        upper = self.upper._print(out, mark) if isinstance(self.upper, Expression) else self.upper
        return out.summation(self.index, self.lower, upper, _closed(self.body, out, mark))


@dataclass(frozen=True)
class Cases(Expression):
    """A value with a condition in each row; the last row's value holds in every other case."""

    rows: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        rows = [(value._print(out, mark), condition._print(out, mark)) for value, condition in self.rows]
        return out.cases(rows, self.otherwise._print(out, mark))


@dataclass(frozen=True)
class Matrix(Expression):
    """Rows of entries in square brackets; a column has rows of one entry."""

    rows: tuple[tuple[Expression, ...], ...]

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.matrix([[entry._print(out, mark) for entry in row] for row in self.rows])


@dataclass(frozen=True)
class Relation(Expression):
    """Sides joined by ``=`` or ``≈``; ``signs`` has one entry fewer than ``sides``.

    Left to themselves (``signs=()``), a side that is a rounded `Number` is joined by ``≈``, any other by ``=``.
    """

    sides: tuple[Expression, ...]
    signs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.signs:
            signs = tuple("=" if _is_exact(side) else "≈" for side in self.sides[1:])
            object.__setattr__(self, "signs", signs)

    def adds_up(self) -> bool:
        """Whether each side that is arithmetic gives, from its shown digits, the shown digits of the last.

        A result that lies halfway between two roundings adds up to neither: readers round it differently.
        """
        last = inside(self.sides[-1])
        if not isinstance(last, Number):
            return True
        # One unit of the last digit shown, and a little room for float64 against a pocket calculator.
        nearest = 0.5 * 10.0**-last.decimals * (1 - 1e-6)
        for side in self.sides[:-1]:
            try:
                value = side.shown_value()
            except ValueError:
                continue
            if abs(value - last.shown_value()) >= nearest:
                return False
        return True

    def _render(self, out: Printer, mark: Mark) -> str:
        parts = [self.sides[0]._print(out, mark)]
        for sign, side in zip(self.signs, self.sides[1:], strict=True):
            parts += [out.relation(sign), side._print(out, mark)]
        return "".join(parts)


def _is_exact(side: Expression) -> bool:
    inner = inside(side)
    return not isinstance(inner, Number) or inner.exact
