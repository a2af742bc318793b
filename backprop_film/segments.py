"""The film's pieces: a video for each play, in the folders of Manim's cache.

Four things differ from the pieces that ``manim`` writes. A piece appears whole or not at all, so that an interrupted
render leaves nothing broken behind. Its colours are those of BT.709, limited range, and it says so: without that,
players take a picture of this size for BT.709 and FFmpeg's libraries convert to BT.601, so that every colour is off.
It is made from what changes from picture to picture (`drawing`), under a key of the film's own (`piece_key`). And the
chapter's video is not put together from them, as the film is joined from the pieces themselves.

Pieces are encoded beside the drawing. What waits between the two is bounded in bytes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from .drawing.piece import ENCODER, Piece
from .drawing.planes import Patch

__all__ = ["ENCODER", "PieceWriter"]

#: Bytes of pictures that may wait to be encoded: some four whole ones of 1920 × 1080.
_WAITING = 32_000_000
_A_DAY = 24 * 3600.0


class _Budget:
    """Bytes that are lent until they are given back. Whoever asks for more than all gets them when all are there.

    >>> budget = _Budget(100)
    >>> budget.take(60), budget.take(60, patience=0.0), budget.give(60), budget.take(1000)
    (True, False, None, True)
    """

    def __init__(self, size: int) -> None:
        self._size = self._left = size
        self._changed = threading.Condition()

    def take(self, count: int, patience: float | None = None) -> bool:
        """Wait for so many bytes, so many seconds at most; whether they are lent."""
        with self._changed:
            lent = self._changed.wait_for(lambda: self._left >= min(count, self._size), patience)
            if lent:
                self._left -= count
            return lent

    def give(self, count: int) -> None:
        """Give back so many bytes."""
        with self._changed:
            self._left += count
            self._changed.notify_all()


class _BudgetedPiece(Piece):
    """A piece whose pictures are paid for while they wait."""

    budget: _Budget

    def write_frame(self, patches: Sequence[Patch], *, repeat: int = 1) -> None:
        try:
            super().write_frame(patches, repeat=repeat)
        finally:
            self.budget.give(_bytes(patches))


def _bytes(patches: Sequence[Patch]) -> int:
    return sum(patch.pixels.nbytes for patch in patches)


class PieceWriter(SceneFileWriter):
    """Manim's writer, for a film's pieces."""

    def write_frame(self, patches: Sequence[Patch], *, repeat: int = 1) -> None:
        """Write the picture before, changed in these ``patches``, so many times to the piece that is open."""
        job, count = self._current_encode_job, _bytes(patches)
        # An encoder that has failed gives nothing back; what it has failed of is raised below.
        while job is not None and not job.failed and not self._budget.take(count, patience=0.2):
            pass
        super().write_frame(patches, repeat=repeat)

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        if self.video_encoder is None:
            raise RuntimeError("no video encoder is configured")
        piece = _BudgetedPiece(target=target, spec=self.video_encoder)
        piece.budget = self._budget = _Budget(_WAITING)
        return piece

    def is_already_cached(self, hash_invocation: str) -> bool:
        """Whether the piece of a play with this key is there; if so, it is used now."""
        found = super().is_already_cached(hash_invocation)
        if found:
            os.utime(self.output_plan.segment_path(hash_invocation))
        return found

    def combine_to_movie(self) -> None:
        """Leave the pieces as they are, but for those of plays that are no more: not made or used for a day."""
        own = set(self.pieces)
        for path in self.partial_movie_directory.glob("*.mp4"):
            if path not in own:
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > _A_DAY:
                        path.unlink()

    @property
    def pieces(self) -> tuple[Path, ...]:
        """The files of the plays, in their order."""
        return tuple(Path(name) for name in self.partial_movie_files if name is not None)
