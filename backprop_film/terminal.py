"""What a terminal can show: whether it has colours, and which characters.

>>> "∂C₀/∂w⁽³⁾ ≈ −0.06 · 10⁻² → δ".encode("ascii", errors=FALLBACK).decode()
'dC_0/dw^(3) ~ -0.06 * 10^-2 -> delta'
"""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata

__all__ = ["FALLBACK", "colourless", "lenient"]

#: The name under which Python's encoders know `_ascii_forms`.
FALLBACK = "backprop_film.ascii"
_FORMS = {
    "∂": "d", "·": "*", "⋅": "*", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...", "→": "->", "←": "<-", "≈": "~",
    "≤": "<=", "≥": ">=", "≠": "!=", "′": "'", "’": "'", "‘": "'", "“": '"', "”": '"', "∑": "sum", "√": "sqrt",
    "∞": "inf", "⊙": "(.)", "∈": "in", "∇": "grad", "ᵀ": "^T", "━": "-", "─": "-", "│": "|", "•": "*", "∗": "*",
    "⋮": ":", "›": ">", "∛": "cbrt", "⁄": "/",
}  # fmt: skip


def colourless() -> bool:
    """Whether the user wants no colours (``NO_COLOR``, of any value but none), or has a terminal that knows none."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def lenient() -> None:
    """Let output never fail for want of a character: each has a form in ASCII, and names of files stay as they are."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=FALLBACK)


def _ascii_forms(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what cannot be encoded in ASCII; bytes of a file's name that are no text are written as they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":
        return character.encode("ascii", "surrogateescape"), error.start + 1
    return _form(character, error.object[max(0, error.start - 1) : error.start]), error.start + 1


def _form(character: str, before: str) -> str:
    """One character in ASCII; the first of several raised or lowered ones says so."""
    if character in _FORMS or unicodedata.combining(character):
        return _FORMS.get(character, "")
    shift = _shift(character)
    mark = shift if shift != _shift(before) else ""
    plain = unicodedata.normalize("NFKD", character)
    letters = "".join(_FORMS.get(c, c) for c in plain if not unicodedata.combining(c))
    if letters.isascii() and letters:
        return mark + letters
    name = unicodedata.name(character, "")
    return mark + name.split()[-1].lower() if name.startswith("GREEK") else f"\\u{ord(character):04x}"


def _shift(character: str) -> str:
    decomposed = unicodedata.decomposition(character) if character else ""
    return {"<super>": "^", "<sub>": "_"}.get(decomposed.split()[0] if decomposed else "", "")


codecs.register_error(FALLBACK, _ascii_forms)
