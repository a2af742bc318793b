"""Every chapter with every bundled example of its shape, and some others: what it shows, and where."""

import re
from contextlib import contextmanager
from itertools import pairwise

import av
import numpy as np
import pytest
from manim import Camera, Scene, VMobject, config, tempconfig
from manim.__main__ import main as manims_command
from PIL import Image

from backprop_film import contents
from backprop_film.inspection import Faults
from backprop_film.kit import Axis, Chapter, Formula, Readout, TextMobject
from backprop_film.kit.chapter_list import place
from backprop_film.kit.narration import MAX_CUE
from backprop_film.kit.spoken import unsayable
from backprop_film.playback import Job, capture, play
from backprop_film.sets import LastLayerNudge
from backprop_math import (
    Activation,
    Bias,
    Cost,
    Descent,
    Example,
    Network,
    Nudge,
    Number,
    Relation,
    Target,
    TrainingRun,
    Weight,
    WeightedSum,
    example_names,
    load_example,
)

ENTRIES = contents.entries()
SINGLE = ("chain_rule", "computing_derivatives", "meaning", "sensitivity")
NUDGES = (1.0, 0.1, 0.01, 0.001)
VISIBLE_NUDGE = 0.6

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
    "introduction": {"body_mass", "digits", "overshoot", "several"},
    "meaning": {"overshoot", "simplest"},
    "more_neurons": {"body_mass", "digits", "several"},
    "recap": {"body_mass", "digits"},
}


#: The first training example of these is the same; it is what the chapters show that tell of one.
SAME = {"simplest", "several"}


def fitting():
    """Pairs of a chapter and the name of an example that it can show, with other numbers than its own has."""
    for entry in ENTRIES:
        chapter = contents.load(entry)
        for name in example_names():
            if {name, chapter.example_name} <= SAME or name == chapter.example_name:
                continue  # it is shown by Manim's own command, below
            if name not in WAITING.get(entry.name, ()) and chapter.misfit(load_example(name)) is None:
                yield entry, name


def pair_id(value):
    return getattr(value, "name", value)


class Watch:
    """What a chapter has shown at the end of any of its plays: an observer of it."""

    def __init__(self):
        self.numbers: set[Number] = set()
        self.relations: set[Relation] = set()
        self.captions: set[str] = set()
        self.faults: set[str] = set()
        self._judge, self._made = Faults(), []

    def __call__(self, chapter):
        self.chapter, self.example, self.fps = chapter, chapter.example, config.frame_rate
        beat = chapter.beats[-1].key if chapter.beats else ""
        self.faults.update(f"{beat}: {items[0].name} {detail}" for _, items, detail in self._judge(chapter))
        self.captions.update(cue.text for beat in chapter.beats for cue in beat.cues)
        shapes = Scene.get_mobject_family_members(chapter)
        visible = {id(shape) for shape in shapes if isinstance(shape, VMobject) and shape.get_fill_opacity() > 0}
        axes = {id(end) for shape in shapes if isinstance(shape, Axis) for end in shape.labels}
        for text in self._made:
            if id(text) in axes or not any(id(glyph) in visible for glyph in text.submobjects):
                continue
            if isinstance(text, Readout):
                self.numbers.add(text.number)
            else:
                self.numbers.update(text.numbers)
                self.relations.update(node for node in text.expression.walk() if isinstance(node, Relation))

    @contextmanager
    def recording(self):
        """Within, every text that is made is known."""
        original = TextMobject.__init__

        def recorded(text, *args, **kwargs):
            if isinstance(text, Readout | Formula):
                self._made.append(text)
            original(text, *args, **kwargs)

        TextMobject.__init__ = recorded
        try:
            yield
        finally:
            TextMobject.__init__ = original


def shown(entry, example):
    """What a chapter shows of an example, from an undrawn pass."""
    watch = Watch()
    with watch.recording():
        play(Job(entry, quality="l", example=str(example)), observe=watch)
    return watch


def calculated(example):
    """Every value that a film of this example may show: its traces', and those of the nudges that it measures."""
    traces = [example.trace(i) for i in range(len(example.inputs))]
    trace = traces[0]
    parameters = list(example.network.parameters)
    values = set().union(*map(of_trace, traces), *map(of_trace, moved(example)))
    values.add(sum(t.cost for t in traces) / len(traces))
    values |= {sum(t.derivative(q) for t in traces) / len(traces) for q in parameters}
    if step := Descent.falling(example):
        changes = {q: -step.rate * trace.derivative(q) for q in parameters}
        after = example.with_values({q: trace.value(q) + change for q, change in changes.items()}).trace()
        values |= of_trace(after) | set(changes.values()) | {step.rate, after.cost - trace.cost}
    values |= added_up(trace) | trained(example)
    for nudge in turned(example):
        values |= of_trace(nudge.after) | {nudge.by, nudge.change(Cost())}
    for k in range(example.network.layers[-2]):
        nudge = LastLayerNudge(example, k)
        values |= {nudge.by, nudge.change, abs(nudge.change)} | {*nudge.changes, *map(abs, nudge.changes)}
        values |= of_trace(nudge.nudge.after)
    if max(example.network.layers) == 1:
        w = Weight(example.network.L, 0, 0)
        path = [w, *(factor.of for factor in trace.chain_rule(w).paths[0].factors)]
        for by in (*NUDGES, VISIBLE_NUDGE):
            nudge = Nudge(example, w, by)
            values |= {nudge.after.value(q) for q in path} | {nudge.change(q) for q in path}
            values |= {nudge.ratio(of, wrt) for wrt, of in pairwise(path)} | {nudge.ratio(path[-1], w)}
            # What the derivative foretells of the nudge.
            values.add(by * trace.derivative(w))
            values |= {abs(nudge.change(path[-1])), abs(by * trace.derivative(w))}  # "falls by"
            both = nudge.ratio(path[-1], w), trace.derivative(w)
            # How far one is off, in the digits shown.
            values |= {abs(round(both[0], digits) - round(both[1], digits)) for digits in range(4, 10)}
    return values


def trained(example):
    """What a real training shows: its costs, and what the networks say that it ends with."""
    runs = [TrainingRun.of(example)]
    if example.name == "two_outputs":  # its chapter ends with the network of the first one
        runs.append(TrainingRun.of(load_example("introduction"), 300, 1.0))
    values = {float(cost) for run in runs for cost in run.costs}
    return values.union(*(of_trace(run.trace_example(len(run)).trace()) for run in runs if run.example.network.L < 12))


def added_up(trace):
    """What is added up where the last layers have several neurons: terms of z, products along paths, parts of C."""
    network = trace.network
    L, values = network.L, set()
    for j, row in enumerate(network.W[L]):
        a, y = (np.array([trace.value(q)]) for q in (Activation(L, j), Target(j)))
        values.add(float(network.cost.value(a, y)))
        for k, w in enumerate(row):
            values |= {w * trace.value(Activation(L - 1, k)), w * trace.derivative(WeightedSum(L, j))}
    return values if min(network.layers[-2:]) > 1 else set()


def of_trace(trace):
    """All that one trace says: values, derivatives, local derivatives."""
    graph = trace.graph
    values = {trace.value(q) for q in graph.nodes} | {trace.derivative(q) for q in graph.nodes}
    return values | {edge.value for edge in graph.edges}


def turned(example):
    """Each weight that may be drawn, larger by a tenth of the largest of its layer, or a rounder number."""
    found = []
    for layer, W in example.network.W.items():
        by = max(f * 10.0**p for p in range(-15, 15) for f in (1, 2, 5) if f * 10.0**p <= abs(W).max() / 10)
        ends = [[i for i in range(n) if i < 3 or i >= n - 3] for n in W.shape]
        places = [(j, k) for j in ends[0] for k in ends[1]]
        found += [Nudge(example, Weight(layer, *place), float(np.copysign(by, W[place]))) for place in places]
    return found


def moved(example):
    """The example with something moved, as the chapters show it where a movement stops."""
    network, trace = example.network, example.trace()
    if max(network.layers) > 1:
        return []
    L = network.L
    y, a, z = trace.value(Target(0)), trace.value(Activation(L, 0)), trace.value(WeightedSum(L, 0))
    b = trace.value(Bias(L, 0))
    stops = [(Target(0), a), (Target(0), a - 0.6 * (y - a))]
    stops += [(Bias(L, 0), b - z + far) for far in (0.0, 3.5, -3.5)]
    if L > 1:
        stops += [(Bias(L - 1, 0), trace.value(Bias(L - 1, 0)) + far) for far in (3.5, -3.5)]
    return [example.with_values({quantity: value}).trace() for quantity, value in stops]


def strays(numbers, values):
    """Decimals that are nobody's value."""
    return [
        number
        for number in numbers
        if number.decimals and not any(abs(number.value - value) <= 1e-12 * max(1, abs(value)) for value in values)
    ]


def strays_in_text(text, values):
    """Decimals in a text that are no value's rounding."""
    found = []
    for digits in re.findall(r"[−-]?\d+\.\d+", text):
        decimals = len(digits.split(".")[1])
        plain = digits.replace("−", "-")
        if not any(Number(value, decimals).shown == plain for value in values):
            found.append(digits)
    return found


def unspoken(chapter):
    """Sentences with signs that no voice is known to say."""
    said = [sentence.spoken for beat in chapter.beats for sentence in beat.sentences]
    return [spoken for spoken in said if unsayable(spoken) or not spoken.strip()]


def look_through(seen):
    """All that is shown is calculated, adds up and is in its place; one play of a chapter serves all of it."""
    values = calculated(seen.example)
    assert len(seen.numbers) > 10
    assert strays(seen.numbers, values) == []
    assert [digits for caption in seen.captions for digits in strays_in_text(caption, values)] == []
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
    decimals = [number for number in seen.numbers if number.decimals]
    others = calculated(load_example(seen.chapter.example_name))
    assert len(strays(decimals, others)) > 0.5 * len(decimals)  # the rest are nudges and such


def test_a_typed_decimal_is_found():
    values = calculated(load_example("simplest"))
    assert strays({Number(0.4321, 4)}, values) == [Number(0.4321, 4)]
    assert strays_in_text("the cost is 0.99, or −0.777", values) == ["0.99", "−0.777"]


@pytest.mark.parametrize(
    ("chapter", "name"),
    [("chain_rule", "shallow"), ("chain_rule", "deep"), ("computing_derivatives", "shallow"),
     ("computing_derivatives", "deep"), ("introduction", "wide"), ("sensitivity", "shallow"), ("sensitivity", "deep")],
)  # fmt: skip
def test_any_network_of_the_shape(chapter, name, folder):
    entry = contents.find(chapter)
    file = folder / f"{name}.toml"
    seen = shown(entry, file)
    assert strays(seen.numbers, calculated(seen.example)) == []
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
    [("chain_rule", name) for name in ("dead", "saturated the other way", "of weight 0")]
    + [("computing_derivatives", "flat to the last bit"), ("meaning", "dead at last")],
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


def by_manims_command(entry, folder, monkeypatch):
    """What a chapter shows when `manim -ql scenes/chain_rule.py ChainRule` draws it, at one small picture a second."""
    watch, set_up = Watch(), Chapter.setup

    def observed(chapter):
        set_up(chapter)
        chapter.observers.append(watch)

    monkeypatch.setattr(Chapter, "setup", observed)
    how = "--hide-splash render -ql --fps 1 -r 214,120 --disable_caching --progress_bar none -v WARNING --silent"
    words = [*how.split(), "--media_dir", str(folder), str(entry.file), entry.class_name]
    with tempconfig({}), watch.recording():
        manims_command(words, standalone_mode=False)
    return watch


@pytest.mark.parametrize("entry", ENTRIES, ids=pair_id)
def test_manims_own_command_renders_it(entry, tmp_path, monkeypatch):
    """The whole chapter, every play drawn; its last picture is that with which another goes on."""
    joint = JOINTS.get(entry)
    seen = by_manims_command(entry, tmp_path, monkeypatch)
    look_through(seen)
    (movie,) = tmp_path.glob(f"videos/*/*p1/{entry.class_name}.mp4")
    with av.open(movie) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) == seen.chapter.frame
    if joint:
        # Below the title, the two are one picture.
        camera = Camera(pixel_width=854, pixel_height=480, background_color=seen.chapter.camera.background_color)
        camera.capture_mobjects(seen.chapter.mobjects)
        pictures = Image.fromarray(camera.pixel_array), capture(Job(joint, quality="l", captions=False), [0])[0]
        stages = [np.asarray(picture.convert("L"), dtype=int)[50:] for picture in pictures]
        # A line that is drawn twice, or part by part, differs a little at its edges.
        assert np.abs(stages[0] - stages[1]).max() <= 32
        assert stages[0].max() > 100
