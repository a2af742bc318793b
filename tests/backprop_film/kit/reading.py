"""Reads glyphs back from their outlines, without asking the mobject what it shows."""

from functools import cache

import numpy as np

from backprop_film.kit.typeset import typeset


def shape(points):
    """An outline without its place and size."""
    low = points[:, :2].min(axis=0)
    extent = np.ptp(points[:, :2], axis=0)
    return (points[:, :2] - low) / extent.max(), extent


@cache
def _alphabet():
    outlines = {character: typeset(f'"{character}"', 1.0, math=True)[0] for character in "0123456789."}
    outlines["-"] = typeset("minus", 1.0, math=True)[0]
    return {character: shape(outline.points) for character, outline in outlines.items()}


def read(mobject):
    """The digits that a mobject shows, from left to right; ``?`` for what is none."""
    cells = [cell for cell in mobject.family_members_with_points() if cell.get_fill_opacity() > 0]
    return "".join(_character(cell.points) for cell in sorted(cells, key=lambda cell: cell.get_left()[0]))


def _character(points):
    outline, _ = shape(points)
    for character, (known, _) in _alphabet().items():
        if known.shape == outline.shape and np.allclose(known, outline, atol=1e-6):
            return character
    return "?"


def same(one, other, atol=1e-9):
    """Whether two lists of outlines (arrays of points) are the same, in the same places."""
    return len(one) == len(other) and all(
        a.shape == b.shape and np.allclose(a, b, rtol=0, atol=atol) for a, b in zip(one, other, strict=True)
    )
