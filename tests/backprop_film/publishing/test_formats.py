"""The film of two small chapters in other formats, read by other decoders: FFmpeg's own of VP9 and Opus, Pillow."""

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from backprop_film.errors import Problem
from backprop_film.publishing import formats
from backprop_film.publishing.formats import converted

FPS = 15


def pictures(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24", src_colorspace="ITU709") for frame in container.decode(video=0)]


def psnr(one, other):
    """Of every second pixel of every second row: what is drawn is wider than that."""
    apart = np.subtract(one[::2, ::2], other[::2, ::2], dtype=np.float32)
    return 10 * np.log10(255**2 / max(np.square(apart).mean(), 1e-3))


def test_a_webm_shows_and_sounds_like_the_film(published, tmp_path):
    film, told = published.folder / "film.mp4", []
    converted(film, tmp_path / "film.webm", told.append)
    drawn, found = pictures(film), pictures(tmp_path / "film.webm")
    assert len(found) == len(drawn) == told[-1]
    assert told == sorted(told)
    assert min(psnr(one, other) for one, other in zip(found, drawn, strict=True)) > 38
    with av.open(str(tmp_path / "film.webm")) as webm, av.open(str(film)) as source:
        (video,), (audio,) = webm.streams.video, webm.streams.audio
        assert (video.codec_context.name, audio.codec_context.name) == ("libvpx-vp9", "libopus") or (
            video.codec.canonical_name, audio.codec.canonical_name,
        ) == ("vp9", "opus")  # fmt: skip
        own, given = video.codec_context, source.streams.video[0].codec_context
        assert (own.colorspace, own.color_range, own.width) == (given.colorspace, given.color_range, given.width)
        assert [m["metadata"]["title"] for m in webm.chapters()] == [m["metadata"]["title"] for m in source.chapters()]
        assert abs(webm.duration / av.time_base - len(drawn) / FPS) < 0.03

        def loudness(container):
            samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)[0]
            whole = samples[: samples.size // 2400 * 2400].reshape(-1, 2400)
            return np.sqrt(np.square(whole).mean(axis=1))[: len(drawn) * 48000 // FPS // 2400]

        ours, theirs = loudness(webm), loudness(source)
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() < 0.05 < theirs.max()


def test_a_gif_shows_the_film_in_its_time(published, tmp_path):
    film = published.folder / "film.mp4"
    converted(film, tmp_path / "film.gif", lambda frames: None)
    drawn = pictures(film)
    with Image.open(tmp_path / "film.gif") as gif:
        assert (gif.size, gif.info["loop"]) == ((854, 480), 0)
        found, ends, clock = [], [], 0
        for frame in ImageSequence.Iterator(gif):
            found.append(np.asarray(frame.convert("RGB")))
            clock += frame.info["duration"]
            ends.append(clock)
    assert abs(clock - 1000 * len(drawn) / FPS) <= 20
    assert len(found) < len(drawn)  # what stands still is not shown again
    for number, picture in enumerate(drawn):
        at = next(index for index, end in enumerate(ends) if (number + 0.5) * 1000 / FPS < end)
        assert psnr(found[at], picture) > 34, number


def test_nothing_is_left_of_what_fades_out():
    def picture(level):
        levels = np.full((4, 6, 4), 20, np.uint8)
        levels[1:3, 2:4, :3] = level
        return levels

    faded = [picture(level) for level in (200, 60, 27, 20, 20, 21, 20)]
    shown = dict(formats._steady(iter(enumerate(faded))))
    assert list(shown) == [0, 1, 2, 3, 6]  # and what an encoder makes of a still picture is no change
    assert np.array_equal(shown[2], faded[2])
    assert np.array_equal(shown[3], faded[3])


def test_a_gif_is_as_small_as_it_must_be_or_is_none(published, tmp_path, monkeypatch):
    film, path = published.folder / "film.mp4", tmp_path / "film.gif"
    monkeypatch.setattr(formats, "_GIF_SIZES", ((60, 15), (60, 3)))
    converted(film, path, lambda frames: None)
    monkeypatch.setattr(formats, "GIF_BYTES", path.stat().st_size - 1)
    converted(film, path, lambda frames: None)
    assert path.stat().st_size <= formats.GIF_BYTES
    whole = path.read_bytes()
    monkeypatch.setattr(formats, "GIF_BYTES", 1000)
    with pytest.raises(Problem, match=r"film\.mp4: found a film whose smallest GIF is larger than 0 MB"):
        converted(film, path, lambda frames: None)
    assert path.read_bytes() == whole
    assert [file.name for file in tmp_path.iterdir()] == ["film.gif"]
