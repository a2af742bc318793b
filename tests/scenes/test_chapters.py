"""Every chapter with every bundled example of its shape, and some others: what it shows, and where."""

from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property
from itertools import count, pairwise

import av
import numpy as np
import pytest
from manim import Camera, Scene, VMobject, config, tempconfig
from manim.__main__ import main as manims_command
from manim.renderer.cairo_renderer import CairoRenderer
from PIL import Image

from backprop_film import contents
from backprop_film.inspection import Faults
from backprop_film.kit import Chapter, Formula
from backprop_film.kit.chapter_list import place
from backprop_film.kit.narration import MAX_CUE
from backprop_film.kit.spoken import unsayable
from backprop_film.lean import lean, steady
from backprop_film.ledger.book import NumberBook
from backprop_film.ledger.document import of_lines
from backprop_film.ledger.verify import verify
from backprop_film.playback import Job, capture, play
from backprop_film.timeline import Timeline
from backprop_math import Example, Network, Relation, example_names, load_example
from backprop_math.checks import Recalculation
from backprop_math.watch import watched

ENTRIES = contents.entries()
SINGLE = ("chain_rule", "computing_derivatives", "meaning", "sensitivity")

# Networks of no bundled example: other depths, functions, costs, digits.
OTHERS = {
    "shallow": """
        layers = [1, 1, 1]
        activation = ["tanh", "sigmoid"]
        cost = "half_squared_error"
        input = [-1.25]
        target = [0.3]
        weights = [[[2.75]], [[-3.5]]]
        biases = [[0.5], [1.0]]
    """,
    "deep": """
        layers = [1, 1, 1, 1, 1, 1]
        activation = "sigmoid"
        input = [0.35]
        target = [0.0]
        seed = 4
    """,
    "wide": """
        layers = [12, 9, 3]
        activation = ["relu", "sigmoid"]
        input = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, -0.5, 0.0]
        target = [1.0, 0.0, 0.5]
        seed = 11
    """,
}


@pytest.fixture(scope="session", autouse=True)
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("examples")
    for name, text in OTHERS.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (path / f"{name}.toml").write_text(
            "\n".join(
                ['title = "Another one"', 'cost = "squared_error"', *lines]
                if "cost" not in text
                else ['title = "Another one"', *lines]
            )
        )
    return path


#: Bundled examples that these chapters do not show yet.
WAITING = {
    # Of the shape of simplest, or slow where every number is looked up; they are inspected below.
    "chain_rule": {"overshoot"},
    "computing_derivatives": {"overshoot"},
    "sensitivity": {"overshoot"},
    "introduction": {"body_mass", "digits", "overshoot", "several"},
    "long_chain": set(example_names()) - {"several"},
    "meaning": {"overshoot", "simplest"},
    "more_neurons": {"body_mass", "digits", "several"},
    "recap": {"body_mass", "digits"},
    # Of an example, they show the layers only, or nothing but its shape.
    "primer": set(example_names()),
    "reverse_mode": set(example_names()),
    # The rest of its shape goes through by chance, as any network.
    "compact_form": set(example_names()),
    "sums_and_averages": set(example_names()),
    "vanishing_gradients": set(example_names()),
}


#: Shown with ``--every-chapter``: of a shape that the chapter is shown with by another pair, or by a random network.
MORE = {
    "introduction": {"two_outputs", "xor"},
    "more_neurons": {"introduction", "overshoot", "xor"},
    "recap": {"introduction", "overshoot", "simplest"},
}


def more(*values):
    """A case that only ``--every-chapter`` takes."""
    return pytest.param(*values, marks=pytest.mark.every_chapter)


#: The first training example of these is the same; it is what the chapters show that tell of one.
SAME = {"simplest", "several"}


def fitting():
    """Pairs of a chapter and the name of an example that it can show, with other numbers than its own has."""
    examples = {name: load_example(name) for name in example_names()}
    for entry in ENTRIES:
        chapter = contents.load(entry)
        for name, example in examples.items():
            if {name, chapter.example_name} <= SAME or name == chapter.example_name:
                continue  # it is shown by Manim's own command, below
            if name not in WAITING.get(entry.name, ()) and chapter.misfit(example) is None:
                pair = more if name in MORE.get(entry.name, ()) else pytest.param
                yield pair(entry, name)


def pair_id(value):
    return getattr(value, "name", value)


class Watch:
    """What a chapter has shown at the end of any of its plays: an observer of it."""

    def __init__(self):
        self.relations: set[Relation] = set()
        self.captions: set[str] = set()
        self.faults: set[str] = set()
        self._judge, self._made = Faults(), []

    def __call__(self, chapter):
        self.chapter, self.fps = chapter, config.frame_rate
        beat = chapter.beats[-1].key if chapter.beats else ""
        self.faults.update(f"{beat}: {items[0].name} {detail}" for _, items, detail in self._judge(chapter))
        self.captions.update(cue.text for beat in chapter.beats for cue in beat.cues)
        shapes = Scene.get_mobject_family_members(chapter)
        visible = {id(shape) for shape in shapes if isinstance(shape, VMobject) and shape.get_fill_opacity() > 0}
        for formula in self._made:
            if any(id(glyph) in visible for glyph in formula.submobjects):
                self.relations.update(node for node in formula.expression.walk() if isinstance(node, Relation))
        if chapter.book is None:  # Manim's own command keeps none
            self._book(chapter)

    @contextmanager
    def recording(self):
        """Within, every formula that is made is known, and every variant of an example that is calculated."""
        original = Formula.__init__

        def recorded(formula, *args, **kwargs):
            self._made.append(formula)
            original(formula, *args, **kwargs)

        Formula.__init__ = recorded
        try:
            with watched() as seen:
                self._book = NumberBook(seen)
                yield
        finally:
            Formula.__init__ = original

    @cached_property
    def ledger(self):
        """The ledger of all numbers shown and said."""
        book, name = self.chapter.book or self._book, type(self.chapter).__name__
        return of_lines("", [Timeline(name, "", self.fps, self.chapter.frame, **book.spans(self.chapter))])

    @property
    def strays(self):
        """Numbers that are not what they are said to be, or nobody's value."""
        return [f"{one.kind}: {one.entry}" for one in verify(self.ledger) if one.kind != "agrees"]

    def shared(self, example):
        """Which part of the decimals shown would be the same of another example."""
        numbers, same = Recalculation(example), 0
        decimals = [entry for entry in self.ledger.entries if "." in entry.text]
        for entry in decimals:
            with suppress(ValueError, ArithmeticError):
                same += abs(numbers.value(entry.expression) - entry.value) <= 1e-9 * abs(entry.value)
        return same / len(decimals)


def shown(entry, example):
    """What a chapter shows of an example, from an undrawn pass."""
    watch = Watch()
    with watch.recording():
        play(Job(entry, quality="l", example=str(example)), observe=watch)
    return watch


def unspoken(chapter):
    """Sentences with signs that no voice is known to say."""
    said = [sentence.spoken for beat in chapter.beats for sentence in beat.sentences]
    return [spoken for spoken in said if unsayable(spoken) or not spoken.strip()]


def look_through(seen):
    """All that is shown is calculated, adds up and is in its place; one play of a chapter serves all of it."""
    assert len(seen.ledger.entries) > 10
    assert seen.strays == []
    assert seen.relations
    assert [str(relation) for relation in seen.relations if not relation.adds_up()] == []
    assert seen.faults == set()
    assert all(len(caption) <= MAX_CUE for caption in seen.captions)
    assert unspoken(seen.chapter) == []
    for beat in seen.chapter.beats:
        assert " ".join(cue.text for cue in beat.cues) == " ".join(beat.text.split())
        for cue in beat.cues:
            assert (cue.end - cue.start) / seen.fps >= cue.seconds - 0.5 / seen.fps


@pytest.mark.parametrize(("entry", "name"), list(fitting()), ids=pair_id)
def test_what_is_shown_of_an_example_is_its_own(entry, name):
    seen = shown(entry, name)
    look_through(seen)
    assert seen.shared(load_example(seen.chapter.example_name)) < 0.5  # nudges and such


@pytest.mark.parametrize(
    ("chapter", "name"),
    [("chain_rule", "shallow"), more("chain_rule", "deep"), more("computing_derivatives", "shallow"),
     ("computing_derivatives", "deep"), ("introduction", "wide"), more("sensitivity", "shallow"),
     ("sensitivity", "deep")],
)  # fmt: skip
def test_any_network_of_the_shape(chapter, name, folder):
    entry = contents.find(chapter)
    file = folder / f"{name}.toml"
    seen = shown(entry, file)
    assert seen.strays == []
    assert [str(relation) for relation in seen.relations if not relation.adds_up()] == []
    assert seen.faults == set()
    assert unspoken(seen.chapter) == []


#: One neuron a layer, and nothing moves, or too little to be seen: functions, weights, input, target.
STILL = {
    "dead": ("relu", [-1.0, 1.0], 0.5, 1.0),
    "dead at last": ("relu", [1.0, -1.0], 0.5, 1.0),
    "saturated": ("sigmoid", [1.0, 40.0], 0.5, 1.0),
    "saturated the other way": ("sigmoid", [1.0, -40.0], 0.5, 1.0),
    "flat to the last bit": ("sigmoid", [1.0, 400.0], 0.5, 1.0),
    "of weight 0": ("identity", [0.0, 0.0, 0.0], 0.5, 0.0),
    "of input 0": ("relu", [1.0, 1.0], 0.0, 1.0),
    "at its target": ("identity", [1.0, 1.0], 0.5, 0.5),
}


@pytest.mark.parametrize(
    ("chapter", "name"),
    [("chain_rule", name) for name in ("saturated the other way", "of weight 0")]
    + [more("chain_rule", "dead"), ("computing_derivatives", "flat to the last bit"), ("meaning", "dead at last")],
)
def test_no_change_is_shown_as_one(chapter, name, tmp_path):
    activation, weights, given, target = STILL[name]
    count = 2 if chapter == "meaning" else 1
    file = tmp_path / "still.toml"
    file.write_text(
        f"""
        title = "Nothing moves"
        layers = {[1] * (len(weights) + 1)}
        activation = "{activation}"
        cost = "squared_error"
        input = {[[given]] * count}
        target = {[[target]] * count}
        weights = {[[[w]] for w in weights]}
        biases = {[[0.0]] * len(weights)}
        """
    )
    entry = contents.find(chapter)
    seen = shown(entry, file)
    assert seen.strays == []
    assert [str(relation) for relation in seen.relations if not relation.adds_up()] == []
    assert unspoken(seen.chapter) == []
    if chapter in ("chain_rule", "computing_derivatives") and name != "at its target":
        assert seen.faults == set()


@pytest.mark.parametrize("bias", [37.0, 800.0, -800.0])
def test_a_last_factor_without_digits_is_refused_in_one_sentence(bias):
    """Cross-entropy after a sigmoid that is 0 or 1 to the last digit: ∂C/∂a is no number, or has lost its digits."""
    made = {"activation": ["tanh", "sigmoid"], "cost": "cross_entropy"}
    single = Network.from_arrays([[[1.0]], [[1.0]]], [[0.0], [bias]], **made)
    wide = Network.from_arrays([[[1.0], [0.5]], [[1.0, 2.0], [0.5, 1.0]]], [[0.0, 0.0], [bias, 0.2]], **made)
    fits = {}
    for entry in ENTRIES:
        network = single if entry.name in SINGLE else wide
        example = Example("x", "", network, np.full((2, 1), 0.5), np.zeros((2, network.layers[-1])))
        fits[entry.name] = contents.load(entry).misfit(example)
    refused = {name for name, reason in fits.items() if reason}
    assert refused >= set(SINGLE)
    assert all("∂C/∂a of cross_entropy keeps no digits" in fits[name] for name in SINGLE)


#: Where a chapter goes on with the picture of the one before.
CONTINUED = {
    ("introduction", "chain_rule"),
    ("chain_rule", "computing_derivatives"),
    ("meaning", "sensitivity"),
}
JOINTS = {one: other for one, other in pairwise(ENTRIES) if (one.name, other.name) in CONTINUED}


def test_every_chapters_file_is_in_the_list_once_and_finds_its_number_there():
    assert sorted(entry.file for entry in ENTRIES) == sorted(contents.FOLDER.glob("*.py"))
    for entry in ENTRIES:
        line = place(contents.load(entry))
        assert (line.number, line.part) == (entry.number, entry.part)
        assert line.count == sum(other.part == entry.part for other in ENTRIES)


#: Drawn whole, and written, and as Manim does it throughout; of the other chapters, one picture in seven is drawn.
WHOLE = "computing_derivatives"


def drawn_sparingly(monkeypatch):
    """Of seven pictures that Manim asks its camera for, one is drawn; all else takes place."""
    draw, calls = Camera.capture_mobjects, count()

    def sparingly(camera, mobjects, **how):
        if next(calls) % 7 == 0:
            draw(camera, mobjects, **how)

    monkeypatch.setattr(Camera, "capture_mobjects", sparingly)


@contextmanager
def as_in_films():
    """What Manim does most is done with less work; `lean` is compared with Manim's own ways elsewhere."""
    with steady(), lean():
        yield


def by_manims_command(entry, folder, monkeypatch):
    """What a chapter shows when `manim -ql scenes/chain_rule.py ChainRule` plays it, at one small picture a second,
    and how many pictures are to be written.
    """
    watch, set_up, add, added = Watch(), Chapter.setup, CairoRenderer.add_frame, []

    def observed(chapter):
        set_up(chapter)
        chapter.observers.append(watch)

    def counted(renderer, frame, num_frames=1):
        added.append(num_frames)
        add(renderer, frame, num_frames)

    monkeypatch.setattr(Chapter, "setup", observed)
    monkeypatch.setattr(CairoRenderer, "add_frame", counted)
    small = ["-ql", "--fps", "1", "-r", "214,120", "--disable_caching"]
    how = ["--hide-splash", "render", *small, "--progress_bar", "none", "-v", "WARNING", "--silent"]
    if entry.name != WHOLE:
        how.append("--dry_run")
        drawn_sparingly(monkeypatch)
    words = [*how, "--media_dir", str(folder), str(entry.file), entry.class_name]
    with nullcontext() if entry.name == WHOLE else as_in_films(), tempconfig({}), watch.recording():
        manims_command(words, standalone_mode=False)
    return watch, sum(added)


@pytest.mark.parametrize("entry", ENTRIES, ids=pair_id)
def test_manims_own_command_renders_it(entry, tmp_path, monkeypatch):
    """The whole chapter, every play; its last picture is that with which another goes on."""
    joint = JOINTS.get(entry)
    with monkeypatch.context() as patch:
        seen, frames = by_manims_command(entry, tmp_path, patch)
    look_through(seen)
    assert frames == seen.chapter.frame
    for movie in tmp_path.glob(f"videos/*/*p1/{entry.class_name}.mp4"):
        with av.open(movie) as container:
            assert sum(1 for packet in container.demux(video=0) if packet.size) == frames
    assert len(list(tmp_path.glob("videos/*/*p1/*.mp4"))) == (entry.name == WHOLE)
    if joint:
        # Below the title, the two are one picture.
        camera = Camera(pixel_width=854, pixel_height=480, background_color=seen.chapter.camera.background_color)
        camera.capture_mobjects(seen.chapter.mobjects)
        pictures = Image.fromarray(camera.pixel_array), capture(Job(joint, quality="l", captions=False), [0])[0]
        stages = [np.asarray(picture.convert("L"), dtype=int)[50:] for picture in pictures]
        # A line that is drawn twice, or part by part, differs a little at its edges.
        assert np.abs(stages[0] - stages[1]).max() <= 32
        assert stages[0].max() > 100
