"""One neuron a layer with the functions of any network: what the chapters on a single chain show of a user's network.

In a scene::

    class Mine(ChainChapter):
        def construct(self):
            self.show_borrowed_functions()                 # says whose they are, if it shows another's

>>> from backprop_math import Example, load_example
>>> wide = Example.from_arrays([[[1, 2]]], [[0]], [1, 0.5], [1], activation="tanh", cost="half_squared_error")
>>> found = with_functions_of(wide, load_example("simplest"))
>>> found.network.layers, {f.name for f in found.network.activation}, found.network.cost.name
((1, 1, 1, 1), {'tanh'}, 'half_squared_error')
"""

from __future__ import annotations

from dataclasses import replace

from manim import DOWN, LEFT, UP, FadeIn, FadeOut, VGroup

from backprop_math import Activation, Cost, Example, Network, Quantity, load_example
from backprop_math.functions import OutputActivation

from ..kit.chapter import Chapter
from ..kit.fitted import fitted
from ..kit.network_diagram import NetworkDiagram
from ..kit.texts import Prose
from ..kit.theme import theme
from .single_neurons import misfit_of_single_neurons

__all__ = ["ChainChapter", "with_functions_of"]


def with_functions_of(example: Example, own: Example) -> Example:
    """The chain ``own`` with the activation functions and the cost of ``example``: of its last layer, and of the last
    but one for the layers before.

    Where a neuron would be dead in it, its biases are 0.

    A softmax over two outputs, of which one is held at z = 0, is the sigmoid, and its cost is the cross-entropy of one
    output: what acts on a whole layer is replaced by these.
    """
    *hidden, last = example.network.activation
    names = [*(f.name for f in hidden if not isinstance(f, OutputActivation)), _one_neurons(last.name, last)]
    cost = {"categorical_cross_entropy": "cross_entropy"}.get(example.network.cost.name, example.network.cost.name)
    chain = own.network
    before = names[-2] if len(names) > 1 else names[-1]
    activation = [before] * (chain.L - 1) + [names[-1]]
    for scale in (1.0, 0.0):
        biases = [scale * b for b in chain.b]
        network = Network.from_arrays(list(chain.W), biases, activation=activation, cost=cost)
        shown = replace(own, network=network, title=f"one neuron a layer, with {in_words(network)}")
        if all(shown.trace(k).dW[1].any() for k in range(len(own.inputs))):
            break
    return shown


def _one_neurons(name: str, function: object) -> str:
    return "sigmoid" if isinstance(function, OutputActivation) else name


def in_words(network: Network) -> str:
    """A chain's functions: "tanh and squared error"."""
    names = list(dict.fromkeys(f.name for f in network.activation))
    return f"{', '.join(names)} and {network.cost.name}".replace("_", " ")


class ChainChapter(Chapter):
    """A chapter on one neuron a layer; of any other example it shows the functions, in its own."""

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example)

    @classmethod
    def stand_in(cls, example: Example) -> Example | None:
        """The chapter's own chain with the functions of the example."""
        own = with_functions_of(example, load_example(cls.example_name))
        return None if cls.misfit(own) else own

    def show_borrowed_functions(self) -> None:
        """Whose functions these are: the network that the chain stands for, and its functions as formulas."""
        if self.stands_for is None:
            return
        whole, last = self.stands_for.network, self.example.network.L
        diagram = NetworkDiagram(whole, width=5.0, height=3.6, radius=0.3)
        diagram.move_to([-3.4, 0.5, 0])
        rows = VGroup(*(self._row(*row) for row in ((Activation(last, 0), "activation"), (Cost(), "cost"))))
        rows.arrange(DOWN, 0.7, aligned_edge=LEFT).move_to([0.6, 0.5, 0], aligned_edge=LEFT)
        functions = in_words(self.example.network)
        words = f"This chapter follows one neuron a layer. Its functions are those of this network: {functions}."
        if any(isinstance(f, OutputActivation) for f in whole.activation):
            words += " What softmax does to many outputs, the sigmoid does to a single one."
        with self.say(words, key="functions"):
            self.play(FadeIn(diagram), run_time=1.2)
            self.reach("Its functions")
            self.play(FadeIn(rows, shift=0.1 * UP), run_time=1.0)
        self.play(FadeOut(diagram, rows), run_time=0.6)

    def _row(self, of: Quantity, what: str) -> VGroup:
        formula = fitted(self.notation.definition(of), width=5.6, height=1.2, font_size=40)
        return VGroup(Prose(what, font_size=24, color=theme.secondary), formula).arrange(DOWN, 0.2, aligned_edge=LEFT)
