import io
import json

import pytest

from backprop_film.progress import Event, Pace, display


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    def __init__(self):
        self.time = 100.0

    def __call__(self):
        return self.time


EVENTS = [
    Event("begin", chapters=3, reused=1, of=30),
    Event("reused", "c", frames=5, fps=10),
    Event("progress", "a", beat="one", frames=5, of=10, fps=10),
    Event("progress", "b", "mine", beat="two", frames=20, of=20, fps=10),
    Event("done", "b", "mine", frames=20, fps=10),
    Event("done", "a", frames=10, fps=10),
    Event("progress", "a", beat="one", frames=10, of=10, fps=10),  # a worker's last word may come late
    Event("joined", path="film.mp4", frames=35, fps=10),
]


def told(kind, file):
    with display(kind, file) as listen:
        for event in EVENTS:
            listen(event)
    return file.getvalue()


def test_speed_and_time_left_count_from_where_a_chapter_began():
    clock = Clock()
    pace = Pace(clock)
    assert pace.of(Event("progress", "a", frames=100, of=400, fps=10)) == (None, None)  # which were there already
    clock.time += 4
    # 100 frames, 10 s of film, in 4 s; 200 more at 25 a second.
    assert pace.of(Event("progress", "a", frames=200, of=400, fps=10)) == (2.5, 8.0)
    assert pace.of(Event("progress", "b", frames=0, of=400, fps=10)) == (None, None)
    assert pace.of(Event("progress", "a", frames=500, of=400, fps=10)) == (10.0, 0.0)  # longer than expected
    assert pace.time == 4


def test_elsewhere_than_on_a_terminal_a_line_for_each_chapter():
    first, *lines = told("auto", io.StringIO()).splitlines()
    assert first == "1 of 3 reused"
    assert [line.split(",")[0].split(";")[0] for line in lines] == ["b (mine): 0:02.0", "a: 0:01.0"]


def test_on_a_terminal_a_bar_with_chapter_beat_percent_and_time(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    file = Terminal()
    clock = Clock()
    with display("auto", file) as listen:
        listen._pace = Pace(clock)
        listen(EVENTS[0])
        listen(EVENTS[2])
        clock.time += 1
        listen(Event("progress", "a", beat="one", frames=7, of=10, fps=10))
    shown = file.getvalue()
    assert "1 of 3 reused" in shown
    assert " 50 %" in shown
    assert " 70 %" in shown
    assert " 23 %" in shown  # of all: 7 of 30 frames
    assert "0.2 x" in shown  # 2 frames, 0.2 s of film, in a second
    assert "0:01 left" in shown
    assert "one" in shown


def test_a_terminal_that_can_only_print_gets_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    shown = told("auto", Terminal())
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 3


def test_json_is_an_object_a_line_with_what_is_known():
    objects = [json.loads(line) for line in told("json", Terminal()).splitlines()]
    assert [one["event"] for one in objects] == [event.event for event in EVENTS]
    assert all(one.pop("time") >= 0 for one in objects)
    assert objects[0] == {"event": "begin", "chapters": 3, "reused": 1, "of": 30}
    known = {"event": "progress", "chapter": "a", "beat": "one", "frames": 5, "of": 10, "fps": 10, "percent": 50.0}
    assert objects[2] == known
    assert objects[4]["example"] == "mine"
    assert objects[-1] == {"event": "joined", "path": "film.mp4", "frames": 35, "fps": 10}


def test_none_is_silent():
    assert told("none", io.StringIO()) == ""


def test_the_bar_is_taken_away_when_something_goes_wrong():
    file = Terminal()
    with pytest.raises(KeyboardInterrupt), display("auto", file):
        raise KeyboardInterrupt
    assert file.getvalue().endswith(("\x1b[2K", "\x1b[?25h", "\n", ""))
