"""The way from chapters to a film, with two real chapters at the lowest quality."""

import os
import shutil
from contextlib import chdir
from inspect import getfile
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from manim import BLACK, ManimColor, tempconfig

from backprop_film import assemble as assembling
from backprop_film import captions, mp4, produce, render
from backprop_film.assemble import Mark, assemble, marks
from backprop_film.errors import Problem
from backprop_film.manim_settings import settings
from backprop_film.playback import capture
from backprop_film.timeline import BeatSpan, CueSpan, Timeline
from tests.backprop_film.conftest import job, rendered
from tests.backprop_film.tiny import COLOURS, Moving

FPS = 15


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a film of two chapters, and the chapters' videos."""
    folder = tmp_path_factory.mktemp("film")
    with chdir(folder), tempconfig({"background_color": BLACK}):  # as within a test
        jobs = [job("Moving"), job("Late", 2)]
        film = produce.produce(jobs, Path("film.mp4"), "burned", 1)
        parts = [rendered(one) for one in jobs]
    return folder, film, parts


def frames(path):
    """All decoded frames, and the time of each in frames."""
    with av.open(str(path)) as container:
        decoded = list(container.decode(video=0))
        base = container.streams.video[0].time_base
        return [frame.to_ndarray() for frame in decoded], [frame.pts * base * FPS for frame in decoded]


def subtitles(path):
    """The text track's samples: start and length in frames, and text; without those that last no time."""
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        unit = stream.time_base * FPS
        packets = [(p.pts * unit, p.duration * unit, bytes(p)) for p in container.demux(stream) if p.pts is not None]
    return [(start, length, sample[2:].decode()) for start, length, sample in packets if length]


def switched_on(path):
    with av.open(str(path)) as container:
        return bool(container.streams.subtitles[0].disposition & av.stream.Disposition.default)


def chapters(path):
    with av.open(str(path)) as container:
        return [
            (c["start"] * c["time_base"], c["end"] * c["time_base"], c["metadata"]["title"])
            for c in container.chapters()
        ]


def boxes(path):
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return names


def test_joined_frames_are_the_chapters_frames(made):
    folder, _, parts = made
    joined, times = frames(folder / "film.mp4")
    separate = [frame for part in parts for piece in part.pieces for frame in frames(piece)[0]]
    assert times == list(range(len(joined)))
    assert len(joined) == len(separate) == sum(part.timeline.frames for part in parts)
    assert all(np.array_equal(one, other) for one, other in zip(joined, separate, strict=True))


def test_the_film_tells_its_title_and_can_be_played_while_it_loads(made):
    folder, film, parts = made
    names = boxes(folder / "film.mp4")
    assert names.index(b"moov") < names.index(b"mdat")
    with av.open(str(folder / "film.mp4")) as container:
        assert container.metadata["title"] == "Things that move, What comes later"
        assert float(container.duration / 1e6) == pytest.approx(film.seconds, abs=1 / FPS)
    assert [part.timeline for part in film.parts] == [part.timeline for part in parts]


def test_a_mark_for_each_chapter_and_beat_right_to_the_frame(made):
    folder, _, parts = made
    moving, late = (part.timeline for part in parts)
    expected = [
        (0, "1. Things that move – Ring"),
        (moving.beats[1].start, "1.2 It moves"),
        (moving.frames, "2. What comes later"),
        (moving.frames + late.beats[0].start, "2.1 Bounds"),
    ]
    found = chapters(folder / "film.mp4")
    assert [title for *_, title in found] == [title for _, title in expected]
    for (start, _, _), (frame, _) in zip(found, expected, strict=True):
        assert frame <= start * FPS < frame + 1  # the mark's moment shows that frame
    ends = [end for _, end, _ in found]
    assert ends[:-1] == [start for start, _, _ in found[1:]]


def test_captions_as_a_track_to_the_frame(made):
    folder, _, parts = made
    cues = captions.film_cues(part.timeline for part in parts)
    assert [cue.text for cue in cues] == ["A ring.", "It is round.", "It moves.", "It is < 1 & > 0."]
    said = [(start, length, text) for start, length, text in subtitles(folder / "film.mp4") if text]
    assert said == [(cue.start, cue.end - cue.start, cue.text) for cue in cues]
    assert not switched_on(folder / "film.mp4")  # they are in the picture already


def test_captions_as_files(made):
    folder, _, parts = made
    first = parts[0].timeline.beats[0].cues[0]
    assert first.start == 0
    end = -(-first.end * 1000 // FPS)
    srt, vtt = ((folder / "captions/film/captions").with_suffix(suffix).read_text() for suffix in (".srt", ".vtt"))
    assert srt.startswith(f"1\n00:00:00,000 --> 00:00:{end // 1000:02d},{end % 1000:03d}\nA ring.\n")
    assert "It is < 1 & > 0." in srt
    assert vtt.startswith(f"WEBVTT\n\n00:00:00.000 --> 00:00:{end // 1000:02d}.{end % 1000:03d}\nA ring.\n\n")
    assert "It is &lt; 1 &amp; &gt; 0." in vtt


def test_captions_in_the_picture_change_at_their_frames(made):
    folder, _, parts = made
    cues = captions.film_cues(part.timeline for part in parts)
    with av.open(str(folder / "film.mp4")) as container:
        zones = [frame.to_ndarray(format="gray")[-50:].astype(int) for frame in container.decode(video=0)]
    changes = [np.abs(b - a).mean() for a, b in pairwise(zones)]
    expected = {edge for cue in cues for edge in (cue.start, cue.end) if 0 < edge < len(zones)}
    assert cues[0].end in expected  # in the middle of a play
    assert {frame + 1 for frame, change in enumerate(changes) if change > 0.5} == expected


def test_soft_captions_are_on_and_without_captions_there_is_no_track(made, tmp_path):
    _, _, parts = made
    assemble(parts, tmp_path / "soft.mp4", "Soft", track=True, shown=True)
    assert switched_on(tmp_path / "soft.mp4")
    assert next(text for *_, text in subtitles(tmp_path / "soft.mp4") if text) == "A ring."
    assemble(parts, tmp_path / "off.mp4", "Off", track=False)
    with av.open(str(tmp_path / "off.mp4")) as container:
        assert not container.streams.subtitles


def test_what_has_been_rendered_is_not_rendered_again(made):
    folder, _, parts = made
    segments = {path: path.stat().st_ino for path in folder.rglob("partial_movie_files/*/*.mp4")}
    assert len(segments) > 6
    with chdir(folder):
        again = [rendered(part.job) for part in parts]
    assert [part.timeline for part in again] == [part.timeline for part in parts]
    assert {path: path.stat().st_ino for path in folder.rglob("partial_movie_files/*/*.mp4")} == segments
    assert [part.pieces for part in again] == [part.pieces for part in parts]


def test_pieces_are_the_same_each_time_and_on_machines_with_any_number_of_processors():
    """Several threads made of the same pictures another video in most of the cases."""
    made = []
    for _ in range(4):
        made.append({piece.name: piece.read_bytes() for piece in rendered(job("Moving")).pieces})
        shutil.rmtree("media")
    assert made[1:] == made[:1] * 3


def test_manims_own_pieces_are_left_alone(tmp_path):
    """What ``manim -ql tiny.py Moving`` renders has other colours than the film, and lies beside the film's."""
    one = job("Moving")
    with settings(one.size, input_file=getfile(Moving), format="auto"):
        scene = Moving()
        scene.render()
        path = Path(scene.renderer.file_writer.movie_file_path)
    assert path == tmp_path / "media/videos/tiny/480p15/Moving.mp4"
    before = {file: file.stat().st_mtime_ns for file in path.parent.rglob("*.mp4")}
    assert len(before) >= 6
    pieces = rendered(one).pieces
    assert {piece.parent for piece in pieces} == {path.parent / "partial_movie_files/Moving"}
    assert not set(pieces) & set(before)
    assert {file: file.stat().st_mtime_ns for file in before} == before


def tags(container):
    """What a decoder knows of the colours once it has decoded something."""
    context = container.streams.video[0].codec_context
    return context.colorspace, context.color_primaries, context.color_trc, context.color_range


#: What players do with the tags of BT.709, limited range: Y′CbCr to R′G′B′ (ITU-R BT.709-6, 3.2 to 3.5).
def by_the_tags(path):
    with av.open(path) as container:
        frame = next(container.decode(video=0))
        assert tags(container) == (1, 1, 1, 1)  # 1 is BT.709 for each of the first three, and the limited range
    planes = [
        np.frombuffer(p, np.uint8).reshape(p.height, p.line_size)[:, : p.width].astype(float) for p in frame.planes
    ]
    luma = (planes[0] - 16) / 219
    blue, red = (
        np.kron((plane - 128) / 224, np.ones((2, 2)))[: luma.shape[0], : luma.shape[1]] for plane in planes[1:]
    )
    r, b = luma + 2 * (1 - 0.2126) * red, luma + 2 * (1 - 0.0722) * blue
    return 255 * np.stack([r, (luma - 0.2126 * r - 0.0722 * b) / 0.7152, b], axis=-1)


def test_colours_are_those_of_the_palette_when_a_frame_is_read_by_its_tags():
    produce.produce([job("Colours")], Path("film.mp4"), "off", 1)
    shown = by_the_tags("film.mp4")
    expected = np.asarray(capture(job("Colours"), [0])[0], float)
    # Where a colour is plain: away from edges, which the encoder and the halved chroma blur.
    middles = [(240, round(854 * (place + 0.5) / len(COLOURS))) for place in range(len(COLOURS))]
    for (y, x), colour in zip(middles, COLOURS, strict=True):
        assert tuple(expected[y, x]) == tuple(ManimColor(colour).to_int_rgb())
        assert abs(shown[y - 4 : y + 4, x - 4 : x + 4] - expected[y, x]).max() <= 2, colour


def test_the_file_says_the_same_of_its_colours_as_the_stream():
    """Players read either: the colr box of the file, or the parameters in the H.264 stream."""
    produce.produce([job("Colours")], Path("film.mp4"), "off", 1)
    data = Path("film.mp4").read_bytes()
    at = data.index(b"colr")
    assert data[at + 4 : at + 15] == b"nclx" + bytes(
        [0, 1, 0, 1, 0, 1, 0]
    )  # primaries, transfer, matrix; no full range
    stripped = bytearray(data)
    stripped[at : at + 4] = b"free"
    Path("stripped.mp4").write_bytes(stripped)
    with av.open("stripped.mp4") as container:
        next(container.decode(video=0))
        assert tags(container) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "name",
    [
        "take:1.mp4", "http:a.mp4", "a b\t'\"%03d#?*|.mp4", "two\nlines.mp4", "{x}.mp4", "-o.mp4", "ünï.mp4",
        os.fsdecode(b"caf\xe9.mp4"), "x" * 251 + ".mp4", "take:1/film.mp4", "FILM.MP4",
    ],
)  # fmt: skip
def test_whatever_the_file_system_takes_as_a_name_works(made, name):
    _, _, parts = made
    try:
        assemble(parts, Path(name), "Title", track=True)
    except OSError as error:  # another system's rules: said by the system itself
        pytest.skip(str(error))
    with Path(name).open("rb") as file, av.open(file) as container:
        assert container.streams.video[0].frames == sum(part.timeline.frames for part in parts)


def test_braces_in_an_examples_name_and_in_the_folders_are_letters():
    folder = Path("{x}'s folder")
    folder.mkdir()
    with chdir(folder):
        Path("{media_dir}{x}.toml").write_text(
            "layers = [1, 1]\ninput = [0.5]\ntarget = [1.0]\nweights = [[[0.5]]]\nbiases = [[0.1]]\n"
        )
        one = job("Late", 2, example="{media_dir}{x}.toml")
        path = produce.default_path([one], Path("media"), "burned", False, one.example)
        produce.produce([one], path, "burned", 1)
        assert path.name == "tiny-{media_dir}{x}-480p15.mp4"
        assert path.exists()


def test_captions_that_cannot_be_written_are_told_before_anything_is_rendered():
    Path("film.vtt").mkdir()
    with pytest.raises(Problem, match=r"^Is a directory: film.vtt$"):
        produce.produce([job("Late")], Path("film.mp4"), "soft", 1)
    assert not Path("media").exists()


def test_a_film_appears_whole_or_not_at_all(made, tmp_path, monkeypatch):
    _, _, parts = made
    film = tmp_path / "film.mp4"
    film.write_bytes(b"the film before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assembling.mp4, "disable_text_tracks", full)
    with pytest.raises(OSError, match="No space left on device") as error:
        assemble(parts, film, "Title", track=True)
    assert error.value.filename == str(film)
    assert film.read_bytes() == b"the film before"
    assert list(tmp_path.iterdir()) == [film]


def test_a_video_of_another_length_is_not_joined(made, tmp_path):
    _, _, parts = made
    wrong = render.Rendered(parts[0].job, parts[1].timeline, parts[0].pieces)
    with pytest.raises(Problem, match=r"chapter tiny: found \d+ frames, expected the \d+ played"):
        assemble([wrong], tmp_path / "film.mp4", "Title", track=False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_before_the_film_is_written(monkeypatch):
    usage = shutil.disk_usage(".")._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(Problem, match=r"no space left on device: film\.mp4 needs 0\.\d MB"):
        produce.produce([job("Late")], Path("film.mp4"), "off", 1)
    assert [path.name for path in Path().iterdir()] == ["media"]


def test_an_interrupted_segment_is_not_taken_for_a_finished_one():
    with pytest.raises(Problem, match="chapter tiny: RuntimeError: gave up"):
        rendered(job("Interrupted"))
    segments = list(Path("media").rglob("partial_movie_files/*/*"))
    assert [path for path in segments if path.name.startswith(".")] == []
    assert len([path for path in segments if path.suffix == ".mp4"]) == 1  # that of the play before


def test_one_chapters_failure_leaves_the_others_work(monkeypatch):
    monkeypatch.setattr(produce, "timed", lambda keeper: Timeline("tiny", "T", FPS, 9))  # the fault shows later
    jobs = [job("Broken", 1), job("Late", 2)]
    heard = []
    with pytest.raises(Problem, match="chapter tiny: AttributeError") as error:
        produce.produce(jobs, Path("film.mp4"), "off", 1, heard.append)
    assert "\n" not in str(error.value)
    told = [event.event for event in heard]
    assert [word for word in dict.fromkeys(told) if word != "progress"] == ["begin", "failed", "done"]
    assert told[-1] == "failed"  # the film, whose other chapter is kept
    assert produce.produce(jobs[1:], Path("film.mp4"), "off", 1).reused == 1


def test_what_films_have_in_common_is_rendered_once():
    orders = [
        produce.Order((job("Colours", example=example), job("Late", 2)), Path(f"{example}.mp4"), "off")
        for example in ("simplest", "overshoot")
    ]
    heard = []
    films = produce.produce_each(orders, 1, heard.append)
    assert [film.path for film in films] == [order.output for order in orders]
    assert [event.event for event in heard if event.event != "progress"] == ["begin", *["done"] * 3, *["joined"] * 2]
    assert films[0].parts[0].pieces != films[1].parts[0].pieces
    assert films[0].parts[1].pieces == films[1].parts[1].pieces


def test_a_film_of_the_same_chapters_is_left_as_it_is_and_made_again_if_it_was_touched():
    one = produce.produce([job("Colours")], Path("film.mp4"), "burned", 1)
    content, written = one.path.read_bytes(), one.path.stat().st_mtime_ns
    Path("captions/film/captions.srt").unlink()
    assert produce.produce([job("Colours")], Path("film.mp4"), "burned", 1).reused == 1
    assert one.path.stat().st_mtime_ns == written
    assert Path("captions/film/captions.srt").exists()
    one.path.write_bytes(content[:-10])
    produce.produce([job("Colours")], Path("film.mp4"), "burned", 1)
    assert one.path.read_bytes() == content
    produce.produce([job("Colours")], Path("film.mp4"), "soft", 1)  # in another way
    assert switched_on("film.mp4")


def test_another_example_does_not_take_the_place_of_the_film():
    base = job("Late", 2)
    names = {
        produce.default_path([one], Path("media"), how, whole, one.example).name
        for one in (base, job("Late", 2, example="some/where/mine.toml"))
        for how in ("burned", "soft", "off")
        for whole in (True, False)
    }
    assert len(names) == 12
    assert "backpropagation-480p15.mp4" in names
    assert "tiny-mine-soft-captions-480p15.mp4" in names


def test_marks_of_chapters_with_and_without_beats():
    def part(number, line):
        return render.Rendered(job("Moving", number), line, ())

    early = Timeline("a", "A", 15, 90, (BeatSpan("one-two", "", 10, 40), BeatSpan("three", "", 40, 90)))
    late = Timeline("b", "B", 15, 60, (BeatSpan("four", "", 20, 60),))
    assert marks([part(1, early), part(3, late), part(4, Timeline("c", "C", 15, 30))]) == [
        Mark("1. A – One two", 0, 40),
        Mark("1.2 Three", 40, 90),
        Mark("3. B", 90, 110),
        Mark("3.1 Four", 110, 150),
        Mark("4. C", 150, 180),
    ]


def test_a_text_track_has_no_gaps():
    cues = [CueSpan("a", 3, 5), CueSpan("é", 5, 9)]
    assert list(captions.samples(cues, 12)) == [
        (0, 3, b"\x00\x00"),
        (3, 2, b"\x00\x01a"),
        (5, 4, b"\x00\x02\xc3\xa9"),
        (9, 3, b"\x00\x00"),
    ]
    assert list(captions.samples([], 4)) == [(0, 4, b"\x00\x00")]


def test_times_of_captions_are_the_first_millisecond_of_their_frames():
    text = captions.to_vtt([CueSpan("a", 1, 3600 * 60 + 1)], 60)
    assert "00:00:00.017 --> 01:00:00.017" in text


def test_large_boxes_are_walked_over(tmp_path):
    def box(kind, content=b"", large=False):
        size = len(content) + (16 if large else 8)
        return (
            b"\x00\x00\x00\x01" + kind + size.to_bytes(8, "big") if large else size.to_bytes(4, "big") + kind
        ) + content

    def track(handler):
        return box(
            b"trak", box(b"tkhd", b"\x00\x00\x00\x03" + bytes(8)) + box(b"mdia", box(b"hdlr", bytes(8) + handler))
        )

    path = tmp_path / "x.mp4"
    path.write_bytes(box(b"mdat", bytes(40), large=True) + box(b"moov", track(b"vide") + track(b"sbtl")))
    mp4.disable_text_tracks(path)
    data = path.read_bytes()
    first, second = (data.index(b"tkhd", at) for at in (0, data.index(b"vide")))
    assert data[first + 7] == 3
    assert data[second + 7] == 2
