"""From mobjects to a piece of video, at the cost of what changes.

`painter` draws only the rectangles in which something changed since the picture before; `planes` converts only these
to the encoder's colours; `piece` encodes a picture that differs from the one before, and writes one that does not as
`h264`'s slice of some fifty bytes, in which every macroblock is skipped. Whatever of a scene the painter does not
understand, Manim's own camera draws.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import av
import cairo

__all__ = ["fingerprint"]


@cache
def fingerprint() -> str:
    """What decides the pixels and the bits of a piece, beside the scene: this room's source, Cairo, the encoder.

    It is part of the name of every piece, so that those made by other means are not mixed with them.

    >>> len(fingerprint())
    64
    """
    digest = hashlib.sha256(cairo.cairo_version_string().encode())
    digest.update(repr(sorted(av.library_versions.items())).encode())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.name.encode() + b"\0" + module.read_bytes())
    return digest.hexdigest()
