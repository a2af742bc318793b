"""Manim's families, copies and settings, done with less work: the same as Manim makes them."""

import numpy as np
import pytest
from manim import Circle, Group, Line, Mobject, Square, VGroup, VMobject, config, tempconfig
from manim._config.utils import ManimConfig
from manim.constants import RendererType
from manim.mobject.opengl.opengl_vectorized_mobject import OpenGLVMobject

from backprop_film.kit import Formula
from backprop_film.lean import lean, steady
from backprop_math import Symbol


def shared():
    """A circle that is there twice, on two levels."""
    circle = Circle()
    return VGroup(VGroup(circle, Square()), Line(), VGroup(VGroup(circle)), VMobject())


def in_a_ring():
    """Groups that hold each other."""
    outer, inner = VGroup(Circle()), VGroup(Square())
    outer.add(inner)
    inner.submobjects.append(outer)
    return Group(outer, Mobject())


@pytest.mark.parametrize("make", [Circle, Mobject, shared, in_a_ring, lambda: VGroup(Formula(Symbol("z")), Circle())])
def test_a_family_is_listed_as_by_manim(make):
    whole = make()
    expected = [member.get_family() for member in whole.get_family()]
    with lean():
        assert [member.get_family() for member in whole.get_family()] == expected
    assert [member.get_family() for member in whole.get_family()] == expected


def test_a_copy_has_everything_of_its_own():
    whole = shared().set_stroke("#FF0000", 3)
    whole.note = {"points": whole[0][0].points, "parts": [whole[1]]}
    with lean():
        copy = whole.copy()
    assert copy[0][0] is copy[2][0][0]  # what is there twice is so in the copy
    assert copy.note["points"] is copy[0][0].points
    assert copy.note["parts"] == [copy[1]]
    assert copy.original_id == str(id(whole))
    for mine, other in zip(whole.get_family(), copy.get_family(), strict=True):
        assert mine is not other
        assert vars(mine).keys() | {"original_id"} == vars(other).keys()
        for name in ("points", "fill_rgbas", "stroke_rgbas"):
            assert np.array_equal(getattr(mine, name), getattr(other, name))
            assert not np.shares_memory(getattr(mine, name), getattr(other, name))
    copy.shift([1, 0, 0])
    assert np.allclose(whole.get_center(), shared().get_center())


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(
    "style", [{}, {"fill_opacity": 0.7}, {"stroke_width": 9}, {"color": "#00FF00"}, {"color": ["#00FF00", "#0000FF"]}]
)
def test_a_style_on_its_way_is_as_by_manim(style, alpha):
    first, last = Circle(fill_opacity=0.2), Circle(fill_opacity=0.2)
    last.set(**style) if "color" not in style else last.set_color(style["color"])
    first.align_rgbas(last)
    expected, found = Circle(), Circle()
    expected.interpolate_color(first, last, alpha)
    with lean():
        found.interpolate_color(first, last, alpha)
    for name in ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "stroke_width", "sheen_direction"):
        assert np.allclose(getattr(found, name), getattr(expected, name), rtol=1e-14)
    assert not np.shares_memory(found.fill_rgbas, last.fill_rgbas)


def test_everything_that_has_updaters_is_updated_as_by_manim():
    class Own(Circle):
        def update(self, dt=0, recursive=True):
            calls.append("own")
            return super().update(dt, recursive)

    calls = []
    whole = VGroup(VGroup(Circle(), Own()), Square(), VGroup(Line())).add_updater(lambda m: calls.append("whole"))
    whole[1].add_updater(lambda m, dt: calls.append(dt))
    whole[2][0].add_updater(lambda m: calls.append("line"))
    whole[2][0].suspend_updating()
    whole.update(0.5)
    expected, calls[:] = list(calls), []
    assert expected == ["whole", "own", 0.5]
    with lean():
        assert whole.update(0.5) is whole
    assert calls == expected
    with lean():
        whole.update(0.5, recursive=False)
    assert calls == [*expected, "whole"]


def test_an_updater_of_a_copy_is_the_same_function_and_follows_the_copy():
    dot = Circle()
    ring = Circle().add_updater(lambda m: m.move_to(dot))
    group = VGroup(dot, ring)
    with lean():
        copy = group.copy()
    assert copy[1].updaters == ring.updaters


def test_classes_have_the_bases_of_the_renderer_that_is_set():
    def bases():
        return issubclass(Circle, VMobject), issubclass(Circle, OpenGLVMobject)

    original = ManimConfig.renderer
    with steady():
        assert bases() == (True, False)
        with tempconfig({"renderer": "opengl"}):
            assert bases() == (False, True)
            with tempconfig({"renderer": RendererType.CAIRO}):
                assert bases() == (True, False)
                assert config.renderer is RendererType.CAIRO
            assert bases() == (False, True)
        assert bases() == (True, False)
        config["renderer"] = "Cairo"
        assert config.renderer is RendererType.CAIRO
        with pytest.raises(ValueError, match="metal"):
            config.renderer = "metal"
    assert ManimConfig.renderer is original
