"""`NumpyChapter`: a viewer's question whose answer is run as lines of NumPy, each beside the equation it calculates.

It is the end of a chapter that has shown a `LayerTable` and its equations: ``in_numpy`` takes their place on the stage,
and ``network_returns`` gives it back.
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, UP, Animation, FadeIn, FadeOut, LaggedStart, VGroup

from backprop_math.notation.matrix_equation import MatrixEquation

from ..kit.code_listing import CodeListing
from ..kit.fitted import formula_line
from ..kit.motion import Dim, Pulse, Underscore, Undim
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme
from .counted import counted
from .layer_table import LayerTable
from .numpy_pass import code_colors, gradient_found, numpy_lines, row_of_inputs, run_lines
from .question_chapter import QuestionChapter

__all__ = ["NumpyChapter"]

_WIDTH, _FONT, _MIDDLE = 8.4, 24, 0.65  # of the listing, and how high its middle is
_GAP = 0.35  # between the listing and the network


class NumpyChapter(QuestionChapter):
    """The ``table`` of layer ``L`` and a ``board`` are on the screen before; the network stays beside the lines."""

    L: int
    table: LayerTable
    board: VGroup

    def in_numpy(self, equations: Sequence[MatrixEquation]) -> None:
        """The lines, run for real, and what they find.

        ``equations`` are those of the forward lines, of the last layer's δ, and of those that run backward.
        """
        lines = numpy_lines(self.example.network)
        found = run_lines(lines, self.example)[self.L]
        self.listing = listing = CodeListing(lines, colors=code_colors(), font_size=_FONT, width=_WIDTH)
        listing.move_to([theme.safe.left + 0.05, _MIDDLE, 0], aligned_edge=LEFT)
        result, back, diagram = gradient_found(found, f"dW[{self.L}]"), len(lines) - 4, self.table.diagram
        self.line = VGroup()
        room = (listing.get_right()[0] + _GAP + theme.safe.right) / 2
        self._shift = float(min(room, theme.safe.right - 0.05 - diagram.width / 2) - diagram.get_x())
        one_row = self._one_row()
        forward, last, *others = equations
        with self.say(
            f"In NumPy, all of it is {counted(len(lines), 'lines')}. X has the inputs, and Y the desired outputs, "
            "with a row for each example. The functions are f, their slopes df, and da is that of the cost.",
            key="numpy",
        ):
            self.play(FadeOut(self.board, self.table.aside), run_time=0.5)
            self.play(diagram.animate.shift(self._shift * RIGHT), run_time=0.9)
            self.play(LaggedStart(*(FadeIn(line, shift=0.1 * DOWN) for line in listing), lag_ratio=0.4, run_time=3.0))
            for cue, place in (("X has", 0), ("and Y", 5), ("The functions", 4), ("their slopes", 5)):
                self.reach(cue)
                self.play(Dim(*(line for line in listing if line is not listing.line(place))),
                          Undim(listing.line(place)), run_time=0.6)  # fmt: skip
        with self.say(
            "The first two lines get ready, the next three run forward. Then comes delta of the last layer; "
            "the rest runs backward. As the examples are rows here, the transpose is in the forward line. "
            "Going back, it falls away.",
            key="lines",
        ):
            self._lit(range(2))
            self.reach("the next")
            self._lit(range(2, 5), forward)
            self.play(diagram.pulse(self.L), run_time=1.0)
            self.reach("Then comes")
            self._lit(range(5, back), last)
            self.reach("the rest")
            for equation in others:
                self._lit(range(back, len(lines)), equation)
            self.play(diagram.pulse(self.L, backward=True), run_time=1.0)
            self._lit(range(2, 5), forward)
            self.reach("the transpose")
            self.play(Dim(listing.line(2), listing.line(4)), run_time=0.6)
            self.reach("Going back")
            self._lit(range(len(lines) - 1, len(lines)), *others[1:])
        with self.say(
            f"Run them on this one {Naming(self.example).thing}, so that X has one row: "
            "these are the derivatives of the last layer's weights, the same as before.",
            key="run",
        ):
            self.play(FadeOut(self.line), Undim(*listing), run_time=0.5)
            self.reach("so that X")
            self.play(FadeIn(one_row, shift=0.1 * LEFT), run_time=0.6)
            self.play(LaggedStart(*map(Pulse, listing), lag_ratio=0.3), run_time=1.4)
            self.reach("these are")
            self.play(FadeIn(result, shift=0.15 * UP), run_time=1.0)
            self.reach("the same")
            self.play(Underscore(result[1].side(-1)), run_time=1.6)
        self.play(FadeOut(listing, one_row, result), run_time=0.5)

    def _one_row(self) -> VGroup:
        """``# X = [0.90 0.40]`` behind the first line: as many of the inputs as there is room for."""
        line = self.listing.line(0)
        left = float(line.get_right()[0]) + 0.6
        room = float(self.table.diagram.get_left()[0]) + self._shift - _GAP - left
        row = row_of_inputs(self.trace, self.notation, room, font_size=line.font_size)
        return row.shift([left - row.get_left()[0], line.baseline - row[0][0].baseline, 0])

    def network_returns(self, diagram: NetworkDiagram) -> Animation:
        """From beside the lines to where it stood before."""
        back: Animation = diagram.animate.shift(-self._shift * RIGHT)
        return back

    def _lit(self, places: range, *equations: MatrixEquation) -> None:
        """Lights some lines, and writes the equation that they calculate."""
        old, lit = self.line, [line for place, line in enumerate(self.listing) if place in places]
        dark = [line for place, line in enumerate(self.listing) if place not in places]
        self.play(*([FadeOut(old)] if len(old) else []), Dim(*dark), Undim(*lit), run_time=0.5)
        self.line = VGroup()
        for equation in equations:
            self.line = formula_line(equation.symbols).shift(0.12 * UP)
            self.play(FadeIn(self.line, shift=0.1 * UP), run_time=0.7)
