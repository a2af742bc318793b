import gc

import pytest

#: Files that make nothing for several of their tests, which take long: each test of them goes to any worker.
APART = ("test_chapters.py", "test_documentation.py")
#: What takes longest is begun first, so that no worker is left with it at the end.
FIRST = ("test_installation.py", "test_chapters.py", "test_surroundings.py", "test_own_files.py", "test_any_network.py")


def pytest_addoption(parser):
    parser.addoption(
        "--networks", type=int, default=1, help="how many random networks go through each test of any network"
    )
    parser.addoption("--every-chapter", action="store_true", help="every example goes through every chapter, not some")


def pytest_generate_tests(metafunc):
    if "network_seed" in metafunc.fixturenames:
        metafunc.parametrize("network_seed", range(metafunc.config.getoption("--networks")))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if not config.getoption("--every-chapter"):
        later = [item for item in items if item.get_closest_marker("every_chapter")]
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in later]
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


def pytest_collection_finish():
    """What was imported stays: it need not be looked through for what can go; nor need that be done so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def together(nodeid):
    """Tests of which this is the same go to one worker: those of a file, or of the folder that shares a publication."""
    path, _, _ = nodeid.partition("::")
    folder, _, name = path.rpartition("/")
    if name in APART:
        return nodeid
    return folder if folder.endswith("/publishing") else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Workers get files, in the order of collection, so that what several tests use is made once.

    The groups of ``--dist loadgroup`` are names added to a test's, which pytest 9.2 lets nobody change.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)
