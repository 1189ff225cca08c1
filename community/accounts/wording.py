"""What people type about themselves, cleaned and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from community.accounts.passwords import weakness
from community.errors import Invalid
from ingest.text import clean_line

_ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")
_LONGEST_ADDRESS = 254
_LONGEST = 150  # characters of a name, of an organisation


@dataclass(frozen=True, slots=True)
class Registration:
    """What the form asks of somebody new."""

    name: str
    email: str
    organisation: str
    password: str
    consents: bool
    wants_to_contribute: bool = False
    wants_news: bool = False

    def checked(self) -> Registration:
        """It cleaned. Raises Invalid, field by field."""
        one = Registration(
            clean_line(self.name),
            email_of(self.email),
            clean_line(self.organisation),
            self.password,
            self.consents,
            self.wants_to_contribute,
            self.wants_news,
        )
        refuse(
            name=named(one.name),
            email=reachable(one.email),
            organisation=of_organisation(one.organisation),
            password=weakness(one.password, one.email, one.name),
            consents="" if one.consents else "Without your consent nothing of you may be stored.",
        )
        return one


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody may change about themselves. ``keeps_questions``: theirs may be kept for a while."""

    name: str
    organisation: str
    keeps_questions: bool
    wants_news: bool

    def checked(self) -> Details:
        """It cleaned. Raises Invalid, field by field."""
        one = Details(
            clean_line(self.name), clean_line(self.organisation), self.keeps_questions, self.wants_news
        )
        refuse(name=named(one.name), organisation=of_organisation(one.organisation))
        return one


def email_of(typed: str) -> str:
    """An address as it is stored and looked for. Of one that is too long enough is left to be refused."""
    return clean_line(typed[: 2 * _LONGEST_ADDRESS]).lower()


def reachable(email: str) -> str:
    """What is wrong with an address, or nothing."""
    if len(email) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(email):
        return ""
    return "Write an e-mail address such as amina@example.org."


def named(name: str) -> str:
    """What is wrong with a name, or nothing."""
    if not name:
        return "Say what you are called."
    return f"Use at most {_LONGEST} letters for your name." if len(name) > _LONGEST else ""


def of_organisation(organisation: str) -> str:
    """What is wrong with an organisation, or nothing."""
    if not organisation:
        return "Say which organisation you work for or belong to; “none” is an answer too."
    return f"Use at most {_LONGEST} letters for your organisation." if len(organisation) > _LONGEST else ""


def refuse(**wrong: str) -> None:
    """Raise Invalid with what is wrong, if anything is."""
    fields = {field: what for field, what in wrong.items() if what}
    if fields:
        raise Invalid(fields)
