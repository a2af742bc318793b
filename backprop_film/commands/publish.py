"""``backprop publish``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..console import AS_JSON, counted, echo, print_json
from ..errors import Problem, shown_path
from ..progress import display
from .film import FILM, filmed, path_of, plan_of

__all__ = ["publish_command"]


@click.command("publish")
@FILM
@click.option(
    "--output", "-o", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
    help="Where to write it; a folder in media/publish/ if not given.",
)  # fmt: skip
@click.option("--poster", metavar="CHAPTER[:BEAT]", help="Whose picture stands for the film; the fullest if not given.")
@click.option(
    "--format", "formats", type=click.Choice(["webm", "gif"]), multiple=True,
    help="The film as this, too, if it is one chapter.",
)  # fmt: skip
@AS_JSON
def publish_command(
    output: Path | None, poster: str | None, formats: tuple[str, ...], as_json: bool, **how: Any
) -> None:
    """Make the film, and write all that is published with it into a folder.

    film.mp4; description.md, with a list of the chapters as video sites read it; captions.srt and .vtt; poster.png and
    thumbnail.jpg; transcript.md with a still of each beat; film.ledger.json, every number shown (see: backprop verify);
    manifest.json, which lists it all. A folder that was
    published before is brought up to date; other files in it stay as they are.
    """
    from ..files import media
    from ..publishing.folder import Folder
    from ..publishing.publication import file_names, publish
    from ..publishing.stills import wanted

    plan = plan_of(**how)
    if formats and len(plan) > 1:
        raise Problem(f"--format {formats[0]}: found {len(plan)} chapters, expected one")
    path = path_of(plan, **how)
    folder = Folder(output or media() / "publish" / path.stem)
    folder.check(file_names(formats))
    star, beat = wanted(poster, plan) if poster else (None, None)
    with display(how["progress"]) as listen:
        film = filmed(plan, path, listen, **how)
        manifest = publish(film, folder, formats=formats, star=star, beat=beat, count=how["jobs"], listen=listen)
    if reason := manifest["no_chapters_on_sites"]:
        echo(f"backprop: video sites make no chapters of the list in description.md: {reason}", err=True)
    if as_json:
        print_json({"folder": str(folder.path), **manifest})
    else:
        echo(f"{shown_path(folder.path)}  {counted(len(manifest['files']), 'file')}")
