"""Random formulas of 3 to 40 nodes, with values of their variables."""

import random
import re

from backprop_math.autodiff import parse_formula

ONE = (
    "sin({})", "cos({})", "exp(-({})^2)", "log(({})^2 + 1)", "tanh({})", "sigmoid({})", "sqrt(({})^2 + 1)", "({})^2",
    "atan({})", "softplus({})", "abs({})", "-({})", "2^({})", "cbrt({})",
)  # fmt: skip
TWO = ("({})*({})", "({}) + ({})", "({}) - ({})", "({})/(({})^2 + 1)", "max({}, {})", "hypot({}, 1 + ({})^2)")


def any_formula(seed):
    """A formula, and its values as ``--at`` takes them."""
    draw = random.Random(seed)
    names = ["x", "y", "z", "u", "w1", "b_2"][: draw.randint(1, 6)]
    at = {name: round(draw.uniform(-3, 3), 2) for name in names}
    wanted, known, best = 3 + 11 * seed % 38, list(names), ""
    for _ in range(400):
        first = draw.choice(known[-3:]) if draw.random() < 0.7 else draw.choice(known)
        made = (
            draw.choice(ONE).format(first)
            if draw.random() < 0.45
            else draw.choice(TWO).format(first, draw.choice(known))
        )
        try:
            count = len(parse_formula(made, _used(made, at)).graph().nodes)
        except ValueError:
            continue
        if count <= 40:
            known.append(made)
            best = made
            if count >= wanted:
                break
    return best, ",".join(f"{name}={value}" for name, value in _used(best, at).items())


def _used(text, at):
    return {name: value for name, value in at.items() if re.search(rf"\b{name}\b", text)}
