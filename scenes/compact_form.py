"""Chapter 9, the compact form: a layer at a time, with matrices; why the transpose, why entry by entry; ten lines."""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Animation, Create, FadeIn, FadeOut, LaggedStart, Mobject, VGroup

from backprop_film.kit import (
    Dim,
    Formula,
    Light,
    Pulse,
    Underscore,
    Undim,
    Unlight,
    seen,
    theme,
)
from backprop_film.sets import (
    EquationBoard,
    LayerTable,
    NumpyChapter,
    TipOver,
    instead,
    some_examples,
)
from backprop_math import Activation, LayerEquations, Number
from backprop_math.functions import OutputActivation
from backprop_math.network import taken_together
from backprop_math.notation.matrix_equation import agreed


class CompactForm(NumpyChapter):
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
        self.a_batch()
        self.in_numpy([self.rows, self.error, self.weights, *self.before])
        self.the_answer()

    def lay_out(self) -> None:
        """The last layer, its table of weights, and the equations of the last two layers, with one rounding in all."""
        network = self.example.network
        self.L, self.deep = network.L, network.L > 1
        self.last = LayerEquations(self.trace, self.L, self.notation, decimals=3, longest=3)
        page = [self.last.weighted_sum, self.last.activation, self.last.error, self.last.weights, self.last.biases]
        several = some_examples(self.example)
        self.batch = len(several.inputs)
        page.append(self.last.of_batch([several.trace(i) for i in range(self.batch)]))
        if self.deep:
            page.append(LayerEquations(self.trace, self.L - 1, self.notation, decimals=3, longest=3).error)
        agreed_on = agreed(page)
        self.sum, self.activation, self.error, self.weights, self.biases, self.rows, *self.before = agreed_on
        shown = [node for equation in agreed_on for node in equation.numbers.walk() if isinstance(node, Number)]
        self.table = LayerTable(network, self.trace, self.notation, {node.value: node.decimals for node in shown})
        self.mixed = isinstance(network.activation[-1], OutputActivation)

    # -- forward --------------------------------------------------------------------------------------

    def weights_become_a_table(self) -> None:
        """The numbers on the edges into a neuron fly into a row of W."""
        table = self.table
        matrix, diagram = table.matrix, table.diagram
        with self.say(
            "Take the weights of the last layer. All weights into one neuron are a row of a table. "
            "Row j belongs to neuron j, column k to neuron k of the layer before.",
            key="table",
        ):
            self.play(FadeIn(diagram), run_time=1.0)
            self.reach("All weights")
            for j in table.rows:
                numbers = table.edge_numbers(j)
                lit = Light([diagram], table.into(j), list(diagram.layer(self.L)))
                self.play(lit, *(FadeIn(number) for number in numbers), run_time=0.8)
                plates = [number[0] for number in numbers]  # each number's edge stays clear of it until it has left
                self.remove(*numbers)
                self.add(*plates)
                left = [FadeOut(plate, run_time=0.5) for plate in reversed(plates)]
                self.play(
                    table.flight(j, numbers), *([LaggedStart(*left, lag_ratio=0.6)] if left else []), run_time=1.8
                )
            self.play(FadeIn(matrix.brackets, *seen(matrix.dots)), run_time=0.6)  # no number flies across them
            self.read()
            self.play(Unlight(diagram), FadeIn(matrix.labels, table.name), run_time=0.8)
            self.settle(matrix)
            for label, neurons in ((matrix.row_label(table.rows[0]), diagram.layer(self.L)),
                                   (matrix.column_label(table.columns[0]), diagram.layer(self.L - 1))):  # fmt: skip
                self.play(Underscore(label), neurons[0].glow(), run_time=1.4)

    def forward(self) -> None:
        """Z = W a + b."""
        table, j = self.table, self.table.rows[0]
        self.board = board = EquationBoard(self.sum)
        function = "Sigma" if self.example.network.activation[-1].name == "sigmoid" else "The function"
        with self.say(
            "Then all weighted sums are one product. A row of W times the column of activations, plus the bias, "
            f"is one weighted sum. {function} is applied to each entry alone.",
            key="forward",
        ):
            arrive = table.diagram.reveal(self.L - 1, self.trace)
            self.play(FadeIn(board.symbols, shift=0.15 * UP), *arrive, run_time=1.2)
            self.reach("A row")
            self.play(Light([table.diagram], [*table.into(j), table.diagram.neuron(self.L, j)],
                            list(table.diagram.layer(self.L - 1))), Create(table.row_frame), run_time=0.8)  # fmt: skip
            if board.numbers:
                row = [Pulse(entry) for entry in table.matrix.row(j)]
                for part in board.stages("W", "a", "b"):
                    self.play(FadeIn(part), *row, run_time=1.1)
                    row = []
            self.read()
            activation = EquationBoard(self.activation)
            self.play(FadeOut(board, table.row_frame), Unlight(table.diagram), run_time=0.6)
            arrive = table.diagram.reveal(self.L, self.trace)
            self.play(FadeIn(activation, shift=0.15 * UP), *arrive, run_time=1.2)
            self.board = activation

    # -- backward -------------------------------------------------------------------------------------

    def the_error(self) -> None:
        """δ of the last layer: the cost's slopes, each times its neuron's own."""
        table = self.table
        board = EquationBoard(self.error)
        start, own, dot = "", "", ""
        if taken_together(self.trace):
            own = "Cost and function are taken together here: one step."
        elif self.mixed:
            own = "With softmax each output depends on every z: so the slopes are a whole matrix."
        else:
            start = "It starts with nabla: how the cost reacts to each activation."
            own, dot = "Each neuron has its own slope, so these two are multiplied entry by entry.", "The circled dot"
        says = f"{dot} says that." if dot else ""
        slopes, tags = board.stages("gradient", "slope"), table.carried if start else VGroup()
        with self.say(
            "Going back, a number is carried. Here it is delta: how the cost reacts to a weighted sum. "
            f"{start} {own} {says}",
            key="error",
        ):
            # Beside it, the cost's letter would be read as a factor.
            self.play(*instead([self.board, table.name], [table.cost]), Dim(*table.matrix), run_time=1.0)
            self.reach("Here it is")
            self.play(FadeIn(board.symbols, shift=0.15 * UP), run_time=1.2)
            if start:
                delta, nabla = (Formula(each, font_size=40).next_to(board.symbols, DOWN, 0.35)
                                for each in self.last.meanings)  # fmt: skip
                delta.side(0).set_fill(theme.highlight)
                self.play(Underscore(board.symbols.side(0)), FadeIn(delta, shift=0.1 * UP), run_time=1.2)
                self.reach("It starts")
                under = map(Underscore, board.part("gradient", symbols=True))
                self._move(*under, *instead([delta], [nabla]), run_time=1.2)
                if len(tags):
                    self.play(table.land(tags), FadeIn(*table.targets), run_time=1.4)
                self.play(*instead([nabla], slopes[:1]), run_time=1.0)
            self.reach(own.split(":")[0].split(",")[0])
            self._move(*(FadeIn(part) for part in slopes[len(slopes[:1]) if start else 0 : -1]),
                       *(Underscore(part) for part in board.part("slope", symbols=True)), run_time=1.2)  # fmt: skip
            for pair in zip(board.entries("gradient"), board.entries("slope"), strict=False):
                self.play(*map(_lit, pair), run_time=1.0)
            if dot:
                self.reach(dot)
                self.play(*(Pulse(part, scale_factor=1.5) for part in board.dots), run_time=0.9)
            self._move(*map(FadeOut, seen(tags)), *map(FadeIn, slopes[-1:]), run_time=0.7)
            self._move(*map(FadeIn, table.errors), run_time=0.7)
        self.board = board

    def the_transpose(self) -> None:
        """Row j leads into neuron j; column k out of neuron k: going back, it is the column that is summed."""
        table = self.table
        self.settle(self.board)
        self.play(
            FadeOut(self.board, table.matrix.labels, table.cost, *table.targets),
            Undim(*table.matrix[:-1]),
            run_time=0.4,
        )
        table.name.next_to(table.matrix.brackets, LEFT, buff=0.3)
        self.play(FadeIn(table.name), run_time=0.4)
        if not self.deep:
            return
        k = table.columns[0]
        board = EquationBoard(self.before[0])
        with self.say("What leads into a neuron is a row. What leads out of a neuron is a column.", key="row-column"):
            self._light_row()
            self.read()
            self._light_column()
        with self.say(
            "Going back adds up over all that leads out of a neuron. So its column becomes a row: the transpose. "
            "The other columns follow. Its row times delta is that sum, for each neuron. "
            "And then, again, each entry is multiplied by its neuron's own slope.",
            key="transpose",
        ):
            for _ in range(2):
                self.play(table.back(k), run_time=1.2)
            self.reach("So its column")
            moves = board.moves(source for source in table.sources if source[1].k == k)
            row = table.frame(VGroup(*(part for _, part in moves))) if moves else VGroup()
            if moves:
                column = [entry for entry, _ in moves]
                self.play(Dim(*column, to=0.0, run_time=0.2), TipOver(moves, table.column_frame, row, run_time=2.0))
                self.add(row, *(part for _, part in moves))
                self.play(Undim(*column), run_time=0.3)
            self.reach("The other")
            for other in dict.fromkeys(w.k for _, w in table.sources if w.k != k):
                if follow := board.moves(source for source in table.sources if source[1].k == other):
                    arrive = [FadeIn(part, shift=0.15 * DOWN) for _, part in follow]
                    self.play(*(Pulse(entry) for entry, _ in follow), *arrive, run_time=0.7)
                    moves += follow
            stages = board.stages("W", "delta", "slope")
            landed = {id(glyph) for _, part in moves for glyph in part}
            rest = [VGroup(*(glyph for glyph in stage if id(glyph) not in landed)) for stage in stages]
            self.play(*(FadeIn(part) for part in rest[:1]), FadeIn(board.symbols, shift=0.1 * DOWN), run_time=1.0)
            self.reach("Its row")
            self._move(*map(FadeIn, rest[1:2]), *self._errors_light(), run_time=1.2)
            summed = board.first_row_summed(table.derivative(Activation(self.L - 1, k)))
            collected = [*table.collected] if len(table.earlier) else []
            if summed:
                self.play(table.back(k), FadeIn(VGroup(*summed.side(0)), shift=0.1 * UP), run_time=1.2)
                self.play(FadeIn(summed[len(summed.side(0)) :]), run_time=0.6)
            arrive = [FadeIn(tag, shift=0.2 * LEFT) for tag in collected]
            self._move(*([LaggedStart(*arrive, lag_ratio=0.3)] if arrive else []), run_time=1.2)
            self.reach("each entry")
            self._move(*([FadeOut(summed)] if summed else []), run_time=0.4)
            self._move(*map(FadeIn, rest[2:3]), *map(Underscore, board.part("slope", symbols=True)), run_time=1.4)
            self._move(*map(FadeIn, rest[3:]), *instead(collected, table.earlier), run_time=1.2)
        self.settle(board)
        self.backward = VGroup(board, row)
        self.play(FadeOut(self.backward, table.column_frame), Unlight(table.diagram), run_time=0.6)

    def _move(self, *moves: Animation, run_time: float) -> None:
        """Play what there is to play: numbers that have no room bring nothing."""
        if moves:
            self.play(*moves, run_time=run_time)

    def _errors_light(self) -> list[Pulse]:
        """The numbers of δ light on their plates."""
        return [Pulse(number, scale_factor=1.2) for _, number in self.table.errors]

    def _light_row(self) -> None:
        table = self.table
        layers = [*table.diagram.layer(self.L - 1), *table.diagram.layer(self.L)]
        self.play(Light([table.diagram], table.into(table.rows[0]), layers), Create(table.row_frame), run_time=1.0)

    def _light_column(self) -> None:
        table = self.table
        layers = [*table.diagram.layer(self.L - 1), *table.diagram.layer(self.L)]
        self.play(FadeOut(table.row_frame), run_time=0.3)
        self.play(Light([table.diagram], table.out_of(table.columns[0]), layers), Create(table.column_frame),
                  run_time=1.0)  # fmt: skip

    def the_gradient(self) -> None:
        """∂C/∂W = δ aᵀ, and ∂C/∂b = δ."""
        weights, biases = EquationBoard(self.weights), EquationBoard(self.biases)
        with self.say(
            "The weights' part of the gradient is one product: in row j and column k stands delta of j times the "
            "activation of k. For the biases it is delta itself.",
            key="gradient",
        ):
            self.play(FadeIn(weights.symbols, shift=0.15 * UP), run_time=0.9)
            stages = weights.stages("a")
            self.reach("in row j")
            for part in stages[:1]:
                self.play(FadeIn(part), run_time=0.9)
            self.reach("delta of j")
            self.play(*map(_lit, weights.entries("delta")[:1]) if stages else Underscore(weights), run_time=1.0)
            self.reach("activation of k") if stages else None
            self.play(*map(_lit, weights.entries("a")[:1]), run_time=1.0) if stages else None
            for part in stages[1:]:
                self.play(FadeIn(part), run_time=0.7)
                self.play(*map(_lit, weights.entries("result")[:1]), run_time=1.0)
            self.read()
            self.settle(weights)
            self.play(FadeOut(weights), run_time=0.4)
            self.play(FadeIn(biases, shift=0.15 * UP), run_time=0.9)
            self._move(*self._errors_light(), run_time=1.0)
        self.board = biases

    def a_batch(self) -> None:
        """Z = A Wᵀ + b: a row for each of several examples, of which the first is the one in the network."""
        if self.batch < 2:
            return
        table, board = self.table, EquationBoard(self.rows)
        with self.say(
            "Several examples at once: the same sums, in a row for each example. Their activations are the rows of A. "
            "A row times a column is a sum, so W's rows stand upright now: W is transposed. "
            "Add b to each row: these are all their weighted sums.",
            key="batch",
        ):
            self.play(FadeOut(self.board), run_time=0.5)
            self.play(FadeIn(board.symbols, shift=0.15 * UP), run_time=0.9)
            stages, entries = board.stages("A", "W", "b"), board.entries("A")
            self.reach("Their activations")
            self._move(*map(FadeIn, stages[:1]), run_time=1.0)
            first = entries[: len(entries) // self.batch] if stages else []
            neurons = [neuron.glow() for neuron in table.diagram.layer(self.L - 1)]
            self.play(*neurons, *map(Pulse, first), run_time=1.4)
            for cue, part in zip(("so W's rows", "Add b", "these are"), stages[1:], strict=False):
                self.reach(cue)
                self.play(FadeIn(part), run_time=0.9)
            found = board.entries("result")
            neurons = [neuron.glow() for neuron in table.diagram.layer(self.L)]
            self.play(*neurons, *map(Pulse, found[: len(found) // self.batch]), run_time=1.4)
        self.board = board

    def the_answer(self) -> None:
        """The answer in a sentence, over the table and the equation that goes back."""
        table = self.table
        why = "Rows lead in, columns lead out. Going back sums over what leads out, so W is transposed."
        with self.say(
            f"So it is the chain rule that you know, a whole layer at a time. {why if self.deep else ''}".strip(),
            key="answer",
        ):
            self.play(self.network_returns(table.diagram), run_time=0.9)
            self.play(FadeIn(table.aside), *([FadeIn(self.backward)] if self.deep else []), run_time=0.8)
            self.play(table.diagram.pulse(self.L), run_time=1.2)
            self.play(table.diagram.pulse(self.L, backward=True), run_time=1.2)
            if self.deep:
                self.read()
                self._light_row()
                self.reach("columns lead out")
                self._light_column()
                self.reach("Going back")
                self.play(table.back(table.columns[0]), run_time=1.2)
                self.reach("so W")
                self.play(Underscore(self.backward[0].symbols.side(1)), run_time=1.6)
        self.rest(1.0)


def _lit(entry: Mobject) -> Pulse:
    """An entry of a column is lit; a line under it would be read as that of a fraction."""
    return Pulse(entry, scale_factor=1.05)
