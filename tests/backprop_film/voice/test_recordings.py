"""One's own recordings: which file is which sentence's, and what is told when one is missing or broken."""

from pathlib import Path

import pytest

from backprop_film.errors import Problem
from backprop_film.playback import survey
from backprop_film.produce import produce
from backprop_film.voice.choice import resolved
from tests.backprop_film.conftest import job, rendered
from tests.backprop_film.voice.fake import hum


def recorded(**seconds):
    """The folder of the recordings of `Moving`'s three sentences, so long each."""
    for name, length in {"ring.1": 0.4, "ring.2": 0.5, "it-moves.1": 0.6, **seconds}.items():
        hum(_made(f"own/tiny/{name}.wav"), length)
    return resolved("own")


def _made(name):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    return name


def test_each_sentence_is_as_long_as_its_recording():
    line = survey(job("Moving", voice=recorded()))
    # Each is cut to what is heard, 0.1 s after it and 5 ms before; in whole frames of 1/15 s.
    assert [span.end - span.start for span in line.speech] == [8, 10, 11]
    assert len({span.file for span in line.speech}) == 3


def test_another_recording_is_another_clip():
    first = survey(job("Moving", voice=recorded()))
    again = survey(job("Moving", voice=recorded(**{"ring.2": 0.9})))
    assert [a.file == b.file for a, b in zip(first.speech, again.speech, strict=True)] == [True, False, True]


def test_what_is_missing_or_broken_is_listed_before_anything_is_rendered():
    voice = recorded()
    Path("own/tiny/ring.1.wav").unlink()
    Path("own/tiny/ring.2.wav").write_text("la la la")
    hum(Path("own/tiny/it-moves.1.wav"), 0.5, 0.0)
    with pytest.raises(
        Problem,
        match=r"^recordings in own: found no tiny/ring\.1\.wav, no sound in tiny/ring\.2\.wav, silence in "
        r"tiny/it-moves\.1\.wav, expected a recording of each sentence; recordings in own: found no tiny/bounds\.1\.w",
    ):
        produce([job("Moving", voice=voice), job("Late", voice=voice)], Path("film.mp4"), "off", 1)
    assert not list(Path().rglob("*.mp4"))


def test_a_recording_that_is_gone_is_missed_though_the_chapter_was_rendered_before():
    hum(_made("own/tiny/bounds.1.wav"), 0.4)
    late = job("Late", voice=resolved("own"))
    produce([late], Path("film.mp4"), "off", 1)
    Path("own/tiny/bounds.1.wav").unlink()
    told = []
    with pytest.raises(Problem, match=r"^recordings in own: found no tiny/bounds\.1\.wav, expected a recording"):
        produce([late], Path("film.mp4"), "off", 1, told.append)
    assert not [event for event in told if event.event == "progress"]
    with pytest.raises(Problem, match=r"^recordings in own: found no tiny/bounds\.1\.wav, expected a recording"):
        rendered(late)


def test_other_kinds_of_files_are_heard_too():
    import av

    voice = recorded()
    with av.open("own/tiny/ring.1.wav") as source, av.open("own/tiny/ring.1.flac", "w") as target:
        stream = target.add_stream("flac", rate=16_000, layout="mono")
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    same = survey(job("Moving", voice=voice)).speech[0]
    Path("own/tiny/ring.1.wav").unlink()
    assert survey(job("Moving", voice=voice)).speech[0].end == same.end
