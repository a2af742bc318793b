"""Moves that carry meaning: a symbol travels into a formula, a formula is rewritten, the rest is dimmed.

Each is an animation; nothing is played here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    Indicate,
    Line,
    Mobject,
    Scene,
    Transform,
    VGroup,
    linear,
    smooth,
)

from backprop_math import Glyph, Number, Symbol

from .arguments import expected
from .formula import Formula
from .theme import theme

__all__ = ["Compose", "Dim", "Pulse", "Rewrite", "Underscore", "Undim", "seen"]


class Compose(AnimationGroup):
    """``new`` appears: each part named in ``moves`` arrives from a copy of its source, the rest fades in.

    ``moves`` are pairs (source mobject, part of ``new``). Where ``old`` is given it goes: what of it is no
    source fades out. While it moves, copies are on the screen; afterwards ``new`` is, whole. With a
    ``path_arc`` the parts travel around what stands in their way, with a ``lag_ratio`` one after the other.
    ``veiled`` are further moves, whose way leads across what stands there: these parts fade on it.

        diagram.shift(UP)
        z = Formula(notation.definition(WeightedSum(3, 0))).shift(1.5 * DOWN)
        self.play(FadeIn(diagram))
        self.play(Compose(z, [(diagram.edge(3, 0, 0), z.quantity(Weight(3, 0, 0))),
                              (diagram.neuron(2, 0), z.quantity(Activation(2, 0)))], run_time=2))
    """

    def __init__(
        self,
        new: Mobject,
        moves: Sequence[tuple[Mobject, Mobject]],
        old: Mobject | None = None,
        *,
        path_arc: float = 0.0,
        veiled: Sequence[tuple[Mobject, Mobject]] = (),
        **animation: Any,
    ) -> None:
        self.new, self.old = new, old
        animation = {"run_time": 1.2, "rate_func": smooth, **animation}
        style = {"run_time": animation["run_time"], "rate_func": animation["rate_func"]}
        taken = {id(glyph) for source, _ in [*moves, *veiled] for glyph in source.family_members_with_points()}
        made = {id(glyph) for _, part in [*moves, *veiled] for glyph in part.family_members_with_points()}
        animations: list[Animation] = []
        if old is not None:
            leaving = VGroup(*(g.copy() for g in old.family_members_with_points() if id(g) not in taken))
            if leaving.submobjects:
                animations.append(FadeOut(leaving, run_time=style["run_time"] * 0.6))
        arc = {**style, "path_arc": path_arc}
        animations += [_Veiled(source.copy(), part.copy(), **arc) for source, part in veiled]
        animations += [Transform(source.copy(), part.copy(), **arc) for source, part in moves]
        coming = VGroup(*(g.copy() for g in new.family_members_with_points() if id(g) not in made))
        if coming.submobjects:
            animations.append(FadeIn(coming, **style))
        super().__init__(*animations, **{"lag_ratio": 0.0, **animation})

    def _setup_scene(self, scene: Scene) -> None:
        if self.old is not None:
            # Its whole family: another animation may have left only its parts on the screen.
            scene.remove(*self.old.get_family())
        super()._setup_scene(scene)

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Take the copies away and leave ``new``."""
        super().clean_up_from_scene(scene)
        scene.remove(self.group, *(animation.mobject for animation in self.animations))
        scene.add(self.new)


class _Veiled(Transform):
    """Leaves and arrives bright, and is not seen between."""

    def interpolate(self, alpha: float) -> None:
        """Manim's, and then the veil."""
        super().interpolate(alpha)
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        seen = max(0.0, (abs(2 * t - 1) - 0.4) / 0.6)
        for part in self.mobject.family_members_with_points():
            part.fill_rgbas[:, 3] *= seen
            part.stroke_rgbas[:, 3] *= seen


class Rewrite(Compose):
    """One formula becomes another: equal symbols and numbers move to their new places, the rest is exchanged.

    z = notation.definition(WeightedSum(3, 0))
    symbols, numbers = Formula(z), Formula(notation.with_numbers(z, trace))
    self.play(Write(symbols))
    self.play(Rewrite(symbols, numbers))
    """

    def __init__(self, old: Formula, new: Formula, *, keep: bool = False, **animation: Any) -> None:
        for formula in (old, new):
            expected("Rewrite", formula, Formula, "a Formula")
        super().__init__(new, _matches(old, new), None if keep else old, **animation)


def _matches(old: Formula, new: Formula) -> list[tuple[Mobject, Mobject]]:
    """Pairs of equal leaves, in reading order; a symbol matches its quantity's number where no symbol is left."""
    sources: dict[Any, list[VGroup]] = defaultdict(list)
    for node, glyphs in old.leaves(Symbol | Number | Glyph):
        sources[node].append(glyphs)
    pairs: list[tuple[Mobject, Mobject]] = []
    unmatched = []
    for node, glyphs in new.leaves(Symbol | Number | Glyph):
        if sources[node]:
            pairs.append((sources[node].pop(0), glyphs))
        else:
            unmatched.append((node, glyphs))
    by_quantity: dict[Any, list[VGroup]] = defaultdict(list)
    for node, groups in sources.items():
        if not isinstance(node, Glyph) and node.quantity is not None:
            by_quantity[node.quantity] += groups
    for node, glyphs in unmatched:
        if not isinstance(node, Glyph) and by_quantity.get(node.quantity):
            pairs.append((by_quantity[node.quantity].pop(0), glyphs))
    return pairs


class Dim(Animation):
    """Takes the light off what is not being talked about: every opacity is multiplied by ``theme.dim``, or ``to``.

    formula = Formula(trace.chain_rule(Weight(3, 0, 0)).symbols)
    self.play(Write(formula))
    self.play(Dim(formula.factor(Cost(), Activation(3, 0)), formula.side(0)))
    self.play(Undim(formula))
    """

    def __init__(self, *mobjects: Mobject, to: float | None = None, **animation: Any) -> None:
        self.to = theme.dim if to is None else to
        self.parts = [part for mobject in mobjects for part in mobject.family_members_with_points()]
        for mobject in mobjects:
            for member in mobject.get_family():
                member.dimmed = self.dims
        super().__init__(VGroup(*mobjects), **{"run_time": 0.6, **animation})

    #: Whether the light is taken away (or given back).
    dims = True

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: the opacities at the start are kept instead."""
        self._ends = []
        for part in self.parts:
            start = (part.fill_rgbas[:, 3].copy(), part.stroke_rgbas[:, 3].copy())
            full = getattr(part, "full_opacity", None) or start
            part.full_opacity = full if self.dims else None
            factor = self.to if self.dims else 1.0
            self._ends.append((start, (full[0] * factor, full[1] * factor)))
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Set the opacities in between."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        for part, (start, end) in zip(self.parts, self._ends, strict=True):
            part.fill_rgbas[:, 3] = start[0] + t * (end[0] - start[0])
            part.stroke_rgbas[:, 3] = start[1] + t * (end[1] - start[1])


class Undim(Dim):
    """Gives dimmed mobjects their light back; what was not dimmed stays as it is."""

    dims = False


class Underscore(Animation):
    """Points at a part: a line in the highlight colour grows under it, stays a while, and goes.

    formula = Formula(notation.definition(WeightedSum(3, 0)))
    self.play(Write(formula))
    self.play(Underscore(formula.quantity(Activation(2, 0)), formula.quantity(Bias(3, 0))))
    """

    def __init__(self, *parts: Mobject, buff: float = 0.1, **animation: Any) -> None:
        self.ends = [(part.get_corner(DOWN + LEFT), part.get_corner(DOWN + RIGHT)) for part in parts]
        lines = VGroup(*(Line(*ends, stroke_width=4, color=theme.highlight).shift(buff * DOWN) for ends in self.ends))
        super().__init__(lines, introducer=True, remover=True, **{"run_time": 1.4, "rate_func": linear, **animation})

    def create_starting_mobject(self) -> Mobject:
        """The lines in full."""
        return self.mobject.copy()

    def interpolate(self, alpha: float) -> None:
        """Grow in the first quarter, fade in the last."""
        grown, light = smooth(min(1.0, 4 * alpha)), smooth(min(1.0, 4 * (1 - alpha)))
        for line, full in zip(self.mobject, self.starting_mobject, strict=True):
            middle = full.get_center()
            line.set_points((full.points - middle) * max(grown, 1e-3) + middle).set_stroke(opacity=light)


class Pulse(Indicate):
    """Lights what is talked about, and lets it be again.

    formula = Formula(trace.chain_rule(Weight(3, 0, 0)).symbols)
    self.play(Write(formula))
    self.play(Pulse(formula.factor(Activation(3, 0), WeightedSum(3, 0))))
    """

    def __init__(self, mobject: Mobject, **animation: Any) -> None:
        super().__init__(mobject, **{"scale_factor": 1.08, "color": theme.highlight, **animation})


def seen(*parts: Mobject | None) -> list[Mobject]:
    """Those that have something to draw: what a network lacks can neither come nor go."""
    return [part for part in parts if part is not None and part.family_members_with_points()]
