"""Pieces as FFmpeg's decoder shows them: every picture in its place, a repetition equal to what it repeats."""

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest
from manim._config.output import OutputFormat, OutputSpec
from manim._config.video_encoder import VideoEncoderSpec, resolve_video_encoder

from backprop_film.drawing import piece as pieces
from backprop_film.drawing.h264 import Stream
from backprop_film.drawing.piece import ENCODER, Piece
from backprop_film.drawing.planes import Converter, Planes, cut
from backprop_film.drawing.rectangles import Rectangle

WIDTH, HEIGHT, RATE = 160, 256, 4
WHOLE = Rectangle(0, 0, WIDTH, HEIGHT)
SPEC = VideoEncoderSpec("mp4", "libx264", "yuv420p", WIDTH, HEIGHT, Fraction(RATE), tuple(sorted(ENCODER.items())))
#: How often each picture is shown: repetitions within, longer than the 16 numbers of pictures, and a long one last.
SKIPPED, PLACED = Stream.skipped, Stream.placed
TIMES = [1, 3, 1, 1, 18, 1, 2, 1, 1, 1, 47]


def picture(number):
    pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    pixels[:, :, :3] = np.random.default_rng(1).integers(0, 40, (HEIGHT // 8, WIDTH // 8, 3)).repeat(8, 0).repeat(8, 1)
    pixels[104:136, 9 * number : 9 * number + 40, :3] = (200, 120, 20 * number)
    return pixels


@pytest.fixture(scope="module")
def drawn():
    """The pictures in the encoder's planes."""
    found = []
    for number in range(len(TIMES)):
        planes = Planes(WIDTH, HEIGHT)
        planes.take(Converter()(cut(picture(number), WHOLE)))
        found.append(planes.frame().to_ndarray())
    return found


def write(path):
    piece = Piece(target=path, spec=SPEC)
    for number, times in enumerate(TIMES):
        # A picture that changes in a part is given in parts; its first column lies on an even pixel.
        part = Rectangle(0, 96, WIDTH, 160) if number else WHOLE
        piece.write_frame([cut(picture(number), part)], repeat=times)
    piece.finish()
    return path


def decoded(path):
    with av.open(str(path)) as container:
        return [(frame.to_ndarray(), frame.key_frame) for frame in container.decode(video=0)]


def faulty(path):
    """Whether the decoder finds anything wrong; it hides such faults as well as it can."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1  # with more, it keeps them to itself
        try:
            return any(frame.is_corrupt for frame in container.decode(video=0))
        except av.error.FFmpegError:
            return True


@pytest.fixture(scope="module")
def piece(tmp_path_factory):
    return write(tmp_path_factory.mktemp("piece") / "piece.mp4")


def test_every_picture_is_where_it_was_written_and_repetitions_are_exact(piece, drawn):
    shown = [frame for frame, _ in decoded(piece)]
    assert len(shown) == sum(TIMES)
    at = 0
    for times, truth in zip(TIMES, drawn, strict=True):
        key = [index for index, (_, is_key) in enumerate(decoded(piece)) if is_key and at < index < at + times]
        for index in range(at, at + times):
            assert np.mean((shown[index].astype(float) - truth) ** 2) < 12  # better than 37 dB, in this hard picture
            if index > at and not (key and index >= key[0]):
                assert np.array_equal(shown[index], shown[at])
        if key:  # encoded again on its own, after which it is the same to the end
            assert all(np.array_equal(shown[index], shown[key[0]]) for index in range(key[0], at + times))
        at += times


def test_it_can_be_entered_every_five_seconds(piece):
    keys = [index for index, (_, is_key) in enumerate(decoded(piece)) if is_key]
    assert keys[0] == 0
    assert np.diff([*keys, sum(TIMES)]).max() <= 5 * RATE
    shown = [frame for frame, _ in decoded(piece)]
    with av.open(str(piece)) as container:
        stream = container.streams.video[0]
        for key in keys:
            container.seek(int(key / RATE / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                assert np.array_equal(frame.to_ndarray(), shown[round(frame.pts * stream.time_base * RATE)])


def test_its_pictures_are_stored_as_they_are_shown_one_after_the_other(piece):
    with av.open(str(piece)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.dts is not None]
        assert [packet.pts * stream.time_base * RATE for packet in packets] == list(range(sum(TIMES)))
        assert [packet.dts for packet in packets] == [packet.pts for packet in packets]
        repetitions = [packet.size for packet in packets if packet.size < 60]
    assert len(repetitions) >= sum(TIMES) - len(TIMES) - len(TIMES)


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("placed", lambda self, packet, number, first: PLACED(self, packet, number + 3, first)),
        ("placed", lambda self, packet, number, first: PLACED(self, packet, number, first + 10)),
        ("skipped", lambda self, number, first, count: SKIPPED(self, number, first, count - 7)),
        ("skipped", lambda self, number, first, count: SKIPPED(replace(self, number_bits=5), number, first, count)),
    ],
)
def test_these_tests_see_a_stream_that_is_wrong(tmp_path, monkeypatch, drawn, method, wrong):
    monkeypatch.setattr(Stream, method, wrong)
    path = write(tmp_path / "wrong.mp4")
    wanted = [truth for times, truth in zip(TIMES, drawn, strict=True) for _ in range(times)]
    assert faulty(path) or any(
        np.mean((frame.astype(float) - truth) ** 2) >= 12
        for (frame, _), truth in zip(decoded(path), wanted, strict=True)
    )


def test_the_decoder_finds_nothing_wrong(piece):
    assert not faulty(piece)


def slices(path):
    """The sizes of the slices of each picture."""
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(container.streams.video[0]) if packet.dts is not None]
    found = []
    for packet in packets:
        sizes = []
        while packet:  # each unit after its size
            size = int.from_bytes(packet[:4], "big")
            sizes.append(size)
            packet = packet[4 + size :]
        found.append(sizes)
    return found


def test_x264_is_given_the_rows_that_change_and_those_that_a_motion_reaches(piece, drawn):
    """Rows 96 to 160, 35 more on each side, in whole macroblocks: 48 to 208. The others are encoded once."""
    found = slices(piece)
    assert {len(sizes) for sizes in found} == {3}
    keys = [index for index, (_, is_key) in enumerate(decoded(piece)) if is_key]
    assert all(max(sizes[0], sizes[2]) < 20 for index, sizes in enumerate(found) if index not in keys)
    shown = [frame for frame, _ in decoded(piece)]
    for rows in (slice(0, 48), slice(208, 256)):
        assert all(np.array_equal(frame[rows], shown[0][rows]) for frame in shown)


@pytest.mark.parametrize(("reach", "right"), [(pieces._REACH, True), (0, False)])
def test_what_moves_in_from_beyond_is_not_taken_for_what_is_at_the_edge(tmp_path, monkeypatch, reach, right):
    """A pattern under a dark line moves down, four rows a picture; above it, all is light and stands still."""
    monkeypatch.setattr(pieces, "_REACH", reach)
    pattern = np.random.default_rng(2).integers(60, 200, (64, WIDTH // 4, 1)).repeat(4, 1)
    piece, planes, drawn = Piece(target=tmp_path / "piece.mp4", spec=SPEC), Planes(WIDTH, HEIGHT), []
    for number in range(6):
        pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
        pixels[96 : 98 + 4 * number, :, :3] = 0
        pixels[98 + 4 * number : 160, :, :3] = pattern[: 62 - 4 * number]
        patch = cut(pixels, Rectangle(0, 96, WIDTH, 160) if number else WHOLE)
        planes.take(Converter()(patch))
        drawn.append(planes.frame().to_ndarray())
        piece.write_frame([patch])
    piece.finish()
    found = [frame.astype(float) for frame, _ in decoded(tmp_path / "piece.mp4")]
    errors = [np.mean((frame - truth) ** 2) for frame, truth in zip(found, drawn, strict=True)]
    assert (max(errors) < 12) == right


@pytest.mark.parametrize("held", [pieces._HELD, 0])
def test_what_changes_far_apart_is_in_parts_of_its_own(tmp_path, monkeypatch, held):
    """But for what is too much to wait until it is known where it changes."""
    monkeypatch.setattr(pieces, "_HELD", held)
    top, low = Rectangle(0, 0, WIDTH, 64), Rectangle(0, 192, WIDTH, 256)
    piece = Piece(target=tmp_path / "piece.mp4", spec=SPEC)
    for number, part in enumerate([WHOLE, top, low, top]):
        piece.write_frame([cut(picture(number), part)])
    piece.finish()
    assert {len(sizes) for sizes in slices(tmp_path / "piece.mp4")} == {3 if held else 1}
    assert not faulty(tmp_path / "piece.mp4")


def test_several_threads_which_made_other_bits_on_other_machines_are_refused(tmp_path):
    options = tuple(sorted({**ENCODER, "threads": "2"}.items()))
    piece = Piece(target=tmp_path / "piece.mp4", spec=replace(SPEC, options=options))
    piece.write_frame([cut(picture(0), WHOLE)])
    with pytest.raises(RuntimeError, match="found 2 slices in a picture, expected 1"):
        piece.finish()
    piece.abort()


def test_a_half_written_piece_has_not_its_name(tmp_path):
    piece = Piece(target=tmp_path / "piece.mp4", spec=SPEC)
    piece.write_frame([cut(picture(0), WHOLE)])
    assert not (tmp_path / "piece.mp4").exists()
    piece.abort()
    assert list(tmp_path.iterdir()) == []


def test_two_equal_plays_are_written_at_a_time(tmp_path):
    """Two pauses of a chapter have one key, and the second begins before the first is complete."""
    one, other = (Piece(target=tmp_path / "piece.mp4", spec=SPEC) for _ in range(2))
    for piece in (one, other):
        piece.write_frame([cut(picture(0), WHOLE)], repeat=2)
    one.finish()
    other.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["piece.mp4"]
    assert len(decoded(tmp_path / "piece.mp4")) == 2


def test_the_quality_asked_for_is_the_one_that_counts(tmp_path, monkeypatch):
    """As Manim resolves the options: a rate factor of its own would count before any ``qp``."""
    output, sizes = OutputSpec(OutputFormat.MP4, transparent=False, save_sections=False, fallback_to_still=False), []
    for qp in ("12", "23", "40"):
        options = {**ENCODER, "qp": qp}
        spec = resolve_video_encoder(output, width=WIDTH, height=HEIGHT, frame_rate=RATE, options=options)
        monkeypatch.setitem(globals(), "SPEC", spec)
        sizes.append(write(tmp_path / f"{qp}.mp4").stat().st_size)
    assert sizes[0] > 1.1 * sizes[1] > 1.2 * sizes[2]
