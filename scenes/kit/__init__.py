"""What a chapter is made of. Everything here works in anybody's own Manim scene, too.

In a scene::

    from manim import Scene, Write
    from backprop_math import Notation, WeightedSum, load_example
    from scenes.kit import Formula

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
from .formula import Formula, Nothing, Prose, TextMobject, continued
from .gauge import Gauge, Sweep, Zoom, nice_span, window
from .gradient_column import GradientColumn, brackets
from .layer_chains import LayerChains, LayerPicture, gradient_decimals
from .levers import Effect, MissArrows, NudgeBars, NumberAxis, SignedBar
from .motion import Compose, Dim, Rewrite, Underscore, Undim
from .named_chain import NamedChain
from .narration import Beat, Cue
from .network_diagram import NetworkDiagram, Neuron
from .paths import CostNode, Light, Tag, Unlight, beside, path_parts, travel
from .plot import TangentPlot
from .readout import Readout, Trace
from .single import (
    COUNT_WORDS,
    NUDGES,
    Link,
    gradient_at_the_right,
    last_link_tree,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
    named_chain_at_the_left,
)
from .sum_table import Addend, ProductTable, Row, SumTable, cost_terms, path_terms, weighted_terms
from .theme import theme
from .walk import ArrowNumbers, span, walk_back
from .weight_matrix import WeightMatrix, counter, counters
from .worked import Worked

__all__ = [
    "COUNT_WORDS",
    "NUDGES",
    "Addend",
    "ArrowNumbers",
    "Beat",
    "ChainLine",
    "Chapter",
    "Compose",
    "ComputationTree",
    "CostNode",
    "Cue",
    "Descend",
    "DescentTable",
    "Dim",
    "Effect",
    "Formula",
    "Gauge",
    "GradientColumn",
    "LayerChains",
    "LayerPicture",
    "Light",
    "Link",
    "MissArrows",
    "NamedChain",
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
    "Sweep",
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
    "columns",
    "continued",
    "cost_terms",
    "counter",
    "counters",
    "gradient_at_the_right",
    "gradient_decimals",
    "last_link_tree",
    "mean_gradient_at_the_right",
    "misfit_of_single_neurons",
    "named_chain_at_the_left",
    "nice_span",
    "path_parts",
    "path_terms",
    "ruled",
    "span",
    "theme",
    "travel",
    "walk_back",
    "weighted_terms",
    "window",
]
