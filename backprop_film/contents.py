"""The film's chapters, in order, and the way from a name to a chapter's class."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Problem, sentence, unknown

if TYPE_CHECKING:
    from .kit.chapter import Chapter

__all__ = ["CONTENTS", "Entry", "chosen", "entries", "find", "load"]

#: File (without ``.py``, in ``scenes/``) and Scene class of each chapter, in the film's order.
CONTENTS = [
    ("introduction", "Introduction"),
    ("chain_rule", "ChainRule"),
    ("computing_derivatives", "ComputingDerivatives"),
    ("meaning", "MeaningOfDerivatives"),
    ("sensitivity", "Sensitivity"),
    ("more_neurons", "MoreNeurons"),
    ("recap", "Recap"),
]
#: Where they lie: beside this package in a checkout.
FOLDER = Path(__file__).parent.parent / "scenes"


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the table of contents; ``number`` counts from 1."""

    number: int
    file: Path
    class_name: str

    @property
    def name(self) -> str:
        """The chapter's name on the command line: its file's."""
        return self.file.stem


def entries() -> list[Entry]:
    """The whole table of contents."""
    return [
        Entry(number, FOLDER / f"{module}.py", class_name) for number, (module, class_name) in enumerate(CONTENTS, 1)
    ]


def find(name: str) -> Entry:
    """The chapter called ``name``: its file's name, its class, or its number.

    >>> find("ChainRule").name
    'chain_rule'
    """
    plain = Path(name).name.removesuffix(".py").replace("-", "_")
    for entry in entries():
        if plain in (entry.name, entry.class_name, str(entry.number)):
            return entry
    raise unknown("chapter", name, [entry.name for entry in entries()])


def chosen(names: Iterable[str]) -> list[Entry]:
    """The chapters named, in the film's order and once each; all of them where none is named."""
    return sorted({find(name) for name in names}) or entries()


def load(entry: Entry) -> type[Chapter]:
    """The chapter's class, from its file."""
    name = f"backprop_film.scenes.{entry.name}"
    try:
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, entry.file)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[name]
                raise
        return getattr(sys.modules[name], entry.class_name)
    except Exception as error:
        raise Problem(f"chapter {entry.name} cannot be loaded: {sentence(error)}") from error
