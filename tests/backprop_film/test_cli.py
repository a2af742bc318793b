import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from manim import tempconfig
from PIL import Image

import backprop_film
from backprop_film import contents, produce, work, workers
from backprop_film.cli import cli
from tests.backprop_film.conftest import listed

pytestmark = pytest.mark.usefixtures("tiny")

TOML = """
layers = [1, 1]
input = [0.5]
target = [1.0]
weights = [[[0.5]]]
biases = [[0.1]]
"""


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def refused(*arguments):
    """The one line on stderr with which a command refuses: exit status 2, no traceback."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    (line,) = result.stderr.splitlines()
    assert line.startswith("backprop: ")
    return line.removeprefix("backprop: ")


def test_help_is_quick_because_nothing_heavy_is_imported():
    code = (
        "import sys, backprop_film.cli; print([m for m in ('manim', 'numpy', 'av', 'PIL', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


COMMANDS = [
    "film",
    "films",
    "publish",
    "verify",
    "chapters",
    "still",
    "sheet",
    "inspect",
    "narration",
    "explain",
    "examples",
    "new-example",
    "check",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout
    assert command in run().stdout


def test_the_version():
    version, package, chapters = run("--version").stdout.splitlines()
    assert version.startswith("backprop, version ")
    assert package == f"package:  {Path(backprop_film.__file__).parent}"
    assert Path(chapters.removeprefix("chapters: "), "chain_rule.py").exists()


@pytest.mark.parametrize("inside", [".", "scenes"])
def test_who_edits_another_copy_than_the_one_that_runs_is_told(inside, monkeypatch):
    Path("checkout/backprop_film/kit").mkdir(parents=True)
    Path("checkout/scenes").mkdir()
    Path("checkout/pyproject.toml").touch()
    checkout = Path("checkout").absolute()
    monkeypatch.chdir(checkout / inside)
    (line,) = run("explain").stderr.splitlines()
    package = Path(backprop_film.__file__).parent
    assert line == f"backprop: this is the copy in {package}; what is edited in {checkout} has no effect on it"
    monkeypatch.chdir(package / "kit")
    assert run("explain").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("film", "movin"), "unknown chapter 'movin'"),
        (("still", "nowhere"), "unknown chapter 'nowhere' (known: tiny, late, broken)"),
        (("still", "tiny:rings"), "unknown beat of tiny 'rings' (nearest: 'ring')"),
        (("still", "tiny:ring", "--at", "99"), "--at 99: beat ring lasts"),
        (("still", "tiny", "--at", "soon"), "--at 'soon': expected end, middle or a number of seconds"),
        (("sheet", "--span", "tiny"), "--span 'tiny': expected CHAPTER:BEAT"),
        (("sheet", "tiny", "--span", "tiny:ring"), "give either chapters or --span, not both"),
        (("chapters", "--example", "simplist"), "example: found 'simplist'"),
        (("film", "--example", "nowhere.toml"), "nowhere.toml: found no such file"),
        (("film", "late", "--example", "simplest"), "example simplest does not fit chapter late: it must go too high"),
        (("film", "-o", "film.avi"), "film.avi: a film's name ends in .mp4"),
        (("film", "-q", "x"), "Invalid value for '--quality' / '-q'"),
        (("film", "-j", "0"), "Invalid value for '--jobs' / '-j'"),
        (("explain", "w[9][0,0]"), "w[9][0,0]: found layer 9"),
        (("explain", "weight"), "quantity 'weight': not understood"),
        (("explain", "--training-example", "4"), "training example 4: simplest has 1"),
        (("bogus",), "No such command 'bogus'"),
        (("inspect", "broken"), "chapter broken: AttributeError: 'Broken' object has no attribute 'nothing'"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(arguments, line):
    assert refused(*arguments).startswith(line)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("weights", "wieghts"), "mine.toml: wieghts: found an unknown key"),
        (("[[[0.5]]]", "[[[0.5, 1]]]"), "mine.toml: weights, layer 1, row 0: found 2 values, expected 1"),
        (("[0.5]\n", "[nan]\n"), "mine.toml: input: found nan, expected finite numbers"),
        (("[1, 1]", "[1, 1"), "mine.toml: found no valid TOML"),
    ],
)
def test_what_is_wrong_with_an_example_is_told_before_anything_is_rendered(change, line):
    Path("mine.toml").write_text(TOML.replace(*change))
    assert refused("film", "--example", "mine.toml").startswith(line)
    assert not Path("media/videos").exists()


def test_an_example_replaces_that_of_the_chapters_that_it_fits():
    result = run("chapters", "--example", "simplest", "-j", 1, "tiny", "--json")
    assert result.exit_code == 0
    (line,) = json.loads(result.stdout)
    assert line["name"] == "tiny"
    assert [beat["key"] for beat in line["beats"]] == ["ring", "it-moves"]
    assert line["frames"] / line["fps"] == line["seconds"]
    result = run("chapters", "--example", "simplest", "-j", 1)
    assert "backprop: late: own example kept, as simplest does not fit" in result.stderr
    assert [row.split("\t")[1] for row in result.stdout.splitlines()] == ["tiny", "late"]
    assert result.stderr.splitlines()[-1].startswith("backprop: chapter broken: ")
    assert result.exit_code == 2


def test_what_has_been_played_is_not_played_again_to_know_its_length(monkeypatch):
    first = run("chapters", "tiny", "late", "-q", "l", "-j", 1)
    monkeypatch.setattr(work, "closed", None)
    assert run("chapters", "late", "tiny", "-q", "l").stdout == first.stdout
    assert "'NoneType' object is not callable" in refused("chapters", "tiny", "-q", "m", "-j", 1)


def test_what_is_kept_is_told_and_shown_without_manim():
    """Manim takes a second to import; and whoever kept it has asked Manim for what ``manim.cfg`` says."""
    Path("manim.cfg").write_text("[CLI]\nseed = 4\n")
    with tempconfig({"seed": 4}):
        told = run("chapters", "tiny", "-q", "l", "-j", 1).stdout
        still = Path(run("still", "tiny:ring", "-q", "l", "-o", "still.png").stdout.strip()).read_bytes()
    code = (
        "import atexit, pathlib, sys; from backprop_film import cli, contents; "
        "contents.FOLDER = pathlib.Path(sys.argv.pop(1)); "
        "atexit.register(lambda: print('manim' in sys.modules)); cli.main()"
    )
    root = os.pathsep.join([str(Path(backprop_film.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    for arguments, expected in (
        (["chapters", "tiny"], told),
        (["still", "tiny:ring", "-o", "again.png"], "again.png\n"),
    ):
        words = [sys.executable, "-c", code, str(contents.FOLDER), *arguments, "-q", "l", "--voice", "none"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": root})
        assert done.stdout == f"{expected}False\n"
    assert Path("again.png").read_bytes() == still


def test_where_a_file_cannot_be_written():
    Path("file").write_text("")
    assert refused("still", "tiny", "-o", "file/still.png", "-q", "l").startswith("File exists: file")
    assert refused("film", "tiny", "-o", "file/film.mp4").startswith("File exists: file")
    assert refused("film", "tiny", "-o", "/proc/film.mp4").startswith("No such file or directory: /proc/film.mp4")


def test_a_full_disk_and_an_interrupt(monkeypatch):
    def fail(error):
        def produced(*_):
            raise error

        monkeypatch.setattr(produce, "produce", produced)

    fail(RuntimeError("encoding"))
    assert refused("film", "tiny").startswith("RuntimeError: encoding")
    wrapped = RuntimeError("Failed to encode")
    wrapped.__cause__ = OSError(28, "No space left on device", "media/x.mp4")
    fail(wrapped)
    assert refused("film", "tiny") == "No space left on device: media/x.mp4"
    fail(KeyboardInterrupt())
    result = run("film", "tiny")
    assert result.exit_code == 130
    assert result.output.strip() == ""


def test_a_film_from_the_command_line():
    result = run("film", "tiny", "late", "-q", "l", "-j", 1)
    assert result.exit_code == 0, result.stderr
    path = Path("media/film/tiny+late-480p15.mp4")
    assert result.stdout.split()[0] == str(path)
    made = {str(file.relative_to(path.parent)) for file in path.parent.rglob("*") if file.is_file()}
    # No player lays captions over those in the picture: beside the film there are none, nor in a folder beside it.
    ledger = f"{path.stem}.ledger.json"
    assert made == {path.name, ledger, *(f"captions/{path.stem}/captions{suffix}" for suffix in (".srt", ".vtt"))}
    assert [line.split(":")[0] for line in sorted(result.stderr.splitlines())] == ["late", "tiny"]
    result = run("film", "tiny", "late", "-q", "l", "--progress", "json")
    assert result.stdout.endswith("2 chapters (reused)\n")
    events = [json.loads(line)["event"] for line in result.stderr.splitlines()]
    assert events == ["begin", "reused", "reused", "joined"]


def test_a_course_of_films_of_which_one_is_wrong():
    Path("mine.toml").write_text(TOML)
    Path("bad.toml").write_text(TOML.replace("[1, 1]", "[1, 1"))
    Path("again").mkdir()
    Path("again/mine.toml").write_text(TOML)
    examples = ("mine.toml", "bad.toml", "simplest", "again/mine.toml")
    result = run("films", *examples, "-c", "late", "-q", "l", "--progress", "none", "--captions", "off", "-o", "course")
    assert result.exit_code == 2
    assert result.stdout.split()[0] == "course/late-mine-no-captions-480p15.mp4"
    assert result.stdout.count("\n") == 1
    made = sorted(path.name for path in Path("course").iterdir())
    assert made == ["late-mine-no-captions-480p15.ledger.json", "late-mine-no-captions-480p15.mp4"]
    bad, misfit, second = result.stderr.splitlines()
    assert bad.startswith("backprop: bad.toml: found no valid TOML")
    assert misfit == "backprop: example simplest does not fit chapter late: it must go too high"
    assert second == "backprop: again/mine.toml: found a second example called mine, expected one"


def test_a_film_without_captions_has_none_beside_it():
    assert run("film", "late", "-q", "l", "--captions", "off", "-o", "out/film.mp4").exit_code == 0
    assert sorted(file.name for file in Path("out").iterdir()) == ["film.ledger.json", "film.mp4"]


def test_a_still_and_a_sheet():
    result = run("still", "tiny:ring", "--at", "middle", "-q", "l")
    assert result.stdout.strip() == "media/images/tiny/Moving-ring-middle.png"
    assert Image.open(result.stdout.strip()).size == (854, 480)
    result = run("sheet", "tiny", "-q", "l", "--width", 160, "--columns", 2, "--at", "both")
    assert result.stdout.strip() == "media/sheets/tiny.png"
    assert Image.open(result.stdout.strip()).width > 320
    result = run("sheet", "--span", "tiny:it-moves", "-q", "l", "--width", 160, "--frames", 3, "-o", "span.png")
    assert Image.open("span.png").width > 480


def test_inspect_tells_by_its_status(tmp_path, monkeypatch):
    assert run("inspect", "tiny", "-q", "l").exit_code == 0
    monkeypatch.setattr(contents, "FOLDER", listed(tmp_path / "film", "tiny.py:Outside"))
    result = run("inspect", "-q", "l")
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.split("\t")[:3] == ["outside", "tiny", "look"]
    (found,) = json.loads(run("inspect", "-q", "l", "--json").stdout)
    assert found["kind"] == "outside"


def test_explain_prints_the_numbers_of_the_trace():
    from backprop_math import Weight, load_example

    example = load_example("simplest")
    chain = example.trace().chain_rule(Weight(3, 0, 0))
    told = run("explain").stdout
    assert example.title in told
    assert chain.numbers.sides[-1].text() in told
    assert told.count("∂C₀/∂") >= 6
    (asked,) = json.loads(run("explain", "--format", "json", "w[3][0,0]").stdout)["derivatives"]
    assert asked["value"] == chain.value
    assert chain.latex().split("=")[0] in run("explain", "--format", "latex", "w[3][0,0]").stdout
    assert "partial" in run("explain", "--format", "typst", "a[2][0]/w[1][0,0]").stdout
    assert "w⁽³⁾" in run("explain", "--layers", "absolute", "w[3][0,0]").stdout


def test_explain_writes_the_paths_of_a_sum_line_by_line():
    told = run("explain", "--example", "introduction", "w[1][0,0]").stdout
    assert "a sum over 8 paths" in told
    assert max(map(len, told.splitlines())) < 200
    assert "The other 44 parameters" in run("explain", "--example", "introduction").stdout


def test_examples_are_listed_with_the_chapters_that_they_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "FOLDER", listed(tmp_path / "film", "late.py:Late"))
    rows = {row.split("\t")[0]: row.split("\t")[4] for row in run("examples").stdout.splitlines()}
    assert rows["simplest"] == ""
    assert rows["overshoot"] == "late"
    assert {row["name"] for row in json.loads(run("examples", "--json").stdout)} == set(rows)


def test_a_broken_pipe_is_no_failure():
    line = f'"{sys.executable}" -c "from backprop_film.cli import main; main()" explain | head -c 1'
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert workers._stop is None
