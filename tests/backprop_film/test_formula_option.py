"""``--formula`` and ``--at``: which chapter is given the formula, and what is said of one that cannot be shown."""

import re

import pytest
from click.testing import CliRunner

from backprop_film import contents
from backprop_film.cli import cli
from backprop_film.commands.plan import jobs_for
from backprop_film.commands.which_formula import moment_and_formula
from backprop_film.errors import Problem
from backprop_film.playback import make, stage
from backprop_film.undrawn import FastForward

GIVEN = ("log(x) * y", "x=2,y=3")


def jobs(*names, formula=GIVEN):
    return jobs_for([contents.find(name) for name in names], None, formula=formula)


def test_the_chapter_that_shows_a_formula_is_given_it():
    introduction, reverse_mode = jobs("introduction", "reverse_mode")
    assert introduction.formula is None
    with stage(reverse_mode):
        chapter = make(reverse_mode, FastForward())
    assert str(chapter.graph.formula(chapter.graph.outputs[0])) == "ln(x) y"


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        (("sine(x)", "x=2"), "formula: found the function 'sine', expected one that has a rule (nearest: 'sin')"),
        (("log(x - 3)", "x=2"), "formula, log(x - 3): log of -1: found no finite value"),
        (("x * y", "x=2"), "formula: found the variable 'y' without a value"),
        (("x * x", "x"), "--at: found 'x', expected a value for each variable"),
        ((" + ".join(f"sin(x + {n})" for n in range(20)), "x=1"), "--formula: found a formula of"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_told_before_anything_is_made(formula, what):
    with pytest.raises(Problem, match="^" + re.escape(what)):
        jobs("reverse_mode", formula=formula)


def test_no_chapter_that_shows_one():
    with pytest.raises(Problem, match="--formula: found no chapter that shows one"):
        jobs("introduction")


def test_at_is_a_moment_and_the_values():
    assert moment_and_formula(("x=2,y=3", "middle"), "x*y") == ("middle", ("x*y", "x=2,y=3"))
    assert moment_and_formula((), None) == ("end", None)
    with pytest.raises(Problem, match="--at: found end, middle"):
        moment_and_formula(("end", "middle"), None)


@pytest.mark.parametrize("command", ["film", "chapters", "inspect"])
def test_values_without_a_formula(command):
    result = CliRunner().invoke(cli, [command, "reverse_mode", "--at", "x=2"])
    assert "--at: found no --formula, expected one" in result.output
