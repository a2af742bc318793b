"""The three ways in which a formula is written: Typst, LaTeX, and one line of Unicode.

A `Printer` knows how each primitive (a symbol, a number, a fraction …) is written; `expression` decides
what is written. Texts that come from outside never reach a printer: letters and signs are the project's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["LATEX", "TEXT", "TYPST", "Mark", "Printer"]

Mark = Callable[[Any, str], str]
_MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = dict(zip("0123456789+-=()Llmnijk", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᴸˡᵐⁿⁱʲᵏ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-=()jkilmn,", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ⱼₖᵢₗₘₙ,", strict=True))


def _raised(text: str, signs: dict[str, str], otherwise: str) -> str:
    """``text`` in small signs above or below the line; after ``otherwise`` where Unicode lacks one of them."""
    small = [signs.get(sign) for sign in text]
    if None not in small:
        return "".join(filter(None, small))
    return otherwise + (text if len(text) == 1 else f"({text.replace('-', _MINUS)})")


@dataclass(frozen=True)
class Printer:
    """How one notation writes the primitives. The defaults are the Unicode line's."""

    minus: str = _MINUS
    between_minus: str = f" {_MINUS} "
    plus: str = " + "
    dot: str = " · "
    times: str = " × "
    hadamard: str = " ⊙ "
    thin: str = " "
    comma: str = ", "
    between_fractions: str = " · "
    before_fraction: str = " "
    inline_fractions: bool = True
    glyphs: dict[str, str] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)

    def glyph(self, name: str) -> str:
        """The sign called ``name``."""
        return self.glyphs[name]

    def letter(self, name: str) -> str:
        """A symbol's letter, or a whole word, upright."""
        return self.glyphs.get(name) or (self.word(name) if len(name) > 1 and name.isalpha() else name)

    def word(self, name: str) -> str:
        """Letters that are read together."""
        return name

    def name(self, text: str, *, prime: bool = False) -> str:
        """A function's name, or its derivative's."""
        return text + "′" * prime

    def aside(self, text: str) -> str:
        """Words that say more about the number before them."""
        return f" {text}"

    def relation(self, sign: str) -> str:
        """``=``, ``≈`` and their like, with the space around them."""
        return f" {self.relations.get(sign, sign)} "

    def number(self, digits: str) -> str:
        """A decimal written with a hyphen for minus, and perhaps with a power of ten after an ``e``."""
        if digits.endswith("inf"):
            return digits.removesuffix("inf").replace("-", self.minus) + self.glyph("infinity")
        mantissa, _, power = digits.partition("e")
        written = mantissa.replace("-", self.minus)
        return f"{written}{self.times}{self.power('10', power.replace('-', self.minus))}" if power else written

    def count(self, digits: str) -> str:
        """A whole number with commas between its thousands."""
        return digits

    def symbol(self, letter: str, superscript: str, subscript: str) -> str:
        """A letter with its layer in round brackets above and its indices below."""
        letter = self.letter(letter)
        above = _raised(f"({superscript})", _SUPERSCRIPTS, "^") if superscript else ""
        return letter + _raised(subscript.replace(" ", ""), _SUBSCRIPTS, "_") + above

    def brackets(self, body: str, *, call: bool = False) -> str:
        """``body`` in round brackets; ``call`` when they hold a function's argument."""
        return f"({body})"

    def beside(self, left: str, right: str) -> str:
        """What stands between two factors that need no dot."""
        tight = right.startswith("(") and left[-1] in "0123456789)"
        return "" if tight else self.thin

    def before(self, sign: str, body: str) -> str:
        """``∂`` or ``Δ`` before a symbol."""
        return self.glyph(sign) + body

    def fraction(self, numerator: str, denominator: str) -> str:
        """One above the other."""
        return f"{numerator}/{denominator}"

    def root(self, body: str, closed: str, degree: int) -> str:
        """A square or cube root; ``closed`` is its body in brackets where a line would end too early without them."""
        return f"{'√∛'[degree - 2]}{closed}"

    def bars(self, body: str) -> str:
        """An absolute value."""
        return f"|{body}|"

    def power(self, base: str, exponent: str) -> str:
        """A base with its exponent, a printed formula."""
        number = exponent.removeprefix(_MINUS).isdigit()
        return base + _raised(exponent.replace(_MINUS, "-"), _SUPERSCRIPTS if number else {}, "^")

    def transposed(self, base: str) -> str:
        """A matrix with rows and columns exchanged."""
        return base + "ᵀ"

    def summation(self, index: str, lower: str, upper: str, body: str) -> str:
        """A sum over an index."""
        upper = upper.replace("-", self.minus).replace(" ", "")
        return f"Σ[{index}={lower}…{upper}] {body}"

    def matrix(self, rows: list[list[str]]) -> str:
        """Rows of entries in square brackets."""
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        """A value with a condition in each row, and the value in every other case."""
        return "{" + "; ".join([f"{value} if {condition}" for value, condition in rows] + [otherwise]) + " otherwise}"


class _Typst(Printer):
    def aside(self, text: str) -> str:
        return f' thick "{text}"'

    def name(self, text: str, *, prime: bool = False) -> str:
        return f'op("{text}")' + "'" * prime

    def word(self, name: str) -> str:
        return f'"{name}"'

    def root(self, body: str, closed: str, degree: int) -> str:
        return f"sqrt({body})" if degree == 2 else f"root({degree}, {body})"

    def bars(self, body: str) -> str:
        return f"abs({body})"

    def symbol(self, letter: str, superscript: str, subscript: str) -> str:
        letter = self.letter(letter)
        below = f"_({subscript})" if subscript else ""
        above = f"^(({superscript}))" if superscript else ""
        return f"{letter}{below}{above}"

    def brackets(self, body: str, *, call: bool = False) -> str:
        return f" lr(({body}))"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"frac({numerator}, {denominator})"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^({exponent})"

    def beside(self, left: str, right: str) -> str:
        return self.thin

    def before(self, sign: str, body: str) -> str:
        return f"{self.glyph(sign)} {body}"

    def count(self, digits: str) -> str:
        return f'"{digits}"'

    def transposed(self, base: str) -> str:
        return f"{base}^(upright(T))"

    def summation(self, index: str, lower: str, upper: str, body: str) -> str:
        return f"sum_({index} = {lower})^({upper}) {body}"

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        # Sums with their limits above and below, fractions as large as elsewhere.
        lines = [f'display({value}) &quad "if" {condition}' for value, condition in rows]
        return f'cases(gap: #0.6em, {", ".join(lines)}, display({otherwise}) &quad "otherwise")'

    def matrix(self, rows: list[list[str]]) -> str:
        return 'mat(delim: "[", ' + "; ".join(", ".join(row) for row in rows) + ")"


class _Latex(Printer):
    def aside(self, text: str) -> str:
        return rf"\ \text{{{text}}}"

    def name(self, text: str, *, prime: bool = False) -> str:
        escaped = text.replace("_", r"\_")
        return rf"\operatorname{{{escaped}}}" + "'" * prime

    def word(self, name: str) -> str:
        return rf"\mathrm{{{name}}}"

    def root(self, body: str, closed: str, degree: int) -> str:
        return rf"\sqrt{{{body}}}" if degree == 2 else rf"\sqrt[{degree}]{{{body}}}"

    def bars(self, body: str) -> str:
        return rf"\left|{body}\right|"

    def symbol(self, letter: str, superscript: str, subscript: str) -> str:
        letter = self.letter(letter)
        below = f"_{{{subscript}}}" if subscript else ""
        above = f"^{{({superscript})}}" if superscript else ""
        return f"{letter}{below}{above}"

    def brackets(self, body: str, *, call: bool = False) -> str:
        return rf"\left({body}\right)"

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def beside(self, left: str, right: str) -> str:
        return self.thin

    def before(self, sign: str, body: str) -> str:
        return f"{self.glyph(sign)} {body}"

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        lines = [rf"\displaystyle {value} & \text{{if }} {condition}" for value, condition in rows]
        lines.append(rf"\displaystyle {otherwise} & \text{{otherwise}}")
        return r"\begin{cases}" + r" \\ ".join(lines) + r"\end{cases}"

    def count(self, digits: str) -> str:
        return digits.replace(",", "{,}")

    def transposed(self, base: str) -> str:
        return rf"{base}^{{\mathsf{{T}}}}"

    def summation(self, index: str, lower: str, upper: str, body: str) -> str:
        return rf"\sum_{{{index}={lower}}}^{{{upper}}} {body}"

    def matrix(self, rows: list[list[str]]) -> str:
        return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"


TEXT = Printer(
    glyphs={
        "partial": "∂", "sigma": "σ", "sigma_prime": "σ′", "tanh": "tanh", "tanh_prime": "tanh′", "relu": "ReLU",
        "relu_prime": "ReLU′", "identity": "id", "identity_prime": "id′", "delta": "δ", "Delta": "Δ", "nabla": "∇",
        "dots": "…", "e": "e", "differential": "d", "half": "½", "max": "max", "vdots": "⋮", "f_prime": "f′",
        "sin": "sin", "cos": "cos", "ln": "ln", "Phi": "Φ", "infinity": "∞",
        "phi": "φ", "log_2": "log₂", "log_10": "log₁₀", "pi": "π",
    },
    thin=" ",
)  # fmt: skip
TYPST = _Typst(
    minus="minus ",
    between_minus=" minus ",
    plus=" plus ",
    dot=" dot.op ",
    times=" times ",
    hadamard=" dot.o ",
    comma=" comma ",
    between_fractions=" thin ",
    before_fraction=" thin ",
    inline_fractions=False,
    glyphs={
        "partial": "partial", "sigma": "sigma", "sigma_prime": "sigma'", "tanh": "tanh", "tanh_prime": "tanh'",
        "relu": 'op("ReLU")', "relu_prime": "op(\"ReLU\")'", "identity": 'op("id")', "identity_prime": "op(\"id\")'",
        "delta": "delta", "Delta": "Delta", "nabla": "nabla", "dots": "dots.h", "e": "e",
        "differential": "upright(d)",
        "half": "inline(frac(1, 2))", "max": "max",
        "vdots": "dots.v", "f_prime": "f'", "sin": "sin", "cos": "cos", "ln": "ln", "Phi": "Phi",
        "infinity": "infinity", "phi": "phi.alt", "log_2": "log_2", "log_10": "log_10", "pi": "pi",
    },
    relations={"≈": "approx"},
)  # fmt: skip
LATEX = _Latex(
    minus="-",
    between_minus=" - ",
    plus=" + ",
    dot=r" \cdot ",
    times=r" \times ",
    hadamard=r" \odot ",
    thin=r" ",
    between_fractions=r" \, ",
    before_fraction=r" \, ",
    inline_fractions=False,
    glyphs={
        "partial": r"\partial", "sigma": r"\sigma", "sigma_prime": r"\sigma'", "tanh": r"\tanh",
        "tanh_prime": r"\tanh'", "relu": r"\operatorname{ReLU}", "relu_prime": r"\operatorname{ReLU}'",
        "identity": r"\operatorname{id}", "identity_prime": r"\operatorname{id}'", "delta": r"\delta",
        "Delta": r"\Delta", "nabla": r"\nabla", "dots": r"\ldots", "e": "e",
        "differential": r"\mathrm{d}", "half": r"\tfrac{1}{2}", "max": r"\max",
        "vdots": r"\vdots", "f_prime": "f'", "sin": r"\sin", "cos": r"\cos", "ln": r"\ln", "Phi": r"\Phi",
        "infinity": r"\infty", "phi": r"\varphi", "log_2": r"\log_2", "log_10": r"\log_{10}", "pi": r"\pi",
    },
    relations={"≈": r"\approx"},
)  # fmt: skip
