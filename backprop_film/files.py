"""Where the film's files are written: a place is made for them, and what cannot work is said early."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import manim_cfg
from .errors import Problem

__all__ = ["av_name", "media", "room", "whole", "writable"]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name to write to, as `backprop_math.files.whole` gives it, in a folder made where there is none."""
    from backprop_math import files

    path.parent.mkdir(parents=True, exist_ok=True)
    with files.whole(path) as beside:
        yield beside


def writable(path: Path) -> None:
    """Raise the error now that writing ``path`` would raise after minutes of work."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise Problem(f"{path}: found a device or a pipe, expected the name of a file")
    with suppress(_Tried), whole(path) as beside:
        beside.touch()
        raise _Tried  # so that nothing is left of it


def room(path: Path, needed: float) -> None:
    """`Problem` if a file of so many bytes finds no room: the muxing library reports it late, or not at all."""
    if shutil.disk_usage(path.parent).free < needed:
        raise Problem(f"no space left on device: {path} needs {needed / 1e6:.1f} MB")


class _Tried(Exception):  # noqa: N818 (it never leaves this module)
    pass


def media() -> Path:
    """The folder into which all that a command makes goes, if it is told of no other: as a ``manim.cfg`` has it."""
    return manim_cfg.media_folder()


def av_name(path: Path) -> str:
    """A file as FFmpeg's libraries are told of it: whole, as they take what stands before a colon for a protocol."""
    return str(path.absolute())
