"""What an example is read from, packed into a ledger: the example's file may change or vanish.

>>> from backprop_math import load_example
>>> source = packed(load_example("two_outputs"), "two_outputs")
>>> [file.name for file in source.files], unpacked(source).network.layers
(['two_outputs.toml', 'penguins.csv'], (2, 3, 2))
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from backprop_math import Example, ExampleError, Network, example_names, load_example

from ..errors import Problem, sentence
from ..loaded import files_of
from ..timeline import ExampleSource, SourceFile

__all__ = ["bundled", "packed", "unpacked"]

_AS_TEXT = 400_000  # bytes
_MANY = 100_000  # weights and biases: they are packed as a file of arrays
_TRIED = 65_536  # bytes, by which it is told whether the others can be made smaller
_LARGEST = 2_000_000_000  # bytes of one unpacked file
_Bytes = bytes | bytearray | memoryview
_PART = 3 << 18  # bytes that are packed at a time: of a large file, no second one is made


def packed(example: Example, name: str | None = None) -> ExampleSource:
    """What the example is read from: the file that ``name`` names, if it is that, or else its numbers."""
    read = sorted(files_of(name), key=lambda path: path.suffix != ".toml") if name else []
    own = [path for path in read if path.suffix == ".toml"]
    folder = own[0].parent if own else Path()
    if len(own) == 1 and all(path.is_relative_to(folder) for path in read):
        return _source(example.name, ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in read))
    stem, data, network = _file_name(example.name), example.data, example.network
    many = len(network.parameters) > _MANY
    text = example.to_toml(f"{stem}.npz" if many else None)
    arrays = [(f"{stem}.npz", _arrays(network))] if many else []
    files: list[tuple[str, _Bytes]] = [(f"{stem}.toml", text.encode()), *arrays]
    if data is not None and data.path.is_file():
        text = re.sub(r"(?m)^data = .*$", lambda _: f"data = {json.dumps(data.path.name)}", text, count=1)
        files = [(files[0][0], text.encode()), *arrays, (data.path.name, data.path.read_bytes())]
    return _source(example.name, files)


def _arrays(network: Network) -> _Bytes:
    buffer = io.BytesIO()
    arrays = {f"{kind}{at}": part for kind in ("W", "b") for at, part in getattr(network, kind).items()}
    np.savez(buffer, **arrays)
    return buffer.getbuffer()


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name) or "example"


def _source(name: str, files: Iterable[tuple[str, _Bytes]]) -> ExampleSource:
    found, total = [], hashlib.sha256()
    for place, content in files:
        total.update(f"{place} {len(content)} ".encode())
        total.update(content)
        found.append(_file(place, content))
    return ExampleSource(total.hexdigest()[:16], name, tuple(found))


def _file(name: str, content: _Bytes) -> SourceFile:
    if len(content) <= _AS_TEXT:
        try:
            return SourceFile(name, (bytes(content).decode(),))
        except UnicodeDecodeError:
            pass
    # Digits that look random, as those of weights, can't be made smaller, and it would take seconds to try.
    level = 6 if len(zlib.compress(content[:_TRIED])) < 0.85 * min(len(content), _TRIED) else 0
    return SourceFile(name, tuple(_parts(content, level)), packed=True)


def _parts(content: _Bytes, level: int) -> Iterator[str]:
    zipped = zlib.compressobj(level)
    for start in range(0, len(content), _PART):
        yield base64.b64encode(zipped.compress(content[start : start + _PART])).decode()
    yield base64.b64encode(zipped.flush()).decode()


def unpacked(source: ExampleSource) -> Example:
    """The example again. `Problem` if the source is not what its key says, or no example."""
    contents = [(file.name, _content(file)) for file in source.files]
    if not contents or _source(source.name, contents).key != source.key:
        raise Problem(f"example {source.name!r}: found files that were changed, expected those of hash {source.key}")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents:
            path = Path(os.path.normpath(os.path.join(folder, name)))  # noqa: PTH118
            if not path.is_relative_to(folder) or path == Path(folder):
                raise Problem(f"example {source.name!r}: found the file {name!r}, expected one in its folder")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            return load_example(str(Path(folder, contents[0][0])))
        except ExampleError as error:
            raise Problem(f"example {source.name!r}: {sentence(error).removeprefix(folder + os.sep)}") from error


def _content(file: SourceFile) -> _Bytes:
    if not file.packed:
        return "".join(file.content).encode()
    content, unzip = bytearray(), zlib.decompressobj()
    try:
        for part in file.content:
            content += unzip.decompress(base64.b64decode(part, validate=True), max(1, _LARGEST - len(content)))
    except (binascii.Error, zlib.error, ValueError):
        raise Problem(f"{file.name}: found no packed file, expected one in base 64") from None
    return content


def bundled(example: Example) -> str | None:
    """The name of the bundled example that this is."""
    if example.name not in example_names():
        return None
    own, data = load_example(example.name), example.data
    same = own.same_as(example) and (own.data is None) == (data is None)
    return example.name if same and (own.data is None or data is None or own.data.path == data.path) else None
