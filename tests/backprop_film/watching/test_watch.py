"""``backprop watch`` as it is used: one program, one page in a headless Chromium, one file that is edited."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backprop_film.kit.palettes import PALETTES
from backprop_film.watching.nest import CAN_COPY
from backprop_film.watching.view import colours
from tests.backprop_film.chromium import chromium
from tests.backprop_film.own import frames

pytestmark = pytest.mark.skipif(not CAN_COPY, reason="processes are copied (fork) on Linux only")

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0
CHAPTER = """\
from manim import RIGHT, Circle, Create
from backprop_film.kit import Chapter, Prose


class Own(Chapter):
    title = "My own"

    def construct(self):
        self.one()
        self.two()
        self.three()

    def one(self):
        self.ring = Circle(1)
        with self.say("A ring.", key="one"):
            self.play(Create(self.ring), run_time=0.4)

    def two(self):
        self.words = Prose("0.25 at last")
        with self.say("It moves.", key="two"):
            self.add(self.words.shift(8 * RIGHT))
            self.play(self.ring.animate.shift(1.0 * RIGHT), run_time=0.4)

    def three(self):
        with self.say("It stays.", key="three"):
            self.wait(0.2)
"""


class Watched:
    """A program that watches, and what it tells a page."""

    def __init__(self, folder, *arguments):
        self.file = folder / "own.py"
        self.file.write_text(CHAPTER)
        (folder / "tmp").mkdir()
        self.folder = folder
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.program = subprocess.Popen(
            [sys.executable, "-m", "backprop_film.cli", "watch", *arguments],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(folder / "tmp")},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # where tests run in the background
        )  # fmt: skip
        self.address = self.program.stdout.readline().strip()
        self.changed = threading.Condition()
        self.states = []
        self.events = None

    def listen(self):
        """Be a page, beside the browser's."""
        self.events = urllib.request.urlopen(f"{self.address}events?client=test", timeout=PATIENCE)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for line in self.events:
                if line.startswith(b"data: "):
                    with self.changed:
                        self.states.append(json.loads(line[6:]))
                        self.changed.notify_all()
        except (OSError, ValueError, AttributeError):
            pass

    def until(self, holds):
        """The first state for which this holds."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.states and holds(self.states[-1]), PATIENCE), self.states[-1:]
            return self.states[-1]

    def look(self, key, frame):
        body = json.dumps({"client": "test", "beat": key, "frame": frame}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.address}want", body, method="POST")).close()

    def blob(self, name, file):
        """A picture or a clip as a file."""
        with urllib.request.urlopen(f"{self.address}blobs/{name}") as answer:
            (self.folder / file).write_bytes(answer.read())
        return self.folder / file

    def save(self, before, after):
        text = self.file.read_text()
        assert before in text
        self.file.write_text(text.replace(before, after))

    def processes(self):
        """The warm processes that run: those that were started in this folder."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and str(self.folder).encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def close(self):
        self.program.send_signal(signal.SIGINT)
        self.program.wait(PATIENCE)


def beat(state, key):
    return next((one for one in state["beats"] if one["key"] == key), None)


def ready(key, after=0):
    return lambda state: (one := beat(state, key)) and state["version"] > after and one["filmed"] and one["judged"]


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    found = Watched(tmp_path_factory.mktemp("watched"), "own.py:two")
    found.listen()
    yield found
    found.close()


def test_what_a_page_is_told_and_a_beat_drawn_again_at_the_same_moment(watched):
    assert watched.address.startswith("http://127.0.0.1:")
    state = watched.until(lambda now: ready("two")(now) and all(one["drawn"] for one in now["beats"]))
    assert (state["title"], state["chosen"]) == ("My own", "two")
    assert [one["key"] for one in state["beats"]] == ["one", "two", "three"]
    two = beat(state, "two")
    assert [cue["text"] for cue in two["cues"]] == ["It moves."]
    assert [(one["text"], one["value"]) for one in two["numbers"]] == [("0.25", 0.25)]
    finding = next(one for one in two["findings"] if one["kind"] == "outside")
    assert (finding["attribute"], finding["source"]) == ("self.words", "own.py:19")
    pictures, times = frames(watched.blob(two["clip"], "clip.mp4"))
    assert (len(pictures), times[-1]) == (two["frames"], two["frames"] - 1)
    still = np.asarray(Image.open(watched.blob(two["pictures"][str(two["frames"] - 1)], "still.png")))
    luma = (pictures[-1][: still.shape[0]].astype(float) - 16) * 255 / 219
    assert np.abs(luma - still @ [0.2126, 0.7152, 0.0722]).mean() < 2  # BT.709, limited range
    watched.look("two", 3)
    # Within the beat that is watched, what was played before it stays.
    watched.save("1.0 * RIGHT", "2.0 * RIGHT")
    again = watched.until(lambda now: now["version"] > state["version"] and beat(now, "two")["drawn"])
    pictures = beat(again, "two")["pictures"]
    assert sorted(map(int, pictures)) == [3, two["frames"] - 1]
    assert pictures[str(two["frames"] - 1)] != two["pictures"][str(two["frames"] - 1)]
    final = watched.until(lambda now: not now["playing"] and all(one["drawn"] for one in now["beats"]))
    assert beat(final, "one")["pictures"] == beat(state, "one")["pictures"]
    assert beat(final, "three")["pictures"] != beat(state, "three")["pictures"]


def test_what_reaches_further_back_is_never_stale(watched):
    state = watched.until(ready("two"))
    watched.save("Circle(1)", "Circle(0.5)")  # in a beat before, which has run
    again = watched.until(ready("two", state["version"]))
    assert beat(again, "two")["pictures"] != beat(state, "two")["pictures"]
    watched.save('title = "My own"', 'title = "Another"')  # in no function
    watched.until(lambda now: now["title"] == "Another" and not now["playing"] and beat(now, "two")["drawn"])


@pytest.fixture(scope="module")
def page(watched):
    with chromium() as running:
        page = running.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{watched.address}#two")
        yield page


def shown(page, words):
    page.locator("#status", has_text=words).wait_for()


def test_a_browser_sees_the_still_the_error_and_the_picture_again(watched, page):
    shown(page, "Up to date")
    page.locator("#clip").wait_for(state="visible")
    assert page.locator("#strip button").count() == 3
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.locator("#frame").input_value() == "4"
    assert page.locator("#words .now").inner_text() == "It moves."
    version = watched.until(ready("two"))["version"]
    assert page.locator("#findings button").first.inner_text().count("own.py:19") == 1
    # Two may look, each at its own beat; one of them goes.
    with page.context.browser.new_page() as other:
        other.goto(f"{watched.address}#three")
        shown(other, "Up to date")
        before = [each.locator("#strip [aria-current] img").get_attribute("src") for each in (page, other)]
        watched.until(lambda now: now["version"] == version)
        watched.save(" * RIGHT), run_time", " * -RIGHT), run_time")  # whichever test has changed it before
        for each, picture in zip((page, other), before, strict=True):
            each.locator(f'#strip [aria-current] img:not([src="{picture}"])').wait_for()
        assert [each.locator("#beat-title").inner_text() for each in (page, other)] == ["Two", "Three"]
    shown(page, "Up to date")
    assert page.locator("#frame").input_value() == "4"
    # Half-typed: the picture stays.
    after = page.locator("#strip [aria-current] img").get_attribute("src")
    watched.save("self.wait(0.2)", "self.wait((0.2")
    page.locator("#error").wait_for(state="visible")
    page.locator("#error-place", has_text="own.py:2").wait_for()  # it is shown before it is filled
    assert page.locator("#clip").is_visible()
    assert page.locator("#strip [aria-current] img").get_attribute("src") == after
    # It compiles, and goes wrong.
    watched.save("self.wait((0.2", "self.wait(self.nothing)")
    page.locator("#error-message", has_text="AttributeError").wait_for()
    page.locator("#error-place", has_text="own.py:26").wait_for()
    assert page.locator("#error-lines .at").inner_text().strip().endswith("self.wait(self.nothing)")
    watched.save("self.wait(self.nothing)", "self.wait(0.4)")
    page.locator("#error").wait_for(state="hidden")
    shown(page, "Up to date")
    assert page.locator("#frame").input_value() == "4"


def test_nothing_keeps_anybody_from_using_the_page(page):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe: pip install axe-playwright-python"
    )
    page.locator("#findings button").first.click()
    page.locator("#boxes rect").first.wait_for(state="attached")
    for name, palette in PALETTES.items():
        dressed = {f"--{role}": colour for role, colour in colours(palette).items()}
        page.evaluate(
            "(all) => { for (const one in all) document.documentElement.style.setProperty(one, all[one]) }", dressed
        )
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["impact"]) for one in found] == [], name


def test_the_end_leaves_nothing_running(watched, page):
    assert watched.processes()
    page.close()
    watched.events.fp.raw._sock.shutdown(2)  # and so is the test's own page
    assert watched.program.wait(PATIENCE) == 0
    assert watched.processes() == []
    assert list((watched.folder / "tmp").iterdir()) == []


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_whoever_ends_it_at_once_leaves_nothing_running(tmp_path, sign, status):
    ended = Watched(tmp_path, "own.py", "--theme", "light")
    ended.listen()
    state = ended.until(lambda _: True)
    assert state["colours"]["background"] == PALETTES["light"].background
    ended.program.send_signal(sign)
    assert ended.program.wait(PATIENCE) == status
    assert ended.program.stderr.read().strip() == ""
    assert ended.processes() == []
    assert list((tmp_path / "tmp").iterdir()) == []
