import io

import pytest

from backprop_film.progress import Display
from backprop_film.render import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


REPORTS = [Progress("a", "one", 5), Progress("b", "two", 20), Progress("a", "one", 10), Progress("a", "one", 10)]


def test_elsewhere_than_on_a_terminal_a_line_for_each_chapter():
    file = io.StringIO()
    with Display({"a": 10, "b": 20}, file) as display:
        for report in REPORTS:
            display(report)
    assert [line.split(",")[0] for line in file.getvalue().splitlines()] == [
        "b: 20 frames; 25 of 30",
        "a: 10 frames; 30 of 30",
    ]


def test_on_a_terminal_a_bar_with_chapter_beat_frames_and_time(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    file = Terminal()
    with Display({"a": 10, "b": 20}, file) as display:
        display(REPORTS[0])
    told = file.getvalue()
    assert "5/10 frames" in told
    assert "5/30 frames" in told
    assert "one" in told
    assert "-:--:--" in told or "0:00" in told


def test_a_terminal_that_can_only_print_gets_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    file = Terminal()
    with Display({"a": 10, "b": 20}, file) as display:
        for report in REPORTS:
            display(report)
    assert "\x1b" not in file.getvalue()
    assert len(file.getvalue().splitlines()) == 2


def test_the_bar_is_taken_away_when_something_goes_wrong():
    file = Terminal()
    with pytest.raises(KeyboardInterrupt), Display({"a": 10}, file):
        raise KeyboardInterrupt
    assert file.getvalue().endswith(("\x1b[2K", "\x1b[?25h", "\n", ""))
