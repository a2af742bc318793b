"""Chapter 9, the compact form: a layer at a time, with matrices; why the transpose, why entry by entry; ten lines."""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Create, FadeIn, FadeOut, LaggedStart, RoundedRectangle, VGroup

from backprop_film.kit import CodeListing, Compose, Dim, Light, Underscore, Undim, Unlight, seen, theme
from backprop_film.sets import (
    EquationBoard,
    LayerTable,
    QuestionChapter,
    code_colors,
    counted,
    gradient_found,
    numpy_lines,
    run_lines,
)
from backprop_math import LayerEquations
from backprop_math.functions import OutputActivation
from backprop_math.network import taken_together


class CompactForm(QuestionChapter):
    """W, a, z and δ of a real network as matrices, whose entries come from its edges; and the NumPy that does it."""

    title = "The compact form"
    question = "Can you write it with matrices? And why the transpose?"
    example_name = "two_outputs"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.the_question()
        self.lay_out()
        self.weights_become_a_table()
        self.forward()
        self.the_error()
        self.the_transpose()
        self.the_gradient()
        self.in_numpy()
        self.the_answer()

    def lay_out(self) -> None:
        """The last layer, its table of weights, and the equations of the last two layers."""
        network = self.example.network
        self.L, self.deep = network.L, network.L > 1
        self.table = LayerTable(network, self.trace, self.notation)
        self.last = LayerEquations(self.trace, self.L, self.notation, longest=3)
        self.mixed = isinstance(network.activation[-1], OutputActivation)

    # -- forward --------------------------------------------------------------------------------------

    def weights_become_a_table(self) -> None:
        """The edges into a neuron become a row of W."""
        table = self.table
        matrix, diagram = table.matrix, table.diagram
        with self.say(
            "Take the weights of the last layer. All weights into one neuron are a row of a table. "
            "Row j belongs to neuron j, column k to neuron k of the layer before.",
            key="table",
        ):
            self.play(FadeIn(diagram), run_time=1.0)
            self.reach("All weights")
            self.play(FadeIn(matrix.brackets, *seen(matrix.dots)), run_time=0.6)
            for j in table.rows:
                row = matrix.row(j)
                self.play(Light([diagram], table.into(j), list(diagram.layer(self.L))), run_time=0.4)
                self.play(Compose(row, [], veiled=table.moves(j)), run_time=1.0)
            self.read()
            self.play(Unlight(diagram), FadeIn(matrix.labels, table.name), run_time=0.8)
            self.settle(matrix)
            self.play(LaggedStart(*(Underscore(label) for label in matrix.labels), lag_ratio=0.2), run_time=2.0)

    def forward(self) -> None:
        """Z = W a + b."""
        table, j = self.table, self.table.rows[0]
        self.board = board = EquationBoard(self.last.weighted_sum)
        with self.say(
            "Then all weighted sums are one product. A row of W times the column of activations, plus the bias, "
            "is one weighted sum. The function is applied to each entry alone.",
            key="forward",
        ):
            self.play(FadeIn(board.symbols, shift=0.15 * UP), run_time=0.9)
            self.reach("A row")
            self.play(Light([table.diagram], [*table.into(j), table.diagram.neuron(self.L, j)],
                            list(table.diagram.layer(self.L - 1))), Create(table.row_frame), run_time=0.8)  # fmt: skip
            if board.numbers:
                self.play(Compose(board.numbers, [], veiled=board.moves(table.sources)), run_time=1.6)
                self.play(*(Underscore(part) for part in board.part("result")), run_time=1.4)
            self.read()
            activation = EquationBoard(self.last.activation)
            self.play(FadeOut(board, table.row_frame), Unlight(table.diagram), run_time=0.6)
            self.play(FadeIn(activation, shift=0.15 * UP), run_time=0.9)
            self.board = activation

    # -- backward -------------------------------------------------------------------------------------

    def the_error(self) -> None:
        """δ of the last layer: the cost's slopes, each times its neuron's own."""
        table = self.table
        board = EquationBoard(self.last.error)
        if taken_together(self.trace):
            why = "Cost and function are taken together here: one step."
        elif self.mixed:
            why = "With softmax each output depends on every z: so the slopes are a whole matrix."
        else:
            why = "Each neuron has its own slope: so these two are multiplied entry by entry. That is the circled dot."
        with self.say(
            "Going back, a number is carried. Here it is delta: how the cost reacts to a weighted sum, "
            f"where until now it was to an activation. {why}",
            key="error",
        ):
            self.play(FadeOut(self.board), run_time=0.5)
            self.reach("Here it is")
            self.play(FadeIn(board.symbols, shift=0.15 * UP), run_time=1.2)
            self.reach("how the cost")
            self.play(LaggedStart(*(FadeIn(tag, shift=0.2 * LEFT) for tag in table.errors), lag_ratio=0.3)
                      if len(table.errors) else Underscore(board.symbols.side(0)), run_time=1.2)  # fmt: skip
            self.reach(why.split(":")[0])
            self.play(*(FadeIn(part, shift=0.15 * UP) for part in seen(board.numbers)),
                      *(Underscore(part) for part in board.part("slope", symbols=True)),
                      Underscore(board.symbols.side(-1)), run_time=1.4)  # fmt: skip
            self.play(*(Underscore(part) for part in (board.part("slope") or [board.symbols])), run_time=1.4)
        self.board = board

    def the_transpose(self) -> None:
        """Row j leads into neuron j; column k out of neuron k: going back, it is the column that is summed."""
        table = self.table
        self.play(FadeOut(self.board, table.matrix.labels), run_time=0.4)
        if not self.deep:
            return
        j, k = table.rows[0], table.columns[0]
        board = EquationBoard(LayerEquations(self.trace, self.L - 1, self.notation, longest=3).error)
        layers = [*table.diagram.layer(self.L - 1), *table.diagram.layer(self.L)]
        with self.say("What leads into a neuron is a row. What leads out of a neuron is a column.", key="row-column"):
            self.play(Light([table.diagram], table.into(j), layers), Create(table.row_frame), run_time=1.0)
            self.read()
            self.play(FadeOut(table.row_frame), run_time=0.3)
            self.play(Light([table.diagram], table.out_of(k), layers), Create(table.column_frame), run_time=1.0)
        column = board.moves(source for source in table.sources if source[1].k == k)
        others = board.moves(source for source in table.sources if source[1].k != k)
        with self.say(
            "Going back adds up over all that leads out of a neuron. So its column becomes a row: the transpose. "
            "And then, again, each entry is multiplied by its neuron's own slope.",
            key="transpose",
        ):
            for _ in range(2):
                self.play(table.back(k), run_time=1.2)
            self.reach("So its column")
            if board.numbers:
                self.play(Compose(board.numbers, column, veiled=others), run_time=2.2)
                self.play(FadeIn(board.symbols, shift=0.1 * DOWN), run_time=0.7)
                self.play(Create(row := self._frame(table.transposed_row(board, k))), run_time=0.7)
            else:
                self.play(FadeIn(board.symbols, shift=0.15 * UP), run_time=0.9)
                row = VGroup()
            self.read()
            self.play(*(Underscore(part) for part in (*board.part("slope"), *board.part("slope", symbols=True))),
                      run_time=1.6)  # fmt: skip
            arrive = [FadeIn(tag, shift=0.2 * LEFT) for tag in table.earlier]
            if arrive:
                self.play(LaggedStart(*arrive, lag_ratio=0.3), run_time=1.2)
        self.backward = VGroup(board, row)
        self.play(FadeOut(self.backward, table.column_frame), Unlight(table.diagram), run_time=0.6)

    def the_gradient(self) -> None:
        """∂C/∂W = δ aᵀ, and ∂C/∂b = δ."""
        weights, biases = EquationBoard(self.last.weights), EquationBoard(self.last.biases)
        with self.say(
            "The gradient is now one product: in row j and column k stands delta of j times the activation of k. "
            "For the biases it is delta itself.",
            key="gradient",
        ):
            self.play(FadeIn(weights.symbols, shift=0.15 * UP), run_time=0.9)
            if weights.numbers:
                self.play(FadeIn(weights.numbers, shift=0.15 * UP), run_time=0.9)
                self.reach("delta of j")
                self.play(*(Underscore(part) for part in weights.part("delta")), run_time=1.2)
                self.reach("the activation")
                self.play(*(Underscore(part) for part in weights.part("a")), run_time=1.2)
            self.read()
            self.play(FadeOut(weights), run_time=0.4)
            self.play(FadeIn(biases, shift=0.15 * UP), run_time=0.9)
        self.board = biases

    # -- code -----------------------------------------------------------------------------------------

    def in_numpy(self) -> None:
        """The lines, run for real; what they find."""
        lines = numpy_lines(self.example.network)
        found = run_lines(lines, self.example)[self.L]
        listing = CodeListing(lines, colors=code_colors(), font_size=30).move_to([0, 0.72, 0])
        result = gradient_found(found, self.last.weights.symbols.sides[0])
        forward = 5
        with self.say(
            f"In NumPy, all of it is {counted(len(lines), 'lines')}. With a batch it is the same: "
            "each vector becomes a matrix, with a row for each example. "
            "The first lines run forward, the others backward. "
            "As the examples are rows, the transpose is in the forward line here.",
            key="numpy",
        ):
            self.play(FadeOut(self.board, self.table.all), run_time=0.6)
            shown = (FadeIn(line, shift=0.1 * DOWN) for line in listing)
            self.play(LaggedStart(*shown, lag_ratio=0.5), run_time=4.0)
            self.reach("each vector")
            self.play(Underscore(listing.line(0)), run_time=1.6)
            self.reach("The first")
            self.play(Dim(*listing[forward:]), run_time=0.7)
            self.reach("the others")
            self.play(Dim(*listing[:forward]), Undim(*listing[forward:]), run_time=0.7)
            self.read()
            self.play(Undim(*listing[:forward]), Underscore(listing.line(3)), run_time=max(1.6, self.seconds_left))
        with self.say(
            "This is what they have found for our example: the derivatives of the last layer's weights, "
            "the same as before.",
            key="run",
        ):
            self.play(FadeIn(result, shift=0.15 * UP), run_time=1.0)
            self.reach("the same")
            self.play(Underscore(result.side(-1)), run_time=1.6)
        self.play(FadeOut(listing, result), run_time=0.6)

    def the_answer(self) -> None:
        """The answer in a sentence, over the table and the equation that goes back."""
        table = self.table
        why = "The transpose is there because going back adds up what leads out of each neuron."
        with self.say(
            f"So it is the chain rule that you know, a whole layer at a time. {why if self.deep else ''}".strip(),
            key="answer",
        ):
            self.play(FadeIn(table.all), *([FadeIn(self.backward)] if self.deep else []), run_time=1.2)
            self.play(table.diagram.pulse(self.L), run_time=1.2)
            self.play(table.diagram.pulse(self.L, backward=True), run_time=1.2)
            if self.deep:
                self.read()
                k = table.columns[0]
                layers = [*table.diagram.layer(self.L - 1), *table.diagram.layer(self.L)]
                self.play(Light([table.diagram], table.out_of(k), layers), Create(table.column_frame), run_time=1.0)
                self.play(table.back(k), run_time=1.2)
                self.play(Underscore(self.backward[0].symbols.side(1)), run_time=1.6)
        self.rest(1.0)

    def _frame(self, part: VGroup) -> RoundedRectangle:
        frame = RoundedRectangle(
            width=part.width + 0.2, height=part.height + 0.16, corner_radius=0.08, stroke_color=theme.highlight
        )
        frame.overlaps_ok = True
        return frame.set_stroke(width=2).move_to(part)
