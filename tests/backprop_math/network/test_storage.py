"""Networks and examples in files: the same to the last bit, and one clear line for whatever is no such file."""

import json
import re
import struct
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import (
    COSTS,
    AvgPool2D,
    Conv2D,
    Dense,
    Example,
    Flatten,
    MaxPool2D,
    Network,
    example_names,
    load_example,
)
from backprop_math.network.storage import StorageError, load, save

from ..strategies import modest, networks

EXTREME = [5e-324, -0.0, 1.7976931348623157e308, 0.1, 1 / 3, -2.2250738585072014e-308]


def same(one, other):
    """Equal to the last bit, the sign of a zero too."""
    assert (one.layers, one.activation, one.cost, one.dtype) == (
        other.layers, other.activation, other.cost, other.dtype
    )  # fmt: skip
    for a, b in zip((*one.W, *one.b), (*other.W, *other.b), strict=True):
        assert a.tobytes() == b.tobytes()
    return True


@pytest.fixture(params=[".npz", ".safetensors"], scope="module")
def ending(request):
    if request.param == ".safetensors":
        pytest.importorskip("safetensors")
    return request.param


@given(network=networks(), dtype=st.sampled_from(["float16", "float32", "float64"]))
@modest
def test_a_network_comes_back_to_the_last_bit(ending, tmp_path_factory, network, dtype):
    path = tmp_path_factory.mktemp("networks") / f"one{ending}"
    names = [row.name for row in network.activation]
    network = Network.from_arrays(network.W, network.b, activation=names, cost=network.cost.name, dtype=dtype)
    network.save(path)
    assert same(Network.load(path), network)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.fixture
def images():
    layers = [Conv2D.random(2, 1, (2, 2), stride=2, activation="tanh", seed=1), MaxPool2D(2, 1), Flatten()]
    return Network(
        [*layers, Dense.random(3, 2, activation="softmax")], cost="categorical_cross_entropy", shape=(1, 4, 5)
    )


def test_layers_of_images_come_back(ending, tmp_path, images):
    images.save(tmp_path / f"images{ending}")
    again = Network.load(tmp_path / f"images{ending}")
    assert same(again, images)
    assert (again.shapes, again.stack[1:3]) == (images.shapes, images.stack[1:3])
    assert again.stack[0].stride == 2


def test_padding_and_means_come_back(ending, tmp_path):
    layers = [Conv2D.random(1, 1, (3, 3), padding=1), MaxPool2D(3, 1, 1), AvgPool2D(2, 1, 1), AvgPool2D(3, 1, 1, False)]
    network = Network([*layers, Flatten(), Dense.random(2, 25)], cost="mean_squared_error", shape=(1, 4, 4))
    network.save(tmp_path / f"padded{ending}")
    again = Network.load(tmp_path / f"padded{ending}")
    assert same(again, network)
    assert (again.shapes, again.stack[1:5], again.stack[0].padding) == (network.shapes, network.stack[1:5], 1)
    x, y = np.random.default_rng(0).normal(size=(2, 1, 4, 4)), np.zeros((2, 2))
    assert again.gradient(x, y)[0] == network.gradient(x, y)[0]


def test_files_written_before_there_was_padding_load(tmp_path, images):
    """Laid out as it was then; without padding it is laid out so today."""
    arrays = {f"{letter}{layer}": array for letter in "Wb" for layer, array in getattr(images, letter).items()}
    lists = {
        "layers": ["Conv2D stride=2", "MaxPool2D size=2 stride=1", "Flatten", "Dense"],
        "activation": ["tanh", "identity", "identity", "softmax"],
    }
    np.savez(tmp_path / "old.npz", format="backprop_math network 1", shape="1,4,5", cost="categorical_cross_entropy",
             **lists, **arrays)  # fmt: skip
    old = load(tmp_path / "old.npz")
    assert same(old, images)
    assert (old.stack[0].padding, old.stack[1]) == (0, MaxPool2D(2, 1))
    images.save(tmp_path / "new.npz")
    with np.load(tmp_path / "new.npz") as archive:
        assert archive["layers"].tolist() == lists["layers"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": ["Conv2D stride=2 padding=9999999999", "MaxPool2D size=2 stride=1", "Flatten", "Dense"]},
         "layers: found 'Conv2D stride=2 padding=9999999999', expected a form such as 'Conv2D stride=1'"),
        ({"layers": ["Conv2D stride=True", "MaxPool2D size=2 stride=1", "Flatten", "Dense"]},
         "layer 1: stride: found True, expected a whole number"),
        ({"layers": ["Conv2D stride=2", "MaxPool2D size=2 stride=1 padding=2", "Flatten", "Dense"]},
         "layer 2: padding: found 2, expected at most half the size"),
        ({"layers": ["Conv2D stride=2", "AvgPool2D size=2 stride=1 count_include_pad=7", "Flatten", "Dense"]},
         "layer 2: count_include_pad: found 7, expected True or False"),
        ({"layers": ["Conv2D stride=2", "MaxPool2D size=2 stride=1", "Flatten"]}, "layers: found 3, expected 4, one"),
        ({"layers": ["Conv3D", "Flatten", "Flatten", "Dense"]}, "layers: found 'Conv3D', expected one of Dense"),
        ({"layers": ["Conv2D", "Flatten", "Flatten", "Dense"]},
         "layers: found 'Conv2D', expected a form such as 'Conv2D stride=1'"),
        ({"layers": ["Conv2D stride=0", "Flatten", "Flatten", "Dense"]}, "layer 1: stride: found 0, expected a whole"),
        ({"layers": ["Flatten", "Flatten", "Flatten", "Dense"]}, "W1: found an unknown entry, expected format,"),
        ({"shape": "1,4"}, "layer 1: Conv2D: found an input of shape (1, 4), expected an image"),
        ({"shape": "1,4,x"}, "shape: found '1,4,x', expected a form such as '1,28,28'"),
        ({"shape": None}, "shape: found nothing, expected a network"),
        ({"layers": None}, "W2: found nothing, expected an array, for there are 4 activation functions"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_layers_of_images_is_told(tmp_path, images, change, message):
    save(images, tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as file:
        entries = dict(file) | change
    path = tmp_path / "bad.npz"
    np.savez(path, **{name: value for name, value in entries.items() if value is not None})
    with pytest.raises(StorageError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_layer_of_ones_own_is_not_stored_as_another(tmp_path, images):
    class Reversed(Flatten):
        pass

    network = Network([*images.stack[:2], Reversed(), images.stack[3]], shape=(1, 4, 5))
    with pytest.raises(
        StorageError, match="layer 3: found Reversed, expected one of Dense, Conv2D, MaxPool2D, AvgPool2D, Flatten"
    ):
        save(network, tmp_path / "own.npz")
    assert list(tmp_path.iterdir()) == []


def test_numbers_at_the_ends_of_float64_are_kept(ending, tmp_path):
    network = Network.from_arrays([[EXTREME]], [[-0.0]], activation="identity")
    network.save(tmp_path / f"extreme{ending}")
    assert same(Network.load(str(tmp_path / f"extreme{ending}")), network)


def test_what_others_read(tmp_path):
    """The arrays by their names, with NumPy alone and nothing pickled."""
    network = Network.random((2, 3, 1), activation=["tanh", "sigmoid"], seed=4)
    save(network, tmp_path / "n.npz")
    with np.load(tmp_path / "n.npz", allow_pickle=False) as file:
        assert sorted(file.files) == ["W1", "W2", "activation", "b1", "b2", "cost", "format"]
        assert file["W2"].tolist() == network.W[2].tolist()
        assert file["activation"].tolist() == ["tanh", "sigmoid"]
    numpy_io = pytest.importorskip("safetensors.numpy")
    save(network, tmp_path / "n.safetensors")
    assert numpy_io.load_file(tmp_path / "n.safetensors")["b1"].tolist() == network.b[1].tolist()


def test_big_endian_and_column_major_arrays_are_read(tmp_path):
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.savez(tmp_path / "n.npz", format="backprop_math network 1", activation=["tanh"], cost="squared_error",
             W1=np.asfortranarray(W.astype(">f8")), b1=np.zeros(2))  # fmt: skip
    network = load(tmp_path / "n.npz")
    assert (network.W[1].tolist(), network.dtype) == (W.tolist(), np.dtype("float64"))


GOOD = {"format": "backprop_math network 1", "activation": ["tanh", "sigmoid"], "cost": "squared_error",
        "W1": np.ones((2, 1)), "b1": np.ones(2), "W2": np.ones((1, 2)), "b2": np.ones(1)}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W2": None}, "W2: found nothing, expected an array, for there are 2 activation functions"),
        ({"format": None}, "format: found nothing, expected a network that this package has written"),
        ({"format": "other"}, "format: found other, expected 'backprop_math network 1'"),
        ({"format": 1.0}, "format: found float64 of shape (), expected text"),
        ({"activation": "tanh"}, "activation: found str128 of shape (), expected text"),
        ({"activation": [1.0, 2.0]}, "activation: found float64 of shape (2,), expected text"),
        ({"activation": ["tanh", "sigmod"]}, "layer 2: activation: found 'sigmod', expected one of"),
        ({"cost": "cheap"}, "cost: found 'cheap', expected one of"),
        ({"W1": np.ones((2, 1), int)}, "W1: found int64, expected floating-point numbers"),
        ({"W1": np.ones((2, 1), complex)}, "W1: found complex128, expected floating-point numbers"),
        ({"b2": np.ones(1, "float32")}, "b2: found float32, expected float64, as in W1"),
        ({"W1": np.ones((2, 1, 1))}, "layer 1: W: found shape (2, 1, 1), expected (outputs, inputs)"),
        ({"b1": np.ones(3)}, "layer 1: b: found shape (3,), expected (2,)"),
        ({"W2": np.ones((1, 3))}, "layer 2: Dense: found 2 inputs, expected 3, one for each column of W"),
        ({"W2": np.array([[np.nan, 1.0]])}, "layer 2: W: found nan at index [0, 0], expected finite numbers"),
        ({"W3": np.ones((1, 1))}, "W3: found an unknown entry, expected format, activation, cost, W1, b1, W2, b2"),
    ],
)
def test_what_is_no_network_is_told_by_its_entry(tmp_path, change, message):
    path = tmp_path / "bad.npz"
    np.savez(path, **{name: value for name, value in (GOOD | change).items() if value is not None})
    with pytest.raises(StorageError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_nothing_pickled_is_read(tmp_path):
    class Planted:
        def __reduce__(self):
            return (pytest.fail, ("what was pickled has been executed",))

    path = tmp_path / "pickled.npz"
    np.savez(path, **GOOD | {"W1": np.array([[Planted()]], dtype=object)}, allow_pickle=True)
    with pytest.raises(StorageError, match="Object arrays cannot be loaded when allow_pickle=False"):
        load(path)


def test_files_of_another_kind(tmp_path, ending):
    path = tmp_path / f"file{ending}"
    with pytest.raises(StorageError, match=r"found a file that can't be read \(No such file or directory\)"):
        load(path)
    path.mkdir()
    with pytest.raises(StorageError, match="found a file that can't be read"):
        load(path)
    path.rmdir()
    for content in (b"", b"\x00" * 100, b"PK\x03\x04 no zip", b"title = 'TOML'"):
        path.write_bytes(content)
        with pytest.raises(StorageError, match=re.escape(f"found no {ending} file that can be read")):
            load(path)
    with path.open("wb") as file:
        np.save(file, np.ones(3))
    with pytest.raises(StorageError, match=r"found no .* file that can be read"):
        load(path)
    with pytest.raises(StorageError, match=r"found the ending '.pkl', expected '.npz' or '.safetensors'"):
        load(tmp_path / "network.pkl")
    with pytest.raises(StorageError, match=r"found the ending '', expected"):
        save(Network.random((1, 1)), tmp_path / "network")


def test_a_damaged_file_is_refused_in_one_line_or_is_another_good_one(tmp_path, ending):
    """Cut short anywhere, or with any byte changed: never another error, never what is not finite."""
    whole = tmp_path / f"whole{ending}"
    save(Network.random((1, 2, 1), seed=1), whole)
    content = whole.read_bytes()
    rng = np.random.default_rng(0)
    damaged = [content[:n] for n in range(0, len(content), 7)]
    for place in range(0, len(content), 3):
        byte = bytes([rng.integers(256)])
        damaged.append(content[:place] + byte + content[place + 1 :])
    path = tmp_path / f"damaged{ending}"
    refused = []
    for attempt in damaged:
        path.write_bytes(attempt)
        try:
            network = load(path)
        except StorageError as error:
            refused.append(str(error))
        else:
            assert all(np.isfinite(array).all() for array in (*network.W, *network.b))
    assert len(refused) > len(damaged) / 3
    assert all(message.startswith(f"{path}: ") and "\n" not in message for message in refused)


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    first, second = Network.random((1, 2, 1), seed=1), Network.random((1, 2, 1), seed=2)
    save(first, path)

    def interrupted(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(path), "replace", interrupted)
    with pytest.raises(StorageError, match=r"found a place that can't be written to \(No space left on device\)"):
        save(second, path)
    assert same(load(path), first)
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(StorageError, match=r"can't be written to \(Not a directory\)"):
        save(first, path / "inside.npz")


@pytest.mark.parametrize("name", ["network.npz", "n" * 251 + ".npz"])
def test_a_symbolic_link_stays_one_and_its_target_is_replaced(tmp_path, name):
    first, second = Network.random((1, 2, 1), seed=1), Network.random((1, 2, 1), seed=2)
    path, link = tmp_path / name, tmp_path / "link.npz"
    save(first, path)
    link.symlink_to(name)
    save(second, link)
    assert link.is_symlink()
    assert same(load(path), second)


def test_safetensors_is_optional(tmp_path, monkeypatch):
    for name in ("safetensors", "safetensors.numpy"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "n.safetensors").write_bytes(b"")
    for call in (lambda path: save(Network.random((1, 1)), path), load):
        with pytest.raises(ImportError, match=r"safetensors: found no such package.*backprop-film\[safetensors\]"):
            call(tmp_path / "n.safetensors")


def tensors(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_tensors_of_other_makes(tmp_path):
    numpy_io = pytest.importorskip("safetensors.numpy")
    path = tmp_path / "other.safetensors"
    numpy_io.save_file({"W1": np.ones((1, 1))}, path)
    with pytest.raises(StorageError, match="format: found nothing, expected a network that this package has written"):
        load(path)
    metadata = {name: ",".join(GOOD[name]) if name == "activation" else GOOD[name]
                for name in ("format", "activation", "cost")}  # fmt: skip
    parameters = {name: value for name, value in GOOD.items() if name not in metadata}
    numpy_io.save_file(parameters, path, metadata)
    assert load(path).layers == (1, 2, 1)
    numpy_io.save_file(parameters | {"W1": np.ones((2, 1), "int32")}, path, metadata)
    with pytest.raises(StorageError, match="W1: found int32, expected floating-point numbers"):
        load(path)
    entry = {"dtype": "BF16", "shape": [1, 1], "data_offsets": [0, 2]}
    path.write_bytes(tensors({"__metadata__": metadata, "W1": entry}, b"\x00\x00"))
    with pytest.raises(StorageError, match=r"found no .safetensors file that can be read|W1: found"):
        load(path)
    wide = Network.from_arrays([[[1.0]]], [[0.0]], dtype="longdouble")
    if wide.dtype != np.dtype("float64"):
        with pytest.raises(StorageError, match=r"dtype: found .*, expected float64, float32 or float16"):
            save(wide, path)


def test_an_archive_of_another_compression(tmp_path):
    plain, packed = tmp_path / "plain.npz", tmp_path / "packed.npz"
    network = Network.random((3, 4, 2), seed=5)
    save(network, plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert same(load(packed), network)


# --- examples as TOML


@pytest.mark.parametrize("name", example_names())
def test_bundled_examples_come_back_from_toml(tmp_path, name):
    example = load_example(name)
    path = tmp_path / f"{name}.toml"
    path.write_text(example.to_toml(), encoding="utf-8")
    again = Example.from_toml(path)
    assert (again.name, again.title) == (example.name, example.title)
    assert same(again.network, example.network)
    assert again.inputs.tobytes() == example.inputs.tobytes()
    assert again.targets.tobytes() == example.targets.tobytes()
    assert again.to_toml() == example.to_toml()


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(finite, min_size=6, max_size=6),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.lists(finite, min_size=3, max_size=3), min_size=1, max_size=3),
    st.sampled_from([name for name, row in COSTS.items() if row.targets == "any"]),
)
@modest
def test_any_numbers_and_any_title_come_back(tmp_path_factory, numbers, title, rows, cost):
    """An example with several training examples, the last number of each row being its target."""
    example = Example.from_arrays(
        [[numbers[:2]], [numbers[2:3]]], [numbers[3:4], numbers[4:5]], [row[:2] for row in rows],
        [row[2:] for row in rows], activation=["tanh", "sigmoid"], cost=cost, title=title,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("toml") / "example.toml"
    path.write_bytes(example.to_toml().encode())
    again = Example.from_toml(path)
    assert again.title == title
    assert same(again.network, example.network)
    assert again.inputs.tobytes() == example.inputs.tobytes()
    assert again.targets.tobytes() == example.targets.tobytes()


def test_toml_is_laid_out_to_be_read():
    example = Example.from_arrays([[[1, -0.5], [0.25, 2]], [[1e-7, 3]]], [[0, 1], [0.5]], [0.5, 1], [1],
                                  activation=["tanh", "sigmoid"], title='"Two" \x7f lines\n')  # fmt: skip
    assert example.to_toml() == (
        'title = "\\"Two\\" \\u007f lines\\n"\n'
        "layers = [2, 2, 1]\n"
        'activation = ["tanh", "sigmoid"]\n'
        'cost = "squared_error"\n'
        "input = [0.5, 1.0]\n"
        "target = [1.0]\n"
        "weights = [\n"
        "    [\n"
        "        [1.0, -0.5],\n"
        "        [0.25, 2.0],\n"
        "    ],\n"
        "    [[1e-07, 3.0]],\n"
        "]\n"
        "biases = [\n"
        "    [0.0, 1.0],\n"
        "    [0.5],\n"
        "]\n"
    )
    with pytest.raises(ValueError, match="which UTF-8 has no form for, expected a text"):
        Example.from_arrays([[[1.0]]], [[0.0]], [1.0], [1.0], title="\ud800").to_toml()
