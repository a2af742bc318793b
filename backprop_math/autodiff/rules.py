"""The operations that `autodiff` knows: each one a line with its value, its derivatives, and how it is typeset.

The lines are in `elementary` and `reductions`; here they are one table, by the names of NumPy's functions.

>>> RULES["divide"].partials(6.0, 2.0)
(0.5, -1.5)
>>> from backprop_math.formula import Symbol
>>> print(RULES["divide"].formula(Symbol("x"), Symbol("y")))
x/y
>>> RULES["fabs"] is RULES["absolute"]
True
"""

from __future__ import annotations

from . import elementary, reductions
from .rule import Rule, rule_partials

__all__ = ["RULES", "Rule", "rule_partials"]

RULES: dict[str, Rule] = {**elementary.ELEMENTARY, **reductions.REDUCTIONS}
RULES.update({alias: RULES[name] for alias, name in {**elementary.ALIASES, **reductions.ALIASES}.items()})
