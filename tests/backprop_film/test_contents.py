import pytest

from backprop_film import contents
from backprop_film.contents import FOLDER, Entry, chosen, entries, find, load
from backprop_film.errors import Problem


@pytest.mark.parametrize("name", ["chain_rule", "chain-rule", "ChainRule", "2", "scenes/chain_rule.py"])
def test_a_chapter_has_several_names(name):
    assert find(name) == Entry(2, FOLDER / "chain_rule.py", "ChainRule")


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(Problem, match=r"unknown chapter 'chain_rul' \(nearest: 'chain_rule'\)"):
        find("chain_rul")


def test_chapters_come_in_the_films_order_and_once():
    assert [entry.name for entry in chosen(["chain_rule", "introduction", "ChainRule"])] == [
        "introduction",
        "chain_rule",
    ]
    assert chosen([]) == entries()


def test_every_chapter_is_numbered_by_its_place_and_knows_it():
    for entry in entries():
        chapter = load(entry)
        assert chapter.title
        assert chapter.place[0] == entry.number


def test_what_cannot_be_loaded_is_named():
    with pytest.raises(Problem, match="chapter missing cannot be loaded: No such file"):
        load(Entry(1, FOLDER / "missing.py", "Missing"))
    assert len(contents.CONTENTS) == len(set(contents.CONTENTS))
