"""Typst markup to glyph outlines, in memory: one compiler, the project's fonts, each outline parsed once.

Manim's own `MathTypst` writes an SVG to the media folder and parses it anew for every formula (30-40 ms);
here a formula takes about a millisecond, two processes cannot race for a file, and no font of the machine
is ever used. A run of glyphs is told from its neighbours by its fill colour: ``mark(7, …)`` in the markup
sets ``rgb(0, 0, 7)``, which does not change the layout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from xml.etree import ElementTree as ET

import numpy as np
import svgelements as se
import typst
from manim import VMobjectFromSVGPath

from .theme import theme
from .typefaces import FONTS, Typeface, typeface

__all__ = ["Outline", "boxed", "escaped", "mark", "typeset"]

_LACKING = "\U0010fffd"  # of private use, in no font
_POINTS = 10.0  # the font size compiled at; outlines are scaled to the size asked for
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_BASELINE = 0xFFFFFE
# A box without extent, whose only content is a square that marks the baseline.
_MARKER = f'#box(width: 0pt, height: 0pt, place(square(size: 1pt, fill: rgb("#{_BASELINE:06x}"))))'


#: a, b, c, d, e, f, as SVG has them: x becomes a·x + c·y + e, and y becomes b·x + d·y + f.
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """One glyph or rule: Bézier points in units (y up, baseline at 0), and the number of its mark."""

    points: np.ndarray
    mark: int


def mark(number: int, markup: str) -> str:
    """Math markup whose glyphs will carry ``number`` (1 to 16,000,000)."""
    return f"mk(#{number}, {markup})" if markup else ""


def escaped(text: str) -> str:
    """Plain text as a Typst string literal: nothing in it is markup or code."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@lru_cache(maxsize=4)
def _compiler(*folders: str) -> typst.Compiler:
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS), *folders]))


@lru_cache(maxsize=4096)
def _path_points(d: str) -> np.ndarray:
    """The path's Bézier points in SVG coordinates, as Manim wants them."""
    path = VMobjectFromSVGPath(se.Path(d), should_subdivide_sharp_curves=True, should_remove_null_curves=True)
    return np.asarray(path.points)


def boxed(character: str) -> bool:
    """Whether the fonts lack a character, so that an empty box is drawn in its place.

    >>> boxed("é"), boxed("\N{CJK UNIFIED IDEOGRAPH-65E5}")
    (False, True)
    """
    return _boxed(character, theme.prose_font)


@cache
def _boxed(character: str, _font: str) -> bool:
    own, lacking = (typeset(escaped_text(sign), 1.0, math=False) for sign in (character, _LACKING))
    return len(own) == len(lacking) and all(
        np.array_equal(a.points, b.points) for a, b in zip(own, lacking, strict=True)
    )


def escaped_text(text: str) -> str:
    """Plain text as Typst content."""
    return f"#text({escaped(text)})"


def typeset(body: str, size: float, *, math: bool) -> tuple[Outline, ...]:
    """The outlines of a line of markup at a font size in units, in drawing order, left end at x = 0.

    ``body`` is math markup (what stands between dollar signs) or Typst content. Raises `ValueError` with
    the compiler's words and the markup where it is not valid, or the theme's font where there is none.
    """
    prose = typeface("theme.prose_font", theme.prose_font)
    return _typeset(body, size, math, prose, typeface("theme.math_font", theme.math_font))


@lru_cache(maxsize=1024)
def _typeset(body: str, size: float, math: bool, prose: Typeface, formulas: Typeface) -> tuple[Outline, ...]:
    content = f"$ {body} {_MARKER} $" if math else f"{body}{_MARKER}"
    source = (
        "#set page(width: auto, height: auto, margin: 4pt, fill: none)\n"
        f"#set text(size: {_POINTS}pt, font: {escaped(prose.family)}, ligatures: false)\n"
        f"#show math.equation: set text(font: {escaped(formulas.family)})\n"
        "#let mk(number, body) = text(fill: rgb(calc.quo(number, 65536), "
        "calc.rem(calc.quo(number, 256), 256), calc.rem(number, 256)), body)\n"
        f"{content}\n"
    )
    try:
        folders = dict.fromkeys(one.folder for one in (prose, formulas) if one.folder)
        svg = _compiler(*folders).compile(source.encode(), format="svg")
    except typst.TypstError as error:
        raise ValueError(f"typesetting {body!r}: {error}") from error
    assert isinstance(svg, bytes)  # one page
    return _outlines(ET.fromstring(svg), size / _POINTS)  # noqa: S314 (our own compiler's output)


def _outlines(svg: ET.Element, scale: float) -> tuple[Outline, ...]:
    symbols = {
        symbol.get("id"): path.get("d", "")
        for symbol in svg.iter(f"{_SVG}symbol")
        if (path := symbol.find(f"{_SVG}path")) is not None
    }
    found: list[Outline] = []
    origin: np.ndarray | None = None

    def visit(element: ET.Element, outer: _Matrix) -> None:
        nonlocal origin
        if element.tag in (f"{_SVG}defs", f"{_SVG}symbol"):
            return
        matrix = _within(outer, _matrix(element.get("transform", "")))
        d = symbols.get(element.get(_HREF, "#")[1:], "") if element.tag == f"{_SVG}use" else element.get("d", "")
        if d:
            shift = (1.0, 0.0, 0.0, 1.0, float(element.get("x", 0)), float(element.get("y", 0)))
            points = _transformed(_drawn(element, d), _within(matrix, shift))
            number = _colour_number(element)
            if number == _BASELINE:
                origin = points[:, :2].min(axis=0)
            elif len(points):
                found.append(Outline(points, number))
        for child in element:
            visit(child, matrix)

    visit(svg, _matrix(""))
    left = min((o.points[:, 0].min() for o in found), default=0.0)
    base = 0.0 if origin is None else origin[1]
    shift, flip = np.array([left, base, 0.0]), np.array([scale, -scale, scale])
    return tuple(Outline((o.points - shift) * flip, o.mark) for o in found)


@lru_cache(maxsize=4096)
def _matrix(transform: str) -> _Matrix:
    matrix = se.Matrix(transform)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _within(outer: _Matrix, inner: _Matrix) -> _Matrix:
    """What the inner one does, and then the outer one."""
    (a, b, c, d, e, f), (ia, ib, ic, id_, ie, if_) = outer, inner
    return (
        a * ia + c * ib,
        b * ia + d * ib,
        a * ic + c * id_,
        b * ic + d * id_,
        a * ie + c * if_ + e,
        b * ie + d * if_ + f,
    )


def _transformed(points: np.ndarray, matrix: _Matrix) -> np.ndarray:
    a, b, c, d, e, f = matrix
    result = points.copy()
    result[:, 0] = a * points[:, 0] + c * points[:, 1] + e
    result[:, 1] = b * points[:, 0] + d * points[:, 1] + f
    return result


def _drawn(element: ET.Element, d: str) -> np.ndarray:
    """The points of a filled path; a stroked rule (a fraction's bar) as the rectangle that it covers."""
    width = float(element.get("stroke-width", 0)) if element.get("stroke", "none") != "none" else 0.0
    if not width:
        return _path_points(d)
    ends = np.array([[p.x, p.y] for p in se.Path(d).as_points()])
    (x0, y0), (x1, y1) = ends.min(axis=0), ends.max(axis=0)
    dx, dy = (0.0, width / 2) if x1 - x0 >= y1 - y0 else (width / 2, 0.0)
    x0, x1, y0, y1 = x0 - dx, x1 + dx, y0 - dy, y1 + dy
    return _path_points(f"M{x0} {y0} L{x1} {y0} L{x1} {y1} L{x0} {y1} Z")


def _colour_number(element: ET.Element) -> int:
    for key in ("fill", "stroke"):
        if match := re.fullmatch(r"#([0-9a-fA-F]{6})", element.get(key, "")):
            return int(match[1], 16)
    return 0
