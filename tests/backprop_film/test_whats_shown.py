"""What is said of an example before the film is made: what is left out of pictures, and what is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backprop_film.cli import cli
from backprop_film.kit import Formula, GradientColumn, NetworkDiagram
from backprop_film.whats_shown import Notes
from backprop_math import Network, Notation, Number, Relation, Sum, Symbol
from backprop_math.formula import shorter

NETWORK = Network.random((784, 16, 10), seed=1)


def told(*mobjects):
    notes = Notes()
    notes.take(mobjects)
    return list(notes.told())


def test_what_is_left_out_of_a_picture_is_told():
    assert told(NetworkDiagram(NETWORK, most=6)) == [
        "layer 0: 5 of 784 neurons are drawn, dots for the others",
        "layer 1: 5 of 16 neurons are drawn, dots for the others",
        "layer 2: 5 of 10 neurons are drawn, dots for the others",
    ]
    deep = Network.random((1,) * 13, seed=1)
    assert told(NetworkDiagram(deep, width=6)) == ["5 of 13 layers are drawn, dots for the others"]
    assert told(NetworkDiagram(Network.random((2, 3, 1), seed=1))) == []


def test_what_is_left_out_of_formulas_and_tables_is_told():
    terms = tuple(Number(0.5, 1) for _ in range(20))
    sum_of_all = shorter(Relation((Symbol("s"), Sum(terms), Number(10.0, 0))), 4)
    assert told(Formula(sum_of_all)) == ['sums: up to 17 terms in one number, "(17 more)"']
    trace = NETWORK.forward([0.1] * 784).backward([0.0] * 10)
    column = GradientColumn(trace, Notation(NETWORK), first=3, last=2)
    assert told(column) == ["5 entries of the gradient, dots for the others"]


def test_what_most_of_is_shown_of_counts():
    diagrams = [NetworkDiagram(NETWORK, most=most) for most in (4, 6, 3)]
    assert told(*diagrams) == told(diagrams[1])


@pytest.mark.usefixtures("tiny")
def test_chapter_by_chapter():
    def check(*arguments):
        return CliRunner().invoke(cli, ["check", *arguments, "-j", "1"])

    done = check("simplest", "--json")
    told = json.loads(done.stdout)
    assert (told["layers"], told["parameters"]) == ([1, 1, 1, 1], 6)
    assert (done.exit_code, done.stderr.split(":")[:2]) == (2, ["backprop", " chapter broken"])  # the others are told
    found = {one["chapter"]: one for one in told["chapters"]}
    assert found["late"] == {"chapter": "late", "shown": False, "reason": "it must go too high"}
    assert found["tiny"]["shown"]
    assert found["tiny"]["complete"]
    assert found["tiny"]["seconds"] > 1
    rows = [line.split("\t") for line in check("overshoot").stdout.splitlines()]
    assert ["late", "shown"] in [row[:2] for row in rows]
    Path("mine.toml").write_text("layers = [1]")
    done = check("mine.toml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("backprop: mine.toml: layers: found")
