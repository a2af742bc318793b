"""Files of a user's own wherever a chapter's name does: which file, which scene, which beat; what lies beside it."""

import json
import os
import re
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from manim import ManimColor, config
from PIL import Image

from backprop_film import contents
from backprop_film.cli import cli
from backprop_film.contents import FOLDER, find, target
from backprop_film.errors import Problem
from backprop_film.playback import play, survey
from tests.backprop_film.conftest import rendered
from tests.backprop_film.own import chapter, frames, job_of, marks, scene, written

ROOT = Path(__file__).parents[2]

#: A configuration that would change everything.
HOSTILE = """
[CLI]
preview = True
show_in_file_browser = True
renderer = opengl
from_animation_number = 1
upto_animation_number = 2
save_sections = True
dry_run = True
format = gif
background_opacity = 0.5
background_color = WHITE
zero_pad = 0
frame_height = 3
pixel_width = 100
frame_rate = 7
disable_caching = True
max_files_cached = 0
output_file = other
enable_wireframe = True
write_all = True
log_to_file = True
[video_encoder]
codec = mpeg4
[video_encoder.options]
qscale = 31
[CLI_CTX]
width = 40
"""


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def refused(*arguments):
    """The one line with which a command refuses, with exit status 2."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("backprop: ")
    return line.removeprefix("backprop: ")


def test_the_chapter_in_the_readme_plays():
    (code,) = re.findall(r"```python\n(from manim .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    Path("my.py").write_text(code)
    assert [beat.key for beat in survey(job_of("my.py")).beats] == ["network", "factors"]


# -- which file ---------------------------------------------------------------------------------------


def test_a_name_with_its_ending_is_a_file_and_without_it_a_chapter_of_the_films():
    file = written("chain_rule.py", scene()).resolve()
    for name in ("chain_rule.py", "./chain_rule.py", str(file), "chain_rule.py:Mine"):
        assert (find(name).file, find(name).class_name) == (file, "Mine")
    assert find("chain_rule").file == FOLDER / "chain_rule.py"
    assert find(str(FOLDER / "chain_rule.py")) == find("chain_rule")


def test_the_scenes_of_a_file_are_known_as_long_as_it_is_as_it_was(monkeypatch):
    written("helper.py", "NAME = 'Two'\n")
    written("my.py", "from helper import NAME\n", scene("One"), "globals()[NAME] = type(NAME, (Scene,), {})\n")
    with pytest.raises(Problem, match="found the scenes One, Two, expected one"):
        target("my.py")
    monkeypatch.setattr(contents, "module_of", None)
    assert target("my.py:Two:drawn")[0].class_name == "Two"
    Path("media/scenes.json").write_text("[")
    with pytest.raises(Problem, match="cannot be loaded"):
        target("my.py:Two")


def test_what_a_file_imports_decides_on_its_scenes_too(monkeypatch):
    helper = written("helper.py", "NAME = 'Two'\n")
    written("my.py", "from helper import NAME\n", scene("One"))
    target("my.py:One")
    helper.write_text("NAME = 'Three'\n")
    monkeypatch.setattr(contents, "module_of", None)
    with pytest.raises(Problem, match="cannot be loaded"):
        target("my.py:One")


def test_a_file_that_reads_others_is_loaded_each_time(monkeypatch):
    written("names.txt", "One")
    written("my.py", scene("One"), "assert open('names.txt').read() == 'One'\n")
    target("my.py:One")
    monkeypatch.setattr(contents, "module_of", None)
    with pytest.raises(Problem, match="cannot be loaded"):
        target("my.py:One")


@pytest.mark.parametrize("command", ["film", "chapters", "still", "sheet", "inspect"])
def test_a_file_that_is_not_there_is_told(command):
    assert refused(command, "my.py") == "my.py: found no such file, expected a chapter's"
    assert refused(command, "a b/chain_rule.py:Mine") == (
        "a b/chain_rule.py: found no such file, expected a chapter's (the film's own chapter is called chain_rule)"
    )


def test_a_folder_is_no_file():
    Path("my.py").mkdir()
    assert refused("film", "my.py") == "my.py: found a folder, expected a chapter's file"


def test_links_and_names_with_spaces_and_colons_are_files():
    written("real/my.py", scene())
    Path("link.py").symlink_to("real/my.py")
    written("a: b é.py", scene("Other"))
    assert survey(job_of("link.py")).frames == 3
    assert find("a: b é.py:Other").class_name == "Other"
    assert run("still", "a: b é.py", "-q", "l", "-o", "still.png").exit_code == 0
    slugs = [find(name).slug for name in ("a: b é.py", "real/my.py", "link.py")]
    assert slugs[0].startswith("a__b_é-Other-")  # Manim makes a folder of it
    assert slugs[1] == slugs[2]


# -- which scene, which beat --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("one.py", ("Own", None)), ("one.py:Own", ("Own", None)), ("one.py:two", ("Own", "two")),
        ("one.py:Own:two", ("Own", "two")), ("two.py:Mine", ("Mine", None)), ("two.py:Own:one", ("Own", "one")),
    ],
)  # fmt: skip
def test_a_scene_and_a_beat_are_named_after_the_file(name, found):
    written("one.py", chapter())
    written("two.py", scene(), chapter())
    entry, beat = target(name)
    assert (entry.class_name, beat) == found


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("two.py", "two.py: found the scenes Mine, Own, expected one, such as two.py:Mine"),
        ("two.py:", "two.py: found the scenes Mine, Own, expected one, such as two.py:Mine"),
        ("two.py:Min", "two.py: found no scene 'Min' (nearest: 'Mine')"),
        ("two.py:Other", "two.py: found no scene 'Other' (known: Mine, Own)"),
        ("two.py:Other:one", "two.py: found no scene 'Other' (known: Mine, Own)"),
        ("one.py:Owm:one", "one.py: found no scene 'Owm' (nearest: 'Own')"),
        ("none.py", "none.py: found no scene, expected a class that is a Chapter or another Scene of Manim's"),
        ("none.py:Mine", "none.py: found no scene, expected a class that is a Chapter or another Scene of Manim's"),
    ],
)
def test_what_is_found_in_a_file_is_told(name, line):
    written("one.py", chapter())
    written("two.py", scene(), chapter())
    written("none.py", "from manim import *\nfrom one import Own\nfrom backprop_film.kit import Chapter\n")
    assert refused("still", name) == line


def test_an_unknown_beat_is_told():
    written("one.py", chapter())
    assert refused("still", "one.py:tow", "-q", "l") == "unknown beat of one.py:Own 'tow' (nearest: 'two')"
    assert refused("film", "one.py:two") == "one.py:two: found a beat, expected a chapter"


def test_what_a_file_imports_is_not_offered():
    written("base.py", scene("Base"), "def helper(): pass")
    written("my.py", "from base import *\nfrom base import Base as Again\n", scene("Mine", base="Base"), "Alias = Mine")
    assert find("my.py").class_name == "Mine"


# -- a file that goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1 / 0", "my.py cannot be loaded: ZeroDivisionError: division by zero (my.py:1)"),
        ("from manim import *\nclass Mine:\n    def", "my.py cannot be loaded: SyntaxError: invalid syntax (my.py:3)"),
        ("import broken", "my.py cannot be loaded: SyntaxError: '(' was never closed (broken.py:1)"),
        ("import nowhere", "my.py cannot be loaded: ModuleNotFoundError: No module named 'nowhere' (my.py:1)"),
        (
            scene(body="self.play(Create(Circle()), run_time=0.1)\nself.wait(\n    self.nothing\n)"),
            "chapter my.py:Mine: AttributeError: 'Mine' object has no attribute 'nothing' (my.py:8)",
        ),
        (
            scene(body="from helper import halved\nhalved(Dot())"),
            "chapter my.py:Mine: TypeError: unsupported operand type(s) for /: 'Dot' and 'int' (helper.py:2)",
        ),
        (
            scene(body="self.add(Circle(radius='wide'))"),
            "chapter my.py:Mine: ",
        ),
    ],
)  # fmt: skip
def test_what_goes_wrong_in_a_file_is_told_with_file_and_line(text, line):
    written("helper.py", "def halved(what):\n    return what / 2\n")
    written("broken.py", "print(\n")
    written("my.py", text)
    for command in ("film", "still", "inspect"):
        told = refused(command, "my.py", "-q", "l")
        assert told.startswith(line)
        assert re.search(r" \(\w+\.py:\d+\)$", told)


# -- what lies beside a file --------------------------------------------------------------------------


def test_files_of_one_name_each_with_a_helper_of_one_name_make_one_film():
    """By two processes; here, each chapter alone."""
    body = """
        from late import SECONDS
        self.play(Create(SHAPE()), run_time=LENGTH)
        self.wait(SECONDS)
    """
    for folder, shape, length, seconds in (("a", "Circle", 0.2, 0.4), ("b", "Square", 0.4, 0.8)):
        written(f"{folder}/my.py", "from helper import LENGTH, SHAPE", scene(body=body))
        written(
            f"{folder}/helper.py",
            # The background is said here, as a worker reads Manim's configuration anew, from the folder it runs in.
            f"from manim import config, {shape} as SHAPE",
            f"LENGTH = {length}\nconfig.background_color = '#2030{40 if folder == 'a' else 50}'",
        )
        written(f"{folder}/late.py", f"SECONDS = {seconds}\n")
    names = ("a/my.py", "b/my.py", "a/my.py")
    result = run("film", *names, "-q", "l", "-j", 2, "-o", "film.mp4", "--captions", "off")
    assert result.exit_code == 0, result.stderr
    assert sorted(line.split(":")[0] for line in result.stderr.splitlines()) == ["a/my.py", "b/my.py"]
    assert marks("film.mp4") == [(0, "Mine"), (3 + 6, "Mine")]
    shown, times = frames("film.mp4")
    assert times == list(range(9 + 18))
    for first, name in ((0, "a/my.py"), (9, "b/my.py")):
        alone = [picture for piece in rendered(job_of(name)).pieces for picture in frames(piece)[0]]
        assert all(np.array_equal(one, shown[first + n]) for n, one in enumerate(alone))
    assert "helper" not in sys.modules


def test_a_chapter_finds_its_number_in_the_list_beside_it_and_has_none_without(monkeypatch):
    written("alone/own.py", chapter())
    written("mine/own.py", chapter())
    written("mine/other.py", scene("Other"))
    written("mine/chapters.toml", '[[part]]\ntitle = "Mine"\nchapters = ["other.py:Other", "own.py:Own"]\n')
    alone, listed = job_of("alone/own.py"), job_of("mine/own.py")
    assert (alone.entry.number, alone.entry.part) == (None, "")
    assert (listed.entry.number, listed.entry.part) == (2, "Mine")
    title, *rest = play(alone)[0].furniture
    assert rest == []
    assert title.get_left()[0] < 0
    _, dashes = play(listed)[0].furniture
    assert len(dashes) == 2
    rows = run("chapters", "alone/own.py", "mine/own.py", "mine/other.py", "-q", "l", "-j", 1).stdout.splitlines()
    assert [row.split("\t")[:2] for row in rows] == [
        ["", "alone/own.py:Own"], ["2", "mine/own.py:Own"], ["1", "mine/other.py:Other"],
    ]  # fmt: skip
    run("film", "mine/own.py", "alone/own.py", "-q", "l", "-j", 1, "-o", "film.mp4")
    assert [title for _, title in marks("film.mp4")] == ["2. My own – One", "2.2 Two", "My own – One", "Two"]


def test_a_wrong_list_beside_a_file_is_told():
    written("own.py", chapter())
    written("chapters.toml", '[[part]]\ntitle = "Mine"\nchapters = ["own.py:Own", "gone.py:Gone"]\n')
    assert refused("still", "own.py") == (
        "chapters.toml: part 1, chapters: found 'gone.py', expected a file beside the list (nearest: 'own.py')"
    )


@pytest.mark.usefixtures("tiny")
def test_what_else_lies_in_the_users_folder_disturbs_nothing():
    """Their own scenes.py, kit.py, helpers and manim.cfg, with the folder first on the path."""
    body = "self.play(Create(Circle()), run_time=0.2)\nself.add(Text(kit.WORD))\nself.wait(0.2)"
    ground = "config.background_color, config.background_opacity = '#203040', 1.0\n"  # else a plain scene has theirs
    mine = f"import kit\nimport scenes\nfrom manim import config\n{ground}{scene(body=body)}"
    written("clean/my.py", mine)
    written("clean/kit.py", "WORD = 'mine'\n")
    written("clean/scenes.py", "")
    for name in ("scenes", "playback", "backprop", "contents", "render"):
        written(f"full/{name}.py", "class Chapter: pass\nentries = None\n")
    written("full/my.py", mine)
    written("full/kit.py", "WORD = 'mine'\n")
    written("full/manim.cfg", HOSTILE)
    words = ["film", "my.py", "late", "-q", "l", "--voice", "none", "-o", "film.mp4"]
    with chdir("clean"):
        result = run(*words, "-j", 1)
    assert result.exit_code == 0, result.stderr
    done = subprocess.run(
        [sys.executable, "-m", "tests.backprop_film.command", *words, "-j", "2"],
        cwd="full", env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (clean, _), (full, times) = frames("clean/film.mp4"), frames("full/film.mp4")
    assert times == list(range(len(clean)))
    assert all(np.array_equal(one, other) for one, other in zip(clean, full, strict=True))


# -- every command ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny")
def test_every_command_takes_a_file():
    written("my.py", scene(), chapter())
    sections = (
        'self.next_section("drawn")\nself.play(Create(Circle()), run_time=0.4)\nself.next_section("b")\nself.wait()'
    )
    written("parts.py", scene("Parts", sections))
    result = run("still", "parts.py:drawn", "-q", "l")
    assert result.stdout == "media/images/parts-Parts/Parts-drawn-end.png\n", result.stderr
    assert Image.open(result.stdout.strip()).size == (854, 480)
    assert run("still", "my.py:Own:two", "-q", "l", "-o", "two.png").exit_code == 0
    result = run("sheet", "my.py:Mine", "late", "parts.py", "-q", "l", "--width", 100, "-j", 1)
    assert result.stdout == "media/sheets/my-Mine+late+parts-Parts.png\n", result.stderr
    result = run("sheet", "--span", "parts.py:drawn", "-q", "l", "--frames", 3, "--width", 100)
    assert result.stdout == "media/sheets/parts-Parts-drawn.png\n", result.stderr
    rows = json.loads(run("chapters", "parts.py", "late", "-q", "l", "-j", 1, "--json").stdout)
    assert [row["name"] for row in rows] == ["parts.py:Parts", "late"]
    assert [(beat["key"], beat["start"]) for beat in rows[0]["beats"]] == [("drawn", 0), ("b", 0.4)]


def test_inspect_finds_faults_in_a_file():
    written("my.py", scene(body="self.add(Text('far').shift(8 * RIGHT))\nself.wait(0.2)"), chapter())
    result = run("inspect", "my.py:Mine", "my.py:Own", "-q", "l", "-j", 1)
    assert result.exit_code == 1
    assert {tuple(line.split("\t")[:3]) for line in result.stdout.splitlines()} == {("outside", "my.py:Mine", "Mine")}
    assert run("inspect", "my.py:Own", "-q", "l").exit_code == 0


def test_an_example_is_for_chapters_only():
    written("my.py", scene(), chapter())
    assert refused("film", "my.py:Mine", "--example", "simplest") == (
        "example simplest: found only scenes without an example, expected a Chapter"
    )
    assert run("chapters", "my.py:Mine", "my.py:Own", "--example", "overshoot", "-q", "l", "-j", 1).exit_code == 0


def test_what_a_file_says_of_manims_configuration_is_its_own():
    written("white.py", "from manim import config, WHITE\nconfig.background_color = WHITE\n", scene())
    written("my.py", scene())
    for name, corner in (("white.py", "#FFFFFF"), ("my.py", config.background_color), ("white.py", "#FFFFFF")):
        run("still", name, "-q", "l", "-o", "still.png")
        assert set(np.asarray(Image.open("still.png"))[0, 0]) == set(ManimColor(corner).to_int_rgb())


def test_a_chapter_that_plays_nothing_is_held_for_a_second():
    written("my.py", chapter().partition("        with")[0] + "        self.add(Circle())\n")
    assert run("still", "my.py", "-q", "l", "-o", "still.png").exit_code == 0
    assert run("film", "my.py", "-q", "l", "-o", "film.mp4").exit_code == 0
    assert frames("film.mp4")[1] == list(range(15))


def test_a_chapter_leaves_no_section_out():
    written("my.py", chapter().replace("self.play(", "self.next_section('out', skip_animations=True), self.play("))
    line = "Own: found a section with skip_animations, expected none in a Chapter: captions are timed"
    for command in ("film", "still", "inspect"):
        assert refused(command, "my.py", "-q", "l") == line
