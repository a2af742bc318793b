"""The floors of the house, one way only: backprop_math, backprop_film (kit, sets, the making), scenes."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KIT, SETS = "backprop_film.kit", "backprop_film.sets"


@cache
def imports(source, package=""):
    """The modules that a source imports, anywhere in it; relative ones as seen from ``package``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            within = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*within, *filter(None, [node.module])])
            # What is imported from a package may be a module of it.
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def strays(source, package, *allowed):
    """Imports of a source that lie in none of the packages allowed, nor in the standard library."""
    tops = {*sys.stdlib_module_names, "__future__"}
    return sorted(
        name
        for name in imports(source, package)
        if name.partition(".")[0] not in tops and not any(f"{name}.".startswith(f"{room}.") for room in allowed)
    )


def upward(source, package, *forbidden):
    """Imports of a source that lie in one of the packages forbidden."""
    return sorted(
        name for name in imports(source, package) if any(f"{name}.".startswith(f"{room}.") for room in forbidden)
    )


def upward_of_kit(source, package):
    return [name for name in upward(source, package, "backprop_film", "scenes") if not f"{name}.".startswith(f"{KIT}.")]


def upward_of_sets(source, package):
    lower = (f"{KIT}.", f"{SETS}.")
    return [name for name in upward(source, package, "backprop_film", "scenes") if not f"{name}.".startswith(lower)]


FLOORS = {
    "scenes": lambda source, package: strays(source, "scenes", "manim", "backprop_math", KIT, SETS),
    "backprop_math": lambda source, package: upward(source, package, "manim", "backprop_film", "scenes"),
    "backprop_film/kit": upward_of_kit,
    "backprop_film/sets": upward_of_sets,
    "backprop_film": lambda source, package: upward(source, package, "scenes", "backprop_film.scenes"),
}


@pytest.mark.parametrize("floor", FLOORS)
def test_nothing_imports_upward(floor):
    files = sorted((ROOT / floor).rglob("*.py"))
    assert len(files) >= 6
    found = {}
    for path in files:
        package = ".".join(path.parent.relative_to(ROOT).parts)
        if wrong := FLOORS[floor](path.read_text(encoding="utf-8"), package):
            found[path.name] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("floor", "source", "found"),
    [
        ("scenes", "from scenes.recap import Recap", ["scenes.recap.Recap"]),
        ("scenes", "from .recap import Recap", ["scenes.recap.Recap"]),
        ("scenes", "import recap", ["recap"]),
        ("scenes", "import numpy as np", ["numpy"]),
        ("scenes", "from backprop_film import contents", ["backprop_film.contents"]),
        ("scenes", "def f():\n    from scipy import special", ["scipy.special"]),
        ("scenes", "import math\nfrom manim import UP\nfrom backprop_film.kit import Chapter", []),
        ("backprop_math", "import manim", ["manim"]),
        ("backprop_math", "def f():\n    from backprop_film.kit import theme", ["backprop_film.kit.theme"]),
        ("backprop_math", "import manimatics", []),
        ("backprop_film/kit", "from ..errors import Problem", ["backprop_film.errors.Problem"]),
        ("backprop_film/kit", "from backprop_film import sets", ["backprop_film.sets"]),
        ("backprop_film/kit", "from .. import contents", ["backprop_film.contents"]),
        ("backprop_film/kit", "from .theme import theme\nfrom backprop_math import Cost", []),
        ("backprop_film/sets", "from ..playback import play", ["backprop_film.playback.play"]),
        ("backprop_film/sets", "from ..kit import Chapter\nfrom .walk_back import walk", []),
        ("backprop_film", "from .scenes import recap", ["backprop_film.scenes.recap"]),
    ],
)
def test_an_import_upward_would_be_noticed(floor, source, found):
    assert FLOORS[floor](source, floor.replace("/", ".")) == found
