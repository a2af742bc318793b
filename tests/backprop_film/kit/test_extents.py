"""How far a mobject reaches is what Manim finds, to the last bit."""

import numpy as np
import pytest
from manim import Arc, Circle, Dot, Line, Mobject, Square, Star, ValueTracker, VGroup, VMobject

from backprop_film.kit import Formula, Prose
from backprop_film.kit.extents import boundary, reduced
from backprop_math import Symbol


class Cornered(Square):
    """Whose ends of curves are of its own making."""

    def get_anchors(self):
        return [np.array([5.0, 6.0, 7.0])]


MADE = {
    "a circle": Circle,
    "nothing": VMobject,
    "groups": lambda: VGroup(VGroup(Star(), Line()), Dot().shift([1, 2, 3]), VMobject(), Arc(angle=1.0)),
    "groups of nothing": lambda: VGroup(VGroup(), VMobject()),
    "one point": lambda: VMobject().set_points([[1.0, 2.0, 3.0]]),
    "a subclass's own ends": lambda: VGroup(Cornered(), Circle()),
    "a formula": lambda: Formula(Symbol("z")).rotate(0.3),
    "prose": lambda: Prose("All of it").scale(0.7).shift([3, -1, 0]),
}


@pytest.mark.parametrize("name", MADE)
def test_it_reaches_as_far_as_manim_says(name):
    made = MADE[name]()
    expected, found = VMobject.get_points_defining_boundary(made), boundary(made)
    assert found.shape == expected.shape
    assert found.tobytes() == expected.tobytes()
    for dim in range(3):
        for reduce_func in (max, min, lambda values: sum(values) / len(list(values))):
            expected = Mobject.reduce_across_dimension(made, reduce_func, dim)
            assert reduced(made, reduce_func, dim) == expected


def test_what_is_no_path_reaches_too():
    assert reduced(ValueTracker(3.0), max, 0) == 3.0
    assert reduced(Mobject(), max, 0) is None


def test_a_text_is_asked_so():
    words = Prose("wide")
    assert type(words).get_points_defining_boundary is not VMobject.get_points_defining_boundary
    assert words.width == VGroup(*words).width
    assert np.array_equal(words.get_center(), VGroup(*words).get_center())
