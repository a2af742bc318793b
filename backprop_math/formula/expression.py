"""A formula as a tree, printed as Typst, LaTeX or plain text, and evaluated from the digits it shows.

One tree serves every use: `Symbol` leaves print a quantity's name; `substitute` puts `Number` leaves in
their place; `shown_value` calculates with the *rounded* digits that a reader sees, so that it can be
checked that shown arithmetic adds up. Brackets and multiplication dots are placed by the printers.

>>> from backprop_math.formula import Number, Product, Sum, Symbol
>>> z = Sum((Product((Symbol("w"), Symbol("a"))), Symbol("b")))
>>> z.text()
'w a + b'
>>> z.substitute(lambda symbol: Number({"w": 1.2, "a": 0.48, "b": -0.1}[symbol.letter], 2)).text()
'1.20 · 0.48 − 0.10'
"""

from __future__ import annotations

from dataclasses import dataclass

from .arithmetic import Absolute, Apply, Bracket, Fraction, Listing, Negative, Power, Product, Root, Sum
from .printers import Mark, Printer
from .tree import Expression, Glyph, Named, Number, Symbol, Term, closed, factor_name, inside

__all__ = [
    "Absolute",
    "Apply",
    "Bracket",
    "Cases",
    "Change",
    "Derivative",
    "DifferenceQuotient",
    "Differential",
    "Expression",
    "Fraction",
    "Glyph",
    "Hadamard",
    "Listing",
    "MatrixExpression",
    "Named",
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
    "Transposed",
    "factor_name",
    "inside",
]


@dataclass(frozen=True)
class Partial(Expression):
    """``∂`` before a quantity's symbol: a nudge to it that has shrunk to nothing."""

    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.before("partial", self.body._print(out, mark))


@dataclass(frozen=True)
class Change(Expression):
    """``Δ`` before a quantity's symbol: how much it changes, a finite amount."""

    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.before("Delta", self.body._print(out, mark))


@dataclass(frozen=True)
class Differential(Expression):
    """``d`` before a quantity's symbol: as ``∂``, where only one input is there to be nudged.

    >>> print(Fraction(Differential(Symbol("y")), Differential(Symbol("x"))))
    dy/dx
    """

    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.before("differential", self.body._print(out, mark))


def Derivative(of: Expression, wrt: Expression) -> Fraction:
    """The partial derivative ∂of/∂wrt."""
    return Fraction(Partial(of), Partial(wrt))


def DifferenceQuotient(of: Expression, wrt: Expression) -> Fraction:
    """The ratio of two finite changes, Δof/Δwrt, which becomes ∂of/∂wrt as they shrink.

    >>> print(DifferenceQuotient(Symbol("y"), Symbol("x")))
    Δy/Δx
    """
    return Fraction(Change(of), Change(wrt))


@dataclass(frozen=True)
class Summation(Expression):
    """``Σ`` over an index, from ``lower`` to ``upper``, which may be a formula, as n_L − 1 is."""

    index: str
    lower: str
    upper: str | Expression
    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        upper = self.upper._print(out, mark) if isinstance(self.upper, Expression) else self.upper
        return out.summation(self.index, self.lower, upper, closed(self.body, out, mark))


@dataclass(frozen=True)
class Cases(Expression):
    """A value with a condition in each row; the last row's value holds in every other case."""

    rows: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression

    def shown_value(self) -> float:
        """The value of the first row whose condition, an inequality ``>``, holds for the digits shown."""
        for value, condition in self.rows:
            if not isinstance(condition, Relation) or condition.signs != (">",):
                return super().shown_value()
            left, right = (side.shown_value() for side in condition.sides)
            if left > right:
                return value.shown_value()
        return self.otherwise.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        rows = [(value._print(out, mark), condition._print(out, mark)) for value, condition in self.rows]
        return out.cases(rows, self.otherwise._print(out, mark))


@dataclass(frozen=True)
class Transposed(Expression):
    """A matrix or a column with rows and columns exchanged."""

    body: Expression

    def _render(self, out: Printer, mark: Mark) -> str:
        inner, body = inside(self.body), self.body._print(out, mark)
        plain = isinstance(inner, MatrixExpression | Bracket) or (isinstance(inner, Symbol) and not inner.superscript)
        return out.transposed(body if plain else out.brackets(body))


@dataclass(frozen=True)
class Hadamard(Expression):
    """The product entry by entry, ``⊙``."""

    factors: tuple[Expression, ...]
    binding = "product"

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.hadamard.join(closed(factor, out, mark) for factor in self.factors)


@dataclass(frozen=True)
class MatrixExpression(Expression):
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
    binding = "sum"

    def __post_init__(self) -> None:
        if not self.signs:
            signs = tuple("=" if _is_exact(side) else "≈" for side in self.sides[1:])
            object.__setattr__(self, "signs", signs)

    def followed_by(self, other: Relation) -> Relation:
        """The relation, and then what ``other`` says of the same left side: ``z = w a ≈ 0.9 · 0.5 ≈ 0.4``."""
        return Relation((*self.sides, *other.sides[1:]), (*self.signs, *other.signs))

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
            except ArithmeticError:
                return False
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
