"""Every chapter with every bundled example of its shape, and some others: what it shows, and where."""

import re
import sys
from dataclasses import dataclass, field
from itertools import pairwise

import av
import numpy as np
import pytest
from manim import Scene

from backprop_film import contents
from backprop_film.inspection import Faults
from backprop_film.kit import Axis, Chapter, Formula, Readout, TextMobject
from backprop_film.kit.chapter_list import place
from backprop_film.kit.narration import MAX_CUE
from backprop_film.kit.spoken import unsayable
from backprop_film.playback import Job, play, survey
from backprop_film.preview import still
from backprop_film.quality import QUALITIES
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
    "more_neurons": {"body_mass", "digits"},
    "recap": {"body_mass", "digits"},
}


def fitting():
    """Pairs of a chapter and an example's name that it can show."""
    for entry in ENTRIES:
        chapter = contents.load(entry)
        for name in example_names():
            if name not in WAITING.get(entry.name, ()) and chapter.misfit(load_example(name)) is None:
                yield entry, name


def pair_id(value):
    return getattr(value, "name", value)


@dataclass
class Shown:
    """What a chapter has shown at the end of any of its plays."""

    example: Example
    chapter: Chapter
    numbers: set[Number] = field(default_factory=set)
    relations: set[Relation] = field(default_factory=set)
    captions: set[str] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)


def watch(job):
    """Play a chapter undrawn and collect what it shows."""
    made = []
    original = TextMobject.__init__

    def recorded(self, *args, **kwargs):
        made.append(self)
        original(self, *args, **kwargs)

    numbers, relations, captions, misplaced = set(), set(), set(), set()
    faults = Faults()

    def observe(chapter):
        beat = chapter.beats[-1].key if chapter.beats else ""
        misplaced.update(f"{beat}: {items[0].name} {detail}" for _, items, detail in faults(chapter))
        present = {id(m) for m in Scene.get_mobject_family_members(chapter)}
        shapes = chapter.get_mobject_family_members()
        axes = {id(end) for m in shapes if isinstance(m, Axis) for end in m.labels}
        for text in made:
            seen = [glyph for glyph in text.submobjects if id(glyph) in present and glyph.get_fill_opacity() > 0]
            if id(text) in axes or not seen:
                continue
            if isinstance(text, Readout):
                numbers.add(text.number)
            elif isinstance(text, Formula):
                numbers.update(text.numbers)
                relations.update(node for node in text.expression.walk() if isinstance(node, Relation))
        captions.update(cue.text for beat in chapter.beats for cue in beat.cues)

    TextMobject.__init__ = recorded
    try:
        chapter, _ = play(job, observe=observe)
    finally:
        TextMobject.__init__ = original
    return Shown(chapter.example, chapter, numbers, relations, captions, misplaced)


def shown(entry, example):
    return watch(Job(entry, quality="l", example=str(example)))


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
            values.add(abs(round(nudge.ratio(path[-1], w), 6) - round(trace.derivative(w), 6)))
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


@pytest.mark.parametrize(("entry", "name"), list(fitting()), ids=pair_id)
def test_what_is_shown_is_calculated_adds_up_and_is_in_its_place(entry, name):
    """One test, as one play of the chapter serves all that is looked at."""
    seen = shown(entry, name)
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
            assert (cue.end - cue.start) / 15 >= cue.seconds - 0.5 / 15


def test_another_example_makes_another_film():
    entry = contents.find("computing_derivatives")
    one, other = (
        {number.shown for number in shown(entry, name).numbers if number.decimals} for name in ("simplest", "overshoot")
    )
    assert len(one & other) < 0.3 * len(one)  # the nudges; the worked numbers differ


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
    seen = watch(Job(entry, quality="l", example=str(file)))
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
JOINTS = [(one, other) for one, other in pairwise(ENTRIES) if (one.name, other.name) in CONTINUED]


@pytest.mark.parametrize(("one", "other"), JOINTS, ids=pair_id)
def test_a_chapter_begins_with_the_screen_that_the_one_before_ends_with(one, other):
    """Below the title and above the captions, the two are one picture."""
    ends = [
        still(Job(entry, quality="l", captions=False), at=at).convert("L") for entry, at in ((one, "end"), (other, "0"))
    ]
    assert ends[0].size == (854, 480)
    stages = [np.asarray(picture, dtype=int)[50:] for picture in ends]
    # A line that is drawn twice, or part by part, differs a little at its edges.
    assert np.abs(stages[0] - stages[1]).max() <= 32
    assert stages[0].max() > 100


def test_every_chapters_file_is_in_the_list_once_and_finds_its_number_there():
    assert sorted(entry.file for entry in ENTRIES) == sorted(contents.FOLDER.glob("*.py"))
    for entry in ENTRIES:
        line = place(contents.load(entry))
        assert (line.number, line.part) == (entry.number, entry.part)
        assert line.count == sum(other.part == entry.part for other in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=pair_id)
def test_manims_own_command_renders_it(entry, tmp_path, monkeypatch):
    """`manim -ql scenes/chain_rule.py ChainRule`: the whole chapter, drawn; as long as an undrawn pass says."""
    import subprocess

    file = sys.modules[contents.load(entry).__module__].__file__
    monkeypatch.setitem(QUALITIES, "l", QUALITIES["l"]._replace(fps=1))  # a picture of every play, at least
    how = ["-ql", "--fps", 1, "--disable_caching", "--progress_bar", "none", "--media_dir", tmp_path, "-v", "WARNING"]
    command = [sys.executable, "-m", "manim", *how, file, entry.class_name]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    (movie,) = tmp_path.glob(f"videos/*/480p1/{entry.class_name}.mp4")
    with av.open(movie) as container:
        frames = sum(1 for packet in container.demux(video=0) if packet.size)
    assert frames == survey(Job(entry, quality="l")).frames
