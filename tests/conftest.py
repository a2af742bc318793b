import pytest

#: Fixtures that take seconds: the tests of a file, or of a folder, that use one go to the same worker.
MADE_ONCE = (
    "awkward",
    "environment",
    "film",
    "fresh",
    "in_one_go",
    "made",
    "published",
    "scheduler",
    "toured",
    "watched",
    "wheel",
)
#: What takes longest is begun first, so that no worker is left with it at the end.
FIRST = ("test_installation.py", "test_chapters.py", "test_surroundings.py", "test_own_files.py", "test_any_network.py")


def pytest_addoption(parser):
    parser.addoption(
        "--networks", type=int, default=1, help="how many random networks go through each test of any network"
    )
    parser.addoption("--every-chapter", action="store_true", help="random networks go through every chapter, not one")


def pytest_generate_tests(metafunc):
    if "network_seed" in metafunc.fixturenames:
        metafunc.parametrize("network_seed", range(metafunc.config.getoption("--networks")))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if used := sorted(set(MADE_ONCE) & set(getattr(item, "fixturenames", ()))):
            place = item.path.parent if "published" in used else item.path
            item.add_marker(pytest.mark.xdist_group(place.stem))
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))
