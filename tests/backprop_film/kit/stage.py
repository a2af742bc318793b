"""A stage for tests: examples, and scenes that are played without writing a file."""

from manim import Scene, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer

from backprop_film.kit import Chapter
from backprop_math import Example, Network, Notation

SMALL = {"pixel_width": 256, "pixel_height": 144}
#: One neuron a layer; not the bundled example, whose numbers may change.
SIMPLEST = Example.from_arrays(
    [[[1.4]], [[1.3]], [[1.7]]], [[-0.4], [-0.94], [-0.17]], [0.8], [1.0], name="simplest", title="One neuron a layer"
)
TRACE = SIMPLEST.trace()
NOTATION = Notation(SIMPLEST.network)


def played(construct, base=Scene, fps=10, renderer=None, **scene):
    """The scene, after ``construct(scene)`` has been played in it; ``renderer`` is a class."""
    with tempconfig({"format": "none", "disable_caching": True, "frame_rate": fps, **SMALL}):
        scene["renderer"] = renderer and renderer()
        made = type("Played", (base,), {"construct": construct})(**scene)
        made.render()
    return made


def in_chapter(construct, **how):
    """The chapter, after ``construct(chapter)`` has been played in it."""
    return played(construct, base=Chapter, **how)


def on_screen(scene):
    """What a test has put on the screen: no title, no caption."""
    furniture = getattr(scene, "furniture", None)
    return [mobject for mobject in scene.mobjects if mobject is not furniture]


def network_example(*sizes, activation="tanh", cost="squared_error", seed=1):
    """A random network of these sizes, with an input and a target."""
    network = Network.random(sizes, activation=activation, seed=seed)
    inputs = [0.1 + 0.8 * k / sizes[0] for k in range(sizes[0])]
    return Example.from_arrays(
        network.W, network.b, inputs, [0.25] * sizes[-1], activation=activation, cost=cost, name="random"
    )  # fmt: skip


class Recorder(CairoRenderer):
    """Manim's renderer, which also keeps every frame and the caption that the chapter shows."""

    def __init__(self):
        super().__init__()
        self.frames, self.captions, self.scene = [], [], None

    def play(self, scene, *args, **kwargs):
        self.scene = scene
        super().play(scene, *args, **kwargs)

    def add_frame(self, frame, num_frames=1):
        super().add_frame(frame, num_frames)
        caption = getattr(self.scene, "caption", None)
        self.frames += [frame[:, :, :3].astype(int)] * num_frames
        self.captions += [caption.string if caption else None] * num_frames
