"""Every example in the kit's documentation is run in a plain scene of Manim's."""

import ast
import inspect
import pkgutil
from importlib import import_module
from types import SimpleNamespace

import manim
import pytest
from manim import tempconfig

import backprop_film.kit as kit
import backprop_film.sets as sets
import backprop_math
from backprop_film.kit import Chapter, Formula
from backprop_math import Cost, Descent, Notation, Weight, WeightedSum, load_example
from backprop_math.autodiff import parse_formula
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, SMALL, TRACE, played

MODULES = {
    name: import_module(f"{room.__name__}.{name}")
    for room in (kit, sets)
    for _, name, _ in pkgutil.iter_modules(room.__path__)
}
#: Those that are no mobject or move of their own, and say by words what they are for.
WITHOUT = {
    "arguments", "bounds", "captioning", "changes_in_words", "chapter_list", "clipping", "contour", "counted",
    "deep_twins", "factor_by_factor", "function_nudges", "functions_in_words", "moved_terms", "narrated_scene",
    "narration", "numpy_pass", "path_counts", "shown_number", "single_neurons", "spans", "speech_clock", "spoken",
    "sums_in_symbols", "theme", "training_words", "typeset",
}  # fmt: skip
#: Examples of networks with several neurons a layer.
WIDE = {
    "carried_line",
    "contribution_bars",
    "decision_plane",
    "definition_board",
    "descent",
    "gradient_blocks",
    "index_meanings",
    "last_layer_nudge",
    "last_layers_chapter",
    "last_layers_layout",
    "last_layers_stage",
    "nudge_ripples",
    "path_figures",
    "path_marks",
    "pinned_number",
    "ripple",
    "paths",
    "product_table",
    "sensitivity_lights",
    "addends",
    "sum_table",
    "weight_matrix",
    "ways_network",
}
DOCUMENTED = {
    "kit": kit, **{name: module for name, module in MODULES.items() if name not in WITHOUT},
    "columns": kit.columns, "rules_after": kit.rules_after, "formula": kit.Formula, "readout": kit.Readout,
    "cost": kit.CostNode, "neuron indices": kit.NeuronIndices,
}  # fmt: skip
WIDE |= {"cost", "neuron indices"}


def example_code(documented):
    """The code in a docstring: its longest run of paragraphs that is Python and calls something."""
    paragraphs = inspect.cleandoc(documented.__doc__).split("\n\n")
    runs = [(i, j) for i in range(len(paragraphs)) for j in range(i + 1, len(paragraphs) + 1)]
    for i, j in sorted(runs, key=lambda run: run[0] - run[1]):
        code = inspect.cleandoc("\n" + "\n\n".join(paragraphs[i:j]))
        try:
            tree = ast.parse(code)
        except SyntaxError:
            continue
        if any(isinstance(node, ast.Call) for node in ast.walk(tree)):
            return code
    raise AssertionError(f"{documented.__name__} shows no example")


def names(wide):
    """What the examples take for granted."""
    example = load_example("two_outputs") if wide else SIMPLEST
    trace, notation = example.trace(), Notation(example.network)
    known = {
        **vars(manim), **vars(backprop_math), **vars(kit), **vars(sets), "example": example, "trace": trace,
        "notation": notation,
        "network": example.network, "diagram": kit.NetworkDiagram(example.network).show(trace), "Descent": Descent,
        "parse_formula": parse_formula,
        "gauge": kit.Gauge(trace, notation, Cost()),
    }  # fmt: skip
    if wide:
        return known | {"cost": kit.CostNode(trace, notation, known["diagram"])}
    a, b, c, d = (NOTATION.symbol(Weight(layer, 0, 0)) for layer in (1, 2, 3, 3))
    formula = Formula(NOTATION.definition(WeightedSum(3, 0)))
    return known | {
        "readout": kit.Readout(TRACE, Cost()), "a": a, "b": b, "c": c, "d": d, "z": WeightedSum(3, 0),
        "nudged_trace": SIMPLEST.with_values({Weight(3, 0, 0): 1.9}).trace(),
        "rows": [[Formula(a), Formula(b)], [Formula(c), Formula(d)]],
        "formula": formula, "formula_with_numbers": Formula(NOTATION.with_numbers(formula.expression, TRACE)),
        "labelled": SimpleNamespace(label=Formula(c).shift([-3, 0, 0])),
    }  # fmt: skip


def run(code, wide=False):
    """A plain scene in which the code has been run, or the scene that it defines."""
    known = {**names(wide), "__name__": "documented"}

    def construct(scene):
        known["self"] = scene
        exec(code, known)

    scene = played(construct, fps=5)
    for made in known.values():
        if isinstance(made, type) and made.__module__ == "documented":
            with tempconfig({"format": "none", "frame_rate": 5, **SMALL}):
                scene = made(known["example"]) if issubclass(made, Chapter) and wide else made()
                scene.render()
    return scene


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_plain_scene_can_do_what_the_documentation_shows(name):
    code = example_code(DOCUMENTED[name])
    assert len(code.splitlines()) <= 8
    scene = run(code, wide=name in WIDE)
    assert bool(scene.get_mobject_family_members()) == ("self" in code)


def test_an_example_that_does_not_run_would_be_noticed():
    def documented():
        """A function.

        self.play(ChangeQuantity(lambda t: trace, [readout]))
        """

    with pytest.raises(TypeError):
        run(example_code(documented))


def test_no_name_offered_shadows_one_of_manims():
    theirs = {name for name in vars(manim) if not name.startswith("_")}
    rooms = [
        backprop_math,
        import_module("backprop_math.formula"),
        import_module("backprop_math.formula.expression"),
        kit,
    ]
    for room in [*rooms, sets, *MODULES.values()]:
        assert theirs.isdisjoint(room.__all__), room.__name__
