"""A browser with one kept connection to a server of this machine."""

import http.client
import re
import socket
import time
import urllib.parse
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

HOST = "localhost"
PATIENCE_SECONDS = 60
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Broken(Exception):
    """A server did not answer as it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds the last byte of it."""

    status: int
    body: bytes
    seconds: float


@dataclass
class Browser:
    """Keeps its cookies and its connection; opens another one when the server has closed it."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, body: bytes, content_type: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, body, content_type)

    def fill_in(self, page: str, fields: dict[str, str]) -> None:
        """Send the form of a page to the page itself, as a browser does.

        Raises:
            Broken: the page has no form, or what was typed was refused.
        """
        token = TOKEN.search(self.get(page).body.decode())
        if token is None:
            raise Broken(f"{page} has no form.")
        form = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        answer = self.post(page, form, "application/x-www-form-urlencoded")
        if answer.status != 302:
            raise Broken(f"The form of {page} was answered with {answer.status}.")

    def close(self) -> None:
        """Give up the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _ask(self, method: str, path: str, form: bytes | None = None, content_type: str = "") -> Answer:
        try:
            return self._ask_once(method, path, form, content_type)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server ends a connection that rests too long.
            self.close()
            return self._ask_once(method, path, form, content_type)

    def _ask_once(self, method: str, path: str, form: bytes | None, content_type: str) -> Answer:
        connection = self._connected()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = content_type
        started_at = time.perf_counter()
        connection.request(method, path, form, headers)
        response = connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started_at
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, body, seconds)

    def _connected(self) -> http.client.HTTPConnection:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE_SECONDS)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection
