"""An entry's picture: the end of what its example plays, or where it moves, four moments of it."""

from __future__ import annotations

import ast
import math
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from .. import contents
from ..kit.theme import theme
from ..playback import Job, Played, capture, play
from ..preview import shrunk
from .entries import ENTRIES, IMPORTS, SETTING, Entry

__all__ = ["drawn", "moves", "source"]

#: Ways to come in, after which nothing else happens than that it is there.
_COMING = {"Create", "FadeIn", "GrowFromCenter", "GrowFromEdge", "LaggedStart", "Write", "grow", "map", "reveal"}
_QUALITY, _MOMENTS = "m", 4
_MARGIN, _GAP = 24, 6  # pixels
_WIDE = 900  # pixels, at most
_SMALLER, _SMALL = 0.6, 420
_COLOURS = 128
_SEEN = 12  # levels from the background


def _is_chapter(entry: Entry) -> bool:
    return entry.code.startswith("class ")


def source(entry: Entry) -> str:
    """The example as a file that anyone could have written, with one scene in it."""
    if _is_chapter(entry):
        return f"{IMPORTS}\n\n\n{entry.code}\n"
    setting = f'example = load_example("{entry.of}")\n{SETTING}'
    body = textwrap.indent(f"{setting}\n\n{entry.code}\nself.wait(0.1)", " " * 8)
    return f"{IMPORTS}\n\n\nclass Shown(Scene):\n    def construct(self):\n{body}\n"


def moves(code: str) -> bool:
    """Whether an example plays more than that something comes.

    >>> moves("self.play(FadeIn(tree))"), moves("self.play(ripple.run())")
    (False, True)
    """
    return any(_called(call) == "play" and not _comes(call) for call in _calls(ast.parse(code)))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _comes(call: ast.Call) -> bool:
    """Whether all that a ``play`` is given is a way to come in."""
    return all(_called(next(_calls(part))) in _COMING for part in call.args if any(_calls(part)))


@contextmanager
def _job(entry: Entry) -> Iterator[Job]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{entry.slug}.py"
        file.write_text(source(entry), encoding="utf-8")
        yield Job(replace(contents.find(str(file)), name=entry.name), quality=_QUALITY)


def drawn(name: str) -> Image.Image:
    """The picture of the entry called ``name``, in few colours."""
    entry = next(one for one in ENTRIES if one.name == name)
    with _job(entry) as job:
        ends: list[int] = []

        def observe(played: Played) -> None:
            ends.append(played.frame)

        play(job, observe=observe, numbers=False)
        frames = _moments(ends, moves(entry.code))
        pictures = capture(job, frames)
    shown = [pictures[frame] for frame in frames]
    tiles = shown if _is_chapter(entry) else _cropped(shown)
    return _tiled(tiles).quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)


def _moments(ends: Sequence[int], moving: bool) -> list[int]:
    """The last frame; or moments from the end of the first play, if others follow, to the last frame."""
    last = max(0, ends[-1] - 1)
    if not moving:
        return [last]
    first = max(0, ends[0] - 1) if len(ends) > 2 else 0
    return sorted({round(first + (last - first) * i / (_MOMENTS - 1)) for i in range(_MOMENTS)})


def _cropped(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Each picture cut to where there is something in any of them."""
    levels = [np.asarray(picture, dtype=np.int16) for picture in pictures]
    seen = np.any([np.abs(one - one[0, 0]).max(axis=2) > _SEEN for one in levels], axis=0)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        raise ValueError("found an empty picture, expected an example that shows something")
    height, width = seen.shape
    box = (
        max(0, int(columns[0]) - _MARGIN), max(0, int(rows[0]) - _MARGIN),
        min(width, int(columns[-1]) + _MARGIN), min(height, int(rows[-1]) + _MARGIN),
    )  # fmt: skip
    return [picture.crop(box) for picture in pictures]


def _tiled(tiles: Sequence[Image.Image]) -> Image.Image:
    """The tiles in reading order: abreast while they are narrow, else two abreast."""
    width, height = tiles[0].size
    across = 1 if len(tiles) == 1 else len(tiles) if width < height * 1.2 else 2
    # What is small is not made smaller.
    size = min(max(_SMALLER, min(1.0, _SMALL / (across * width))), (_WIDE - _GAP * (across - 1)) / across / width)
    small = [shrunk(tile, round(width * size)) for tile in tiles]
    width, height = small[0].size
    down = math.ceil(len(small) / across)
    canvas = Image.new("RGB", (across * (width + _GAP) - _GAP, down * (height + _GAP) - _GAP), theme.line)
    for number, tile in enumerate(small):
        canvas.paste(tile, (number % across * (width + _GAP), number // across * (height + _GAP)))
    return canvas
