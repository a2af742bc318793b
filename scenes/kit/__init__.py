"""What a chapter is made of. Everything here works in anybody's own Manim scene, too.

from manim import Scene, Write
from backprop_math import Notation, WeightedSum, load_example
from scenes.kit import Formula

class Mine(Scene):
    def construct(self):
        notation = Notation(load_example("simplest").network)
        self.play(Write(Formula(notation.definition(WeightedSum(3, 0)))))
"""

from .chapter import Chapter
from .columns import columns, ruled
from .computation_tree import ComputationTree
from .formula import Formula, Nothing, Prose, TextMobject, continued
from .gauge import Gauge, Sweep, Zoom, nice_span, window
from .gradient_column import GradientColumn, brackets
from .motion import Compose, Dim, Rewrite, Underscore, Undim
from .narration import Beat, Cue
from .network_diagram import NetworkDiagram, Neuron
from .plot import TangentPlot
from .readout import Readout, Trace
from .single import COUNT_WORDS, Link, last_link_tree, misfit_of_single_neurons
from .theme import theme
from .worked import Worked

__all__ = [
    "COUNT_WORDS",
    "Beat",
    "Chapter",
    "Compose",
    "ComputationTree",
    "Cue",
    "Dim",
    "Formula",
    "Gauge",
    "GradientColumn",
    "Link",
    "NetworkDiagram",
    "Neuron",
    "Nothing",
    "Prose",
    "Readout",
    "Rewrite",
    "Sweep",
    "TangentPlot",
    "TextMobject",
    "Trace",
    "Underscore",
    "Undim",
    "Worked",
    "Zoom",
    "brackets",
    "columns",
    "continued",
    "last_link_tree",
    "misfit_of_single_neurons",
    "nice_span",
    "ruled",
    "theme",
    "window",
]
