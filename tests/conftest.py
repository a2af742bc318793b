def pytest_addoption(parser):
    parser.addoption(
        "--networks", type=int, default=1, help="how many random networks go through each test of any network"
    )
    parser.addoption("--every-chapter", action="store_true", help="random networks go through every chapter, not one")


def pytest_generate_tests(metafunc):
    if "network_seed" in metafunc.fixturenames:
        metafunc.parametrize("network_seed", range(metafunc.config.getoption("--networks")))
