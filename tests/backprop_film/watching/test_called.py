import pytest

from backprop_film.watching.called import called, changed, compiled, renew

MODULE = """
import functools

SCALE = 2


def helper(x):
    return x * SCALE


class Board:
    "A board."

    size = 3

    @property
    def edge(self):
        return self.size

    @edge.setter
    def edge(self, value):
        self.size = value

    @functools.cache
    def first(self):
        "Said first."
        return [helper(n) for n in (1, 2)]

    def second(self):
        return (lambda: "old")()
"""


def loaded(name="/nowhere/board.py", text=MODULE):
    namespace = {"__name__": "board"}
    exec(compiled(text, name), namespace)
    return namespace


@pytest.mark.parametrize(
    ("before", "after", "functions"),
    [
        ("lambda: \"old\"", "lambda: \"new\"", {"Board.second"}),
        ("x * SCALE", "x + SCALE", {"helper"}),
        ("self.size = value", "self.size = value + 1", {"Board.edge#2"}),
        ("import functools", "import functools  # of the standard library", set()),
        ("SCALE = 2", "SCALE = 3", None),
        ("size = 3", "size = 4", None),
        ("@functools.cache", "@functools.lru_cache", None),
        ("def helper(x)", "def helper(x=1)", None),
        ("def second", "def third", None),
    ],
)  # fmt: skip
def test_what_two_texts_differ_in(before, after, functions):
    assert before in MODULE
    assert changed(MODULE, MODULE.replace(before, after)) == functions


def test_functions_note_that_they_are_called_and_stay_what_they_are():
    name = "/nowhere/noted.py"
    board = loaded(name)["Board"]()
    assert called.get(name, set()) == set()
    assert board.first() == [2, 4]
    assert called[name] == {"Board.first", "helper"}
    board.edge = 5
    assert (board.edge, called[name]) == (5, {"Board.first", "helper", "Board.edge", "Board.edge#2"})
    assert type(board).first.__doc__ == "Said first."


def test_what_exists_takes_the_new_code_with_its_lines():
    name = "/nowhere/renewed.py"
    space = loaded(name)
    board, bound = space["Board"](), space["Board"]().second
    renew(name, "# a line more\n" + MODULE.replace('"old"', '"new"').replace("self.size = value", "self.size = -value"))
    board.edge = 4
    assert (board.second(), bound(), board.edge) == ("new", "new", -4)
    assert space["helper"].__code__.co_firstlineno == MODULE.splitlines().index("def helper(x):") + 2


def test_a_function_that_needs_more_from_outside_cannot_be_renewed():
    name = "/nowhere/closed.py"
    space = loaded(name)
    with pytest.raises(ValueError, match="free var"):
        renew(name, MODULE.replace('return (lambda: "old")()', "return super().second()"))
    assert space["Board"]().second() == "old"


def test_one_of_two_functions_of_a_name_that_is_gone_is_not_mistaken_for_the_other():
    name, text = "/nowhere/twice.py", "def f():\n    return 1\n\n\ndef f():\n    return 2\n"
    space = loaded(name, text)
    with pytest.raises(ValueError, match="found 1 functions, expected 2"):
        renew(name, text)
    assert space["f"]() == 2
