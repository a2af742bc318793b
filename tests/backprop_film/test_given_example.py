"""Weights, inputs and targets from the command line, and the file that one begins with."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backprop_film.cli import cli
from backprop_film.given_example import GivenExample
from backprop_film.ledger.sources import packed, unpacked
from backprop_math import load_example

W1, W2 = [[0.5, -1.0], [1.5, 0.25]], [[2.0, -0.5]]
GIVEN = ("--weights", "mine.npz", "--input", "1,-1", "--target", "0.5", "--activation", "relu,identity")


def run(*arguments):
    return CliRunner().invoke(cli, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def weights():
    np.savez("mine.npz", W1=np.array(W1), b1=np.array([0.5, 0.0]), W2=np.array(W2), b2=np.array([0.25]))


def test_the_network_of_a_file_by_hand():
    """relu(0.5 + 1 + 0.5) = 2, relu(1.5 − 0.25) = 1.25; 4 − 0.625 + 0.25 = 3.625; C = 3.125²."""
    done = run("explain", *GIVEN, "--format", "json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["layers"], told["values"]["a[2][0]"], told["values"]["C"]) == ([2, 2, 1], 3.625, 9.765625)


def test_a_table_of_inputs_classes_and_a_cost(tmp_path):
    np.savez("wide.npz", W1=np.eye(3), b1=np.zeros(3))
    (tmp_path / "x.csv").write_text("one,two,three\n1,0,0\n0,0.5,0\n")
    np.save("y.npy", np.array([2, 0]))
    given = GivenExample(tmp_path / "wide.npz", "x.csv", "y.npy", "softmax", "categorical_cross_entropy")
    example = load_example(str(given.written()))
    assert example.inputs.tolist() == [[1, 0, 0], [0, 0.5, 0]]
    assert example.targets.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert (example.network.activation[0].name, example.network.cost.name) == ("softmax", "categorical_cross_entropy")
    image = GivenExample(tmp_path / "wide.npz", "1,2,3;4,5,6", "1,0,0;0,1,0", "identity")
    assert load_example(str(image.written())).targets.tolist() == [[1, 0, 0], [0, 1, 0]]


def test_a_ledger_keeps_the_weights():
    path = str(GivenExample(Path("mine.npz"), "1,-1", "0.5", "relu,identity").written())
    source = packed(load_example(path), path)
    assert [(file.name, file.packed) for file in source.files] == [("mine.toml", False), ("mine.npz", True)]
    assert unpacked(source).network.W[1].tolist() == W1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (GIVEN[:-2], "mine.npz: activation: found nothing, expected one name, or a list of 2"),
        ((*GIVEN[:2], *GIVEN[4:]), "--input: found nothing, expected what goes with --weights"),
        (("--input", "1"), "--input: found without --weights"),
        ((*GIVEN, "-e", "simplest"), "--weights: found together with --example"),
        ((*GIVEN[:2], "--input", "1", *GIVEN[4:]), "--input: found shape (1,), expected (2,)"),
        ((*GIVEN[:2], "--input", "1,x", *GIVEN[4:]), "--input: found '1,x', expected numbers such as"),
        ((*GIVEN[:2], "--input", "1,inf", *GIVEN[4:]), "--input: found a number that is not finite"),
        ((*GIVEN[:2], "--input", "no.csv", *GIVEN[4:]), "--input no.csv: found a file that can't be read"),
        ((*GIVEN[:2], "--input", "1,2;3,4", *GIVEN[4:]), "--target: found 1 rows, expected 2"),
        ((*GIVEN[:-1], "relu,tan"), "activation: found 'tan', expected one of"),
        ((*GIVEN, "--cost", "none"), "cost: found 'none', expected one of"),
        (("--weights", "no.npz", *GIVEN[2:]), "--weights: no.npz: found a file that can't be read"),
    ],
)
def test_what_does_not_go_together_is_one_line(arguments, told):
    done = run("explain", *arguments)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("backprop: ")
    assert told in line


def test_a_new_example_is_written_once():
    assert run("new-example", "mine.toml", "--layers", "2-3-2").stdout == "mine.toml\n"
    assert load_example("mine.toml").network.layers == (2, 3, 2)
    done = run("new-example", "mine.toml")
    assert (done.exit_code, done.stderr) == (
        2,
        "backprop: mine.toml: found a file of that name, expected none, or --force\n",
    )
    assert run("new-example", "mine.toml", "--force").exit_code == 0
    assert load_example("mine.toml").network.layers == (1, 1, 1, 1)
    for wrong in ("3", "2-0", "2-x", "-1-2", "8000-8000"):
        assert run("new-example", "other.toml", "--layers", wrong).exit_code == 2
    assert run("new-example", "mine.txt").exit_code == 2
