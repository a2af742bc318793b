"""What a chapter's video depends on, as one short name: another name is another video.

It covers the chapter's code and that of all that plays and draws it (`sources`), the example and the palette with the
files that they refer to, all else that its job says, the versions of the libraries, and what a ``manim.cfg`` decides of
the picture. What the chapter reads by itself is known only once it has been played: `kept` writes that down.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import media
from .loaded import files_of
from .manim_cfg import said
from .sources import code_of, digest, remembered

if TYPE_CHECKING:
    from .job import Job

__all__ = ["SETTINGS", "engine", "files_of_theme", "fingerprint", "recordings_of", "variant"]

#: What draws, measures and encodes: code that no file of ours holds.
_LIBRARIES = (
    "av",
    "manim",
    "manimpango",
    "numpy",
    "pillow",
    "pycairo",
    "scipy",
    "skia-pathops",
    "svgelements",
    "typst",
)
#: Manim's keys that a ``manim.cfg`` may set, the film leaves as they are, and a picture may show.
SETTINGS = ("assets_dir", "background_color", "plugins", "seed", "tex_template_file")
_PLAYER = Path(__file__).with_name("render.py")


def fingerprint(job: Job) -> str:
    """The name for all that a job's chapter depends on, as far as it is known before it is played.

    `ExampleError` if the job's example cannot be read.
    """
    with remembered(media() / "imports.json"):
        code, player = code_of(job.entry.file), engine()
    found = {
        "chapter": [job.entry.file.name, job.entry.class_name],
        "code": code.contents,
        "engine": player,
        "example": job.example and [Path(job.example).stem, sorted(map(digest, files_of(job.example)))],
        "job": _rest(job, "voice", "theme"),
        "libraries": _versions(code.elsewhere - set(sys.stdlib_module_names)),
        "settings": _settings(),
        "theme": _theme(job),
        "voice": _voice(job),
    }
    return _short(found, 20)


def variant(job: Job) -> str:
    """The name for what was asked for: the same before and after a change to anything else."""
    named = [one and Path(one).stem for one in (job.example, job.theme)]
    return _short([*named, _rest(job, "theme")], 8)


def engine() -> dict[str, Any]:
    """What plays and draws every chapter here: the code, the libraries, the Python."""
    return {
        "code": code_of(_PLAYER).contents,
        "libraries": _versions(_LIBRARIES),
        "python": list(sys.version_info[:2]),
    }


def _rest(job: Job, *but: str) -> dict[str, Any]:
    said = {field.name: getattr(job, field.name) for field in fields(job)}
    return {name: said[name] for name in said if name not in ("entry", "example", *but)}


def _theme(job: Job) -> Any:
    """Which palette, and what it is read from, wherever that lies."""
    return sorted(map(digest, files_of_theme(job.theme))) or job.theme


def _voice(job: Job) -> Any:
    """Who speaks, and how; of a person, the recordings, wherever they lie."""
    if Path(job.voice).is_dir():
        return [[path.name, digest(path)] for path in sorted(recordings_of(job))]
    from .voice.choice import identity

    return [job.voice, identity(job.voice)]


def recordings_of(job: Job) -> set[Path]:
    """The files in which a person says the chapter's sentences, if one does."""
    folder = Path(job.voice, job.entry.slug)
    return {path.resolve() for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()


def files_of_theme(theme: str | None) -> set[Path]:
    """A palette's file, and those of its fonts; of one of the film's own, nothing. `ValueError` if it is none."""
    if theme is None or not theme.endswith(".toml"):
        return set()
    from .kit.palettes import files_of_palette

    return files_of_palette(theme)


def _versions(names: Iterable[str]) -> dict[str, str]:
    return {name: version for name in sorted(names) if (version := _version(name))}


@cache
def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # a module of another name than its package, or no package's
        return ""


def _settings() -> dict[str, str]:
    found = said(SETTINGS)
    template = found["tex_template_file"]
    return {**found, "template": "" if template == "None" else digest(Path(template))}


def _short(content: Any, length: int) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:length]
