"""The film's chapters, in the order of the list beside them, and the way from a name to a chapter's class.

A chapter is named as on the command line: a bundled one by its file's name without ``.py``, its class or its
number (in the first part); anyone's own by its file, ``my.py``, or ``my.py:Mine`` where the file has several
scenes. A file of one's own holds a `Chapter` or any other Scene of Manim's.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import known_scenes
from .chapter_files import digest, module_of
from .errors import Problem, nearest, sentence, shown_path, unknown

if TYPE_CHECKING:
    from manim import Scene

    from .kit.chapter_list import ListedChapter

__all__ = ["FOLDER", "Entry", "chosen", "entries", "find", "load", "own_file", "target"]


def _folder() -> Path:
    """Where the chapters lie: in an installed package within it, in a checkout beside it."""
    inside = Path(__file__).parent / "scenes"
    return inside if inside.exists() else Path(__file__).parents[1] / "scenes"


FOLDER = _folder()
#: The chapter for who lacks the mathematics; it can open a film.
PRIMER = "primer"
_FILE = re.compile(r"(?P<file>.+?\.py)(?::(?P<rest>.*))?")


@dataclass(frozen=True)
class Entry:
    """A chapter: what the command line calls it, its scene, and its place in the list beside it, if it has one.

    ``number`` counts from 1 within ``part``. ``slug`` is the name as files have it.
    """

    name: str
    slug: str
    file: Path
    class_name: str
    number: int | None = None
    part: str = ""

    @property
    def heading(self) -> str:
        """Number and name.

        >>> Entry("chain_rule", "chain_rule", Path("chain_rule.py"), "ChainRule", 2).heading
        '2. chain_rule'
        """
        return self.name if self.number is None else f"{self.number}. {self.name}"


# -- from names to chapters ---------------------------------------------------------------------------


def entries() -> list[Entry]:
    """The whole table of contents."""
    return [
        Entry(line.file.stem, line.file.stem, line.file, line.class_name, line.number, line.part)
        for line in _listed(FOLDER)
    ]


def _listed(folder: Path) -> list[ListedChapter]:
    from .kit.chapter_list import LIST, ChapterListError, read_list

    path = folder.resolve() / LIST
    try:
        return read_list(path)
    except ChapterListError as error:
        raise Problem(f"{shown_path(path)}: {error.what}") from error
    except FileNotFoundError as error:
        raise Problem(f"{shown_path(path)}: found no such file, expected the list of chapters") from error


def find(name: str) -> Entry:
    """The chapter called ``name``. `Problem` if there is none, or if a file has several scenes and none is named.

    >>> find("ChainRule").name
    'chain_rule'
    """
    entry, rest = target(name)
    if rest is not None:
        raise Problem(f"{name}: found a beat, expected a chapter")
    return entry


def target(name: str) -> tuple[Entry, str | None]:
    """``chain_rule:nudge`` or ``my.py:Mine:nudge`` as a chapter and the key of a beat, if one is named.

    In ``my.py:nudge``, ``nudge`` is a scene of the file or, if the file has only one, a beat of that.
    """
    if match := _FILE.fullmatch(name):
        return _in_file(Path(match["file"]), match["rest"])
    chapter, colon, beat = name.partition(":")
    plain = chapter.replace("-", "_")
    known = entries()
    for entry in known:
        if plain in (entry.name, entry.class_name, str(entry.number)):
            return entry, beat if colon else None
    raise unknown("chapter", chapter, [entry.name for entry in known])


def own_file(name: str) -> Path | None:
    """The file of the user's own that ``name`` speaks of, if it is there; nothing is loaded.

    >>> own_file("chain_rule:nudge") is None
    True
    """
    match = _FILE.fullmatch(name)
    return Path(match["file"]).resolve() if match and Path(match["file"]).is_file() else None


def _in_file(path: Path, rest: str | None) -> tuple[Entry, str | None]:
    if path.is_dir():
        raise Problem(f"{path}: found a folder, expected a chapter's file")
    if not path.is_file():
        bundled = next((entry for entry in entries() if entry.name == path.stem), None)
        hint = f" (the film's own chapter is called {bundled.name})" if bundled else ""
        raise Problem(f"{path}: found no such file, expected a chapter's{hint}")
    file = path.resolve()
    names = _scenes(file)
    first, colon, beat = (rest or "").partition(":")
    if first in names:
        return _entry(file, first), beat if colon else None
    if not names:
        raise Problem(f"{path}: found no scene, expected a class that is a Chapter or another Scene of Manim's")
    if first and (colon or len(names) > 1):
        raise Problem(f"{path}: found no scene {first!r}{nearest(first, names)}")
    if len(names) > 1:
        raise Problem(f"{path}: found the scenes {', '.join(names)}, expected one, such as {path}:{names[0]}")
    return _entry(file, names[0]), rest


def _entry(file: Path, class_name: str) -> Entry:
    """The scene of a file: that of the film's table of contents if it is there, else one of the user's own."""
    line = next((line for line in _lines_beside(file) if (line.file, line.class_name) == (file, class_name)), None)
    number, part = (line.number, line.part) if line else (None, "")
    if line and file.parent == FOLDER.resolve():
        return Entry(file.stem, file.stem, file, class_name, number, part)
    # Two files of one name, in two folders, are told apart in all that is written; Manim takes braces for its own.
    plain = re.sub(r"[^\w.-]", "_", file.stem)
    here = plain == file.stem and file.parent == Path.cwd().resolve()
    slug = f"{plain}-{class_name}" if here else f"{plain}-{class_name}-{digest(file)}"
    return Entry(f"{shown_path(file)}:{class_name}", slug, file, class_name, number, part)


def _lines_beside(file: Path) -> list[ListedChapter]:
    from .kit.chapter_list import LIST

    return _listed(file.parent) if file.with_name(LIST).is_file() else []


def chosen(names: Iterable[str], *, in_this_order: bool = False, primer_first: bool = False) -> list[Entry]:
    """The chapters named, once each; the film's own come in its order, others where they are named.

    All of the film's where none is named. ``in_this_order`` keeps the order of the names; ``primer_first`` begins with
    the primer, named or not.
    """
    known = entries()
    asked = list(dict.fromkeys(find(name) for name in names))
    if not in_this_order:
        own = iter(sorted((entry for entry in asked if entry in known), key=known.index))
        asked = [next(own) if entry in known else entry for entry in asked]
    asked = asked or known
    if primer_first:
        primer = find(PRIMER)
        asked = [primer, *(entry for entry in asked if entry != primer)]
    return asked


# -- from chapters to classes -------------------------------------------------------------------------


def load(entry: Entry) -> type[Scene]:
    """The chapter's class, from its file."""
    try:
        found: type[Scene] = getattr(module_of(entry.file), entry.class_name)
    except Exception as error:
        raise Problem(f"chapter {entry.name} cannot be loaded: {sentence(error)}") from error
    return found


def _scenes(file: Path) -> list[str]:
    """The scenes that a file defines, in its order."""
    if (known := known_scenes.known(file)) is not None:
        return known
    from manim import Scene

    try:
        module = module_of(file)
    except Exception as error:
        raise Problem(f"{shown_path(file)} cannot be loaded: {sentence(error)}") from error
    scenes = [
        name
        for name, found in vars(module).items()
        if inspect.isclass(found) and issubclass(found, Scene) and found.__module__ == module.__name__
        if name == found.__name__
    ]
    known_scenes.keep(file, scenes)
    return scenes
