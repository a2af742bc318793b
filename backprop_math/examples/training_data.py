"""`TrainingData`: many training examples, read from a table of measurements (CSV, the first line names the columns).

>>> from backprop_math import load_example
>>> data = load_example("two_outputs").data
>>> data.inputs.shape, data.targets.sum(axis=0).tolist(), data.smallest.tolist(), data.largest.tolist()
((274, 2), [123.0, 151.0], [172.0, 13.1], [231.0, 21.5])
>>> place = int((data.measured == [225.0, 16.5]).all(axis=1).argmax())
>>> data.inputs[place].tolist(), data.targets[place].tolist()
([0.9, 0.4], [1.0, 0.0])
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import FloatArray, owned, read_only
from ..frozen import Frozen
from ..names import did_you_mean
from .reading import file_of_bytes

__all__ = ["TrainingData", "read_training_data", "scaled"]

_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, eq=False)
class TrainingData(Frozen):
    """Training examples from a table: ``inputs`` (n, n_0) as the network takes them, ``targets`` (n, n_L).

    ``measured`` (n, n_0) is what stands in the table; ``smallest`` and ``largest`` (n_0,) are the ends of its columns,
    those of rows that are left out, too. ``path`` is the table's file.
    """

    path: Path
    inputs: FloatArray
    targets: FloatArray
    measured: FloatArray
    smallest: FloatArray
    largest: FloatArray

    def __post_init__(self) -> None:
        for name in ("inputs", "targets", "measured", "smallest", "largest"):
            object.__setattr__(self, name, owned(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.inputs)

    def scaled(self, measured: FloatArray) -> FloatArray:
        """Measurements, (…, n_0), as 0 … 1 between the smallest and the largest of their columns, to two decimals."""
        return scaled(measured, self.smallest, self.largest)


def scaled(measured: FloatArray, smallest: FloatArray, largest: FloatArray) -> FloatArray:
    """``(x − smallest) / (largest − smallest)``, rounded to two decimals; 0 where the two are the same.

    >>> scaled(np.array([225.0]), np.array([172.0]), np.array([231.0])).tolist()
    [0.9]
    """
    span = np.asarray(largest) - np.asarray(smallest)
    parts = np.divide(measured - smallest, span, out=np.zeros(np.shape(measured)), where=span > 0)
    return read_only(np.round(parts, 2))


def read_training_data(
    path: Path, input_names: Sequence[str], output_names: Sequence[str], *, scale: bool = False
) -> TrainingData:
    """The training examples in a CSV file, whose columns are found by the names of the inputs and outputs.

    Case, accents and what stands between words do not matter: "bill length" is the column ``bill_length``, or else the
    only one with one word more, ``bill_length_mm``. Outputs are columns likewise; where no output is one, they are the
    classes in the only column that holds all of their names: 1 for the class that a row has, 0 for the others. Rows of
    other classes are left out; with a single output, they are its 0. Rows in which a value that is needed is missing
    (empty, ``NA``) are left out, too. With ``scale`` inputs are scaled as `TrainingData.scaled` says.

    Raises `ValueError` for a file that is no such table.
    """
    header, rows = _table(path)
    words = [_words(name) for name in header]
    places = [_column(name, header, words) for name in input_names]
    numeric = [_column(name, header, words) for name in output_names]
    measured = _numbers(header, rows, _found(input_names, places, header))
    complete = np.isfinite(measured).all(axis=1)
    if all(place is None for place in numeric):
        targets = _classes(header, rows, output_names, taken=set(places))
        complete &= np.isfinite(targets).all(axis=1)
    else:
        targets = _numbers(header, rows, _found(output_names, numeric, header))
        complete &= np.isfinite(targets).all(axis=1)
    if not complete.any():
        raise ValueError(f"{path.name}: found no row in which nothing is missing, expected at least one")
    known = [column[np.isfinite(column)] for column in measured.T]
    smallest, largest = (np.array([f(column) for column in known]) for f in (np.min, np.max))
    kept = measured[complete]
    inputs = scaled(kept, smallest, largest) if scale else kept
    return TrainingData(path, inputs, targets[complete], kept, smallest, largest)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """The names of the columns and the rows, each of as many texts."""
    try:
        text = file_of_bytes(path).decode("utf-8-sig")
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    except FileNotFoundError:
        raise ValueError(f"found no file {path.name}, expected one beside the example, or a bundled one") from None
    except OSError as error:
        raise ValueError(f"{path.name}: found a file that can't be read ({error.strerror}), expected a table") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name}: found no table ({error}), expected values separated by commas") from None
    if len(lines) < 2:
        raise ValueError(f"{path.name}: found {len(lines)} lines, expected the columns' names and at least one row")
    header, *rows = lines
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise ValueError(f"{path.name}, row {number}: found {len(row)} values, expected {len(header)}")
    return header, rows


def _words(text: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


def _column(name: str, header: list[str], words: list[str]) -> int | None:
    wanted = _words(name)
    same = [place for place, found in enumerate(words) if found == wanted]
    # A column's name may have its unit at the end.
    longer = [place for place, found in enumerate(words) if wanted and found.rpartition(" ")[0] == wanted]
    found = same or longer
    if len(found) > 1:
        raise ValueError(f"found the columns {', '.join(header[place] for place in found)} for {name!r}, expected one")
    return found[0] if found else None


def _found(names: Sequence[str], places: list[int | None], header: list[str]) -> list[int]:
    for name, place in zip(names, places, strict=True):
        if place is None:
            near = did_you_mean(name, header) or f" (found: {', '.join(header)})"
            raise ValueError(f"found no column for {name!r}, expected one of that name{near}")
    return [place for place in places if place is not None]


def _numbers(header: list[str], rows: list[list[str]], places: list[int]) -> FloatArray:
    """The numbers in some columns, (rows, columns); NaN where one is missing."""
    found = np.full((len(rows), len(places)), math.nan)
    for number, row in enumerate(rows):
        for column, place in enumerate(places):
            text = row[place].strip()
            if text.casefold() in _MISSING:
                continue
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise ValueError(f"row {number + 1}, column {header[place]}: found {text[:40]!r}, expected a number")
            found[number, column] = value
    return found


def _classes(header: list[str], rows: list[list[str]], names: Sequence[str], taken: set[int | None]) -> FloatArray:
    """1 for the class that a row has, 0 for the others, (rows, names); NaN in a row that is left out."""
    wanted = [_words(name) for name in names]
    columns = {place: [_words(row[place]) for row in rows] for place in range(len(header)) if place not in taken}
    holding = [place for place, found in columns.items() if set(wanted) <= set(found)]
    if len(holding) != 1:
        found = f"the columns {', '.join(header[place] for place in holding)}" if holding else "no column"
        raise ValueError(f"found {found} with the classes {', '.join(map(repr, names))}, expected one")
    classes = np.array([[found == name for name in wanted] for found in columns[holding[0]]], dtype=float)
    missing = np.array([row[holding[0]].strip().casefold() in _MISSING for row in rows])
    left_out = missing if len(names) == 1 else classes.sum(axis=1) != 1
    classes[left_out] = math.nan
    return classes
