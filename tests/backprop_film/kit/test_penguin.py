import numpy as np
import pytest

from backprop_film.kit import Naming, Penguin
from backprop_film.kit.theme import contrast, theme
from backprop_math import Example, load_example

GENTOO = {"bill length": 50.1, "bill depth": 15.0, "flipper length": 225.0}
ADELIE = {"bill length": 36.0, "bill depth": 18.5, "flipper length": 180.0}


def lengths(bird):
    return {name: float(np.linalg.norm(np.subtract(*bird.ends(name)))) for name in Penguin.PLACES}


@pytest.mark.parametrize("measured", [GENTOO, ADELIE, {"flipper length": 190.0}])
def test_all_lengths_are_true_to_each_other(measured):
    """The drawn lengths have the ratio of the measured ones, within a bird and between two of the same size."""
    usual, bird = lengths(Penguin(height=4.0)), lengths(Penguin(measured, height=4.0))
    scale = usual["flipper length"] / GENTOO["flipper length"]
    for name, length in {**GENTOO, **measured}.items():
        assert bird[name] == pytest.approx(scale * length, rel=0.01)


def test_the_flipper_reaches_from_end_to_end_and_the_bill_to_its_tip():
    bird = Penguin(ADELIE, height=5.0)
    bill, flipper = bird[4], bird[7]
    for name, part in (("bill length", bill), ("flipper length", flipper)):
        far = max(bird.ends(name), key=lambda end: end[0])
        assert far[0] == pytest.approx(part.get_right()[0], abs=0.03)


def test_it_may_be_moved_scaled_and_turned():
    bird = Penguin(GENTOO, height=4.0)
    before, ends = lengths(bird), bird.ends("bill length")
    bird.scale(0.25).shift([3.0, 1.0, 0.0]).rotate(0.4)
    assert lengths(bird) == pytest.approx({name: length / 4 for name, length in before.items()})
    turned = np.subtract(*bird.ends("bill length"))[:2] @ np.subtract(*ends)[:2]
    assert turned == pytest.approx(before["bill length"] ** 2 / 4 * np.cos(0.4))
    line = bird.caliper("bill depth")[0]
    assert np.allclose([line.get_start(), line.get_end()], bird.ends("bill depth"))


def test_colours_are_the_themes(monkeypatch):
    monkeypatch.setattr(theme, "ink", "#00FF00")
    assert Penguin(species="Gentoo")[5][0].get_fill_color().to_hex() == "#00FF00"


@pytest.mark.parametrize("measured", [{"wing": 1.0}, {"bill length": 0.0}, {"bill length": float("nan")}])
def test_what_cannot_be_drawn(measured):
    with pytest.raises(ValueError, match="expected lengths of bill length, bill depth, flipper length"):
        Penguin(measured)


def test_names_of_the_films_examples():
    names = Naming(load_example("introduction"))
    assert [names.measured(k) for k in range(3)] == ["50.1 mm", "15.0 mm", "225 mm"]
    assert [names.output(j) for j in range(2)] == ["Gentoo", "Adélie"]
    four = Naming(load_example("several"))
    assert [(four.label(i), four.measured(0, i)) for i in (0, 3)] == [("Gentoo", "225 mm"), ("Adélie", "180 mm")]
    flippers = [lengths(four.penguin(i))["flipper length"] for i in range(4)]
    assert np.array(flippers) / flippers[0] == pytest.approx(np.array([225, 210, 197, 180]) / 225, rel=0.01)


def test_names_of_anybodys_example():
    names = Naming(Example.from_arrays([[[1.0, 2.0]]], [[0.0]], [[1, 2], [3, 4]], [[0], [1]]))
    assert (names.input(1), names.output(0), names.label(1), names.measured(0)) == (
        "input 2",
        "output 1",
        "example 2",
        None,
    )
    assert (names.thing, names.penguin()) == ("example", None)


@pytest.mark.parametrize("look", ["dark", "light"])
def test_its_back_is_dark_and_its_belly_light_and_lines_are_seen_on_its_flipper(look):
    with theme.as_it_was():
        theme.use(look)
        bird = Penguin(GENTOO, species="Gentoo")
        back, belly, flipper = (bird[k].get_fill_color().to_hex() for k in (0, 2, 7))
        bonnet = bird[5][0].get_fill_color().to_hex()
        line = bird.caliper("flipper length")[0].get_stroke_color().to_hex()
    assert contrast(back, "#000000") < 2.5
    assert contrast(belly, "#000000") > 8
    assert contrast(bonnet, back) > 8
    assert contrast(line, flipper) > 6
