"""A text gateway that speaks Twilio's REST shape on a free port of this machine.

It keeps what it was asked, answers, refuses, breaks or stays silent as a test wishes, and signs reports as Twilio does.
"""

import json
import threading
import uuid
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "canary-token-7d1f0c"
SENDER = "+15145550199"
LONGEST_SILENCE_SECONDS = 20


@dataclass
class Message:
    """A message the gateway has taken."""

    form: dict[str, str]
    created_at: datetime
    status: str = "queued"
    sid: str = field(default_factory=lambda: f"SM{uuid.uuid4().hex}")

    def as_json(self) -> dict[str, Any]:
        """Return the resource as the interface shows it."""
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT_SID,
            "to": self.form["To"],
            "from": self.form.get("From"),
            "body": self.form["Body"],
            "status": self.status,
            "direction": "outbound-api",
            "date_created": format_datetime(self.created_at),
            "date_updated": format_datetime(self.created_at),
            "date_sent": None,
            "error_code": None,
            "error_message": None,
            "num_segments": "1",
            "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{self.sid}.json",
        }


class TwilioServer:
    """The gateway; use it in a `with` statement.

    Attributes:
        messages: what it has taken, oldest first.
        requests: method and path of every request.
        refusals: one entry is used up by each request: HTTP status and error code, or None to answer as usual.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.requests: list[tuple[str, str]] = []
        self.refusals: deque[tuple[int, int] | None] = deque()
        self.hides_messages = False
        self._next_answer: Callable[[BaseHTTPRequestHandler], bool] | None = None
        self._released = threading.Event()
        self._server = Listener(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> "TwilioServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        """Where the interface is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def sms_url(self) -> str:
        """The portal's setting that leads here."""
        return f"twilio://{ACCOUNT_SID}:{AUTH_TOKEN}@/?from={quote(SENDER, safe='')}&base={quote(self.base, safe='')}"

    def refuse(self, status: int, code: int) -> None:
        """Answer the next request with an error."""
        self.refusals.append((status, code))

    def fall_silent(self) -> None:
        """Take the next request and let its answer wait until `speak`, which is longer than any time-out of a test."""
        self._next_answer = self._wait

    def hang_up(self) -> None:
        """Take the next request and close the connection without a word."""
        self._next_answer = _close

    def babble(self) -> None:
        """Take the next request and answer with something that is not JSON."""
        self._next_answer = _answer_nonsense

    def speak(self) -> None:
        """Let the waiting answers go."""
        self._released.set()

    def take(self, form: dict[str, str]) -> Message:
        """Keep a message."""
        message = Message(form, datetime.now(UTC))
        self.messages.append(message)
        return message

    def found(self, to: str) -> list[Message]:
        """Return the messages to a number, newest first."""
        return [] if self.hides_messages else [m for m in reversed(self.messages) if m.form["To"] == to]

    def behaves(self, request: BaseHTTPRequestHandler) -> bool:
        """Tell whether a request is answered as usual; otherwise it has been dealt with."""
        answer, self._next_answer = self._next_answer, None
        return answer is None or answer(request)

    def _wait(self, _request: BaseHTTPRequestHandler) -> bool:
        self._released.wait(LONGEST_SILENCE_SECONDS)
        return True


def report(message: Message, status: str, *, error_code: str = "") -> dict[str, str]:
    """Return the form of a report on a message."""
    form = {
        "SmsSid": message.sid,
        "SmsStatus": status,
        "MessageSid": message.sid,
        "MessageStatus": status,
        "To": message.form["To"],
        "From": SENDER,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
    }
    return form | ({"ErrorCode": error_code} if error_code else {})


def signature(url: str, params: Mapping[str, Any], *, token: str = AUTH_TOKEN, algorithm: str | None = None) -> str:
    """Sign a report as the provider does."""
    return str(RequestValidator(token).compute_signature(url, params, algorithm))


class Listener(ThreadingHTTPServer):
    """The open port, with the gateway behind it."""

    daemon_threads = True

    def __init__(self, gateway: TwilioServer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.gateway = gateway


class Handler(BaseHTTPRequestHandler):
    """One request to the interface."""

    protocol_version = "HTTP/1.1"
    server: Listener

    def do_POST(self) -> None:
        """Create a message."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._is_refused():
            return
        message = self.server.gateway.take({name: values[0] for name, values in parse_qs(body).items()})
        if self.server.gateway.behaves(self):
            _answer(self, 201, message.as_json())

    def do_GET(self) -> None:
        """List the messages to a number."""
        if self._is_refused() or not self.server.gateway.behaves(self):
            return
        query = parse_qs(urlsplit(self.path).query)
        messages = [message.as_json() for message in self.server.gateway.found(query["To"][0])]
        page_size = int(query.get("PageSize", ["50"])[0])
        _answer(self, 200, {"messages": messages[:page_size], "page_size": page_size, "next_page_uri": None})

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""

    def _is_refused(self) -> bool:
        gateway = self.server.gateway
        gateway.requests.append((self.command, self.path))
        refusal = gateway.refusals.popleft() if gateway.refusals else None
        if self.headers.get("Authorization") != _basic(ACCOUNT_SID, AUTH_TOKEN):
            refusal = (401, 20003)
        elif urlsplit(self.path).path != f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json":
            refusal = (404, 20404)
        if refusal is not None:
            _answer(self, refusal[0], _error(*refusal))
        return refusal is not None


def _error(status: int, code: int) -> dict[str, Any]:
    # The provider's words repeat the number; a test looks for it where it must not be.
    return {
        "code": code,
        "message": "The 'To' number +15145550123 is not a valid phone number.",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


def _answer(request: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    try:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)
    except OSError:
        request.close_connection = True  # the other side stopped waiting


def _answer_nonsense(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(201)
    request.send_header("Content-Length", "4")
    request.end_headers()
    request.wfile.write(b"<ok>")
    return False


def _close(request: BaseHTTPRequestHandler) -> bool:
    request.close_connection = True
    return False


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
