"""Typefaces: the family that a font's name or file stands for, and where Typst finds it.

A font is the name of a family that comes with the film, or a file of one's own, ``.ttf`` or ``.otf``. No font of the
machine is ever used, so that a film looks the same on every machine.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import typst

from backprop_math.names import did_you_mean

__all__ = ["FONTS", "Typeface", "font_file", "typeface"]

#: Where the film's own fonts lie; the others come with Typst.
FONTS = Path(__file__).with_name("fonts")
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")


class Typeface(NamedTuple):
    """A family by name; of a file, the ``folder`` that holds it alone."""

    family: str
    folder: str = ""


@lru_cache(maxsize=64)  # it is asked for every text
def font_file(font: str) -> Path | None:
    """The file that a font stands for, if it is not the name of a family.

    >>> font_file("Lato"), font_file("mine.ttf").name
    (None, 'mine.ttf')
    """
    path = Path(font)
    return path if path.suffix.lower() in _ENDINGS else None


def typeface(what: str, font: str) -> Typeface:
    """The family that ``font`` stands for.

    `ValueError` in one line, which says ``what`` the font is for, if there is none.

    >>> typeface("prose_font", "Lato").family
    'Lato'
    >>> typeface("prose_font", "Latto")
    Traceback (most recent call last):
    ValueError: prose_font: found 'Latto', expected a font file (.ttf, .otf) or one of 'DejaVu Sans Mono', 'Lato', \
'Libertinus Serif', 'New Computer Modern', 'New Computer Modern Math' (nearest: 'Lato')
    """
    path = font_file(font)
    if path is None:
        known = _families("")
        if font not in known:
            names = ", ".join(map(repr, known))
            near = did_you_mean(font, known)
            raise ValueError(f"{what}: found {font!r}, expected a font file (.ttf, .otf) or one of {names}{near}")
        found = Typeface(font)
    else:
        try:
            state = path.stat()
            found = _in_file(path.absolute(), state.st_mtime_ns, state.st_size)
        except OSError as error:
            raise ValueError(
                f"{what}: found {font!r}, which can't be read ({error.strerror}), expected a font"
            ) from None
        if not found.family:
            raise ValueError(f"{what}: found {font!r}, which is no font, expected a .ttf or .otf file")
    return found


@lru_cache(maxsize=8)
def _families(folder: str) -> tuple[str, ...]:
    """The families in a folder, or those that come with the film."""
    embedded = not folder
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=embedded, font_paths=[folder or str(FONTS)])
    return tuple(fonts.families())


_folders: list[TemporaryDirectory[str]] = []  # Typst reads a font when it needs it: they stay as long as the program


@lru_cache(maxsize=8)
def _in_file(path: Path, _time: int, _size: int) -> Typeface:
    # Typst looks for fonts in folders, and is to find this one only.
    _folders.append(TemporaryDirectory(prefix="font-"))
    folder = _folders[-1].name
    shutil.copy(path, folder)
    return Typeface(next(iter(_families(folder)), ""), folder)
