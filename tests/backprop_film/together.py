"""Small chapters in which several things move at once, across one another."""

from manim import (
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    Graph,
    LaggedStart,
    MoveAlongPath,
    Rotate,
    Square,
    Transform,
    TransformMatchingShapes,
    Triangle,
    VGroup,
)

from backprop_film.kit import Chapter, Prose


def _shapes(*kinds):
    colours = ("#DD4444", "#44DD44", "#4444DD", "#DDDD44", "#DD44DD")
    return [
        kind(color=colour, fill_color=colour, fill_opacity=0.8).shift(0.4 * index * RIGHT + LEFT)
        for index, (kind, colour) in enumerate(zip(kinds, colours, strict=True))
    ]


class Together(Chapter):
    """Plays of everything that might be drawn in an order of its own."""

    title = "Together"

    def construct(self):
        shapes = _shapes(Circle, Square, Triangle, Circle, Square)
        with self.say("Several things.", key="several"):
            self.play(LaggedStart(*map(Create, shapes), lag_ratio=0.1), run_time=0.6)
        self.play(
            shapes[0].animate.shift(2 * RIGHT),
            Transform(shapes[1], shapes[4].copy()),
            Rotate(shapes[2], 1),
            MoveAlongPath(shapes[3], Circle(1)),
            run_time=0.6,
        )
        one, other = (VGroup(*_shapes(Square, Triangle, Circle, Square, Square)).shift(y * UP) for y in (1, -1))
        other.submobjects.reverse()
        other[0].scale(1.3)
        self.play(TransformMatchingShapes(one, other), run_time=0.6)
        graph = Graph([], [])
        graph.add_edges(*[("a", "b"), ("c", "d"), ("e", "f"), ("g", "a")])
        for index, vertex in enumerate(graph.vertices.values()):
            vertex.scale(8).set_color(["#FF0000", "#00FF00", "#0000FF"][index % 3]).move_to([0.1 * index, 0, 0])
        self.play(FadeIn(graph), run_time=0.4)
        self.wait(0.2)


class Unordered(Chapter):
    """What it draws over what depends on Python's hashes: a fault, planted for the test."""

    title = "Unordered"

    def construct(self):
        words = {"several", "things", "that", "lie", "upon", "one", "another"}
        self.add(*(Prose(word).scale(3) for word in words))
        self.wait(0.2)
