"""One publication of two small chapters, the second with sounds, made by the command; all tests look into it."""

import json
from contextlib import chdir
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from backprop_film import contents
from backprop_film.cli import cli
from tests.backprop_film.conftest import listed
from tests.backprop_film.test_sound import tone


@pytest.fixture(scope="session")
def chapters(tmp_path_factory):
    """The folder of a list with the two chapters."""
    folder = tmp_path_factory.mktemp("published")
    return listed(folder / "chapters", "moving.py:Moving", "sounding.py:Sounding", title="Small things")


@pytest.fixture(scope="session")
def published(chapters):
    """The folder that the command wrote, its manifest, and what the command said."""
    with chdir(chapters.parent), pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "FOLDER", chapters)
        tone("tone.wav")
        arguments = [
            "publish",
            "-q",
            "l",
            "-j",
            "1",
            "--voice",
            "none",
            "-o",
            "out",
            "--poster",
            "moving:it_moves",
            "--json",
        ]
        result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.stderr
    return SimpleNamespace(folder=chapters.parent / "out", manifest=json.loads(result.stdout), said=result.stderr)
