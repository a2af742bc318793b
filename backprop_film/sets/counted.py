"""Small numbers as the narration says them: `counted`.

>>> counted(3), counted(1, "outputs"), counted(0, "paths"), counted(13, "paths"), counted(13002, "parameters")
('three', 'one output', 'no paths', '13 paths', '13,002 parameters')
"""

from __future__ import annotations

__all__ = ["counted"]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def counted(number: int, what: str = "") -> str:
    """A number in words up to twelve, in digits above, and of ``what`` (a plural) there are so many."""
    word = _WORDS[number] if number < len(_WORDS) else f"{number:,}"
    return f"{word} {what.removesuffix('s') if number == 1 else what}".rstrip()
