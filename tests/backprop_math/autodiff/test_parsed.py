import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math.autodiff import forward_steps, parse_formula, reverse_steps, reverse_sweep
from tests.backprop_math.strategies import modest

AT = {"x": 0.7, "y": 1.3, "z": -0.4}
# Functions that NumPy knows for complex numbers and that are analytic wherever the formulas below lead.
FUNCTIONS = ("sin", "cos", "exp", "tanh", "sinh", "arctan")

leaves = st.sampled_from(["x", "y", "z", "2", "0.5", "pi"])
formulas = st.recursive(
    leaves,
    lambda part: (
        st.tuples(part, st.sampled_from([" + ", "-", " * "]), part).map(lambda row: f"({''.join(row)})")
        | st.tuples(st.sampled_from(FUNCTIONS), part).map(lambda row: f"{row[0]}({row[1]}/8)")
        | part.map(lambda text: f"({text})^2/16")
        | part.map(lambda text: f"-{text}")
    ),
    max_leaves=12,
).filter(lambda text: any(name in text.replace("exp", "") for name in AT) and text not in AT)


def by_complex_step(text, wrt):
    """∂f/∂wrt from Python's own evaluation with complex numbers (Squire and Trapp 1998)."""
    names = {name: getattr(np, name) for name in FUNCTIONS} | {"pi": math.pi} | AT
    names[wrt] = complex(AT[wrt], 1e-30)
    return complex(eval(text.replace("^", "**"), {"__builtins__": {}}, names)).imag / 1e-30


@modest
@given(text=formulas)
def test_values_and_derivatives_are_those_of_pythons_own_evaluation(text):
    given = {name: value for name, value in AT.items() if name in text.replace("exp", "")}
    f = parse_formula(text, given)
    sweep = reverse_sweep(f)
    for node in f.graph().inputs:
        assert sweep[node] == pytest.approx(by_complex_step(text, node.name), rel=1e-9, abs=1e-12)


def test_what_is_written_twice_is_calculated_once():
    graph = parse_formula("sin(x)*sin(x) + sin( x )", {"x": 1}).graph()
    assert [node.rule.name for node in graph.nodes if node.rule] == ["sin", "multiply", "add"]


def test_names():
    f = parse_formula("f^2*pow(x1, 3)*e*abs(-w_ab) + max(f, 1, x1)", {"f": 2, "x1": -1, "w_ab": 3})
    assert f.name == "g"
    assert {node.name for node in f.graph().inputs} == {"f", "x_1", "w_ab"}
    assert f.value == pytest.approx(4 * -1 * math.e * 3 + 2)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("2x", {"x": 1}, "formula: found '2x', expected one such as 2*x + sin(x) (invalid decimal literal)"),
        ("", {}, "formula: found '', expected one such as"),
        ("x; y", {"x": 1}, "formula: found 'x; y', expected one such as"),
        ("x", {"x": 1}, "formula: found 'x', expected something calculated from a variable"),
        ("2 + 3", {}, "formula: found '2 + 3', expected something calculated from a variable"),
        ("x + yy", {"x": 1, "y": 2}, "formula: found the variable 'yy' without a value, expected one (nearest: 'y')"),
        ("x + 1", {"x": 1, "y": 2}, "y: found a value, expected a variable of the formula"),
        ("sine(x)", {"x": 1}, "formula: found the function 'sine', expected one that has a rule (nearest: 'sin')"),
        ("sin(x, 1)", {"x": 1}, "formula: found sin of 2 arguments, expected 1"),
        ("max()*x", {"x": 1}, "formula: found max of nothing, expected at least one argument"),
        ("x % 2", {"x": 1}, "formula: found x % 2, expected numbers, variables, + - * / ^ and functions"),
        ("x.real", {"x": 1}, "formula: found x.real, expected numbers"),
        ("(lambda: x)()", {"x": 1}, "formula: found (lambda: x)(), expected numbers"),
        ("__import__('os')", {}, "formula: found the function '__import__', expected one that has a rule"),
        ("True*x", {"x": 1}, "formula: found True, expected numbers"),
        ("x + 'a'", {"x": 1}, "formula: found 'a', expected numbers"),
        ("log(x - 3)", {"x": 2}, "formula, log(x - 3): log of -1: found no finite value"),
        ("1 + sqrt(x)", {"x": 0}, "formula, sqrt(x): sqrt of 0: found no finite derivative"),
        ("x/(y - y)", {"x": 1, "y": 1}, "formula, x/(y - y): divide of 1, 0: found no finite value"),
        ("x^y", {"x": -1, "y": 0.5}, "formula, x**y: varying power of -1, 0.5: found no finite value"),
        ("1/0*x", {"x": 1}, "formula, 1/0: float division by zero"),
        ("9^9^9^9*x", {"x": 1}, "formula, 9**9**9: Numerical result out of range"),
        ("9" * 900 + "*x", {"x": 1}, "formula, 999"),
        ("-" * 900 + "x", {"x": 1}, "formula: found brackets or signs too deep"),
        ("(" * 300 + "x" + ")" * 300, {"x": 1}, "formula: found"),
        ("x+" * 1000 + "x", {"x": 1}, "formula: found 2001 characters, expected at most 1000"),
        ("x*\0y", {"x": 1}, "formula: found 'x*"),
        ("x*x", {"x": math.nan}, "x: found"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_told_in_one_line(text, at, message):
    with pytest.raises(ValueError) as caught:
        parse_formula(text, at)
    assert str(caught.value).startswith(message), caught.value
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


STEPS = "exp(x*y) + sin(x*y)*x"


def test_steps_are_the_sweeps():
    """f = e^(xy) + x sin(xy), by hand."""
    x, y = 0.5, 1.2
    f = parse_formula(STEPS, {"x": x, "y": y})
    graph = f.graph()
    slopes = {
        "x": y * math.exp(x * y) + math.sin(x * y) + x * y * math.cos(x * y),
        "y": x * math.exp(x * y) + x * x * math.cos(x * y),
    }
    back = {step.node: step for step in reverse_steps(graph, f)}
    assert set(back) == set(graph.nodes) - {f}
    for wrt in graph.inputs:
        *_, last = forward_steps(graph, wrt)
        assert last.node is f
        assert last.value == pytest.approx(slopes[wrt.name])
        assert back[wrt].value == pytest.approx(slopes[wrt.name])


def test_every_step_stands_on_those_before_and_adds_up():
    graph = parse_formula(STEPS, {"x": 0.5, "y": 1.2}).graph()
    (f,) = graph.outputs
    done = {f}
    for step in reverse_steps(graph, f):
        assert set(graph.children(step.node)) <= done
        done.add(step.node)
        assert step.numbers.adds_up()
    for wrt in graph.inputs:
        assert all(step.numbers.adds_up() for step in forward_steps(graph, wrt))


def test_steps_are_written():
    graph = parse_formula(STEPS, {"x": 0.5, "y": 1.2}).graph()
    written = {graph.symbol(step.node).text(): step for step in reverse_steps(graph, graph.outputs[0])}
    assert written["v₁"].symbols.text() == "∂f/∂v₁ = ∂v₂/∂v₁ · ∂f/∂v₂ + ∂v₃/∂v₁ · ∂f/∂v₃"
    assert written["v₁"].formulas.text() == "∂f/∂v₁ = e^(v₁) ∂f/∂v₂ + cos(v₁) ∂f/∂v₃"
