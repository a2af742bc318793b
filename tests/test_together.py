"""Which tests go to which worker: what several tests of a file use is made once."""

from types import SimpleNamespace

import pytest

from tests.conftest import pytest_xdist_make_scheduler

pytest.importorskip("xdist", reason="no pytest-xdist installed, which runs tests side by side (the extra test)")


class Worker:
    """A worker that notes which tests it is sent."""

    def __init__(self, name):
        self.gateway, self.sent, self.shutting_down = SimpleNamespace(id=name), [], False

    def send_runtest_some(self, places):
        self.sent += places

    def shutdown(self):
        self.shutting_down = True


def sent(*tests):
    """The tests that each of two workers is sent first."""
    option = SimpleNamespace(loadscopereorder=True)
    config = SimpleNamespace(option=option, getvalue=lambda name: {"tx": ["2*popen"]}.get(name))
    workers = Worker("one"), Worker("other")
    scheduler = pytest_xdist_make_scheduler(config, None)
    for worker in workers:
        scheduler.add_node(worker)
    for worker in workers:
        scheduler.add_node_collection(worker, list(tests))
    scheduler.schedule()
    return [[tests[place] for place in worker.sent] for worker in workers]


def test_tests_of_a_file_go_to_one_worker_in_the_order_of_the_files():
    few, many = ["tests/test_b.py::one[1]"], [f"tests/test_a.py::Kind::test[{n}]" for n in range(4)]
    assert sent(*few, *many) == [few, many]


def test_those_of_a_folder_that_share_a_film_go_to_one_worker():
    folder = [f"tests/backprop_film/publishing/test_{name}.py::test" for name in "abc"]
    assert sent(*folder, "tests/test_c.py::test")[0] == folder


def test_long_tests_go_to_any_worker():
    plays = [f"tests/scenes/test_chapters.py::test_shown[{name}]" for name in "abcd"]
    one, other = sent(*plays)
    assert one
    assert other
    assert sorted(one + other) == plays
