"""The file that one begins with."""

import re

import pytest

from backprop_math import Example
from backprop_math.examples.example_file import _KEYS
from backprop_math.examples.starting import starting_toml


@pytest.mark.parametrize("layers", [(1, 1), (1, 1, 1, 1), (2, 3, 2), (784, 16, 16, 10), (3, 1000, 1)])
def test_it_is_an_example_as_it_stands(layers, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(starting_toml(layers))
    example = Example.from_toml(path)
    assert example.network.layers == layers
    assert 0 <= example.inputs.min() <= example.inputs.max() <= 1
    assert example.target.sum() == 1
    assert max(map(len, path.read_text().splitlines())) <= 120


def test_it_explains_every_key_and_each_can_be_used(tmp_path):
    text = starting_toml((2, 3, 2))
    assert set(_KEYS) == set(re.findall(r"(?m)^(?:# )?([a-z_]+) = ", text))
    # All that is commented out together, but for the table and the file, which are not there, and the seed.
    taken = re.sub(r'(?m)^# (?!weights = "|data|input = |target = |labels)([a-z_]+ = )', r"\1", text)
    path = tmp_path / "mine.toml"
    path.write_text(re.sub(r"(?m)^seed.*$", "", taken))
    example = Example.from_toml(path)
    assert example.input_names == ("input 1", "input 2")
    assert example.network.W[1].tolist() == [[0.5, 0.5]] * 3
