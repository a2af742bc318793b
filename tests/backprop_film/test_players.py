"""The film in players: each shows the pictures that FFmpeg's decoder shows, those of our own bits among them."""

import base64
import io
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from backprop_film.produce import produce
from tests.backprop_film.chromium import chromium
from tests.backprop_film.conftest import job


@pytest.fixture
def film():
    """Several pieces, with pictures that stand, move, and stand again."""
    return produce([job("Moving"), job("Late", 2)], Path("film.mp4"), "burned", 1).path


def decoded(film, form):
    with av.open(str(film)) as container:
        return [frame.to_ndarray(format=form) for frame in container.decode(video=0)]


def test_openh264_decodes_the_same_pictures(film):
    """Cisco's decoder, which has nothing in common with FFmpeg's."""
    if not shutil.which("gst-launch-1.0") or subprocess.run(["gst-inspect-1.0", "--exists", "openh264dec"]).returncode:
        pytest.skip("no GStreamer with OpenH264 is installed")
    way = (
        f"filesrc location={film} ! qtdemux ! h264parse ! openh264dec ! videoconvert ! video/x-raw,format=I420 ! fdsink"
    )
    shown = subprocess.run(["gst-launch-1.0", "-q", *way.split()], capture_output=True, check=True).stdout
    frames = decoded(film, "yuv420p")
    rows, columns = frames[0].shape
    stride = -(-columns // 4) * 4  # GStreamer's rows are whole words
    luma = rows * 2 // 3
    size = stride * luma + 2 * (-(-columns // 8) * 4) * (luma // 2)
    assert len(shown) == size * len(frames)
    for number, frame in enumerate(frames):
        here = np.frombuffer(shown, np.uint8, stride * luma, number * size).reshape(luma, stride)
        assert np.array_equal(here[:, :columns], frame[:luma]), number


def test_a_browser_shows_each_picture_at_its_time(film):
    frames = decoded(film, "rgb24")
    load = """async address => {
        const video = document.body.appendChild(document.createElement("video"))
        await new Promise((done, fail) => {
            video.onloadeddata = done; video.onerror = () => fail(video.error.message); video.src = address })
        return video.duration }"""
    look = """async seconds => {
        const video = document.querySelector("video"), canvas = document.createElement("canvas")
        await new Promise(done => { video.onseeked = done; video.currentTime = seconds })
        canvas.width = video.videoWidth; canvas.height = video.videoHeight
        canvas.getContext("2d").drawImage(video, 0, 0)
        return canvas.toDataURL().split(",")[1] }"""
    with chromium() as running:
        page = running.new_page()
        data = base64.b64encode(film.read_bytes()).decode()
        assert page.evaluate(load, f"data:video/mp4;base64,{data}") == pytest.approx(len(frames) / 15, abs=1e-3)
        for number in range(0, len(frames), 9):
            picture = Image.open(io.BytesIO(base64.b64decode(page.evaluate(look, (number + 0.5) / 15))))
            off = np.abs(np.asarray(picture.convert("RGB")).astype(int) - frames[number])
            assert np.percentile(off, 99.5) <= 4, number  # Chromium makes smoother colours of them
