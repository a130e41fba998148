"""Have a signature stamped by a time-stamp server, and believe nothing that the server cannot show.

Source: RFC 3161 section 3.4 (over HTTP); docs/decisions/0060-sealing.md
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from asn1crypto import cms, tsp
from asn1crypto.parser import parse
from pyhanko.sign.timestamps import TimeStamper

from signatures.pdf.tokens import MALFORMED, TokenRefused, judge

ANSWER_SECONDS = 15
ANSWER_MOST_BYTES = 64_000
# Of the room that a signature reserves; servers send their certificates along.
TOKEN_MOST_BYTES = 16_000
# No clock of a server is farther from ours, unless one of them is wrong.
CLOCKS_APART = timedelta(minutes=5)
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
GRANTED = ("granted", "granted_with_mods")


class TimeStampUnavailable(Exception):
    """There is no time stamp that holds now; the text says why, for the log. Trying later may help."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Nobody is led to another address than the one that was set."""

    def redirect_request(self, *args: object) -> None:
        """Follow nothing: the answer then counts as an error."""


_opener = urllib.request.build_opener(_NoRedirect)


def _now() -> datetime:
    return datetime.now(UTC)


class HttpTimeStamper(TimeStamper):
    """Asks one server over HTTP, as pyHanko asks it for a token.

    Args:
        url: of the server, http or https; a token proves itself.
        trusted: DER of the certificates that a token has to lead to.
    """

    def __init__(self, url: str, *, trusted: Sequence[bytes], now: Callable[[], datetime] = _now) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url, self._trusted, self._now = url, trusted, now

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token for a SHA-256 digest.

        Raises:
            TimeStampUnavailable: the server did not answer, or not truly.
        """
        nonce, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        token = _token_of(self._asked(request.dump()), nonce)
        try:
            at = await judge(token, message_digest, trusted=self._trusted)
        except TokenRefused as refused:
            raise TimeStampUnavailable(str(refused)) from None
        if abs(at - self._now()) > CLOCKS_APART:
            raise TimeStampUnavailable("clocks are apart")
        if len(token.dump()) > TOKEN_MOST_BYTES:
            raise TimeStampUnavailable("token too long")
        return token

    def _asked(self, query: bytes) -> bytes:
        request = urllib.request.Request(self._url, query, {"Content-Type": QUERY, "Accept": REPLY})  # noqa: S310
        try:
            with _opener.open(request, timeout=ANSWER_SECONDS) as answer:
                kind, content = answer.headers.get_content_type(), answer.read(ANSWER_MOST_BYTES + 1)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            raise TimeStampUnavailable(f"no answer: {refusal.code}") from None
        except (OSError, http.client.HTTPException) as fault:
            raise TimeStampUnavailable(f"no answer: {type(fault).__name__}") from None
        if kind != REPLY or len(content) > ANSWER_MOST_BYTES:
            raise TimeStampUnavailable("no reply of a time-stamp server")
        return bytes(content)


def _token_of(reply: bytes, nonce: int) -> cms.ContentInfo:
    """Return the token of a reply to the question that was asked.

    Raises:
        TimeStampUnavailable: refused, malformed, or to another question.
    """
    try:
        # A refusal has no token, which asn1crypto 1.5 does not know: its status, the first element, is read alone.
        if tsp.PKIStatusInfo.load(parse(reply, strict=True)[4])["status"].native not in GRANTED:
            raise TimeStampUnavailable("refused")
        token = tsp.TimeStampResp.load(reply, strict=True)["time_stamp_token"]
        if token["content"]["encap_content_info"]["content"].parsed["nonce"].native != nonce:
            raise TimeStampUnavailable("another nonce")
    except MALFORMED:
        raise TimeStampUnavailable("malformed reply") from None
    return token
