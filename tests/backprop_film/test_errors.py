import pytest

from backprop_film.errors import sentence
from backprop_math import ExampleError


class UnreadableError(ExampleError):
    pass


class TheirError(Exception):
    pass


TheirError.__name__ = "ExampleError"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ExampleError("my.toml: layers:\n  found none"), "my.toml: layers: found none"),
        (UnreadableError("my.toml: cut short"), "my.toml: cut short"),
        (TheirError("somebody's"), "ExampleError: somebody's"),
    ],
)
def test_what_is_wrong_with_an_example_is_told_without_its_class(error, told):
    """It is known by its class, whatever that is called."""
    assert sentence(error) == told
