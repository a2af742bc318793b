"""All that the kit offers, by name: what is to be had from ``backprop_film.kit`` stands here."""

from .addends import Addend, cost_terms, path_terms, weighted_terms
from .answer_line import AnswerLine
from .axis import Axis, AxisDot, Plane
from .chain_rule_line import ChainRuleLine
from .chapter import Chapter
from .code_listing import CodeLine, CodeListing
from .columns import columns, rules_after
from .computation_tree import ComputationTree
from .contribution_bars import ContributionBars
from .descent import Descend, DescentTable
from .dials import Dials, LargeDial
from .displayed import displayed_as_pictures
from .factor_bars import NudgeBars, ResidualArrows, SignedBar
from .fitted import fitted, fitted_prose, formula_line
from .formula import Formula, Nothing, continued
from .formula_graph_diagram import FormulaGraphDiagram
from .formula_with_numbers import FormulaWithNumbers
from .function_plot import FunctionPlot
from .gauge import ChangeQuantity, Gauge, Zoom
from .gradient_bars import BackwardSweep, GradientBars
from .gradient_column import GradientColumn, brackets
from .layer_dots import LayerDots
from .misses import Misses
from .motion import Compose, Dim, Pulse, Rewrite, Underscore, Undim, seen
from .naming import Naming
from .narration import Beat, Clip, Cue, Sentence, Speaker
from .network_diagram import NetworkDiagram
from .neuron import Neuron
from .nudge_beam import Fall, NudgeBeam, Shrink
from .open_path import OpenPath
from .paths import CostNode, EdgeLabel, Light, Unlight, path_parts, place_by_neuron, travelling_light
from .penguin import Penguin
from .pinned_number import PinnedNumber
from .plot import TangentPlot
from .product_table import ProductTable
from .readout import Readout
from .ripple import Ripple
from .secant import Enlarge, Lens, Secant, shrink_to_nothing
from .slope_panel import SlopePanel
from .spans import close_up_span, decades, equal_width_spans, nice_span
from .sum_table import SumRow, SumTable
from .texts import Prose, TextMobject
from .theme import theme
from .weight_matrix import NeuronIndices, WeightMatrix, index_label, layer_index_labels

__all__ = [
    "Addend",
    "AnswerLine",
    "Axis",
    "AxisDot",
    "BackwardSweep",
    "Beat",
    "ChainRuleLine",
    "ChangeQuantity",
    "Chapter",
    "Clip",
    "CodeLine",
    "CodeListing",
    "Compose",
    "ComputationTree",
    "ContributionBars",
    "CostNode",
    "Cue",
    "Descend",
    "DescentTable",
    "Dials",
    "Dim",
    "EdgeLabel",
    "Enlarge",
    "Fall",
    "Formula",
    "FormulaGraphDiagram",
    "FormulaWithNumbers",
    "FunctionPlot",
    "Gauge",
    "GradientBars",
    "GradientColumn",
    "LargeDial",
    "LayerDots",
    "Lens",
    "Light",
    "Misses",
    "Naming",
    "NetworkDiagram",
    "Neuron",
    "NeuronIndices",
    "Nothing",
    "NudgeBars",
    "NudgeBeam",
    "OpenPath",
    "Penguin",
    "PinnedNumber",
    "Plane",
    "ProductTable",
    "Prose",
    "Pulse",
    "Readout",
    "ResidualArrows",
    "Rewrite",
    "Ripple",
    "Secant",
    "Sentence",
    "Shrink",
    "SignedBar",
    "SlopePanel",
    "Speaker",
    "SumRow",
    "SumTable",
    "TangentPlot",
    "TextMobject",
    "Underscore",
    "Undim",
    "Unlight",
    "WeightMatrix",
    "Zoom",
    "brackets",
    "close_up_span",
    "columns",
    "continued",
    "cost_terms",
    "decades",
    "equal_width_spans",
    "fitted",
    "fitted_prose",
    "formula_line",
    "index_label",
    "layer_index_labels",
    "nice_span",
    "path_parts",
    "path_terms",
    "place_by_neuron",
    "rules_after",
    "seen",
    "shrink_to_nothing",
    "theme",
    "travelling_light",
    "weighted_terms",
]

displayed_as_pictures()
