"""Pictures of a chapter that have been drawn, kept in the media folder under its fingerprint, as `kept` keeps chapters.

A picture holds the digests of the data files that were read before it was drawn: with other ones it counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .files import whole
from .kept import Keeper

__all__ = ["KeptPictures", "save", "shown"]

_READ = "read"


def shown(beat: str | None, at: str) -> str:
    """What the picture at a moment of a beat, or of the chapter, is kept by."""
    return f"{(beat or '').replace('-', '_')} {at}"


def save(picture: Image.Image, path: Path) -> Path:
    """Write a PNG, whole or not at all; quickly, which makes it hardly larger."""
    with whole(path) as beside:
        picture.save(beside, format="PNG", compress_level=1)
    return path


@dataclass(frozen=True)
class KeptPictures:
    """The pictures kept of a keeper's chapter, by what they show: any text."""

    keeper: Keeper

    def found(self, what: str) -> Image.Image | None:
        """The picture, if it is kept, whole, and of files that are as they were."""
        try:
            with Image.open(self._file(what)) as picture:
                read = json.loads(picture.info[_READ])
                plain = picture.convert("RGB")
        except (OSError, SyntaxError, ValueError, KeyError, TypeError):  # none, or not as we write it
            return None
        with suppress(KeyError, AttributeError, TypeError):
            return plain if self.keeper.unchanged(read) else None
        return None

    def keep(self, pictures: Mapping[str, Image.Image], read: Iterable[Path]) -> None:
        """Keep pictures, before which these files were ``read``, unless what they depend on has changed meanwhile."""
        if not self.keeper.is_current():
            return
        contents = json.dumps(self.keeper.contents(read))
        for what, picture in pictures.items():
            self._write(what, picture, contents)
        self.keeper.clear()

    def keep_beside(self, pictures: Mapping[str, tuple[Image.Image, str]]) -> None:
        """Keep pictures, each as that one that it was made of, as long as that one counts."""
        for what, (picture, of) in pictures.items():
            with suppress(OSError, KeyError), Image.open(self._file(of)) as original:
                self._write(what, picture, original.info[_READ])

    def _write(self, what: str, picture: Image.Image, read: str) -> None:
        info = PngInfo()
        info.add_text(_READ, read)
        with whole(self._file(what)) as beside:
            picture.save(beside, format="PNG", pnginfo=info, compress_level=1)

    def _file(self, what: str) -> Path:
        return self.keeper.pictures / f"{hashlib.sha256(what.encode()).hexdigest()[:16]}.png"
