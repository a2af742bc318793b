from dataclasses import replace

from backprop_film import contents
from backprop_film.render import Rendered
from backprop_film.timeline import Timeline
from backprop_film.titles import TITLE, film_title
from tests.backprop_film.conftest import job


def part(title, group):
    made = job("Moving")
    return Rendered(replace(made, entry=replace(made.entry, part=group)), Timeline("tiny", title, 15, 9), ())


def test_a_film_is_called_after_what_it_is_made_of(monkeypatch):
    film = [part("A", "P"), part("B", "P"), part("C", "Q"), part("D", "")]
    assert [film_title(film[:n]) for n in (1, 2, 3, 4)] == ["P: A", "P", "P, Q", "P, Q, D"]
    assert film_title(film[3:]) == "D"
    monkeypatch.setattr(contents, "entries", lambda: [one.job.entry for one in film[:3]])
    assert [film_title(film[:n]) for n in (2, 3, 4)] == ["P", TITLE, "P, Q, D"]
