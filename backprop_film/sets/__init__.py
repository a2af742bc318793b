"""Stage sets: what several chapters share and nobody else needs."""

from .activation_sketch import ActivationSketch
from .answered import AnsweredQuestion
from .area_nudges import AreaNudges
from .borrowed_functions import ChainChapter, with_functions_of
from .carried_line import carried_line, factors_one_by_one, more_to_come, product_parts, still_missing, symbols_of
from .chain_rule_stage import ChainRuleStage
from .chains_and_lines import at_their_places, chains_and_lines, three_factors
from .changes_in_words import compared, happens, moves, moves_in_turn, predicted, rises, size
from .cost_curve import CostCurve, costs_over_last_weight
from .cost_term_areas import CostTermAreas, checkable_nudge, drawn_of, largest_term
from .counted import counted
from .counted_ways import CountedWays
from .counts_table import counts_table
from .curve_chapter import CurveChapter
from .dead_neuron import DeadNeuron
from .decision_plane import DecisionPlane, told_apart
from .deep_twins import deep_twin, layer_sizes
from .definition_board import DefinitionBoard
from .example_rows import ExampleRow, ExampleRows
from .factor_by_factor import misfit_factor_by_factor
from .falling_nudge_chapter import FallingNudgeChapter
from .falling_number import falls
from .filled_gradient_chapter import FilledGradientChapter
from .filling_gradient import FillingGradient, faint, only_known
from .first_factors import FirstFactors
from .formula_chapter import FormulaChapter
from .formula_nudge import FormulaNudge
from .formula_sheet import FormulaSheet
from .function_curve import FunctionCurve
from .function_nudges import derivative_of, exactly, measured_change
from .functions_in_words import cost_curve_and_slope, missed, said, squeezed
from .gathered import gathered, same_input
from .gradient_blocks import GradientBlocks
from .gradient_step import GradientStep, step_size
from .gradient_step_chapter import GradientStepChapter
from .grown_chain_chapter import GrownChainChapter
from .index_meanings import IndexMeanings, lower_indices
from .indexed_layers_chapter import IndexedLayersChapter
from .labelled_diagram import LabelledDiagram
from .landing import landing
from .last_layer_nudge import LastLayerNudge
from .last_layers_chapter import LastLayersChapter, cancelling, flow
from .last_layers_layout import (
    LastLayersLayout,
    gradient_beside_last_layers,
    last_layers_diagram,
)
from .last_layers_stage import LastLayersStage
from .last_link import LastLink, close_link, corner_link
from .layer_chain_rules import LayerChainRules, gradient_decimals, layer_decimals
from .layer_chart_chapter import FAR_DOWN, LayerChartChapter, lines_apart
from .layer_equations_board import EquationBoard
from .layer_light import LayerLight
from .layer_product import LayerProduct
from .layer_table import LayerTable
from .layer_tree import LayerTree
from .limit_in_place import kept, lay_on
from .long_product import LongProduct, long_chain
from .machine_parts import Machine, Station
from .machines import MachinesInARow, TwoRoads
from .mean_bars import MeanBars, some_examples
from .moved_factor_chapter import MovedFactorChapter
from .moved_factors import MovedFactor, how_active, how_far_off, how_steep
from .moved_terms import moved_by_activation, moved_by_weight
from .named_chain import NamedChain
from .neuron_definitions import NeuronDefinitions
from .neuron_gauges import LINE_LEFT, LINE_RIGHT, NeuronGauges
from .neuron_opening import NeuronOpening
from .nudge_in_numbers import NudgeInNumbers, plain_weight
from .nudge_ripples import nudge_amount, nudge_bars, nudge_ripples, nudge_total
from .nudged_runs import NudgedRuns
from .numpy_chapter import NumpyChapter
from .numpy_pass import code_colors, gradient_found, numpy_lines, run_lines
from .open_neuron import ROWS, EarlierNeurons, OpenNeuron, capsule, in_numbers, shown_numbers
from .opening import (
    MeasuredInputs,
    Together,
    answer_in_words,
    answer_lines,
    brief,
    neuron_radius,
    small_nudge,
    spoken_answers,
)
from .opening_neuron_chapter import OpeningNeuronChapter
from .parameter_kinds import ParameterKinds
from .path_counts import PathCounts, how_many
from .path_figures import PathFigures, telling_neuron
from .path_marks import PathMarks, narrow_pin
from .predicted_change import PredictedChange
from .pulls_in_words import outputs_alike, pulls_in_words
from .question_chapter import QuestionChapter, instead
from .ratio_chapter import RatioChapter
from .ratio_table import RatioTable, agreeing
from .ratios_against_derivative import RatiosAgainstDerivative
from .runs_against_one import CountRuns, RunsAgainstOne
from .sensitivity_lights import SensitivityLights
from .sheet_network import SheetNetwork
from .single_neurons import (
    NUDGES,
    LayerQuantities,
    gradient_at_the_right,
    labelled_diagram_at_the_left,
    last_layer_tree,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
)
from .slopes_chapter import SlopesChapter
from .slopes_compared import SlopesCompared
from .split_height import SplitHeight
from .spread_product import factors_and_dots, spread
from .sums_in_symbols import derivative_of_sum, other_terms_are_zero
from .sweep_chapter import SweepChapter, flash
from .sweep_counts import SweepCounts
from .tipped_column import TipOver
from .training_board import TrainingBoard
from .training_chapter import TrainingChapter
from .training_words import TrainingWords
from .tree_walk import ArrowNumbers, flat_bracket, walk_back
from .tried_nudge import TriedNudge
from .turned_weight_chapter import TurnedWeightChapter
from .two_layers import TwoLayers
from .walk_back_chapter import WalkBackChapter
from .walk_stage import WalkStage
from .walked_chain import WalkedChain, carried_numbers, opened
from .ways_network import WaysNetwork
from .why_backwards_chapter import WhyBackwardsChapter

__all__ = [
    "FAR_DOWN",
    "LINE_LEFT",
    "LINE_RIGHT",
    "NUDGES",
    "ROWS",
    "ActivationSketch",
    "AnsweredQuestion",
    "AreaNudges",
    "ArrowNumbers",
    "ChainChapter",
    "ChainRuleStage",
    "CostCurve",
    "CostTermAreas",
    "CountRuns",
    "CountedWays",
    "CurveChapter",
    "DeadNeuron",
    "DecisionPlane",
    "DefinitionBoard",
    "EarlierNeurons",
    "EquationBoard",
    "ExampleRow",
    "ExampleRows",
    "FallingNudgeChapter",
    "FilledGradientChapter",
    "FillingGradient",
    "FirstFactors",
    "FormulaChapter",
    "FormulaNudge",
    "FormulaSheet",
    "FunctionCurve",
    "GradientBlocks",
    "GradientStep",
    "GradientStepChapter",
    "GrownChainChapter",
    "IndexMeanings",
    "IndexedLayersChapter",
    "LabelledDiagram",
    "LastLayerNudge",
    "LastLayersChapter",
    "LastLayersLayout",
    "LastLayersStage",
    "LastLink",
    "LayerChainRules",
    "LayerChartChapter",
    "LayerLight",
    "LayerProduct",
    "LayerQuantities",
    "LayerTable",
    "LayerTree",
    "LongProduct",
    "Machine",
    "MachinesInARow",
    "MeanBars",
    "MeasuredInputs",
    "MovedFactor",
    "MovedFactorChapter",
    "NamedChain",
    "NeuronDefinitions",
    "NeuronGauges",
    "NeuronOpening",
    "NudgeInNumbers",
    "NudgedRuns",
    "NumpyChapter",
    "OpenNeuron",
    "OpeningNeuronChapter",
    "ParameterKinds",
    "PathCounts",
    "PathFigures",
    "PathMarks",
    "PredictedChange",
    "QuestionChapter",
    "RatioChapter",
    "RatioTable",
    "RatiosAgainstDerivative",
    "RunsAgainstOne",
    "SensitivityLights",
    "SheetNetwork",
    "SlopesChapter",
    "SlopesCompared",
    "SplitHeight",
    "Station",
    "SweepChapter",
    "SweepCounts",
    "TipOver",
    "Together",
    "TrainingBoard",
    "TrainingChapter",
    "TrainingWords",
    "TriedNudge",
    "TurnedWeightChapter",
    "TwoLayers",
    "TwoRoads",
    "WalkBackChapter",
    "WalkStage",
    "WalkedChain",
    "WaysNetwork",
    "WhyBackwardsChapter",
    "agreeing",
    "answer_in_words",
    "answer_lines",
    "at_their_places",
    "brief",
    "cancelling",
    "capsule",
    "carried_line",
    "carried_numbers",
    "chains_and_lines",
    "checkable_nudge",
    "close_link",
    "code_colors",
    "compared",
    "corner_link",
    "cost_curve_and_slope",
    "costs_over_last_weight",
    "counted",
    "counts_table",
    "deep_twin",
    "derivative_of",
    "derivative_of_sum",
    "drawn_of",
    "exactly",
    "factors_and_dots",
    "factors_one_by_one",
    "faint",
    "falls",
    "flash",
    "flat_bracket",
    "flow",
    "gathered",
    "gradient_at_the_right",
    "gradient_beside_last_layers",
    "gradient_decimals",
    "gradient_found",
    "happens",
    "how_active",
    "how_far_off",
    "how_many",
    "how_steep",
    "in_numbers",
    "instead",
    "kept",
    "labelled_diagram_at_the_left",
    "landing",
    "largest_term",
    "last_layer_tree",
    "last_layers_diagram",
    "lay_on",
    "layer_decimals",
    "layer_sizes",
    "lines_apart",
    "long_chain",
    "lower_indices",
    "mean_gradient_at_the_right",
    "measured_change",
    "misfit_factor_by_factor",
    "misfit_of_single_neurons",
    "missed",
    "more_to_come",
    "moved_by_activation",
    "moved_by_weight",
    "moves",
    "moves_in_turn",
    "narrow_pin",
    "neuron_radius",
    "nudge_amount",
    "nudge_bars",
    "nudge_ripples",
    "nudge_total",
    "numpy_lines",
    "only_known",
    "opened",
    "other_terms_are_zero",
    "outputs_alike",
    "plain_weight",
    "predicted",
    "product_parts",
    "pulls_in_words",
    "rises",
    "run_lines",
    "said",
    "same_input",
    "shown_numbers",
    "size",
    "small_nudge",
    "some_examples",
    "spoken_answers",
    "spread",
    "squeezed",
    "step_size",
    "still_missing",
    "symbols_of",
    "telling_neuron",
    "three_factors",
    "told_apart",
    "walk_back",
    "with_functions_of",
]
