"""What `pip install` brings: a wheel is built and laid out in an environment of its own."""

import email
import subprocess
import sys
import textwrap
import tomllib
import venv
import zipfile
from pathlib import Path

import manim
import numpy as np
import pytest

import backprop_math

ROOT = Path(__file__).parents[1]

SCRIPT = '''
"""A user's script, every call of it typed."""

from pathlib import Path

from backprop_math import (
    Activation,
    BackwardPass,
    ChainRule,
    ForwardPass,
    Momentum,
    Network,
    Notation,
    Relation,
    Weight,
    WeightedSum,
    gradient,
    load_example,
    train,
)


def factors(chain: ChainRule) -> list[float]:
    return [factor.value for path in chain.paths for factor in path.factors]


net: Network = Network.from_arrays(
    weights=[[[0.5], [0.1]], [[1.2, -0.3]]], biases=[[-0.25, 0.5], [0.1]], activation=["tanh", "sigmoid"]
)
forward: ForwardPass = net.forward([0.35])
trace: BackwardPass = forward.backward([1.0])
shown: Relation = trace.chain_rule(Weight(2, 0, 0), notation=Notation(net, layers="absolute")).numbers
text: str = shown.text() + str(trace.equations(2)) + trace.chain_rule(Activation(1, 0)).latex()
total: float = sum(factors(trace.chain_rule(Weight(1, 0, 0), WeightedSum(2, 0)))) + trace.derivative(Weight(2, 0, 0))
trained, history = train(net, [[0.0], [1.0]], [[0.0], [1.0]], optimizer=Momentum(0.2), epochs=3)
last: float = float(history.cost[-1])
path = Path("net.npz")
trained.save(path)
again: Network = Network.load(path)
value: float = gradient(lambda x: x * x)(3.0).value
example_trace: BackwardPass = load_example("simplest").trace()
print(text != "", total != 0, last > 0, again.layers, value, example_trace.cost > 0)
'''


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network from a copy of the tracked files."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "media/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(source)], check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """An environment that has NumPy and the wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    for part in Path(np.__file__).parents[1].glob("numpy*"):
        (site / part.name).symlink_to(part)
    return folder / "bin" / "python"


def run(python, *args, **how):
    """Isolated: neither this folder nor an environment variable decides what is imported."""
    return subprocess.run([python, "-I", *args], capture_output=True, text=True, encoding="utf-8", **how)


def test_the_wheel_claims_two_names_and_carries_everything(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"backprop_math", "backprop_film"}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in tracked if name.startswith(("backprop_math/", "backprop_film/"))}
    ours |= {f"backprop_film/{name}" for name in tracked if name.startswith("scenes/")}
    assert ours - names == set()


def test_the_base_needs_numpy_alone(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith("METADATA")]
    about = email.message_from_string(archive.read(name).decode())
    base = [line for line in about.get_all("Requires-Dist") if "extra ==" not in line]
    assert [line.partition(">")[0] for line in base] == ["numpy"]
    assert about["Name"] == "backprop-math"
    assert about["Version"] == backprop_math.__version__
    assert {"film", "safetensors", "test"} <= set(about.get_all("Provides-Extra"))
    assert "Project-URL" not in about


def test_the_command_says_what_to_install(environment, tmp_path):
    """The bare environment has no Manim."""
    result = run(environment, "-c", "from backprop_film.start import main; main()", cwd=tmp_path)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "pip install 'backprop-math[film]'" in result.stderr
    assert "found no manim, " in result.stderr


def test_the_chapters_are_found_within_the_package(environment, tmp_path):
    """With Manim appended to the path, from where the tests have it, and the wheel's packages before it."""
    code = """
        import sys
        sys.path.append(sys.argv[1])
        import backprop_film
        from backprop_film import contents
        from backprop_film.kit.chapter_list import place
        assert str(contents.FOLDER).startswith(backprop_film.__path__[0])
        for entry in contents.entries():
            scene = contents.load(entry)
            print(entry.number, entry.name, entry.file.parent == contents.FOLDER, place(scene).number)
        print(contents.find("./introduction.py").name)
    """
    (tmp_path / "introduction.py").write_text("from manim import Scene\nclass Mine(Scene): pass\n", encoding="utf-8")
    site = str(Path(manim.__file__).parents[1])
    result = run(environment, "-c", textwrap.dedent(code), site, cwd=tmp_path)
    *chapters, own = result.stdout.splitlines()
    assert own == "introduction.py:Mine", result.stderr
    with (ROOT / "scenes" / "chapters.toml").open("rb") as file:
        lines = [line for part in tomllib.load(file)["part"] for line in enumerate(part["chapters"], 1)]
    assert chapters == [f"{number} {line.partition('.py:')[0]} True {number}" for number, line in lines]


def test_a_users_script_is_typed_and_runs_and_a_wrong_call_is_found(environment, tmp_path):
    """The types are read: a planted error in the same script is reported, and nothing else."""
    script, wrong = tmp_path / "mine.py", tmp_path / "wrong.py"
    script.write_text(SCRIPT, encoding="utf-8")
    wrong.write_text(SCRIPT.replace("trace.equations(2)", "trace.equations('two')"), encoding="utf-8")
    check = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(environment)]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache" / "strict"), "--config-file", "", script.name, wrong.name]
    typed = subprocess.run([*check, *cache], cwd=tmp_path, capture_output=True, text=True)
    error, found = typed.stdout.splitlines()
    assert error.startswith("wrong.py:"), typed.stdout + typed.stderr
    assert 'Argument 1 to "equations"' in error
    assert found == "Found 1 error in 1 file (checked 2 source files)"
    result = run(environment, str(script), cwd=tmp_path)
    assert result.stdout == "True True True (1, 2, 1) 9.0 True\n", result.stderr


def test_the_list_of_packages_is_complete():
    with (ROOT / "pyproject.toml").open("rb") as file:
        listed = tomllib.load(file)["tool"]["setuptools"]["packages"]
    found = {
        ".".join(init.parent.relative_to(ROOT).parts)
        for top in ("backprop_math", "backprop_film")
        for init in ROOT.glob(f"{top}/**/__init__.py")
    }
    assert set(listed) == found | {"backprop_film.scenes"}
