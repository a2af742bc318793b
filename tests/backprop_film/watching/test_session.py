from pathlib import Path

import pytest

from backprop_film.watching.session import Session
from backprop_film.watching.view import Unit, View
from backprop_film.watching.warm import Chapter


@pytest.fixture
def session(tmp_path):
    """A session, of which one beat has been played, while somebody looks at another."""
    found = Session("my.py", {})
    unit = Unit(0, "one", "One", "", 0, 30)
    found._board.views = {"one": View(unit)}
    found._chapter = Chapter(None, tmp_path, 1, units={"one": unit})
    found._chapter.slept(Path("0"), 0, 0, 0, {})
    found.join("page")
    found.want("page", "at-last", -1)
    yield found
    found.close()


def test_nothing_is_drawn_before_the_chapter_has_come_to_what_somebody_looks_at(session):
    assert session._next() is None
    session._board.views["at_last"] = View(Unit(1, "at_last", "At last", "", 30, 60))
    session._chapter.units["at_last"] = session._board.views["at_last"].unit
    assert session._next().what == "stills"


@pytest.mark.parametrize("ended", ["over", "failed"])
def test_the_rest_is_drawn_where_it_never_comes(session, ended):
    setattr(session._chapter, ended, True)
    assert (session._next().what, session._next().key) == ("stills", "one")


def test_without_a_beat_that_is_named_the_first_is_looked_at(session):
    session.want("page", "", -1)
    assert session._next().key == "one"
