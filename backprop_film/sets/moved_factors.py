"""What makes each of the three factors large: a picture of it, and what is moved in it, with the words.

In a scene::

    miss, slope, activity = how_far_off(example, notation), how_steep(example, notation), how_active(example, notation)
    self.add(*activity.shown)
    self.play(ChangeQuantity(example, activity.moved, *activity.stops[:2], activity.followers))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, Mobject, VGroup
from manim.typing import Vector3D

from backprop_math import (
    ActivationFunction,
    BackwardPass,
    Bias,
    Example,
    Notation,
    Number,
    Quantity,
    Relation,
    WeightedSum,
)
from backprop_math.formula import relation_sign

from ..kit.extents import near
from ..kit.factor_bars import NudgeBars, ResidualArrows
from ..kit.formula import Formula
from ..kit.gauge import ChangeQuantity
from ..kit.network_diagram import NetworkDiagram
from ..kit.plot import TangentPlot
from ..kit.spans import nice_span
from ..kit.theme import theme
from .single_neurons import LayerQuantities

__all__ = ["MovedFactor", "how_active", "how_far_off", "how_steep"]

#: How far z is moved along the curve, and the weighted sum before it; and how far out a z is that a curve still shows.
_FAR, _FARTHEST = 3.5, 50.0
_AIR, _THIN = 0.12, 0.05  # around what stands beside a curve, and beside a thin line
#: The network in the corner lies to the right of here, and above.
_CORNER = 2.9, 2.3
#: How long the longer line is from the desired output to the output, where numbers leave it room.
_WIDTH = 8.4
#: So much of a, or of 1 if that is more, is a miss that can be seen.
_SEEN = 1e-3


@dataclass(frozen=True)
class MovedFactor:
    """``shown`` is the picture. ``moved`` goes from stop to stop, beginning and ending with what it is, and the
    ``followers`` show it, each move in so many ``seconds``. ``words`` are said as the picture comes, then one with
    each move; those without come when all has been said. Those ``on_arrival`` are said when the move is over, and then
    ``light`` is played; with the last of them comes ``mark``. Where the last stop is not the first, it goes back
    with what is said next: `back`.
    """

    shown: tuple[VGroup, ...]
    followers: list[Mobject]
    moved: Quantity
    stops: tuple[float, ...]
    seconds: tuple[float, ...]
    words: tuple[str, ...]
    on_arrival: tuple[str, ...] = ()
    light: Callable[[], list[Animation]] | None = None
    mark: VGroup = field(default_factory=VGroup)

    def back(self, example: Example) -> ChangeQuantity:
        """From the last stop to the first."""
        return ChangeQuantity(example, self.moved, self.stops[-1], self.stops[0], self.followers)


def how_far_off(example: Example, notation: Notation) -> MovedFactor:
    """∂C/∂a: the desired output is moved closer, past the output, and back."""
    trace, q = example.trace(), LayerQuantities(example.network.L)
    y, a = trace.value(q.y), trace.value(q.a)
    there = abs(y - a) < _SEEN * max(1.0, abs(a))
    away = a + (1.0 if there and a < 0.5 else -0.5 * max(1.0, abs(a)) if there else 0.0)
    beyond = a - 0.6 * ((away if there else y) - a)
    if example.network.cost.targets != "any":
        away, beyond = (float(np.clip(value, 0.0, 1.0)) for value in (away, beyond))
    if fixed := example.network.cost.targets == "distribution":  # over one output: all of it, 1
        away = beyond = y
    stops = (y, away, beyond, y)
    now, near, past = (_factor(example, q, value) for value in stops[:3])
    spans = (nice_span(*stops, a, 1.0), nice_span(now, -now, near, past))
    picture = ResidualArrows(trace, notation, q.a, spans=spans, width=_WIDTH)
    if (over := picture.width - theme.safe.width + 0.3) > 0:
        picture = ResidualArrows(trace, notation, q.a, spans=spans, width=_WIDTH - over)
    picture.move_to([0, 0.56, 0])
    what = "The last one says how far off the output is"
    first = f"{what}. Move the desired output closer, and the factor {_becomes(now, near)}."
    if there:
        first = f"{what}: here, hardly at all. Move the desired output away, and the factor {_becomes(now, near)}."
    turns = past * (near if there else now) < 0
    second = f"Move it past the output, and the factor {'changes its sign' if turns else _becomes(near, past)}."
    if fixed:
        first = f"{what}. With one output, this cost allows no other desired output than {Number(y, 0).text()}."
        second = "The nearer the output comes to it, the smaller the factor."
    words = (*_split(first), second, "Its sign says on which side of y we are, its size how far off.")
    return MovedFactor((picture,), [picture], q.y, stops, (2.4, 2.0, 2.0), words)


def _factor(example: Example, q: LayerQuantities, y: float) -> float:
    values: dict[Quantity, float] = {q.y: y}
    return float(example.with_values(values).trace().graph.edge(q.cost, q.a).value)


def _becomes(before: float, after: float) -> str:
    if abs(after) < abs(before):
        return "shrinks"
    return "grows" if abs(after) > abs(before) else "stays as it is"


def _split(text: str) -> tuple[str, str]:
    first, _, second = text.partition(". ")
    return f"{first}.", second


def how_steep(example: Example, notation: Notation) -> MovedFactor:
    """σ′(z): z slides along the curve, to where it is steep and to where it is flat."""
    trace, q = example.trace(), LayerQuantities(example.network.L)
    function = example.network.activation[-1]
    assert isinstance(function, ActivationFunction)  # else it is a misfit
    z, b = trace.value(q.z), trace.value(q.b)
    # Wider where z lies further out.
    far = nice_span(-_FAR, _FAR, abs(z), -abs(z)) if abs(z) < _FARTHEST else (-5.0, 5.0)
    span, width, height = min((-5.0, 5.0), far), 8.3, 2.4
    plot = TangentPlot(trace, notation, q.z, function, span=span, width=width, height=height)
    if (over := plot.width - theme.safe.width + 0.1) > 0:  # names of functions are of any length
        plot = TangentPlot(trace, notation, q.z, function, span=span, width=width - over, height=height)
    plot.set_x(0).shift((-0.45 - plot.plane.x.line.get_y()) * UP)
    slopes = {at: round(abs(float(function.df(np.array(at)))), 9) for at in (0.0, _FAR, -_FAR)}
    steep, flat = max(slopes, key=slopes.__getitem__), min((_FAR, -_FAR, 0.0), key=slopes.__getitem__)
    words: tuple[str, ...] = ("The middle one is the slope of the curve, at this z.", "Slide z along the curve.")
    if slopes[steep] == slopes[flat]:
        places = [-_FAR, _FAR]
        words += ("It is a straight line: wherever z is, a nudge comes through as it is.",)
    else:
        places = [next(at for at in slopes if at not in (steep, flat)), steep, flat]
        words += ("Where it is steep, a nudge comes through.", "Where it is flat, almost nothing does.")
    stops, seconds = [b, *(b - z + at for at in places), b], [*(1.7 for _ in places[:2]), *(1.2 for _ in places[1:])]
    words += ("And at our z, this much.",)
    if abs(z) >= _FARTHEST:  # from just beyond the end of the axis, and back to there
        end = b - z + float(np.copysign(1.01 * max(far), z))
        stops, seconds = [b, end, *stops[1:-1], end, b], [0.1, *seconds, 0.1]
        words = (words[0], "", *words[1:])
    mark = _ours(plot, notation, q.z, trace)
    last = words[words.index("Slide z along the curve.") + 1 :]
    return MovedFactor((plot,), [plot], q.b, tuple(stops), tuple(seconds), words, last, plot.light, mark)


def _ours(plot: TangentPlot, notation: Notation, z: WeightedSum, trace: BackwardPass) -> VGroup:
    """Our z and its value, below the curve beside the dot or above it, where the curve leaves it room."""
    value, place = trace.value(z), plot.plane.point
    number = Number(value, 4 if abs(value) < 1000 else 0, z)
    label = Formula(Relation((notation.symbol(z), number), (relation_sign(number),)), font_size=40.32)
    (left, right), (ground, _) = plot.plane.x.span, plot.plane.y.span
    at = place(float(np.clip(value, left, right)), 0.0)[0]
    dot, floor = plot.dot.get_center()[1], place(0.0, ground)[1]
    half = place(0.5, 0.0)[0] - place(0.0, 0.0)[0]
    beside, end = half + 0.2, place(right, 0.0)[0]
    below = [(side, (dot + floor) / 2, beside) for side in (RIGHT, LEFT)] if dot - floor > 0.95 else []
    inwards = RIGHT if at < place((left + right) / 2, 0.0)[0] else LEFT
    above = [*((side, dot + 0.6, 0.0) for side in (LEFT, RIGHT)), (inwards, dot + 0.6, 0.25), (LEFT, dot + 0.8, 0.0)]

    # Where the curve leaves none of these free: further above, and close to the level axis.
    above += [(side, dot + up, 0.0) for up in (0.85, 1.1) for side in (LEFT, RIGHT)]
    above += [(side, floor + 0.4, beside) for side in (LEFT, RIGHT)]

    def put(side: Vector3D, y: float, off: float) -> VGroup:
        return VGroup(label.copy().move_to([at + off * side[0], y, 0], aligned_edge=-side))

    def within(found: VGroup, begin: float, end: float) -> bool:
        return bool(begin < found.get_left()[0] and found.get_right()[0] < end)

    places = [put(*way) for way in (*below, *above)]
    places = [f for f in places if f.get_right()[0] < _CORNER[0] or f.get_top()[1] < _CORNER[1]] or places
    lines = [np.linspace(line.get_start(), line.get_end(), 60) for line in (*plot.guides, plot.tangent)]
    free = [found for found in places if not near(found, plot.curve.points, _AIR)]
    clear = [found for found in free if not near(found, np.array(lines), _THIN)] or free
    # Beside the upright axis, else at least in the picture.
    beside_axis = [found for found in clear if within(found, place(left, 0.0)[0] + 0.12, end)]
    in_picture = [found for found in clear if within(found, theme.safe.left, theme.safe.right)]
    axis = np.linspace(plot.plane.y.line.get_start(), plot.plane.y.line.get_end(), 60)
    return (beside_axis or [f for f in in_picture if not near(f, axis, _AIR)] or in_picture or places)[0]


def how_active(example: Example, notation: Notation) -> MovedFactor:
    """a^(L−1): a weight matters as much as the neuron behind it is active, or the input is large."""
    trace, q = example.trace(), LayerQuantities(example.network.L)
    pair, names = _last_pair(trace, notation, q)
    hidden, silent = q.layer > 1, abs(trace.value(q.previous)) < _SEEN
    moved: Quantity = Bias(q.layer - 1, 0) if hidden else q.previous
    none, much = _silent_and_bright(trace, q) if hidden else (0.0, 1.0)
    now = trace.value(moved)
    stops = (now, now if silent else none, much)
    values = [example.with_values({moved: stop}).trace().value(q.previous) for stop in stops]
    bars = NudgeBars(trace, notation, q.w, q.z, span=nice_span(*values, 1.0)).move_to([0, -0.35, 0])
    what, thing = "The first one is the activation of the neuron that the weight comes from.", "that neuron silent"
    bright = f"Make it {'bright' if theme.is_dark else 'dark'}, and the weight matters a lot."
    if not hidden:
        what, thing = "The first one is the input of the network.", "the input 0"
        bright = "Make it 1, and z moves as far as the weight does."
    words: tuple[str, ...] = (what, f"Make {thing}, and its weight hardly matters.", bright)
    if silent:
        words = (what, f"It is {'silent' if hidden else '0'} now, and the weight hardly matters.", bright)
    return MovedFactor((pair, names, bars), [*pair[1:], bars], moved, stops, (2.2, 2.4), words)


def _last_pair(trace: BackwardPass, notation: Notation, q: LayerQuantities) -> tuple[VGroup, VGroup]:
    """The last edge and its two neurons, large, and their names."""
    diagram = NetworkDiagram(trace.network, width=7.0 * q.layer, radius=0.75)
    edge, before, after = diagram.edge(q.layer, 0, 0), diagram.neuron(q.layer - 1, 0), diagram.neuron(q.layer, 0)
    pair = VGroup(edge, before.show(trace), after.show(trace)).move_to([0, 1.55, 0])
    parts = ((q.previous, before, 0.12), (q.a, after, 0.12), (q.w, edge, 0.25))
    names = (Formula(notation.symbol(x), font_size=51.84).next_to(part, UP, buff=buff) for x, part, buff in parts)
    return pair, VGroup(*names)


def _silent_and_bright(trace: BackwardPass, q: LayerQuantities) -> tuple[float, float]:
    """The biases of the neuron before with which it says nothing, and much, however far out it is now."""
    b, z = trace.value(Bias(q.layer - 1, 0)), trace.value(WeightedSum(q.layer - 1, 0))
    function = trace.network.activation[q.layer - 2]
    assert isinstance(function, ActivationFunction)
    silent = b - z if float(function.f(np.array(0.0))) == 0.0 else b - max(_FAR, z + _FAR)
    return silent, b + max(_FAR, 2.0 - z, 1.2 * abs(z) - z)
