"""A chapter in a file of its own."""

from tests.backprop_film.tiny import Broken

__all__ = ["Broken"]
