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
import platform
import re
import secrets
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["clear_leftovers", "hidden", "whole"]

_HIDDEN = re.compile(r"\.(?P<process>\d+)-(?P<machine>[0-9a-f]{8})\.")
_A_DAY = 24 * 3600.0


def hidden() -> str:
    """How the temporary names of this process begin: with a dot, its number, and its machine's."""
    return f".{os.getpid()}-{_machine()}."


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to, which becomes ``path`` at the end, if nothing went wrong.

    A symbolic link stays one, and the file that it points to is replaced. `OSError` names ``path``.
    """
    real = Path(os.path.realpath(path)) if path.is_symlink() else path
    # A name of its own, not one made of the other: that one may be as long as names may be.
    beside = real.with_name(f"{hidden()}{secrets.token_hex(4)}.part")
    try:
        yield beside
        beside.replace(real)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(beside), str(beside.absolute())):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def clear_leftovers(folder: Path, *, deep: bool = False) -> None:
    """Remove what processes that were killed have left half-written in a folder, and with ``deep`` in all below it.

    Of a process that runs, nothing is removed; nor of one on another machine that shares the folder, of which nobody
    here knows whether it runs, unless the file has not changed for a day.
    """
    for place, _, names in os.walk(folder):
        for name in names:
            if match := _HIDDEN.match(name):
                path = Path(place, name)
                with suppress(OSError):
                    if _ended(int(match["process"]), match["machine"]) or time.time() - path.stat().st_mtime > _A_DAY:
                        path.unlink()
        if not deep:
            return


def _ended(process: int, machine: str) -> bool:
    if machine != _machine() or sys.platform == "win32":  # where the question itself would end the process
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # another user's
        return False
    return False
