"""The command that makes the first administrator: on a stopped library, beside the running app, by hand."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from fastapi import FastAPI

from community.accounts.accounts import Accounts
from community.accounts.mail import Screen
from community.commands import register
from community.pages.doors import owner_doors
from community.people import Role
from community.records import Records
from index.console import Console
from index.library import Library
from index.remote import RunningApp
from ingest.errors import UjuziError
from tests.browser.serving import running
from tests.community.town import HERE, PASSWORD
from tests.fakes import HashEmbedder
from web.site import furnish

SCRIPT = """
import sys
from pathlib import Path
import typer
from community.commands import register
from index.console import Console

cli = typer.Typer()
@cli.callback()
def choose(context: typer.Context) -> None:
    context.obj = Console(Path(sys.argv[1]), "")
register(cli)
cli(args=sys.argv[2:])
"""


def ujuzi(data: Path, *arguments: str) -> None:
    """The command, in this process."""
    cli = typer.Typer()

    @cli.callback()
    def choose(context: typer.Context) -> None:
        context.obj = Console(data, "", as_json=True)

    register(cli)
    cli(args=list(arguments), standalone_mode=False)


def create(data: Path, password: str, monkeypatch: pytest.MonkeyPatch, **who: str) -> None:
    """``ujuzi admin create`` with a password on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
    named = {"email": "boss@example.org", "name": "Boss", **who}
    ujuzi(data, "admin", "create", "--email", named["email"], "--name", named["name"])


def signed_in_role(accounts: Accounts, email: str = "boss@example.org", password: str = PASSWORD) -> Role:
    return accounts.person_of(accounts.sign_in(email, password, HERE)).role


def test_on_a_stopped_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create(tmp_path, PASSWORD, monkeypatch)
    person_id = json.loads(capsys.readouterr().out)["person_id"]
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        accounts = Accounts(Records(library.store), Screen(), "http://localhost")
        assert signed_in_role(accounts) == Role.ADMINISTRATOR
        assert accounts.names([person_id]) == {person_id: "Boss"}


def test_beside_the_running_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        accounts = Accounts(Records(library.store), Screen(), "http://localhost")
        site = FastAPI()
        site.include_router(owner_doors(accounts, "secret"))
        furnish(site)
        with running(site) as address, RunningApp(address, "secret").announced(tmp_path):
            create(tmp_path, PASSWORD, monkeypatch)
            assert signed_in_role(accounts) == Role.ADMINISTRATOR
            with pytest.raises(UjuziError, match="already"):
                create(tmp_path, PASSWORD, monkeypatch)
        with (
            running(site) as address,
            RunningApp(address, "guessed").announced(tmp_path),
            pytest.raises(UjuziError, match="Only the owner"),
        ):
            create(tmp_path, PASSWORD, monkeypatch, email="other@example.org")


@pytest.mark.parametrize(
    ("password", "who", "told"),
    [
        ("", {}, "No password was given"),
        ("password1234", {}, "tried first"),
        ("short", {}, "at least 12"),
        (PASSWORD, {"email": "boss"}, "such as amina@example.org"),
        (PASSWORD, {"name": " "}, "what you are called"),
    ],
)
def test_what_is_wrong_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, who: dict[str, str], told: str
) -> None:
    with pytest.raises(UjuziError, match=told):
        create(tmp_path, password, monkeypatch, **who)


def test_the_password_is_no_option(tmp_path: Path) -> None:
    """It would stand in the history of the shell and in the list of what runs."""
    with pytest.raises(Exception, match="No such option: --password"):
        ujuzi(tmp_path, "admin", "create", "--password", PASSWORD)


def test_a_person_types_it_unseen_and_twice(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), "admin", "create", "--email", "b@example.org"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, close_fds=True
    )
    os.close(theirs)
    said = _talk(ours, [("Name: ", "Boss"), ("Password: ", PASSWORD), ("again: ", "something else"),
                        ("Password: ", PASSWORD), ("again: ", PASSWORD)])  # fmt: skip
    assert process.wait(60) == 0, said
    assert "do not match" in said and "b@example.org is an administrator now" in said
    assert PASSWORD not in said and "something else" not in said
    with Library(tmp_path, embedder=HashEmbedder()) as library:
        accounts = Accounts(Records(library.store), Screen(), "http://localhost")
        assert signed_in_role(accounts, "b@example.org") == Role.ADMINISTRATOR


def _talk(terminal: int, script: list[tuple[str, str]]) -> str:
    """Type each answer when its question has been asked to the end; all that was said.

    What is typed before the space behind a question is thrown away when the terminal stops showing it.
    """
    said, waiting, asked = "", list(script), 0
    try:
        while select.select([terminal], [], [], 120)[0]:
            said += os.read(terminal, 1000).decode()
            if waiting and waiting[0][0] in said[asked:]:
                asked = len(said)
                os.write(terminal, (waiting.pop(0)[1] + "\n").encode())
        raise AssertionError(f"nothing more was said after: {said}")
    except OSError:  # the other end is closed
        return said
    finally:
        os.close(terminal)
