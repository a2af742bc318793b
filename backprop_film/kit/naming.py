"""`Naming`: what the things of an example are called, in labels and in the narration; the penguin, where it is one.

In a scene::

    names = Naming(load_example("simplest"))
    bird = names.penguin(height=3.6)                   # None for an example that is no penguin
    flipper, species = Prose(names.input(0)), Prose(names.label(), color=theme.secondary)
    self.add(bird, flipper.next_to(bird, RIGHT), species.next_to(bird, DOWN))

>>> from backprop_math import load_example
>>> names = Naming(load_example("introduction"))
>>> names.input(2), names.measured(2), names.output(1), names.thing
('flipper length', '225 mm', 'Adélie', 'penguin')
>>> other = Naming(load_example("overshoot"))
>>> other.input(0), other.measured(0), other.output(0), other.thing
('input 1', None, 'output 1', 'example')

A chapter's words are the same for every example but for these names: ``f"Its {names.input(0)} goes in."`` is a sentence
for anybody's network.
"""

from __future__ import annotations

from backprop_math import Example, Number
from backprop_math.arrays import FloatArray

from .penguin import Penguin

__all__ = ["Naming", "article"]


#: More names than these are not said one after the other.
_LISTED = 3
_VOWELS = frozenset("aeiouàáâäåèéêëìíòóôöøùúü")


class Naming:
    """The names of an example's inputs and outputs, counted from 0, and of its training examples.

    Where the example says none, they are "input 1", "output 1" and "example 1", counted from 1 as people count.
    """

    def __init__(self, example: Example) -> None:
        self.example = example

    def input(self, k: int) -> str:
        """What input ``k`` is called."""
        return self.example.input_names[k] if self.example.input_names else f"input {k + 1}"

    def output(self, j: int) -> str:
        """What output ``j`` is called."""
        return self.example.output_names[j] if self.example.output_names else f"output {j + 1}"

    def asked(self, j: int) -> str:
        """What output ``j`` answers: of a penguin, whether it is one of these.

        >>> from backprop_math import load_example
        >>> [Naming(load_example("introduction")).asked(j) for j in (0, 1)]
        ['a Gentoo?', 'an Adélie?']
        """
        return f"{article(self.output(j))}?" if self.is_penguin else self.output(j)

    @property
    def inputs_in_words(self) -> str:
        """All that goes in, as a sentence says it: "bill depth and flipper length", or of many, "784 numbers"."""
        n = self.example.network.layers[0]
        if n > _LISTED or not self.example.input_names:
            return "one number" if n == 1 else f"{n:,} numbers"
        *names, last = self.example.input_names
        return f"{', '.join(names)} and {last}" if names else last

    def label(self, i: int = 0) -> str:
        """What training example ``i`` is: its label, else its place."""
        return self.example.labels[i] if self.example.labels else f"example {i + 1}"

    def measured(self, k: int, i: int = 0) -> str | None:
        """What was measured of training example ``i`` for input ``k``, with its unit; `None` where nothing was.

        Inputs that have a unit and are not scaled are measurements themselves.
        """
        rows = self._measured
        if rows is None:
            return None
        value = float(rows[i, k])
        # With as many decimals as its column has: 15.0 among 14.7 and 16.5.
        column = [value] if self.example.data is None else [value, *self.example.data.measured[:, k].tolist()]
        decimals = max(len(repr(number).partition(".")[2].rstrip("0")) for number in column)
        unit = f" {self.example.input_units[k]}" if self.example.input_units else ""
        return Number(value, min(decimals, 4)).text() + unit

    @property
    def _measured(self) -> FloatArray | None:
        example = self.example
        return example.inputs if example.input_measured is None and example.input_units else example.input_measured

    @property
    def thing(self) -> str:
        """What is measured: a "penguin", else an "example"."""
        return "penguin" if self.is_penguin else "example"

    @property
    def is_penguin(self) -> bool:
        """Whether all inputs are something that can be measured on the drawn penguin."""
        return bool(self.example.input_names) and set(self.example.input_names) <= set(Penguin.PLACES)

    def penguin(self, i: int = 0, *, height: float = 4.8) -> Penguin | None:
        """Training example ``i`` as a drawn penguin, true to what was measured; `None` where it is no penguin."""
        if not self.is_penguin:
            return None
        row = [] if self._measured is None else self._measured[i].tolist()
        lengths = {name: float(x) for name, x in zip(self.example.input_names, row, strict=False) if x > 0}
        return Penguin(lengths, species=self.example.labels[i] if self.example.labels else "", height=height)


def article(name: str) -> str:
    """The name with its article, as it is spelled.

    >>> article("Gentoo"), article("Adélie")
    ('a Gentoo', 'an Adélie')
    """
    return f"{'an' if name[:1].lower() in _VOWELS else 'a'} {name}"
