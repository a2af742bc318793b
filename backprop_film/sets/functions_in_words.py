"""What the functions of a network's last layer do, as the narration says it.

>>> from backprop_math import load_example
>>> squeezed(load_example("simplest").network)
'Sigma, the sigmoid function, squeezes it into the range 0 to 1.'
"""

from __future__ import annotations

from backprop_math.network import Structure

__all__ = ["missed", "squeezed"]


def missed(network: Structure, thing: str) -> str:
    """What the cost of one training example, a ``thing``, is.

    >>> from backprop_math import load_example
    >>> missed(load_example("simplest").network, "penguin")
    'The cost of this one penguin is the difference, squared.'
    """
    cost = network.cost.name
    if cost == "squared_error":
        return f"The cost of this one {thing} is the difference, squared."
    return f"The cost of this one {thing} says how far off it is: here, {cost.replace('_', ' ')}."


def squeezed(network: Structure) -> str:
    """What the last activation function does to a weighted sum."""
    name = network.activation[-1].name
    if name == "sigmoid":
        return "Sigma, the sigmoid function, squeezes it into the range 0 to 1."
    return f"Then it goes through the activation function, here {name.replace('_', ' ')}."
