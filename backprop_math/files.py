"""Files that appear whole or not at all.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     with whole(Path(folder, "numbers.txt")) as beside:
...         _ = beside.write_text("0.9")
...     [path.name for path in Path(folder).iterdir()]
['numbers.txt']
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["whole"]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to, which becomes ``path`` at the end, if nothing went wrong.

    A symbolic link stays one, and the file that it points to is replaced. `OSError` names ``path``.
    """
    real = Path(os.path.realpath(path)) if path.is_symlink() else path
    # A name of its own, not one made of the other: that one may be as long as names may be.
    beside = real.with_name(f".{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        yield beside
        beside.replace(real)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(beside)):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
