"""What Manim's configuration says before a scene is played, without Manim where that is simple.

To import Manim takes a second or more: too long for who asks only whether something is kept. Its files are read here as
it reads them. Once it has been imported, it is asked, as programs change what it has read; and so it is where a value
is more than a plain word.
"""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["media_folder", "said"]

_SECTION = "CLI"
#: As Manim tells of a colour that it was given by its name: of its own default, and of the other that is common.
_COLOURS = {"BLACK": "#000000", "WHITE": "#FFFFFF"}
_COLOUR = re.compile(r"#[0-9A-F]{6}")


def media_folder() -> Path:
    """The folder into which all goes that is made, as Manim has it."""
    plain = _plain()
    if plain is not None and "{" not in plain.get("media_dir", "{"):
        return Path(plain["media_dir"])
    from manim import config

    return Path(config.get_dir("media_dir") or ".")  # where it is left empty, here


def said(keys: Iterable[str]) -> dict[str, str]:
    """What Manim's ``config`` holds under each of these keys, as text."""
    keys, plain = list(keys), _plain()
    if plain is not None:
        found = {key: _text(key, plain.get(key, "")) for key in keys}
        told = {key: text for key, text in found.items() if text is not None}
        if len(told) == len(found):
            return told
    from manim import config

    return {key: str(config[key]) for key in keys}


def _text(key: str, value: str) -> str | None:
    """The text of a plain value; ``None`` if it is not plain."""
    match key:
        case "background_color":
            value = _COLOURS.get(value, value)
            return value if _COLOUR.fullmatch(value) else None
        case "seed":
            return str(int(value)) if value.isdecimal() else None if value else "None"
        case "plugins":
            return None if value else "[]"
        case "tex_template_file":
            return None if value else "None"
        case "assets_dir":
            return value
    return None


def _plain() -> dict[str, str] | None:
    """Manim's keys as its files have them; ``None`` if Manim must be asked."""
    found = None if "manim" in sys.modules else find_spec("manim")
    if found is None or not found.submodule_search_locations:
        return None
    files = (
        Path(found.submodule_search_locations[0], "_config", "default.cfg"),
        _users(),
        Path("manim.cfg").absolute(),
    )
    return _read(tuple((file, *_state(file)) for file in files))


def _users() -> Path:
    within = ("AppData", "Roaming", "Manim") if sys.platform.startswith("win32") else (".config", "manim")
    return Path.home().joinpath(*within, "manim.cfg")


def _state(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=8)
def _read(files: tuple[tuple[Path, int, int], ...]) -> dict[str, str] | None:
    parser = configparser.ConfigParser()
    try:
        parser.read(file for file, *_ in files)
        found = dict(parser.items(_SECTION, raw=True))
    except (configparser.Error, UnicodeDecodeError):  # Manim will say so
        return None
    # An extension of Manim's may change what its files say; a percent sign refers to another key.
    return None if found.get("plugins") or any("%" in value for value in found.values()) else found
