import subprocess
import sys

import backprop_math


def test_importing_the_package_imports_numpy_and_nothing_else():
    """No pictures below: neither Manim nor the scenes, nor anything else that is not Python's own."""
    program = (
        "import sys, numpy; before = set(sys.modules)\n"
        "import backprop_math, backprop_math.checks\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names) - {'numpy'}))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['backprop_math']"


def test_public_names():
    assert sorted(backprop_math.__all__) == sorted(set(backprop_math.__all__))
    assert all(hasattr(backprop_math, name) for name in backprop_math.__all__)
    promised = "Network Example load_example Weight Bias WeightedSum Activation Target Cost"
    assert set(promised.split()) <= set(backprop_math.__all__)
    assert backprop_math.__version__.count(".") == 2
