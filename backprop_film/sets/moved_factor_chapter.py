"""`MovedFactorChapter`: the last link's product, of which one factor at a time is a picture in which something moves.

In a file of its own::

    class Mine(MovedFactorChapter):
        def construct(self):
            self.last, self.link = LayerQuantities(self.example.network.L), close_link(self.trace, self.notation)
            product = Formula(self.trace.chain_rule(self.last.w, notation=self.notation).formulas).shift(2.2 * DOWN)
            self.terms = {of: product.factor(of, wrt) for wrt, of in zip(self.last.path, self.last.path[1:])}
            self.add(product, self.link.whole)
            self.the_meaning_of(self.last.a, how_steep(self.example, self.notation), key="slope")
"""

from __future__ import annotations

from itertools import pairwise, zip_longest

from manim import RIGHT, UP, Animation, FadeIn, FadeOut, Indicate, LaggedStart, MoveToTarget, Restore, VGroup, Wait

from backprop_math import Quantity

from ..kit.gauge import ChangeQuantity
from ..kit.motion import Compose, Dim, Undim
from ..kit.theme import theme
from .borrowed_functions import ChainChapter
from .last_link import LastLink
from .moved_factors import MovedFactor
from .single_neurons import LayerQuantities

__all__ = ["MovedFactorChapter"]


class MovedFactorChapter(ChainChapter):
    """``terms`` are the factors of the product, by what each is the derivative of; ``link`` are the ``last`` neurons.

    ``picture`` is the one shown, ``back`` a move to be made with what is said next: there, what was moved has stayed
    where it was seen best.
    """

    last: LayerQuantities
    link: LastLink
    terms: dict[Quantity, VGroup]
    lit: VGroup

    def setup(self) -> None:
        """Nothing is moved yet."""
        super().setup()
        self.picture = VGroup()
        self.back: ChangeQuantity | None = None

    def _turn_to(self, of: Quantity, *new: VGroup) -> None:
        """Only one factor of the product stays lit; its picture grows out of where it lives in the network."""
        dims = [Dim(term) for other, term in self.terms.items() if other != of]
        link, q = self.link, self.last
        home, wire = {
            q.cost: (link.cost, link.to_cost), q.a: (link.after, link.after.circle), q.z: (link.before, link.edge)
        }[of]  # fmt: skip
        small = VGroup(link.diagram, link.names[q.w], link.to_cost, link.cost)
        grows: Animation = FadeIn(*new, scale=0.85)
        if not self.picture:  # it goes into the corner, and the picture comes out of where it was
            self.play(FadeOut(*(link.names[x] for x in (q.previous, q.b, q.a))), *dims, run_time=0.5)
            grows = FadeIn(*new, scale=0.6, target_position=link.after)
            corner = small.generate_target().scale(0.41)
            corner[3].shift(0.1 * RIGHT)
            corner.move_to([0, 2.74, 0]).align_to([theme.safe.right, 0, 0], RIGHT)
            self.play(LaggedStart(MoveToTarget(small, run_time=1.2), grows, lag_ratio=0.45), run_time=1.8)
            grows = Wait(0.1)
        else:
            self.play(FadeOut(self.picture), Restore(self.lit), Undim(self.terms[of]), *dims, run_time=0.6)
        self.lit = wire.save_state()
        if of == q.z:  # the network itself is the picture
            pair = new[0]
            moves = list(zip((link.edge, link.before, link.after), pair, strict=True))
            self.play(Compose(pair, moves, old=small), run_time=1.2)
            self.play(FadeIn(*new[1:]), run_time=0.8)
        else:
            lights = wire.animate.set_stroke(theme.highlight, opacity=1)
            self.play(lights, Indicate(home, scale_factor=1.15, color=None), grows, run_time=1.0)
        self.picture = VGroup(*new)

    def the_meaning_of(self, of: Quantity, factor: MovedFactor, *, key: str) -> None:
        """One factor as a picture: what it depends on is moved, and the factor follows."""
        followers = [*factor.followers, *([self.link.after] if of == self.last.a else [])]
        with self.say(" ".join(factor.words), key=key):
            self._turn_to(of, *factor.shown)
            moves = zip_longest(pairwise(factor.stops), factor.seconds, factor.words[1:])
            for (start, end), seconds, words in moves:
                arrives, begins = words in factor.on_arrival, words in factor.on_arrival[1:]
                if words is None:
                    self.read()
                elif words and not arrives:
                    self.reach(words)
                move = ChangeQuantity(self.example, factor.moved, start, end, followers)
                if start == end:
                    move = Indicate(factor.followers[0], scale_factor=1.15, color=None)
                # What was said of the place before is not said of the way to the next.
                self.play(move, run_time=seconds, next_at=0.0 if begins else ())
                if arrives:
                    self._say_where_we_are(factor, words)
            self.read()
            self.back = factor.back(self.example) if factor.stops[-1] != factor.stops[0] else None

    def _say_where_we_are(self, factor: MovedFactor, words: str) -> None:
        """What is seen at the end of a move: the voice waits for it, and it for the voice."""
        self.reach(words)
        if words == factor.on_arrival[-1] and factor.mark:
            self.play(FadeIn(factor.mark, shift=0.2 * UP), run_time=0.6)
            self.picture.add(factor.mark)
        if factor.light:
            self.play(*factor.light(), run_time=max(1.4, min(2.4, self.seconds_left)))
        if self.seconds_left:
            self.rest(self.seconds_left)
