"""Weights from files of others: what is read, and what is refused in one line."""

import importlib.util
import json
import re
import struct
from itertools import pairwise

import numpy as np
import pytest

from backprop_math import Example, ExampleError, Network
from backprop_math.network import weight_files
from backprop_math.network.storage import StorageError, save
from backprop_math.network.weight_files import read_weights

RNG = np.random.default_rng(5)
SIZES = (2, 3, 3, 1)
MATRICES = [RNG.normal(size=(size, before)) for before, size in pairwise(SIZES)]
VECTORS = [RNG.normal(size=size) for size in SIZES[1:]]


def by_number():
    return {f"{letter}{n}": array for letter, arrays in (("W", MATRICES), ("b", VECTORS))
            for n, array in enumerate(arrays, 1)}  # fmt: skip


def state_dict():
    """As PyTorch names the Linear modules 0, 2 and 10 of an nn.Sequential; 10 comes before 2 by the alphabet."""
    return {f"net.{n}.{kind}": array for kind, arrays in (("weight", MATRICES), ("bias", VECTORS))
            for n, array in zip((0, 2, 10), arrays, strict=True)}  # fmt: skip


def same(read):
    return (
        read.layers == SIZES
        and all(np.array_equal(one, other) for one, other in zip(read.W, MATRICES, strict=True))
        and all(np.array_equal(one, other) for one, other in zip(read.b, VECTORS, strict=True))
    )


@pytest.mark.parametrize("named", [by_number, state_dict])
def test_arrays_of_a_npz(named, tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, **named())
    assert same(read_weights(path))


def test_tensors_of_another_program(tmp_path):
    """The format by hand: a length, a header in JSON, the numbers."""
    header, numbers = {"__metadata__": {"format": "pt"}}, b""
    for name, array in state_dict().items():
        end = len(numbers) + array.nbytes
        header[name] = {"dtype": "F64", "shape": list(array.shape), "data_offsets": [len(numbers), end]}
        numbers += array.tobytes()
    text = json.dumps(header).encode()
    path = tmp_path / "mine.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + numbers)
    read = read_weights(path)
    assert same(read)
    assert (read.activation, read.cost) == ((), "")


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_a_file_of_this_package_says_the_functions_too(ending, tmp_path):
    path = tmp_path / f"mine{ending}"
    save(Network.from_arrays(MATRICES, VECTORS, activation=["tanh", "relu", "sigmoid"], cost="cross_entropy"), path)
    read = read_weights(path)
    assert same(read)
    assert (read.activation, read.cost) == (("tanh", "relu", "sigmoid"), "cross_entropy")


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
def test_a_state_dict_of_pytorch(tmp_path):
    import torch

    path = tmp_path / "mine.pt"
    torch.save({name: torch.tensor(array) for name, array in state_dict().items()}, path)
    assert same(read_weights(path))


def test_layers_without_biases_have_zeros(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, **{name: array for name, array in by_number().items() if name[0] == "W"})
    assert all(not vector.any() for vector in read_weights(path).b)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"W1": np.ones((2, 2)), "W2": np.ones((1, 3))}, "found 3 inputs of '2' behind 2 outputs of '1'"),
        ({"W1": np.ones((2, 2)), "b1": np.ones(3)}, "'1': found 3 biases, expected 2"),
        ({"b1": np.ones(3)}, "found no matrix"),
        ({"W1": np.ones((2, 2)), "b2": np.ones(2)}, "found a bias of '2' and no matrix"),
        ({"0.weight": np.ones((4, 1, 3, 3))}, "0.weight: found shape (4, 1, 3, 3), expected a matrix"),
        ({"W1": np.array([[np.nan]])}, "W1: found a number that is not finite"),
        ({"W1": np.array([["a"]])}, "W1: found an unknown entry"),
        ({"1.running_mean": np.ones(3)}, "1.running_mean: found an unknown entry"),
        ({"W1": np.array([[None]])}, "found no .npz file that can be read"),  # which only pickle could
    ],
)
def test_what_is_no_dense_network_is_refused(arrays, told, tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, **arrays)
    with pytest.raises(StorageError) as refused:
        read_weights(path)
    assert str(refused.value).startswith("mine.npz: ")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["mine.npz", "mine.safetensors", "mine.pt", "mine.toml", "none.npz", "folder.npz"])
def test_what_is_no_such_file_is_refused(name, tmp_path):
    (tmp_path / "folder.npz").mkdir()
    path = tmp_path / name
    if name.startswith("mine"):
        path.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(StorageError, match="found"):
        read_weights(path)


def test_a_small_file_that_is_large_when_unpacked_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(weight_files, "_LARGEST", 100_000)
    path = tmp_path / "mine.npz"
    np.savez_compressed(path, W1=np.zeros((200, 100)))
    assert path.stat().st_size < 10_000
    with pytest.raises(StorageError, match="unpacked"):
        read_weights(path)


def test_an_example_names_a_file_of_weights(tmp_path):
    np.savez(tmp_path / "mine.npz", **by_number())
    path = tmp_path / "mine.toml"

    def example(*lines):
        path.write_text("\n".join(['weights = "mine.npz"', "input = [1, 2]", "target = [0]", *lines]))
        return Example.from_toml(path)

    read = example('activation = "tanh"', "layers = [2, 3, 3, 1]").network
    assert read.layers == SIZES
    assert np.array_equal(read.W[2], MATRICES[1])
    save(Network.from_arrays(MATRICES, VECTORS, activation="gelu"), tmp_path / "mine.npz")
    assert {row.name for row in example().network.activation} == {"gelu"}
    for lines, told in (
        (["layers = [2, 1]"], "layers: found [2, 1], expected [2, 3, 3, 1], as in mine.npz"),
        (["seed = 1"], "seed: found together with a file of weights"),
        (["biases = []"], "biases: found together with a file of weights"),
    ):
        with pytest.raises(ExampleError, match=re.escape(told)):
            example(*lines)
    (tmp_path / "mine.npz").unlink()
    with pytest.raises(ExampleError, match="found a file that can't be read"):
        example()
