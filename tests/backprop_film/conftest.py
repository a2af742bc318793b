from pathlib import Path

import pytest

from backprop_film import contents
from backprop_film.contents import Entry
from backprop_film.playback import Job

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Everything is written to a folder of the test's own: Manim's media folder lies in the current one."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tiny(monkeypatch):
    """The table of contents with three small chapters, of which the third goes wrong."""
    lines = [("tiny", "Moving"), ("late", "Late"), ("broken", "Broken")]
    monkeypatch.setattr(contents, "CONTENTS", lines)
    monkeypatch.setattr(contents, "FOLDER", HERE)


def job(class_name, number=1, **how):
    """A job for one of the small chapters, at the lowest quality."""
    return Job(Entry(number, HERE / "tiny.py", class_name), **{"quality": "l", **how})
