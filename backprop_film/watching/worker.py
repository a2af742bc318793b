"""The warm process: ``python -m backprop_film.watching.worker ADDRESS``. It has imported what never changes.

It sleeps; a copy of it imports the film (`studio`), and sleeps; a copy of that plays a chapter. Its standard input is
the lifeline of them all.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress
from pathlib import Path

from .loader import loading
from .nest import Sleeper, held_by, sleeping

__all__ = ["main"]

_BECOME_SUBREAPER = 36  # prctl's: copies whose parent has ended are this process's


def main(address: str) -> None:
    """Import the libraries, say so on the standard output, sleep."""
    import av  # noqa: F401
    import manim  # noqa: F401
    import PIL.Image  # noqa: F401
    import typst  # noqa: F401

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)
    held_by(sys.stdin.fileno())
    sleeper = Sleeper(Path(address))
    gc.collect()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    connection, question = sleeping(sleeper)
    texts = loading(question.chapters, question.project, question.new)
    try:
        from .studio import serve
    except BaseException as error:
        from .questions import Failure

        connection.send(("failed", Failure.of(error)))
    else:
        serve(connection, question, texts)


if __name__ == "__main__":
    main(sys.argv[1])
