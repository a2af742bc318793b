"""The tree that a formula is, and its leaves: symbols, numbers, signs, names, and named parts.

`arithmetic` and `expression` have the nodes that are made of these.
"""

# ruff: noqa: D102 (what a node overrides is described in Expression)

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Literal

from ..quantities import Quantity
from ..watch import note_written
from .printers import LATEX, TEXT, TYPST, Mark, Printer

__all__ = [
    "LONGEST_PLAIN",
    "Count",
    "Exactly",
    "Expression",
    "Glyph",
    "Named",
    "Number",
    "Symbol",
    "Term",
    "closed",
    "factor_name",
    "inside",
]

#: Decimals in which a number's first two digits must be had, or it is written in scientific form.
LONGEST_PLAIN = 7


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
        note_written(self)
        return self._print(TEXT, _plain)

    def __str__(self) -> str:
        return self.text()

    def __deepcopy__(self, memo: object) -> Expression:
        return self  # it is frozen, and mobjects that hold one are copied whenever they are transformed

    def _repr_latex_(self) -> str:
        """What a notebook shows."""
        return rf"$\displaystyle {self.latex()}$"

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

    def term(self, name: str) -> Expression:
        """What stands in the first `Term` with this name, in reading order. `KeyError` if there is none."""
        for node in self.walk():
            if isinstance(node, Term) and node.name == name:
                return node.body
        raise KeyError(f"term {name!r} is not in the formula {self.text()!r}")

    def factor(self, of: object, wrt: object) -> Expression:
        """What stands for the factor ∂of/∂wrt: its symbol, its formula or its number. `KeyError` if there is none."""
        return self.term(factor_name(of, wrt))

    def shown_value(self) -> float:
        """What a reader with a calculator gets from the digits shown; `ValueError` where there is no such number."""
        raise ValueError(f"{self.text()!r} is not arithmetic")

    @property
    def leads_with_minus(self) -> bool:
        """Whether the printed form begins with a minus sign."""
        return False

    #: What the printed form is to its surroundings: "sum" and "product" may need brackets, "atom" holds together.
    binding: ClassVar[Literal["atom", "product", "sum"]] = "atom"

    def _print(self, out: Printer, mark: Mark) -> str:
        return mark(self, self._render(out, mark))

    def _render(self, out: Printer, mark: Mark) -> str:
        raise NotImplementedError


def _plain(node: object, markup: str) -> str:
    return markup


def factor_name(of: object, wrt: object) -> str:
    """The name of the `Term` that stands for ∂of/∂wrt in every formula, whether as a symbol, a formula or a number.

    >>> from backprop_math import Weight, WeightedSum
    >>> factor_name(WeightedSum(2, 0), Weight(2, 0, 1))
    'z[2][0]/w[2][0,1]'
    """
    return f"{of}/{wrt}"


def inside(node: Expression) -> Expression:
    """``node``, or what is in it where it is a `Term`."""
    while isinstance(node, Term):
        node = node.body
    return node


def closed(node: Expression, out: Printer, mark: Mark, *, sums: bool = True, products: bool = False) -> str:
    """A factor, a term or a power's base: in brackets where it would be read wrongly without them."""
    inner = inside(node)
    needs = inner.leads_with_minus or (sums and inner.binding == "sum")
    needs = needs or (products and inner.binding == "product")
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
    """A value with the place of its last shown digit: so many ``decimals``, or before the point where negative.

    ``quantity`` is what it is the value of. It is shown in ``scientific`` form where a plain decimal would need
    more than 7 places for its first two digits, or has digits missing before the point; or as told.

    >>> print(Number(0.0000739, 7), Number(8.5265e-17, 19), Number(4503599627370496.0, -12), sep=", ")
    0.0000739, 8.53 × 10⁻¹⁷, 4.504 × 10¹⁵
    """

    value: float
    decimals: int = 2
    quantity: Quantity | None = None
    scientific: bool | None = None

    @property
    def shown(self) -> str:
        """The digits shown, with a hyphen for minus, and after an ``e`` a power of ten; never a negative zero."""
        if self._is_scientific and self.value:
            digits = self.decimals + math.floor(math.log10(abs(self.value)))
            mantissa, _, power = f"{self.value:.{max(0, digits)}e}".partition("e")
            return f"{mantissa}e{int(power)}"
        text = f"{self.value:.{max(0, self.decimals)}f}"
        return text.lstrip("-") if float(text) == 0 else text

    @property
    def _is_scientific(self) -> bool:
        if self.scientific is not None:
            return self.scientific
        return self.decimals < 0 or (self.decimals > LONGEST_PLAIN and abs(self.value) < 10.0 ** (1 - LONGEST_PLAIN))

    @property
    def exact(self) -> bool:
        """Whether the shown digits are the whole value, to within float64 rounding of a calculation."""
        return math.isclose(self.value, float(self.shown), rel_tol=1e-14)

    @property
    def leads_with_minus(self) -> bool:
        return self.shown.startswith("-")

    @property
    def binding(self) -> Literal["atom", "product", "sum"]:  # type: ignore[override]
        return "product" if self._is_scientific else "atom"

    def shown_value(self) -> float:
        return float(self.shown)

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.number(self.shown)


class Exactly(Number):
    """A number that calculates with its value, not with the digits shown."""

    def shown_value(self) -> float:
        return self.value


@dataclass(frozen=True)
class Count(Number):
    """How many there are of something: a whole number, its digits in threes.

    >>> print(Count(2009760))
    2,009,760
    """

    decimals: int = 0

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.count(f"{round(self.value):,}")


@dataclass(frozen=True)
class Glyph(Expression):
    """A fixed sign that is no quantity, by its name in the printers: ``sigma``, ``partial``, ``dots``, ``e``…"""

    name: str

    def shown_value(self) -> float:
        constants = {"e": math.e, "half": 0.5, "pi": math.pi}
        return constants[self.name] if self.name in constants else super().shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.glyph(self.name)


@dataclass(frozen=True)
class Named(Expression):
    """A function's name in upright letters, ``softplus``, or with ``prime`` its derivative's, ``softplus′``.

    `ValueError` unless the name is letters, digits and underscores: it is printed as it is.
    """

    name: str
    prime: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", self.name):
            raise ValueError(f"name {self.name!r}: expected a letter, then letters, digits and underscores")

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.name(self.name, prime=self.prime)


@dataclass(frozen=True)
class Term(Expression):
    """A named part of a formula: ``formula.term("sum")`` finds it again, printed forms do not show it.

    Derivatives are named by `factor_name` and found by ``formula.factor(of, wrt)``.
    """

    name: str
    body: Expression

    @property
    def leads_with_minus(self) -> bool:
        return self.body.leads_with_minus

    def shown_value(self) -> float:
        return self.body.shown_value()

    def _render(self, out: Printer, mark: Mark) -> str:
        return self.body._print(out, mark)
