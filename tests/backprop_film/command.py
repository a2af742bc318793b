"""``backprop`` with the small chapters for its table of contents, for tests that need a process of its own.

Run as ``python -m tests.backprop_film.command film tiny``.
"""

from pathlib import Path

from backprop_film import cli, contents


def main():
    contents.FOLDER = Path(__file__).parent
    cli.main()


if __name__ == "__main__":
    main()
