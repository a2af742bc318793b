"""What the gallery shows, under which heading, and the example of each, taken from its docstring.

>>> from backprop_film.kit import Formula
>>> print(example_code(Formula).splitlines()[0])
formula = Formula(notation.definition(WeightedSum(3, 0)))
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from backprop_math import Example

from .. import kit

__all__ = ["CHAIN", "ENTRIES", "IMPORTS", "SETTING", "WIDE", "Entry", "example_code", "surroundings"]

#: What every example takes for granted, and what it is told of: a bundled worked example.
IMPORTS = """\
from manim import *
from backprop_math import *
from backprop_film.kit import *

config.background_color = theme.background"""
SETTING = """\
network, notation = example.network, Notation(example.network)
trace = example.trace()
diagram = NetworkDiagram(network).show(trace)"""


@dataclass(frozen=True)
class Entry:
    """A module of the kit, or a class of one; ``of`` is the bundled example that its code is about."""

    heading: str
    name: str
    of: str
    documented: Any

    @property
    def code(self) -> str:
        """The example."""
        return example_code(self.documented)

    @property
    def names(self) -> list[str]:
        """What the kit offers of it, as the example comes upon it."""
        module = self.documented if inspect.ismodule(self.documented) else inspect.getmodule(self.documented)
        offered = set(module.__all__) & set(kit.__all__)  # type: ignore[union-attr]
        if module is not self.documented:
            offered = {self.documented.__name__}
        words = [word for word in dict.fromkeys(re.findall(r"\w+", self.code)) if word in offered]
        return words or [self.name]

    @property
    def says(self) -> str:
        """What it shows, in a sentence or two: the first paragraph of the docstring."""
        first = inspect.cleandoc(self.documented.__doc__).split("\n\n")[0]
        return " ".join(first.split())

    @property
    def slug(self) -> str:
        """The name as files have it."""
        return self.name.lower().replace(" ", "_")


#: Heading: the entries under it, each a name that the kit offers, or a module of it. The examples of those marked
#: with a star need several neurons a layer.
_CONTENTS = {
    "A network": (
        "network_diagram* neuron dials CostNode* NeuronIndices* weight_matrix* penguin naming answer_line misses*"
    ),
    "Formulas": "Formula formula_with_numbers fitted texts Readout code_listing",
    "Moves": "Compose Rewrite Dim Pulse Underscore",
    "Tables, and what adds up": "columns rules_after sum_table* addends* product_table* contribution_bars*",
    "The chain rule": "computation_tree chain_rule_line paths* ripple* pinned_number* formula_graph_diagram",
    "Numbers that change": "gauge nudge_beam factor_bars axis descent*",
    "Curves and slopes": "slope_panel plot function_plot secant",
    "The gradient": "gradient_column gradient_bars layer_dots",
    "A scene": "chapter open_path",
}
#: The bundled examples of which they are made.
CHAIN, WIDE = "simplest", "two_outputs"


def _entries() -> Iterator[Entry]:
    for heading, names in _CONTENTS.items():
        for marked in names.split():
            name = marked.removesuffix("*")
            yield Entry(heading, name, CHAIN if name == marked else WIDE, _documented(name))


def _documented(name: str) -> Any:
    offered = getattr(kit, name, None)
    return offered if callable(offered) and _examples(offered) else import_module(f"{kit.__name__}.{name}")


def example_code(documented: Any) -> str:
    """The code in a docstring: its longest run of paragraphs that is Python and calls something.

    `ValueError` if there is none.
    """
    found = _examples(documented)
    if not found:
        raise ValueError(f"{documented.__name__}: found no example in its docstring, expected one")
    return found[0]


def _examples(documented: Any) -> list[str]:
    """All that could be one, the longest first."""
    paragraphs = inspect.cleandoc(documented.__doc__ or "").split("\n\n")
    runs = [(i, j) for i in range(len(paragraphs)) for j in range(i + 1, len(paragraphs) + 1)]
    found = []
    for i, j in sorted(runs, key=lambda run: run[0] - run[1]):
        code = inspect.cleandoc("\n" + "\n\n".join(paragraphs[i:j]))
        try:
            tree = ast.parse(code)
        except SyntaxError:
            continue
        if any(isinstance(node, ast.Call) for node in ast.walk(tree)):
            found.append(code)
    return found


def surroundings(example: Example) -> dict[str, Any]:
    """The names that an example takes for granted: all that is imported, and those of `SETTING`."""
    names: dict[str, Any] = {"example": example}
    exec(f"{IMPORTS}\n{SETTING}", names)  # noqa: S102 (the two texts above)
    return names


ENTRIES = tuple(_entries())
