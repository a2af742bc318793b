"""The gallery as a page in Markdown: what each entry shows, its example, its picture."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from ..publishing.markdown import image
from .entries import CHAIN, ENTRIES, IMPORTS, SETTING, WIDE, Entry

__all__ = ["FOLDER", "PAGE", "file_of", "page"]

#: The page, and the folder of its pictures beside it.
PAGE, FOLDER = Path("kit.md"), Path("kit")

_HEAD = f"""\
# The kit

What the chapters are made of (`backprop_film.kit`), to be used in any Manim scene of yours. Each picture is drawn by
the lines above it, which stand in the kit's own documentation and are run by its tests; where something moves, it has
four moments. `backprop gallery` makes this page.

Every example begins with these lines:

```python
{IMPORTS}
```

and, in a scene's `construct`, with these, where `{WIDE}` stands for `{CHAIN}` if several neurons a layer are needed:

```python
example = load_example("{CHAIN}")
{SETTING}
```
"""


def file_of(entry: Entry) -> Path:
    """The picture's file, beside the page."""
    return FOLDER / f"{entry.slug}.png"


def page() -> str:
    """The whole page."""
    parts = [_HEAD, _contents()]
    for heading, entries in groupby(ENTRIES, lambda entry: entry.heading):
        parts += [f"## {heading}\n", *map(_part, entries)]
    return "\n".join(parts)


def _contents() -> str:
    return (
        "\n".join(
            f"- {heading}: {', '.join(f'`{entry.names[0]}`' for entry in entries)}"
            for heading, entries in groupby(ENTRIES, lambda entry: entry.heading)
        )
        + "\n"
    )


def _part(entry: Entry) -> str:
    names = ", ".join(f"`{name}`" for name in entry.names)
    said = _as_markdown(entry.says)
    if entry.of == WIDE:
        said += f" Here `example` is `{WIDE}`."
    alternative = f"{', '.join(entry.names)}: {said.partition(': ')[2] or said}".replace("`", "")
    return f"### {names}\n\n{said}\n\n```python\n{entry.code}\n```\n\n{image(file_of(entry).as_posix(), alternative)}\n"


def _as_markdown(docstring: str) -> str:
    """Code as Markdown has it: between single ticks."""
    return re.sub(r"``([^`]+)``", r"`\1`", docstring)
