"""Taking in a change of a file in a process that has begun to run it, where nothing that has run would be another.

A traced file's functions note when they are called. If old and new text differ in nothing but functions that were not
called yet, those are given their new code, and the process is what a new one would be at this point. Whatever else
differs (a constant, a class's attribute, a decorator, a function that has run or is running) asks for a new process.
"""

from __future__ import annotations

import ast
import builtins
import gc
import inspect
from collections.abc import Collection
from types import CodeType, FunctionType

__all__ = ["called", "changed", "compiled", "renew"]

_NOTE = "__backprop_called__"

#: What has been called in this process: for each file the functions, ``Mine.construct``.
called: dict[str, set[str]] = {}


def _note(file: str, function: str) -> None:
    called.setdefault(file, set()).add(function)


class _Functions(ast.NodeVisitor):
    """The functions of a module and of its classes, in their order; not those within functions."""

    def __init__(self) -> None:
        self.found: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self._within: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._within.append(node.name)
        for part in node.body:
            self.visit(part)
        self._within.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.found[_free(".".join([*self._within, node.name]), self.found)] = node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 (as ast has it)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """What stands in an expression is no function of the module's."""


def _free(name: str, taken: Collection[str]) -> str:
    """A name, with its number where there are several: a property and its setter."""
    number = sum(other.partition("#")[0] == name for other in taken)
    return f"{name}#{number + 1}" if number else name


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    visitor = _Functions()
    visitor.visit(tree)
    return visitor.found


def compiled(source: bytes | str, file: str) -> CodeType:
    """The code of a file whose functions note that they are called. `SyntaxError` if it is none."""
    tree = ast.parse(source, file)
    setattr(builtins, _NOTE, _note)
    for name, node in _functions(tree).items():
        first = node.body[0]
        documented = isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
        mark = ast.parse(f"{_NOTE}({file!r}, {name!r})").body[0]
        for part in ast.walk(mark):
            ast.copy_location(part, first)
        node.body.insert(int(documented), mark)
    return compile(tree, file, "exec", dont_inherit=True)


def changed(before: str, after: str) -> set[str] | None:
    """The functions in which two texts of a file differ; ``None`` if they differ in anything else.

    >>> changed("def f(): return 1", "def f(): return 2")
    {'f'}
    >>> changed("ONE = 1", "ONE = 2") is None
    True
    """
    old, new = ast.parse(before), ast.parse(after)
    ours, theirs = _functions(old), _functions(new)
    if list(ours) != list(theirs):
        return None
    differing = {name for name in ours if _dumped(ours[name].body) != _dumped(theirs[name].body)}
    for node in (*ours.values(), *theirs.values()):
        node.body = []
    return differing if ast.dump(old) == ast.dump(new) else None


def _dumped(body: list[ast.stmt]) -> list[str]:
    return [ast.dump(statement) for statement in body]


def renew(file: str, source: str) -> None:
    """Give the file's functions the code of another text of it, from which they differ as `changed` says.

    `ValueError` if one cannot take it: it uses ``super()`` or another variable from outside, and did not before.
    """
    codes = _by_name(compiled(source, file))
    living: dict[str, dict[int, list[FunctionType]]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == file and one.__code__.co_qualname in codes:
            living.setdefault(one.__code__.co_qualname, {}).setdefault(one.__code__.co_firstlineno, []).append(one)
    for name, places in living.items():
        if len(places) != len(codes[name]):  # one that was defined twice, and of which one is gone
            raise ValueError(f"{name}: found {len(places)} functions, expected {len(codes[name])}")
        for line, code in zip(sorted(places), codes[name], strict=True):
            for function in places[line]:
                function.__code__ = code


def _by_name(code: CodeType) -> dict[str, list[CodeType]]:
    """The codes of a module's functions and of its classes', in their order; a property's and its setter's together."""
    found: dict[str, list[CodeType]] = {}
    for part in code.co_consts:
        if isinstance(part, CodeType) and not part.co_name.startswith("<"):
            if part.co_flags & inspect.CO_NEWLOCALS:
                found.setdefault(part.co_qualname, []).append(part)
            else:
                for name, codes in _by_name(part).items():
                    found.setdefault(name, []).extend(codes)
    return found
