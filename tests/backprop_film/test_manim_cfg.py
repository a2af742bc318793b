import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from manim import config
from manim._config.utils import ManimConfig, make_config_parser

from backprop_film import manim_cfg
from backprop_film.fingerprint import SETTINGS


@pytest.fixture(autouse=True)
def without(monkeypatch, tmp_path):
    """As in a process that has not imported Manim, of a user whose home is here."""
    monkeypatch.setattr(manim_cfg, "sys", SimpleNamespace(modules={}, platform=sys.platform))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


PLAIN = [
    "",
    "[CLI]\nbackground_color = #0E1116\nmax_files_cached = -1\n",
    "[CLI]\nmedia_dir = out/of here\nseed = 3\nassets_dir = pictures\nbackground_color = WHITE\n",
    "[CLI]\nmedia_dir =\n[logger]\nlog_width = 40\n",
]


@pytest.mark.parametrize("users", ["", "[CLI]\nseed = 9\nmedia_dir = theirs\n"])
@pytest.mark.parametrize("text", PLAIN)
def test_what_is_plain_is_read_as_manim_reads_it(text, users):
    Path("manim.cfg").write_text(text)
    file = Path.home() / ".config" / "manim" / "manim.cfg"
    file.parent.mkdir(parents=True)
    file.write_text(users)
    theirs = ManimConfig().digest_parser(make_config_parser())
    assert manim_cfg.said(SETTINGS) == {key: str(theirs[key]) for key in SETTINGS}
    assert manim_cfg.media_folder() == Path(theirs.get_dir("media_dir") or ".")


def test_what_is_not_plain_is_left_to_manim():
    asked = {key: str(config[key]) for key in SETTINGS}
    lines = ["background_color = teal", "background_color = rgb(1, 2, 3)", "seed = 0x1", "tex_template_file = my.tex",
             "plugins = one", "assets_dir = %(media_dir)s"]  # fmt: skip
    for line in lines:
        Path("manim.cfg").write_text(f"[CLI]\nseed = 77\n{line}\n".replace("seed = 77\nseed", "seed"))
        assert manim_cfg.said(SETTINGS) == asked, line
    for line in ("[CLI]\nmedia_dir = {tex_dir}\n", "[CLI\n"):
        Path("manim.cfg").write_text(line)
        assert manim_cfg.media_folder() == Path(config.get_dir("media_dir")), line


def test_what_a_program_has_changed_counts(monkeypatch):
    monkeypatch.setattr(manim_cfg, "sys", sys)
    Path("manim.cfg").write_text("[CLI]\nmedia_dir = out\n")
    assert manim_cfg.media_folder() == Path(config.get_dir("media_dir"))
