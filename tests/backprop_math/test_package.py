import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import backprop_math

ROOT = Path(__file__).parents[2]


def test_importing_the_package_imports_numpy_and_nothing_else():
    """No pictures below: neither Manim nor the scenes, nor anything else that is not Python's own."""
    program = (
        "import sys, numpy; before = set(sys.modules)\n"
        "import backprop_math, backprop_math.checks\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names) - {'numpy'}))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['backprop_math']"


def test_public_names():
    assert sorted(backprop_math.__all__) == sorted(set(backprop_math.__all__))
    assert all(hasattr(backprop_math, name) for name in backprop_math.__all__)
    promised = "Network Example load_example Weight Bias WeightedSum Activation Target Cost"
    assert set(promised.split()) <= set(backprop_math.__all__)
    assert backprop_math.__version__.count(".") == 2


def imports_below_the_top():
    """Names that the film, the chapters and the tests import from a room, with the file."""
    for folder in ("backprop_film", "scenes", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text()
            for node in ast.walk(ast.parse(text)) if "from backprop_math." in text else ():
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("backprop_math."):
                    yield from ((path.relative_to(ROOT), node.module, alias.name) for alias in node.names)


def test_what_the_top_offers_is_imported_from_there():
    deep = [
        where
        for where in imports_below_the_top()
        if getattr(import_module(where[1]), where[2], None) is getattr(backprop_math, where[2], ...)
    ]
    assert deep == []
