"""Nothing of the look is fixed when a module is imported, and no colour is typed anywhere but in a palette."""

import ast
import re
from pathlib import Path

import manim.utils.color.manim_colors as manims
import pytest

import backprop_film

ROOT = Path(backprop_film.__file__).parent
ROOMS = [ROOT / "kit", ROOT / "sets", ROOT / "inspection", ROOT.parent / "scenes"]
FILES = [path for room in ROOMS for path in sorted(room.glob("*.py"))]
#: Pure white and black, by which a contrast is measured, or made the largest.
BY_RULE = {("neuron.py", "#FFFFFF"), ("neuron.py", "#000000"), ("theme.py", "#000000")}
COLOURS = {name for name in vars(manims) if name.isupper()}


def when_imported(tree):
    """What runs when a module is imported: all but the bodies of functions, whose defaults and decorators do."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*node.args.defaults, *node.args.kw_defaults, *node.decorator_list):
                if part is not None:
                    yield part
                    yield from when_imported(part)
            continue
        yield node
        yield from when_imported(node)


def fixed(source, name=""):
    """What a module reads of the theme when it is imported, and the colours typed in it, by line."""
    tree = ast.parse(source)
    read = {
        (node.lineno, f"theme.{node.attr}")
        for node in when_imported(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "theme"
    }
    typed = {
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"#[0-9A-Fa-f]{3,8}", node.value)
        and (name, node.value) not in BY_RULE
    }
    manims_own = {
        (node.lineno, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "manim"
        for alias in node.names
        if alias.name in COLOURS
    }
    return sorted(read | typed | manims_own)


def test_nothing_of_the_look_is_fixed():
    assert len(FILES) > 150
    found = {path.name: fixed(path.read_text(encoding="utf-8"), path.name) for path in FILES}
    # Where the theme and its palettes are made.
    del found["palettes.py"]
    assert [what for _, what in found.pop("theme.py")] == ["theme.use"]
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def f(colour=theme.ink): ...", "theme.ink"),
        ("def f(*, size=2 * theme.label_size): ...", "theme.label_size"),
        ("_SIZE = theme.tick_size", "theme.tick_size"),
        ("class A:\n    zone = theme.stage", "theme.stage"),
        ("COLOURS = {Cost: theme.role(Cost)}", "theme.role"),
        ("def f():\n    return Dot(color='#FF0000')", "#FF0000"),
        ("from manim import WHITE, Dot", "WHITE"),
        ("from manim.utils.color import GREY_B", "GREY_B"),
    ],
)
def test_what_is_fixed_would_be_noticed(source, told):
    assert [what for _, what in fixed(source)] == [told]


def test_what_is_read_when_it_is_used_is_not_fixed():
    assert fixed("def f(colour=None):\n    return colour or theme.ink\n\nink = lambda: theme.ink") == []
