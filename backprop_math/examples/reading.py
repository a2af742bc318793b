"""What a file holds, if it is one that an example or its table can stand in."""

from __future__ import annotations

import errno
from pathlib import Path

__all__ = ["file_of_bytes"]

_LARGEST = 100_000_000  # bytes


def file_of_bytes(path: Path) -> bytes:
    """The bytes of a file; `OSError` for one that can't be read, is no file (a pipe never ends), or exceeds 100 MB.

    >>> len(file_of_bytes(Path(__file__))) > 100
    True
    """
    if not path.is_file():
        path.stat()  # says so itself where there is nothing
        raise OSError(errno.EINVAL, "not a file", path)
    if path.stat().st_size > _LARGEST:
        raise OSError(errno.EFBIG, f"more than {_LARGEST // 1_000_000} MB", path)
    return path.read_bytes()
