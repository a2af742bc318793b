"""In a notebook: real ones are executed, and what they show is looked at in a browser."""

import base64
import html
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from manim import Circle, Mobject, VGroup

import backprop_film
from backprop_film import show, sliders
from backprop_film.errors import Problem
from backprop_film.kit import Formula, NetworkDiagram
from backprop_film.kit.displayed import displayed_as_pictures, picture, png
from backprop_film.notebook import ShownClip, ShownStill
from backprop_math import Network, Weight, load_example
from tests.backprop_film.chromium import CHROMIUM
from tests.backprop_film.kit.stage import SIMPLEST

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "docs" / "tour.ipynb"
LACKING = [name for name in ("nbclient", "ipykernel", "ipywidgets") if find_spec(name) is None]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def toured(tmp_path_factory):
    """The tour's cells of code, executed: each source with its outputs."""
    if LACKING:
        pytest.skip(f"no {', '.join(LACKING)} installed, which execute notebooks (the extra test)")
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(TOUR, as_version=4)
    folder = tmp_path_factory.mktemp("toured")
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    return [(cell.source, cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]


def last_line(source):
    return source.splitlines()[-1]


def shown(toured, start):
    """The data of what the cell shows whose last line begins so."""
    (outputs,) = (outputs for source, outputs in toured if last_line(source).startswith(start))
    (output,) = outputs
    return output["data"]


def test_the_tour_is_stored_without_outputs():
    cells = json.loads(TOUR.read_text(encoding="utf-8"))["cells"]
    assert [cell["outputs"] for cell in cells if cell["cell_type"] == "code"] == [[]] * 15
    numbers = [f"**{number}.**" for number in range(1, 11)]
    text = "".join(line for cell in cells if cell["cell_type"] == "markdown" for line in cell["source"])
    assert all(number in text for number in numbers)


def test_every_cell_of_the_tour_shows_one_thing(toured):
    for source, outputs in toured:
        assert [output["output_type"] for output in outputs] == ["execute_result"], last_line(source)


def test_mobjects_are_pictures_and_the_mathematics_is_typeset(toured):
    for start in ("NetworkDiagram(network)", "ComputationTree", "GradientColumn", "DescentTable", 'show("chain_rule"'):
        assert base64.b64decode(shown(toured, start)["image/png"]).startswith(b"\x89PNG"), start
    for start in ("trace.forward", "trace.chain_rule", "mine.trace().chain_rule"):
        assert "$\\displaystyle " in shown(toured, start)["text/html"], start
    assert shown(toured, "mine.trace().chain_rule")["text/html"].count("<td") == 3  # two paths, and their sum
    assert shown(toured, "Nudge(")["text/latex"].startswith("$")
    before, after, trained = json.loads(shown(toured, "[round(")["text/plain"])
    assert before > after > trained
    assert shown(toured, "sliders(")["application/vnd.jupyter.widget-view+json"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine, in which to look at the notebook")
def test_a_browser_shows_every_picture_and_plays_the_clip(toured, tmp_path):
    parts = []
    for _, outputs in toured:
        data = outputs[0]["data"]
        if "image/png" in data:
            size = outputs[0]["metadata"].get("image/png", {})
            width = f' width="{size["width"]}"' if size else ""
            parts.append(f'<img{width} src="data:image/png;base64,{data["image/png"].strip()}">')
        else:
            parts.append(data.get("text/html") or html.escape(data["text/plain"]))
    counts = (
        "[...document.images].filter(i => i.complete && i.naturalWidth > 50).length",
        "document.querySelectorAll('table').length",
        "document.querySelector('video').videoWidth",
    )
    told = f"document.title = [{','.join(counts)}].join(' ')"
    found = f"<script>onload = () => setTimeout(() => {{ {told} }}, 500)</script>"
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><title>loading</title>{''.join(parts)}{found}")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command = [CHROMIUM, *options, "--virtual-time-budget=5000", "--dump-dom", page.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert dom.partition("<title>")[2].partition("</title>")[0] == "6 5 854"


# -- show ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny")
class TestShow:
    def test_a_still_is_the_picture_of_that_moment(self):
        one, other = show("1", "ring"), show("1:ring", at="0.2")
        assert isinstance(one, ShownStill)
        assert one.picture.size == (854, 480)
        assert one._repr_png_().startswith(b"\x89PNG")
        assert not np.array_equal(np.asarray(one.picture), np.asarray(other.picture))

    def test_a_clip_is_a_video_of_the_beat(self):
        clip = show("1", "ring", clip=True)
        assert isinstance(clip, ShownClip)
        assert clip.video[4:8] == b"ftyp"
        assert "data:video/mp4;base64," in clip._repr_html_()

    def test_an_example_made_here_is_shown(self):
        made = SIMPLEST.with_values({Weight(1, 0, 0): -2.0})
        assert isinstance(show("1", "ring", example=made), ShownStill)

    def test_what_there_is_not_is_said(self):
        with pytest.raises(Problem, match="unknown chapter 'nowhere'"):
            show("nowhere")
        with pytest.raises(Problem, match="unknown beat"):
            show("1", "nowhere")
        with pytest.raises(Problem, match="1:ring: found a beat, and the beat 'ring', expected one of them"):
            show("1:ring", "ring")


def test_nothing_heavy_is_imported_before_it_is_asked_for():
    program = "import sys, backprop_film; print('manim' in sys.modules, hasattr(backprop_film, 'nothing'))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert told.split() == ["False", "False"]
    assert backprop_film.__all__ == ["show", "sliders"]


# -- mobjects as pictures -----------------------------------------------------------------------------


def test_a_picture_has_the_mobject_in_its_middle_on_the_background():
    drawn = picture(Circle(radius=1, stroke_width=0, fill_opacity=1, color="#FFFFFF"), scale=50, margin=0.5)
    assert drawn.size == (150, 150)
    levels = np.asarray(drawn.convert("L"))
    assert (levels[75, 75], levels[75, 27] > 200, levels[75, 23] < 30) == (255, True, True)
    assert drawn.getpixel((0, 0)) == (0x0E, 0x11, 0x16)


def test_a_picture_is_shown_at_half_its_size_and_nothing_has_none():
    data, size = png(NetworkDiagram(SIMPLEST.network))
    assert data.startswith(b"\x89PNG")
    assert size["width"] > 300
    assert png(VGroup()) is None
    with pytest.raises(ValueError, match="VGroup: found no points, expected something to draw"):
        picture(VGroup())
    assert max(picture(Circle(radius=500)).size) == 4096


def test_a_notebook_is_told_of_every_mobject():
    told = {}
    formatter = SimpleNamespace(for_type=lambda kind, function: told.update({kind: function}))
    displayed_as_pictures(SimpleNamespace(display_formatter=SimpleNamespace(formatters={"image/png": formatter})))
    assert told == {Mobject: png}
    assert issubclass(Formula, Mobject)


# -- sliders ------------------------------------------------------------------------------------------


def test_sliders_need_ipywidgets(monkeypatch):
    monkeypatch.setattr("backprop_film.notebook.find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"sliders: found no ipywidgets, expected it; install it with: pip install"):
        sliders("simplest")


@pytest.mark.skipif(find_spec("ipywidgets") is None, reason="no ipywidgets installed (the extra notebook)")
class TestSliders:
    def test_numbers_and_picture_follow_what_is_turned(self):
        box = sliders(SIMPLEST, "w[3][0,0]")
        knob, image, numbers = box.children
        before = image.value, numbers.value
        assert knob.value == pytest.approx(1.7)
        knob.value = -1.0
        assert image.value != before[0]
        trace = SIMPLEST.with_values({"w[3][0,0]": -1.0}).trace()
        assert trace.chain_rule(Weight(3, 0, 0)).numbers.latex() in numbers.value

    def test_what_is_calculated_cannot_be_turned(self):
        with pytest.raises(ValueError, match="is calculated"):
            sliders("simplest", "z[3][0]")

    def test_another_picture_can_be_drawn(self):
        drawn = []
        sliders(load_example("two_outputs"), draw=lambda trace: drawn.append(trace) or Circle())
        assert isinstance(drawn[0].network, Network)
