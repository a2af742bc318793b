"""The one thing about an MP4 file that FFmpeg's libraries decide for us: whether a text track is on."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["disable_text_tracks"]

_ENABLED = 1


def disable_text_tracks(path: Path) -> None:
    """Clear the flag with which subtitle tracks are shown from the start; FFmpeg sets it for the first one."""
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        for moov in _boxes(file, 0, end, b"moov"):
            for track in _boxes(file, *moov, b"trak"):
                media = next(_boxes(file, *track, b"mdia"))
                handler = next(_boxes(file, *media, b"hdlr"))
                header = next(_boxes(file, *track, b"tkhd"))
                file.seek(handler[0] + 8)
                if file.read(4) in (b"sbtl", b"subt", b"text"):
                    file.seek(header[0])
                    flags = struct.unpack(">I", file.read(4))[0]
                    file.seek(header[0])
                    file.write(struct.pack(">I", flags & ~_ENABLED))


def _boxes(file: BinaryIO, start: int, end: int, kind: bytes) -> Iterator[tuple[int, int]]:
    """Where the contents of the boxes of a kind begin and end."""
    while start + 8 <= end:
        file.seek(start)
        size, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        elif size == 0:
            size = end - start
        if name == kind:
            yield start + head, start + size
        start += size
