"""People and what they may do. Nothing is stored here; see ``accounts``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from community.errors import NotAllowed
from index.scope import Reader


class Role(StrEnum):
    """What somebody is to the community; each may do what those before may."""

    VISITOR = "visitor"  # reads what is public
    MEMBER = "member"  # reads what is for members
    CONTRIBUTOR = "contributor"  # submits, and uploads for review
    STAFF = "staff"  # reviews, publishes, approves people
    ADMINISTRATOR = "administrator"  # gives roles

    def includes(self, other: Role) -> bool:
        """Whether this role may do what ``other`` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


_AUDIENCES = {
    Role.VISITOR: frozenset({"public"}),
    Role.MEMBER: frozenset({"public", "members"}),
    Role.CONTRIBUTOR: frozenset({"public", "members"}),
    Role.STAFF: frozenset({"public", "members", "staff"}),
    Role.ADMINISTRATOR: frozenset({"public", "members", "staff"}),
}
_NEEDED = {
    Role.VISITOR: "everybody",
    Role.MEMBER: "members of the community",
    Role.CONTRIBUTOR: "contributors. Staff can make you one",
    Role.STAFF: "the secretariat's staff",
    Role.ADMINISTRATOR: "administrators",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, or, without an id, a visitor.

    ``keeps_questions``: their questions may be kept for a while; ``wants_news``: and they want to hear when
    one that was not answered is.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    organisation: str = ""
    role: Role = Role.VISITOR
    keeps_questions: bool = True
    wants_news: bool = False

    @property
    def reader(self) -> Reader:
        """As whom they search and read."""
        return Reader(self.id, _AUDIENCES[self.role])

    def may(self, role: Role) -> bool:
        """Whether they may do what ``role`` may."""
        return self.role.includes(role)

    def must_be(self, role: Role) -> None:
        """Raise NotAllowed unless they may do what ``role`` may."""
        if not self.may(role):
            who = "Sign in first" if not self.id else f"You are signed in as {self.name}"
            raise NotAllowed(f"This is for {_NEEDED[role]}. {who}.")


VISITOR = Person()
