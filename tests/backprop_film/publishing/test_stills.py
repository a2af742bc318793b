import io

import numpy as np
from PIL import Image

from backprop_film.publishing.stills import THUMBNAIL_BYTES, Still, beat_stills, poster, thumbnail
from backprop_film.render import Rendered
from backprop_film.timeline import BeatSpan, Timeline
from tests.backprop_film.conftest import job


def png(levels):
    file = io.BytesIO()
    Image.fromarray(levels).save(file, format="PNG")
    return file.getvalue()


def test_the_fullest_picture_stands_for_the_film():
    beats = (BeatSpan("one", "", 0, 5), BeatSpan("two-more", "", 5, 9))
    parts = [
        Rendered(job("Moving"), Timeline("a", "A", 15, 9, beats), ()),
        Rendered(job("Late"), Timeline("b", "B", 15, 9), ()),
    ]
    stills = [[Still("one", 4, b"", 0.2), Still("two-more", 8, b"", 0.1)], [Still(None, 8, b"", 0.3)]]
    assert poster(stills, parts) == (parts[1], stills[1][0])
    assert poster(stills, parts, parts[0].job) == (parts[0], stills[0][0])
    assert poster(stills, parts, parts[0].job, "two_more") == (parts[0], stills[0][1])


def test_where_the_end_of_a_beat_is_empty_its_middle_is_taken():
    line = Timeline("tiny", "", 15, 54, (BeatSpan("whole", "", 0, 54), BeatSpan("said", "", 21, 45)))
    (whole, said) = beat_stills(Rendered(job("Late"), line, ()))
    assert (whole.frame, said.frame) == (27, 44)  # its word has faded out in the last frame
    assert whole.fullness > 0


def test_a_thumbnail_is_never_too_large():
    noise = np.random.default_rng(0).integers(0, 256, (1080, 1920, 3), dtype=np.uint8)
    part = Rendered(job("Moving"), Timeline("a", "A", 15, 9), ())
    made = thumbnail(part, Still(None, 0, png(noise), 1.0))
    assert len(made) <= THUMBNAIL_BYTES
    assert Image.open(io.BytesIO(made)).size == (1280, 720)
