"""Formulas and their derivatives, against complex step, against networks, and by hand."""

import cmath
import gc
import math
import operator
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backprop_math import ACTIVATIONS, Bias, FormulaGraph, Var, Weight, gradient
from backprop_math.autodiff import VarArray, apply, forward_sweep, reverse_sweep, variables
from backprop_math.autodiff.rules import RULES

from ..strategies import modest, problems

STEP = 1e-100
UNARY = {"sin": cmath.sin, "cos": cmath.cos, "exp": cmath.exp, "log": cmath.log, "sqrt": cmath.sqrt}
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def complex_step(f, arguments, i):
    nudged = [value + 1j * STEP * (i == k) for k, value in enumerate(arguments)]
    return f(*nudged).imag / STEP


@st.composite
def formulas(draw, inputs=3, longest=12):
    """A formula as steps, each of earlier results; calculated with `cmath` it is the oracle."""
    steps = []
    for i in range(draw(st.integers(1, longest))):
        earlier = st.integers(0, inputs + i - 1)
        constant = st.sampled_from([-1.5, 0.5, 2.0, 3])
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from([*UNARY, "negative", "square"])), draw(earlier), None))
        else:
            steps.append((draw(st.sampled_from([*BINARY])), draw(earlier), draw(st.one_of(earlier.map(str), constant))))
    return steps


def evaluate(steps, arguments, functions):
    results = list(arguments)
    for name, left, right in steps:
        x = results[left]
        if name in BINARY:
            results.append(BINARY[name](x, results[int(right)] if isinstance(right, str) else right))
        elif name == "negative":
            results.append(-x)
        else:
            results.append(x**2 if name == "square" else functions[name](x))
    return results[-1]


@given(formulas(), st.lists(st.floats(0.25, 2.0), min_size=3, max_size=3))
@modest
def test_derivatives_are_exact(steps, point):
    def oracle(*arguments):
        return evaluate(steps, arguments, UNARY)

    try:
        value = oracle(*map(complex, point))
        expected = [complex_step(oracle, point, i) for i in range(3)]
    except (ZeroDivisionError, OverflowError, ValueError):
        assume(False)
    assume(abs(value.imag) == 0 and np.isfinite([value.real, *expected]).all() and max(map(abs, expected)) < 1e12)

    def f(*arguments):
        return evaluate(steps, arguments, {name: getattr(np, name) for name in UNARY})

    try:
        for mode in ("reverse", "forward"):
            found = gradient(f, mode)(*point)
            assert found.value == pytest.approx(value.real, rel=1e-9, abs=1e-12)
            assert found.gradient == pytest.approx(expected, rel=1e-9, abs=1e-9)
    except ValueError as error:  # Off the real line on the way, where cmath goes on: log or √ of what is not positive.
        if not re.match("(log|sqrt|divide) of", str(error)):
            raise


@given(problems(batches=False))
@modest
def test_a_network_as_a_formula_has_the_networks_gradient(problem):
    network, x, y = problem

    def cost(W, b):
        a = x
        for weights, biases, row in zip(W, b, network.activation, strict=True):
            a = apply(row, weights @ a + biases)
        half = 0.5 if network.cost.name == "half_squared_error" else 1.0
        return half * np.sum((a - y) ** 2)

    assume(network.cost.name in ("squared_error", "half_squared_error"))
    assume(all(row.name in ACTIVATIONS for row in network.activation))
    W, b = [variables(each, "w") for each in network.W], [variables(each, "b") for each in network.b]
    found = cost(W, b)
    sweep = reverse_sweep(found)
    trace = network.forward(x).backward(y)
    assert found.value == pytest.approx(trace.cost, rel=1e-12)
    for layer, (weights, biases) in enumerate(zip(W, b, strict=True), 1):
        for (j, k), weight in np.ndenumerate(weights):
            expected = trace.derivative(Weight(layer, j, k))
            assert sweep[weight] == pytest.approx(expected, rel=1e-10, abs=1e-14)
        for j, bias in enumerate(biases):
            assert sweep[bias] == pytest.approx(trace.derivative(Bias(layer, j)), rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_functions_come_from_their_table(name):
    x = Var(0.7, "x")
    sweep = reverse_sweep(apply(name, x * 2.0))
    row = ACTIVATIONS[name]
    assert sweep[x] == 2 * float(row.df(np.float64(1.4)))
    assert getattr(x, name)().value == float(row.f(np.float64(0.7)))
    assert apply(name, 0.7) == float(row.f(0.7))


def test_by_hand():
    """f = x y + sin x, Griewank's first kind of example: ∂f/∂x = y + cos x, ∂f/∂y = x."""
    x, y = Var(2.0, "x"), Var(3.0, "y")
    f = x * y + np.sin(x)
    reverse, forward = reverse_sweep(f), forward_sweep(x, f)
    assert f.value == 6 + math.sin(2)
    assert (reverse[x], reverse[y]) == (3 + math.cos(2), 2.0)
    assert forward[f] == 3 + math.cos(2)
    # Backwards over 5 edges, with two ways to x; forwards over the 4 edges that x leads to, with two ways to f.
    assert (reverse.multiplications, reverse.additions) == (5, 1)
    assert (forward.multiplications, forward.additions) == (4, 1)
    assert [forward[node] for node in f.graph().nodes] == [1.0, 0.0, 3.0, math.cos(2), 3 + math.cos(2)]


@pytest.mark.parametrize("inputs", [1, 2, 7])
def test_reverse_takes_one_sweep_and_forward_one_for_each_input(inputs):
    """f = Σ x_i²: 2n edges. Backwards all of them once; forwards from each input the two that it leads to."""
    at = np.arange(1.0, inputs + 1)

    def f(x):
        return np.sum(x**2)

    reverse, forward = gradient(f)(at), gradient(f, "forward")(at)
    for found in (reverse, forward):
        assert found.gradient[0].tolist() == (2 * at).tolist()
    assert (reverse.multiplications, reverse.additions) == (2 * inputs, 0)
    assert (forward.multiplications, forward.additions) == (2 * inputs, 0)

    def deeper(x):
        return np.exp(np.sin(np.sum(x**2) / 100))

    reverse, forward = gradient(deeper)(at), gradient(deeper, "forward")(at)
    # Three more edges on the way from the sum: passed once backwards, once for each input forwards.
    assert reverse.multiplications == 2 * inputs + 3
    assert forward.multiplications == (2 + 3) * inputs
    assert reverse.gradient[0] == pytest.approx(forward.gradient[0], rel=1e-15)


def test_arrays_are_calculated_as_numpy_calculates_numbers():
    A, B = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, 1.0]]), np.array([[2.0, 0.5], [-1.0, 1.5], [0.75, -0.5]])
    vA, vB = variables(A, "a"), variables(B, "b")

    for found, expected in [
        (vA @ vB, A @ B),
        (A @ vB, A @ B),
        (vA @ B[:, 0], A @ B[:, 0]),
        (vA[0] @ vB, A[0] @ B),
        (vA.sum(axis=0), A.sum(axis=0)),
        (np.sum(vA, axis=1, keepdims=True), A.sum(axis=1, keepdims=True)),
        (np.mean(vA, axis=1), A.mean(axis=1)),
        (np.max(vA, axis=0), A.max(axis=0)),
        (np.maximum(vA, 0.5), np.maximum(A, 0.5)),
        (2 - vA / B.T, 2 - A / B.T),
        (np.exp(vA.T) * B, np.exp(A.T) * B),
        (2.0 ** (vA * 0 + 3), np.full(A.shape, 8.0)),
        (np.tanh(vA), np.tanh(A)),
    ]:
        assert isinstance(found, VarArray)
        assert found.values == pytest.approx(expected, rel=1e-15)
    assert (vA[0] @ vB[:, 0]).value == A[0] @ B[:, 0]
    assert np.sum(vA).value == A.sum()
    assert (vA > 0.5).tolist() == (A > 0.5).tolist()
    assert sum(vA[0]).value == A[0].sum()
    assert max(vA[0]) is vA[0, 0]
    vA += 1
    assert vA.values.tolist() == (A + 1).tolist()
    # Arrays of objects that NumPy has made itself, with a constant among them.
    longer = np.append(vB[0], 1.0)
    assert (vA @ longer).values.tolist() == ((A + 1) @ [*B[0], 1.0]).tolist()
    assert np.concatenate([vB[0], vB[1]]).sum().value == B[:2].sum()
    assert [node.value for node in np.exp(np.array([vB[0, 0], vB[0, 1]]))] == pytest.approx(np.exp(B[0]))
    assert (vB[0, 0] > 1, 3 - vB[0, 0] > 1.5, vB[0, 0] <= B[0, 0]) == (True, False, True)
    assert apply("relu", A).tolist() == np.maximum(A, 0).tolist()


def test_a_sum_and_a_matrix_products_entry_are_one_node():
    x, w = variables([1.0, 2.0, 3.0], "x"), variables([0.5, -1.0, 2.0], "w")
    assert np.sum(x).parents == tuple(x)
    z = w @ x
    assert z.parents == (*w, *x)
    # Python's own sum() adds pair by pair, and nothing to 0.
    assert [node.rule and node.rule.name for node in sum(x).graph().nodes] == [None, None, "add", None, "add"]
    assert z.partials() == dict(zip((*w, *x), (1.0, 2.0, 3.0, 0.5, -1.0, 2.0), strict=True))


def test_where_an_argument_stands_twice_its_derivatives_add_up():
    x = Var(3.0, "x")
    assert (x * x).partials() == {x: 6.0}
    assert (x - x).partials() == {x: 0.0}
    zero = Var(0.0, "zero")
    assert ((zero**0).value, (zero**0).partials()) == (1.0, {zero: 0.0})
    assert reverse_sweep(x**2 / x)[x] == pytest.approx(1.0)


def test_the_largest_takes_the_derivative_and_the_first_of_equals():
    x, y = Var(0.0, "x"), Var(0.0, "y")
    assert np.maximum(x, y).partials() == {x: 1.0, y: 0.0}
    # max(0, z) at 0, as ReLU has it.
    assert np.maximum(0.0, x).partials() == {x: 0.0} == apply("relu", x).partials()
    assert apply("maximum", x, y + 1, y).value == 1.0


def test_a_chain_of_20000_nodes():
    x = node = Var(0.5, "x")
    for _ in range(10_000):
        node = (node + 1.0) * 0.5
    graph = node.graph()
    assert len(graph.nodes) == 20_001
    sweep = graph.reverse_sweep(node)
    assert sweep[x] == 0.0  # 2^-10000 is below the smallest float.
    assert (sweep.multiplications, sweep.additions) == (20_000, 0)
    assert sweep[graph.nodes[-21]] == 0.5**10
    assert graph.count_paths(node, x) == 1
    del x, node, graph, sweep
    gc.collect()


def test_functions_are_differentiated_where_they_are_evaluated():
    result = gradient(lambda x, w: x * 2 if x > 0 else x * 5)(-1.0, [1.0, 2.0])
    assert result.value == -5.0
    assert result.gradient[0] == 5.0
    assert result.gradient[1].tolist() == [0.0, 0.0]
    assert [node.name for node in result.graph.nodes] == ["x", ""]
    constant = gradient(lambda x: 3.0)(1.0)
    assert (constant.value, constant.gradient, constant.graph) == (3.0, (0.0,), None)
    assert gradient(max)(1.0, 2.0).gradient == (0.0, 1.0)
    assert gradient(lambda *xs: xs[0] * xs[1])(2.0, 3.0).gradient == (3.0, 2.0)
    named = gradient(lambda w1, b_j, too_long: np.sum(w1) * b_j * too_long)([1.0, 2.0], 3.0, 4.0).graph
    assert [node.name for node in named.inputs] == ["w_1,0", "w_1,1", "b_j", ""]
    assert gradient(lambda x: x @ [[2.0], [3.0]])([1.0, 1.0]).gradient[0].tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (lambda x: np.floor(x), "floor: found no rule for its derivative"),
        (lambda x: np.floor(variables([1.0, 2.0]) * x), "floor: found no rule"),
        (lambda x: np.copysign(x, 1.0), "copysign: found no rule for its derivative (nearest: 'sign')"),
        (lambda x: x // 2, "floor_divide: found no rule for its derivative (nearest: 'divide')"),
        (lambda x: x % 2, "remainder: found no rule"),
        (lambda x: apply("sigmod", x), "sigmod: found no rule for its derivative (nearest: 'sigmoid')"),
        (lambda x: np.logaddexp.reduce(variables([1.0, 2.0])), "logaddexp.reduce: found no rule"),
        (lambda x: np.std(variables([1.0, 2.0]), where=[True, False]), "std with where: found no rule for it"),
        (lambda x: np.exp(x, where=[True]), "exp with where: found no rule for it"),
        (lambda x: np.sum(variables([1.0, 2.0]), initial=1.0), "sum with "),
        (lambda x: np.rint(np.array([x])), "rint"),
        (lambda x: math.sin(x), "must be real number, not Var"),
        (lambda x: x + "a", "add: found str, expected a Var or a number"),
        (lambda x: x + 1j, "add: found complex, expected a Var or a number"),
        (lambda x: reverse_sweep(3.0), "of: found float, expected a Var"),
        (lambda x: reverse_sweep(variables([1.0, 2.0])), "of: found an array of shape (2,), expected a Var"),
        (lambda x: forward_sweep(3.0, x), "wrt: found float, expected a Var"),
        (lambda x: forward_sweep(x, 3.0), "of: found float, expected a Var"),
        (lambda x: forward_sweep(x, [x, 3.0]), "outputs: found float, expected a Var"),
    ],
)
def test_an_operation_without_a_rule_is_named(operation, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        operation(Var(0.5, "x"))


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        (
            "backward",
            "Var.backward: found no such attribute, expected reverse_sweep(of), which returns the derivatives",
        ),
        ("grad", "Var.grad: found no such attribute, expected reverse_sweep(of)[x]"),
        ("arcsine", "Var.arcsine: found no such attribute (nearest: 'arcsin')"),
    ],
)
def test_an_attribute_that_is_not_there_says_what_is(attribute, message):
    with pytest.raises(AttributeError, match=re.escape(message)):
        getattr(Var(0.5, "x"), attribute)


def _doubled(x):
    x *= 2
    return x[0]


def _squared_first(x):
    x[0] = x[0] ** 2
    return x[0] * x[1]


def _sorted(x):
    x.sort()
    return x[0] + 2 * x[1]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(
    ("f", "value", "expected"),
    [(_doubled, 6.0, [2.0, 0.0]), (_squared_first, 18.0, [12.0, 9.0]), (_sorted, 8.0, [2.0, 1.0])],
)
def test_a_function_may_write_into_its_argument(f, value, expected, mode):
    at = np.array([3.0, 2.0])
    found = gradient(f, mode)(at)
    assert (found.value, found.gradient[0].tolist()) == (value, expected)
    assert at.tolist() == [3.0, 2.0]
    # Within another gradient, too: the outer function's array stays as it is.
    outer = gradient(lambda x: gradient(f, mode)(x).value + 0 * x[1], mode)(at)
    assert (outer.value, outer.gradient[0].tolist()) == (value, expected)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (lambda x: 1 / (x - x), "divide of 1, 0: found no finite value"),
        (lambda x: np.log(x - 1), "log of -0.5: found no finite value"),
        (lambda x: np.sqrt(x - 0.5).graph(), "sqrt of 0: found no finite derivative"),
        (lambda x: (x - 0.5) ** 0.5 + reverse_sweep((x - 0.5) ** 0.5)[x], "power of 0, 0.5: found no finite deriv"),
        (lambda x: (-x) ** 0.5, "power of -0.5, 0.5: found no finite value"),
        (lambda x: np.exp(2000 * x), "exp of 1000: found no finite value"),
        (lambda x: x**-10000.0, "power of 0.5, -10000: found no finite value"),
        (lambda x: variables([[1.0, 2.0]]) @ variables([1.0]), "matmul: found shapes (1, 2) and (1,)"),
        (lambda x: gradient(lambda y: y * [1, 2])(x.value), "f: found an array of shape (2,)"),
        (lambda x: gradient(lambda y: "y")(x.value), "f: found str, expected a function that returns one number"),
        (lambda x: gradient(abs, "sideways"), "mode: found 'sideways', expected 'reverse' or 'forward'"),
        (lambda x: Var(math.nan, "x"), "x: found nan, expected finite numbers"),
        (lambda x: Var(1.0, "x y"), "name: found 'x y', expected letters and perhaps indices"),
        (lambda x: x.named("#panic"), "name: found '#panic'"),
        (lambda x: variables([1.0, math.inf], "x"), "x: found inf at index [1]"),
    ],
)
def test_what_is_not_finite_or_fits_nothing_is_named(operation, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        operation(Var(0.5, "x"))


def test_a_rule_of_ones_own(monkeypatch):
    rule = replace(RULES["sin"], name="rint", f=np.rint, partials=lambda x: (0.0,))
    monkeypatch.setitem(RULES, "rint", rule)
    assert gradient(lambda x: np.rint(x) * x)(2.3).gradient == (2.0,)


def test_a_planted_error_is_found(monkeypatch):
    """The oracles above would not pass a wrong line of the table."""
    monkeypatch.setitem(RULES, "sin", replace(RULES["sin"], partials=lambda x: (-np.cos(x),)))
    wrong = gradient(lambda x: np.sin(x) * x)(0.5).gradient[0]
    assert wrong != pytest.approx(complex_step(lambda x: cmath.sin(x) * x, [0.5], 0), rel=1e-3)


# --- how it is written


def test_definitions_and_local_derivatives_are_written():
    x, y = Var(2.0, "x"), Var(0.5, "y_1")
    f = (np.exp(-x) / y + np.log(x) ** 3 - np.sqrt(x * y)).named("f")
    graph = f.graph()
    assert [str(graph.definition(node)) for node in graph.nodes if node.rule] == [
        "v₁ = −x", "v₂ = e^(v₁)", "v₃ = v₂/y₁", "v₄ = ln(x)", "v₅ = v₄³", "v₆ = v₃ + v₅", "v₇ = x y₁", "v₈ = √v₇",
        "f = v₆ − v₈",
    ]  # fmt: skip
    v = {str(graph.symbol(node)): node for node in graph.nodes}
    written = {("v₂", "v₁"): "e^(v₁)", ("v₃", "y₁"): "−v₂/y₁²", ("v₃", "v₂"): "1/y₁", ("v₄", "x"): "1/x",
               ("v₅", "v₄"): "3v₄²", ("v₈", "v₇"): "1/(2√v₇)", ("f", "v₈"): "−1"}  # fmt: skip
    found = {pair: str(graph.local_derivative(v[pair[0]], v[pair[1]])) for pair in written}
    assert {pair: text.replace("3 v", "3v").replace("2 √", "2√") for pair, text in found.items()} == written
    assert str(graph.formula(f)) == "e^(−x)/y₁ + (ln(x))³ − √(x y₁)"
    v["v₆"].named("u")
    assert str(f.graph().formula(f)) == "u − √(x y₁)"
    assert str(graph.chain(f, y)) == "∂f/∂y₁ = ∂v₃/∂y₁ · ∂v₆/∂v₃ · ∂f/∂v₆ + ∂v₇/∂y₁ · ∂v₈/∂v₇ · ∂f/∂v₈"
    assert graph.chain(f, f).sides[1].text() == "1"
    assert graph.chain(x, f).sides[1].text() == "0"


def test_everything_written_with_numbers_adds_up():
    x, y, w = Var(0.7, "x"), Var(1.25, "y"), variables([0.5, -1.5], "w")
    f = np.sum(np.sin(w * x)) / y + apply("sigmoid", x * y) - np.maximum(x, y) ** 2 * np.cos(y)
    graph = f.graph()
    for node in graph.nodes:
        if node.rule:
            numbers = graph.with_numbers(node)
            assert numbers.adds_up(), numbers
            assert numbers.sides[-1].shown_value() == pytest.approx(node.value, abs=0.006)
            for parent in node.parents:
                local = graph.local_with_numbers(node, parent)
                assert local.adds_up(), local
                assert local.sides[-1].shown_value() == pytest.approx(
                    graph.edge(node, parent).value, rel=0.1, abs=0.006
                )
    chain = graph.chain_with_numbers(f, x)
    assert chain.adds_up()
    assert chain.sides[-1].shown_value() == pytest.approx(reverse_sweep(f)[x], rel=0.005)


def test_names_and_symbols():
    x = variables([[1.0, 2.0], [3.0, 4.0]], "w")
    assert [node.name for node in x.ravel()] == ["w_0,0", "w_0,1", "w_1,0", "w_1,1"]
    graph = FormulaGraph([*(x[0] * Var(2.0, "v_1")), x[0, 0]])
    assert [str(graph.symbol(node)) for node in graph.nodes] == ["w₀₀", "v₁", "v₂", "w₀₁", "v₃"]
    wide = Var(1.0, "w_10,3")
    assert wide.graph().symbol(wide).text() == "w₁₀,₃"
    assert repr(Var(1.5, "x") * 2) == "Var(3.0, multiply)"
    assert repr(Var(1.5, "x")) == "Var(1.5, 'x')"
    with pytest.raises(KeyError, match="x: no such node in this graph"):
        graph.symbol(Var(1.0, "x"))
    with pytest.raises(ValueError, match="v_1: is an input, expected a node that is calculated"):
        graph.definition(graph.nodes[1])
    with pytest.raises(KeyError, match="is not calculated directly from"):
        graph.local_derivative(graph.nodes[2], graph.nodes[3])


def test_a_formula_too_long_to_read_says_so():
    node = Var(1.0, "x")
    for _ in range(40):
        node = node * node * 0.5
    with pytest.raises(ValueError, match="found a formula of more than 200 symbols, expected named parts in it"):
        node.graph().formula(node)
    many = np.sum(variables(np.ones(30), "x"))
    assert str(many.graph().definition(many)) == "v₁ = x₀ + x₁ + … + x₂₉"
    x = Var(1.0, "x")
    wide = sum(x * c for c in range(1, 20))
    assert str(wide.graph().chain(wide, x)).endswith("+ …")
    numbers = wide.graph().chain_with_numbers(wide, x)
    assert str(numbers).endswith("+ 184.00 (16 more) = 190.00")
    assert numbers.sides[1].shown_value() == sum(range(1, 20))


def test_what_is_written_compiles():
    typst = pytest.importorskip("typst")
    x, y = Var(2.0, "x"), Var(0.5, "loss_1")
    f = (np.exp(-x) / y + np.log(x) ** 3 - np.sqrt(x * y) + np.maximum(np.sin(x), np.cos(y)) ** 2.5 + x**y).named("f")
    graph = f.graph()
    shown = [graph.formula(f), graph.chain(f, x), graph.chain_with_numbers(f, x)]
    for node in graph.nodes:
        if node.rule:
            shown += [graph.definition(node), graph.with_numbers(node)]
            shown += [graph.local_with_numbers(node, parent) for parent in node.parents]
    page = "\n".join(f"$ {formula.typst()} $" for formula in shown)
    assert typst.Compiler().compile(f"#set page(width: auto, height: auto)\n{page}".encode(), format="svg")
    for formula in shown:
        assert formula.latex().count("{") == formula.latex().count("}")
