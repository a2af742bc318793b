"""Every example in the kit's documentation is run in a plain scene of Manim's."""

import inspect
import pkgutil
from contextlib import nullcontext
from importlib import import_module

import manim
import pytest
from manim import tempconfig

import backprop_film.kit as kit
import backprop_film.sets as sets
import backprop_math
from backprop_film.gallery import entries
from backprop_film.gallery.entries import ENTRIES, example_code, surroundings
from backprop_film.kit import Chapter
from backprop_film.lean import lean
from backprop_math import Cost, load_example
from backprop_math.autodiff import parse_formula
from tests.backprop_film.kit.stage import SIMPLEST, SMALL, played

MODULES = {
    name: import_module(f"{room.__name__}.{name}")
    for room in (kit, sets)
    for _, name, _ in pkgutil.iter_modules(room.__path__)
}


def in_sets(module):
    return module.__name__.startswith(sets.__name__)


#: Those that are no mobject or move of their own, and say by words what they are for.
WITHOUT = {
    "arguments", "bounds", "captioning", "changes_in_words", "chapter_list", "clipping", "contour", "counted",
    "curve_chapter", "deep_twins", "displayed", "extents", "factor_by_factor", "formula_nudge", "function_nudges",
    "functions_in_words", "gradient_step_chapter", "layer_chart_chapter", "moved_terms", "narrated_scene", "narration",
    "numpy_chapter", "numpy_pass", "palettes", "path_counts", "pieces", "pulls_in_words", "redone_product",
    "shown_number", "single_neurons", "spans", "speech_clock", "spoken", "sums_in_symbols", "surroundings",
    "sweep_chapter", "theme", "training_words", "typefaces", "typeset",
}  # fmt: skip
#: Examples of networks with several neurons a layer, of stage sets.
WIDE = {
    "carried_line",
    "decision_plane",
    "definition_board",
    "gradient_blocks",
    "index_meanings",
    "last_layer_nudge",
    "last_layers_chapter",
    "last_layers_layout",
    "last_layers_stage",
    "nudge_ripples",
    "path_figures",
    "path_marks",
    "sensitivity_lights",
    "ways_network",
}
GALLERY = {entry.name: entry for entry in ENTRIES}
DOCUMENTED = {"kit": kit, **{name: module for name, module in MODULES.items() if in_sets(module)}}
DOCUMENTED = {name: module for name, module in DOCUMENTED.items() if name not in WITHOUT}
DOCUMENTED |= {name: entry.documented for name, entry in GALLERY.items()}
WIDE |= {name for name, entry in GALLERY.items() if entry.of == entries.WIDE}


def names(wide):
    """What the examples take for granted; those of the stage sets take a few things more."""
    known = surroundings(load_example("two_outputs") if wide else SIMPLEST)
    trace, notation = known["trace"], known["notation"]
    known |= {**vars(sets), "gauge": kit.Gauge(trace, notation, Cost()), "parse_formula": parse_formula}
    if wide:
        known["cost"] = kit.CostNode(trace, notation, known["diagram"])
    return known


def run(code, wide=False):
    """A plain scene in which the code has been run, or the scene that it defines."""
    known = {**names(wide), "__name__": "documented"}

    def construct(scene):
        known["self"] = scene
        exec(code, known)

    scene = played(construct, fps=2)
    for made in known.values():
        if isinstance(made, type) and made.__module__ == "documented":
            chapter = issubclass(made, Chapter)  # each of the film's is played by Manim's own command, too
            small = {"format": "none", "disable_caching": True, "frame_rate": 1, **SMALL}
            with lean() if chapter else nullcontext(), tempconfig(small):
                scene = made(known["example"]) if chapter and wide else made()
                scene.render()
    return scene


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_plain_scene_can_do_what_the_documentation_shows(name):
    code = example_code(DOCUMENTED[name])
    assert len(code.splitlines()) <= 8
    scene = run(code, wide=name in WIDE)
    assert bool(scene.get_mobject_family_members()) == ("self" in code)


def test_the_gallery_shows_every_module_of_the_kit():
    shown = {inspect.getmodule(entry.documented) for entry in ENTRIES}
    expected = {name for name, module in MODULES.items() if not in_sets(module)} - WITHOUT
    assert {name for name, module in MODULES.items() if module in shown} == expected


def test_an_example_that_does_not_run_would_be_noticed():
    def documented():
        """A function.

        self.play(ChangeQuantity(lambda t: trace, [diagram]))
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
