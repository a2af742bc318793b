import re

import pytest

from backprop_math import Activation, Bias, Cost, Target, Weight, WeightedSum, parse_quantity


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("w[2][1,0]", Weight(2, 1, 0)),
        ("b[1][0]", Bias(1, 0)),
        ("z[2][1]", WeightedSum(2, 1)),
        ("a[12][10]", Activation(12, 10)),
        ("y[0]", Target(0)),
        ("C", Cost()),
    ],
)
def test_names_can_be_written_and_read(name, quantity):
    assert str(quantity) == name
    assert parse_quantity(name) == quantity
    assert parse_quantity(f" {name.replace(',', ' , ')} ") == quantity


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("w[2][1]", "quantity 'w[2][1]': found 1 neuron indices, expected w[layer][j,k]"),
        ("b[2][1,0]", "quantity 'b[2][1,0]': found 2 neuron indices, expected b[layer][j]"),
        ("q[1][0]", "quantity 'q[1][0]': not understood, expected a form such as w[2][1,0]"),
        ("w[-1][0,0]", "not understood"),
        ("", "quantity '': not understood"),
    ],
)
def test_misspelt_names(name, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_quantity(name)


def test_letters_and_kinds():
    assert [kind.letter for kind in (Weight, Bias, WeightedSum, Activation, Target, Cost)] == list("wbzayC")
    assert str(Weight("L", "j", "k")) == "w[L][j,k]"
    assert WeightedSum(1, 0) != Activation(1, 0)
    assert len({Weight(1, 0, 0), Weight(1, 0, 0), Bias(1, 0)}) == 2
