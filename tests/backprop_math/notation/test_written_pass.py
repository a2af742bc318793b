"""Networks, passes and equations print and display as what they are."""

import re

import numpy as np
import pytest

from backprop_math import ACTIVATIONS, AvgPool2D, Conv2D, Dense, Flatten, Layer, LayerEquations, Network, Notation

NET = Network.from_arrays(
    [[[0.5, -1.0]], [[2.0], [-1.0]]], [[0.0], [1.0, 0.5]], activation=["identity", "relu"], cost="squared_error"
)
TRACE = NET.forward([4.0, 1.0]).backward([3.0, -1.0])  # z¹ = 1, z² = (3, −0.5), a² = (3, 0), C = 0 + 1
IMAGES = Network([Conv2D.random(2, 1, (2, 2)), AvgPool2D(2), Flatten(), Dense.random(1, 2)], shape=(1, 3, 3))


def test_a_network_prints_as_a_table_of_its_layers():
    assert str(IMAGES).splitlines() == [
        "layer  kind       output     activation  parameters",
        "0      input      1 × 3 × 3",
        "1      Conv2D     2 × 2 × 2  relu        10",
        "2      AvgPool2D  2 × 1 × 1",
        "3      Flatten    2",
        "4      Dense      1          sigmoid     3",
        "cost squared_error, float64, 13 parameters",
    ]
    assert "\n" not in repr(IMAGES)
    large = str(Network.random((784, 100, 10), cost="cross_entropy", dtype="float32"))
    assert "78,500" in large
    assert large.endswith("cost cross_entropy, float32, 79,510 parameters")


def test_a_network_is_displayed_as_a_table_with_its_texts_escaped():
    html = NET._repr_html_()
    assert "<caption>cost squared_error, float64, 7 parameters</caption>" in html
    assert "<tr><td>2</td><td>Dense</td><td>2</td><td>relu</td><td>4</td></tr>" in html
    kind = type("<b>", (Dense,), {})
    ours = Network([kind(np.array([[1.0]]), np.array([0.0]), ACTIVATIONS["relu"])])
    assert isinstance(ours.stack[0], Layer)
    assert "&lt;b&gt;" in ours._repr_html_()
    assert "<b>" not in ours._repr_html_()


def test_a_pass_prints_as_its_equations_with_their_matrices():
    lines = str(TRACE).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["forward pass", "cost", "backward pass"]
    assert lines[1] == "  z⁽ᴸ⁻¹⁾ = W⁽ᴸ⁻¹⁾ a⁽ᴸ⁻²⁾ + b⁽ᴸ⁻¹⁾ = [0.50, −1.00] [4.00; 1.00] + [0.00] = [1.00]"
    assert lines[4] == "  a⁽ᴸ⁾ = ReLU(z⁽ᴸ⁾) = ReLU([3.00; −0.50]) = [3.00; 0.00]"
    assert lines[6].endswith("= 1.00")
    # δ = 2 (a − y) ⊙ ReLU′(z) = (0, 2) ⊙ (1, 0), by hand
    assert lines[8].endswith("= [0.00; 2.00] ⊙ [1.00; 0.00] = [0.00; 0.00]")
    assert len(lines) == 3 + 4 + 1 + 6


def test_a_forward_pass_prints_the_forward_half():
    assert str(TRACE).startswith(str(TRACE.forward))
    assert "δ" not in str(TRACE.forward)
    assert TRACE.forward._repr_html_().count("<td") == 4


@pytest.mark.parametrize("layer", [1, 2])
def test_the_equations_of_a_layer_print_symbols_and_numbers(layer):
    equations = TRACE.equations(layer)
    parts = [*equations.forward, *equations.backward]
    assert str(equations).splitlines() == [part.whole.text() for part in parts]
    for part, line in zip(parts, str(equations).splitlines(), strict=True):
        assert line.startswith(part.symbols.text())
        assert line.endswith(part.numbers.text().split(" = ", 1)[-1].split(" ≈ ", 1)[-1])
    html = equations._repr_html_()
    assert html.count("<tr>") == html.count("$\\displaystyle ") == 5
    assert r"\begin{bmatrix}" in html
    assert equations._repr_latex_().startswith(r"$\begin{gathered}")


def test_the_equations_of_a_forward_pass_are_the_forward_ones():
    forward = TRACE.forward.equations(2)
    assert str(forward).splitlines() == str(TRACE.equations(2)).splitlines()[:2]
    with pytest.raises(ValueError, match="layer 2: found a forward pass, expected a backward one for its derivatives"):
        _ = forward.error
    assert isinstance(forward, LayerEquations)
    assert "z⁽²⁾" in str(TRACE.forward.equations(2, notation=Notation(NET, layers="absolute")))


def test_layers_of_images_are_named():
    trace = IMAGES.forward(np.ones((1, 3, 3))).backward([1.0])
    headings = [line for line in str(trace).splitlines() if not line.startswith(" ")]
    assert headings == [
        "forward pass, layer 1: Conv2D", "forward pass, layer 2: AvgPool2D", "forward pass, layer 3: Flatten",
        "forward pass", "cost", "backward pass", "backward pass, layer 3: Flatten", "backward pass, layer 2: AvgPool2D",
        "backward pass, layer 1: Conv2D",
    ]  # fmt: skip


def test_a_batch_prints_as_the_table_of_its_layers():
    batch = NET.forward([[4.0, 1.0]] * 3).backward([[3.0, -1.0]] * 3)
    told = "a batch of 3 examples, the mean of their costs 1; forward.example(i) is one alone"
    assert str(batch) == f"{NET}\n{told}"
    assert batch._repr_html_() == f"{NET._repr_html_()}<p>{told}</p>"
    assert batch._repr_latex_() is None
    assert "costs" not in str(batch.forward)


def test_a_large_pass_stays_readable():
    trace = Network.random((784, 30, 10), seed=1).forward(np.linspace(0, 1, 784)).backward(np.zeros(10))
    assert max(map(len, str(trace).splitlines())) < 600
    assert "…" in str(trace)


def test_a_saturated_pass_prints_finite_numbers():
    """z = 40, y = 0: ∂C/∂z = σ(40) − 0 = 1, though ∂C/∂a is infinite."""
    for net, y in (
        (Network.from_arrays([[[40.0]]], [[0.0]], cost="cross_entropy"), [0.0]),
        (
            Network.from_arrays(
                [[[1000.0], [0.0]]], [[0.0, 0.0]], activation="softmax", cost="categorical_cross_entropy"
            ),
            [0.0, 1.0],
        ),
    ):
        trace = net.forward([1.0]).backward(y)
        assert re.search(r"δ⁽ᴸ⁾ = ∂C₀/∂z⁽ᴸ⁾ = \[1\.00", str(trace))
        assert not re.search("inf|nan|∞", str(trace))
        assert trace._repr_latex_()
