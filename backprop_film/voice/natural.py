"""The voice that comes with the extra ``voice``: ``hibari-tts``, a small network that speaks American English.

All that this engine reads otherwise than it is meant is put right here, and nowhere else.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from functools import cache
from typing import Any

import numpy as np

from ..kit.spoken import small_articles

__all__ = ["forget", "pronounced", "say"]

#: Sounds as the engine writes them: the names of the letters (z a little longer, or it is heard as c), and words that
#: it does not know.
_SOUNDS = {
    "A": "ˈA", "b": "bˈi", "c": "sˈi", "d": "dˈi", "e": "ˈi", "f": "ˈɛf", "g": "ʤˈi", "h": "ˈAʧ", "i": "ˈI",
    "j": "ʤˈA", "k": "kˈA", "l": "ˈɛl", "m": "ˈɛm", "n": "ˈɛn", "o": "ˈO", "p": "pˈi", "q": "kjˈu", "r": "ˈɑɹ",
    "s": "ˈɛs", "t": "tˈi", "u": "jˈu", "v": "vˈi", "w": "dˈʌbᵊlju", "x": "ˈɛks", "y": "wˈI", "z": "zˈɪi",
    "relu": "ɹˈɛlu", "gelu": "ʤˈɛlu", "silu": "sˈIlu", "elu": "ˈilu", "adelie": "ədˈAli",
}  # fmt: skip
_SPELT = re.compile(r"(?<!')\b(?:A|[b-z]|[B-HJ-Z]|(?i:relu|gelu|silu|elu|adelie))\b(?!')")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def say(spoken: str) -> tuple[np.ndarray, int]:
    """A sentence as samples, with their rate; the same on every run."""
    engine = _engine()
    return engine(pronounced(spoken), seed=0), engine.sample_rate


def forget() -> None:
    """Give back the memory that the network takes, some 170 MB, until something is to be said again."""
    _engine.cache_clear()
    gc.collect()


@cache
def _engine() -> Any:
    from hibari import Hibari

    return Hibari()


def pronounced(spoken: str) -> str:
    """The sentence with each letter's and each strange word's sounds, and with all the digits of a decimal.

    >>> pronounced("w L is minus 1.00.")
    '[w](/dˈʌbᵊlju/) [L](/ˈɛl/) is minus one point zero zero.'
    """
    plain = unicodedata.normalize("NFKD", small_articles(spoken))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # Without a comma, 4481 would be said as a year is.
    plain = re.sub(r"(?<![\d.,])\d{4,}(?![\d,])", lambda m: f"{int(m[0]):,}", plain)
    digits = re.sub(r"\b(\d+)\.(\d+)\b", lambda m: f"{m[1]} point {_one_by_one(m[2])}", plain)
    digits = re.sub(r"(?<![\d,.])\b\d\b(?![,.]\d)", lambda m: _DIGITS[int(m[0])], digits)
    return _SPELT.sub(lambda m: f"[{m[0]}](/{_sounds(m[0])}/)", digits)


def _one_by_one(digits: str) -> str:
    return " ".join(_DIGITS[int(digit)] for digit in digits)


def _sounds(word: str) -> str:
    return _SOUNDS[word if word == "A" else word.lower()]
