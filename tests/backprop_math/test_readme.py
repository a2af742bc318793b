"""The tour is true: every line of it is run."""

import doctest
from pathlib import Path

import backprop_math


def test_the_tour():
    readme = Path(backprop_math.__file__).with_name("README.md")
    results = doctest.testfile(str(readme), module_relative=False, encoding="utf-8")
    assert results.attempted > 40
    assert results.failed == 0
