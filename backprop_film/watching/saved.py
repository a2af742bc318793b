"""When files have been saved: once for a burst of writes, however an editor writes, and only if the content is another.

Some editors write a file in pieces, some write another one and rename it, some remove the old one first. What the
system tells of this is only taken as a hint to look at the contents, when it has been quiet for a moment.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from ..sources import digest

__all__ = ["Debounce", "Saved"]

_WRITES = ("created", "modified", "moved", "deleted", "closed")
_NOTHING = digest(Path("/dev/null"))


class Debounce:
    """Turns a burst of events into one: due when it has been quiet for a while, or when it has lasted too long.

    >>> burst = Debounce(quiet=0.05, patience=0.4)
    >>> burst.note(10.0), burst.note(10.04), burst.due(10.06), burst.due(10.1), burst.due(10.2)
    (None, None, False, True, False)
    """

    def __init__(self, quiet: float = 0.04, patience: float = 0.4) -> None:
        self.quiet, self.patience = quiet, patience
        self._first: float | None = None
        self._last = 0.0

    def note(self, now: float) -> None:
        """Something happens."""
        self._first = now if self._first is None else self._first
        self._last = now

    def left(self, now: float) -> float | None:
        """Seconds until it is due; ``None`` if nothing has happened."""
        if self._first is None:
            return None
        return max(0.0, min(self._last + self.quiet, self._first + self.patience) - now)

    def due(self, now: float) -> bool:
        """Whether it is time; the next event then begins another burst."""
        if self.left(now) != 0.0:
            return False
        self._first = None
        return True


class Contents:
    """The contents of files, as far as they matter: which have changed since it was asked last.

    One that is gone or empty may be in the middle of being written: it is `missing`, and has changed only when it has
    been so for longer than ``patience`` seconds.
    """

    def __init__(self, patience: float = 0.5) -> None:
        self.patience = patience
        self._known: dict[Path, str] = {}
        self._missing: dict[Path, float] = {}

    def __contains__(self, file: Path) -> bool:
        return file in self._known

    def add(self, files: Iterable[Path]) -> None:
        """These files matter from now on."""
        for file in files:
            if file not in self._known:
                self._known[file] = digest(file)

    @property
    def folders(self) -> set[Path]:
        """Where they lie."""
        return {file.parent for file in self._known}

    @property
    def missing(self) -> bool:
        """Whether one is to be looked at again."""
        return bool(self._missing)

    def changed(self, now: float) -> set[Path]:
        """Those whose content has changed."""
        found = set()
        for file, before in self._known.items():
            content = digest(file)
            if content == before:
                self._missing.pop(file, None)
            elif content in ("", _NOTHING) and now - self._missing.setdefault(file, now) < self.patience:
                continue
            else:
                self._missing.pop(file, None)
                self._known[file] = content
                found.add(file)
        return found


class Saved(FileSystemEventHandler):
    """Calls ``tell`` with the files that were saved, in a thread of its own."""

    def __init__(self, tell: Callable[[set[Path]], None]) -> None:
        self._tell = tell
        self._lock = threading.Condition()
        self._burst, self._contents = Debounce(), Contents()
        self._others: set[Path] = set()
        self._seen: set[Path] = set()
        self._over = False
        self._observer = Observer()
        self._observer.start()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def add(self, files: Iterable[Path]) -> None:
        """Watch these files, too, and Python files that appear beside them."""
        with self._lock:
            self._contents.add(file for file in files if file.is_absolute())
            new = self._contents.folders - self._seen
            self._seen |= new
        for folder in sorted(new):
            if folder.is_dir():
                self._schedule(folder)

    def _schedule(self, folder: Path) -> None:
        try:
            self._observer.schedule(self, str(folder))
        except OSError:  # the system watches no more folders for us
            self._observer = PollingObserver(timeout=0.5)
            self._observer.start()
            self._observer.schedule(self, str(folder))

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            self._over = True
            self._lock.notify()
        self._observer.stop()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something has happened in a folder; watchdog calls this."""
        if event.event_type not in _WRITES or event.is_directory:
            return
        with self._lock:
            for name in (event.src_path, event.dest_path):
                path = Path(str(name))
                if path.suffix == ".py" and path not in self._contents:
                    self._others.add(path)
            self._burst.note(time.monotonic())
            self._lock.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._over:
                    return
                now = time.monotonic()
                changed: set[Path] = set()
                if self._burst.due(now):
                    changed = self._contents.changed(now)
                    changed |= {path for path in self._others if path.is_file()}
                    self._others.clear()
                    if self._contents.missing:
                        self._burst.note(now)
                if not changed:
                    self._lock.wait(self._burst.left(time.monotonic()))
                    continue
            self._tell(changed)
