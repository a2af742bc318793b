"""Backpropagation in ten lines of NumPy, for any dense network, as text that is shown and run.

>>> from backprop_math import load_example
>>> example = load_example("two_outputs")
>>> found = run_lines(numpy_lines(example.network), example)
>>> found[2].round(3).tolist(), bool((abs(found[2] - example.trace().dW[2]) < 1e-15).all())
([[-0.209, -0.183, -0.103], [0.227, 0.198, 0.111]], True)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from manim import RIGHT, UP, VGroup

from backprop_math import (
    Activation,
    BackwardPass,
    Bias,
    Example,
    Expression,
    Glyph,
    Network,
    Notation,
    Number,
    Relation,
    Target,
    Weight,
    WeightedSum,
)
from backprop_math.arrays import FloatArray
from backprop_math.formula import MatrixExpression, decimals_for, relation_sign
from backprop_math.functions import OutputActivation

from ..kit.code_listing import CodeListing
from ..kit.formula import Formula, Nothing
from ..kit.theme import MIN_FONT_SIZE, theme

__all__ = ["code_colors", "gradient_found", "numpy_lines", "row_of_inputs", "run_lines"]

_LINES = """\
A, Z = [X], [None]
dW, db = {}, {}
for l in range(1, L + 1):
    Z.append(A[l - 1] @ W[l].T + b[l])
    A.append(f[l](Z[l]))
LAST
for l in range(L, 0, -1):
    dW[l] = delta.T @ A[l - 1] / len(X)
    db[l] = delta.mean(axis=0)
    if l > 1: delta = delta @ W[l] * df[l - 1](Z[l - 1])"""


def numpy_lines(network: Network) -> list[str]:
    """The lines: X and Y have a row for each training example, W and b are counted from 1, f and df are functions.

    Where the cost has a form for the last layer's weighted sums, δ is that; else softmax takes a line more.
    """
    if network.paired is not None:
        last = "delta = dz(Z[L], Y)"
    elif isinstance(network.activation[-1], OutputActivation):
        last = "dA = da(A[L], Y)\ndelta = A[L] * (dA - (A[L] * dA).sum(axis=1)[:, None])"
    else:
        last = "delta = da(A[L], Y) * df[L](Z[L])"
    return _LINES.replace("LAST", last).splitlines()


def run_lines(lines: Sequence[str], example: Example) -> dict[int, FloatArray]:
    """What the lines find for the first training example: the derivatives of the weights, by layer."""
    network = example.network
    names: dict[str, Any] = {
        "X": example.inputs[:1], "Y": example.targets[:1], "L": network.L, "W": network.W, "b": network.b,
        "f": dict(enumerate((function.f for function in network.activation), 1)),
        "df": {place: each.df for place, each in enumerate(network.activation, 1) if hasattr(each, "df")},
        "da": network.cost.da, "dz": network.paired.dz if network.paired else None,
    }  # fmt: skip
    exec("\n".join(lines), names)  # noqa: S102 (the lines above, and what a test has made of them)
    found: dict[int, FloatArray] = names["dW"]
    return found


def code_colors() -> dict[str, str]:
    """The names in the lines, in the colours of what they stand for."""
    kinds = {"W": Weight, "dW": Weight, "b": Bias, "db": Bias, "Z": WeightedSum, "A": Activation, "X": Activation}
    return {
        **{name: theme.role(kind) for name, kind in kinds.items()},
        "Y": theme.role(Target),
        "delta": theme.highlight,
    }


def gradient_found(found: FloatArray, asked: str) -> VGroup:
    """What the lines have found for a layer's weights, in the formula zone: rows and columns that have room.

    It is what is ``asked`` for, as code, and a formula without a left side.
    """
    code = CodeListing([asked], colors=code_colors(), font_size=30)
    zone = theme.formula_zone
    matrices = (
        MatrixExpression(
            tuple(tuple(_entry(found, j, k) for k in _shown(len(found[0]), columns)) for j in _shown(len(found), rows))
        )
        for rows, columns in ((3, 4), (2, 3), (1, 1))
    )
    both = _beside(code, matrices, "≈", zone.width, zone.height - 0.15, 36)
    return both.move_to(zone.center).shift(0.08 * UP)


def row_of_inputs(trace: BackwardPass, notation: Notation, width: float, *, font_size: float) -> VGroup:
    """``# X``, as code, and the inputs of one example as its row: as many of them as have room."""
    code = CodeListing(["# X"], font_size=font_size)
    inputs = [notation.number(Activation(0, k), trace) for k in range(trace.network.layers[0])]
    rows = [
        MatrixExpression((tuple(Glyph("dots") if k is None else inputs[k] for k in _shown(len(inputs), most)),))
        for most in (4, 3, 1)
    ]
    return _beside(code, rows, relation_sign(rows[0]), width, math.inf, 1.2 * font_size)


def _beside(
    code: CodeListing, matrices: Iterable[MatrixExpression], sign: str, width: float, height: float, font_size: float
) -> VGroup:
    """What the code is: the first of the matrices that can be read in this room, or the last one."""
    for matrix in matrices:
        formula = Formula(Relation((Nothing(), matrix), (sign,)), font_size=font_size)
        formula.scale(min(1.0, (width - code.width - 0.3) / formula.width, height / formula.height))
        if formula.font_size >= MIN_FONT_SIZE:
            break
    return VGroup(code, formula).arrange(RIGHT, buff=0.25)


def _shown(size: int, most: int) -> list[int | None]:
    """The first ones and the last; `None` are dots, and nothing follows them where one alone is shown."""
    if size <= most:
        return list(range(size))
    return [0, None] if most == 1 else [*range(most - 2), None, size - 1]


def _entry(found: FloatArray, j: int | None, k: int | None) -> Expression:
    if j is None or k is None:
        return Glyph("dots" if j is not None else "vdots")
    value = float(found[j, k])
    return Number(value, decimals_for(value, 3))
