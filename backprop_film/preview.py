"""Look at a chapter: one still of a moment, or a sheet of many."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PIL import Image, ImageDraw, ImageFont

from . import workers
from .errors import Problem
from .kept import Keeper
from .kept_pictures import KeptPictures, shown
from .kit.theme import theme
from .kit.typefaces import FONTS
from .playback import Job, capture, chapter_class, closed, dressed, survey
from .timeline import BeatSpan, Timeline, clock
from .work import pictured, reading, timed

__all__ = ["Tile", "beat_tiles", "frame_at", "sheet", "shrunk", "span_tiles", "still", "tiled"]

MOMENTS = ("end", "middle")


def frame_at(timeline: Timeline, beat: BeatSpan | None, at: str) -> int:
    """The frame shown ``at`` the ``end``, the ``middle`` or so many seconds from the start of a beat or chapter."""
    start, end = (beat.start, beat.end) if beat else (0, timeline.frames)
    if at == "end":
        return max(start, end - 1)
    if at == "middle":
        return (start + end) // 2
    try:
        seconds = float(at)
    except ValueError:
        raise Problem(f"--at {at!r}: expected end, middle or a number of seconds") from None
    frame = start + int(seconds * timeline.fps + 1e-6)
    if not start <= frame < end:
        what = f"beat {beat.key}" if beat else f"chapter {timeline.chapter}"
        raise Problem(f"--at {at}: {what} lasts {(end - start) / timeline.fps:.1f} seconds")
    return frame


def still(job: Job, beat: str | None = None, at: str = "end", keeper: Keeper | None = None) -> Image.Image:
    """The picture at one moment of a chapter, just as the film shows it; one that was drawn before is kept.

    The job's ``keeper`` is made, unless whoever asks has it.
    """
    keeper, what = keeper or Keeper.of(job), shown(beat, at)
    pictures = KeptPictures(keeper)
    if (found := pictures.found(what)) is None:
        with reading(keeper) as read:
            found = _drawn(keeper, beat, at)
        pictures.keep({what: found}, read)
    return found


def _drawn(keeper: Keeper, beat: str | None, at: str) -> Image.Image:
    job = keeper.job
    if beat is None and at not in MOMENTS:
        # Seconds of the chapter need no table of beats: one pass is enough.
        wanted = frame_at(Timeline(job.entry.name, "", job.size.fps, 10**9), None, at)
        pictures = capture(job, [wanted])
        return pictures[wanted] if pictures else _too_late(job, at)
    kept = keeper.found()
    if kept is None and beat is not None and at == "end" and chapter_class(job.entry):
        timeline, ends = closed(job, until=beat)
        return ends[timeline.beat(beat).key]
    timeline = kept.timeline if kept else survey(job, until=beat)
    frame = frame_at(timeline, None if beat is None else timeline.beat(beat), at)
    return capture(job, [frame])[frame]


def _too_late(job: Job, at: str) -> Image.Image:
    timeline = survey(job)
    frame_at(timeline, None, at)
    raise Problem(f"chapter {job.entry.name} draws nothing at {at} seconds")


@dataclass(frozen=True)
class Tile:
    """A small picture with a line that names it and a text below."""

    heading: str
    text: str
    picture: Image.Image


def beat_tiles(job: Job, moments: Sequence[str] = ("end",), width: int = 640) -> list[Tile]:
    """A tile for each of a chapter's beats at each of the moments.

    What is not kept is drawn, in one pass that draws nothing else if the beats' ends are enough or the chapter's
    timeline is kept, else in a second one.
    """
    keeper = Keeper.of(job)
    if tiles := _kept_tiles(keeper, moments, width):
        return tiles
    timeline, ends = pictured(keeper) if tuple(moments) == ("end",) else (timed(keeper), {})
    kept, places = KeptPictures(keeper), _places(timeline, moments)
    pictures = {what: ends[beat.key] for what, (beat, _) in places.items() if beat.key in ends}
    pictures |= {what: found for what in places if what not in pictures and (found := kept.found(what))}
    frames = {what: frame_at(timeline, *place) for what, place in places.items() if what not in pictures}
    if frames:
        with reading(keeper) as read:
            drawn = capture(job, frames.values())
        new = {what: drawn[frame] for what, frame in frames.items()}
        kept.keep(new, read)
        pictures |= new
    small = {what: shrunk(pictures[what], width) for what in places}
    kept.keep_beside({_small(what, width): (picture, what) for what, picture in small.items()})
    return _tiles(timeline, places, small)


def _kept_tiles(keeper: Keeper, moments: Sequence[str], width: int) -> list[Tile] | None:
    """The tiles as they were made before, if all are kept."""
    if (found := keeper.found()) is None:
        return None
    kept, places = KeptPictures(keeper), _places(found.timeline, moments)
    small = {what: picture for what in places if (picture := kept.found(_small(what, width)))}
    return _tiles(found.timeline, places, small) if len(small) == len(places) else None


def _places(timeline: Timeline, moments: Sequence[str]) -> dict[str, tuple[BeatSpan, str]]:
    return {shown(beat.key, at): (beat, at) for beat in timeline.beats for at in moments}


def _small(what: str, width: int) -> str:
    return f"{what} {width}"


def _tiles(
    timeline: Timeline, places: Mapping[str, tuple[BeatSpan, str]], pictures: Mapping[str, Image.Image]
) -> list[Tile]:
    return [
        Tile(
            f"{beat.key}   {clock(beat.start / timeline.fps)}–{clock(beat.end / timeline.fps)}   {at}",
            beat.text,
            pictures[what],
        )
        for what, (beat, at) in places.items()
    ]


def span_tiles(job: Job, beat: str, count: int, width: int = 640) -> list[Tile]:
    """``count`` moments spread evenly from a beat's first frame to its last."""
    timeline = survey(job, until=beat)
    span = timeline.beat(beat)
    last = span.end - 1 - span.start
    frames = sorted({span.start + round(last * i / max(1, count - 1)) for i in range(count)})
    pictures = capture(job, frames)
    return [
        Tile(f"{clock(frame / timeline.fps)}   frame {frame}", _cue_at(span, frame), shrunk(pictures[frame], width))
        for frame in frames
    ]


def _cue_at(beat: BeatSpan, frame: int) -> str:
    return next((cue.text for cue in beat.cues if cue.start <= frame < cue.end), "")


def shrunk(picture: Image.Image, width: int) -> Image.Image:
    """The picture at this width."""
    if picture.width == width:
        return picture
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def sheet(jobs: Sequence[Job], moments: Sequence[str], columns: int, width: int, count: int | None) -> Image.Image:
    """One picture of all beats of the chapters, with a band for each chapter."""
    kept = [_kept_tiles(Keeper.of(job), moments, width) for job in jobs]
    missing = [job for job, tiles in zip(jobs, kept, strict=True) if tiles is None]
    made = iter(workers.each(partial(beat_tiles, moments=tuple(moments), width=width), missing, workers=count))
    bands = []
    for job, tiles in zip(jobs, kept, strict=True):
        found = next(made) if tiles is None else tiles
        if isinstance(found, Problem):
            raise found
        bands.append((job.entry.heading, found))
    with dressed(jobs[0]):
        return tiled(bands, columns, width)


def tiled(bands: Sequence[tuple[str, Sequence[Tile]]], columns: int, width: int) -> Image.Image:
    """Bands of tiles, each under its title, ``columns`` tiles abreast."""
    size = max(12, width // 36)
    plain = ImageFont.truetype(FONTS / "Lato-Regular.ttf", size)
    bold = ImageFont.truetype(FONTS / "Lato-Bold.ttf", size)
    head = ImageFont.truetype(FONTS / "Lato-Bold.ttf", round(size * 1.6))
    gap, line, band_height = size, round(size * 1.35), size * 4
    wrapped = {id(tile): _wrapped(tile.text, plain, width) for _, tiles in bands for tile in tiles}

    rows: list[tuple[str, Sequence[Tile], int]] = []
    for title, tiles in bands:
        rows.append((title, (), band_height))
        for start in range(0, len(tiles), columns):
            row = tiles[start : start + columns]
            lines = max(len(wrapped[id(tile)]) for tile in row)
            picture = max(tile.picture.height for tile in row)
            rows.append(("", row, picture + (lines + 1) * line + 2 * gap))

    abreast = min(columns, max((len(tiles) for _, tiles in bands), default=1)) or 1
    canvas = Image.new("RGB", (gap + abreast * (width + gap), gap + sum(r[2] for r in rows)), theme.surface)
    draw = ImageDraw.Draw(canvas)
    y = gap
    for title, row, height in rows:
        if title:
            draw.text((gap, y + band_height // 3), title, theme.ink, head)
        for column, tile in enumerate(row):
            x = gap + column * (width + gap)
            canvas.paste(tile.picture, (x, y))
            below = y + tile.picture.height + gap // 3
            draw.text((x, below), tile.heading, theme.ink, bold)
            for number, words in enumerate(wrapped[id(tile)], 1):
                draw.text((x, below + number * line), words, theme.secondary, plain)
        y += height
    return canvas


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines no wider than a tile."""
    average = font.getlength("abcdefghijklmnopqrstuvwxyz ") / 27
    lines = textwrap.wrap(text, max(10, int(width / average)))
    while any(font.getlength(line) > width for line in lines):
        average *= 1.05
        lines = textwrap.wrap(text, max(10, int(width / average)))
    return lines
