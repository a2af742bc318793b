from pathlib import Path

import pytest

from backprop_film import sources
from backprop_film.sources import code_of, digest

FILES = {
    "my.py": """
from typing import TYPE_CHECKING
import json, helpers
from parts import wheel
from manim import Circle
if TYPE_CHECKING:
    import only_for_types
else:
    import at_run_time
def later():
    try:
        import late.inner.deep
    except ImportError:
        import fallback
""",
    "helpers.py": "import more",
    "more.py": "import helpers",  # a circle
    "at_run_time.py": "",
    "only_for_types.py": "",
    "fallback.py": "this is no Python",
    "parts/__init__.py": "from . import frame",
    "parts/frame.py": "from .spokes import *",
    "parts/wheel.py": "from .. import nothing",  # which Python will refuse
    "parts/spokes.py": "",
    "parts/unused.py": "",
    "late/inner/deep.py": "",  # in folders that are packages without __init__.py
    "unused.py": "",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "own"


def test_a_files_code_is_all_that_it_imports_from_its_folder(folder):
    code = code_of(folder / "my.py")
    expected = set(FILES) - {"unused.py", "parts/unused.py", "only_for_types.py"}
    assert set(code.files) == expected
    assert code.files["parts/wheel.py"] == folder.resolve() / "parts/wheel.py"
    assert code.elsewhere == {"typing", "json", "manim"}


def test_what_is_changed_is_read_again(folder):
    code_of(folder / "my.py")
    (folder / "more.py").write_text("import unused")
    assert "unused.py" in code_of(folder / "my.py").files


def test_code_of_the_project_is_named_by_its_place_there():
    code = code_of(Path(sources.__file__).with_name("render.py"))
    assert {"backprop_film/render.py", "backprop_film/kit/chapter.py", "backprop_math/__init__.py"} <= set(code.files)
    for ours in ("assemble", "produce", "progress", "cli", "commands/film", "console"):
        assert f"backprop_film/{ours}.py" not in code.files
    assert "inspect" in code.elsewhere  # the standard library's, not the module of that name beside it


def test_a_chapter_may_have_a_module_of_a_name_that_the_project_imports(folder):
    (folder / "numpy.py").touch()
    (folder / "my.py").write_text("from backprop_film.kit import Chapter")
    assert "numpy.py" not in code_of(folder / "my.py").files
    (folder / "my.py").write_text("import numpy")
    assert "numpy.py" in code_of(folder / "my.py").files


def test_what_is_no_file_has_no_content(tmp_path):
    (tmp_path / "empty").touch()
    assert (
        digest(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )  # FIPS 180-4
    assert digest(tmp_path) == digest(tmp_path / "nowhere") == ""


def test_what_was_parsed_once_is_not_parsed_again(folder, tmp_path, monkeypatch):
    def imported():
        forget(monkeypatch)
        with sources.remembered(tmp_path / "imports.json"):
            return code_of(folder / "my.py")

    code = imported()
    parsed = []
    monkeypatch.setattr(sources, "_parsed", lambda content: parsed.append(content) or iter(()))
    assert imported() == code
    assert parsed == []
    (folder / "more.py").write_text("import unused")
    imported()
    assert parsed == [b"import unused"]


@pytest.mark.parametrize("content", ["", "[]", '{"rules": "others", "imports": {}}', '{"imports": 3}', None])
def test_what_was_remembered_otherwise_counts_for_nothing(folder, tmp_path, monkeypatch, content):
    code, file = code_of(folder / "my.py"), tmp_path / "imports.json"
    if content is not None:
        file.write_text(content)
    forget(monkeypatch)
    with sources.remembered(file):
        assert code_of(folder / "my.py") == code


def forget(monkeypatch):
    """Begin as a new process does."""
    monkeypatch.setattr(sources, "_known", {})
    sources._imports.cache_clear()
    sources._ours.clear()
