"""What is published of two small chapters, each file read by somebody else's reader."""

import json
import re
import shutil
from contextlib import chdir
from itertools import pairwise

import av
import numpy as np
import pytest
import srt
from click.testing import CliRunner
from markdown_it import MarkdownIt
from PIL import Image

from backprop_film import contents
from backprop_film.cli import cli
from backprop_film.commands.publish import publish_command
from backprop_film.playback import Job, survey
from backprop_film.publishing.formats import FORMATS
from tests.backprop_film.publishing.test_description import read

FPS = 15


@pytest.fixture(scope="session")
def lines(chapters):
    """The chapters' timelines."""
    with chdir(chapters.parent), pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "FOLDER", chapters)
        return [survey(Job(entry, quality="l")) for entry in contents.entries()]


def beats(lines):
    """Every beat with the film's frame at which its chapter begins."""
    starts = np.cumsum([0, *(line.frames for line in lines)])
    return [(int(start), beat) for start, line in zip(starts, lines, strict=False) for beat in line.beats]


def decoded(path, number):
    with av.open(str(path)) as container:
        frame = next(frame for n, frame in enumerate(container.decode(video=0)) if n == number)
        return frame.to_ndarray(format="rgb24", src_colorspace="ITU709").astype(float)


def psnr(one, other):
    return 10 * np.log10(255**2 / np.square(one - other).mean())


def test_the_manifest_lists_all_that_is_there(published, lines):
    manifest = published.manifest
    files = {file["path"]: file for file in manifest["files"]}
    there = {str(p.relative_to(published.folder)): p for p in published.folder.rglob("*") if p.is_file()}
    assert set(there) == {*files, "manifest.json"}
    assert all(there[name].stat().st_size == file["bytes"] for name, file in files.items())
    assert {name for name, file in files.items() if file["kind"] != "still"} == {
        "film.mp4", "description.md", "transcript.md", "captions.srt", "captions.vtt", "poster.png", "thumbnail.jpg",
        "film.ledger.json",
    }  # fmt: skip
    assert manifest["title"] == "Small things"
    assert manifest["frames"] == sum(line.frames for line in lines) == FPS * manifest["seconds"]
    assert manifest["poster"] == {"chapter": "moving", "beat": "it-moves"}
    written = {key: value for key, value in manifest.items() if key != "folder"}
    written |= {"program": "backprop publish", "complete": True}
    assert json.loads(there["manifest.json"].read_text()) == written


def test_the_description_lists_the_chapters_of_the_film(published, lines):
    text = (published.folder / "description.md").read_text()
    assert text.startswith("# Small things\n")
    assert read(text) == [(0, "Things that move"), (lines[0].frames // FPS, "Sounding")]
    with av.open(str(published.folder / "film.mp4")) as film:
        marks = {
            mark["metadata"]["title"].split(" –")[0]: mark["start"] * mark["time_base"] for mark in film.chapters()
        }
    assert int(marks["2. Sounding"]) == lines[0].frames // FPS
    (line,) = [line for line in published.said.splitlines() if line.startswith("backprop: ")]
    assert line.endswith("description.md: found 2 in the list, expected at least 3")


def test_the_captions_are_those_of_the_film(published, lines):
    expected = [(cue.text, start + cue.start, start + cue.end) for start, beat in beats(lines) for cue in beat.cues]
    for name, text in (("srt", "captions.srt"), ("vtt", "captions.vtt")):
        content = (published.folder / text).read_text()
        if name == "vtt":
            content = re.sub(r"^WEBVTT\n+", "", content)
        found = [(c.content, c.start.total_seconds() * FPS, c.end.total_seconds() * FPS) for c in srt.parse(content)]
        assert [(text, int(start), int(end)) for text, start, end in found] == expected


def test_the_transcript_has_the_words_and_a_picture_of_each_beat(published, lines):
    tokens = MarkdownIt().parse((published.folder / "transcript.md").read_text())
    headings = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    assert headings == ["Small things", "1. Things that move", "2. Sounding"]
    paragraphs = [after for token, after in pairwise(tokens) if token.type == "paragraph_open"]
    pictures, words = paragraphs[::2], paragraphs[1::2]
    for (start, beat), picture, text in zip(beats(lines), pictures, words, strict=True):
        (image,) = picture.children
        assert image.content.endswith(f": {beat.title}")
        found = np.asarray(Image.open(published.folder / image.attrs["src"]).convert("RGB"), float)
        # The film's captions stand below; the beat's last frame is shown.
        shown = decoded(published.folder / "film.mp4", start + beat.end - 1)
        assert psnr(found[:400], shown[:400]) > 30
        assert np.ptp(found[400:], axis=(0, 1)).max() == 0 < np.ptp(shown[400:], axis=(0, 1)).max() - 100
        assert text.content == f"**0:{(start + beat.start) // FPS:02d}** {beat.text}"


def test_the_poster_and_the_thumbnail_show_the_beat_that_was_named(published):
    poster = Image.open(published.folder / "poster.png")
    moved = Image.open(published.folder / "stills/moving/02-it-moves.png")
    assert poster.size == (854, 480)
    assert np.array_equal(np.asarray(poster), np.asarray(moved))
    thumbnail = Image.open(published.folder / "thumbnail.jpg")
    assert (thumbnail.size, thumbnail.format) == ((1280, 720), "JPEG")
    # It is drawn at its own size, as the poster is smaller.
    large = np.asarray(poster.convert("RGB").resize((1280, 720), Image.Resampling.LANCZOS), float)
    assert 22 < psnr(np.asarray(thumbnail, float), large) < 45


def test_published_again_it_is_brought_up_to_date(published, chapters, tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "FOLDER", chapters)
    monkeypatch.chdir(chapters.parent)  # where the chapter has been rendered
    folder = shutil.copytree(published.folder, tmp_path / "again")
    (folder / "notes.txt").write_text("mine")
    result = CliRunner().invoke(cli, ["publish", "moving", "-q", "l", "-j", "1", "--voice", "none", "-o", str(folder)])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{folder}  10 files\n"
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "stills/sounding").exists()
    assert (folder / "description.md").read_text().startswith("# Small things: Things that move\n")
    assert (folder / "film.mp4").stat().st_size < (published.folder / "film.mp4").stat().st_size


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--format", "gif"), "--format gif: found 3 chapters, expected one"),
        (("late", "--poster", "tiny"), "--poster tiny: found a chapter that is not in the film"),
        (("tiny", "--poster", "tiny:rings"), "unknown beat of tiny 'rings' (nearest: 'ring')"),
        (("tiny", "-o", "taken"), "taken/description.md: found a file that is not of an earlier publication"),
        (("tiny", "-o", "file/out"), "Not a directory: file/out"),
    ],
)
def test_what_cannot_be_published_is_told_before_anything_is_rendered(arguments, line, tiny, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/description.md").write_text("mine")
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(cli, ["publish", "-q", "l", "--voice", "none", *arguments])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"backprop: {line}")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "media/videos").exists()


def test_the_command_offers_all_formats():
    (option,) = [option for option in publish_command.params if option.name == "formats"]
    assert list(option.type.choices) == list(FORMATS)
