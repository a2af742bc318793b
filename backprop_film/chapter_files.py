"""A chapter's file as a module: apart from another folder's file of the same name, with what lies beside it.

What it changes of Manim's configuration and of the theme, and what it imports from its folder, holds for it alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from .reads import recorded

__all__ = ["beside", "digest", "module_of", "read_by", "said_by", "said_of_theme_by"]


def module_of(file: Path) -> ModuleType:
    """The file as a module. Its name holds its folder: two files of one name are two modules."""
    name = f"backprop_film.scenes.{file.stem}_{digest(file)}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            with beside(file), _configuring(file), recorded() as read:
                spec.loader.exec_module(module)
            _read.setdefault(file.parent, set()).update(read.files)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


def digest(file: Path) -> str:
    """A short name for where a file lies."""
    return hashlib.sha256(os.fsencode(file)).hexdigest()[:8]


_said: dict[Path, dict[str, Any]] = {}
_said_of_theme: dict[Path, dict[str, Any]] = {}


@contextmanager
def _configuring(file: Path) -> Iterator[None]:
    from manim import config, tempconfig

    from .kit.theme import theme

    with tempconfig({}), theme.as_it_was() as own:
        before = dict(config)
        yield
        _said[file] = {key: value for key, value in config.items() if value != before[key]}
        _said_of_theme[file] = theme.other_than(own)


def said_by(file: Path) -> dict[str, Any]:
    """What a file that has been loaded says of Manim's configuration, as ``config.background_color = WHITE``."""
    return _said[file]


def said_of_theme_by(file: Path) -> dict[str, Any]:
    """What a file says of the theme when it is loaded, as ``theme.ink = "#FFFFFF"``; nothing before."""
    return _said_of_theme.get(file, {})


_read: dict[Path, set[Path]] = {}


def read_by(file: Path) -> set[Path]:
    """The data files that were read when this file was loaded, or others of its folder: they may share modules."""
    return _read[file.parent]


_siblings: dict[Path, dict[str, ModuleType]] = {}


@contextmanager
def beside(file: Path) -> Iterator[None]:
    """Imports find what lies beside the file first, as they do when Manim runs it; a chapter is loaded and played so.

    Afterwards it is put away until the next time: another folder's ``helpers.py`` is another module.
    """
    folder, before = file.parent, {name.partition(".")[0] for name in sys.modules}
    own = _siblings.setdefault(folder, {})
    hidden = {name: sys.modules[name] for name in own if name in sys.modules}
    sys.modules.update(own)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            top = name.partition(".")[0]
            if name in own or (top not in before and _lies_in(module, folder, top)):
                own[name] = sys.modules.pop(name)
        sys.modules.update(hidden)


def _lies_in(module: ModuleType, folder: Path, top: str) -> bool:
    """Whether a module is the folder's ``top.py``, or of its package ``top``."""
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    found = [Path(place).resolve() for place in places if place]
    return any(place == folder / f"{top}.py" or place.is_relative_to(folder / top) for place in found)
