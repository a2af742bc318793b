import pytest

from scenes.film import contents
from scenes.film.contents import Entry
from scenes.film.playback import Job


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Everything is written to a folder of the test's own: Manim's media folder lies in the current one."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tiny(monkeypatch):
    """The table of contents with three small chapters, of which the third goes wrong."""
    lines = [("tests.film.tiny", "Moving"), ("tests.film.late", "Late"), ("tests.film.broken", "Broken")]
    monkeypatch.setattr(contents, "CONTENTS", lines)


def job(class_name, number=1, **how):
    """A job for one of the small chapters, at the lowest quality."""
    return Job(Entry(number, "tests.film.tiny", class_name), **{"quality": "l", **how})
