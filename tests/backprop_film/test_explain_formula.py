import json

import pytest
from click.testing import CliRunner

from backprop_film.cli import cli
from backprop_film.explain_formula import costs, formula_graph


def run(*arguments):
    return CliRunner().invoke(cli, ["explain", *arguments], catch_exceptions=False)


def test_operations_by_hand():
    """Three nodes; five edges back, two of which meet in x; from x four edges, which meet in f, and from y two."""
    ways = {way.name: way for way in costs(formula_graph("x*y + sin(x)", "x=2,y=3"))}
    assert (ways["reverse mode"].rounds, ways["reverse mode"].operations) == (1, 3 + 5 + 1)
    assert (ways["forward mode"].rounds, ways["forward mode"].operations) == (2, 3 + (4 + 1) + 2)
    assert (ways["nudging"].rounds, ways["nudging"].operations) == (3, 3 * 3)


def test_it_is_printed():
    result = run("--formula", "x*y + sin(x)", "--at", "x=2, y=3")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "x*y + sin(x)"
    assert "  ∂f/∂x = y ∂f/∂v₁ + cos(x) ∂f/∂v₂" in lines
    assert "        ≈ 3.00 · 1.00 − 0.42 · 1.00" in lines or "        ≈ 3.00 − 0.42" in lines
    assert lines[-3:] == [
        "reverse mode: 1 round, 9 operations",
        "forward mode: 2 rounds, 10 operations",
        "nudging: 3 rounds, 9 operations",
    ]


def test_a_script_reads_it():
    found = json.loads(run("--formula", "x*y", "--at", "x=2,y=3", "--format", "json").stdout)
    assert [(node["name"], node["value"], node["reverse"]) for node in found["nodes"]] == [
        ("x", 2.0, 3.0), ("y", 3.0, 2.0), ("f", 6.0, 1.0),
    ]  # fmt: skip
    assert found["nodes"][2]["forward"] == {"x": 3.0, "y": 2.0}
    assert found["edges"] == [
        {"of": "f", "with_respect_to": "x", "value": 3.0}, {"of": "f", "with_respect_to": "y", "value": 2.0},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--formula", "log(x)", "--at", "x=-1"), "formula, log(x): log of -1: found no finite value"),
        (("--formula", "x", "--at", "x"), "--at: found 'x', expected a value for each variable, such as x=2,y=3"),
        (("--formula", "x", "--at", "x=1,x=2"), "--at: found 'x=2' a second time, expected a value"),
        (("--formula", "x*x"), "formula: found the variable 'x' without a value, expected one"),
        (("--at", "x=1"), "--at: found no --formula, expected one"),
        (("--formula", "x*x", "--at", "x=1", "-e", "simplest"), "--formula: found an example or a quantity too"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(arguments, message):
    result = CliRunner().invoke(cli, ["explain", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"backprop: {message}")
    assert result.stderr.count("\n") == 1
