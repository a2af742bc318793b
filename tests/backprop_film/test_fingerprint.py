from dataclasses import fields, replace
from pathlib import Path

import pytest
from manim import tempconfig

from backprop_film import contents
from backprop_film import fingerprint as module
from backprop_film.fingerprint import engine, fingerprint, variant
from backprop_film.playback import Job
from backprop_film.voice import choice

EXAMPLE = "layers = [1, 1]\ninput = [0.5]\ntarget = [1.0]\nweights = [[[0.5]]]\nbiases = [[0.1]]\n"


@pytest.fixture
def mine():
    """A job for a chapter in a folder of its own, which imports one module there."""
    folder = Path("own")
    folder.mkdir()
    (folder / "my.py").write_text("import helpers\nfrom manim import Scene\nclass My(Scene):\n    pass\n")
    (folder / "helpers.py").write_text("one = 1")
    (folder / "other.py").write_text("two = 2")
    Path("mine.toml").write_text(EXAMPLE)
    return Job(contents.Entry("own/my.py:My", "my-My", Path("own/my.py"), "My"), example="mine.toml")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("own/my.py", "import helpers\nfrom manim import Scene\nclass My(Scene):\n    value = 1\n"),
        ("own/helpers.py", "one = 2"),
        ("mine.toml", EXAMPLE.replace("0.1", "0.2")),
    ],
)
def test_what_a_chapter_is_made_of_changes_it(mine, file, text):
    before = fingerprint(mine)
    Path(file).write_text(text)
    assert fingerprint(mine) != before


def test_all_that_a_job_says_changes_it(mine):
    Path("again").mkdir()
    Path("again/other.toml").write_text(EXAMPLE)  # whose name a chapter may show
    changes = {
        "captions": not mine.captions,
        "quality": "h",
        "example": "again/other.toml",
        "theme": "light",
        "voice": str(Path("again").absolute()),
    }
    changes |= {field.name: "other" for field in fields(Job) if field.name not in ("entry", *changes)}
    jobs = [mine, *(replace(mine, **{name: value}) for name, value in changes.items())]
    jobs.append(replace(mine, entry=replace(mine.entry, class_name="Mine")))
    assert len({fingerprint(one) for one in jobs}) == len(jobs)
    assert len({variant(one) for one in jobs}) == len(jobs) - 1  # another class has another name anyway


@pytest.mark.parametrize(
    "said",
    [{"background_color": "#123456"}, {"seed": 3}, {"assets_dir": "assets"}, {"plugins": ["one"]},
     {"tex_template_file": "mine.tex"}],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_what_a_manim_cfg_decides_of_the_picture_changes_it(mine, said):
    before = fingerprint(mine)
    with tempconfig({key: value for key, value in said.items() if key != "tex_template_file"}):
        if "tex_template_file" in said:
            Path("mine.tex").write_text("a")
            with tempconfig({}):
                from manim import config

                config._d["tex_template_file"] = Path("mine.tex")
                first = fingerprint(mine)
                Path("mine.tex").write_text("b")
                assert fingerprint(mine) not in (first, before)
                assert first != before
        else:
            assert fingerprint(mine) != before


@pytest.mark.parametrize("library", ["manim", "numpy", "av", "typst", "pillow", "pycairo"])
def test_another_version_of_a_library_changes_it(mine, library, monkeypatch):
    before = fingerprint(mine)
    true = module._version
    monkeypatch.setattr(module, "_version", lambda name: "99" if name == library else true(name))
    assert fingerprint(mine) != before


def test_another_python_changes_it(mine, monkeypatch):
    before = fingerprint(mine)
    monkeypatch.setattr("sys.version_info", (3, 99, 0))
    assert fingerprint(mine) != before


def test_another_version_of_the_voice_changes_it(mine, monkeypatch):
    before = fingerprint(mine)
    monkeypatch.setattr(choice, "identity", lambda option: "9")
    assert fingerprint(mine) != before


def test_a_palettes_content_changes_it_wherever_it_lies(mine):
    Path("again").mkdir()
    names = [fingerprint(mine)]
    for palette, content in (("own.toml", 'ink = "#FFFFFF"'), ("own.toml", 'ink = "#FFFFFE"'), ("again/own.toml", "")):
        Path(palette).write_text(content)
        names.append(fingerprint(replace(mine, theme=palette)))
    assert len(set(names)) == len(names)
    Path("again/own.toml").write_text('ink = "#FFFFFE"')
    assert fingerprint(replace(mine, theme="again/own.toml")) == names[2]


def test_a_persons_recordings_change_it_wherever_they_lie(mine):
    take = Path("takes", mine.entry.slug, "one.1.wav")
    take.parent.mkdir(parents=True)
    take.write_text("a")
    spoken = replace(mine, voice=str(Path("takes").absolute()))
    names = [fingerprint(mine), fingerprint(spoken)]
    Path("takes/other").mkdir()
    Path("takes/other/one.1.wav").write_text("b")  # of another chapter
    Path("takes").rename("moved")
    assert fingerprint(replace(mine, voice="moved")) == names[1]
    take = Path("moved", mine.entry.slug, "one.1.wav")
    take.write_text("b")
    names.append(fingerprint(replace(mine, voice="moved")))
    take.with_name("one.2.wav").write_text("b")
    names.append(fingerprint(replace(mine, voice="moved")))
    assert len(set(names)) == 4


def test_the_way_to_the_picture_is_part_of_it_and_what_comes_after_is_not():
    code = engine()["code"]
    drawn = {"render", "segments", "playback", "kit/chapter", "kit/theme", "plain_scene", "timeline"}
    assert {f"backprop_film/{name}.py" for name in drawn} <= set(code)
    after = {"assemble", "produce", "progress", "work", "captions", "cli", "commands/film", "preview"}
    assert not {f"backprop_film/{name}.py" for name in after} & set(code)
    assert all(code.values())


def test_all_else_leaves_it(mine):
    before = fingerprint(mine)
    Path("own/other.py").write_text("three = 3")
    Path("own/notes.txt").touch()
    Path("own/my.py").touch()
    Path("own").rename("moved")
    moved = replace(
        mine, entry=replace(mine.entry, name="moved/my.py:My", file=Path("moved/my.py"), number=3, part="A")
    )
    Path("elsewhere").mkdir()
    Path("mine.toml").rename("elsewhere/mine.toml")
    settings = {"preview": True, "max_inflight_encoders": 7, "media_dir": "other", "frame_rate": 7, "format": "gif"}
    with tempconfig(settings):
        assert fingerprint(replace(moved, example="elsewhere/mine.toml")) == before
