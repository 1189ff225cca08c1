"""The commands over people: the first administrator."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from community.accounts.accounts import Accounts
from community.accounts.mail import Screen
from community.records import Records
from index.console import Console
from ingest.errors import UjuziError


def register(cli: typer.Typer) -> None:
    """Add the commands of this package to ``cli``, whose context holds a Console."""
    admin = typer.Typer(no_args_is_help=True, help="Administrators of the community.")
    admin.callback()(_administrators)
    admin.command()(create)
    cli.add_typer(admin, name="admin")


def _administrators() -> None:
    """Administrators of the community."""


def create(
    context: typer.Context,
    email: Annotated[str, typer.Option(prompt="E-mail address", help="By which they sign in")],
    name: Annotated[str, typer.Option(prompt="Name", help="As it stands beside what they decide")],
) -> None:
    """Make an administrator. The password is asked for, or read from standard input; it is no option."""
    console: Console = context.obj
    password, app = _password(), console.running_app
    if app is not None:
        person = {"email": email, "name": name, "password": password}
        person_id = app.post("people/administrators", data=person)["person_id"]
    else:
        with console.library(read_only=False) as library:
            accounts = Accounts(Records(library.store), Screen(), site="")
            person_id = accounts.create_administrator(email, name, password)
    console.say(f"{email} is an administrator now.", {"person_id": person_id})


def _password() -> str:
    """What is typed unseen, twice; or the first line of what a program hands over."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UjuziError("No password was given. Type it when asked, or hand it over on standard input.")
    return password
