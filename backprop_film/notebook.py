"""The film in a notebook: a moment of a chapter as a picture, a beat as a clip, a network with sliders.

    from backprop_film import show, sliders
    show("chain_rule", "nudge")                              # its last picture; at="middle", at="1.5"
    show("chain_rule", "nudge", example="mine.toml", clip=True)
    sliders("simplest", "w[3][0,0]", "b[3][0]")

What the kit draws needs none of this: a mobject that ends a cell is shown as a picture (`kit.displayed`).
"""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from manim import Mobject
from PIL import Image

from backprop_math import Cost, Example, Notation, Quantity, Target, Trace, Weight, load_example
from backprop_math.notation.display import equation_table

from . import contents
from .commands.plan import jobs_for
from .errors import Problem
from .kit import NetworkDiagram
from .kit.displayed import png
from .playback import Job, capture, survey
from .preview import still
from .watching.clip import Clip

__all__ = ["ShownClip", "ShownStill", "show", "sliders"]

_REACH, _STEP = 3.0, 0.05  # how far a slider goes to either side, and by how much at a time


@dataclass(frozen=True)
class ShownStill:
    """A picture of a chapter, which a notebook displays; ``picture`` is a Pillow image."""

    picture: Image.Image = field(repr=False)

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.picture.save(file, format="PNG")
        return file.getvalue()


@dataclass(frozen=True)
class ShownClip:
    """A beat of a chapter, which a notebook displays as a video that runs in a loop; ``video`` is an MP4 file."""

    video: bytes = field(repr=False)
    width: int

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.video).decode()
        how = f'width="{self.width}" style="max-width: 100%" controls loop autoplay muted playsinline'
        return f'<video {how} src="data:video/mp4;base64,{data}"></video>'


def show(
    chapter: str,
    beat: str | None = None,
    *,
    example: str | Path | Example | None = None,
    at: str = "end",
    clip: bool = False,
    quality: str = "l",
    captions: bool = True,
) -> ShownStill | ShownClip:
    """A chapter's picture at one moment, or with ``clip`` one of its beats as a video.

    ``chapter`` is named as on the command line (``"chain_rule"``, ``"chain_rule:nudge"``, ``"my.py:Mine"``), and so is
    the ``example``, which may also be one that was made here. ``at`` is ``"end"``, ``"middle"`` or a number of seconds
    from the start of the beat, or of the chapter; ``quality`` a letter of Manim's. `Problem` says what is not there.
    """
    entry, named = contents.target(chapter)
    if beat is not None and named is not None:
        raise Problem(f"{chapter}: found a beat, and the beat {beat!r}, expected one of them")
    beat = beat if beat is not None else named
    with _file_of(example) as file:
        (job,) = jobs_for([entry], file, quality=quality, captions=captions)
        if not clip:
            return ShownStill(still(job, beat, at))
        return ShownClip(_video(job, beat), job.size.width)


@contextmanager
def _file_of(example: str | Path | Example | None) -> Iterator[str | None]:
    """An example as the command line names it; one made here is in a file for as long as it is needed."""
    if not isinstance(example, Example):
        yield None if example is None else str(example)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "example.toml"
        file.write_text(example.to_toml(), encoding="utf-8")
        yield str(file)


def _video(job: Job, beat: str | None) -> bytes:
    """A beat, or the whole chapter, as a video in the film's own colours."""
    line = survey(job, until=beat)
    span = line.beat(beat) if beat is not None else None
    frames = range(span.start, span.end) if span else range(line.frames)
    with tempfile.TemporaryDirectory() as folder:
        clip = Clip(job.size, Path(folder) / "clip.mp4")
        for frame, picture in sorted(capture(job, frames).items()):
            clip[frame] = picture
        return clip.finished()


# -- sliders ------------------------------------------------------------------------------------------


def sliders(
    example: str | Path | Example, *quantities: Quantity | str, draw: Callable[[Trace], Mobject] | None = None
) -> Any:
    """A slider for each weight, bias, input or target named; whatever is turned, numbers and picture follow.

    Without a name it is the first weight of the last layer. The picture is the network's, or what ``draw`` makes of the
    example's passes; the numbers are the cost and the chain rule of each quantity. `Problem` where ``ipywidgets`` is
    not installed (the extra ``notebook``).
    """
    if find_spec("ipywidgets") is None:
        raise Problem(
            "sliders: found no ipywidgets, expected it; install it with: pip install 'backprop-math[notebook]'"
        )
    import ipywidgets

    given = example if isinstance(example, Example) else load_example(example)
    trace, last = given.trace(), given.network.L
    turned = [given.network.check(quantity) for quantity in quantities or [Weight(last, 0, 0)]]
    knobs = [_knob(ipywidgets, given, quantity, trace.value(quantity)) for quantity in turned]
    picture, numbers = ipywidgets.Image(format="png"), ipywidgets.HTMLMath()

    def follow(_: Any = None) -> None:
        changed = given.with_values({quantity: knob.value for quantity, knob in zip(turned, knobs, strict=True)})
        trace = changed.trace()
        if drawn := png(draw(trace) if draw else NetworkDiagram(changed.network).show(trace)):
            picture.value, size = drawn
            picture.width = f"{size['width']}px"
        numbers.value = _numbers(trace, turned)

    for knob in knobs:
        knob.observe(follow, names="value")
    follow()
    return ipywidgets.VBox([*knobs, picture, numbers])


def _knob(ipywidgets: Any, example: Example, quantity: Quantity, value: float) -> Any:
    example.with_values({quantity: value})  # what is calculated cannot be turned: the error says so
    return ipywidgets.FloatSlider(
        value=value, min=value - _REACH, max=value + _REACH, step=_STEP, description=str(quantity),
        readout_format=".2f", layout=ipywidgets.Layout(width="560px"),
    )  # fmt: skip


def _numbers(trace: Any, turned: list[Quantity]) -> str:
    notation, cost = Notation(trace.network), trace.cost_quantity
    shown = [notation.definition(cost).followed_by(notation.with_numbers(cost, trace))]
    shown += [trace.chain_rule(quantity).numbers for quantity in turned if not isinstance(quantity, Target | Cost)]
    return equation_table([("", shown)])
