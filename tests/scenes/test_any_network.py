"""Random networks within the bounds, through every chapter: none is refused, none crashes, none is shown with a fault.

``pytest tests/scenes/test_any_network.py --networks 200`` takes more of them, each through one of the chapters in turn;
with ``--every-chapter`` each goes through all. Of more than one, moves are looked into as well; what is found in the
middle of them is listed (``-rP``), not a failure.
"""

from dataclasses import replace

from backprop_film import contents, playback
from backprop_film.inspection import Inspector, inspect
from backprop_film.sets import ChainChapter, EquationBoard
from tests.backprop_film.kit.any_network import any_chain, any_example, any_names
from tests.backprop_film.kit.stage import network_example, played

ENTRIES = contents.entries()
#: What stands at the end of a play, and would stand in a still; the others are of moves and of the pace.
MIDDLE = {"flies over", "doubled", "scrambled", "empty", "still", "late caption"}
LONG = "Ein sehr langer Titel, длинное название, ένας πολύ μακρύς τίτλος " * 3


def named(example, seed):
    """Every other network has names, by chance in any script."""
    if seed % 2:
        return example
    sizes = example.network.layers
    return replace(
        example,
        title=LONG,
        input_names=tuple(any_names(sizes[0], seed)),
        output_names=tuple(any_names(sizes[-1], seed)),
    )


def standing(job):
    """What `inspect` finds at the ends of plays, without looking into them."""
    inspector = Inspector(job)
    playback.play(job, observe=inspector.observe)
    return list(inspector.found.values())


def looked_at(request):
    """By which of the two the chapters are looked at: many networks are there to be looked at thoroughly."""
    return inspect if request.config.getoption("--networks") > 1 else standing


def test_it_is_shown(network_seed, request, monkeypatch):
    every, look_at = request.config.getoption("--every-chapter"), looked_at(request)
    drawn = {}
    # The chapters on single neurons show chains themselves, and of another network its functions.
    single = any_chain if network_seed // len(ENTRIES) % 2 == 0 else any_example
    wrong = {}
    for entry in ENTRIES if every else [ENTRIES[network_seed % len(ENTRIES)]]:
        draw = single if issubclass(contents.load(entry), ChainChapter) else any_example
        example = drawn[draw] = drawn.get(draw) or named(draw(network_seed), network_seed)
        monkeypatch.setattr(playback, "_example", lambda job, example=example: example)
        assert contents.load(entry).refusal(example) is None
        found = look_at(playback.Job(entry, quality="l"))
        print(*found, sep="\n")  # noqa: T201 (what -rP shows)
        wrong[entry.name] = [str(finding) for finding in found if finding.kind not in MIDDLE]
    assert not any(wrong.values()), ([each.network for each in drawn.values()], wrong)


def test_numbers_that_have_no_room_bring_nothing():
    """Of softmax with another cost than its own, the equation of δ has a whole matrix of slopes, and no numbers."""
    example = network_example(2, 3, 4, activation=["tanh", "softmax"])

    def construct(chapter):
        chapter.lay_out()
        chapter.board = EquationBoard(chapter.sum)
        chapter.the_error()

    shown = played(construct, contents.load(contents.find("compact_form")), fps=5, example=example)
    assert shown.board.numbers is None
    assert shown.board.symbols in shown.mobjects
