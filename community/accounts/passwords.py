"""Passwords: which are too easily guessed, and how the others are kept (Argon2id, the library's defaults)."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from community.errors import TooMany

SHORTEST, LONGEST = 12, 200  # characters
_AT_ONCE = 2  # passwords that are hashed at the same time: each takes 64 MiB meanwhile
_WAITING = 10  # that wait for their turn: more would leave no thread to those who only read
_FEWEST_DIFFERENT = 5
_ROWS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_WRITTEN_FOR = str.maketrans("@4310$57", "aaeiosst")  # "p@ssw0rd" is no better than the word
# What the most common passwords are made of, in the languages of our readers.
_COMMON = (
    "password", "passwort", "motdepasse", "contrasena", "nenosiri", "palavra", "passe", "senha", "secret",
    "qwertyuiop", "qwerty", "azertyuiop", "azerty", "asdfghjkl", "zxcvbnm", "administrator", "admin",
    "welcome", "bienvenue", "karibu", "letmein", "changeme", "iloveyou", "monkey", "dragon", "football",
    "sunshine", "princess", "bonjour", "temporary", "default", "ujuzi", "knowledge", "abc",
)  # fmt: skip


class Passwords:
    """Hashes passwords and compares with hashes; at most two at a time, so that memory stays bounded."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """``hasher``: how dear a guess is made; by default as dear as the library recommends."""
        self._hasher = hasher or PasswordHasher()
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._places = threading.BoundedSemaphore(_AT_ONCE + _WAITING)

    def hashed(self, password: str) -> str:
        """What is stored in the place of ``password``. Raises TooMany where too many wait already."""
        with self._in_turn():
            return self._hasher.hash(_normal(password))

    def fits(self, stored: str, password: str) -> bool:
        """Whether ``password`` is the one of ``stored``. It takes as long where nothing is stored.

        Raises TooMany where too many wait already.
        """
        if len(password) > LONGEST:
            password = ""
        with self._in_turn():
            nobodys = self._nobodys  # made at the first try, whoever it is for
            try:
                return self._hasher.verify(stored or nobodys, _normal(password)) and bool(stored)
            except (VerificationError, InvalidHashError):
                return False

    def up_to_date(self, stored: str, password: str) -> str:
        """``stored``, or, where the parameters have changed since, ``password`` hashed anew."""
        return self.hashed(password) if self._hasher.check_needs_rehash(stored) else stored

    @cached_property
    def _nobodys(self) -> str:
        """The hash of something that nobody knows: to compare with it takes as long as with any other."""
        return self._hasher.hash(secrets.token_bytes())

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooMany("Many people are signing in at this moment. Try again in a few seconds.", 5)
        try:
            with self._turn:
                yield
        finally:
            self._places.release()


def weakness(password: str, email: str, name: str) -> str:
    """Why ``password`` is too easily guessed for that person, or nothing."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters: three or four words make a good password."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    typed = _normal(password).casefold()
    plain = _letters_and_digits(typed)
    if len(set(plain)) < _FEWEST_DIFFERENT or any(plain in row for row in _ROWS):
        return "This repeats or counts up a few characters. Take three or four words instead."
    read = _letters_and_digits(typed.translate(_WRITTEN_FOR))
    if _made_of(plain, _COMMON) or _made_of(read, _COMMON):
        return "This is one of the passwords that are tried first. Take three or four words of your own."
    if _made_of(plain, _own_words(email, name)):
        return "This is made of your own name or address. Take three or four other words."
    return ""


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _made_of(plain: str, words: tuple[str, ...]) -> bool:
    """Whether nothing but digits and ``words`` is in ``plain``."""
    rest = re.sub(r"\d", "", plain)
    return not re.sub("|".join(map(re.escape, words)), "", rest) if rest else False


def _own_words(email: str, name: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W\d_]{2,}", f"{email} {name}".casefold())
    return tuple(sorted({*words, *_COMMON}, key=len, reverse=True))


def _normal(password: str) -> str:
    """One form for what keyboards write differently."""
    return unicodedata.normalize("NFKC", password)
