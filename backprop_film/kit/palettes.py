"""Palettes: the colours of a film by role, and its fonts: ``dark``, ``light``, or a file of one's own.

A file says what is other than in the palette that it is ``based_on``, ``dark`` unless it says::

    based_on = "light"
    background = "#FFFDF7"
    weight = "#00629B"
    prose_font = "Corporate.ttf"    # beside this file; or the name of a font that comes with the film
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from backprop_math.names import did_you_mean

from .typefaces import font_file, typeface

__all__ = ["PALETTES", "Palette", "files_of_palette", "palette"]


@dataclass(frozen=True)
class Palette:
    """Colours ``#RRGGBB`` by role, and fonts. An ``activation`` is ink unless it has a colour of its own."""

    background: str
    #: Texts, and what matters most.
    ink: str
    #: Texts that matter less.
    secondary: str
    #: Axes, and what is there only to be referred to.
    line: str
    arrow: str
    #: What is talked about.
    highlight: str
    #: Cards, neurons without a value, code.
    surface: str
    cost: str
    weight: str
    bias: str
    weighted_sum: str
    target: str
    #: Of two classes, the one that is not the desired output's.
    other: str
    activation: str | None = None
    prose_font: str = "Lato"
    math_font: str = "New Computer Modern Math"


#: Text colours pass WCAG AA against background and surface, and no two of them are one to a colour-blind eye.
PALETTES: Mapping[str, Palette] = {
    "dark": Palette(
        background="#0E1116",
        ink="#ECEFF4",
        secondary="#7C8694",
        line="#3A434F",
        arrow="#5B6675",
        highlight="#B79CFF",
        surface="#171C24",
        cost="#FF6B5E",
        weight="#58C4DD",
        bias="#F08BB4",
        weighted_sum="#8FD66E",
        target="#F4C95D",
        other="#58A6DD",
    ),
    "light": Palette(
        background="#FCFCFB",
        ink="#161C27",
        secondary="#646D78",
        line="#C3C9D1",
        arrow="#858F9C",
        highlight="#4824C3",
        surface="#F1F2F4",
        cost="#C93636",
        weight="#0673AB",
        bias="#A0145A",
        weighted_sum="#085B1C",
        target="#966201",
        other="#3E86C4",
    ),
}
_FONTS = ("prose_font", "math_font")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def palette(named: str) -> Palette:
    """The palette of that name, or in that file (``.toml``). `ValueError` in one line if there is none.

    >>> palette("light").ink
    '#161C27'
    >>> palette("ligth")
    Traceback (most recent call last):
    ValueError: theme: found 'ligth', expected dark, light or a palette's file (.toml) (nearest: 'light')
    """
    if named in PALETTES:
        return PALETTES[named]
    if Path(named).suffix.lower() != ".toml":
        near = did_you_mean(named, PALETTES)
        raise ValueError(f"theme: found {named!r}, expected {', '.join(PALETTES)} or a palette's file (.toml){near}")
    table = _table(Path(named))
    return replace(PALETTES[table.pop("based_on", "dark")], **table)


def files_of_palette(named: str) -> set[Path]:
    """What a palette is read from: its file and those of its fonts; nothing for one of the film's own."""
    if named in PALETTES:
        return set()
    found = palette(named)
    fonts = {font_file(getattr(found, key)) for key in _FONTS}
    return {Path(named).resolve(), *(path.resolve() for path in fonts if path)}


def _table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: found a file that can't be read ({error.strerror}), expected a palette") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: found no valid TOML ({error})") from None
    known = ["based_on", *(field.name for field in fields(Palette))]
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"{path}: {key}: found an unknown key, expected a role{did_you_mean(key, known)}")
        if key == "based_on":
            if not isinstance(value, str) or value not in PALETTES:
                raise ValueError(f"{path}: based_on: found {value!r}, expected {' or '.join(PALETTES)}")
        elif key in _FONTS:
            table[key] = _font(path, key, value)
        elif not (isinstance(value, str) and _COLOUR.fullmatch(value)):
            raise ValueError(f'{path}: {key}: found {value!r}, expected a colour such as "#58C4DD"')
    return table


def _font(path: Path, key: str, value: object) -> str:
    """A font that is there, its file by its whole path."""
    if not isinstance(value, str):
        raise ValueError(f"{path}: {key}: found {value!r}, expected a font's file or name")
    file = font_file(value)
    font = value if file is None else str(path.absolute().parent / file)
    typeface(f"{path}: {key}", font)
    return font
