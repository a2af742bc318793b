"""Chapter 13, a primer: what a derivative is, what ∂ says, why ratios multiply in a row, and add where roads meet."""

from __future__ import annotations

from typing import Any

from manim import (
    DOWN,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    VGroup,
)

from backprop_film.kit import Compose, Dim, Pulse, Underscore, Undim
from backprop_film.sets import AreaNudges, CurveChapter, FunctionCurve, MachinesInARow, TwoRoads, instead

#: Where all is shown, and by how much it is nudged: on the curve, of the rectangle, through the machines.
AT, NUDGES = 3.0, (1.0, 0.1, 0.01, 0.001)
WIDTH, HEIGHT, STRIP = 3.0, 2.0, 0.5
SMALL, TINY = 0.01, 0.001


def double(x: Any) -> Any:
    """Twice as much."""
    return 2 * x


def square(x: Any) -> Any:
    """As much times itself."""
    return x**2


class Primer(CurveChapter):
    """A derivative as the ratio of two small changes, really measured; two inputs, two machines, two roads."""

    title = "Primer"
    question = "I lack the mathematics. I will come back when I have it."
    asked, follows = "A viewer wrote", "It is less than you think: one idea, and two rules."

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.the_question(leave=True)
        self.a_machine()
        self.a_curve()
        self.closer_and_closer()
        self.the_nudge_shrinks_to_nothing()
        self.two_inputs()
        self.two_machines_in_a_row()
        self.ratios_multiply()
        self.two_roads()
        self.ratios_add()
        self.the_answer()

    # -- one input ------------------------------------------------------------------------------------

    def a_machine(self) -> None:
        """A number goes in, its square comes out; a nudge goes in, and 7 times as much comes out."""
        self.row = row = MachinesInARow({"square": square}, at=AT, by=1.0, names="xy", left=-3.0, step=4.4, unit=0.4)
        row.everything.scale(1.45).move_to([0, 0.7, 0])
        first, last = row.stations
        one = row.measured[0]
        with self.say(
            "Here is a machine that squares a number. "
            f"Put in {first.value.text()}, and {last.value.text()} comes out. "
            f"Put in {one.by.text()} more, and {one.change.text()} more comes out. "
            f"The change has become {one.value.text()} times as large.",
            key="machine",
        ):
            self.play(*instead([self.card], [row.boxes[0]]), run_time=0.8)
            self.read()
            self.play(FadeIn(first, row.names[0], row.arrows[0]), run_time=0.7)
            self.play(row.through(0), FadeIn(row.arrows[1]), run_time=1.0)
            self.play(FadeIn(last, row.names[1], scale=0.7), run_time=0.6)
            self.settle(row)
            self.read()
            self.play(*row.grow(0), run_time=0.7)
            self.play(row.through(0), run_time=1.0)
            self.play(*row.grow(1), run_time=1.0)
            self.read()
            self.play(FadeIn(row.boxes[0].ratio, shift=0.15 * UP), run_time=0.8)
            self.play(Indicate(row.boxes[0].ratio, color=None), run_time=1.0)

    def a_curve(self) -> None:
        """The two changes become the sides of a triangle on the curve of all inputs."""
        self.curve = curve = FunctionCurve(square, at=AT, nudges=NUDGES, span=(0.0, 5.0), up=(0.0, 25.0))
        secant, row, ratios = curve.secant, self.row, curve.ratios
        said = [number.text() for point in curve.points for number in point.numbers]
        with self.say(
            "Draw the two changes: one to the right, the other upwards. "
            f"{said[0]} gives {said[1]}; {said[2]} gives {said[3]}. All inputs with their outputs make a curve. "
            f"The ratio, {curve.measured[0].value.text()}, says how steep the line between the two points is.",
            key="curve",
        ):
            self.play(FadeOut(row.everything), run_time=0.5)
            self.play(FadeIn(curve.plane, curve.names), run_time=0.6)
            self.reach("one to the right")
            self.play(Create(secant.run), FadeIn(curve.run_name, shift=0.15 * RIGHT), run_time=0.8)
            self.reach("the other upwards")
            self.play(Create(secant.rise), FadeIn(curve.rise_name, shift=0.15 * UP), run_time=1.0)
            self.read()
            self.play(FadeIn(secant.dot, scale=0.5), FadeIn(curve.points[0], shift=0.1 * UP), run_time=0.7)
            self.reach(f"{said[2]} gives")
            self.play(FadeIn(secant.ring, scale=0.5), FadeIn(curve.points[1], shift=0.1 * UP), run_time=0.7)
            self.read()
            self.play(Create(secant.curve), run_time=1.8)
            self.bring_to_front(secant.ring, secant.dot)
            self.read()
            self.play(Create(secant.chord), FadeIn(ratios.rows[0], ratios.rules[0]), run_time=1.0)
            self.bring_to_front(secant.ring, secant.dot)
            sizes = VGroup(*ratios.rows[1][:2])
            self.play(Underscore(curve.run_name.side(1), curve.rise_name.side(1)), FadeIn(sizes, shift=0.15 * DOWN))
            self.play(FadeIn(ratios.rows[1][2], shift=0.15 * DOWN), run_time=0.8)
        self.legs = VGroup(curve.run_name, curve.rise_name, curve.points)

    # -- two inputs -----------------------------------------------------------------------------------

    def two_inputs(self) -> None:
        """A rectangle: one side is nudged while the other is held still, then the other way round."""
        picture = AreaNudges(width=WIDTH, height=HEIGHT, by=STRIP)
        wide, high = picture.measured
        with self.say(
            "And with two inputs? A rectangle has a width and a height, and they give its area. "
            "Make it wider, and hold the height still: the new strip is as high as the rectangle. "
            f"So the ratio of the changes is {wide.value.text()}, the height. "
            f"Make it higher, and hold the width still: now the ratio is {high.value.text()}, the width. "
            "Let each strip shrink to nothing, and Δ becomes ∂: one input moves, and the others are held still.",
            key="two-inputs",
        ):
            self.play(*instead(self.before, [picture.box]), run_time=0.9)
            self.reach("a width")
            self.play(FadeIn(picture.sides[0], shift=0.1 * DOWN), run_time=0.6)
            self.reach("a height")
            self.play(FadeIn(picture.sides[1], shift=0.1 * DOWN), run_time=0.6)
            self.reach("and they give")
            self.play(FadeIn(picture.area), run_time=0.8)
            self.read()
            self.play(*picture.grow(0), run_time=1.4)
            self.play(Indicate(picture.sides[1], color=None), run_time=1.0)
            self.read()
            self.play(FadeIn(picture.ratios[0], shift=0.2 * UP), run_time=0.9)
            self.play(Underscore(picture.ratios[0].side(-1), picture.sides[1].side(1)), run_time=1.3)
            self.read()
            self.play(FadeOut(picture.strips[0], picture.nudges[0], picture.added[0]), run_time=0.5)
            self.play(*picture.grow(1), run_time=1.4)
            self.reach("now the ratio")
            self.play(FadeIn(picture.ratios[1], shift=0.2 * UP), run_time=0.9)
            self.play(Underscore(picture.ratios[1].side(-1), picture.sides[0].side(1)), run_time=1.3)
            self.read()
            self.play(FadeOut(picture.nudges[1], picture.added[1]), run_time=0.4)
            for place in (1, 0):
                limit = instead([picture.ratios[place]], [picture.derivatives[place]], 1.5)
                self.play(picture.shrink(place), *limit, run_time=1.5)
                self.play(FadeIn(picture.strips[0]), run_time=0.4) if place else None
            self.reach("one input moves")
            for place in (0, 1):
                self.play(picture.move(place), Indicate(picture.sides[place], color=None), run_time=1.6)
            self.remove(*picture.strips)
        self.before = [picture, picture.derivatives]

    # -- in a row -------------------------------------------------------------------------------------

    def two_machines_in_a_row(self) -> None:
        """What one machine gives the next one takes, and so does a nudge."""
        self.row = row = MachinesInARow({"double": double, "square": square}, at=AT, by=SMALL, y=0.9)
        self.smaller = MachinesInARow({"double": double, "square": square}, at=AT, by=TINY, y=0.9)
        first, second = row.measured
        with self.say(
            "Now two machines in a row: the first doubles, and the second squares what it gets. "
            f"Nudge the input by {first.by.text()}. "
            f"The first machine multiplies it by {first.value.text()}. "
            f"The second takes that change, and multiplies it by {second.value.text()}.",
            key="row",
        ):
            self.play(*instead(self.before, [row.stations[0], row.names[0]]), run_time=0.9)
            for place in range(2):
                self.play(FadeIn(row.machine(place)), row.through(place), run_time=1.2)
            self.settle(row)
            self.read()
            self.note = row.note()
            self.play(*row.grow(0), FadeIn(self.note), run_time=0.8)
            for place in range(2):
                self.read()
                self.play(row.through(place), run_time=1.0)
                self.play(*row.grow(place + 1), run_time=0.9)
                self.play(FadeIn(row.boxes[place].ratio, shift=0.15 * UP), run_time=0.6)

    def ratios_multiply(self) -> None:
        """What stands between cancels; then the nudge shrinks to nothing."""
        row, last, smaller = self.row, self.row.measured[-1], self.smaller
        tenth = smaller.measured[-1].value.text()
        factors = " times ".join(one.value.text() for one in row.measured)
        with self.say(
            f"From end to end, the ratios have multiplied: {factors} is {row.whole.value.text()}. "
            "It has to be so: the change in the middle cancels. "
            f"Let the nudge shrink tenfold: {last.value.text()} becomes {tenth}. "
            f"Let it shrink to nothing: it becomes {row.boxes[-1].limit.text()}. "
            "In a row, derivatives multiply. This is the chain rule.",
            key="multiply",
        ):
            first, *others = row.pairs(row.product)
            self.play(LaggedStart(*(Indicate(ratio, color=None) for ratio in row.ratios), lag_ratio=0.7), run_time=2.4)
            self.reach("multiplied")  # the numbers after it take longer to say than to read
            # A tag is gone before its number, on its way, would lie across it.
            left = Dim(*row.ratios, to=0.0, run_time=0.15)
            self.play(left, Compose(row.product, others, path_arc=-1.9, veiled=[first], run_time=1.4))
            self.play(Undim(*row.ratios, run_time=0.4), Underscore(row.product.side(1)))
            self.read()
            self.play(FadeIn(row.chain, shift=0.15 * UP), run_time=1.0)
            self.play(LaggedStart(*map(Create, row.strokes), lag_ratio=0.4), run_time=1.6)
            self.read()
            ratios = VGroup(row.chain.side(0), row.chain.sign(0), row.chain.side(1))
            self.play(FadeOut(row.strokes, row.chain.sign(1), row.chain.side(2)), run_time=0.5)
            shrinks = row.shrink(smaller)
            tenfold = instead(
                [*row.ratios, row.product, *row.changes], [*smaller.ratios, smaller.product, *smaller.changes]
            )
            self.play(*shrinks, *tenfold, run_time=1.6)
            self.read()
            self.play(*row.vanish(), FadeOut(*smaller.changes, self.note), run_time=1.4)
            gone = [*smaller.ratios, smaller.product, row.bars, ratios]
            self.play(*instead(gone, [*row.slopes, row.limit, row.chain_of_limits], 1.4))
            self.read()
            self.play(Pulse(row.limit, color=None), run_time=1.2)
            self.read()
            self.play(Underscore(row.chain_of_limits.side(1)), row.through(0), run_time=1.4)

    # -- where roads meet -----------------------------------------------------------------------------

    def two_roads(self) -> None:
        """One number takes two roads; a nudge arrives on both."""
        self.roads = roads = TwoRoads({"double": double, "square": square}, at=AT, by=SMALL, y=-0.85)
        self.fewer = TwoRoads({"double": double, "square": square}, at=AT, by=TINY, y=-0.85)
        self.upper = VGroup(self.row, self.row.limit, self.row.slopes)
        first, second = roads.measured
        with self.say(
            "Now one number takes two roads: one machine doubles it, the other squares it. "
            "Where the roads meet, the two are added. "
            f"Nudge the number by {first.by.text()}. "
            f"Over one road comes {first.change.text()}, over the other {second.change.text()}.",
            key="roads",
        ):
            self.play(FadeOut(self.row.chain_of_limits), self.upper.animate.shift(1.2 * UP), run_time=0.9)
            self.play(Dim(self.upper), FadeIn(roads.stations[0]), run_time=0.6)
            for place in range(2):
                self.reach(("one machine", "the other")[place])
                self.play(FadeIn(roads.road(place)), roads.through(place, half=0), run_time=1.1)
            self.read()
            self.play(FadeIn(roads.meeting), *(roads.through(place, half=1) for place in range(2)), run_time=1.2)
            self.settle(roads)
            self.read()
            self.play(*roads.grow(0), run_time=0.8)
            self.read()
            for place in range(2):
                self.reach(("Over one", "over the")[place])
                self.play(roads.through(place, half=0), run_time=0.9)
                ratio = FadeIn(roads.boxes[place].ratio, shift=0.15 * UP)
                self.play(*roads.grow(place + 1), ratio, run_time=0.8)

    def ratios_add(self) -> None:
        """The two changes lie end to end; then the nudge shrinks to nothing."""
        roads = self.roads
        terms = " plus ".join(one.value.text() for one in roads.measured)
        fewer = f"{' plus '.join(one.value.text() for one in self.fewer.measured)} is {self.fewer.whole.value.text()}"
        limits = " plus ".join(box.limit.text() for box in roads.boxes)
        with self.say(
            "At the end the two changes lie one behind the other. "
            f"So the ratios add: {terms} is {roads.whole.value.text()}. "
            f"Let the nudge shrink: {fewer}. And as it shrinks to nothing, {limits} is {roads.total.text()}.",
            key="add",
        ):
            self.note = roads.note()
            for place in range(2):
                self.play(roads.through(place, half=1), run_time=0.8)
                self.play(*roads.grow(3, place), *([FadeIn(self.note)] if place else []), run_time=0.8)
            self.read()
            moves = [
                (roads.boxes[place].ratio.side(1), roads.sum.part(one.value))
                for place, one in enumerate(roads.measured)
            ]
            left = Dim(*roads.ratios, to=0.0, run_time=0.15)
            self.play(left, Compose(roads.sum, moves[:1], path_arc=-1.0, veiled=moves[1:], run_time=1.4))
            self.play(Undim(*roads.ratios, run_time=0.4), Underscore(roads.sum.side(1)))
            self.read()
            less = self.fewer
            shrinks = roads.shrink(less)
            tenfold = instead([*roads.ratios, roads.sum, *roads.changes], [*less.ratios, less.sum, *less.changes])
            self.play(*shrinks, *tenfold, run_time=1.6)
            self.reach("And as")
            self.play(*roads.vanish(), FadeOut(*less.changes, self.note), run_time=1.2)
            self.play(*instead([*less.ratios, less.sum, roads.bars], [*roads.slopes, roads.limit]), run_time=1.2)

    def the_answer(self) -> None:
        """Both rules, and the light on all of it."""
        row, roads = self.row, self.roads
        with self.say(
            "A derivative is the ratio of two tiny changes: in a row they multiply, and where roads meet they add. "
            "On these two rules backpropagation is built.",
            key="answer",
        ):
            self.play(Undim(self.upper), run_time=0.8)
            self.reach("in a row")
            self.play(row.through(0), run_time=0.7)
            self.play(row.through(1), Pulse(row.limit, color=None), run_time=0.9)
            self.reach("and where")
            self.play(*(roads.through(place, half=0) for place in range(2)), run_time=0.8)
            meet = [roads.through(place, half=1) for place in range(2)]
            self.play(*meet, Pulse(roads.limit, color=None), run_time=0.9)
            self.read()
            self.play(Underscore(row.limit.side(1), roads.limit.side(1)), run_time=1.6)
        self.rest(1.0)
