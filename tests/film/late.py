"""A chapter in a file of its own."""

from tests.film.tiny import Late

__all__ = ["Late"]
