"""A mail server on a free port of this machine: keeps what it is given, refuses or hangs up as a test wishes."""

import socketserver
import threading
from collections import deque
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from portal.env_services import EmailSettings, Security


class SmtpServer:
    """The server; use it in a `with` statement.

    Attributes:
        mails: what it has taken, oldest first.
        recipients: the addresses they were for.
        commands: the verbs of every line it heard.
        answers: one entry is used up by each command named first in it, in place of the usual answer; an empty text
            closes the connection.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.commands: list[str] = []
        self.answers: deque[tuple[str, str]] = deque()
        self._server = _Listener(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> "SmtpServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self, security: Security = "none") -> EmailSettings:
        """Return the portal's setting that leads here."""
        return EmailSettings("smtp", "127.0.0.1", self._server.server_address[1], security=security)

    def planned(self, command: str) -> str | None:
        """Return what a test wants answered to a command, once."""
        if self.answers and self.answers[0][0] == command:
            return self.answers.popleft()[1]
        return None


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, owner: SmtpServer) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.owner = owner


class _Conversation(socketserver.StreamRequestHandler):
    """One connection, RFC 5321."""

    server: _Listener

    def handle(self) -> None:
        """Answer line by line until the other side has gone or a test hangs up."""
        self._say("220 double.example ESMTP")
        for line in self.rfile:
            command = line.decode("ascii", "replace").split(":")[0].split()[0].upper()
            self.server.owner.commands.append(command)
            planned = self.server.owner.planned(command)
            answer = self._answer(command, line) if planned is None else planned
            if not answer:
                return
            self._say(answer)
            if answer.startswith("221"):
                return

    def _answer(self, command: str, line: bytes) -> str:
        if command == "RCPT":
            self.server.owner.recipients.append(line.decode().partition("<")[2].partition(">")[0])
        if command == "DATA":
            return self._take()
        return {"EHLO": "250 double.example", "QUIT": "221 bye", "STARTTLS": "502 not here"}.get(command, "250 ok")

    def _take(self) -> str:
        self._say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        self.server.owner.mails.append(message_from_bytes(b"".join(lines), policy=default))
        planned = self.server.owner.planned("END")
        return "250 taken" if planned is None else planned

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
