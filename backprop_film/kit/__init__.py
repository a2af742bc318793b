"""What a chapter is made of. Everything here works in anybody's own Manim scene, too.

In a scene::

    from manim import Scene, Write
    from backprop_math import Notation, WeightedSum, load_example
    from backprop_film.kit import Formula

    class Mine(Scene):
        def construct(self):
            notation = Notation(load_example("simplest").network)
            self.play(Write(Formula(notation.definition(WeightedSum(3, 0)))))

What there is: `pieces`. They are imported as soon as one is wanted, and Manim with them, which takes a second that who
asks only for a list of chapters or for a palette is spared.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pieces import *  # noqa: F403
    from .pieces import __all__ as __all__


class _Kit(ModuleType):
    """Some names are a piece's and a module's, such as ``theme``: here they are the piece's."""

    def __getattr__(self, name: str) -> Any:
        if name == "__all__" or not name.startswith("__"):
            import backprop_film.kit.pieces  # noqa: F401 (as an attribute it is not there yet)

            pieces = sys.modules[f"{__name__}.pieces"]
            if name == "__all__" or name in pieces.__all__:
                return getattr(pieces, name)
            if module := sys.modules.get(f"{__name__}.{name}"):
                return module
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not isinstance(value, ModuleType):  # as Python sets each module of a package, when it has been imported
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.__all__]


sys.modules[__name__].__class__ = _Kit
