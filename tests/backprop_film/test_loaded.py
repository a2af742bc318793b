from pathlib import Path

import numpy as np
import pytest

from backprop_film.kit import bounds
from backprop_film.loaded import files_of, loaded
from backprop_film.playback import survey
from backprop_math import Example, ExampleError, Network, load_example
from tests.backprop_film.conftest import job


def written(path, target=1.0, **more):
    example = load_example("simplest")
    path.write_text(example.to_toml().replace("target = [1.0]", f"target = [{target}]"))
    return str(path)


def test_an_example_is_read_again_only_if_a_file_of_it_is_another(tmp_path):
    name = written(tmp_path / "one.toml")
    first = loaded(name)
    assert loaded(name) is first
    assert {path.name for path in files_of(name)} == {"one.toml", "penguins.csv"}
    written(tmp_path / "one.toml", 0.25)
    assert loaded(name).target.tolist() == [0.25]
    Path(name).unlink()
    with pytest.raises(ExampleError):
        loaded(name)


def test_a_table_that_an_example_refers_to_is_one_of_its_files(tmp_path):
    own = load_example("two_outputs")
    table = tmp_path / "penguins.csv"
    table.write_bytes(own.data.path.read_bytes())
    text = own.to_toml().replace("penguins.csv", table.as_posix())
    (tmp_path / "own.toml").write_text(text)
    name = str(tmp_path / "own.toml")
    first = loaded(name)
    assert files_of(name) == {tmp_path / "own.toml", table}
    lines = table.read_text().splitlines()
    table.write_text("\n".join([lines[0], lines[-1], *lines[1:]]) + "\n")
    assert loaded(name) is not first


def test_the_same_name_in_another_folder_is_another_example(tmp_path, monkeypatch):
    for folder, target in (("a", 0.5), ("b", 0.75)):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder / "mine.toml", target)
        monkeypatch.chdir(tmp_path / folder)
        assert loaded("mine.toml").target.tolist() == [target]


def test_chapters_ask_once_whether_an_example_is_beyond_the_bounds(monkeypatch):
    passes = []
    forward = Network.forward
    monkeypatch.setattr(Network, "forward", lambda self, x: passes.append(x) or forward(self, x))
    example = Example.from_arrays([np.ones((2, 2))], [[0.0, 0.0]], [1.0, 2.0], [0.0, 1.0])
    assert [bounds.out_of_bounds(example) for _ in range(13)] == [None] * 13
    assert len(passes) == 1


def test_what_is_played_is_the_example_as_its_file_is_now(tmp_path):
    name = written(tmp_path / "one.toml")
    before = survey(job("Moving", example=name))
    assert survey(job("Moving", example=name)) == before
