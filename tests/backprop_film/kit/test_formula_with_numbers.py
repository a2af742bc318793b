import pytest

from backprop_film.kit import FormulaWithNumbers, theme
from backprop_film.kit.theme import MIN_FONT_SIZE
from backprop_math import Cost, WeightedSum
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, TRACE


def worked(quantity=WeightedSum(3, 0), **how):  # noqa: B008 (frozen)
    definition = NOTATION.definition(quantity)
    return FormulaWithNumbers(definition, NOTATION.with_numbers(definition, TRACE), **{"at": (1.5, 2.0), **how})


def test_the_signs_stand_below_each_other():
    made = worked(buff=0.7)
    assert made.symbols.sign(0).get_left()[0] == pytest.approx(1.5)
    assert made.numbers.sign(0).get_left()[0] == pytest.approx(1.5)
    assert made.numbers.get_left()[0] == pytest.approx(1.5)
    assert made.symbols.baseline == pytest.approx(2.0)
    assert made.numbers.baseline == pytest.approx(1.3)
    assert made.submobjects == [made.symbols, made.numbers]


def test_the_numbers_are_the_formulas():
    made = worked(Cost())
    assert read(made.numbers.side(-1)) == NOTATION.with_numbers(NOTATION.definition(Cost()), TRACE).sides[-1].shown


@pytest.mark.parametrize("x", [1.5, 3.4])
def test_the_numbers_end_within_the_safe_area(x):
    made = worked(at=(x, 0.0), numbers_font_size=38.4)
    assert made.numbers.get_right()[0] <= theme.safe.right + 1e-9
    assert made.numbers.get_left()[0] == pytest.approx(x)
    assert MIN_FONT_SIZE <= made.numbers.font_size <= 38.4 + 1e-9


def test_the_numbers_are_never_too_small_to_be_read():
    made = worked(at=(theme.safe.right - 1.0, 0.0))
    assert made.numbers.font_size == pytest.approx(MIN_FONT_SIZE)
    assert made.numbers.get_left()[0] == pytest.approx(theme.safe.right - 1.0)
