"""What the functions of a network's last layer do, as the narration says it.

>>> from backprop_math import load_example
>>> squeezed(load_example("simplest").network)
'Sigma, the sigmoid function, squeezes it into the range 0 to 1.'
"""

from __future__ import annotations

from backprop_math import ActivationFunction, CostFunction
from backprop_math.functions import OutputActivation
from backprop_math.network import Structure

__all__ = ["cost_curve_and_slope", "missed", "said", "squeezed"]

_SLOPES = {
    "squared_error": "That slope is two times the difference of a and y.",
    "mean_squared_error": "That slope is two times the difference of a and y.",
    "half_squared_error": "That slope is the difference of a and y.",
}


def said(function: ActivationFunction | OutputActivation | CostFunction) -> str:
    """A function's name, as it is said.

    >>> from backprop_math import ACTIVATIONS
    >>> said(ACTIVATIONS["leaky_relu"])
    'leaky relu'
    """
    return function.name.replace("_", " ")


def cost_curve_and_slope(network: Structure) -> tuple[str, str]:
    """What the curve of the cost over the last activation looks like, and what its slope is.

    >>> from backprop_math import load_example
    >>> cost_curve_and_slope(load_example("simplest").network)
    ('It is a parabola, lowest where a is y.', 'That slope is two times the difference of a and y.')
    """
    slope = _SLOPES.get(network.cost.name)
    return (
        ("It is a parabola, lowest where a is y.", slope) if slope else ("What is wanted is y.", "That slope is this.")
    )


def missed(network: Structure, thing: str) -> str:
    """What the cost of one training example, a ``thing``, is.

    >>> from backprop_math import load_example
    >>> missed(load_example("simplest").network, "penguin")
    'The cost of this one penguin is the difference, squared.'
    """
    cost = network.cost.name
    if cost == "squared_error":
        return f"The cost of this one {thing} is the difference, squared."
    return f"The cost of this one {thing} says how far off it is: here, {said(network.cost)}."


def squeezed(network: Structure) -> str:
    """What the last activation function does to a weighted sum."""
    function = network.activation[-1]
    if function.name == "sigmoid":
        return "Sigma, the sigmoid function, squeezes it into the range 0 to 1."
    return f"Then it goes through the activation function, here {said(function)}."
