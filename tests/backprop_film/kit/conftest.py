import pytest
from manim import tempconfig


@pytest.fixture(scope="package")
def media(tmp_path_factory):
    """Manim's media folder, one for all tests here."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _quiet(media):
    """Nothing is written where the tests are run, and nothing is printed; no play is looked for in a cache."""
    quiet = {"media_dir": str(media), "verbosity": "ERROR", "progress_bar": "none", "disable_caching": True}
    with tempconfig(quiet):
        yield
