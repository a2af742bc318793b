"""Training examples from tables; the penguins, held against their own file by plain NumPy and plain Python."""

import csv
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

import backprop_math.examples
from backprop_math import Example, ExampleError, GradientDescent, load_example, train

FOLDER = Path(backprop_math.examples.__file__).parent
MEASURED = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]


@pytest.fixture(scope="module")
def penguins():
    with (FOLDER / "penguins.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_data_are_those_that_were_published(penguins):
    """As distributed, and with what their own pages say about them: 344 penguins, 152, 68 and 124 of a species."""
    notice = (FOLDER / "penguins.txt").read_text(encoding="utf-8")
    assert hashlib.sha256((FOLDER / "penguins.csv").read_bytes()).hexdigest() in notice
    assert "Data are available by CC-0 license" in notice
    species = [row["species"] for row in penguins]
    assert {name: species.count(name) for name in set(species)} == {"Adelie": 152, "Chinstrap": 68, "Gentoo": 124}
    means = [np.mean([float(r["flipper_length_mm"]) for r in penguins if r["species"] == s and r["sex"] != "" and
                      r["flipper_length_mm"] != "NA"]) for s in ("Adelie", "Chinstrap", "Gentoo")]  # fmt: skip
    assert np.round(means).tolist() == [190, 196, 217]


def test_two_species_by_three_measurements(penguins):
    data = load_example("introduction").data
    rows = [row for row in penguins if row["species"] != "Chinstrap" and "NA" not in [row[key] for key in MEASURED]]
    measured = np.array([[float(row[key]) for key in MEASURED] for row in rows])
    assert (len(data), data.measured.tolist()) == (274, measured.tolist())
    assert data.targets.tolist() == [[float(r["species"] == s) for s in ("Gentoo", "Adelie")] for r in rows]
    assert data.smallest.tolist() == [32.1, 13.1, 172.0]
    assert data.largest.tolist() == [59.6, 21.5, 231.0]
    ends = list(zip(data.smallest, data.largest, strict=True))
    byhand = [
        [round((x - low) / (high - low), 2) for x, (low, high) in zip(row, ends, strict=True)]
        for row in measured.tolist()
    ]
    assert data.inputs.tolist() == byhand


@pytest.mark.parametrize(
    ("name", "species"),
    [("introduction", ["Gentoo"]), ("two_outputs", ["Gentoo"]), ("simplest", ["Gentoo"]),
     ("several", ["Gentoo", "Gentoo", "Adelie", "Adelie"])],
)  # fmt: skip
def test_the_penguins_of_the_film_are_rows_of_the_data(penguins, name, species):
    example = load_example(name)
    columns = [f"{name.replace(' ', '_')}_mm" for name in example.input_names]
    for measured, kind in zip(example.input_measured.tolist(), species, strict=True):
        assert measured in [
            [float(r[key]) for key in columns] for r in penguins if r["species"] == kind and "NA" not in r.values()
        ]


@pytest.mark.parametrize(
    ("name", "rate", "steps", "cost", "right"),
    [("introduction", 1.0, 300, (0.563, 0.011), (151, 274)), ("two_outputs", 2.0, 80, (0.548, 0.030), (93, 274))],
)
def test_training_tells_the_penguins_apart(name, rate, steps, cost, right):
    """Full batch, by `train` and by a loop of plain NumPy: the numbers that the film says."""
    example = load_example(name)
    x, y = example.training
    trained = train(example.network, x, y, optimizer=GradientDescent(rate), epochs=steps).network
    W, b = [w.copy() for w in example.network.W], [v.copy() for v in example.network.b]

    def forward():
        a = [x]
        for w, v in zip(W, b, strict=True):
            a.append(1 / (1 + np.exp(-(a[-1] @ w.T + v))))
        return a

    def counted(a):
        return round(float(((a - y) ** 2).sum(axis=1).mean()), 3), int((a.argmax(axis=1) == y.argmax(axis=1)).sum())

    before = counted(forward()[-1])
    for _ in range(steps):
        a = forward()
        delta = 2 * (a[-1] - y) * a[-1] * (1 - a[-1])
        for layer in range(len(W) - 1, -1, -1):
            down = (delta @ W[layer]) * a[layer] * (1 - a[layer])
            W[layer] = W[layer] - rate * delta.T @ a[layer] / len(x)
            b[layer] = b[layer] - rate * delta.mean(axis=0)
            delta = down
    after = counted(forward()[-1])
    assert (before, after) == ((cost[0], right[0]), (cost[1], right[1]))
    assert all(np.allclose(w, trained.W[layer], atol=1e-12) for layer, w in enumerate(W, 1))
    if name == "introduction":
        answers = trained.forward(example.input).a[trained.L]
        assert answers.round(2).tolist() == [0.94, 0.07]


GOOD = """\
layers = [2, 1]
input = [1.0, 2.0]
target = [3.0]
seed = 1
cost = "squared_error"
activation = "identity"
input_names = ["Größe", "width"]
output_names = ["price"]
data = "houses.csv"
"""


@pytest.fixture
def write(tmp_path):
    def write(table, toml=GOOD):
        (tmp_path / "houses.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
        (tmp_path / "mine.toml").write_text(toml, encoding="utf-8")
        return tmp_path / "mine.toml"

    return write


def test_columns_are_found_by_name(write):
    example = load_example(write("price,Width_cm,größe\n3,2,1\nNA,5,4\n\n9,8,7\n"))
    assert example.data.inputs.tolist() == [[1.0, 2.0], [7.0, 8.0]]
    assert example.data.targets.tolist() == [[3.0], [9.0]]
    # The row that is left out counts for the ends all the same.
    assert example.data.largest.tolist() == [7.0, 8.0]
    assert [rows.tolist() for rows in example.training] == [[[1.0, 2.0], [7.0, 8.0]], [[3.0], [9.0]]]


def test_one_class_against_all_others(write):
    toml = GOOD.replace('"price"', '"Été"').replace("[3.0]", "[1.0]")
    data = load_example(
        write("grosse,width,season\n1,2,été\n3,4,winter\n5,6,NA\n7,8,Ete\n".replace("grosse", "größe"), toml)
    ).data
    assert data.targets.tolist() == [[1.0], [0.0], [1.0]]


def test_without_data_the_examples_own_are_trained_on():
    example = load_example("overshoot")
    assert example.data is None
    assert [rows.tolist() for rows in example.training] == [[[0.6]], [[0.1]]]


def test_measurements_are_scaled_as_the_data(write):
    toml = GOOD.replace("input = [1.0, 2.0]", "input = [0.0, 0.33]\ninput_measured = [1, 2]")
    table = "größe,width,price\n1,2,3\n4,1,5\n3,4,5\n"
    data = load_example(write(table, toml)).data
    assert data.inputs.tolist() == [[0.0, 0.33], [1.0, 0.0], [0.67, 1.0]]
    with pytest.raises(ExampleError, match=re.escape("input: found 0.33, expected 0.67, what input_measured is when")):
        load_example(write(table, toml.replace("[1, 2]", "[1, 3]")))
    constant = load_example(write("größe,width,price\n1,2,3\n1,1,5\n", toml.replace("0.33", "1.0"))).data
    assert constant.inputs.tolist() == [[0.0, 1.0], [0.0, 0.0]]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "a,width,price\n1,2,3\n",
            "data: found no column for 'Größe', expected one of that name (found: a, width, price)",
        ),
        ("größe,width,price\n1,2\n", "data: houses.csv, row 1: found 2 values, expected 3"),
        ("größe,width,price\n1,x,3\n", "data: row 1, column width: found 'x', expected a number"),
        ("größe,width,price\n1,inf,3\n", "data: row 1, column width: found 'inf', expected a number"),
        ("größe,width,price\n", "data: houses.csv: found 1 lines, expected the columns' names and at least one row"),
        ("größe,width,price\n1,,3\n", "data: houses.csv: found no row in which nothing is missing"),
        (
            "größe,width_a,width_b,price\n1,2,2,3\n",
            "data: found the columns width_a, width_b for 'width', expected one",
        ),
        ("größe,width,cost\n1,2,3\n", "data: found no column with the classes 'price', expected one"),
        (b"gr\xff\n1\n", "data: houses.csv: found no table ("),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_one_line(write, table, message):
    path = write(table)
    with pytest.raises(ExampleError, match=re.escape(f"{path}: {message}")) as caught:
        load_example(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"houses.csv"', "3", "data: found 3, expected the name of a CSV file"),
        ('"houses.csv"', '"flats.csv"', "data: found no file flats.csv, expected one beside the example, or"),
        ('"houses.csv"', '"."', "found a file that can't be read"),
        ('input_names = ["Größe", "width"]\n', "", "input_names: found nothing, expected names, by which the columns"),
        ('["Größe", "width"]', '["Größe"]', "input_names: found a list of 1, expected 2 texts, one for each input"),
        ('["Größe", "width"]', '["Größe", 2]', "input_names: found 2, expected 2 texts, one for each input"),
        ("seed = 1", "seed = 1\nlabels = 3", "labels: found 3, expected 1 texts, one for each training example"),
        ("seed = 1", "seed = 1\ninput_measured = [[1, 2]]", "input_measured: found 1 lists of numbers, expected one"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_new_keys(write, old, new, message):
    assert old in GOOD
    path = write("größe,width,price\n1,2,3\n", GOOD.replace(old, new))
    with pytest.raises(ExampleError, match=re.escape(message)):
        load_example(path)


def test_names_come_back_from_toml(write):
    example = load_example(write("größe,width,price\n1,2,3\n"))
    again = write("größe,width,price\n1,2,3\n", example.to_toml())
    assert Example.from_toml(again).data.inputs.tolist() == example.data.inputs.tolist()
    for name in ("introduction", "several"):
        bundled = load_example(name)
        again.write_text(bundled.to_toml(), encoding="utf-8")
        read = Example.from_toml(again)
        assert read.data.path == bundled.data.path
        assert read.input_measured.tolist() == bundled.input_measured.tolist()
        for key in ("input_names", "output_names", "input_units", "labels"):
            assert getattr(read, key) == getattr(bundled, key) != ()
