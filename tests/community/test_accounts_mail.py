"""Letters through a real mail server on loopback, onto the screen, and into nothing."""

from __future__ import annotations

import io
import ipaddress
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from community.accounts.letters import Letter, Letters
from community.accounts.mail import MailServer, Screen
from community.people import Role
from ingest.errors import UjuziError

SENDER = "Ujuzi <ujuzi@example.org>"
LETTER = Letters("https://ujuzi.example.org").reset("amina@example.org", "s3cret-token")


class Postbox:
    """Takes what the server hands over; refuses what goes to somebody full."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.signed_in: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if any("full" in one for one in envelope.rcpt_tos):
            return f"552 no room for {envelope.content!r}"
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in += [data.login, data.password]
        return AuthResult(success=True)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[str]:
    """A mail server that offers no encryption, and takes passwords all the same."""
    with served(postbox, auth_require_tls=False) as address:
        yield address


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Encryption with a certificate that this machine trusts, for as long as the test lasts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(here, critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextmanager
def served(postbox: Postbox, **how: Any) -> Iterator[str]:
    """The host and port of a mail server."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(postbox, "127.0.0.1", port, authenticator=postbox.authenticate, **how)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


def sent(url: str, *letters: Letter) -> None:
    outbox = MailServer(url, SENDER)
    for letter in letters:
        outbox.send(letter)
    outbox.close()


def test_a_letter_reaches_the_mail_server_whole(server: str, postbox: Postbox) -> None:
    sent(f"smtp://{server}", LETTER, Letters("https://é.example").approved("b@example.org", Role.MEMBER))
    first, second = postbox.taken
    assert first["From"] == SENDER and first["To"] == "amina@example.org"
    assert first["Subject"] == "Choose a new password" and first["Auto-Submitted"] == "auto-generated"
    assert "https://ujuzi.example.org/reset?token=s3cret-token\r\n" in first.get_content()
    assert "You are a member now" in second.get_content() and "https://é.example" in second.get_content()


def test_a_password_is_given_behind_encryption(postbox: Postbox, certified: ssl.SSLContext) -> None:
    with served(postbox, tls_context=certified, require_starttls=True) as address:
        sent(f"smtp://us%40here:let%20me%3Ain@{address}", LETTER)
    with served(postbox, ssl_context=certified, auth_require_tls=False) as address:
        sent(f"smtps://us%40here:let%20me%3Ain@{address}", LETTER)
    assert len(postbox.taken) == 2 and postbox.signed_in == [b"us@here", b"let me:in"] * 2


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_nobody_vouches_for_gets_nothing(
    scheme: str,
    postbox: Postbox,
    certified: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    how = {"tls_context": certified} if scheme == "smtp" else {"ssl_context": certified}
    with served(postbox, auth_require_tls=False, **how) as address:
        sent(f"{scheme}://us:secret@{address}", LETTER)
    assert not postbox.taken and not postbox.signed_in
    assert "SSLCertVerificationError" in caplog.text


def test_a_letter_that_is_refused_is_told_without_its_words(
    server: str, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    refused = Letter("full@example.org", LETTER.subject, LETTER.text)
    sent(f"smtp://{server}", refused, LETTER)
    assert [one["To"] for one in postbox.taken] == ["amina@example.org"]  # and the next one is sent
    assert "“Choose a new password” could not be sent: SMTPDataError 552" in caplog.text
    assert "s3cret-token" not in caplog.text and "full@example.org" not in caplog.text


def test_a_password_is_never_given_over_an_open_line(
    server: str, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    sent(f"smtp://us:let%20me%20in@{server}", LETTER)
    assert not postbox.taken and not postbox.signed_in
    assert "SMTPNotSupportedError" in caplog.text


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_where_no_server_is_nothing_fails(scheme: str, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        sent(f"{scheme}://127.0.0.1:{found.getsockname()[1]}", LETTER)
    assert "ConnectionRefusedError" in caplog.text and "s3cret" not in caplog.text


def test_sending_waits_for_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """A server that never says a word: letters are taken until there are too many, and then dropped."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outbox = MailServer(f"smtp://127.0.0.1:{silent.getsockname()[1]}", SENDER)
        for _ in range(300):
            outbox.send(LETTER)
    dropped = [record for record in caplog.records if record.levelno == logging.ERROR]
    outbox.close()
    assert len(dropped) >= 99 and "too many are waiting" in caplog.text
    assert "s3cret-token" not in caplog.text


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp:x@y"])
def test_a_wrong_address_of_the_server_is_told_at_the_start(url: str) -> None:
    with pytest.raises(UjuziError, match="smtp://name:password@host"):
        MailServer(url, SENDER)


def test_without_a_mail_server_the_operator_reads_the_link() -> None:
    stream = io.StringIO()
    Screen(stream).send(LETTER)
    assert "for amina@example.org" in stream.getvalue()
    assert "https://ujuzi.example.org/reset?token=s3cret-token\n" in stream.getvalue()


def test_no_letter_carries_words_of_whoever_had_it_sent() -> None:
    """Else the registration form would send anybody's message to anybody."""
    letters = Letters("https://ujuzi.example.org")
    made = [
        letters.confirm("a@example.org", "t"),
        letters.already_there("a@example.org", "t"),
        letters.reset("a@example.org", "t"),
        letters.password_changed("a@example.org"),
        letters.refused("a@example.org"),
        *(letters.approved("a@example.org", role) for role in list(Role)[1:]),
    ]
    for letter in made:
        assert letter.text.endswith("https://ujuzi.example.org\n") and "a@example.org" not in letter.text
        assert max(map(len, letter.subject.splitlines())) < 60
