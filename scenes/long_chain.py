"""Chapter 10, a long chain: the whole product for a first weight, how many paths there are, and why few lines do."""

from __future__ import annotations

from itertools import islice

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, Indicate, LaggedStart, Mobject, VGroup

from backprop_film.kit import Compose, CostNode, Prose, Pulse, Underscore, formula_line, theme
from backprop_film.kit.formula import Nothing
from backprop_film.sets import (
    GrownChainChapter,
    PathCounts,
    WaysNetwork,
    at_their_places,
    chains_and_lines,
    counted,
    how_many,
    instead,
    three_factors,
)
from backprop_math import (
    Activation,
    Example,
    Network,
    Notation,
    Number,
    Product,
    Relation,
    Sum,
    Weight,
    WeightedSum,
    load_example,
)
from backprop_math.formula import adding_up

#: The deep network, and the one that reads digits.
DEEP, LARGE = (3, 4, 4, 4, 4, 4, 4), "digits"
#: So many paths are shown one by one; in the deep network, before all of them are counted.
PATHS, HOPS = 8, 4


class LongChain(GrownChainChapter):
    """Two more factors a layer, written out whole; paths that multiply; and each carried number calculated once."""

    title = "A long chain"
    question = "So a first-layer weight has a super long expression?"
    example_name = "introduction"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.the_question(leave=True)
        self.the_chain_grows()
        self.the_tail_is_there_already()
        self.several_neurons()
        self.many_paths()
        self.few_lines()
        self.all_weights()
        self.the_answer()

    # -- several neurons a layer ------------------------------------------------------------------------

    def several_neurons(self) -> None:
        """The paths of a weight through the example's network, one by one, and their number."""
        counts, sizes = PathCounts(self.trace), self.example.network.layers
        product = self.product
        self.own = own = WaysNetwork(self.trace, self.notation, y=0.95, height=2.9, radius=0.19, most=6, rows=-1.25)
        which = "the network of the opening" if self.example.name == self.example_name else "this network"
        number = how_many(counts.paths).text()
        words = "Here, one path leads from this weight to the cost: one chain is all there is."
        if counts.paths > 1:
            ways = f", {' times '.join(how_many(n).text() for n in sizes[2:])}" if 3 < len(sizes) < 7 else ""
            words = f"From this weight, {number} paths lead to the cost{ways}. Each has a chain of its own."
        with self.say(f"And with several neurons a layer? Take {which}. {words}", key="paths"):
            self._next_network(self.before, product.cost, own)
            self.reach("Take")
            self.play(Indicate(own.weight, color=None), *own.reach(1), run_time=0.9)
            self.read()
            self._show_paths(own)
        self.before = [own, *own.texts]

    def _next_network(self, gone: list[Mobject], old: CostNode, new: WaysNetwork) -> None:
        """Only the cost stays, and becomes that of the next network."""
        cost = old.symbol.copy()
        self.add(cost)
        self.play(FadeOut(*gone), run_time=0.5)
        come = [part for part in new.cost if part is not new.cost.symbol]
        self.play(cost.animate.move_to(new.cost.symbol), FadeIn(new.diagram, new.weight, *come), run_time=0.9)
        self.remove(cost)
        self.add(new)

    def _show_paths(self, ways: WaysNetwork) -> None:
        """Some paths, one after the other; then all of them at once, counted layer by layer."""
        shown = [ways.path(neurons) for neurons in ways.some_paths(PATHS)]
        for place, path in enumerate(shown):
            if place:
                self.play(FadeOut(shown[place - 1]), FadeIn(path), run_time=0.35)
            else:
                self.play(Create(path[0]), FadeIn(path[1:]), run_time=1.0)
        self.play(FadeOut(shown[-1]), run_time=0.3)
        for layer in range(2, ways.last + 2):
            self.play(*ways.reach(layer), run_time=0.7)
        self.read()
        self.play(FadeIn(ways.total, shift=0.1 * UP), run_time=0.7)
        self.play(Pulse(ways.total[0]), run_time=1.2)

    def many_paths(self) -> None:
        """In a deep network, they multiply layer by layer."""
        drawn = Network.random(DEEP, seed=5)
        given, wanted = [0.5] * DEEP[0], [1.0] * DEEP[-1]
        deep = Example.from_arrays([*drawn.W], [*drawn.b], given, wanted, name="deep", title="A deep network").trace()
        self.deep = deep
        notation = Notation(drawn)
        self.upper = upper = WaysNetwork(deep, notation, y=0.7, height=2.9, radius=0.19)
        self.above = WaysNetwork(deep, notation, y=2.1)
        self.lower = WaysNetwork(deep, notation, y=-0.6)
        counts = upper.counts
        with self.say(
            "The deeper it is, the more they multiply. "
            f"With {counted(DEEP[-1], 'neurons')} in each of {counted(len(DEEP) - 1, 'layers')}, "
            f"it is {how_many(counts.paths).text()} paths, each a product of {counts.factors[0]} factors.",
            key="multiply",
        ):
            self._next_network(self.before, self.own.cost, upper)
            self.play(*upper.reach(1), run_time=0.5)
            haze = self._single_paths(upper)
            self.read()
            counter = upper.tally(1)
            self.play(FadeIn(counter, shift=0.1 * UP), run_time=0.4)
            for layer in range(2, upper.last + 1):
                old, counter = counter, upper.tally(counts.arriving[layer - 1]) if layer < upper.last else upper.total
                # "1 path", and then "paths" stays.
                texts = (old, counter) if layer == 2 else (old[:1], counter[:1])
                self.play(*upper.reach(layer), *instead(texts[0], texts[1], 0.6), run_time=0.6)
                self.remove(old)
                self.add(counter)
            self.play(*upper.reach(upper.last + 1), FadeOut(haze), run_time=0.5)
            self.reach("each a product")
            path = upper.path(upper.with_one_tail()[0])
            words = Prose(f"{counts.factors[0]} factors", font_size=28, color=theme.secondary)
            words.next_to(upper.total[1], DOWN, buff=0.25).align_to(upper.total[1], RIGHT)
            self.play(Create(path[0]), FadeIn(path[1:]), FadeIn(words, shift=0.1 * UP), run_time=1.4)
        self.one_path = VGroup(path, words)

    def _single_paths(self, ways: WaysNetwork) -> VGroup:
        """Some paths hop through the layers, one after the other, ever faster; their lines stay, faint."""
        lines = VGroup()
        for place, neurons in enumerate(islice(ways.some_paths(PATHS), 1, HOPS + 1)):
            path = ways.path(neurons)
            self.play(Create(path[0]), FadeIn(path[1:]), run_time=max(0.3, 0.7 - 0.15 * place))
            self.play(path[0].animate.set_stroke(width=2, opacity=0.35), FadeOut(path[1:]), run_time=0.2)
            lines.add(path[0])
        return lines

    def few_lines(self) -> None:
        """The same network, walked back from the cost: each line once."""
        lower, counts = self.lower, self.lower.counts
        paths, lines = how_many(counts.paths).text(), how_many(sum(counts.lines)).text()
        with self.say(
            "But all of these chains share their tails. "
            "Go back from the cost instead, and pin each neuron's number as soon as it is known. "
            "It is a sum: one product for each line that leads on. "
            "Whatever comes through that neuron uses it again. "
            f"So each line is walked once: {lines} lines, for {paths} paths.",
            key="lines",
        ):
            upper = self.upper
            one, other = upper.with_one_tail()
            whole = [upper.path(neurons) for neurons in (one, other)]
            tail = upper.path(one, first=upper.last - 2, color=theme.highlight)
            self.play(FadeOut(self.one_path), run_time=0.3)
            self.play(*(Create(path[0]) for path in whole), *(FadeIn(path[1:]) for path in whole), run_time=1.0)
            self.play(FadeIn(tail), run_time=0.6)
            self.read()
            self.play(FadeOut(*whole, tail), run_time=0.4)
            self.play(*upper.become_as(self.above), run_time=1.0)
            self.play(FadeIn(lower), run_time=0.6)
            self.reach("pin each")
            self.play(*lower.walk_back(lower.last), run_time=1.2)
            self.read()
            self._a_sum(lower)
            for layer in range(lower.last - 1, 0, -1):
                if layer == lower.last - 2:
                    self.read()
                self.play(*lower.walk_back(layer), run_time=1.0)
            self.read()
            row = [FadeIn(lower.walked[layer], shift=0.1 * DOWN) for layer in sorted(lower.walked, reverse=True)]
            self.play(LaggedStart(*row, lag_ratio=0.5), run_time=1.6)
            self.play(FadeIn(lower.carried, shift=0.1 * UP), run_time=0.8)
            self.play(Pulse(lower.carried[0]), Pulse(self.upper.total[0]), run_time=1.4)

    def _a_sum(self, ways: WaysNetwork) -> None:
        """The number of a neuron of the last layer but one: a product for each line out of it, added up."""
        trace, layer = self.deep, ways.last - 1
        a = Activation(layer, 0)
        chain = trace.chain_rule(a)
        products = tuple(Number(path.value, 4) for path in chain.iterate_paths())
        whole = adding_up(chain.symbols.sides[0], Sum(products), trace.derivative(a), 4)
        line = formula_line(whole)
        line.side(-1).set_fill(theme.highlight)
        circle = ways.diagram.neuron(layer, 0).circle
        ring = circle.get_stroke_color(), circle.get_stroke_width()
        # One product by its three factors, at its line.
        z, after = WeightedSum(layer + 1, 0), Activation(layer + 1, 0)
        weight = Number(trace.graph.edge(z, a).value, 2, Weight(layer + 1, 0, 0))
        edges = weight, Number(trace.graph.edge(after, z).value, 4)
        factors = Product((*edges, Number(trace.derivative(after), 4)))
        first = adding_up(Nothing(), factors, products[0].value, 4)
        one = formula_line(Relation(first.sides[1:], first.signs[1:]))
        one.side(-1).set_fill(theme.highlight)
        way, *ways_on = ways.lines_out(layer, 0)
        self.play(circle.animate.set_stroke(theme.highlight, 4), way, FadeIn(one), run_time=1.2)
        self.settle(one)
        self.play(Underscore(one.side(-1)), run_time=1.2)
        self.play(*instead([one], [line.side(0), line.sign(0)], 0.8), run_time=0.8)
        terms = [glyphs for node, glyphs in line.leaves(Number)]
        _, *parts, result = line.cut(line.sign(0), *terms[:-1])
        self.play(FadeIn(parts[0], shift=0.1 * UP), run_time=0.5)
        for way, part in zip(ways_on, parts[1:], strict=True):
            self.play(way, FadeIn(part, shift=0.1 * UP), run_time=0.7)
        self.play(FadeIn(result), run_time=0.6)
        self.play(circle.animate.set_fill(theme.highlight, 1), Underscore(line.side(-1)), run_time=1.2)
        self.settle(line)
        self.play(FadeOut(line), circle.animate.set_stroke(*ring), run_time=0.4)

    # -- all weights ------------------------------------------------------------------------------------

    def all_weights(self) -> None:
        """The same pass serves every weight: chains and lines, counted for whole networks."""
        upper, lower = self.upper, self.lower
        digits = load_example(LARGE).trace()
        own = [] if self.example.network.layers in (DEEP, digits.network.layers) else [PathCounts(self.trace)]
        networks = [*own, upper.counts, PathCounts(digits)]
        self.table, self.rules = chains_and_lines(networks)
        last = networks[-1]
        with self.say(
            "And the same pass back serves all weights of the network. "
            "Count the chains of all of them, and the lines, each walked once. "
            f"In a network that reads digits, {how_many(last.all_lines).text()} lines "
            f"replace {counted(round(last.all_paths / 1e6))} million chains.",
            key="all",
        ):
            gone = [upper, *upper.texts, *lower.walked.values(), lower.carried]
            self.play(FadeOut(*gone), lower.weight.animate.set_opacity(0), run_time=0.7)
            lower.remove(lower.weight)
            self.play(lower.animate.shift([1.2, 2.45, 0]), run_time=1.0)
            self.play(*lower.every_line(), run_time=1.0)
            self.read()
            self.play(FadeIn(self.table[0], self.rules), run_time=0.8)
            for row in self.table[1:-1]:
                self.play(FadeIn(row, shift=0.15 * DOWN), run_time=0.8)
            self.read()
            self.play(FadeIn(self.table[-1], shift=0.15 * DOWN), run_time=0.8)
            self.play(Underscore(self.table[-1][2]), run_time=1.4)
            self.reach("replace")
            self.play(Underscore(self.table[-1][1]), run_time=1.4)

    def the_answer(self) -> None:
        """Long, if it is written out; short, if what is known is used again."""
        line, words = three_factors(self.deep)
        with self.say(
            "So yes, written out it is super long; "
            "but each neuron's number is calculated once, from those after it, and then three factors are left.",
            key="answer",
        ):
            self.play(FadeOut(self.table, self.rules), run_time=0.5)
            self.play(self.lower.animate.scale(1.2).move_to([0, 1.0, 0]), run_time=1.0)
            self.reach("but each")
            self.play(self.lower.light(3.0))
            self.reach("and then")
            marks = at_their_places(line, self.lower.diagram)
            self.play(self.lower.edge.animate.set_stroke(theme.role(Weight), 5), run_time=0.5)
            self.play(LaggedStart(*(FadeIn(mark, shift=0.1 * UP) for mark, _ in marks), lag_ratio=0.5), run_time=1.5)
            self.play(Compose(line, marks, old=VGroup(*(mark for mark, _ in marks))), run_time=1.4)
            self.play(LaggedStart(*(FadeIn(word, shift=0.1 * UP) for word in words), lag_ratio=0.5), run_time=1.6)
        self.rest(1.0)
