import pytest

from backprop_film.voice import choice


@pytest.fixture(autouse=True)
def _asked_anew():
    """A process keeps what it knows of a program; a test's program is new."""
    choice._voice.cache_clear()
