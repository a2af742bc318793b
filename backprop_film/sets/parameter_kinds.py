"""`ParameterKinds`: how many weights and how many biases a network has, and how many numbers that is.

In a scene::

    self.add(ParameterKinds(load_example("introduction").network))
"""

from __future__ import annotations

from manim import RIGHT, VGroup

from backprop_math import Bias, Weight
from backprop_math.network import Structure

from ..kit.texts import Prose
from ..kit.theme import MIN_FONT_SIZE, theme

__all__ = ["ParameterKinds"]

_SIZE = 25


class ParameterKinds(VGroup):
    """How many there are of each kind, in its colour: "43 weights + 11 biases = 54"; of one kind, that alone.

    >>> from backprop_math import load_example
    >>> "".join(part.string for part in ParameterKinds(load_example("introduction").network))
    '43 weights+11 biases= 54'
    """

    def __init__(self, network: Structure, *, width: float = 5.0) -> None:
        total, biases = len(network.parameters), sum(b.size for b in network.b)
        words = [
            (f"{count:,} {one if count == 1 else several}", theme.role(kind))
            for count, one, several, kind in (
                (total - biases, "weight", "weights", Weight), (biases, "bias", "biases", Bias)
            ) if count
        ]  # fmt: skip
        if len(words) > 1:
            words = [words[0], ("+", theme.ink), words[1], (f"= {total:,}", theme.ink)]
        super().__init__(*(Prose(text, color=color, font_size=_SIZE) for text, color in words))
        self.arrange(RIGHT, buff=0.16)
        for part in self:
            part.on_baseline(0.0)
        if self.width > width:
            self.scale(max(width / self.width, MIN_FONT_SIZE / _SIZE))
