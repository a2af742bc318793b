"""A chapter in a file of its own."""

from tests.film.tiny import Broken

__all__ = ["Broken"]
