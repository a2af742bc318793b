from contextlib import nullcontext
from pathlib import Path

import pytest
from manim import BLACK, tempconfig

from backprop_film import contents
from backprop_film.contents import Entry
from backprop_film.kept import Keeper
from backprop_film.lean import lean, steady
from backprop_film.playback import Job
from backprop_film.render import render
from backprop_film.voice import choice

HERE = Path(__file__).parent


@pytest.fixture(autouse=True, scope="session")
def _steady():
    """Each test has a configuration of its own: changing it must cost little."""
    with steady():
        yield


#: Here, kit and sets are played just as Manim plays anything.
AS_MANIM_DOES = ("test_documentation.py", "test_among_manims.py")


@pytest.fixture(autouse=True, scope="module")
def _lean(request):
    """Elsewhere, mobjects of the kit and the sets are listed and copied as in films, which takes less time."""
    path = request.path
    with lean() if path.parent.name in ("kit", "sets") and path.name not in AS_MANIM_DOES else nullcontext():
        yield


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Everything is written to a folder of the test's own: Manim's media folder lies in the current one.

    Configuration is as Manim has it there, in this process as in others: no ``manim.cfg`` sets the background.
    Nobody speaks, unless a test asks for it.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(choice, "default", lambda: choice.NONE)
    with tempconfig({"background_color": BLACK}):
        yield


@pytest.fixture
def tiny(monkeypatch):
    """The table of contents with three small chapters, of which the third goes wrong."""
    monkeypatch.setattr(contents, "FOLDER", HERE)


def listed(folder, *lines, title="Some"):
    """A list of chapters in a folder, beside files of the small chapters that it names."""
    folder.mkdir(exist_ok=True)
    for line in lines:
        file, _, name = line.partition(":")
        if not (folder / file).exists():
            (folder / file).write_text(f"from tests.backprop_film.tiny import {name}\n")
    (folder / "chapters.toml").write_text(f"[[part]]\ntitle = '{title}'\nchapters = {list(lines)}\n")
    return folder


def job(class_name, number=1, **how):
    """A job for one of the small chapters, at the lowest quality."""
    return Job(Entry("tiny", "tiny", HERE / "tiny.py", class_name, number), **{"quality": "l", **how})


def rendered(job):
    """A job's chapter, rendered into the current folder."""
    return render(Keeper.of(job))
