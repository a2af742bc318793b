"""A file to begin with: an example of so many layers, valid as it stands, in which every key is explained.

>>> text = starting_toml((2, 3, 1))
>>> [line for line in text.splitlines() if line.startswith(("layers", "input =", "target ="))]
['layers = [2, 3, 1]', 'input = [0.62, 0.24]', 'target = [1.0]']
"""

from __future__ import annotations

from collections.abc import Sequence

from ..functions import ACTIVATIONS, COSTS, OUTPUT_ACTIVATIONS

__all__ = ["starting_toml"]

_GOLDEN = (5**0.5 - 1) / 2  # whose multiples are spread evenly
_WIDE = 100


def starting_toml(layers: Sequence[int], title: str = "Mine") -> str:
    """The text of the file. Inputs are spread over 0 … 1; of the outputs the first should be 1, the others 0."""
    first, last = layers[0], layers[-1]
    inputs = [round(_GOLDEN * (k + 1) % 1, 2) for k in range(first)]
    targets = [float(j == 0) for j in range(last)]
    functions = ", ".join([*ACTIVATIONS, *(f"{name} (of the last layer)" for name in OUTPUT_ACTIVATIONS)])
    shape = "-".join(map(str, layers))
    return f"""\
# An example for the film: a network, what goes into it, and what should come out.
#     backprop check THIS_FILE     says what the film will show of it
#     backprop film -e THIS_FILE   makes the film
# Lines that begin with # are comments; take the # away to use a key.

# What it is called.
title = "{title}"

# How many neurons each layer has, the input first: {shape}.
layers = {list(layers)}

# The activation function of every layer, or a list with one for each layer after the input:
# {_wrapped(functions)}.
activation = "sigmoid"

# What is made small: {_wrapped(", ".join(COSTS))}.
# cross_entropy needs outputs between 0 and 1 (sigmoid), categorical_cross_entropy those of softmax.
cost = "squared_error"

# The weights and biases: random ones, always the same for the same seed …
seed = 7
# … or your own, one matrix a layer, in which row j has the weights into neuron j …
# weights = {_matrices(layers)}
# biases = {_vectors(layers)}
# … or from a file beside this one: .npz, .safetensors, or a PyTorch state_dict (.pt).
# weights = "mine.npz"

# What goes in and what should come out. Of several training examples, a list of lists each:
# input = {_short([inputs, inputs[::-1]])}
# target = {_short([targets, targets[::-1]])}
input = {_numbers(inputs)}
target = {_numbers(targets)}

# What the inputs and the outputs are called, and what each training example is.
# input_names = {_names("input", first)}
# output_names = {_names("output", last)}
# labels = ["the first one"]

# What was measured before it was scaled to 0 … 1 between the ends of its column in the data, and in what units.
# input_units = {_names("mm", first, numbered=False)}
# input_measured = {_short([100.0 * x for x in inputs])}

# What the network is trained on in the last chapter: a table (CSV) beside this file, whose columns have the names
# of the inputs and outputs. Without it, the inputs and targets above.
# data = "table.csv"
"""


def _wrapped(text: str) -> str:
    """A text in lines of a comment."""
    lines, line = [], ""
    for word in text.split(", "):
        if len(line) + len(word) > _WIDE:
            lines.append(line)
            line = ""
        line += word + ", "
    return "\n# ".join([*lines, line.removesuffix(", ")])


def _numbers(values: Sequence[float]) -> str:
    if len(values) <= 16:
        return str(list(values))
    rows = [", ".join(map(str, values[at : at + 16])) for at in range(0, len(values), 16)]
    return "[\n" + "".join(f"    {row},\n" for row in rows) + "]"


def _short(values: Sequence[object]) -> str:
    """On one line of a comment, as far as there is room."""
    text = str([round(value, 6) if isinstance(value, float) else value for value in values])
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 3]}…"


def _names(word: str, count: int, *, numbered: bool = True) -> str:
    names = [f'"{word} {i + 1}"' if numbered else f'"{word}"' for i in range(count)]
    text = f"[{', '.join(names)}]"
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 3]}…"


def _matrices(layers: Sequence[int]) -> str:
    sizes = zip(layers[1:], layers, strict=False)
    return _short([[[0.5] * before] * size for size, before in sizes] if max(layers) < 20 else [[["…"]]])


def _vectors(layers: Sequence[int]) -> str:
    return _short([[0.1] * size for size in layers[1:]] if max(layers) < 20 else [["…"]])
