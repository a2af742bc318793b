"""What a chapter is made of. Everything here works in anybody's own Manim scene, too.

In a scene::

    from manim import Scene, Write
    from backprop_math import Notation, WeightedSum, load_example
    from backprop_film.kit import Formula

    class Mine(Scene):
        def construct(self):
            notation = Notation(load_example("simplest").network)
            self.play(Write(Formula(notation.definition(WeightedSum(3, 0)))))
"""

from .chain_line import ChainLine
from .chapter import Chapter
from .columns import columns, ruled
from .computation_tree import ComputationTree
from .descent import Descend, DescentTable
from .formula import Formula, Nothing, Prose, TextMobject, continued, formula_line
from .gauge import ChangeQuantity, Gauge, Zoom, close_up_span, equal_width_spans, nice_span
from .gradient_column import GradientColumn, brackets
from .levers import MissArrows, NudgeBars, NumberAxis, SignedBar
from .motion import Compose, Dim, Rewrite, Underscore, Undim
from .narration import Beat, Cue
from .network_diagram import NetworkDiagram, Neuron
from .paths import CostNode, Light, Tag, Unlight, beside, path_parts, travel
from .plot import TangentPlot
from .product_table import ProductTable
from .readout import Readout, Trace
from .sum_table import Addend, Row, SumTable, cost_terms, path_terms, weighted_terms
from .theme import theme
from .weight_matrix import Counted, WeightMatrix, counter, counters
from .worked import Worked

__all__ = [
    "Addend",
    "Beat",
    "ChainLine",
    "ChangeQuantity",
    "Chapter",
    "Compose",
    "ComputationTree",
    "CostNode",
    "Counted",
    "Cue",
    "Descend",
    "DescentTable",
    "Dim",
    "Formula",
    "Gauge",
    "GradientColumn",
    "Light",
    "MissArrows",
    "NetworkDiagram",
    "Neuron",
    "Nothing",
    "NudgeBars",
    "NumberAxis",
    "ProductTable",
    "Prose",
    "Readout",
    "Rewrite",
    "Row",
    "SignedBar",
    "SumTable",
    "Tag",
    "TangentPlot",
    "TextMobject",
    "Trace",
    "Underscore",
    "Undim",
    "Unlight",
    "WeightMatrix",
    "Worked",
    "Zoom",
    "beside",
    "brackets",
    "close_up_span",
    "columns",
    "continued",
    "cost_terms",
    "counter",
    "counters",
    "equal_width_spans",
    "formula_line",
    "nice_span",
    "path_parts",
    "path_terms",
    "ruled",
    "theme",
    "travel",
    "weighted_terms",
]
