import pytest
from click.testing import CliRunner

from backprop_film import console
from backprop_film.cli import cli
from backprop_film.terminal import FALLBACK


@pytest.mark.parametrize(
    ("text", "ascii_form"),
    [
        ("∂C₀/∂w⁽³⁾", "dC_0/dw^(3)"),
        ("δ⁽ᴸ⁻¹⁾ₖ", "delta^(L-1)_k"),
        ("σ′(z) · 10⁻⁵ ≈ −0.7", "sigma'(z) * 10^-5 ~ -0.7"),
        ("√2 ⊙ ∑ … “x” → é", 'sqrt2 (.) sum ... "x" -> e'),
        ("漢", "\\u6f22"),
    ],
)
def test_every_character_has_a_form_in_ascii(text, ascii_form):
    assert text.encode("ascii", FALLBACK) == ascii_form.encode()


def test_a_files_name_that_is_no_text_stays_as_it_is():
    assert b"caf\xe9.mp4".decode("utf-8", "surrogateescape").encode("utf-8", FALLBACK) == b"caf\xe9.mp4"


@pytest.mark.parametrize("charset", ["latin-1", "ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize(
    "arguments", [["explain"], ["explain", "--format", "json"], ["examples"], ["examples", "--json"], ["--help"]]
)
def test_no_output_fails_for_want_of_a_character(charset, arguments):
    result = CliRunner(charset=charset).invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    text = result.stdout_bytes.decode(charset)
    if arguments == ["explain"]:
        assert ("∂C₀/∂b" if charset == "utf-8" else "dC_0/db") in text
        assert len(text.splitlines()) > 20


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"NO_COLOR": "", "TERM": "xterm"}, True),  # as no-color.org has it: an empty value says nothing
        ({"NO_COLOR": "1", "TERM": "xterm"}, False),
        ({"NO_COLOR": None, "TERM": "dumb"}, False),
    ],
)
def test_colours_where_they_are_wanted(environment, coloured):
    result = CliRunner(env=environment).invoke(cli, ["explain"], color=True)  # as on a terminal
    assert result.exit_code == 0
    assert ("\x1b[" in result.stdout) is coloured


ROWS = [
    ("introduction", "3-5-4-2", "sigmoid", "squared_error", "introduction, more_neurons, recap", "Which penguin"),
    ("simplest", "1-1-1-1", "sigmoid", "squared_error", "chain_rule, computing_derivatives", "The simplest network"),
]
HEAD = ("example", "layers", "activation", "cost", "chapters", "title")


@pytest.mark.parametrize(("width", "columns"), [(20, 1), (40, 3), (60, 4), (80, 5), (100, 6), (200, 6)])
def test_no_name_in_a_table_is_cut(width, columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(console.sys.stdout, "isatty", lambda: True)
    console.table(ROWS, HEAD)
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line.rstrip()) for line in lines if "no room" not in line) <= width
    words = set(" ".join(lines).split())
    for row in [HEAD, *ROWS]:
        assert {word for cell in row[:columns] for word in cell.split()} <= words
    if columns < 6:
        assert lines[-1].strip() == f"no room here for: {', '.join(HEAD[columns:])}"
