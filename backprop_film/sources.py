"""What a file's code consists of: itself and all that it imports from this project or from its own folder.

The files are read, not run. An import counts wherever it stands, but for what only type checkers see. To parse every
file takes a second, so what a content imports may be `remembered` from one process to the next.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .files import whole

__all__ = ["PROJECT", "Code", "code_of", "digest", "remembered"]

_HERE = Path(__file__).resolve().parent
#: The project's packages, by name.
PROJECT = {"backprop_film": _HERE, "backprop_math": _HERE.with_name("backprop_math")}


class Code(NamedTuple):
    """The files of a program by name, and the packages from elsewhere that they import."""

    files: Mapping[str, Path]
    elsewhere: frozenset[str]

    @property
    def contents(self) -> dict[str, str]:
        """The `digest` of each file."""
        return {name: _digest(str(path), *_state(path)) for name, path in self.files.items()}


class _Import(NamedTuple):
    level: int
    module: str
    names: tuple[str, ...]


def digest(path: Path) -> str:
    """The SHA-256 of a file's content; of nothing that is no file, ``""``."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def code_of(file: Path) -> Code:
    """The code that ``file`` stands for.

    A module of the project is called by its path there, one beside the file by its path from the file's folder.
    """
    file = file.resolve()
    package = next((name for name, folder in PROJECT.items() if file.is_relative_to(folder)), None)
    module = _dotted(package, file) if package else ""
    found: dict[str, Path] = {}
    elsewhere: set[str] = set()
    seen: set[Path] = set()
    waiting = [(module, file)]
    listed = _Listed()
    while waiting:
        module, path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        found[_name(path, file.parent)] = path
        # The project imports nothing that lies beside a chapter.
        ours = any(path.is_relative_to(folder) for folder in PROJECT.values())
        led = _of_project(module, path, listed) if ours else _led(module, path, file.parent, listed)
        waiting += led.modules
        elsewhere |= led.elsewhere
    return Code(found, frozenset(elsewhere))


def _dotted(package: str, file: Path) -> str:
    parts = file.relative_to(PROJECT[package]).with_suffix("").parts
    return ".".join((package, *(part for part in parts if part != "__init__")))


def _name(path: Path, beside: Path) -> str:
    for package, folder in PROJECT.items():
        if path.is_relative_to(folder):
            return f"{package}/{path.relative_to(folder).as_posix()}"
    return path.relative_to(beside).as_posix()


class _Led(NamedTuple):
    modules: tuple[tuple[str, Path], ...]
    elsewhere: frozenset[str]


_ours: dict[tuple[Path, int, int], _Led] = {}


def _of_project(module: str, path: Path, listed: _Listed) -> _Led:
    key = path, *_state(path)
    if key not in _ours:
        _ours[key] = _led(module, path, None, listed)
    return _ours[key]


def _led(module: str, path: Path, beside: Path | None, listed: _Listed) -> _Led:
    """Where the imports of a module lead."""
    modules: dict[Path, str] = {}
    elsewhere = set()
    for wanted, names in _wanted(module, path):
        lying = list(_lying(wanted, names, beside, listed))
        modules |= {path: name for name, path in lying}
        if not lying:
            elsewhere.add(wanted.partition(".")[0])
    return _Led(tuple((name, path) for path, name in modules.items()), frozenset(elsewhere))


class _Listed(dict[Path, frozenset[str]]):
    """What lies in each folder, looked up once: to ask for every name that is imported takes ten times as long."""

    def __missing__(self, folder: Path) -> frozenset[str]:
        try:
            self[folder] = frozenset(os.listdir(folder))  # noqa: PTH208 (names are all that is wanted)
        except OSError:  # none
            self[folder] = frozenset()
        return self[folder]


def _state(path: Path) -> tuple[int, int]:
    """What is another once a file has been changed."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=4096)
def _digest(path: str, _time: int, _size: int) -> str:
    return digest(Path(path))


def _wanted(module: str, path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a module imports, by its full name; of ``from a import b``, ``b``, which may be a module or not, too."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for level, name, names in _imports(path, *_state(path)):
        start = name
        if level:
            above = package.split(".")[: len(package.split(".")) - level + 1] if package else []
            if not above:  # beyond the top: Python will refuse it
                continue
            start = ".".join((*above, *([name] if name else [])))
        yield start, names


@lru_cache(maxsize=4096)
def _imports(path: Path, _time: int, _size: int) -> tuple[_Import, ...]:
    content = path.read_bytes()
    key = hashlib.sha256(content).hexdigest()
    if key not in _known:
        _known[key] = tuple(_parsed(content))
    return _known[key]


def _parsed(content: bytes) -> Iterator[_Import]:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):  # whoever runs it will say so
        return
    yield from _walk([tree])


#: What files of some contents import, by the digests of these.
_known: dict[str, tuple[_Import, ...]] = {}
_MOST = 4096


@contextmanager
def remembered(file: Path) -> Iterator[None]:
    """Within, what was parsed for this file before is not parsed again; what is new is written to it.

    It goes by content, by the rules here, and by the Python that parses: it is never out of date.
    """
    rules = f"{digest(Path(__file__))} {sys.version}"
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["rules"] == rules:
            for key, found in kept["imports"].items():
                _known.setdefault(key, tuple(_Import(level, name, tuple(names)) for level, name, names in found))
    before = len(_known)
    yield
    if len(_known) != before:
        newest = dict(list(_known.items())[-_MOST:])
        with suppress(OSError), whole(file) as beside:  # where nothing can be written, all is parsed the next time
            beside.write_text(json.dumps({"rules": rules, "imports": newest}), encoding="utf-8")


def _walk(nodes: Iterable[ast.AST]) -> Iterator[_Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (_Import(0, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield _Import(node.level, node.module or "", tuple(alias.name for alias in node.names))
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from _walk(node.orelse)
        elif not isinstance(node, ast.expr):  # no import stands in an expression
            yield from _walk(ast.iter_child_nodes(node))


def _lying(name: str, names: Iterable[str], beside: Path | None, listed: _Listed) -> Iterator[tuple[str, Path]]:
    """The files that importing ``names`` from ``a.b`` runs: those of ``a``, ``a.b`` and ``a.b.c``, if they are ours."""
    parts = name.split(".")
    folder = PROJECT.get(parts[0]) or (beside and beside / parts[0])
    if folder is None:
        return
    for count in range(1, len(parts) + 1):
        at = folder.joinpath(*parts[1:count])
        path = _file_of(at, listed)
        if path:
            yield ".".join(parts[:count]), path
        elif not at.is_dir():  # a name within a module, or of a package from elsewhere
            return
    if at.is_dir():
        yield from ((f"{name}.{one}", path) for one in names if (path := _file_of(at / one, listed)))


def _file_of(at: Path, listed: _Listed) -> Path | None:
    """The file that runs when the package or module that lies there is imported."""
    near = listed[at.parent]
    if at.name in near and "__init__.py" in listed[at]:
        return at / "__init__.py"
    file = f"{at.name}.py"
    return at.with_name(file) if file in near and at.with_name(file).is_file() else None
