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
from .collecting import Step, around, collected, short
from .columns import columns, ruled
from .computation_tree import ComputationTree
from .descent import Descend, DescentTable
from .formula import Formula, Nothing, Prose, TextMobject, continued, followed, formula_line
from .gauge import Gauge, Sweep, Zoom, common_spans, nice_span, window
from .gradient_column import GradientColumn, brackets
from .last_layers import LastLayers, gradient_beside, last_layers, layer_by_layer
from .layer_chains import LayerChains, LayerPicture, gradient_decimals
from .layers_chapter import LayersChapter, carried_from, digits
from .levers import MissArrows, NudgeBars, NumberAxis, SignedBar
from .motion import Compose, Dim, Rewrite, Underscore, Undim
from .named_chain import NamedChain
from .narration import Beat, Cue
from .network_diagram import NetworkDiagram, Neuron
from .paths import CostNode, Light, Tag, Unlight, beside, path_parts, travel
from .plot import TangentPlot
from .product_table import ProductTable
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
from .sum_table import Addend, Row, SumTable, cost_terms, path_terms, weighted_terms
from .theme import theme
from .walk import ArrowNumbers, span, walk_back
from .weight_matrix import Counted, WeightMatrix, counter, counters
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
    "Counted",
    "Cue",
    "Descend",
    "DescentTable",
    "Dim",
    "Formula",
    "Gauge",
    "GradientColumn",
    "LastLayers",
    "LayerChains",
    "LayerPicture",
    "LayersChapter",
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
    "Step",
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
    "around",
    "beside",
    "brackets",
    "carried_from",
    "collected",
    "columns",
    "common_spans",
    "continued",
    "cost_terms",
    "counter",
    "counters",
    "digits",
    "followed",
    "formula_line",
    "gradient_at_the_right",
    "gradient_beside",
    "gradient_decimals",
    "last_layers",
    "last_link_tree",
    "layer_by_layer",
    "mean_gradient_at_the_right",
    "misfit_of_single_neurons",
    "named_chain_at_the_left",
    "nice_span",
    "path_parts",
    "path_terms",
    "ruled",
    "short",
    "span",
    "theme",
    "travel",
    "walk_back",
    "weighted_terms",
    "window",
]
