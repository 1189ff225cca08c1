"""How letters leave: through the operator's mail server, or, where there is none, onto their screen."""

from __future__ import annotations

import logging
import queue
import smtplib
import ssl
import sys
import threading
from contextlib import suppress
from email.message import EmailMessage
from typing import Protocol, TextIO
from urllib.parse import SplitResult, unquote, urlsplit

from community.accounts.letters import Letter
from ingest.errors import UjuziError

_WAITING = 200  # letters; what comes on top is not sent
_PATIENCE = 30  # seconds for the server to answer
_GOODBYE = 5  # seconds for what waits, when the app is stopped
_SCHEMES = {"smtp": 587, "smtps": 465}

_log = logging.getLogger(__name__)


class Outbox(Protocol):
    """Takes letters. To take one never waits and never fails."""

    def send(self, letter: Letter) -> None:
        """Take ``letter`` to be sent."""

    def close(self) -> None:
        """Send what waits, then stop."""


class Screen:
    """Prints letters for the operator, who hands their links on. Nothing leaves the machine."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, letter: Letter) -> None:
        """Print ``letter``."""
        stream = self._stream or sys.stderr
        stream.write(f"\n--- for {letter.to}: {letter.subject}\n{letter.text}---\n")
        stream.flush()

    def close(self) -> None:
        """Nothing waits."""


class MailServer:
    """Hands letters to a mail server, one after the other, behind the back of whoever waits for a page.

    ``url``: smtp://name:password@host:587 (encrypted by STARTTLS wherever the server offers it, and always
    before a password is given) or smtps://name:password@host:465.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._server = _server(url)
        self._sender = sender
        self._trust = ssl.create_default_context()
        self._letters: queue.Queue[Letter | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._work, name="mail", daemon=True)
        self._thread.start()

    def send(self, letter: Letter) -> None:
        """Put ``letter`` in the queue."""
        try:
            self._letters.put_nowait(letter)
        except queue.Full:
            _log.error("The letter “%s” is not sent: too many are waiting.", letter.subject)

    def close(self) -> None:
        """Send what waits, if that is soon done, and stop."""
        with suppress(queue.Full):
            self._letters.put(None, timeout=_GOODBYE)
        self._thread.join(_GOODBYE)

    def _work(self) -> None:
        while (letter := self._letters.get()) is not None:
            try:
                self._deliver(letter)
            except Exception as error:  # noqa: BLE001  (whatever it is, the next letter is sent)
                _log.error("The letter “%s” could not be sent: %s", letter.subject, _reason(error))

    def _deliver(self, letter: Letter) -> None:
        host, port = self._server.hostname or "", self._server.port or _SCHEMES[self._server.scheme]
        if self._server.scheme == "smtps":
            with smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=self._trust) as smtp:
                self._hand_over(smtp, letter)
        else:
            with smtplib.SMTP(host, port, timeout=_PATIENCE) as smtp:
                smtp.ehlo()
                if smtp.has_extn("starttls") or self._server.username:
                    smtp.starttls(context=self._trust)
                self._hand_over(smtp, letter)

    def _hand_over(self, smtp: smtplib.SMTP, letter: Letter) -> None:
        if self._server.username:
            smtp.login(unquote(self._server.username), unquote(self._server.password or ""))
        smtp.send_message(_message(letter, self._sender))


def _server(url: str) -> SplitResult:
    server = urlsplit(url)
    if server.scheme not in _SCHEMES or not server.hostname:
        raise UjuziError("The mail server is given as smtp://name:password@host:587 or smtps://host:465.")
    return server


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _reason(error: Exception) -> str:
    """What went wrong, without a word of the letter, which a server's answer may repeat."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
