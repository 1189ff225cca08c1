"""What is mailed. No word of it was typed by whoever let us send it: letters carry nobody's message."""

from __future__ import annotations

from dataclasses import dataclass

from community.people import Role

_SIGNED = "\n\nUjuzi, the library of the community of practice\n{site}\n"


_ROLES = {
    Role.MEMBER: "a member",
    Role.CONTRIBUTOR: "a contributor",
    Role.STAFF: "one of the staff",
    Role.ADMINISTRATOR: "an administrator",
}


def role_words(role: Role) -> str:
    """What somebody is told that they are: "a member"."""
    return _ROLES[role]


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person."""

    to: str
    subject: str
    text: str


class Letters:
    """The letters of the site at an address."""

    def __init__(self, site: str) -> None:
        self._site = site

    def confirm(self, to: str, token: str, *, elsewhere: bool = False) -> Letter:
        """Whether the address is theirs. ``elsewhere``: they have no password here."""
        how = "in the same browser, open" if elsewhere else "open"
        return self._letter(
            to,
            "Confirm your e-mail address",
            "Somebody, probably you, registered with this e-mail address. To confirm that it is yours, "
            f"{how}\n\n"
            f"{self._site}/confirm{'/elsewhere' if elsewhere else ''}?token={token}\n\n"
            "The link can be used once, within two days. If it was not you, do nothing: no account is made.",
        )

    def already_there(self, to: str, token: str) -> Letter:
        """To the owner of an account with whose address somebody registered again."""
        return self._letter(
            to,
            "You have an account already",
            "Somebody, probably you, registered with this e-mail address, which has an account already. "
            f"Sign in at\n\n{self._site}/sign-in\n\n"
            "If you forgot the password, choose a new one, within an hour, at\n\n"
            f"{self._site}/reset?token={token}\n\n"
            "If it was not you, do nothing: nothing was changed.",
        )

    def reset(self, to: str, token: str) -> Letter:
        """A new password can be chosen."""
        return self._letter(
            to,
            "Choose a new password",
            f"To choose a new password, open\n\n{self._site}/reset?token={token}\n\n"
            "The link can be used once, within an hour. It signs you out everywhere. If you did not ask for "
            "it, do nothing: your password stays as it is.",
        )

    def approved(self, to: str, role: Role) -> Letter:
        """Staff decided that they may come in."""
        return self._letter(
            to,
            "Your account is ready",
            f"Staff approved your account. You are {role_words(role)} now. Sign in at\n\n"
            f"{self._site}/sign-in",
        )

    def refused(self, to: str) -> Letter:
        """Staff decided otherwise."""
        return self._letter(
            to,
            "Your account was not approved",
            "Staff did not approve your account, and what you had told us about yourself was deleted. "
            f"Everything that is public can be read without one:\n\n{self._site}/",
        )

    def password_changed(self, to: str) -> Letter:
        """So that a person learns of what somebody else did."""
        return self._letter(
            to,
            "Your password was changed",
            "The password of your account was changed, and every other session was signed out. If it was not "
            f"you, choose a new one at once:\n\n{self._site}/reset",
        )

    def _letter(self, to: str, subject: str, text: str) -> Letter:
        return Letter(to, subject, text + _SIGNED.format(site=self._site))
