"""Finished chapters, kept in the media folder: one video each, without sound, and what happens in it when.

Under ``media/chapters`` a chapter is kept by its `fingerprint`, so that what has not changed is not rendered again. Of
each chapter, at a quality, of an example, the last two are kept, and nothing that was not used for thirty days. The
video appears before the record that names its content: without a record, or with other content, it counts for nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import media, whole
from .fingerprint import files_of_theme, fingerprint, recordings_of, variant
from .loaded import files_of
from .records import plain, restored
from .sources import PROJECT, digest
from .timeline import Timeline

if TYPE_CHECKING:
    from .job import Job

__all__ = ["Keeper", "Kept", "Packed"]

_LAST = 2
_DAYS = 30
_A_DAY = 24 * 3600.0


@dataclass(frozen=True)
class Kept:
    """A chapter as it was: what happens in it, and its video, if it has been rendered and not only played."""

    timeline: Timeline
    video: Path | None = None


@dataclass(frozen=True)
class Packed:
    """A chapter on its way from one machine to another: its record, its video, and the clips that are heard in it."""

    record: bytes
    video: bytes
    heard: Mapping[str, bytes]


@dataclass(frozen=True)
class Keeper:
    """The chapters kept for a job; ``name`` is its `fingerprint`."""

    job: Job
    name: str

    @classmethod
    def of(cls, job: Job) -> Keeper:
        """For a job as all is now. `ExampleError` if its example cannot be read."""
        return cls(job, fingerprint(job))

    @property
    def pictures(self) -> Path:
        """The folder of its pictures."""
        return self._record.with_suffix("")

    @property
    def _folder(self) -> Path:
        return media() / "chapters" / self.job.entry.slug

    @property
    def _start(self) -> str:
        return f"{self.job.entry.class_name}-{self.job.size.name}-{variant(self.job)}-"

    @property
    def _record(self) -> Path:
        return self._folder / f"{self._start}{self.name}.json"

    def found(self) -> Kept | None:
        """What is kept, if it is whole, and if all files that the chapter read are as they were."""
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            line = _with_files(restored(Timeline, record["timeline"]), lambda path: self._place(str(path)))
            current = self.unchanged(record["read"])
            video, content = self._record.with_suffix(".mp4"), record["video"]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):  # none, or not as we write it
            return None
        if not current:
            return None
        line = replace(line, chapter=self.job.entry.name)
        if content is None:
            return Kept(line)
        if digest(video) != content:
            return None
        for path in (self._record, video):
            with suppress(OSError):
                os.utime(path)
        return Kept(line, video)

    def keep(self, line: Timeline, read: Iterable[Path], write: Callable[[Path], None] | None = None) -> Kept | None:
        """Keep a chapter that was played; if it was also rendered, ``write`` puts its video under the name given.

        ``read`` are the files that it read. ``None``, and nothing is kept, if something that the chapter depends on
        has changed since this was made.
        """
        if not self.is_current():
            return None
        heard = [one.file for one in line.sounds] + [one.file for one in line.speech if one.file]
        kept = _with_files(line, lambda path: Path(self._named(path)))
        record: dict[str, Any] = {"timeline": plain(kept), "read": self.contents(read, heard), "video": None}
        video = self._record.with_suffix(".mp4")
        if write is not None:
            with whole(video) as beside:
                write(beside)
                record["video"] = digest(beside)
        with whole(self._record) as beside, beside.open("w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)
        self.clear()
        return Kept(line, video if write else None)

    def is_current(self) -> bool:
        """Whether all that the name stands for is still as it was when this was made."""
        return self.name == fingerprint(self.job)

    def contents(self, read: Iterable[Path], heard: Iterable[Path] = ()) -> dict[str, str]:
        """The digests of the files that a chapter reads, but for those that its name covers, and of what is heard."""
        ours = media().resolve()  # what lies there was made from all this, but for what is heard
        job = self.job
        known = files_of(job.example) | files_of_theme(job.theme) | recordings_of(job)
        read = {path for path in read if not path.is_relative_to(ours)} - known
        return {self._named(path): digest(path) for path in sorted({*read, *heard})}

    def unchanged(self, contents: Mapping[str, str]) -> bool:
        """Whether these files are as they were when their `contents` were taken."""
        return all(digest(self._place(name)) == content for name, content in contents.items())

    def packed(self) -> Packed | None:
        """What is kept of a rendered chapter, to be sent to where another `Keeper` of the same name takes it in."""
        found = self.found()
        if found is None or found.video is None:
            return None
        ours = media().resolve()
        clips = {one.file for one in found.timeline.speech if one.file and one.file.is_relative_to(ours)}
        heard = {self._named(path): path.read_bytes() for path in sorted(clips)}
        return Packed(self._record.read_bytes(), found.video.read_bytes(), heard)

    def take_in(self, packed: Packed) -> Kept | None:
        """Keep what was rendered elsewhere. ``None`` if it was made of other files than lie here now."""
        for name, content in packed.heard.items():
            if not (path := self._place(name)).exists():
                _write(path, content)
        _write(self._record.with_suffix(".mp4"), packed.video)
        _write(self._record, packed.record)
        self.clear()
        return self.found()

    def expected(self) -> int | None:
        """About how many frames the chapter has: as many as it had when it was last kept."""
        for path in self._others():
            with suppress(OSError, ValueError, TypeError, KeyError):
                return restored(Timeline, json.loads(path.read_text(encoding="utf-8"))["timeline"]).frames
        return None

    # -- files ----------------------------------------------------------------------------------------

    def _others(self) -> list[Path]:
        """The records of the same chapter, quality, example and the rest, the newest first."""
        found = [path for path in self._folder.glob("*.json") if path.name.startswith(self._start)]
        return sorted(found, key=_age)

    def clear(self) -> None:
        """Remove what has been kept long enough."""
        folders = sorted((path for path in self._folder.glob(f"{self._start}*") if path.is_dir()), key=_age)
        for folder in folders[_LAST:] + [path for path in folders[:_LAST] if _age(path) > _DAYS * _A_DAY]:
            shutil.rmtree(folder, ignore_errors=True)
        old = self._others()[_LAST:]
        old += [path for path in self._folder.glob("*.json") if _age(path) > _DAYS * _A_DAY]
        # Videos whose record was never written, or is gone: but not one that another process is at.
        videos = [path for path in self._folder.glob("*.mp4") if not path.with_suffix(".json").exists()]
        old += [path for path in videos if _age(path) > _A_DAY]
        for path in dict.fromkeys(old):
            for file in (path, path.with_suffix(".mp4")):
                with suppress(OSError):
                    file.unlink(missing_ok=True)

    def _roots(self) -> Mapping[str, Path]:
        """The folders from which files are named, so that what is kept is found when they have been moved."""
        return {**PROJECT, "beside": self.job.entry.file.resolve().parent, "media": media().resolve()}

    def _named(self, path: Path) -> str:
        real = path.resolve()
        for name, folder in self._roots().items():
            if real.is_relative_to(folder):
                return f"{name}:{real.relative_to(folder).as_posix()}"
        return f":{real}"

    def _place(self, name: str) -> Path:
        root, _, rest = name.partition(":")
        return self._roots()[root] / rest if root else Path(rest)


def _with_files(line: Timeline, changed: Callable[[Path], Path]) -> Timeline:
    """A timeline whose files have other names."""
    return replace(
        line,
        sounds=tuple(replace(one, file=changed(one.file)) for one in line.sounds),
        speech=tuple(replace(one, file=one.file and changed(one.file)) for one in line.speech),
    )


def _write(path: Path, content: bytes) -> None:
    with whole(path) as beside:
        beside.write_bytes(content)


def _age(path: Path) -> float:
    """Seconds since it was last used; what is gone is older than anything."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
