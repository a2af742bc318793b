"""The painter's pictures against those that Manim's camera draws of the same mobjects."""

from types import SimpleNamespace

import numpy as np
import pytest
from manim import (
    BLUE,
    LEFT,
    ORIGIN,
    RESAMPLING_ALGORITHMS,
    RIGHT,
    UP,
    Arrow,
    Camera,
    Circle,
    Dot,
    ImageMobject,
    LineJointType,
    MovingCamera,
    PMobject,
    RoundedRectangle,
    Square,
    Star,
    VGroup,
    VMobject,
)

from backprop_film.drawing.painter import Painter, displayed
from backprop_film.drawing.rectangles import Rectangle
from backprop_film.kit import Prose

SIZE = {"pixel_width": 480, "pixel_height": 272}
WHOLE = Rectangle(0, 0, 480, 272)


def manims(camera, still, mobjects):
    """The picture as Manim draws it: what moves, on a copy of what stands still."""
    camera.reset()
    camera.capture_mobjects(still)
    camera.capture_mobjects(mobjects)
    return camera.pixel_array.astype(int)


@pytest.fixture
def scene():
    """What stands still, what moves, a painter and Manim's camera; and a step that holds one against the other."""
    still = [Square(3, color=BLUE).shift(2 * RIGHT), Circle(2, fill_opacity=0.4)]
    star = Star(color="#FF8800", fill_opacity=0.7, stroke_width=6).shift(4 * RIGHT + UP)
    dots = VGroup(*(Dot([x / 2, -2, 0], radius=0.2, fill_opacity=0.5) for x in range(-6, 7)))
    arrow = Arrow([-6, 2, 0], [-3, 1, 0])
    camera, painter = Camera(**SIZE), None
    made = SimpleNamespace(star=star, dots=dots, arrow=arrow, moving=[star, dots, arrow], camera=camera)
    painter = made.painter = Painter(camera)
    painter.begin(still)
    reference, shown = Camera(**SIZE), np.zeros((SIZE["pixel_height"], SIZE["pixel_width"], 4), np.uint8)

    def step(moving=None):
        """Draw; what the rectangles say has changed makes of the picture before the one that Manim draws."""
        rectangles = painter.draw(moving or made.moving)
        for rectangle in rectangles:
            shown[rectangle.pixels] = camera.pixel_array[rectangle.pixels]
        expected = manims(reference, still, moving or made.moving)
        assert np.abs(shown.astype(int) - expected).max() <= 3
        assert np.array_equal(shown, camera.pixel_array)
        return rectangles

    made.step = step
    assert step() == [WHOLE]
    return made


CHANGES = {
    "moved": lambda s: s.star.shift(0.3 * RIGHT),
    "turned": lambda s: s.arrow.rotate(0.3),
    "larger": lambda s: s.dots.scale(1.7),
    "stretched and moved": lambda s: s.star.stretch(0.4, 0).shift(0.21 * UP),
    "turned over": lambda s: s.star.flip(RIGHT),
    "a thicker line, larger": lambda s: s.star.set_stroke(width=9).scale(1.3),
    "filled": lambda s: s.star.set_fill("#00FF00", 0.2),
    "dimmed in place": lambda s: s.dots[3].fill_rgbas.__setitem__((0, 3), 0.1),
    "a point moved in place": lambda s: s.dots[3].points.__iadd__([0, 0.2, 0]),
    "a thicker line": lambda s: s.arrow.set_stroke(width=14),
    "a line behind": lambda s: s.star.set_stroke("#FFFFFF", width=9, background=True),
    "other corners": lambda s: setattr(s.star, "joint_type", LineJointType.ROUND),
    "a gradient": lambda s: s.star.set_color(["#FF0000", "#0000FF"]),
    "out of the picture": lambda s: s.star.shift(30 * RIGHT),
    "far too large": lambda s: s.star.scale(40),
    "as large as a house": lambda s: s.star.scale(5000),
    "out of next to nothing": lambda s: (s.star.scale(0.001), s.step(), s.star.scale(900)),
    "no points any more": lambda s: setattr(s.star, "points", np.zeros((0, 3))),
    "three points": lambda s: setattr(s.star, "points", np.zeros((3, 3))),
    "no number": lambda s: s.star.points.__setitem__(2, np.nan),
    "before the others": lambda s: s.star.set_z_index(3),
    "a part less": lambda s: s.dots.remove(s.dots[2]),
    "a part more": lambda s: s.dots.add(Square(1, fill_opacity=1)),
    "the parts turned round": lambda s: s.dots.submobjects.reverse(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_changes_is_drawn_as_manim_draws_it(scene, change):
    assert scene.step() == []
    scene.dots.set_x(-0.5)
    scene.star.move_to(ORIGIN)  # it lies over what stands still, and some dots
    scene.step()
    change(scene)
    scene.step()
    assert scene.step() == []


def test_only_what_changes_is_drawn(scene):
    scene.arrow.shift(0.1 * UP)
    rectangles = scene.step()
    assert rectangles
    assert sum(rectangle.area for rectangle in rectangles) < 0.15 * WHOLE.area
    for place in np.linspace(0, 1, 7):  # through all that lies in the way
        scene.star.move_to([8 * place - 4, 4 * place - 2, 0])
        scene.step()


@pytest.mark.parametrize("seed", [9, 16, 19])
def test_an_outline_of_which_only_a_part_is_drawn_again_is_manims(seed):
    # Cut off at the sides of what changes, these were up to 15 levels off.
    rng = np.random.default_rng(seed)
    outlines = VGroup()
    for _ in range(6):
        width, height = rng.uniform(1, 6, 2)
        box = RoundedRectangle(width=width, height=height, corner_radius=0.4, stroke_width=rng.uniform(1, 4))
        box.set_fill(opacity=0.5 if rng.random() < 0.5 else 0.0)
        outlines.add(box.rotate(rng.uniform(0, 0.3)).shift([*rng.uniform(-4, 4, 2), 0]))
    dot = Dot([*rng.uniform(-3, 3, 2), 0], radius=0.1)
    ours, reference = (Camera(**SIZE) for _ in range(2))
    painter = Painter(ours)
    painter.begin([])
    painter.draw([outlines, dot])
    for shift in rng.uniform(-0.2, 0.2, (6, 2)):
        assert WHOLE not in painter.draw([outlines, dot.shift([*shift, 0])])
        assert np.abs(ours.pixel_array - manims(reference, [], [outlines, dot])).max() <= 3


def test_letters_on_their_way_are_manims():
    # A letter's curves are so short that Cairo, which cuts them into lines, is led to other cuts by next to nothing.
    words = Prose("How much does each weight, nudged & measured, change the 0.859 of the whole network?", font_size=20)
    ours, reference = (Camera(pixel_width=1280, pixel_height=720) for _ in range(2))
    painter = Painter(ours)
    painter.begin([])
    for place in np.random.default_rng(0).uniform(-1, 1, (12, 2)):
        painter.draw([words.move_to([place[0], 3 * place[1], 0])])
        assert np.abs(ours.pixel_array - manims(reference, [], [words])).max() <= 3


def test_another_background_is_seen(scene):
    painter, camera = Painter(scene.camera), scene.camera
    painter.begin([])
    assert painter.draw([scene.star]) == [WHOLE]
    assert painter.draw([scene.star]) == []
    camera.background_color = "#224466"
    camera.init_background()
    assert painter.draw([scene.star]) == [WHOLE]
    assert tuple(camera.pixel_array[0, 0]) == (0x22, 0x44, 0x66, 255)


def test_points_are_left_to_the_camera(scene):
    cloud = PMobject(stroke_width=6).add_points([[-1, 0, 0], [0, 1, 0]])
    assert scene.step([scene.star, cloud]) == [WHOLE]
    assert scene.step([scene.star, cloud]) == []
    cloud.shift(UP)
    assert scene.step([scene.star, cloud]) == [WHOLE]
    assert scene.step() == [WHOLE]  # only what the painter draws itself again: it starts afresh
    assert scene.step() == []


IMAGE_CHANGES = {
    "moved": lambda image: image.shift([0.31, -0.17, 0]),
    "turned": lambda image: image.rotate(0.4),
    "fainter": lambda image: image.set_opacity(0.3),
    "a pixel": lambda image: image.pixel_array.__setitem__((3, 4), [255, 0, 0, 90]),
    "in blocks": lambda image: image.set_resampling_algorithm(RESAMPLING_ALGORITHMS["nearest"]),
    "half out of the picture": lambda image: image.to_edge(LEFT, buff=-1).shift([0.013, 0, 0]),
    "out of the picture": lambda image: image.shift(30 * RIGHT),
    "far too large": lambda image: image.scale(30),
    "a line": lambda image: image.stretch(0, 1),
}


@pytest.mark.parametrize("change", IMAGE_CHANGES.values(), ids=IMAGE_CHANGES.keys())
def test_a_picture_is_laid_where_manim_lays_it(scene, change):
    pixels = np.random.default_rng(2).integers(0, 256, (20, 24, 4), np.uint8)
    image = ImageMobject(pixels).scale(12).move_to([0.21, 0.1, 0])
    among = [scene.dots, image, scene.star, scene.arrow]  # it lies over some, and under others
    scene.step(among)
    assert scene.step(among) == []
    scene.star.move_to(ORIGIN)
    assert sum(rectangle.area for rectangle in scene.step(among)) < 0.5 * WHOLE.area
    change(image)
    scene.step(among)
    assert scene.step(among) == []


def test_a_picture_may_stand_still(scene):
    image = ImageMobject(np.random.default_rng(1).integers(0, 256, (9, 9, 4), np.uint8)).scale(20)
    scene.painter.begin([image, scene.dots])
    scene.painter.draw([scene.star])
    expected = manims(Camera(**SIZE), [image, scene.dots], [scene.star])
    assert np.abs(scene.camera.pixel_array.astype(int) - expected).max() <= 3


def test_another_kind_of_camera_draws_itself():
    camera = MovingCamera(**SIZE)
    painter, star = Painter(camera), Star(fill_opacity=1)
    painter.begin([Square()])
    assert painter.draw([star]) == [WHOLE]
    camera.frame.shift(RIGHT)
    assert painter.draw([star]) == [WHOLE]
    assert painter.draw([star]) == []
    reference = MovingCamera(**SIZE)
    reference.frame.shift(RIGHT)
    # As in Manim, what stands still was drawn before the camera moved.
    still = MovingCamera(**SIZE)
    still.capture_mobjects([Square()])
    reference.set_frame_to_background(still.pixel_array)
    reference.capture_mobjects([star])
    assert np.array_equal(camera.pixel_array, reference.pixel_array)


def test_families_in_manims_order():
    rng = np.random.default_rng(3)
    shapes = [Square() for _ in range(12)]
    for shape in shapes:
        shape.z_index = int(rng.integers(0, 3))
    empty = VMobject()
    for first, second in rng.integers(0, 12, (14, 2)):
        if first < second:  # no circles
            shapes[first].add(shapes[second])
    shapes[0].add(empty)
    chosen = [shapes[index] for index in rng.integers(0, 12, 20)]
    for by_z_index in (True, False):
        camera = Camera(use_z_index=by_z_index, **SIZE)
        assert displayed(chosen, by_z_index) == camera.get_mobjects_to_display(chosen)
