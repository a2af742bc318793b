import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from backprop_film import contents
from backprop_film.kept import Keeper, Kept
from backprop_film.playback import Job
from backprop_film.timeline import BeatSpan, CueSpan, SoundSpan, SpeechSpan, Timeline

VIDEO = b"a video"


@pytest.fixture
def keeper():
    return at(Path("own"))


def at(folder, **how):
    folder.mkdir(exist_ok=True)
    (folder / "my.py").write_text("from manim import Scene\nclass My(Scene):\n    pass\n")
    entry = contents.Entry(f"{folder}/my.py:My", "my-My", folder / "my.py", "My")
    return Keeper.of(Job(entry, quality="l", **how))


def line(keeper, *, sounds=(), speech=()):
    beats = (BeatSpan("one", "One. Two.", 0, 9, (CueSpan("One.", 0, 4), CueSpan("Two.", 4, 9))),)
    return Timeline(keeper.job.entry.name, "My", 15, 12, beats, sounds, speech=speech)


def keep(keeper, read=(), *, content=VIDEO, **what):
    return keeper.keep(line(keeper, **what), read, content and (lambda path: path.write_bytes(content)))


def files():
    return sorted(path.name for path in Path("media/chapters").rglob("*") if path.is_file())


def test_what_was_kept_is_found_with_its_timeline(keeper):
    assert keeper.found() is None
    made = keep(keeper)
    assert made.video.read_bytes() == VIDEO
    assert keeper.found() == made == Kept(line(keeper), made.video)
    assert len(files()) == 2


def test_a_chapter_that_was_only_played_has_no_video(keeper):
    assert keep(keeper, content=None) == keeper.found() == Kept(line(keeper))
    keep(keeper)
    assert keeper.found().video.read_bytes() == VIDEO


@pytest.mark.parametrize("content", [b"", b"a vid", b"A video", None])
def test_a_video_of_other_content_counts_for_nothing(keeper, content):
    video = keep(keeper).video
    video.unlink() if content is None else video.write_bytes(content)
    assert keeper.found() is None


@pytest.mark.parametrize(
    "change",
    [lambda text: "", lambda text: text[:50], lambda text: "[]",
     lambda text: text.replace('"frames": 12', '"frames": "x"'), lambda text: text.replace('"fps"', '"fbs"'),
     lambda text: text.replace('"video"', '"film"'),
     lambda text: text.replace('"read": {}', '"read": {"nowhere:x": ""}')],
)  # fmt: skip
def test_a_record_that_is_not_as_we_write_it_counts_for_nothing(keeper, change):
    keep(keeper)
    (record,) = Path("media/chapters").rglob("*.json")
    changed = change(record.read_text())
    assert changed != record.read_text()
    record.write_text(changed)
    assert keeper.found() is None


def test_what_the_chapter_read_must_be_as_it_was(keeper):
    read = [Path("own/data.csv"), Path("table.csv"), Path("media/made.txt")]
    Path("media").mkdir()
    for path in read:
        path.write_text("1")
    keep(keeper, [path.resolve() for path in read])
    assert keeper.found()
    for path in read[:2]:
        path.write_text("2")
        assert keeper.found() is None
        path.write_text("1")
        assert keeper.found()
        path.unlink()
        assert keeper.found() is None
        path.write_text("1")
    read[2].unlink()  # made from all this, and not read by anyone else
    assert keeper.found()


def test_what_is_heard_must_be_there_as_it_was(keeper):
    Path("media/clips").mkdir(parents=True)
    tone, clip = Path("own/tone.wav").absolute(), Path("media/clips/a.wav").absolute()
    for path in (tone, clip):
        path.write_text("heard")
    sounds, speech = (SoundSpan(tone, 0.5, -6.0),), (SpeechSpan("one.1", "One.", "one", 0, 4, clip),)
    keep(keeper, sounds=sounds, speech=(*speech, SpeechSpan("one.2", "Two.", "two", 4, 9)))
    found = keeper.found().timeline
    assert found.sounds == sounds
    assert found.speech[:1] == speech
    assert found.speech[1].file is None
    for path in (tone, clip):
        path.write_text("other")
        assert keeper.found() is None
        path.write_text("heard")


def test_what_is_kept_is_found_when_all_has_been_moved(keeper, tmp_path, monkeypatch):
    tone = Path("own/tone.wav").absolute()
    tone.write_text("heard")
    keep(keeper, sounds=(SoundSpan(tone, 0.5),))
    (tmp_path / "new").mkdir()
    for name in ("own", "media"):
        Path(name).rename(f"new/{name}")
    monkeypatch.chdir("new")
    found = at(Path("own")).found()
    assert found.timeline.sounds[0].file == tmp_path / "new/own/tone.wav"
    assert found.video.exists()


def test_nothing_is_kept_if_something_changed_meanwhile(keeper):
    Path("own/my.py").write_text("from manim import Scene\nclass My(Scene):\n    value = 1\n")
    assert keep(keeper) is None
    assert not Path("media/chapters").exists()


def test_the_chapter_is_called_as_it_is_asked_for(keeper):
    keep(keeper)
    job = replace(keeper.job, entry=replace(keeper.job.entry, name="my.py:My"))
    assert Keeper.of(job).found().timeline.chapter == "my.py:My"


def used(path, days):
    then = path.stat().st_mtime - days * 24 * 3600
    os.utime(path, (then, then))


def versions(count, **how):
    """So many versions of the chapter, kept one after the other, each a day after the one before."""
    made = []
    for number in range(count):
        Path("own").mkdir(exist_ok=True)
        one = at(Path("own"), **how)
        Path("own/my.py").write_text(f"from manim import Scene\nclass My(Scene):\n    value = {number}\n")
        made.append(Keeper.of(one.job))
        for path in Path("media/chapters").rglob("*"):
            if path.is_file():
                used(path, 1)
        keep(made[-1])
    return made


def test_the_last_two_of_a_chapter_are_kept_for_each_thing_that_is_asked_for():
    *old, last = versions(4)
    assert len(files()) == 4
    assert last.found()
    assert last.expected() == 12
    other = versions(1, captions=False)
    assert len(files()) == 6
    assert other[0].found()
    assert old[0].expected() == 12  # about as many as the version kept last


def test_what_has_been_used_lately_stays_and_what_has_not_goes(keeper):
    first, second = versions(2)
    Path("own/my.py").write_text("from manim import Scene\nclass My(Scene):\n    value = 0\n")
    assert first.found()  # which is the newest now
    (third,) = versions(1, captions=False)
    record, video = sorted(path for path in Path("media/chapters").rglob(f"*{second.name}*"))
    used(record, 31)
    orphan = video.with_name("My-480p15-00000000-0.mp4")
    orphan.touch()
    keep(third)
    assert not record.exists()
    assert not video.exists()
    assert orphan.exists()  # another process may be about to write its record
    used(orphan, 2)
    keep(third)
    assert not orphan.exists()
    assert len(files()) == 4


def test_a_length_is_not_known_before_the_chapter_was_kept(keeper):
    assert keeper.expected() is None
    Path("media/chapters/my-My").mkdir(parents=True)
    keep(keeper)
    (record,) = Path("media/chapters").rglob("*.json")
    record.write_text("{}")
    assert keeper.expected() is None


def test_a_record_is_read_by_people_too(keeper):
    keep(keeper)
    (record,) = Path("media/chapters").rglob("*.json")
    assert set(json.loads(record.read_text())) == {"timeline", "read", "video"}
    assert record.name.startswith("My-480p15-")
