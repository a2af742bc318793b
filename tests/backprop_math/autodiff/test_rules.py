"""Every rule against values from another source, at its edges, at ties, and as it is written."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from backprop_math import ACTIVATIONS, Number, Var, gradient
from backprop_math.autodiff import RULES, apply, reverse_sweep, variables
from backprop_math.autodiff.elementary import ALIASES, ELEMENTARY
from backprop_math.autodiff.reductions import REDUCTIONS

# (rule, arguments, value, derivatives): calculated with mpmath at 60 digits, the derivatives by central differences of
# a relative step of 1e-20 at 400 digits.
BY_MPMATH = [
    ("add", (-1.75, 0.3), -1.45, (1.0, 1.0)),
    ("subtract", (-1.75, 0.3), -2.05, (1.0, -1.0)),
    ("multiply", (-1.75, 0.3), -0.525, (0.3, -1.75)),
    ("divide", (-1.75, 0.3), -5.833333333333334, (3.3333333333333335, 19.444444444444446)),
    ("divide", (3.0, 1e100), 3e-100, (1e-100, -3e-200)),
    ("positive", (-1.75,), -1.75, (1.0,)),
    ("positive", (0.3,), 0.3, (1.0,)),
    ("negative", (-1.75,), 1.75, (-1.0,)),
    ("negative", (0.3,), -0.3, (-1.0,)),
    ("reciprocal", (-0.3,), -3.3333333333333335, (-11.111111111111112,)),
    ("reciprocal", (100000000.0,), 1e-08, (-1e-16,)),
    ("absolute", (-1.75,), 1.75, (-1.0,)),
    ("absolute", (0.3,), 0.3, (1.0,)),
    ("square", (-1.75,), 3.0625, (-3.5,)),
    ("square", (0.3,), 0.09, (0.6,)),
    ("power", (-1.5, 3.0), -3.375, (6.75,)),
    ("power", (0.3, -1.25), 4.504000516023448, (-18.76666881676437,)),
    ("varying power", (0.3, -1.25), 4.504000516023448, (-18.76666881676437, -5.4226941319622135)),
    ("varying power", (2.5, 3.5), 24.705294220065465, (34.587411908091646, 22.637232122070117)),
    ("sqrt", (1e-12,), 1e-06, (500000.0,)),
    ("sqrt", (2.5,), 1.5811388300841898, (0.31622776601683794,)),
    ("cbrt", (-1e-09,), -0.001, (333333.3333333333,)),
    ("cbrt", (2.5,), 1.3572088082974534, (0.18096117443966045,)),
    ("hypot", (3e200, -4e200), 4.9999999999999995e200, (0.6, -0.8)),
    ("hypot", (1e-09, 2.0), 2.0, (5e-10, 1.0)),
    ("exp", (-40.0,), 4.248354255291589e-18, (4.248354255291589e-18,)),
    ("exp", (1.3,), 3.6692966676192444, (3.6692966676192444,)),
    ("exp2", (-40.5,), 6.431098710768743e-13, (4.4576979392720533e-13,)),
    ("exp2", (1.3,), 2.4622888266898326, (1.7067285579443132,)),
    ("expm1", (1e-10,), 1.00000000005e-10, (1.0000000001,)),
    ("expm1", (-3.0,), -0.950212931632136, (0.049787068367863944,)),
    ("log", (1e-300,), -690.7755278982137, (9.999999999999999e299,)),
    ("log", (1.7,), 0.5306282510621704, (0.5882352941176471,)),
    ("log2", (1e-300,), -996.5784284662087, (1.4426950408889632e300,)),
    ("log2", (1.7,), 0.765534746362977, (0.8486441416993903,)),
    ("log10", (1e-300,), -300.0, (4.342944819032518e299,)),
    ("log10", (1.7,), 0.2304489213782739, (0.2554673422960305,)),
    ("log1p", (1e-12,), 9.999999999995e-13, (0.999999999999,)),
    ("log1p", (-0.999,), -6.907755278982136, (999.9999999999991,)),
    ("logaddexp", (1000.0, 1000.5), 1000.9740769841801, (0.37754066879814546, 0.6224593312018546)),
    ("logaddexp", (-1.5, 2.25), 2.273245464372425, (0.022977369910025615, 0.9770226300899744)),
    ("logaddexp2", (2000.0, 1999.25), 2000.6731977928189, (0.627115119175411, 0.37288488082458904)),
    ("logaddexp2", (-1.5, 2.25), 2.353431094174817, (0.06918336064289914, 0.9308166393571009)),
    ("sin", (-1.75,), -0.9839859468739369, (-0.17824605564949209,)),
    ("sin", (0.3,), 0.29552020666133955, (0.955336489125606,)),
    ("cos", (-1.75,), -0.17824605564949209, (0.9839859468739369,)),
    ("cos", (0.3,), 0.955336489125606, (-0.29552020666133955,)),
    ("tan", (1.5,), 14.101419947171719, (199.85004452649247,)),
    ("tan", (-0.4,), -0.4227932187381618, (1.1787541058109752,)),
    ("arcsin", (0.999999999,), 1.5707516054359754, (22360.68009678968,)),
    ("arcsin", (-0.3,), -0.3046926540153975, (1.0482848367219182,)),
    ("arccos", (-0.999999999,), 3.1415479322308717, (-22360.68009678968,)),
    ("arccos", (0.3,), 1.2661036727794992, (-1.0482848367219182,)),
    ("arctan", (1000.0,), 1.5697963271282298, (9.99999000001e-07,)),
    ("arctan", (-0.3,), -0.2914567944778671, (0.9174311926605505,)),
    ("arctan2", (0.5, -2.0), 2.896613990462929, (-0.47058823529411764, -0.11764705882352941)),
    ("arctan2", (-3.0, 0.0), -1.5707963267948966, (0.0, 0.3333333333333333)),
    ("deg2rad", (57.0,), 0.9948376736367679, (0.017453292519943295,)),
    ("rad2deg", (-1.5,), -85.94366926962348, (57.29577951308232,)),
    ("sinh", (-2.0,), -3.6268604078470186, (3.7621956910836314,)),
    ("sinh", (1e-09,), 1e-09, (1.0,)),
    ("cosh", (-2.0,), 3.7621956910836314, (-3.6268604078470186,)),
    ("cosh", (1e-09,), 1.0, (1e-09,)),
    ("arcsinh", (-1e200,), -461.2101657793691, (1e-200,)),
    ("arcsinh", (0.3,), 0.29567304756342244, (0.9578262852211514,)),
    ("arccosh", (1.000000001,), 4.4721361396399915e-05, (22360.678844342314,)),
    ("arccosh", (1e200,), 461.2101657793691, (1e-200,)),
    ("arctanh", (0.999999999,), 10.708206522644144, (500000014.3909661,)),
    ("arctanh", (-0.3,), -0.3095196042031117, (1.098901098901099,)),
    # At the kink of |x| and its kin there is a slope by agreement: 0.
    ("absolute", (0.0,), 0.0, (0.0,)),
    ("hypot", (0.0, 0.0), 0.0, (0.0, 0.0)),
    ("hypot", (0.0, -2.0), 2.0, (0.0, -1.0)),
    ("sign", (-1.75,), -1.0, (0.0,)),
    ("sign", (0.0,), 0.0, (0.0,)),
    ("power", (0.0, 2.0), 0.0, (0.0,)),
    ("power", (0.0, 0.0), 1.0, (0.0,)),
    ("varying power", (0.0, 2.0), 0.0, (0.0, 0.0)),
    ("varying power", (0.0, 1.0), 0.0, (1.0, 0.0)),
    # Squares that overflow leave a slope of 0.
    ("arctan", (1e200,), math.pi / 2, (0.0,)),
    ("divide", (3.0, 1e200), 3e-200, (1e-200, 0.0)),
    ("reciprocal", (1e200,), 1e-200, (0.0,)),
]


@pytest.mark.parametrize(("name", "arguments", "value", "slopes"), BY_MPMATH)
def test_values_and_slopes_of_elementary_functions(name, arguments, value, slopes):
    given = [Var(argument) for argument in arguments]
    if name == "power":
        given[1] = arguments[1]
    node = apply(name, *given)
    assert node.value == pytest.approx(value, rel=1e-15 * max(1.0, abs(math.log(abs(value) or 1.0))), abs=0)
    found = node.partials()
    assert [found[each] for each in given if isinstance(each, Var)] == pytest.approx(slopes, rel=4e-14, abs=0)


def test_every_elementary_function_is_in_the_table_above():
    assert {name for name, *_ in BY_MPMATH} == ELEMENTARY.keys()
    assert {*ELEMENTARY, *REDUCTIONS} | {*ALIASES, "fmax", "fmin"} == RULES.keys()


DOMAINS = {"arccosh": (1.1, 5.0), "arcsin": (-0.95, 0.95), "arccos": (-0.95, 0.95), "arctanh": (-0.95, 0.95),
           "log": (0.1, 9.0), "log2": (0.1, 9.0), "log10": (0.1, 9.0), "log1p": (-0.9, 9.0), "sqrt": (0.1, 9.0),
           "power": (0.1, 3.0), "varying power": (0.1, 3.0), "tan": (-1.4, 1.4), "float_power": (0.1, 3.0)}  # fmt: skip
BINARY = {"add", "subtract", "multiply", "divide", "power", "varying power", "float_power", "hypot", "logaddexp",
          "logaddexp2", "arctan2"}  # fmt: skip


def central(f, x, i, step):
    above, below = (np.array(x, dtype=float) for _ in range(2))
    above[i] += step
    below[i] -= step
    return (float(f(*above)) - float(f(*below))) / (above[i] - below[i])


@pytest.mark.parametrize("name", [*ELEMENTARY, *ALIASES])
def test_slopes_at_random_points_of_the_domain(name):
    """NumPy's own function, its central differences, and the slopes' slopes against those of the slopes."""
    rng = np.random.default_rng(7)
    of_numpy = getattr(np, "power" if name == "varying power" else name)
    arity = 2 if name in BINARY else 1
    constant = name in ("power", "float_power")

    def f(*x):
        return apply(name, *x)

    for point in rng.uniform(*DOMAINS.get(name, (-3.0, 3.0)), size=(20, arity)):
        x = [float(each) for each in point]
        if np.abs(point).min() < 0.05:
            continue
        varying = [Var(each) for each in x]
        if constant:
            varying[1] = x[1]
        node = f(*varying)
        assert node.value == pytest.approx(float(of_numpy(*x)), rel=1e-14)
        for i in range(1 if constant else arity):
            slope = node.partials()[varying[i]]
            assert slope == pytest.approx(central(of_numpy, x, i, 1e-5), rel=1e-6, abs=1e-7)

            def slope_at(*x, i=i):
                given = [x[k] if constant and k else Var(each) for k, each in enumerate(x)]
                return f(*given).partials()[given[i]]

            def nested(t, i=i, x=x):
                return gradient(lambda u: f(*x[:i], u, *x[i + 1 :]) if not constant else f(u, x[1]))(t).gradient[0]

            assert float(nested(x[i])) == pytest.approx(slope, rel=1e-13, abs=1e-15)
            twice = gradient(nested)(x[i]).gradient[0]
            assert twice == pytest.approx(central(slope_at, x, i, 1e-5), rel=1e-5, abs=1e-6), (name, x)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (lambda x: np.sqrt(x), "sqrt of 0: found no finite derivative"),
        (lambda x: np.cbrt(x), "cbrt of 0: found no finite derivative"),
        (lambda x: x**0.5, "power of 0, 0.5: found no finite derivative"),
        (lambda x: np.float_power(x, -1), "power of 0, -1: found no finite value"),
        (lambda x: x ** (x + 0.5), "varying power of 0, 0.5: found no finite derivative"),
        (lambda x: x**x, "varying power of 0, 0: found no finite derivative"),
        (lambda x: np.arcsin(1 + x), "arcsin of 1: found no finite derivative"),
        (lambda x: np.arccos(x - 1), "arccos of -1: found no finite derivative"),
        (lambda x: np.arctanh(1 - x), "arctanh of 1: found no finite value"),
        (lambda x: np.arccosh(1 + x), "arccosh of 1: found no finite derivative"),
        (lambda x: np.arcsin(x + 1.5), "arcsin of 1.5: found no finite value"),
        (lambda x: np.arccosh(x), "arccosh of 0: found no finite value"),
        (lambda x: np.arctan2(x, 0.0), "arctan2 of 0, 0: found no finite derivative"),
        (lambda x: np.reciprocal(x), "reciprocal of 0: found no finite value"),
        (lambda x: np.log2(x), "log2 of 0: found no finite value"),
        (lambda x: np.log1p(x - 1), "log1p of -1: found no finite value"),
        (lambda x: np.sinh(x + 1000), "sinh of 1000: found no finite value"),
        (lambda x: np.exp2(x + 2000), "exp2 of 2000: found no finite value"),
        (lambda x: np.std(np.append(variables([1.0]), x)[:1], ddof=1), "std of 1, 1: found no finite value"),
        (lambda x: np.max(variables([])), "maximum: found no entries along the axes, expected at least one"),
        (lambda x: np.std(variables(np.ones((2, 0))), axis=1), "std: found no entries along the axes"),
    ],
)
def test_an_infinite_slope_is_said_in_words(operation, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        reverse_sweep(operation(Var(0.0)))


# --- at a tie


def test_at_a_tie_a_constant_is_taken_and_of_variables_the_first():
    for f in (
        lambda x: np.maximum(x, 0),
        lambda x: np.maximum(0, x),
        lambda x: np.fmax(x, 0.0),
        lambda x: np.minimum(x, 0),
        lambda x: np.minimum(0, x),
        lambda x: np.fmin(0.0, x),
        lambda x: np.clip(x, 0, 1),
        lambda x: np.clip(x, -1, 0),
        lambda x: apply("relu", x),
        lambda x: np.max(np.append(variables([-1.0]), [x, 0.0, 0.0])),
    ):
        for mode in ("reverse", "forward"):
            assert gradient(f, mode)(0.0).gradient == (0.0,)
    for f in (np.maximum, np.minimum, np.fmax, np.fmin):
        assert gradient(f)(2.0, 2.0).gradient == (1.0, 0.0)
    assert gradient(lambda x: np.sum(np.maximum(x, 0)))([-1.0, 0.0, 2.0]).gradient[0].tolist() == [0.0, 0.0, 1.0]
    assert gradient(lambda x: np.sum(np.maximum(0, x)))([-1.0, 0.0, 2.0]).gradient[0].tolist() == [0.0, 0.0, 1.0]
    assert gradient(np.max)([1.0, 3.0, 3.0]).gradient[0].tolist() == [0.0, 1.0, 0.0]
    assert gradient(np.min)([3.0, 1.0, 1.0]).gradient[0].tolist() == [0.0, 1.0, 0.0]


def test_zero_to_a_power_that_varies():
    """0**y is 0 for every positive y, so is its slope; also where d/dx is infinite, but 0 is a constant."""
    for y in (2.0, 1.0, 0.5):
        assert gradient(lambda y: 0**y)(y).gradient == (0.0,)
        assert gradient(lambda y: np.float_power(0.0, y))(y).gradient == (0.0,)
    assert gradient(lambda x, y: x**y)(0.0, 2.0).gradient == (0.0, 0.0)


# --- any number of numbers


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "prod", "var", "std", "ptp"])
def test_reductions_along_axes(name, axis):
    x = np.array([[0.5, -1.5, 2.0], [3.0, 0.25, -0.75]])
    f = getattr(np, name)
    weights = np.array([1.0, -2.0, 0.5])

    def weighted(x):
        found = f(x, axis=axis)
        return np.sum(found * weights[: found.size].reshape(found.shape)) if axis in (0, 1, -1) else found

    found = gradient(weighted)(x)
    assert found.value == pytest.approx(float(weighted(x)), rel=1e-14)
    flat = [central(lambda *x: weighted(np.reshape(x, (2, 3))), x.ravel(), i, 1e-6) for i in range(6)]
    assert found.gradient[0].ravel() == pytest.approx(flat, rel=1e-7, abs=1e-9)
    if name != "ptp":
        kept = f(variables(x), axis=axis, keepdims=True)
        assert kept.shape == f(x, axis=axis, keepdims=True).shape


def test_reductions_by_hand():
    # (x − 1)² of three numbers with the mean 1: 2(x_i − 1)/3, or with ddof 1 2(x_i − 1)/2.
    assert gradient(np.var)([0.0, 1.0, 2.0]).gradient[0] == pytest.approx([-2 / 3, 0.0, 2 / 3])
    assert gradient(lambda x: np.var(x, ddof=1))([0.0, 1.0, 2.0]).gradient[0].tolist() == [-1.0, 0.0, 1.0]
    # Of two numbers the deviation is half the distance.
    assert gradient(np.std)([4.0, 1.0]).gradient[0] == pytest.approx([0.5, -0.5])
    assert gradient(lambda x: x.std())([4.0, 1.0]).gradient[0] == pytest.approx([0.5, -0.5])
    assert gradient(np.prod)([2.0, 3.0, 5.0]).gradient[0].tolist() == [15.0, 10.0, 6.0]
    assert gradient(np.prod)([2.0, 0.0, 5.0]).gradient[0].tolist() == [0.0, 10.0, 0.0]
    assert gradient(np.prod)([0.0, 0.0, 5.0]).gradient[0].tolist() == [0.0, 0.0, 0.0]
    assert gradient(np.prod)([7.0]).gradient[0].tolist() == [1.0]
    for equal in ([0.1] * 3, [2.0, 2.0], [5.0]):
        for f in (np.var, np.std):
            found = gradient(f)(equal)
            assert (found.value, found.gradient[0].tolist()) == (0.0, [0.0] * len(equal))
    # Equal numbers have a variance that bends all the same: its second derivative is 2/n (1 − 1/n).
    bend = gradient(lambda x: gradient(np.var)(x).gradient[0][0])([2.0, 2.0]).gradient[0]
    assert bend.tolist() == [0.5, -0.5]


def test_each_reduction_is_one_node():
    x, y = variables([1.0, 2.0, 4.0], "x"), variables([3.0, 5.0, 7.0], "y")
    for node, parents in [(np.prod(x), x), (np.min(x), x), (np.var(x), x), (np.std(x), x), (x.var(ddof=1), x),
                          (np.vdot(x, y), [*x, *y]), (np.inner(x, y), [*x, *y]), (np.dot(x, y), [*x, *y])]:  # fmt: skip
        assert node.parents == tuple(parents)
    assert np.vdot(x, y).value == np.dot(x, [3.0, 5.0, 7.0]).value == 41.0
    assert np.vdot([[1.0, 2.0], [3.0, 4.0]], variables(np.ones((2, 2)))).value == 10.0
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert np.inner(variables(matrix), matrix).values.tolist() == np.inner(matrix, matrix).tolist()
    assert np.dot(2.0, x).values.tolist() == [2.0, 4.0, 8.0]
    out = variables([0.0, 0.0], "z")
    np.sum(variables(matrix), axis=0, out=out)
    assert out.values.tolist() == [4.0, 6.0]


# --- NumPy's functions that have a derivative

ONE = (
    "abs absolute fabs positive negative conjugate real exp exp2 expm1 log log2 log10 log1p sqrt cbrt square "
    "reciprocal sin cos tan arcsin arccos arctan asin acos atan sinh cosh tanh arcsinh arctanh asinh atanh "
    "deg2rad rad2deg radians degrees sinc"
)
ARRAY = "sum prod max min amax amin mean var std ptp median average cumsum cumprod diff sort trapezoid linalg.norm flip"
TWO = (
    "add subtract multiply divide true_divide power pow float_power maximum minimum fmax fmin logaddexp logaddexp2 "
    "hypot arctan2 atan2 dot vdot inner outer matmul convolve correlate cross kron polyval"
)


def of_numpy(name):
    found = np
    for part in name.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", [*ONE.split(), *ARRAY.split(), *TWO.split(), "arccosh", "acosh"])
def test_numpys_differentiable_functions_are_taken(name):
    """Each by central differences of what NumPy itself calculates."""
    if not hasattr(np, name.partition(".")[0]):
        pytest.skip(f"this NumPy has no {name}")
    f = of_numpy(name)
    x, y = np.array([0.31, 0.52, 0.83]), np.array([0.77, 0.21, 0.45])
    if name in ("arccosh", "acosh"):
        x = x + 1
    for g in [lambda v: f(v, y), lambda v: f(y, v)] if name in TWO.split() else [f]:

        def weighted(v, g=g):
            found = np.ravel(g(v))
            return np.sum(found * np.cos(np.arange(found.size)))

        found = gradient(weighted)(x).gradient[0]
        expected = [central(lambda *v, f=weighted: f(np.array(v)), x, i, 1e-6) for i in range(3)]
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_arrays_that_numpy_makes_keep_their_rules():
    """A tie in a concatenation is still decided by the rule, not by a comparison of objects."""
    x = variables([0.0, 1.0], "x")
    joined = np.maximum(np.concatenate([x, x]), 0)
    assert joined[0].partials() == {x[0]: 0.0}
    assert np.stack([x, x]).std(axis=0).values.tolist() == [0.0, 0.0]
    own = np.array([x[0], x[1]])  # An array of objects.
    assert np.hypot(own, 1.0)[0].value == 1.0
    assert np.std(own).value == 0.5
    assert np.vdot(own, own).value == 1.0


# --- a gradient of a gradient


def test_a_gradient_of_a_gradient():
    def rosenbrock(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    for mode in ("reverse", "forward"):
        for inner in ("reverse", "forward"):
            rows = [
                gradient(lambda x, i=i, inner=inner: gradient(rosenbrock, inner)(x).gradient[0][i], mode)([-1.2, 1.0])
                for i in range(2)
            ]
            assert [row.value for row in rows] == pytest.approx([-215.6, -88.0])
            # 2 − 400 x_1 + 1200 x_0², −400 x_0 and 200, at (−1.2, 1).
            assert np.array([row.gradient[0] for row in rows]) == pytest.approx(
                np.array([[1330.0, 480.0], [480.0, 200.0]])
            )
    third = gradient(lambda x: gradient(lambda y: gradient(lambda z: z**5)(y).gradient[0])(x).gradient[0])
    assert (third(2.0).value, third(2.0).gradient) == (160.0, (240.0,))


def test_what_varies_outside_stands_still_inside():
    """Both nodes have one value, and yet d/dy (x + y) is 1; what is taken from outside has its slope there."""
    assert gradient(lambda x: x * gradient(lambda y: x + y)(x).gradient[0])(1.3).gradient == (1.0,)
    constant = gradient(lambda x: x * Var(3.0))(2.0)
    assert (constant.value, constant.gradient) == (6.0, (3.0,))
    k = Var(3.0, "k")
    assert gradient(lambda x: x * k)(2.0).gradient == (3.0,)
    assert gradient(lambda x: gradient(lambda y: x * y**2)(3.0).gradient[0])(2.0).gradient == (6.0,)
    assert gradient(lambda x: gradient(lambda y: x * 2)(3.0).gradient[0] + x)(2.0).gradient == (1.0,)
    assert gradient(lambda x: gradient(lambda y: y)(x).gradient[0] * x)(2.0).gradient == (1.0,)
    assert gradient(lambda x, y: gradient(np.hypot)([x, y][0], 4.0).gradient[0])(3.0, 1.0).gradient[0] == pytest.approx(
        16 / 125
    )
    pair = gradient(lambda x: np.sum(gradient(lambda v: v[0] * v[1] ** 2)([x, 3.0]).gradient[0]))(2.0)
    assert (pair.value, pair.gradient) == (9.0 + 12.0, (6.0,))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_second_derivatives_of_the_activation_functions(name):
    slope = ACTIVATIONS[name].df
    for z in (-6.0, -0.8, 0.4, 1.1, 5.0):
        found = gradient(lambda x: gradient(lambda y: apply(name, y))(x).gradient[0])(z)
        assert found.value == float(slope(np.float64(z)))
        assert found.gradient[0] == pytest.approx(central(slope, [z], 0, 1e-5), rel=1e-7, abs=1e-10)


def test_where_a_second_derivative_is_not_known_it_is_said(monkeypatch):
    cube = replace(ACTIVATIONS["tanh"], name="cube", f=lambda z: z**3, df=lambda z: 3 * z**2)
    assert gradient(lambda x: apply(cube, x))(2.0).gradient == (12.0,)
    with pytest.raises(TypeError, match="cube derivative: found no rule for its derivative"):
        gradient(lambda x: gradient(lambda y: apply(cube, y))(x).gradient[0])(2.0)


# --- how it is written


@pytest.mark.parametrize("name", [*(name for name in ELEMENTARY if name != "sign"), *REDUCTIONS])
def test_formulas_calculate_what_the_rule_does(name):
    numbers = [0.7, 0.4, 0.6, 0.3] if name != "arccosh" else [1.5]
    count = {"dot": 4, "sum": 3, "prod": 3, "maximum": 3, "minimum": 3, "var": 3, "std": 3}
    given = [Var(each) for each in numbers[: count.get(name, 2 if name in BINARY else 1)]]
    if name in ("power", "var", "std"):
        given[-1] = 2.0 if name == "power" else 0.0
    node = apply(name, *given)
    graph = node.graph()
    exact = {graph.symbol(each): each.value for each in graph.nodes}

    def whole(symbol):
        return Number(exact[symbol], 12)

    assert graph.definition(node).sides[1].substitute(whole).shown_value() == pytest.approx(node.value, rel=1e-12)
    for parent in node.parents:
        formula = graph.local_derivative(node, parent)
        assert formula.substitute(whole).shown_value() == pytest.approx(graph.edge(node, parent).value, rel=1e-11)
        assert graph.local_with_numbers(node, parent).adds_up()
        for printed in (formula, graph.definition(node)):
            assert printed.latex().count("{") == printed.latex().count("}")
    assert graph.with_numbers(node).adds_up()


@pytest.mark.parametrize(
    ("f", "definition", "slope"),
    [
        (abs, "|x|", "sgn(x)"),
        (np.log2, "log₂(x)", "1/(ln(2) x)"),
        (np.log10, "log₁₀(x)", "1/(ln(10) x)"),
        (np.exp2, "2^x", "ln(2) · 2^x"),
        (np.expm1, "e^x − 1", "e^x"),
        (np.log1p, "ln(1 + x)", "1/(1 + x)"),
        (np.cbrt, "∛x", "1/(3(∛x)²)"),
        (np.square, "x²", "2 x"),
        (np.reciprocal, "1/x", "−1/x²"),
        (np.tan, "tan(x)", "1/(cos(x))²"),
        (np.arcsin, "arcsin(x)", "1/√((1 − x)(1 + x))"),
        (np.arctan, "arctan(x)", "1/(1 + x²)"),
        (np.arcsinh, "arcsinh(x)", "1/√(1 + x²)"),
        (np.deg2rad, "π/180 x", "π/180"),
        (lambda x: np.hypot(x, 3), "√(x² + 3²)", "x/√(x² + 3²)"),
        (lambda x: np.logaddexp(x, 0), "ln(e^x + e⁰)", "1/(1 + e^(0 − x))"),
        (lambda x: np.minimum(x, 1), "min(x, 1)", "1"),
        (lambda x: np.prod(np.array([x, 2.0, 3.0]).view(type(variables([1.0])))), "x · 2 · 3", "6"),
    ],
)
def test_how_the_rules_are_written(f, definition, slope):
    x = Var(0.5, "x")
    node = f(x)
    graph = node.graph()
    assert str(graph.definition(node).sides[1]) == definition
    assert str(graph.local_derivative(node, x)) == slope


def test_formulas_with_parts_that_overflow_are_shown_all_the_same():
    """e^1000 is no float64, ln(e^1000 + e^1000.5) is."""
    x = Var(1000.0, "x")
    node = np.logaddexp(x, 1000.5)
    shown = node.graph().with_numbers(node)
    assert str(shown) == "v₁ = ln(e^(1000.00) + e^(1000.5)) ≈ 1000.97"
    node = np.hypot(Var(3e200, "x"), 4e200)
    assert str(node.graph().with_numbers(node)).startswith("v₁ = √(")


def test_a_small_constant_keeps_its_digits():
    x = Var(2.0, "x")
    node = x * 0.000000123
    number = node.graph().definition(node).sides[1].factors[1]
    assert number.shown_value() == pytest.approx(1.23e-7, rel=1e-12)


def test_long_formulas_are_elided():
    x = variables(np.linspace(1, 2, 20), "x")
    node = np.min(x)
    assert str(node.graph().definition(node)) == "v₁ = min(x₀, x₁, …, x₁₉)"
    node = np.prod(x)
    assert str(node.graph().definition(node)) == "v₁ = x₀ x₁ … x₁₉"


def test_the_rules_compile():
    typst = pytest.importorskip("typst")
    shown = []
    for name, arguments, _, _ in BY_MPMATH:
        if 0.0 in arguments or 1e200 in arguments:  # There the formula itself has a part without a value.
            continue
        given = [Var(each, letter) for each, letter in zip(arguments, "xy", strict=False)]
        node = apply(name, given[0], arguments[1]) if name == "power" else apply(name, *given)
        graph = node.graph()
        shown += [graph.definition(node), *(graph.local_derivative(node, parent) for parent in node.parents)]
    for f in (np.prod, np.min, np.var, np.std):
        node = f(variables([1.0, 2.0, 4.0], "x"))
        shown += [node.graph().definition(node), node.graph().local_with_numbers(node, node.parents[0])]
    page = "\n".join(f"$ {formula.typst()} $" for formula in shown)
    assert typst.Compiler().compile(f"#set page(width: auto, height: auto)\n{page}".encode(), format="svg")
