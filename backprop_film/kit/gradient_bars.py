"""`GradientBars`: every entry of the gradient as a signed bar, filled by one sweep of light from the cost backwards.

In a scene::

    diagram.scale(0.6).to_edge(LEFT)
    bars = GradientBars(trace, notation, height=4.8).shift(2 * RIGHT)
    self.play(FadeIn(bars.brackets, bars.places, bars.layer_names))
    self.play(BackwardSweep(diagram, bars, run_time=4))
    self.play(FadeIn(*bars.entries()))                     # one for each layer, spelled out
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from manim import LEFT, RIGHT, Animation, Line, Mobject, Rectangle, Triangle, VGroup, linear

from backprop_math import BackwardPass, Cost, Derivative, Expression, Notation, Parameter, Relation, Symbol, Term
from backprop_math.formula import factor_name, in_one_form, relation_sign

from .formula import Formula
from .gradient_column import brackets
from .network_diagram import NetworkDiagram
from .readout import Readout
from .texts import Prose
from .theme import theme

__all__ = ["BackwardSweep", "GradientBars"]

_HIGH = 0.98  # an entry that is spelled out
_MOST = 60  # entries in the column; of more in a layer the first and the last are shown


class GradientBars(VGroup):
    """The gradient from the first layer above to the last below: a bar to the right for an increase of the cost.

    All bars have one scale. ``brackets``, ``places`` (a dash for each entry), ``axis``, ``bars``, ``layer_names`` and
    ``count`` ("0 of 54 entries") are its parts; ``bar(q)`` is an entry's (`KeyError` where only dots are shown).
    """

    def __init__(self, trace: BackwardPass, notation: Notation, *, width: float = 2.0, height: float = 5.0) -> None:
        super().__init__()
        network = trace.network
        self.trace, self.notation, self.total = trace, notation, len(network.parameters)
        self._rows: dict[Parameter, float] = {}
        self.layers: dict[int, list[Parameter]] = {}
        most = max(4, _MOST // network.L)
        slots: list[Parameter | float] = []
        start = 0
        for layer in range(1, network.L + 1):
            n = network.layers[layer] * (network.layers[layer - 1] + 1)
            whole = n <= most or self.total <= _MOST
            places = range(n) if whole else [*range(most // 2), *range(n - most // 2, n)]
            found = [network.parameters[start + place] for place in places]
            start += n
            self.layers[layer] = found
            slots += found if whole else [*found[: most // 2], 1.5, *found[most // 2 :]]
            slots.append(1.5)
        slots.pop()
        weight = [slot if isinstance(slot, float) else 1.0 for slot in slots]
        step = height / sum(weight)
        self._thick = min(0.62 * step, 0.3)
        slopes = {q: trace.derivative(q) for layer in self.layers.values() for q in layer}
        largest = max(map(abs, slopes.values())) or 1.0
        self.places, self.bars = VGroup(), VGroup()
        self._bars: dict[Parameter, Rectangle] = {}
        self._places: dict[Parameter, Line] = {}
        y = height / 2
        for slot, size in zip(slots, weight, strict=True):
            middle = y - size * step / 2
            y -= size * step
            if isinstance(slot, float):
                continue
            self._rows[slot] = middle
            length = max(abs(slopes[slot]) / largest * (width / 2 - 0.1), 0.012)
            bar = Rectangle(width=length, height=self._thick, stroke_width=0).set_fill(theme.colour(slot), 1)
            bar.move_to([0, middle, 0], aligned_edge=LEFT if slopes[slot] >= 0 else RIGHT)
            self._bars[slot] = bar
            self.bars.add(bar)
            ends = ([x, middle, 0] for x in (-0.1, 0.1))
            self._places[slot] = Line(*ends, stroke_width=2, color=theme.colour(slot)).set_stroke(opacity=0.7)
            self.places.add(self._places[slot])
        self.axis = Line([0, height / 2, 0], [0, -height / 2, 0], stroke_width=1.5, color=theme.arrow)
        frame = Rectangle(width=width, height=height + 0.1, stroke_width=0)
        self.brackets = brackets(VGroup(frame), buff=0.06)
        self.layer_names = VGroup()
        for layer, found in self.layers.items():
            middle = (self._rows[found[0]] + self._rows[found[-1]]) / 2
            name = Prose(f"layer {layer}", font_size=22).next_to(self.brackets, LEFT, buff=0.18).set_y(middle)
            self.layer_names.add(name)
        self.count = VGroup(Readout(0, decimals=0, font_size=24, color=theme.highlight),
                            Prose(f"of {self.total:,} entries", font_size=24, color=theme.highlight))  # fmt: skip
        self.count[1].next_to([0, 0, 0], RIGHT, buff=0)
        self.count[0].set_value(self.total)
        self.count[0].next_to(self.count[1], LEFT, buff=0.12).on_baseline(self.count[1].baseline)
        self.count[0].set_value(0)
        self.count.set_x(0).set_y(-height / 2 - 0.38)
        self.add(self.brackets, self.places, self.axis, self.bars, self.layer_names, self.count)

    def __contains__(self, quantity: object) -> bool:
        return quantity in self._bars

    def place(self, quantity: Parameter) -> Line:
        """The dash where its entry will stand."""
        return self._places[quantity]

    def bar(self, quantity: Parameter) -> Rectangle:
        """The bar of a weight's or bias's entry."""
        return self._bars[quantity]

    def entries(self, of: Mapping[Parameter, Symbol] | None = None) -> list[VGroup]:
        """The largest entry of each layer, spelled out to the right: a triangle, its derivative, its number.

        Those ``of`` which symbols are given take the place of their layers' largest ones. Where there are more layers
        than there is room, it is those of the last ones above each other.
        """
        named = {q: symbol for q, symbol in (of or {}).items() if q in self}
        lowest = float(self.axis.get_bottom()[1]) + 0.45
        chosen: dict[Parameter, float] = {}
        for layer in reversed(list(self.layers)):
            found = [q for q in named if q.layer == layer] or self.layers[layer]
            q = max(found, key=lambda q: abs(self.trace.derivative(q)))
            row = float(self.bar(q).get_y())
            above = max((other + _HIGH for other in chosen.values()), default=lowest)
            y = min(max(row, lowest, above), theme.title_zone.bottom - _HIGH / 2)
            if y >= above and abs(y - row) < _HIGH / 2:
                chosen[q] = y
        slopes = [self.trace.derivative(q) for q in chosen]
        # Fewer decimals where there are many digits before the point.
        largest = max(map(abs, slopes))
        numbers = in_one_form(slopes, 4 if largest < 10 else 2 if largest < 1000 else 0)
        made = []
        for q, number in zip(chosen, numbers, strict=True):
            symbol: Expression = self.notation.derivative_symbol(Cost(), q)
            if q in named:
                symbol = Term(factor_name(Cost(), q), Derivative(self.notation.symbol(Cost()), named[q]))
            formula = Formula(Relation((symbol, number), (relation_sign(number),)), font_size=31)
            mark = Triangle(stroke_width=0).set_fill(theme.colour(q), 1).scale_to_fit_height(0.11).rotate(np.pi / 2)
            mark.next_to(self.brackets, RIGHT, buff=0.08).set_y(self.bar(q).get_y())
            formula.next_to(mark, RIGHT, buff=0.1).set_y(chosen[q])
            made.append(VGroup(mark, formula.fit(theme.safe.right - formula.get_left()[0])))
        return made


class BackwardSweep(Animation):
    """Light leaves the cost and runs back through the layers; each entry appears as it passes its edges.

    What it has passed stays violet; the bright line in the column climbs in step. It passes ``cost_edges`` first;
    ``arrow`` is a mobject whose ``reach(part)`` is told in every frame how far it has come. Before it is played, its
    ``light`` must be on the screen, as must be the bars.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        bars: GradientBars,
        *,
        cost_edges: Sequence[Line] = (),
        arrow: Any = None,
        **animation: Any,
    ) -> None:
        self.bars, self.arrow = bars, arrow
        # Layers that are not drawn lie among the dots.
        drawn = [float(diagram.layer(layer).get_x()) for layer in diagram.layers]
        self.xs = np.interp(range(diagram.network.L + 1), diagram.layers, drawn).tolist()
        ends = [float(edge.get_end()[0]) for edge in cost_edges]
        self.start_x = max([*ends, self.xs[-1] + 0.01])
        self._pieces: list[tuple[Any, Any, float, float]] = []
        self._parts: dict[Any, float] = {}  # how much of each is lit by now,
        self._seen: dict[Any, bool] = {}  # and which bars have been seen to come
        lit = VGroup()
        self._lit: dict[Mobject, VGroup] = {}
        edges = [edge for layer in range(1, diagram.network.L + 1) for edge in diagram.edges(layer)]
        for edge in [*cost_edges, *edges]:
            self._lit[edge] = VGroup()
            for piece in edge.family_members_with_points():
                bright = piece.copy().set_stroke(theme.highlight, opacity=1)
                self._pieces.append((bright, piece.copy(), float(piece.get_start()[0]), float(piece.get_end()[0])))
                self._lit[edge].add(bright)
                lit.add(bright)
        self.rings = [(neuron.circle, self.xs[layer]) for layer in diagram.layers for neuron in diagram.layer(layer)]
        top, bottom = diagram.get_top()[1], diagram.get_bottom()[1]
        self.glow = Rectangle(width=0.9, height=top - bottom, stroke_width=0).set_y((top + bottom) / 2)
        self.glow.set_fill([theme.highlight, theme.background], 0.22).set_sheen_direction(RIGHT)
        self.line = Line(LEFT, RIGHT, stroke_width=4, color=theme.highlight)
        self.line.scale_to_fit_width(bars.brackets.width - 0.12)
        self.light = VGroup(self.glow, lit, self.line)
        self.glow.set_fill(opacity=0)
        self.light.overlaps_ok = True  # it passes behind the neurons
        VGroup(lit, self.line).set_stroke(opacity=0)
        neurons = [neuron for layer in diagram.layers for neuron in diagram.layer(layer)]
        for neuron in neurons:  # in front of the light
            neuron.set_z_index(1)
        moving = [bars.bars, bars.places, bars.count, *neurons, *([arrow] if arrow else [])]
        super().__init__(VGroup(self.light, *moving), **{"run_time": 4.0, "rate_func": linear, **animation})

    def lit(self, edge: Mobject) -> VGroup:
        """The light that stays on an edge that it has passed."""
        return self._lit[edge]

    def lit_but(self, edge: Mobject) -> list[VGroup]:
        """That of all others."""
        return [light for other, light in self._lit.items() if other is not edge]

    def create_starting_mobject(self) -> Mobject:
        """Nothing is copied: every frame is worked out from where the light is."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Where the light is, what it has passed, and what has appeared."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        front = self.start_x + t * (self.xs[0] - self.start_x)
        self.glow.set_x(front + 0.42)
        self.glow.set_fill(opacity=0.22 * min(1.0, 10 * t, 10 * (1 - t)))
        for bright, whole, start, end in self._pieces:
            part = (end - front) / (end - start) if end - start > 1e-9 else float(front <= end)
            part = min(1.0, max(0.0, part))
            if part == self._parts.get(bright):
                continue
            self._parts[bright] = part
            if part <= 0:
                bright.set_stroke(opacity=0)
            else:
                bright.pointwise_become_partial(whole, 1 - part, 1)
                bright.set_stroke(opacity=0.85)
        for ring, x in self.rings:
            if front <= x + 1e-6:
                ring.set_stroke(theme.highlight)
        top = bottom = float(self.bars.axis.get_bottom()[1])
        shown = 0
        for layer, found in self.bars.layers.items():
            right, left = self.xs[layer], self.xs[layer - 1]
            done = min(1.0, max(0.0, (right - front) / (right - left)))
            passed = round(done * len(found))
            for place, q in enumerate(found):
                seen = place >= len(found) - passed
                if seen != self._seen.get(q):
                    self._seen[q] = seen
                    self.bars.bar(q).set_fill(opacity=float(seen))
                    self.bars.place(q).set_stroke(opacity=0.0 if seen else 0.7)
                if seen:
                    top = max(top, float(self.bars.bar(q).get_top()[1]))
            n = self.bars.trace.network.layers[layer] * (self.bars.trace.network.layers[layer - 1] + 1)
            shown += round(done * n)
        self.bars.count[0].set_value(shown)
        self.line.move_to([self.bars.axis.get_x(), max(top, bottom) + 0.02, 0])
        self.line.set_stroke(opacity=min(1.0, 20 * (1 - t)))
        if self.arrow is not None:
            self.arrow.reach(t)
