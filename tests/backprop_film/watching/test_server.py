import http.client
import json
import re
import threading

import pytest

from backprop_film.kit import theme
from backprop_film.kit.palettes import PALETTES
from backprop_film.watching.server import PageServer
from backprop_film.watching.view import colours


class Nothing:
    """Shows one picture."""

    def __init__(self):
        self.wanted, self.pages, self.closed = [], [], threading.Event()

    def join(self, client):
        self.pages.append(client)

    def leave(self, client):
        self.pages.append(f"-{client}")
        self.closed.set()

    def want(self, client, key, frame):
        self.wanted.append((client, key, frame))

    def state(self, after, patience):
        return (1, {"title": "é"}) if after < 1 else None

    def blob(self, name):
        return ("image/png", b"png") if name == "abc" else None


@pytest.fixture(scope="module")
def server():
    with PageServer(Nothing()) as server:
        server.begin()
        yield server
        server.shutdown()


def answer(server, path, method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    headers = {"Host": f"127.0.0.1:{server.server_port}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    for name, value in headers.items():
        if value is not None:
            connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    return connection.getresponse()


def test_the_page_its_parts_and_a_picture(server):
    root = f"/{server.token}/"
    assert server.address == f"http://127.0.0.1:{server.server_port}{root}"
    for path, kind in (
        ("", "text/html"), ("page.js", "text/javascript"), ("page.css", "text/css"),
        ("fonts/Lato-Regular.ttf", "font/ttf"), ("blobs/abc", "image/png"), ("#nudge", "text/html"),
    ):  # fmt: skip
        found = answer(server, root + path.partition("#")[0])
        assert (found.status, found.headers["Content-Type"].split(";")[0]) == (200, kind)
        assert "default-src 'none'" in found.headers["Content-Security-Policy"]
        assert found.read()
    assert answer(server, root, Host=f"localhost:{server.server_port}").status == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/{token}", {}),
        ("/x{token}/", {}),
        ("/{short}/", {}),
        ("/page.js", {}),
        ("/{token}/nothing", {}),
        ("/{token}/server.py", {}),
        ("/{token}/../{token}/", {}),
        ("/{token}/fonts/../../__init__.py", {}),
        ("/{token}/fonts/%2e%2e/theme.py", {}),
        ("/{token}/fonts/OFL.txt", {}),
        ("/{token}/blobs/../abc", {}),
        ("/{token}//etc/passwd", {}),
        ("http://elsewhere/{token}/", {}),
        ("/{token}/", {"Host": "elsewhere"}),
        ("/{token}/", {"Host": "127.0.0.1"}),
        ("/{token}/", {"Host": "127.0.0.1:1"}),
        ("/{token}/", {"Host": None}),
        ("/{token}/events", {"Host": "rebound.example:80"}),
    ],
)
def test_all_else_gets_403_and_nothing_more(server, path, headers):
    found = answer(server, path.format(token=server.token, short=server.token[:-1]), **headers)
    assert (found.status, found.read()) == (403, b"")
    assert [name for name, _ in found.headers.items()] == ["Content-Length"]


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(server, method):
    for path in ("/", f"/{server.token}/", f"/{server.token}/page.js"):
        found = answer(server, path, method, b"")
        assert (found.status, found.read()) == (403, b"")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"client": "a"}', b'{"client": 1, "beat": "a", "frame": "x"}'])
def test_what_a_page_cannot_have_said(server, body):
    assert answer(server, f"/{server.token}/want", "POST", body).status == 403


def test_the_page_begins_in_the_films_dark_colours(server):
    style = answer(server, f"/{server.token}/page.css").read().decode()
    assert dict(re.findall(r"^  --(\w+): (#\w{6});", style, re.MULTILINE)) == colours(PALETTES["dark"])
    assert colours(theme) == colours(PALETTES["dark"])


def test_what_a_page_looks_at(server):
    said = json.dumps({"client": "a", "beat": "nudge", "frame": 7}).encode()
    assert answer(server, "/want", "POST", said).status == 403
    assert answer(server, f"/{server.token}/want", "POST", said).status == 204
    assert server.shown.wanted == [("a", "nudge", 7)]


def test_events_until_the_page_closes_the_connection(server):
    found = answer(server, f"/{server.token}/events?client=me")
    assert found.headers["Content-Type"] == "text/event-stream"
    assert found.readline() == 'data: {"title": "é"}\n'.replace("é", "\\u00e9").encode()
    found.close()
    assert server.shown.closed.wait(5)
    assert server.shown.pages == ["me", "-me"]


def test_a_port_that_is_taken(server):
    with pytest.raises(OSError, match="in use"):
        PageServer(Nothing(), server.server_port)
