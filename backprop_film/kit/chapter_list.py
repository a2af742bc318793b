"""The list of chapters that lies beside them, ``chapters.toml``: their parts, their order, each one's number.

A chapter is a line, its file and the scene in it; each part is counted from 1::

    [[part]]
    title = "Viewers' questions"
    chapters = [
        "sum_over_examples.py:SumOverExamples",
        "transpose.py:Transpose",
    ]
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["LIST", "ChapterListError", "ListedChapter", "place", "read_list"]

#: The list's name.
LIST = "chapters.toml"


class ChapterListError(ValueError):
    """What is wrong with a list of chapters, in one line: ``path``, and ``what`` was found and expected there."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path, self.what = path, what


@dataclass(frozen=True)
class ListedChapter:
    """A line of the list: ``number`` (from 1) of ``count`` in its part."""

    file: Path
    class_name: str
    part: str
    number: int
    count: int


def read_list(path: Path) -> list[ListedChapter]:
    """All chapters of a list, in its order. `ChapterListError` if it is none; `OSError` if it cannot be read."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChapterListError(path, f"found no valid TOML ({error})") from error
    _keys(path, "", table, ["part"])
    parts = table.get("part")
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise ChapterListError(path, f"part: found {parts!r}, expected tables, each headed [[part]]")
    chapters = [chapter for number, part in enumerate(parts, 1) for chapter in _part(path, f"part {number}", part)]
    seen: set[Path] = set()
    for chapter in chapters:
        if chapter.file in seen:
            raise ChapterListError(path, f"chapters: found {chapter.file.name} twice, expected each file once")
        seen.add(chapter.file)
    return chapters


def _part(path: Path, where: str, part: dict[str, Any]) -> list[ListedChapter]:
    _keys(path, f"{where}, ", part, ["title", "chapters"])
    title, lines = part.get("title"), part.get("chapters")
    if not isinstance(title, str) or not title.strip():
        raise ChapterListError(path, f"{where}, title: found {title!r}, expected a text")
    if not isinstance(lines, list) or not lines:
        raise ChapterListError(path, f"{where}, chapters: found {lines!r}, expected a list of chapters")
    found = []
    for number, line in enumerate(lines, 1):
        file, _, name = line.partition(":") if isinstance(line, str) else ("", "", "")
        if Path(file).name != file or not file.endswith(".py") or not name.isidentifier():
            raise ChapterListError(path, f'{where}, chapters: found {line!r}, expected "file.py:Scene"')
        if not (path.parent / file).is_file():
            near = _near(file, sorted(other.name for other in path.parent.glob("*.py")))
            raise ChapterListError(path, f"{where}, chapters: found {file!r}, expected a file beside the list{near}")
        found.append(ListedChapter(path.parent / file, name, title, number, len(lines)))
    return found


def _keys(path: Path, where: str, table: dict[str, Any], known: Iterable[str]) -> None:
    known = list(known)
    for key in table:
        if key not in known:
            hint = _near(key, known)
            raise ChapterListError(path, f"{where}{key}: found an unknown key, expected {' or '.join(known)}{hint}")


def _near(name: str, known: Iterable[str]) -> str:
    from backprop_math.names import did_you_mean  # only once something is wrong: a list is read often

    return did_you_mean(name, known)


def place(scene: type) -> ListedChapter | None:
    """The line of a chapter's class in the list beside its own file; ``None`` if it is in no list."""
    try:
        file = Path(inspect.getfile(scene)).resolve()
    except (OSError, TypeError):  # typed into a notebook, say
        return None
    path = file.with_name(LIST)
    if not path.is_file():
        return None
    return next((line for line in read_list(path) if (line.file, line.class_name) == (file, scene.__name__)), None)
