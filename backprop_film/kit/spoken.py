"""What is written, as it is said aloud: the words that a teacher would say where the page has signs.

The result is for any voice, a person's too: words, digits and a few marks. A single letter is the letter's name; the
letter a is written ``A``, to tell it from the article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

__all__ = ["aloud", "small_articles", "unsayable"]

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᴸˡᵐⁿⁱʲᵏᵀ", "0123456789+-=()LlmnijkT", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ⱼₖᵢₗₘₙ", "0123456789+-=()jkilmn", strict=True))
_POWERS = {"2": " squared", "3": " cubed", "T": " transposed"}
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "η": "eta",
    "θ": "theta", "λ": "lambda", "μ": "mu", "µ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
    "ϕ": "phi", "ω": "omega",
}  # fmt: skip
#: Letters and words before a bracket that holds what they are applied to: "sigma of z", but "A times 1 minus A".
_FUNCTIONS = "sigma|phi|prime|squared|C|f|g|h|exp|ln|log|max|min|sin|cos|tanh|tan H|relu|softmax|softplus|gelu|silu"
_SIGNS = {
    "½": " one half", "¼": " one quarter", "¾": " three quarters", "∂": " partial ", "∇": " the gradient of ",
    "√": " the square root of ", "∞": " infinity ", "⊙": " multiplied entry by entry with ", "×": " times ",
    "·": " times ", "⋅": " times ", "*": " times ", "+": " plus ", "±": " plus or minus ", "=": " equals ",
    "≈": " is about ", "≠": " is not ", "<": " is less than ", ">": " is greater than ", "≤": " is at most ",
    "≥": " is at least ", "∈": " in ", "→": " to ", "%": " percent", "&": " and ", "…": ", ", "—": ", ", "–": ", ",
    "_": " ", "(": ", ", ")": ", ", "[": ", ", "]": ", ", "“": "", "”": "", '"': "",
}  # fmt: skip
# What stands after the letter a, or before it, and never after or before the article.
_AFTER = (
    "again|alone|and|are|as|at|becomes|between|but|by|cannot|changes|comes|depends|does|equals|falls|from|gets|goes|"
    "grows|has|in|is|itself|may|minus|moves|must|of|on|or|over|plus|reacts|rises|shrinks|squared|stays|that|then|times|"
    "to|too|transposed|was|which|will|with|would"
)
_BEFORE = "an|the|this|each|every|our|its|partial|delta|prime of|times|minus|plus|over"
_ARTICLE = re.compile(rf"(?<!')\b[aA](?=\s+(?!(?:{_AFTER})\b(?!-))[A-Za-z0-9])(?!\s+[A-Za-z]\b)")
_NAMED = re.compile(rf"(?<=\b)(?P<before>{_BEFORE})\s+a\b(?!['-])")


def aloud(text: str) -> str:
    """The words as a voice says them, where the captions have signs.

    What is said already stays as it is; a sign for which there are no words stays too (`unsayable` finds it).

    >>> aloud("∂C/∂w⁽ᴸ⁾ is −0.250.")
    'partial C by partial w L is minus 0.250.'
    >>> aloud("A weight, a⁽ᴸ⁻¹⁾, and σ'(z) = a(1 − a).")
    'A weight, A, L minus 1, and sigma prime of z equals A times 1 minus A.'
    """
    said = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'").replace("′", "'")
    said = re.sub(rf"([{''.join(_GREEK)}])(?=(\w?))", _greek, said)
    said = re.sub(r"\btanh\b", "tan H", said)
    said = re.sub(rf"Σ([{''.join(_LOWERED)}]*)", _sum, said)
    said = re.sub(rf"(\b[A-Za-z])?⁽([{''.join(_RAISED)}]+?)⁾", _layer, said)
    said = re.sub(rf"(\b[A-Za-z])?([{''.join(_RAISED)}]+)", _power, said)
    said = re.sub(r"(\b[A-Za-z])?\^(\(?)", lambda m: f"{_name(m[1])} to the {m[2]}", said)
    said = re.sub(rf"(\b[A-Za-z])?([{''.join(_LOWERED)}]+)", _lowered, said)
    said = re.sub(r"\b([A-Za-z])(\d+)\b", lambda m: f"{_name(m[1])} {m[2]}", said)
    said = re.sub(r"\b(sigma|phi|[A-Za-z])'(?!\w)", lambda m: f"{_name(m[1])} prime ", said)
    said = re.sub(rf"\b({_FUNCTIONS})\s?\(([A-Za-z\d ]{{1,8}})\)", r"\1 of \2 ", said)
    said = re.sub(rf"\b({_FUNCTIONS})\s?\((?=[^)]*\))", r"\1 of (", said)
    said = re.sub(r"\b([A-Za-z0-9])\((?=[^)]*\))", lambda m: f"{_name(m[1])} times (", said)
    said = re.sub(r"\)\s?\(", ") times (", said)
    said = _between_numbers(said)
    said = re.sub(r"\s*/\s*", lambda m: " by " if "∂" in said[m.end() : m.end() + 1] else " over ", said)
    said = re.sub("|".join(map(re.escape, _SIGNS)), lambda m: _SIGNS[m[0]], said)
    return _tidy(_with_letters(_tidy(said), lambda article: article))


def small_articles(spoken: str) -> str:
    """A spoken text in which ``A`` is the letter wherever it stands, as the article is ``a`` at the beginning too.

    >>> small_articles("A weight. A is the activation.")
    'a weight. A is the activation.'
    """
    return _with_letters(spoken, str.lower)


def _name(letter: str | None) -> str:
    return "A" if letter == "a" else letter or ""


def _greek(found: re.Match[str]) -> str:
    return f" {_GREEK[found[1]]}{' ' * found[2].isascii()}" if found[2] else f" {_GREEK[found[1]]}"


def _sum(found: re.Match[str]) -> str:
    index = " ".join(_LOWERED[sign] for sign in found[1])
    return f" the sum over {index} of " if index else " the sum of "


def _layer(found: re.Match[str]) -> str:
    index = "".join(_RAISED[sign] for sign in found[2]).replace("-", " minus ").replace("+", " plus ")
    # A layer such as L - 1 is said apart, so that nothing is subtracted from the quantity.
    return f"{_name(found[1])}, {index}, " if " " in index else f"{_name(found[1])} {index} "


def _power(found: re.Match[str]) -> str:
    plain = "".join(_RAISED[sign] for sign in found[2])
    return _name(found[1]) + _POWERS.get(plain, f" to the {plain.replace('-', 'minus ')}") + " "


def _lowered(found: re.Match[str]) -> str:
    return f"{_name(found[1])} {' '.join(_LOWERED[sign] for sign in found[2])} ".replace("-", "minus")


def _between_numbers(said: str) -> str:
    """Signs that mean something else between numbers: a layout such as 2-3-2, a range, powers of ten, a minus."""
    said = re.sub(r"(?<=\d)e([+-]?)0*(\d+)\b", lambda m: f" times 10 to the {'-' * (m[1] == '-')}{m[2]}", said)
    layout: Callable[[re.Match[str]], str] = lambda m: m[0].replace("-", ", ")  # noqa: E731
    said = re.sub(r"\b\d+(?:-\d+){2,}\b", layout, said)
    said = re.sub(r"(?<=\d)–(?=\d)", " to ", said)
    said = re.sub(r"−", " minus ", said)
    return re.sub(r"(?<![\w.])-(?=[\d.])|(?<=\s)-(?=\s)", " minus ", said)


def _with_letters(said: str, article: Callable[[str], str]) -> str:
    """The letter a as ``A``, told from the article by what stands before and after it."""
    said = _NAMED.sub(lambda m: f"{m['before']} A", said)
    articles = {m.start() for m in _ARTICLE.finditer(said)} - {m.end() - 1 for m in _NAMED.finditer(said)}

    def told(found: re.Match[str]) -> str:
        at = found.start()
        if found[0] == "A" and at and said[at - 2] not in ".?!":
            return "A"
        return article(found[0]) if at in articles else "A"

    return re.sub(r"(?<!['-])\b[aA]\b(?!['-])", told, said)


def _tidy(said: str) -> str:
    said = re.sub(r"\s+", " ", said).strip()
    said = re.sub(r"\bis is\b", "is", said)
    said = re.sub(r"\s+([,.;:?!])", r"\1", said)
    said = re.sub(r",(?:\s*,)+", ",", said)
    said = re.sub(r",(?=[.;:?!])|(?<=[.;:?!]) ?,|^,\s*|,$", "", said)
    return re.sub(r"(\b(?:of|times|plus|minus|equals|over|by|partial|to the)),", r"\1", said).strip()


def unsayable(spoken: str) -> str:
    """The signs of a spoken text that no voice is known to say: all but Latin letters, digits and ``.,;:?!'-``.

    >>> unsayable("minus 0.25 kg m²"), unsayable("Größe")
    ('²', '')
    """
    return "".join(dict.fromkeys(sign for sign in spoken if not _sayable(sign)))


def _sayable(sign: str) -> bool:
    if sign.isascii():
        return sign.isalnum() or sign in " .,;:?!'-"
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN ")
