"""What people type first: it works, or one line says what to type."""

import re

import numpy as np
import pytest

from backprop_math import (
    Activation,
    Adam,
    Bias,
    Conv2D,
    Cost,
    Dense,
    Flatten,
    Momentum,
    Network,
    Notation,
    Nudge,
    Weight,
    WeightedSum,
    load_example,
    train,
)

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
NET = Network.random((2, 3, 1), seed=1)
TRACE = NET.forward([0.5, -1.0]).backward([1.0])
GRADIENT = NET.gradient([0.5, -1.0], [1.0])[1]
IMAGES = Network([Conv2D.random(1, 1, (1, 2)), Flatten(), Dense.random(1, 1)], shape=(1, 1, 2))
NAMES = Notation(NET)


@pytest.mark.parametrize(
    ("by_name", "by_quantity"),
    [
        (lambda: NET.value("w[1][2,0]"), lambda: NET.W[1][2, 0]),
        (lambda: TRACE.value("a[1][2]"), lambda: TRACE.forward.a[1][2]),
        (lambda: TRACE.forward.value("z[2][0]"), lambda: TRACE.forward.z[2][0]),
        (lambda: TRACE.value("C"), lambda: TRACE.cost),
        (lambda: TRACE.value("y[0]"), lambda: 1.0),
        (lambda: TRACE.derivative("w[1][0,0]"), lambda: TRACE.dW[1][0, 0]),
        (lambda: TRACE.derivative("C"), lambda: 1.0),
        (lambda: GRADIENT.derivative("b[1][2]"), lambda: GRADIENT.db[1][2]),
        (lambda: NET.replace({"w[1][2,0]": 7.0}).W[1][2, 0], lambda: 7.0),
        (lambda: TRACE.chain_rule("w[1][0,0]").value, lambda: TRACE.dW[1][0, 0]),
        (lambda: str(TRACE.chain_rule("a[1][0]", "z[2][0]")),
         lambda: str(TRACE.chain_rule(Activation(1, 0), WeightedSum(2, 0)))),
        (lambda: NAMES.symbol("w[1][2,0]"), lambda: NAMES.symbol(Weight(1, 2, 0))),
        (lambda: NAMES.definition("z[2][0]"), lambda: NAMES.definition(WeightedSum(2, 0))),
        (lambda: NAMES.number("b[1][0]", TRACE), lambda: NAMES.number(Bias(1, 0), TRACE)),
        (lambda: NAMES.derivative_symbol("C", "a[2][0]"), lambda: NAMES.derivative_symbol(Cost(), Activation(2, 0))),
        (lambda: NAMES.local_derivative("C", "a[2][0]"), lambda: NAMES.local_derivative(Cost(), Activation(2, 0))),
        (lambda: NAMES.local_with_numbers("z[2][0]", "b[2][0]", TRACE),
         lambda: NAMES.local_with_numbers(WeightedSum(2, 0), Bias(2, 0), TRACE)),
        (lambda: NAMES.with_numbers("z[2][0]", TRACE),
         lambda: NAMES.with_numbers(NAMES.definition(WeightedSum(2, 0)), TRACE)),
        (lambda: NAMES.with_numbers(WeightedSum(2, 0), TRACE),
         lambda: NAMES.with_numbers(NAMES.definition(WeightedSum(2, 0)), TRACE)),
        (lambda: load_example("simplest").with_values({"w[3][0,0]": 2.0, "a[0][0]": 0.25}).forward().value("a[0][0]"),
         lambda: 0.25),
        (lambda: Nudge(load_example("simplest"), "w[3][0,0]", 0.1).ratio("C", "w[3][0,0]"),
         lambda: Nudge(load_example("simplest"), Weight(3, 0, 0), 0.1).ratio(Cost(), Weight(3, 0, 0))),
        (lambda: IMAGES.value("w[1][0,0,0,1]"), lambda: IMAGES.W[1][0, 0, 0, 1]),
    ],
)  # fmt: skip
def test_a_quantity_may_be_given_by_its_name(by_name, by_quantity):
    assert by_name() == by_quantity()


def test_what_is_calculated_is_found_where_people_look():
    assert TRACE.a is TRACE.forward.a
    assert TRACE.z is TRACE.forward.z
    assert TRACE.x.tolist() == [0.5, -1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TRACE.derivative("w[1][0]"), "quantity 'w[1][0]': found 1 neuron indices, expected w[layer][j,k]"),
        (lambda: TRACE.derivative("dw"), "quantity 'dw': not understood, expected a form such as w[2][1,0]"),
        (lambda: TRACE.derivative(3), "quantity: found 3, expected one such as Weight(2, 1, 0), or what it is called"),
        (lambda: TRACE.derivative("w[9][0,0]"), "w[9][0,0]: found layer 9, expected a layer from 1 to 2"),
        (lambda: GRADIENT.derivative(Activation(1, 0)), "a[1][0]: found Activation, expected a weight or a bias"),
        (lambda: GRADIENT.derivative(Weight(3, 0, 0)), "w[3][0,0]: found layer 3, expected one of the layers 1, 2"),
        (lambda: GRADIENT.derivative(Weight("L", 0, 0)), "w[L][0,0]: found layer L, expected one of the layers 1, 2"),
        (lambda: GRADIENT.derivative(Weight(1, -1, 0)), "w[1][-1,0]: found no such place, expected one in dW[1], (3"),
        (lambda: GRADIENT.derivative(Bias(1, "j")), "b[1][j]: found no such place, expected one in db[1], (3,)"),
        (lambda: GRADIENT.derivative("w[1][0,0,0,0]"), "w[1][0,0,0,0]: found no such place, expected one in dW[1]"),
        (lambda: Network.random((2, 1), activation=np.tanh),
         "activation: found <ufunc 'tanh'>, expected one of 'identity', "),
        (lambda: Network.random((2, 1), activation=np.tanh), "(nearest: 'tanh'); a function of your own becomes one by "
                                                             "register_activation"),
        (lambda: Network.random((2, 1), activation=None), "activation: found None, expected one of 'identity', "),
        (lambda: Network.random((2, 1), activation=None), "a function of your own becomes one by register_activation"),
        (lambda: Network.random((2, 2, 1), activation=["tanh", np.sin]), "by register_activation"),
        (lambda: Network.random((2, 1), activation=3), "activation: found 3, expected one of 'identity', "),
        (lambda: Network.random((2, 1), activation="ReLU"), "(nearest: 'relu')"),
        (lambda: Network.random((2, 1), activation="LeakyReLU"), "(nearest: 'leaky_relu')"),
        (lambda: Network.random((2, 1), activation="SIGMOID"), "(nearest: 'sigmoid')"),
        (lambda: Network.random((2, 1), cost="CrossEntropy"), "(nearest: 'cross_entropy')"),
        (lambda: Network.random((2, 1), cost=None), "a function of your own becomes one by register_cost"),
        (lambda: Network.random((2, 1), cost=np.sum), "a function of your own becomes one by register_cost"),
        (lambda: train(NET, *XOR, optimizer="adam"),
         "optimizer: found 'adam', expected one such as Adam(0.1), with a method step (nearest: Adam())"),
        (lambda: train(NET, *XOR, optimizer=Momentum),
         "optimizer: found the class Momentum, expected one such as Adam(0.1), with a method step (nearest: Momentum"),
        (lambda: train(NET, *XOR, optimizer=0.1), "optimizer: found 0.1, expected one such as Adam(0.1)"),
        (lambda: train(NET, *XOR, optimizer=0), "optimizer: found 0, expected one such as Adam(0.1)"),
        (lambda: train(NET, *XOR, callbacks=print), "callbacks: found <built-in function print>, expected a list of"),
        (lambda: NET.with_parameters([NET.W[1]], [NET.b[1]]),
         "W: found 1 arrays, expected 2, one for each layer that has some"),
        (lambda: NET.with_parameters([*NET.W, NET.W[1]], NET.b), "W: found 3 arrays, expected 2"),
        (lambda: NET.with_parameters(NET.W, []), "b: found 0 arrays, expected 2"),
        (lambda: NET.with_parameters([NET.W[1].T, NET.W[2]], NET.b), "W[1]: found shape (2, 3), expected (3, 2)"),
        (lambda: NET.with_parameters([NET.W[1], [[np.nan] * 3]], NET.b), "W[2]: found nan at index [0, 0], expected"),
        (lambda: NET.with_parameters(NET.W, [[0.0] * 3, [0.0, 1.0]]), "b[2]: found shape (2,), expected (1,)"),
    ],
)  # fmt: skip
def test_one_line_says_what_is_expected(call, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_parameters_may_be_lists():
    changed = NET.with_parameters([np.zeros((3, 2)).tolist(), [[1, 2, 3]]], [[0, 0, 0], [4]])
    assert changed.W[2].tolist() == [[1.0, 2.0, 3.0]]
    assert changed.dtype == NET.dtype


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("options", [{}, {"cost": "cross_entropy"}], ids=["squared error", "cross-entropy"])
def test_the_defaults_train_xor(seed, options, recwarn):
    trained, history = train(Network.random((2, 4, 1), seed=seed, **options), *XOR)
    assert history.cost[-1] < 0.01
    assert trained.forward(XOR[0]).a[2].round().tolist() == XOR[1]
    assert not recwarn.list


def test_defaults_that_do_not_train_say_so():
    stuck = Network.from_arrays([[[1.0, 1.0]]], [[0.0]])  # no line parts XOR
    with pytest.warns(UserWarning, match=r"the cost went from 0\.\d+ only to 0\.25 in 500 steps of Adam\(rate=0\.1"):
        train(stuck, *XOR)


def test_whoever_chooses_an_optimizer_is_not_told(recwarn):
    train(Network.from_arrays([[[1.0, 1.0]]], [[0.0]]), *XOR, optimizer=Adam(), epochs=3)
    assert not recwarn.list
