"""A chapter's job on its way to another machine, which shares no disk with this one.

With it travel the chapter's file, the modules and the files beside it that it names, its example with the data that it
is trained on, its palette with its fonts, a person's recordings, and what this machine's ``manim.cfg`` says of the
picture. The project itself does not travel: it must be the same there, which `opened` holds.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import Problem
from .fingerprint import SETTINGS, files_of_theme, recordings_of
from .kept import Keeper
from .loaded import files_of
from .sources import PROJECT, code_of

if TYPE_CHECKING:
    from .playback import Job

__all__ = ["Parcel", "opened", "parcel"]

_EXAMPLE, _THEME, _VOICE = "example", "theme", "recordings"
#: What a file may be called without: Manim looks for these itself.
_ENDINGS = ("", ".wav", ".mp3", ".svg", ".png", ".jpg", ".jpeg", ".gif")


@dataclass(frozen=True)
class Parcel:
    """A job, and the files that go with it, by the names under which they are unpacked."""

    job: Job
    name: str
    files: Mapping[str, bytes]
    settings: Mapping[str, Any]


def parcel(keeper: Keeper) -> Parcel:
    """The parcel for a chapter. `OSError` if a file cannot be read."""
    from manim import config

    job = keeper.job
    files = dict(_of_chapter(job.entry.file.resolve()))
    job = replace(job, entry=replace(job.entry, file=Path(job.entry.file.name)))
    if job.example is not None and (found := dict(_together(_EXAMPLE, job.example, files_of(job.example)))):
        files |= found
        job = replace(job, example=f"{_EXAMPLE}/{Path(job.example).name}")
    if job.theme is not None and (found := dict(_together(_THEME, job.theme, files_of_theme(job.theme)))):
        files |= found
        job = replace(job, theme=f"{_THEME}/{Path(job.theme).name}")
    if Path(job.voice).is_dir():
        files |= {f"{_VOICE}/{job.entry.slug}/{path.name}": path.read_bytes() for path in recordings_of(job)}
        job = replace(job, voice=_VOICE)
    return Parcel(job, keeper.name, files, {key: config[key] for key in SETTINGS})


def _of_chapter(file: Path) -> Iterator[tuple[str, bytes]]:
    from .kit.chapter_list import LIST

    own = {name: path for name, path in code_of(file).files.items() if not _ours(path)}
    own.setdefault(file.name, file)
    for path in list(own.values()):
        for folder in (file.parent, Path.cwd()):
            own = {**dict(_named_in(path, folder)), **own}
    if (chapters := file.with_name(LIST)).is_file():
        # A list is read as a whole, so that what it names must be there, too.
        text = chapters.read_text(encoding="utf-8")
        own = {LIST: chapters, **{path.name: path for path in file.parent.glob("*.py") if path.name in text}, **own}
    for name, path in own.items():
        yield name, path.read_bytes()


def _named_in(code: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files in a folder, or below it, that a module names in its texts."""
    if code.suffix != ".py":
        return
    try:
        tree = ast.parse(code.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 200:
            for ending in _ENDINGS:
                path = Path(os.path.normpath(folder / (node.value + ending)))
                try:
                    if path.is_relative_to(folder) and path.is_file():
                        yield path.relative_to(folder).as_posix(), path
                except (OSError, ValueError):  # no name that a file may have
                    break


def _together(name: str, file: str, files: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """A file and the ``files`` that it refers to, as they lie to each other; nothing for one of the film's own."""
    folder = Path(file).resolve().parent
    for path in sorted(files):
        if _ours(path):
            continue
        if not path.is_relative_to(folder):
            raise Problem(f"{file}: found {path}, expected a file beside it or below, as it goes to another machine")
        yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _ours(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in PROJECT.values())


@contextmanager
def opened(given: Parcel, folder: Path) -> Iterator[Keeper]:
    """Within, the job can be done here, in a folder of the worker's. `Problem` if other code or libraries are here."""
    from manim import tempconfig

    place = (folder / given.name).resolve()
    (place / _VOICE).mkdir(parents=True, exist_ok=True)  # which may lack what this chapter needs
    for name, content in given.files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    entry = replace(given.job.entry, file=place / given.job.entry.file)
    media = {"media_dir": str(folder.resolve() / "media")}
    with chdir(place), tempconfig({**given.settings, **media}):
        keeper = Keeper.of(replace(given.job, entry=entry))
        if keeper.name != given.name:
            raise Problem(
                f"chapter {entry.name}: found other code, libraries or voice on a worker than here, expected the same"
            )
        yield keeper
