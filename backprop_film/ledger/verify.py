"""Every number of a film's ledger calculated once more, by a way that has nothing to do with the film.

The examples are read again from what the ledger keeps of them; what a number is the value of is calculated by
`backprop_math.checks.Recalculation`: plain NumPy, and complex step. What agrees, agrees in all digits shown, and in
the full value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backprop_math.checks import Recalculation, UnknownExpressionError

from ..errors import Problem
from ..timeline import ExampleSource
from .document import Entry, Ledger
from .sources import unpacked

__all__ = ["Verdict", "shown_interval", "verify"]

_NEAR = 1e-7  # parts of a value
_EPSILON = 8e-16  # parts of the largest number that a value was calculated with
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_NUMBER = re.compile(r"([−-]?)(\d[\d,]*)(?:\.(\d+))?(?: × 10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?")


@dataclass(frozen=True)
class Verdict:
    """What came of an entry: ``agrees``, ``differs`` or ``not verified``; ``recalculated`` is its value, if any."""

    entry: Entry
    kind: str
    recalculated: float | None = None
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        one = self.entry
        return {
            "verdict": self.kind, "chapter": one.chapter, "beat": one.beat, "time": one.time, "text": one.text,
            "value": one.value, "expression": one.expression, "recalculated": self.recalculated, "reason": self.reason,
        }  # fmt: skip


def verify(ledger: Ledger) -> list[Verdict]:
    """A verdict for each entry. `Problem` if an example is not what the ledger says."""
    numbers = {source.key: Recalculation(unpacked(source)) for source in _used(ledger)}
    return [_verdict(entry, numbers) for entry in ledger.entries]


def _used(ledger: Ledger) -> Sequence[ExampleSource]:
    wanted = {entry.example for entry in ledger.entries if entry.expression}
    found = [source for source in ledger.examples if source.key in wanted]
    if lacking := sorted(wanted - {source.key for source in found}):
        raise Problem(f"found no example of hash {lacking[0]!r}, expected it among the ledger's examples")
    return found


def _verdict(entry: Entry, numbers: dict[str, Recalculation]) -> Verdict:
    if not entry.expression:
        return Verdict(entry, "not verified", reason="it is not known what it is the value of")
    recalculation = numbers[entry.example]
    try:
        value = recalculation.value(entry.expression)
    except UnknownExpressionError as error:
        return Verdict(entry, "not verified", reason=str(error))
    except (ArithmeticError, ValueError, IndexError) as error:
        return Verdict(entry, "not verified", reason=f"no number ({error})")
    if not math.isfinite(value):
        return Verdict(entry, "not verified", reason="no finite number")
    slack = _NEAR * abs(value) + _EPSILON * recalculation.largest
    interval = shown_interval(entry.text)
    if interval is None:
        return Verdict(entry, "differs", value, "the text shown is no number")
    low, high = interval
    if not low - slack <= value <= high + slack:
        return Verdict(entry, "differs", value, "other digits are shown")
    if abs(value - entry.value) > slack:
        return Verdict(entry, "differs", value, "the full value is another")
    return Verdict(entry, "agrees", value)


def shown_interval(text: str) -> tuple[float, float] | None:
    """What is rounded to the digits shown lies between these; `None` for a text that is no number.

    >>> shown_interval("−0.25"), shown_interval("8.5 × 10³"), shown_interval("a")
    ((-0.255, -0.245), (8450.0, 8550.0), None)
    """
    found = _NUMBER.match(text)
    if found is None:
        return None
    minus, whole, decimals, power = found.groups()
    digits = f"{whole.replace(',', '')}.{decimals or ''}"
    scale = int(power.translate(_RAISED)) if power else 0
    value = float(f"{'-' if minus else ''}{digits}e{scale}")
    half = float(f"5e{scale - len(decimals or '') - 1}")
    return value - half, value + half
