"""The tours are true: every line of them is run."""

import doctest
from pathlib import Path

import pytest

import backprop_math

ROOT = Path(__file__).parents[2]
TOURS = {Path(backprop_math.__file__).with_name("README.md"): 40, ROOT / "DESCRIPTION.md": 5}


@pytest.mark.parametrize("text", TOURS, ids=lambda path: path.name)
def test_a_tour(text):
    results = doctest.testfile(str(text), module_relative=False, encoding="utf-8")
    assert results.attempted >= TOURS[text]
    assert results.failed == 0


def test_the_published_description_has_no_pictures():
    """They lie in the repository, not in the package."""
    assert "![" not in (ROOT / "DESCRIPTION.md").read_text()
