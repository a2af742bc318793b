import os
import subprocess
import sys
from pathlib import Path

from backprop_film import start


def test_linear_algebra_has_one_thread_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.setattr(os, "environ", {"OPENBLAS_NUM_THREADS": "4"})
    start._one_thread()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"
    assert os.environ["MKL_NUM_THREADS"] == "1"


def test_numpy_is_not_imported_before_it_can_know():
    code = "import sys, backprop_film.start; print('numpy' in sys.modules)"
    root = str(Path(start.__file__).parents[1])
    told = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
