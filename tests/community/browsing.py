"""Somebody at a browser without JavaScript, before the whole app: follows links, fills in forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from community.accounts.accounts import Accounts
from community.people import Person, Role

PASSWORD = "three blue ferries"
OPERATOR = Person("operator", "the operator", role=Role.ADMINISTRATOR)

Values = Mapping[str, str | Sequence[str]]


class Browser:
    """One browser, signed in or not."""

    def __init__(self, app: FastAPI, email: str = "") -> None:
        self.http = TestClient(
            app, headers={"accept": "text/html"}, raise_server_exceptions=False, follow_redirects=False
        )
        if email:
            signed_in = self.http.post("/sign-in", data={"email": email, "password": PASSWORD})
            assert signed_in.status_code == 303, signed_in.text

    def open(self, address: str) -> BeautifulSoup:
        """The page at ``address``, wherever that leads."""
        return _seen(self.http.get(address, follow_redirects=True))

    def submit(self, address: str, action: str, values: Values, button: str = "") -> Response:
        """Fill in the form of the page at ``address`` whose action ends so, and send it by that button."""
        form = next(
            one
            for one in self.open(address).select("form[method=post]")
            if str(one.get("action", "")).endswith(action)
        )
        return self.http.post(str(form["action"]), data={**filled(form, button), **values})


def inhabitant(accounts: Accounts, role: Role, name: str) -> str:
    """Somebody new with an account; their e-mail address, by which they sign in."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    person_id = accounts.create_administrator(email, name, PASSWORD)
    if role is not Role.ADMINISTRATOR:
        accounts.give_role(OPERATOR, person_id, role)
    return email


def filled(form: Tag, button: str = "") -> dict[str, Any]:
    """What a form holds before anything is typed; ``button`` is the value of the one that is pressed."""
    values: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name], button[name]"):
        name, kind = str(field["name"]), str(field.get("type", field.name))
        if field.name == "button":
            if field.get("value") == button:
                values[name] = button
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values.setdefault(name, []).append(str(field.get("value", "on")))
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values[name] = str(chosen.get("value", chosen.text)) if chosen else ""
        elif kind != "file":
            values[name] = (
                field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
            )
    return values


def _seen(response: Response) -> BeautifulSoup:
    assert response.status_code < 400, f"{response.status_code} {response.url}: {response.text[-1500:]}"
    return BeautifulSoup(response.text, "lxml")
