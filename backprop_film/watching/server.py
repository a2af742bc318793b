"""The page's server: on this machine only, and for nobody who does not know the token in its address.

A request that does not begin with the token, names another host or asks for anything else gets 403 and nothing more.
"""

from __future__ import annotations

import json
import secrets
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

__all__ = ["PageServer", "Shown"]

_HOME = "127.0.0.1"
_FONTS = {"Lato-Regular.ttf", "Lato-Bold.ttf"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MOST = 10_000  # bytes that a page may send


class Shown(Protocol):
    """What the page shows."""

    def join(self, client: str) -> None:
        """A page is open."""

    def leave(self, client: str) -> None:
        """It has been closed."""

    def want(self, client: str, key: str, frame: int) -> None:
        """It looks at this beat, and at this frame of it."""

    def state(self, after: int, patience: float) -> tuple[int, dict[str, Any]] | None:
        """All that is shown, with its number, as soon as that is greater than ``after``."""

    def blob(self, name: str) -> tuple[str, bytes] | None:
        """A picture or a video, and its kind."""


class PageServer(ThreadingHTTPServer):
    """Serves what is ``shown``, at ``address``."""

    daemon_threads = True
    # A port that is taken is an error, also where another program only listens to all addresses.
    allow_reuse_address = False

    def __init__(self, shown: Shown, port: int = 0) -> None:
        self.shown, self.token = shown, secrets.token_urlsafe(24)
        super().__init__((_HOME, port), _Handler)

    def begin(self) -> None:
        """Answer from now on, in threads."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def address(self) -> str:
        """Where the page is, token and all."""
        return f"http://{_HOME}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _path(self) -> str | None:
        """What is asked for, after the token; ``None`` if the request is not the page's."""
        port = self.server.server_port
        if self.headers.get_all("Host") not in ([f"{_HOME}:{port}"], [f"localhost:{port}"]):
            return None
        start, token, rest = (*self.path.split("/", 2), "", "")[:3]
        if start or not secrets.compare_digest(token.encode(), self.server.token.encode()) or self.path.count("/") < 2:
            return None
        return rest

    def do_GET(self) -> None:
        """Answer the page."""
        path = self._path()
        if path is None:
            return self._refuse()
        name = urlsplit(f"/{path}").path[1:]
        folder, _, last = name.rpartition("/")
        if name in _PAGE:
            return self._send(_PAGE[name], files(__package__).joinpath(name or "page.html").read_bytes())
        if name == "events":
            return self._events(parse_qs(urlsplit(path).query).get("client", [""])[0])
        if folder == "fonts" and last in _FONTS:
            return self._send("font/ttf", files("backprop_film").joinpath("kit", "fonts", last).read_bytes(), keep=True)
        if folder == "blobs" and (found := self.server.shown.blob(last)):
            return self._send(*found, keep=True)
        return self._refuse()

    def do_POST(self) -> None:
        """Take what the page wants to see."""
        length = self.headers.get("Content-Length", "")
        if self._path() != "want" or not length.isdecimal() or int(length) > _MOST:
            self.close_connection = True
            return self._refuse()
        try:
            said = json.loads(self.rfile.read(int(length)))
            client, key, frame = str(said["client"]), str(said["beat"]), int(said["frame"])
        except (ValueError, TypeError, KeyError):
            return self._refuse()
        self.server.shown.want(client, key, frame)
        self.send_response_only(204)
        self.end_headers()
        return None

    def send_error(self, *_: Any, **__: Any) -> None:
        """Any other method, and what is no request."""
        self.close_connection = True
        self._refuse()

    def _refuse(self) -> None:
        self.send_response_only(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, kind: str, body: bytes, *, keep: bool = False) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "private, max-age=3600" if keep else "no-store")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def _events(self, client: str) -> None:
        shown, number = self.server.shown, -1
        self.close_connection = True
        shown.join(client)  # before it can know that it may ask
        try:
            self.send_response_only(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            while not self._is_gone():
                if state := shown.state(number, patience=0.25):
                    number, content = state
                    self.wfile.write(f"data: {json.dumps(content)}\n\n".encode())
        except OSError:
            pass
        finally:
            shown.leave(client)

    def _is_gone(self) -> bool:
        """Whether the page has closed the connection."""
        if not select.select([self.connection], [], [], 0)[0]:
            return False
        return not self.connection.recv(1, socket.MSG_PEEK)


_PAGE = {
    "": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
}
