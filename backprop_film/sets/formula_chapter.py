"""`FormulaChapter`: a chapter that shows a formula instead of a network: its own, or anyone's.

In a file of its own::

    class Mine(FormulaChapter):
        title, question = "A formula", "What of any formula?"
        formula, at = "x * log(y)", {"x": 2.0, "y": 3.0}

        def construct(self):
            self.add(FormulaGraphDiagram(self.graph))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from backprop_math import FormulaGraph, Var
from backprop_math.autodiff import parse_formula

from .question_chapter import QuestionChapter

__all__ = ["FormulaChapter"]


class FormulaChapter(QuestionChapter):
    """``graph`` is that of the formula that is given, else of the chapter's own ``formula``, calculated ``at`` values.

    `ValueError` for a graph of more than ``most`` nodes, which nobody could read.
    """

    formula: ClassVar[str]
    at: ClassVar[Mapping[str, float]]
    most: ClassVar[int] = 40

    def __init__(self, *, graph: FormulaGraph[Var] | None = None, **chapter: Any) -> None:
        if graph and (reason := self.refusal_of(graph)):
            raise ValueError(f"{type(self).__name__}: {reason}")
        self.graph = graph or parse_formula(self.formula, self.at).graph()
        super().__init__(**chapter)

    @classmethod
    def refusal_of(cls, graph: FormulaGraph[Var]) -> str | None:
        """Why a formula cannot be shown, in one clear sentence; ``None`` if it can."""
        count = len(graph.nodes)
        return f"found a formula of {count} nodes, expected at most {cls.most}" if count > cls.most else None
