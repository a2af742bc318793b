"""Under which key a play's piece is kept, so that what was rendered before an interruption is not rendered again.

Manim makes a key of all that the mobjects and animations of a play hold, attribute by attribute: a third of the time
that a chapter takes at 720p; and it leaves out the code by which they move, so that a changed ``interpolate`` would not
be seen. Here the chapter's `fingerprint` stands for its code and its example, and the play's number for what it does.
What a fingerprint does not know is added: the files that have been read by now, and how the stage looks as the play
begins (which differs in a scene that draws something at random, or the hour).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from manim import ImageMobject, Mobject, Scene, VMobject
from manim.renderer import cairo_renderer

from .chapter_files import read_by
from .drawing import fingerprint
from .drawing.looks import look_of
from .drawing.painter import displayed
from .kept import Keeper
from .reads import recorded

__all__ = ["keyed"]


@contextmanager
def keyed(keeper: Keeper) -> Iterator[None]:
    """Within, the plays of a keeper's chapter have keys of this kind."""
    before = cairo_renderer.get_hash_from_play_call

    def key(scene: Scene, _camera: Any, animations: Sequence[Any], mobjects: Sequence[Mobject], **_: Any) -> str:
        read = keeper.contents(reads.files | read_by(keeper.job.entry.file))
        kinds = [(type(one).__qualname__, one.run_time) for one in animations]
        known = [keeper.name, fingerprint(), scene.renderer.num_plays, scene.duration, kinds, sorted(read.items())]
        digest = hashlib.sha256(repr(known).encode())
        for mobject in displayed(mobjects):
            # Of what is neither (a tracker's value, a cloud), Manim's points say where it is.
            drawn = isinstance(mobject, VMobject | ImageMobject)
            for part in look_of(mobject) if drawn else (mobject.points.tobytes(),):
                digest.update(part if isinstance(part, bytes) else repr(part).encode())
        return digest.hexdigest()

    with recorded() as reads:
        cairo_renderer.get_hash_from_play_call = key
        try:
            yield
        finally:
            cairo_renderer.get_hash_from_play_call = before
