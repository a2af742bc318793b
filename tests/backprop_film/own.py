"""Files of a user's own, written into the current folder: what they hold, and what Manim makes of them."""

from pathlib import Path
from textwrap import dedent

import av
from manim import tempconfig
from manim.renderer.cairo_renderer import CairoRenderer

from backprop_film.chapter_files import module_of
from backprop_film.contents import target
from backprop_film.playback import Job

__all__ = ["chapter", "frames", "job_of", "marks", "rendered_by_manim", "scene", "written"]


def written(path, *texts):
    """A file with these texts."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(dedent(text) for text in texts), encoding="utf-8")
    return path


def scene(name="Mine", body="self.play(Create(Circle()), run_time=0.2)", base="Scene"):
    """A scene as text."""
    lines = dedent(body).strip().replace("\n", "\n        ")
    return f"from manim import *\n\n\nclass {name}({base}):\n    def construct(self):\n        {lines}\n"


def chapter(name="Own", title="My own"):
    """A Chapter with two beats as text."""
    return (
        "from manim import *\nfrom backprop_film.kit import Chapter\n\n\n"
        f"class {name}(Chapter):\n    title = {title!r}\n\n"
        "    def construct(self):\n"
        '        with self.say("One.", key="one"):\n            self.play(Create(Circle()), run_time=0.2)\n'
        '        with self.say("Two.", key="two"):\n            self.wait(0.2)\n'
    )


def job_of(name, **how):
    """The job for a file of one's own, at the lowest quality."""
    return Job(target(name)[0], **{"quality": "l", **how})


def frames(path):
    """A video's decoded pictures, and when each is shown, in its frames."""
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        decoded = list(container.decode(video))
        return [f.to_ndarray() for f in decoded], [f.pts * video.time_base * video.average_rate for f in decoded]


def marks(path):
    """A film's marks: the frame that is shown at each one's moment, and its title."""
    with av.open(str(path)) as container:
        rate = container.streams.video[0].average_rate
        return [(int(c["start"] * c["time_base"] * rate), c["metadata"]["title"]) for c in container.chapters()]


def rendered_by_manim(file, name, monkeypatch):
    """What ``manim -ql file.py Name`` makes: how many frames its video has, and the pictures that it drew for them."""
    drawn, add_frame = [], CairoRenderer.add_frame

    def kept(self, frame, num_frames=1):
        add_frame(self, frame, num_frames)
        if not self.skip_animations:
            drawn.extend([frame[:, :, :3].copy()] * num_frames)

    with monkeypatch.context() as patch, tempconfig({
        "quality": "low_quality", "input_file": str(file), "media_dir": "manims", "progress_bar": "none",
        "verbosity": "ERROR", "seed": 0,
    }):  # fmt: skip
        patch.setattr(CairoRenderer, "add_frame", kept)
        made = getattr(module_of(Path(file).resolve()), name)()
        made.render()
        return len(frames(made.renderer.file_writer.movie_file_path)[0]), drawn
